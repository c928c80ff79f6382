//! Changing, repeating, looking into and deleting what a chat shows: windows and menus on Discord, questions on Telegram.

use std::time::Duration;

use anyhow::Context as _;
use atelier_proto::{
    request_id,
    v1::{self as wire, Role},
};
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    discord::{self, Discord},
    pictures::photo,
    telegram::{self, Telegram},
};
use image::ImageFormat;

use crate::conversation::SENTENCE;

const BAKERY: u64 = 700_000_000_000_000_003;

async fn asking() -> anyhow::Result<Studio> {
    Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await
}

async fn on_discord(studio: &Studio) -> anyhow::Result<(Discord, Bot)> {
    let discord = Discord::start(TOKEN, Duration::from_secs(900)).await?;
    let bot = Bot::discord(studio, &discord, 840).await?;
    Ok((discord, bot))
}

/// The newest message with this button, and what is behind it.
fn with(shown: &[discord::Shown], label: &str) -> Option<(u64, String)> {
    shown.iter().rev().find_map(|message| Some((message.message, message.button(label)?.to_owned())))
}

fn private(shown: &[discord::Shown], number: usize) -> Option<discord::Shown> {
    shown.iter().filter(|message| message.private).nth(number).cloned()
}

/// Somebody has a picture made; gives the message that shows it.
async fn made(discord: &Discord, person: &discord::Person, words: &str) -> anyhow::Result<discord::Shown> {
    discord.command(person, BAKERY, "thumbnail", words, None);
    let (quote, confirm) = discord.until(BAKERY, |shown| with(shown, "Make it")).await?;
    discord.press(person, BAKERY, quote, &confirm);
    let done = |shown: &[discord::Shown]| {
        shown.iter().rev().find(|message| message.message > quote && !message.files.is_empty()).cloned()
    };
    discord.until(BAKERY, done).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_changes_the_picture_that_it_was_opened_at() -> anyhow::Result<()> {
    let studio = asking().await?;
    let (discord, _bot) = on_discord(&studio).await?;
    let (zoe, yan) = (discord.person(5101, "zoe", "en-US"), discord.person(5102, "yan", "de"));
    let bread = made(&discord, &zoe, "about baking sourdough, big title \"CRUST!\"").await?;
    let change = bread.button("Change …").context("no button")?.to_owned();
    made(&discord, &zoe, "about hiking the Alps, title \"PEAK\"").await?;
    let pressed = discord.press(&zoe, BAKERY, bread.message, &change);
    assert_eq!(discord.until_form(&pressed).await?, "Change this picture");
    discord.fill_in(&zoe, &pressed, "title \"LOAF\", blue").context("no form")?;
    let (quote, _) = discord.until(BAKERY, |shown| with(shown, "Make it")).await?;
    let about = discord.shown(BAKERY).into_iter().find(|it| it.message == quote).context("gone")?.text;
    assert!(about.contains("sourdough") && about.contains("LOAF"), "that one, not the newest: {about}");
    // Whoever else fills it in is told alone.
    let pressed = discord.press(&yan, BAKERY, bread.message, &change);
    assert_eq!(discord.until_form(&pressed).await?, "Dieses Bild ändern");
    discord.fill_in(&yan, &pressed, "title \"MINE\"").context("no form")?;
    let told = discord.until(BAKERY, |shown| private(shown, 0)).await?;
    assert!(told.text.contains("gehört jemand anderem"), "{told:?}");
    assert_eq!(discord.violations(), Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_of_a_picture_makes_more_of_it_and_says_how_it_was_made() -> anyhow::Result<()> {
    let studio = asking().await?;
    let (discord, _bot) = on_discord(&studio).await?;
    let (zoe, yan) = (discord.person(5103, "zoe", "en-US"), discord.person(5104, "yan", "en-US"));
    let bread = made(&discord, &zoe, "about baking sourdough, big title \"CRUST!\"").await?;
    discord.choose(&zoe, BAKERY, bread.message, "About this picture");
    let about = discord.until(BAKERY, |shown| private(shown, 0)).await?;
    for words in ["baking sourdough", "draft-1", "Seed: ", "1280×720", "Credits: 1"] {
        assert!(about.text.contains(words), "{words} is missing: {}", about.text);
    }
    discord.choose(&yan, BAKERY, bread.message, "About this picture");
    let told = discord.until(BAKERY, |shown| private(shown, 1)).await?;
    assert!(told.text.contains("somebody else"), "{told:?}");
    discord.choose(&zoe, BAKERY, bread.message, "More like this");
    let (quote, _) = discord.until(BAKERY, |shown| with(shown, "Make it")).await?;
    let more = discord.shown(BAKERY).into_iter().find(|it| it.message == quote).context("gone")?;
    assert!(more.text.contains("4 thumbnails") && more.text.contains("sourdough"), "{more:?}");
    let talk = discord.say(&yan, BAKERY, false, "just talking", &[]);
    discord.choose(&zoe, BAKERY, talk, "More like this");
    let told = discord.until(BAKERY, |shown| private(shown, 2)).await?;
    assert!(told.text.contains("no picture in this message"), "{told:?}");
    assert_eq!(discord.violations(), Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_no_to_a_command_is_for_one_pair_of_eyes() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (discord, _bot) = on_discord(&studio).await?;
    let zoe = discord.person(5105, "zoe", "en-US");
    // A refusal of the policy, an error of the daemon's, and one of the bot's own.
    discord.command(&zoe, BAKERY, "thumbnail", "of a naked woman", None);
    let told = discord.until(BAKERY, |shown| private(shown, 0)).await?;
    assert!(told.text.contains("I don't make sexual pictures"), "{told:?}");
    let rules = wire::ChannelRules { most_pictures: 2, ..wire::ChannelRules::default() };
    let request = wire::SetChannelRulesRequest {
        request_id: request_id(),
        platform: "discord".to_owned(),
        channel: BAKERY.to_string(),
        rules: Some(rules),
    };
    studio.owner()?.chats().set_channel_rules(request).await?;
    discord.command(&zoe, BAKERY, "thumbnail", "5 thumbnails about rye bread, title \"RYE\"", None);
    let told = discord.until(BAKERY, |shown| private(shown, 1)).await?;
    assert!(told.text.contains("at most 2 pictures"), "{told:?}");
    let url = discord.keep("a.jpg", b"not a picture");
    discord.command(&zoe, BAKERY, "thumbnail", SENTENCE, Some((&url, 13)));
    let told = discord.until(BAKERY, |shown| private(shown, 2)).await?;
    assert!(told.text.contains("PNG, JPEG"), "{told:?}");
    // A form takes the pictures of its command along.
    let picture = photo(320, 240, [200, 120, 40], ImageFormat::Jpeg)?;
    let url = discord.keep("me.jpg", &picture);
    let both = [("person", url.as_str(), picture.len()), ("garment", url.as_str(), picture.len())];
    let given = discord.command_with(&zoe, BAKERY, "tryon", &both);
    assert_eq!(discord.until_form(&given).await?, "Try clothes on");
    discord.fill_in(&zoe, &given, "").context("no form")?;
    let told = discord.until(BAKERY, |shown| private(shown, 3)).await?;
    assert!(told.text.contains("Virtual try-ons are not installed"), "{told:?}");
    assert_eq!(discord.shown(BAKERY).len(), 4, "nobody else has seen anything");
    let yan = discord.person(5110, "yan", "en-US");
    discord.command(&yan, BAKERY, "thumbnail", SENTENCE, None);
    let done = |shown: &[discord::Shown]| shown.iter().find(|it| !it.files.is_empty()).cloned();
    assert!(!discord.until(BAKERY, done).await?.private, "results are for all");
    assert_eq!(discord.violations(), Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_deleted_with_its_picture_by_its_owner_or_a_moderator() -> anyhow::Result<()> {
    let studio = asking().await?;
    let (discord, bot) = on_discord(&studio).await?;
    let (zoe, yan) = (discord.person(5106, "zoe", "en-US"), discord.person(5107, "yan", "en-US"));
    let (bread, more) = (made(&discord, &zoe, SENTENCE).await?, made(&discord, &zoe, SENTENCE).await?);
    let behind = |message: u64, label: &'static str| {
        move |shown: &[discord::Shown]| {
            let message = shown.iter().find(|it| it.message == message)?;
            message.button(label).map(str::to_owned)
        }
    };
    let delete = bread.button("Delete").context("no button")?;
    discord.press(&yan, BAKERY, bread.message, delete);
    let told = discord.until(BAKERY, |shown| private(shown, 0)).await?;
    assert!(told.text.contains("somebody else"), "{told:?}");
    discord.press(&zoe, BAKERY, bread.message, delete);
    let keep = discord.until(BAKERY, behind(bread.message, "Keep it")).await?;
    discord.press(&zoe, BAKERY, bread.message, &keep);
    let delete = discord.until(BAKERY, behind(bread.message, "Delete")).await?;
    discord.press(&zoe, BAKERY, bread.message, &delete);
    let surely = discord.until(BAKERY, behind(bread.message, "Delete for good")).await?;
    let files = |shown: &[discord::Shown]| {
        shown.iter().find(|it| it.message == bread.message).map(|it| it.files.len())
    };
    assert_eq!(files(&discord.shown(BAKERY)), Some(1), "the picture is not sent again to ask");
    discord.press(&zoe, BAKERY, bread.message, &surely);
    discord.until(BAKERY, |shown| files(shown).is_none().then_some(())).await?;

    // Yan's account runs the studio's chats.
    let ann = studio.member("ann").await?;
    let code = wire::CreateLinkCodeRequest { request_id: request_id() };
    let code = ann.chats().create_link_code(code).await?.into_inner().code;
    let acting = studio.bearer(&std::fs::read_to_string(bot.key_file())?)?.on_behalf_of("discord:5107");
    acting.chats().link_chat(wire::LinkChatRequest { request_id: request_id(), code }).await?;
    studio.set_role("ann", Role::Moderator).await?;
    let delete = more.button("Delete").context("no button")?;
    discord.press(&yan, BAKERY, more.message, delete);
    let surely = discord.until(BAKERY, behind(more.message, "Delete for good")).await?;
    discord.press(&yan, BAKERY, more.message, &surely);
    let gone = |shown: &[discord::Shown]| shown.iter().all(|it| it.message != more.message).then_some(());
    discord.until(BAKERY, gone).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_channel_hold_in_its_threads() -> anyhow::Result<()> {
    const THREAD: u64 = 700_000_000_000_000_056;
    let studio = Studio::start().await?;
    let (discord, _bot) = on_discord(&studio).await?;
    discord.open_thread(THREAD, BAKERY);
    let zoe = discord.person(5108, "zoe", "en-US");
    let request = wire::SetChannelRulesRequest {
        request_id: request_id(),
        platform: "discord".to_owned(),
        channel: BAKERY.to_string(),
        rules: Some(wire::ChannelRules {
            access: wire::Access::Listed.into(),
            users: vec!["5109".to_owned()],
            ..wire::ChannelRules::default()
        }),
    };
    studio.owner()?.chats().set_channel_rules(request).await?;
    // By a mention, of which Discord does not say that it is in a thread, and by a command.
    let words = format!("<@900000000000000001> {SENTENCE}");
    discord.say(&zoe, THREAD, false, &words, &[]);
    let closed = |shown: &[discord::Shown]| {
        let told: Vec<_> =
            shown.iter().filter(|it| it.text.contains("may not answer you")).cloned().collect();
        told.last().cloned().map(|last| (told.len(), last))
    };
    discord.until(THREAD, closed).await?;
    discord.command(&zoe, THREAD, "thumbnail", SENTENCE, None);
    discord.until(THREAD, |shown| closed(shown).filter(|(times, _)| *times == 2)).await?;
    let yan = discord.person(5109, "yan", "en-US");
    discord.say(&yan, THREAD, false, &words, &[]);
    let done = |shown: &[discord::Shown]| shown.iter().find(|it| !it.files.is_empty()).cloned();
    discord.until(THREAD, done).await?;
    assert_eq!(discord.violations(), Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_asks_what_to_change_and_outlives_the_bot() -> anyhow::Result<()> {
    let studio = asking().await?;
    let telegram = Telegram::start(TOKEN).await?;
    let mut bot = Bot::telegram(&studio, &telegram).await?;
    let zoe = telegram.person(4101, "zoe", "en");
    fn with(shown: &[telegram::Shown], label: &str) -> Option<(i64, String)> {
        shown.iter().rev().find_map(|message| Some((message.message, message.button(label)?.to_owned())))
    }
    telegram.say(&zoe, zoe.id, SENTENCE);
    let (quote, confirm) = telegram.until(zoe.id, |shown| with(shown, "Make it")).await?;
    telegram.press(&zoe, zoe.id, quote, &confirm);
    let picture = |shown: &[telegram::Shown]| shown.iter().find(|it| it.file.is_some()).cloned();
    let bread = telegram.until(zoe.id, picture).await?;
    let change = bread.button("Change …").context("no button")?.to_owned();
    assert!(change.len() <= 64);
    let press = telegram.press(&zoe, zoe.id, bread.message, &change);
    let asked = telegram.until(zoe.id, |shown| shown.iter().find(|it| it.asks).cloned()).await?;
    assert_eq!(asked.answers, Some(bread.message), "{asked:?}");
    assert!(!telegram.unanswered().contains(&press));
    telegram.say(&zoe, zoe.id, "thumbnail about hiking the Alps, title \"PEAK\"");
    telegram.until(zoe.id, |shown| shown.iter().find(|it| it.text.contains("PEAK")).cloned()).await?;
    bot.kill()?;
    telegram.reply(&zoe, zoe.id, asked.message, "title \"LOAF\"");
    bot.start()?;
    let revised =
        telegram.until(zoe.id, |shown| shown.iter().find(|it| it.text.contains("LOAF")).cloned()).await?;
    assert!(revised.text.contains("sourdough"), "{revised:?}");

    // Its buttons change and it goes, although it shows a photo.
    let delete = bread.button("Delete").context("no button")?;
    telegram.press(&zoe, zoe.id, bread.message, delete);
    let (at, surely) = telegram.until(zoe.id, |shown| with(shown, "Delete for good")).await?;
    assert_eq!(at, bread.message);
    telegram.press(&zoe, zoe.id, bread.message, &surely);
    let gone = |shown: &[telegram::Shown]| shown.iter().all(|it| it.file.is_none()).then_some(());
    telegram.until(zoe.id, gone).await?;
    assert!(!bot.logged()?.contains("AAtest"), "the token was logged");
    studio.ledger_is_sound().await?;
    Ok(())
}
