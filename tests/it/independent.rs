//! The doubles of the chat platforms, checked by clients that nobody here wrote. They run when `ATELIER_TEST_PYTHON` names a
//! Python that has them, and say that they were skipped otherwise.

use std::{path::PathBuf, process::Command, time::Duration};

use anyhow::bail;
use atelier_tests::{chatting::TOKEN, discord::Discord, finish, telegram::Telegram};

/// The script of a client; none where there is no Python for it.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so where tests speak")]
fn client(script: &str, url: &str) -> Option<Command> {
    let Some(python) = std::env::var_os("ATELIER_TEST_PYTHON") else {
        println!(
            "skipped: ATELIER_TEST_PYTHON names no Python with python-telegram-bot, discord.py and pillow"
        );
        return None;
    };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients").join(script);
    let mut command = Command::new(python);
    command.arg(path).arg(url).arg(TOKEN);
    Some(command)
}

/// Plays a scene beside a client, which must not end before it and then end well.
async fn beside(command: Command, scene: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let mut running = Box::pin(finish(command, ""));
    tokio::select! {
        ended = &mut running => {
            let ended = ended?;
            bail!("the client ended too early: {}{}", ended.stdout, ended.stderr);
        }
        played = scene => played?,
    }
    assert!(running.await?.good().contains("agrees"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn python_telegram_bot_agrees_with_the_double() -> anyhow::Result<()> {
    let telegram = Telegram::start(TOKEN).await?;
    let Some(command) = client("telegram_client.py", &telegram.url()) else { return Ok(()) };
    let zoe = telegram.person(7, "zoe", "en");
    telegram.say(&zoe, 7, "hello");
    // The message that it calls slow is to be told to wait.
    telegram.refuse_text("slow", 3);
    beside(command, async {
        telegram.until(7, |shown| shown.iter().find(|it| it.text == "press now").cloned()).await?;
        let question = telegram.until(7, |shown| shown.first().cloned()).await?;
        telegram.press(&zoe, 7, question.message, "token");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_py_agrees_with_the_double() -> anyhow::Result<()> {
    const CHANNEL: u64 = 700_000_000_000_000_009;
    let discord = Discord::start(TOKEN, Duration::from_secs(900)).await?;
    let Some(command) = client("discord_client.py", &discord.url()) else { return Ok(()) };
    beside(command, async {
        discord.until_listening().await?;
        discord.until_commands().await?;
        let zoe = discord.person(5, "zoe", "en-US");
        let url = discord.keep("me.jpg", b"photo");
        discord.say(&zoe, CHANNEL, false, "hello", &[(&url, "image/jpeg", 5)]);
        discord.until(CHANNEL, |shown| shown.iter().find(|it| it.text == "hello again").cloned()).await?;
        discord.command(&zoe, CHANNEL, "thumbnail", "bread", None);
        let asked =
            discord.until(CHANNEL, |shown| shown.iter().find(|it| it.text == "bread").cloned()).await?;
        discord.until(CHANNEL, |shown| shown.iter().find(|it| it.text == "press now").cloned()).await?;
        discord.press(&zoe, CHANNEL, asked.message, asked.button("Yes").unwrap_or_default());
        Ok(())
    })
    .await?;
    // One was sent on purpose.
    assert_eq!(discord.violations().len(), 1);
    Ok(())
}
