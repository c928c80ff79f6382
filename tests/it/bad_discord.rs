//! Whatever people send to the Discord bot: each thing has a plain sentence as its answer, and the bot stays up. With
//! `--nocapture` the answers are printed, to be read aloud.

use std::time::Duration;

use anyhow::ensure;
use atelier_daemon::clock::Clock;
use atelier_proto::{request_id, v1 as wire};
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    discord::{Discord, Person, Shown},
};

use crate::{bad_chats, conversation::SENTENCE};

const BAKERY: u64 = 700_000_000_000_000_002;
const MENTION: &str = "<@900000000000000001>";

async fn scene() -> anyhow::Result<(Studio, Discord, Bot)> {
    let studio = Studio::with(Clock::system(), |_| ()).await?;
    let discord = Discord::start(TOKEN, Duration::from_secs(900)).await?;
    let bot = Bot::discord(&studio, &discord, 840).await?;
    Ok((studio, discord, bot))
}

/// A file in a direct message; `kind` is what Discord says that it is.
fn send(discord: &Discord, zoe: &Person, chat: u64, kind: &str, bytes: &[u8]) {
    let url = discord.keep(&format!("{chat}.bin"), bytes);
    discord.say(zoe, chat, true, "put this on a thumbnail about bread", &[(&url, kind, bytes.len())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_has_a_plain_sentence_as_its_answer() -> anyhow::Result<()> {
    type Send = fn(&Discord, &Person, u64);
    let (studio, discord, mut bot) = scene().await?;
    let rows: [(&str, Send, &str); 15] = [
        (
            "4 MB of text",
            |it, zoe, chat| _ = it.say(zoe, chat, true, &"bread ".repeat(700_000), &[]),
            "at most 8000",
        ),
        ("spaces", |it, zoe, chat| _ = it.say(zoe, chat, true, " \n\t ", &[]), "Say what you would like"),
        (
            "signs",
            |it, zoe, chat| _ = it.say(zoe, chat, true, "\u{202e}\u{200b}\u{0}\u{feff}%s%n';--", &[]),
            "",
        ),
        ("a wrong code", |it, zoe, chat| drop(it.command(zoe, chat, "link", "ABCD-EFGH", None)), "code"),
        ("10 MB of PDF", |it, zoe, chat| send(it, zoe, chat, "image/jpeg", &bad_chats::pdf()), "picture"),
        (
            "half a picture",
            |it, zoe, chat| send(it, zoe, chat, "image/png", &bad_chats::half_a_picture()),
            "damaged",
        ),
        (
            "100 million pixels",
            |it, zoe, chat| send(it, zoe, chat, "image/png", &bad_chats::bomb()),
            "pixels",
        ),
        ("an empty picture", |it, zoe, chat| send(it, zoe, chat, "image/png", b""), "PNG, JPEG"),
        ("27 MB", |it, zoe, chat| send(it, zoe, chat, "image/png", &vec![7; 27_000_000]), "at most 26 MB"),
        (
            "a picture that is gone",
            |it, zoe, chat| {
                let url = format!("{}/files/gone.png", it.url());
                it.say(zoe, chat, true, "this", &[(&url, "image/png", 9)]);
            },
            "PNG, JPEG",
        ),
        (
            "a PDF that says so",
            |it, zoe, chat| send(it, zoe, chat, "application/pdf", b"%PDF"),
            "(application/pdf)",
        ),
        ("a voice message", |it, zoe, chat| send(it, zoe, chat, "audio/ogg", b"Ogg"), "not voice messages"),
        ("a sticker", |it, zoe, chat| it.sticker(zoe, chat), "not stickers"),
        ("a video", |it, zoe, chat| send(it, zoe, chat, "video/mp4", b"mp4"), "not videos"),
        (
            "what the policy refuses",
            |it, zoe, chat| _ = it.say(zoe, chat, true, "thumbnail of a naked woman", &[]),
            "I don't make sexual pictures",
        ),
    ];
    let place = |number: u64| 730_000_000_000_000_000 + number;
    for (number, (_, send, _)) in (0..).zip(&rows) {
        let zoe = discord.person(6_000 + number, "zoe", "en-US");
        send(&discord, &zoe, place(number));
    }
    let mut wrong = Vec::new();
    for (number, (name, _, telling)) in (0..).zip(&rows) {
        let answer = discord.until(place(number), |shown| shown.first().cloned()).await?;
        wrong.extend(bad_chats::read_aloud(name, &answer.text, telling));
        let made = discord.shown(place(number)).iter().filter(|it| !it.files.is_empty()).count();
        assert_eq!(made, 0, "{name}: a picture was made of it");
    }
    let (zoe, edits) = (discord.person(6_100, "zoe", "en-US"), place(100));
    let said = discord.say(&zoe, edits, true, "hello", &[]);
    discord.until(edits, |shown| shown.first().cloned()).await?;
    discord.rewrite(said, "thumbnail about bread");
    let told = discord.until(edits, |shown| shown.get(1).cloned()).await?;
    wrong.extend(bad_chats::read_aloud("an edited message", &told.text, "as a new one"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    makes_pictures(&discord, place(101)).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    bot.is_well()?;
    studio.ledger_is_sound().await?;
    Ok(())
}

/// Somebody asks for a picture and gets it, once.
async fn makes_pictures(discord: &Discord, chat: u64) -> anyhow::Result<()> {
    let yan = discord.person(chat / 7, "yan", "en-US");
    let before = discord.shown(chat).len();
    discord.say(&yan, chat, true, SENTENCE, &[]);
    let pictures = |shown: &[Shown]| {
        let pictures = shown.iter().skip(before).map(|it| it.files.len()).sum::<usize>();
        pictures.checked_sub(1)
    };
    let more = discord.until(chat, pictures).await?;
    ensure!(more == 0, "{more} pictures too many");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_buttons_and_storms_end_in_a_pause() -> anyhow::Result<()> {
    let (studio, discord, mut bot) = scene().await?;
    let (zoe, yan) = (discord.person(6_200, "zoe", "en-US"), discord.person(6_201, "yan", "en-US"));
    discord.say(&zoe, BAKERY, false, &format!("{MENTION} {SENTENCE}"), &[]);
    let done = discord.until(BAKERY, |shown| shown.iter().find(|it| !it.files.is_empty()).cloned()).await?;
    let again = done.button("Again").unwrap_or_default();
    let one_off = format!("{}A", &again[..again.len().saturating_sub(1)]);
    discord.command(&zoe, BAKERY, "forget", "", None);
    let sure = discord.until(BAKERY, |shown| shown.iter().find(|it| it.private).cloned()).await?;
    let forget = sure.button("Delete everything").unwrap_or_default();
    let long = "x".repeat(100);
    let forged = ["forged.token", &long, "\u{202e}🎲", "!", "!nonsense", "!forget", &one_off, again, forget];
    for (number, forged) in (2..).zip(forged) {
        discord.press(&yan, BAKERY, done.message, forged);
        let alone = |shown: &[Shown]| shown.iter().filter(|it| it.private).nth(number - 1).cloned();
        let told = discord.until(BAKERY, alone).await?;
        let telling = if told.text.contains("button") { "isn't one of ours" } else { "somebody else" };
        assert_eq!(bad_chats::read_aloud(forged, &told.text, telling), None);
    }
    let before = discord.shown(BAKERY).iter().filter(|it| !it.private).count();
    assert_eq!(before, 2, "nobody else heard of it");

    // A storm of mentions: what is too much within a minute is told once with the time to wait.
    for number in 0..40 {
        discord.say(&yan, BAKERY, false, &format!("{MENTION} hello {number}"), &[]);
    }
    let listen = |shown: &[Shown]| shown.iter().find(|it| it.text.contains("listen again")).cloned();
    let slow = discord.until(BAKERY, listen).await?;
    assert_eq!(bad_chats::read_aloud("a storm", &slow.text, "in"), None);
    let seconds: u64 = slow.text.chars().filter(char::is_ascii_digit).collect::<String>().parse()?;
    assert!((1..=60).contains(&seconds), "{}", slow.text);
    discord.say(&zoe, BAKERY, false, &format!("{MENTION} balance"), &[]);
    discord.until(BAKERY, |shown| shown.iter().find(|it| it.text.contains("credits")).cloned()).await?;
    let told = discord.shown(BAKERY);
    assert_eq!(told.iter().filter(|it| it.text.contains("listen again")).count(), 1);
    // Twenty things a minute are heard, nine of which were presses.
    let answered = told.iter().filter(|it| !it.private).count() - before;
    assert!(answered <= 11 + 2, "{answered} messages for a storm");
    assert_eq!(discord.violations(), Vec::<String>::new());
    bot.is_well()?;
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cooldown_says_exactly_how_long_to_wait() -> anyhow::Result<()> {
    let (studio, discord, mut bot) = scene().await?;
    let zoe = discord.person(6_300, "zoe", "en-US");
    let request = wire::SetChannelRulesRequest {
        request_id: request_id(),
        platform: "discord".to_owned(),
        channel: BAKERY.to_string(),
        rules: Some(wire::ChannelRules { cooldown_s: Some(90), ..wire::ChannelRules::default() }),
    };
    studio.owner()?.chats().set_channel_rules(request).await?;
    let ask = || discord.say(&zoe, BAKERY, false, &format!("{MENTION} {SENTENCE}"), &[]);
    ask();
    let began = tokio::time::Instant::now();
    discord.until(BAKERY, |shown| shown.iter().find(|it| !it.files.is_empty()).cloned()).await?;
    ask();
    let told =
        discord.until(BAKERY, |shown| shown.iter().find(|it| it.text.contains("can begin")).cloned()).await?;
    assert_eq!(bad_chats::read_aloud("a cooldown", &told.text, "can begin in"), None);
    let seconds: u64 = told.text.chars().filter(char::is_ascii_digit).collect::<String>().parse()?;
    assert!((90 - began.elapsed().as_secs() - 1..=90).contains(&seconds), "{}", told.text);
    bot.is_well()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_messages_storms_and_an_absent_daemon_lose_nothing() -> anyhow::Result<()> {
    let (mut studio, discord, mut bot) = scene().await?;
    let zoe = discord.person(6_400, "zoe", "en-US");
    studio.valve.close();
    discord.refuse_next("POST", &format!("/channels/{BAKERY}/messages"), 3, 0.5);
    discord.refuse_next("POST", "/typing", 3, 0.5);
    let asked = discord.say(&zoe, BAKERY, false, &format!("{MENTION} {SENTENCE}"), &[]);
    discord.delete(BAKERY, asked);
    let work =
        discord.until(BAKERY, |shown| shown.iter().find(|it| it.button("Cancel").is_some()).cloned()).await?;
    discord.delete(BAKERY, work.message);
    studio.valve.release();
    let done = discord.until(BAKERY, |shown| shown.iter().find(|it| !it.files.is_empty()).cloned()).await?;
    assert!(done.message > work.message, "the picture comes although its message was deleted");
    crate::telegram::bound(&studio, &bot, 0).await?;
    assert_eq!(discord.shown(BAKERY).iter().map(|it| it.files.len()).sum::<usize>(), 1);

    studio.stop().await;
    discord.say(&zoe, BAKERY, false, &format!("{MENTION} {SENTENCE}"), &[]);
    let away =
        discord.until(BAKERY, |shown| shown.iter().find(|it| it.text.contains("reached")).cloned()).await?;
    assert_eq!(bad_chats::read_aloud("away", &away.text, "say that again"), None);
    studio.restart().await?;
    makes_pictures(&discord, 731_000_000_000_000_000).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    bot.is_well()?;
    // Errors of the network know addresses, and addresses hold tokens.
    drop(discord);
    studio.stop().await;
    bot.is_well()?;
    Ok(())
}
