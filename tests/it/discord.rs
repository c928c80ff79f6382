//! The Discord bot as a process of its own, between a double of REST and gateway and a real daemon.

use std::time::Duration;

use anyhow::Context as _;
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    discord::{Discord, Shown},
    pictures::photo,
};
use image::ImageFormat;

use crate::conversation::SENTENCE;

const BAKERY: u64 = 700_000_000_000_000_001;
const MENTION: &str = "<@900000000000000001>";

/// A studio that asks before anything that costs something, and a bot in it.
async fn scene(token_life: Duration, hand_over_s: u64) -> anyhow::Result<(Studio, Discord, Bot)> {
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await?;
    let discord = Discord::start(TOKEN, token_life).await?;
    let bot = Bot::discord(&studio, &discord, hand_over_s).await?;
    Ok((studio, discord, bot))
}

fn usual() -> impl Future<Output = anyhow::Result<(Studio, Discord, Bot)>> {
    scene(Duration::from_secs(900), 840)
}

fn with_button(shown: &[Shown], label: &str) -> Option<(u64, String)> {
    shown.iter().rev().find_map(|message| Some((message.message, message.button(label)?.to_owned())))
}

fn with_picture(shown: &[Shown]) -> Option<Shown> {
    shown.iter().rev().find(|message| !message.files.is_empty()).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_with_a_photo_becomes_a_price_progress_and_a_picture() -> anyhow::Result<()> {
    let (studio, discord, bot) = usual().await?;
    let zoe = discord.person(5001, "zoe", "en-US");
    assert!(discord.commands().contains(&"thumbnail".to_owned()) && discord.commands().len() == 15);
    let picture = photo(320, 240, [200, 120, 40], ImageFormat::Jpeg)?;
    let url = discord.keep("me.jpg", &picture);
    studio.valve.close();
    discord.command(&zoe, BAKERY, "thumbnail", SENTENCE, Some((&url, picture.len())));
    let (quote, confirm) = discord.until(BAKERY, |shown| with_button(shown, "Make it")).await?;
    assert!(confirm.len() <= 100);
    discord.press(&zoe, BAKERY, quote, &confirm);
    let (job, _) = discord.until(BAKERY, |shown| with_button(shown, "Cancel")).await?;
    studio.valve.let_through(2);
    discord
        .until(BAKERY, |shown| shown.iter().find(|it| it.message == job && it.text.contains('%')).cloned())
        .await?;
    studio.valve.release();
    let done = discord.until(BAKERY, with_picture).await?;
    assert_eq!(done.message, job, "the message that showed the work shows the picture");
    assert!(image::load_from_memory(done.files.first().context("no file")?).is_ok());
    assert!(done.button("Again").is_some());
    assert_eq!(discord.violations(), Vec::<String>::new());
    let log = bot.logged()?;
    assert!(log.contains("permissions="), "the invitation is printed");
    assert!(!log.contains("AAtest") && !log.contains("interaction-token"), "a token was logged");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mentions_are_heard_and_buttons_belong_to_one() -> anyhow::Result<()> {
    let (studio, discord, _bot) = usual().await?;
    let (zoe, yan) = (discord.person(5002, "zoe", "en-US"), discord.person(5003, "yan", "de"));
    discord.say(&zoe, BAKERY, false, "just talking", &[]);
    let sent = discord.say(&zoe, BAKERY, false, &format!("{MENTION} {SENTENCE}"), &[]);
    let (quote, confirm) = discord.until(BAKERY, |shown| with_button(shown, "Make it")).await?;
    assert_eq!(discord.shown(BAKERY)[0].answers, Some(sent));
    discord.press(&yan, BAKERY, quote, &confirm);
    let told = discord.until(BAKERY, |shown| shown.iter().find(|it| it.private).cloned()).await?;
    assert!(told.text.contains("gehört jemand anderem"), "{told:?}");
    discord.press(&zoe, BAKERY, quote, &confirm);
    discord.until(BAKERY, with_picture).await?;
    // In a direct message nobody has to be mentioned.
    discord.say(&yan, 42, true, "what can you do?", &[]);
    discord.until(42, |shown| shown.first().cloned()).await?;
    discord.say(&yan, 42, true, "this", &[("http://127.0.0.1:1/a.pdf", "application/pdf", 9)]);
    discord.until(42, |shown| shown.iter().find(|it| it.text.contains("application/pdf")).cloned()).await?;
    discord.command(&yan, BAKERY, "balance", "", None);
    discord.until(BAKERY, |shown| shown.iter().filter(|it| it.private).nth(1).cloned()).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_dies_hands_its_message_over() -> anyhow::Result<()> {
    // The bot believes that tokens live for a while yet.
    let (studio, discord, _bot) = usual().await?;
    let zoe = discord.person(5004, "zoe", "en-US");
    discord.command(&zoe, BAKERY, "thumbnail", SENTENCE, None);
    let (quote, confirm) = discord.until(BAKERY, |shown| with_button(shown, "Make it")).await?;
    studio.valve.close();
    discord.press(&zoe, BAKERY, quote, &confirm);
    let (job, _) = discord.until(BAKERY, |shown| with_button(shown, "Cancel")).await?;
    discord.let_tokens_die();
    discord.refuse_next("PATCH", &format!("/messages/{job}"), 1, 0.5);
    studio.valve.release();
    let done = discord.until(BAKERY, with_picture).await?;
    assert_eq!(done.message, job);
    let handed_over = format!("/channels/{BAKERY}/messages/{job}");
    let calls = discord
        .until_called(|calls| {
            let there = calls.iter().any(|call| call.code == 200 && call.path == handed_over);
            there.then(|| calls.to_vec())
        })
        .await?;
    assert!(calls.iter().any(|call| call.code == 401 && call.path.starts_with("/webhooks/")), "{calls:?}");
    assert!(calls.iter().any(|call| call.code == 429));
    assert_eq!(discord.shown(BAKERY).len(), 2, "nothing was sent anew");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_resumed_and_a_killed_bot_takes_up() -> anyhow::Result<()> {
    let (studio, discord, mut bot) = usual().await?;
    let zoe = discord.person(5005, "zoe", "en-US");
    studio.valve.close();
    discord.command(&zoe, BAKERY, "thumbnail", SENTENCE, None);
    let (quote, confirm) = discord.until(BAKERY, |shown| with_button(shown, "Make it")).await?;
    discord.break_connection();
    discord.press(&zoe, BAKERY, quote, &confirm);
    discord.until_resumed(1).await?;
    let (job, _) = discord.until(BAKERY, |shown| with_button(shown, "Cancel")).await?;
    assert_eq!(discord.sessions(), (1, 1), "one session, resumed");
    crate::telegram::bound(&studio, &bot, 1).await?;
    bot.kill()?;
    studio.valve.release();
    bot.start()?;
    let done = discord.until(BAKERY, with_picture).await?;
    assert_eq!(done.message, job);
    crate::telegram::bound(&studio, &bot, 0).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_somebody_elses_is_taken_up_and_the_thread_goes_on_by_answers() -> anyhow::Result<()> {
    const THREAD: u64 = 700_000_000_000_000_055;
    let (studio, discord, _bot) = usual().await?;
    let (zoe, yan) = (discord.person(5006, "zoe", "en-US"), discord.person(5007, "yan", "de"));
    let picture = photo(320, 240, [200, 120, 40], ImageFormat::Jpeg)?;
    let url = discord.keep("yans.jpg", &picture);
    let files = [(url.as_str(), "image/jpeg", picture.len())];
    let theirs = discord.say(&yan, THREAD, false, "look", &files);
    let pdf = discord.say(&yan, THREAD, false, "read", &[("http://127.0.0.1:1/a.pdf", "application/pdf", 9)]);
    discord.choose(&zoe, THREAD, pdf, "Use this picture");
    discord
        .until(THREAD, |shown| shown.iter().find(|it| it.text.contains("application/pdf")).cloned())
        .await?;
    discord.choose(&zoe, THREAD, theirs, "Use this picture");
    let asked = discord.until(THREAD, |shown| shown.get(1).filter(|it| !it.text.is_empty()).cloned()).await?;
    // Without its picture nothing would have been said.
    assert!(asked.text.contains("Tell me") && !asked.private, "it can be answered: {asked:?}");
    // Nobody is mentioned from here on.
    discord.reply(&zoe, THREAD, asked.message, SENTENCE);
    let (quote, confirm) = discord.until(THREAD, |shown| with_button(shown, "Make it")).await?;
    discord.press(&zoe, THREAD, quote, &confirm);
    let done = discord.until(THREAD, with_picture).await?;
    discord.reply(&zoe, THREAD, done.message, "make it blue");
    let (again, _) = discord.until(THREAD, |shown| with_button(shown, "Make it")).await?;
    assert!(again > done.message, "a revision is a new message");
    let about = discord.shown(THREAD).into_iter().find(|it| it.message == again).context("gone")?.text;
    assert!(about.contains("CRUST"), "the same request, changed: {about}");
    assert_eq!(discord.violations(), Vec::<String>::new());
    studio.ledger_is_sound().await?;
    Ok(())
}
