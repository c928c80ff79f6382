//! The Telegram bot as a process of its own, between a double of the Bot API and a real daemon.

use std::time::Duration;

use anyhow::Context as _;
use atelier_tests::{
    Studio, acts,
    chatting::{Bot, TOKEN},
    pictures::photo,
    telegram::{Shown, Telegram},
};
use image::ImageFormat;

use crate::conversation::SENTENCE;

/// A studio that asks before anything that costs something, and a bot in it.
async fn scene() -> anyhow::Result<(Studio, Telegram, Bot)> {
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await?;
    let telegram = Telegram::start(TOKEN).await?;
    let bot = Bot::telegram(&studio, &telegram).await?;
    Ok((studio, telegram, bot))
}

fn picture() -> anyhow::Result<Vec<u8>> {
    Ok(photo(320, 240, [200, 120, 40], ImageFormat::Jpeg)?)
}

/// The message that has this button, and what is behind it.
fn with_button(shown: &[Shown], label: &str) -> Option<(i64, String)> {
    shown.iter().rev().find_map(|message| Some((message.message, message.button(label)?.to_owned())))
}

/// The message that shows a finished picture.
fn with_picture(shown: &[Shown]) -> Option<Shown> {
    shown.iter().rev().find(|message| message.file.is_some()).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_becomes_a_question_a_price_progress_and_a_picture() -> anyhow::Result<()> {
    let (studio, telegram, bot) = scene().await?;
    let zoe = telegram.person(4001, "zoe", "en");
    studio.valve.close();
    let sent = telegram.photo(&zoe, zoe.id, &picture()?, "a thumbnail with this", None);
    // It asks for what is missing.
    let asked = telegram.until(zoe.id, |shown| shown.first().cloned()).await?;
    assert_eq!(asked.answers, Some(sent), "{asked:?}");
    telegram.say(&zoe, zoe.id, SENTENCE);
    let (quote, confirm) = telegram.until(zoe.id, |shown| with_button(shown, "Make it")).await?;
    let press = telegram.press(&zoe, zoe.id, quote, &confirm);
    telegram
        .until_called(|calls| calls.iter().find(|call| call.method == "AnswerCallbackQuery").cloned())
        .await?;
    assert!(!telegram.unanswered().contains(&press));
    let (job, cancel) = telegram.until(zoe.id, |shown| with_button(shown, "Cancel")).await?;
    assert!(cancel.len() <= 64 && with_button(&telegram.shown(zoe.id), "Make it").is_none());
    studio.valve.let_through(2);
    let busy = |shown: &[Shown]| shown.iter().find(|it| it.message == job && it.text.contains('%')).cloned();
    telegram.until(zoe.id, busy).await?;
    studio.valve.release();
    let done = telegram.until(zoe.id, with_picture).await?;
    assert_eq!(done.message, job, "the message that showed the work shows the picture");
    assert!(
        done.is_photo && done.button("Again").is_some() && done.button("Send as file").is_some(),
        "{done:?}"
    );
    assert!(image::load_from_memory(&done.file.clone().context("no bytes")?).is_ok());
    let messages = telegram.shown(zoe.id).len();

    let original = done.button("Send as file").context("no button")?.to_owned();
    telegram.press(&zoe, zoe.id, done.message, &original);
    let file =
        telegram.until(zoe.id, |shown| shown.iter().find(|it| it.file.is_some() && !it.is_photo).cloned());
    assert_eq!(file.await?.answers, Some(done.message));
    assert!(messages >= 3);
    let log = bot.logged()?;
    assert!(!log.contains(TOKEN) && !log.contains("AAtest"), "the token was logged");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_keep_their_distance_and_too_fast_means_waiting() -> anyhow::Result<()> {
    let (studio, telegram, _bot) = scene().await?;
    let zoe = telegram.person(4002, "zoe", "en");
    studio.valve.close();
    telegram.refuse_next("SendMessage", 1, 2);
    telegram.say(&zoe, zoe.id, SENTENCE);
    let (quote, confirm) = telegram.until(zoe.id, |shown| with_button(shown, "Make it")).await?;
    let sends = telegram.calls_of("SendMessage");
    assert_eq!(sends.iter().map(|call| call.code).collect::<Vec<_>>(), [429, 200]);
    assert!(sends[1].at - sends[0].at >= Duration::from_secs(2), "it came back too early");
    assert_eq!(telegram.shown(zoe.id).len(), 1, "nothing was sent anew");
    telegram.press(&zoe, zoe.id, quote, &confirm);
    let (job, _) = telegram.until(zoe.id, |shown| with_button(shown, "Cancel")).await?;
    telegram.refuse_next("EditMessageMedia", 2, 1);
    studio.valve.release();
    let done = telegram.until(zoe.id, with_picture).await?;
    assert_eq!((done.message, telegram.shown(zoe.id).len()), (job, 2));
    let tried = telegram
        .until_called(|calls| {
            let edits = calls.iter().filter(|call| call.method == "EditMessageMedia");
            let codes: Vec<_> = edits.map(|call| call.code).collect();
            (codes.len() == 3).then_some(codes)
        })
        .await?;
    assert_eq!(tried, [429, 429, 200]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_killed_takes_its_messages_up_again() -> anyhow::Result<()> {
    let (studio, telegram, mut bot) = scene().await?;
    let zoe = telegram.person(4003, "zoe", "en");
    studio.valve.close();
    telegram.say(&zoe, zoe.id, SENTENCE);
    let (quote, confirm) = telegram.until(zoe.id, |shown| with_button(shown, "Make it")).await?;
    telegram.press(&zoe, zoe.id, quote, &confirm);
    let (job, _) = telegram.until(zoe.id, |shown| with_button(shown, "Cancel")).await?;
    bound(&studio, &bot, 1).await?;
    bot.kill()?;
    // What is said meanwhile waits at Telegram.
    telegram.say(&zoe, zoe.id, "/balance");
    studio.valve.release();
    bot.start()?;
    let done = telegram.until(zoe.id, with_picture).await?;
    assert_eq!(done.message, job);
    telegram.until(zoe.id, |shown| shown.iter().find(|it| it.text.contains("credits")).cloned()).await?;
    bound(&studio, &bot, 0).await?;
    let pictures = telegram.shown(zoe.id).into_iter().filter(|it| it.file.is_some()).count();
    assert_eq!(pictures, 1, "it is there once");
    Ok(())
}

/// Waits until the daemon remembers so many messages of the bot's.
pub(crate) async fn bound(studio: &Studio, bot: &Bot, wanted: usize) -> anyhow::Result<()> {
    let key = std::fs::read_to_string(bot.key_file())?;
    let bot = studio.bearer(&key)?;
    acts::soon(async {
        loop {
            let request = atelier_proto::v1::ListBindingsRequest::default();
            let known = bot.chats().list_bindings(request).await?.into_inner().bindings.len();
            if known == wanted {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    })
    .await?
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_heard_when_the_bot_is_meant_and_buttons_belong_to_one() -> anyhow::Result<()> {
    let (studio, telegram, _bot) = scene().await?;
    let (zoe, yan) = (telegram.person(4004, "zoe", "en"), telegram.person(4005, "yan", "en"));
    let bakers = telegram.group(-77, "Bakers");
    telegram.say(&zoe, bakers.id, "just talking");
    let sent = telegram.say(&zoe, bakers.id, &format!("@AtelierTestBot {SENTENCE}"));
    let (quote, confirm) = telegram.until(bakers.id, |shown| with_button(shown, "Make it")).await?;
    assert_eq!(telegram.shown(bakers.id)[0].answers, Some(sent));
    telegram.press(&yan, bakers.id, quote, &confirm);
    let told = telegram
        .until_called(|calls| calls.iter().find(|call| call.parameters.contains_key("show_alert")).cloned())
        .await?;
    assert!(told.parameters["text"].as_str().is_some_and(|text| text.contains("somebody else")), "{told:?}");
    assert_eq!(telegram.shown(bakers.id).len(), 1, "nobody else hears of it");
    telegram.press(&zoe, bakers.id, quote, &confirm);
    let done = telegram.until(bakers.id, with_picture).await?;
    telegram.reply(&zoe, bakers.id, done.message, "make it blue");
    telegram.until(bakers.id, |shown| with_button(&shown[2..], "Make it")).await?;
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_one_request_and_four_variants_are_an_album() -> anyhow::Result<()> {
    let (studio, telegram, _bot) = scene().await?;
    let zoe = telegram.person(4006, "zoe", "en");
    telegram.photo(&zoe, zoe.id, &picture()?, SENTENCE, Some("album"));
    telegram.photo(&zoe, zoe.id, &picture()?, "", Some("album"));
    let (quote, confirm) = telegram.until(zoe.id, |shown| with_button(shown, "Make it")).await?;
    assert_eq!(telegram.calls_of("GetFile").len(), 2);
    assert_eq!(telegram.shown(zoe.id).len(), 1, "two photos are one request");
    telegram.press(&zoe, zoe.id, quote, &confirm);
    let (done, vary) = telegram.until(zoe.id, |shown| with_button(shown, "4 variants")).await?;
    telegram.press(&zoe, zoe.id, done, &vary);
    let (quote, confirm) = telegram.until(zoe.id, |shown| with_button(shown, "Make it")).await?;
    telegram.press(&zoe, zoe.id, quote, &confirm);
    let below = telegram
        .until(zoe.id, |shown| {
            let last = shown.last()?;
            let album = shown.iter().filter(|it| it.album.is_some()).count();
            (album == 4 && last.album.is_none()).then(|| last.clone())
        })
        .await?;
    assert!(below.button("Again").is_some(), "the buttons follow the album: {below:?}");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_answered_in_the_persons_language() -> anyhow::Result<()> {
    let (mut studio, telegram, bot) = scene().await?;
    let zoe = telegram.person(4007, "zoe", "de-AT");
    assert_eq!(telegram.until_called(|calls| menu(calls, 3)).await?, 3);
    assert!(telegram.menu("de").contains(&"forget".to_owned()) && telegram.menu("").len() == 8);
    telegram.say(&zoe, zoe.id, "/start");
    let text =
        |part: &'static str| move |shown: &[Shown]| shown.iter().find(|it| it.text.contains(part)).cloned();
    telegram.until(zoe.id, text("Sag mir in eigenen Worten")).await?;
    telegram.document(&zoe, zoe.id, "me.jpg", "application/pdf", b"%PDF-1.7 ...", "this");
    telegram.until(zoe.id, text("application/pdf")).await?;
    // A PDF that says it is a picture is told by the daemon.
    telegram.document(&zoe, zoe.id, "me.jpg", "image/jpeg", b"%PDF-1.7 ...", "this");
    telegram.until(zoe.id, text("Das hat nicht geklappt")).await?;
    telegram.write(
        &zoe,
        zoe.id,
        serde_json::json!({"sticker": {
            "file_id": "s", "file_unique_id": "s", "file_size": 9, "width": 9, "height": 9, "type": "regular",
            "is_animated": false, "is_video": false,
        }}),
    );
    telegram.until(zoe.id, text("Sticker")).await?;
    let said = telegram.say(&zoe, zoe.id, "hallo");
    telegram.rewrite(&zoe, zoe.id, said, "hallo du");
    telegram.until(zoe.id, text("frühere Nachricht")).await?;
    telegram.press(&zoe, zoe.id, 1, "forged.token");
    telegram
        .until_called(|calls| calls.iter().find(|call| call.parameters.contains_key("show_alert")).cloned())
        .await?;
    studio.stop().await;
    telegram.say(&zoe, zoe.id, SENTENCE);
    telegram.until(zoe.id, text("nicht erreichbar")).await?;
    assert!(!bot.logged()?.contains("AAtest"), "the token was logged");
    Ok(())
}

fn menu(calls: &[atelier_tests::telegram::Call], wanted: usize) -> Option<usize> {
    let set = calls.iter().filter(|call| call.method == "SetMyCommands").count();
    (set == wanted).then_some(set)
}
