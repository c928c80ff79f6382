//! The Telegram bot to which updates are brought.

use std::net::TcpListener;

use anyhow::Context as _;
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    pictures::photo,
    telegram::{Telegram, webhook::SECRET},
    web::{open, post},
};
use image::ImageFormat;
use serde_json::json;

use crate::conversation::SENTENCE;

#[tokio::test(flavor = "multi_thread")]
async fn updates_are_taken_from_who_knows_the_secret() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let telegram = Telegram::start(TOKEN).await?;
    let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let zoe = telegram.person(4101, "zoe", "en");
    // It waits at Telegram until somebody takes it.
    telegram.say(&zoe, zoe.id, "/privacy");
    let bot = Bot::telegram_brought(&studio, &telegram, listen).await?;
    let kept = telegram.until(zoe.id, |shown| shown.first().cloned()).await?;
    let set = telegram.calls_of("SetWebhook").pop().context("no webhook")?;
    let secret = set.parameters["secret_token"].as_str().context("no secret")?.to_owned();
    assert!(secret.len() >= 32, "{} letters can be guessed", secret.len());

    let forged = json!({"update_id": 900, "message": {
        "message_id": 900, "date": 1_800_000_000, "text": "/start",
        "chat": {"id": zoe.id, "type": "private", "first_name": "zoe"},
        "from": {"id": zoe.id, "is_bot": false, "first_name": "zoe"},
    }});
    let (forged, wrong) = (forged.to_string(), secret.replace(char::is_numeric, "x"));
    for shown in ["", "x", &secret[1..], &wrong] {
        assert_eq!(post(listen, (SECRET, shown), &forged).await?.status, 401, "{shown:?}");
    }
    assert_eq!(post(listen, ("x-other", &secret), &forged).await?.status, 401);
    assert_eq!(open(listen, "http://bot/").await?.status, 401);
    assert_eq!(post(listen, (SECRET, &secret), &"x".repeat(2 << 20)).await?.status, 413);
    assert_eq!(post(listen, (SECRET, &secret), "{}").await?.status, 200, "what can't be read is left out");
    for _ in 0..2 {
        assert_eq!(post(listen, (SECRET, &secret), &forged).await?.status, 200);
    }

    let picture = photo(320, 240, [200, 120, 40], ImageFormat::Jpeg)?;
    telegram.photo(&zoe, zoe.id, &picture, SENTENCE, Some("album"));
    telegram.photo(&zoe, zoe.id, &picture, "", Some("album"));
    let shown = telegram
        .until(zoe.id, |shown| shown.iter().any(|it| it.file.is_some()).then(|| shown.to_vec()))
        .await?;
    assert_eq!(telegram.calls_of("GetFile").len(), 2, "an album is one request");
    assert_eq!(shown.len(), 4, "what is brought twice is answered once: {shown:#?}");
    assert_eq!(shown[0].message, kept.message);
    assert!(telegram.calls_of("GetUpdates").is_empty());
    let log = bot.logged()?;
    assert!(!log.contains(&secret) && !log.contains("AAtest"), "a secret was logged");
    Ok(())
}
