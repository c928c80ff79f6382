//! Whatever people send to the Telegram bot: each thing has a plain sentence as its answer, and the bot stays up. With
//! `--nocapture` the answers are printed, to be read aloud.

use std::time::Duration;

use anyhow::ensure;
use atelier_daemon::clock::Clock;
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    telegram::{Call, Person, Shown, Telegram},
};
use serde_json::{Value, json};

use crate::{bad_chats, conversation::SENTENCE};

const GROUP: i64 = -500;

async fn scene() -> anyhow::Result<(Studio, Telegram, Bot)> {
    let studio = Studio::with(Clock::system(), |_| ()).await?;
    let telegram = Telegram::start(TOKEN).await?;
    let bot = Bot::telegram(&studio, &telegram).await?;
    Ok((studio, telegram, bot))
}

fn file(more: Value) -> Value {
    let mut file = json!({"file_id": "f", "file_unique_id": "f", "file_size": 9});
    if let (Some(file), Value::Object(more)) = (file.as_object_mut(), more) {
        file.extend(more);
    }
    file
}

/// Something that a message consists of.
fn content(name: &str) -> Value {
    let moving = json!({"width": 9, "height": 9, "duration": 3, "length": 9, "mime_type": "video/mp4"});
    match name {
        "voice" => json!({"voice": file(json!({"duration": 3, "mime_type": "audio/ogg"}))}),
        // Without the type that the bot's library insists on.
        "audio" => json!({"audio": file(json!({"duration": 3}))}),
        "video" => json!({"video": file(moving)}),
        "video note" => json!({"video_note": file(moving)}),
        "location" => json!({"location": {"latitude": 1.0, "longitude": 2.0}}),
        "contact" => json!({"contact": {"phone_number": "1", "first_name": "Z"}}),
        "dice" => json!({"dice": {"emoji": "🎲", "value": 4}}),
        _ => json!({"sticker": file(json!({
            "width": 9, "height": 9, "type": "regular", "is_animated": false, "is_video": false,
        }))}),
    }
}

/// A file that says it is a picture.
fn pretends(telegram: &Telegram, zoe: &Person, bytes: &[u8]) -> i64 {
    telegram.document(zoe, zoe.id, "me.jpg", "image/jpeg", bytes, "put this on a thumbnail about bread")
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_has_a_plain_sentence_as_its_answer() -> anyhow::Result<()> {
    type Send = fn(&Telegram, &Person) -> i64;
    let (studio, telegram, mut bot) = scene().await?;
    let rows: [(&str, Send, &str); 19] = [
        ("4 MB of text", |it, zoe| it.say(zoe, zoe.id, &"bread ".repeat(700_000)), "at most 8000"),
        ("spaces", |it, zoe| it.say(zoe, zoe.id, " \n\t "), "Say what you would like"),
        ("signs", |it, zoe| it.say(zoe, zoe.id, "\u{202e}\u{200b}\u{0}\u{feff}%s%n';--"), ""),
        ("an unknown command", |it, zoe| it.say(zoe, zoe.id, "/sudo rm"), "Say what you would like"),
        ("a wrong code", |it, zoe| it.say(zoe, zoe.id, "/link ABCD-EFGH"), "code"),
        ("10 MB of PDF", |it, zoe| pretends(it, zoe, &bad_chats::pdf()), "picture"),
        ("half a picture", |it, zoe| pretends(it, zoe, &bad_chats::half_a_picture()), "damaged"),
        ("100 million pixels", |it, zoe| pretends(it, zoe, &bad_chats::bomb()), "pixels"),
        ("an empty picture", |it, zoe| pretends(it, zoe, b""), "PNG, JPEG"),
        ("21 MB", |it, zoe| pretends(it, zoe, &vec![7; 21_000_000]), "at most 20 MB"),
        (
            "a PDF that says so",
            |it, zoe| it.document(zoe, zoe.id, "a.pdf", "application/pdf", b"%PDF", ""),
            "PNG, JPEG",
        ),
        ("a voice message", |it, zoe| it.write(zoe, zoe.id, content("voice")), "not voice messages"),
        ("something new", |it, zoe| it.write(zoe, zoe.id, content("audio")), "not messages of this kind"),
        ("a sticker", |it, zoe| it.write(zoe, zoe.id, content("sticker")), "not stickers"),
        ("a video", |it, zoe| it.write(zoe, zoe.id, content("video")), "not videos"),
        ("a round video", |it, zoe| it.write(zoe, zoe.id, content("video note")), "not videos"),
        ("a place", |it, zoe| it.write(zoe, zoe.id, content("location")), "not messages of this kind"),
        (
            "an edited message",
            |it, zoe| {
                it.rewrite(zoe, zoe.id, 1, "thumbnail about bread");
                1
            },
            "as a new one",
        ),
        (
            "what the policy refuses",
            |it, zoe| it.say(zoe, zoe.id, "thumbnail of a naked woman"),
            "I don't make sexual pictures",
        ),
    ];
    let mut people = Vec::with_capacity(rows.len());
    for (id, (_, send, _)) in (6_000..).zip(&rows) {
        let zoe = telegram.person(id, "zoe", "en");
        send(&telegram, &zoe);
        people.push(zoe);
    }
    let mut wrong = Vec::new();
    for (zoe, (name, _, telling)) in people.iter().zip(&rows) {
        let answer = telegram.until(zoe.id, |shown| shown.first().cloned()).await?;
        wrong.extend(bad_chats::read_aloud(name, &answer.text, telling));
        let refused = telegram.shown(zoe.id).iter().filter(|it| it.file.is_some()).count();
        assert_eq!(refused, 0, "{name}: a picture was made of it");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    makes_pictures(&telegram, 6_900).await?;
    bot.is_well()?;
    studio.ledger_is_sound().await?;
    Ok(())
}

/// Somebody asks for a picture and gets it, once.
async fn makes_pictures(telegram: &Telegram, id: i64) -> anyhow::Result<()> {
    let yan = telegram.person(id, "yan", "en");
    let before = telegram.shown(id).len();
    telegram.say(&yan, id, SENTENCE);
    let pictures =
        |shown: &[Shown]| shown.iter().skip(before).filter(|it| it.file.is_some()).count().checked_sub(1);
    let more = telegram.until(id, pictures).await?;
    ensure!(more == 0, "{more} pictures too many");
    Ok(())
}

/// What the bot told the one who pressed.
fn alerts(calls: &[Call]) -> Vec<String> {
    let answers = calls.iter().filter(|call| call.method == "AnswerCallbackQuery" && call.code == 200);
    answers.filter_map(|call| Some(call.parameters.get("text")?.as_str()?.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_buttons_and_storms_are_told_alone_and_end_in_a_pause() -> anyhow::Result<()> {
    let (_studio, telegram, mut bot) = scene().await?;
    let bakers = telegram.group(GROUP, "Bakers");
    let (zoe, yan) = (telegram.person(6_100, "zoe", "en"), telegram.person(6_101, "yan", "en"));
    telegram.say(&zoe, bakers.id, &format!("@AtelierTestBot {SENTENCE}"));
    let done = telegram.until(bakers.id, |shown| shown.iter().find(|it| it.file.is_some()).cloned()).await?;
    let job = done.buttons.iter().find_map(|(_, token)| token.strip_prefix("!files:"));
    let [own, again] = [job.map(|job| format!("!files:{job}")), done.button("Again").map(str::to_owned)]
        .map(Option::unwrap_or_default);
    let one_off = format!("{}A", &again[..again.len() - 1]);
    for (number, forged) in [
        "forged.token",
        &"x".repeat(64),
        "\u{202e}🎲",
        "!",
        "!files:",
        "!files:00000000-0000-0000-0000-000000000000",
        "!nonsense",
        &one_off,
        &own,
        &again,
    ]
    .into_iter()
    .enumerate()
    {
        telegram.press(&yan, bakers.id, done.message, forged);
        let answers = |calls: &[Call]| {
            let answered = calls.iter().filter(|call| call.method == "AnswerCallbackQuery");
            (answered.count() > number).then_some(())
        };
        telegram.until_called(answers).await?;
    }
    for told in alerts(&telegram.calls()) {
        let telling = if told.contains("button") { "isn't one of ours" } else { "somebody else" };
        assert_eq!(bad_chats::read_aloud("a forged button", &told, telling), None);
    }
    // The daemon knows none of them; of what is the bot's own only the job's pictures are asked for.
    let told = alerts(&telegram.calls()).len();
    assert!(told >= 6, "only {told} were told");

    // The twenty-first thing within a minute is told once how long to wait, and then there is silence.
    for _ in 0..10 {
        telegram.press(&yan, bakers.id, done.message, "forged.token");
    }
    for _ in 0..5 {
        telegram.say(&yan, bakers.id, &format!("@AtelierTestBot {SENTENCE}"));
    }
    let listen = |shown: &[Shown]| shown.iter().find(|it| it.text.contains("listen again")).cloned();
    let slow = telegram.until(bakers.id, listen).await?;
    assert_eq!(bad_chats::read_aloud("a storm", &slow.text, "listen again in"), None);
    let seconds: u64 = slow.text.chars().filter(char::is_ascii_digit).collect::<String>().parse()?;
    assert!((1..=60).contains(&seconds), "{}", slow.text);
    telegram.say(&zoe, bakers.id, "@AtelierTestBot balance");
    telegram.until(bakers.id, |shown| shown.iter().find(|it| it.text.contains("credits")).cloned()).await?;
    let pauses = telegram.shown(bakers.id).iter().filter(|it| it.text.contains("listen again")).count();
    assert_eq!(pauses, 1, "once, and nobody else is slowed down");
    bot.is_well()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_messages_and_storms_of_refusals_lose_nothing() -> anyhow::Result<()> {
    let (studio, telegram, mut bot) = scene().await?;
    let zoe = telegram.person(6_200, "zoe", "en");
    studio.valve.close();
    for method in ["GetUpdates", "SendChatAction", "SendMessage", "EditMessageText", "EditMessageMedia"] {
        telegram.refuse_next(method, 3, 1);
    }
    let asked = telegram.say(&zoe, zoe.id, SENTENCE);
    telegram.delete(zoe.id, asked);
    let shown =
        telegram.until(zoe.id, |shown| shown.iter().find(|it| it.button("Cancel").is_some()).cloned());
    let work = shown.await?;
    assert_eq!(work.answers, None, "what it answers is gone");
    telegram.delete(zoe.id, work.message);
    studio.valve.release();
    let done = telegram.until(zoe.id, |shown| shown.iter().find(|it| it.file.is_some()).cloned()).await?;
    assert!(done.message > work.message, "the picture comes although its message was deleted");
    crate::telegram::bound(&studio, &bot, 0).await?;
    assert_eq!(telegram.shown(zoe.id).iter().filter(|it| it.file.is_some()).count(), 1);
    makes_pictures(&telegram, 6_201).await?;
    bot.is_well()?;
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_daemon_or_telegram_is_away_nothing_is_lost_silently() -> anyhow::Result<()> {
    let (mut studio, telegram, mut bot) = scene().await?;
    let zoe = telegram.person(6_300, "zoe", "en");
    makes_pictures(&telegram, zoe.id).await?;
    studio.stop().await;
    telegram.say(&zoe, zoe.id, SENTENCE);
    let away = telegram.until(zoe.id, |shown| shown.iter().find(|it| it.text.contains("reached")).cloned());
    assert_eq!(bad_chats::read_aloud("away", &away.await?.text, "say that again"), None);
    // A bot that starts without a daemon hears nothing yet, so what is said waits at Telegram.
    bot.kill()?;
    telegram.say(&zoe, zoe.id, "/balance");
    bot.start()?;
    studio.restart().await?;
    telegram.until(zoe.id, |shown| shown.iter().find(|it| it.text.contains("credits")).cloned()).await?;
    bot.is_well()?;
    // Errors of the network know addresses, and addresses hold the token.
    drop(telegram);
    bad_chats::until_logged(&bot, "Telegram gives no updates").await?;
    bot.is_well()?;
    tokio::time::timeout(Duration::from_secs(30), studio.stop()).await?;
    Ok(())
}
