//! A real bot between a double of its platform and a studio.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use anyhow::{Context as _, ensure};
use atelier_proto::{
    request_id,
    v1::{self as wire, Role},
};

use crate::{Studio, binary, discord::Discord, telegram::Telegram};

/// The token of the bots of these tests; it must never be read anywhere.
pub const TOKEN: &str = "1000001:AAtestTESTtest-never-in-any-log_0123456";

/// A bot as a process of its own; killed when dropped.
pub struct Bot {
    command: Mutex<Command>,
    child: Option<Child>,
    key: PathBuf,
    log: PathBuf,
}

impl Bot {
    /// `atelier-telegram` between `telegram` and `studio`, with a service account of its own.
    ///
    /// # Errors
    /// When it was not built, or the studio refuses.
    pub async fn telegram(studio: &Studio, telegram: &Telegram) -> anyhow::Result<Self> {
        let mut bot = Self::prepare(studio, "atelier-telegram").await?;
        bot.set("ATELIER_TELEGRAM_API", &telegram.url())?;
        bot.start()?;
        Ok(bot)
    }

    /// The same, to which updates are brought at `listen`.
    ///
    /// # Errors
    /// When it was not built, or the studio refuses.
    pub async fn telegram_brought(
        studio: &Studio,
        telegram: &Telegram,
        listen: SocketAddr,
    ) -> anyhow::Result<Self> {
        let mut bot = Self::prepare(studio, "atelier-telegram").await?;
        bot.set("ATELIER_TELEGRAM_API", &telegram.url())?;
        bot.set("ATELIER_TELEGRAM_WEBHOOK_URL", &format!("http://{listen}/"))?;
        bot.set("ATELIER_TELEGRAM_WEBHOOK_LISTEN", &listen.to_string())?;
        bot.start()?;
        Ok(bot)
    }

    /// `atelier-discord` between `discord` and `studio`, whose answers to commands become ordinary messages after so
    /// many seconds.
    ///
    /// # Errors
    /// When it was not built, or the studio refuses.
    pub async fn discord(studio: &Studio, discord: &Discord, hand_over_s: u64) -> anyhow::Result<Self> {
        let mut bot = Self::prepare(studio, "atelier-discord").await?;
        bot.set("ATELIER_DISCORD_API", &discord.url())?;
        bot.set("ATELIER_DISCORD_HAND_OVER_S", &hand_over_s.to_string())?;
        bot.start()?;
        let listening = discord.until_listening().await;
        listening.with_context(|| bot.logged().unwrap_or_default())?;
        Ok(bot)
    }

    /// Each has an account of its own, as messages of one platform mean nothing to the other.
    async fn prepare(studio: &Studio, program: &str) -> anyhow::Result<Self> {
        let folder = studio.folder();
        let account = studio.member(program).await?;
        studio.set_role(program, Role::Bot).await?;
        let key = wire::CreateApiKeyRequest {
            request_id: request_id(),
            name: program.to_owned(),
            scopes: vec![wire::Scope::Read.into(), wire::Scope::Generate.into()],
            expires_at: None,
        };
        let key = account.accounts().create_api_key(key).await?.into_inner().secret;
        let file = |end: &str| folder.join(format!("{program}.{end}"));
        let (key_file, token_file, log) = (file("key"), file("token"), file("log"));
        std::fs::write(&key_file, key)?;
        std::fs::write(&token_file, TOKEN)?;
        let mut command = Command::new(binary(program)?);
        command
            .env_clear()
            .env("ATELIER_DAEMON", studio.socket().to_string())
            .env("ATELIER_KEY_FILE", &key_file)
            .env("ATELIER_TOKEN_FILE", token_file)
            .env("ATELIER_LOG", "trace")
            .stdin(Stdio::null());
        Ok(Self { command: Mutex::new(command), child: None, key: key_file, log })
    }

    fn set(&mut self, name: &str, value: &str) -> anyhow::Result<()> {
        let command = self.command.get_mut().ok().context("the command is lost")?;
        command.env(name, value);
        Ok(())
    }

    /// Starts it (again).
    ///
    /// # Errors
    /// The system's.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log)?;
        let command = self.command.get_mut().ok().context("the command is lost")?;
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        self.child = Some(child);
        Ok(())
    }

    /// Kills it as the system would when memory runs out.
    ///
    /// # Errors
    /// When it is gone already.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("it does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// The file with the API key of its account.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        &self.key
    }

    /// Everything that it has logged.
    ///
    /// # Errors
    /// The file system's.
    pub fn logged(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }

    /// The most memory that it has had, in bytes.
    ///
    /// # Errors
    /// When it does not run.
    pub fn peak_bytes(&self) -> anyhow::Result<u64> {
        let child = self.child.as_ref().context("it does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: u64 = line.context("no VmHWM")?.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }

    /// Checks that it runs as it was started, and that no secret is anywhere in what it wrote.
    ///
    /// # Errors
    /// What is wrong.
    pub fn is_well(&mut self) -> anyhow::Result<()> {
        let ended = self.child.as_mut().context("it does not run")?.try_wait()?;
        let log = self.logged()?;
        ensure!(ended.is_none(), "it ended: {ended:?}; {log}");
        ensure!(!log.contains("panicked"), "it panicked: {log}");
        let key = std::fs::read_to_string(&self.key)?;
        let (_, secret) = TOKEN.split_once(':').context("a token has two parts")?;
        for secret in [secret, key.trim(), "interaction-token"] {
            let line = log.lines().find(|line| line.contains(secret));
            ensure!(line.is_none(), "a secret was logged: {line:?}");
        }
        Ok(())
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
