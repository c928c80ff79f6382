//! A real bot between a double of its platform and a studio.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use anyhow::Context as _;
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

    async fn prepare(studio: &Studio, program: &str) -> anyhow::Result<Self> {
        let folder = studio.folder();
        let account = studio.member("courier").await?;
        studio.set_role("courier", Role::Bot).await?;
        let key = wire::CreateApiKeyRequest {
            request_id: request_id(),
            name: program.to_owned(),
            scopes: vec![wire::Scope::Read.into(), wire::Scope::Generate.into()],
            expires_at: None,
        };
        let key = account.accounts().create_api_key(key).await?.into_inner().secret;
        std::fs::write(folder.join("key"), key)?;
        std::fs::write(folder.join("token"), TOKEN)?;
        let mut command = Command::new(binary(program)?);
        command
            .env_clear()
            .env("ATELIER_DAEMON", studio.socket().to_string())
            .env("ATELIER_KEY_FILE", folder.join("key"))
            .env("ATELIER_TOKEN_FILE", folder.join("token"))
            .env("ATELIER_LOG", "trace")
            .stdin(Stdio::null());
        let log = folder.join(format!("{program}.log"));
        Ok(Self { command: Mutex::new(command), child: None, log })
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

    /// Everything that it has logged.
    ///
    /// # Errors
    /// The file system's.
    pub fn logged(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
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
