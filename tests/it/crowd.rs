//! Two hundred people at once, over both bots, against one daemon. With `--nocapture` it prints its figures.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context as _, ensure};
use atelier_daemon::clock::Clock;
use atelier_tests::{
    Studio,
    chatting::{Bot, TOKEN},
    discord::Discord,
    telegram::Telegram,
};
use tokio::time::Instant;

/// People on each platform.
const PEOPLE: usize = 100;
/// Those of them who write in groups of Telegram, two in each.
const IN_GROUPS: usize = 20;
/// Those of them who write in channels of Discord, ten in each.
const IN_CHANNELS: usize = 50;
/// No crowd takes longer, however busy the machine is.
const LONGEST: Duration = Duration::from_secs(300);
/// What a bot may take.
const MOST_BYTES: u64 = 60_000_000;
const MENTION: &str = "<@900000000000000001>";

/// What somebody asked for, and what came.
struct Served {
    /// Bytes of the pictures that answer them.
    pictures: Vec<usize>,
    /// Messages that answer them.
    messages: usize,
    wait: Option<Duration>,
}

/// Every person asks for something else, so that pictures can't be mixed up unseen.
fn sentence(person: usize) -> String {
    format!("thumbnail about sourdough number {person}, title \"LOAF {person}\"")
}

fn on_telegram(telegram: &Telegram) -> Vec<(i64, i64)> {
    let mut asked = Vec::with_capacity(PEOPLE);
    for number in 0..PEOPLE {
        let id = 10_000 + i64::try_from(number).unwrap_or_default();
        let person = telegram.person(id, &format!("user{number}"), "en");
        let (chat, text) = if number < IN_GROUPS {
            let group = telegram.group(-100 - i64::try_from(number / 2).unwrap_or_default(), "Bakers");
            (group.id, format!("@AtelierTestBot {}", sentence(number)))
        } else {
            (id, sentence(number))
        };
        asked.push((chat, telegram.say(&person, chat, &text)));
    }
    asked
}

fn on_discord(discord: &Discord) -> Vec<(u64, u64)> {
    let mut asked = Vec::with_capacity(PEOPLE);
    for number in 0..PEOPLE {
        let offset = u64::try_from(number).unwrap_or_default();
        let person = discord.person(20_000 + offset, &format!("user{number}"), "en-US");
        let direct = number >= IN_CHANNELS;
        let (channel, text) = if direct {
            (710_000_000_000_000_000 + offset, sentence(number))
        } else {
            (720_000_000_000_000_000 + offset / 10, format!("{MENTION} {}", sentence(number)))
        };
        asked.push((channel, discord.say(&person, channel, direct, &text, &[])));
    }
    asked
}

fn served_on_telegram(telegram: &Telegram, asked: &[(i64, i64)], began: Instant) -> Vec<Served> {
    let serve = |(chat, message): &(i64, i64)| {
        let mut shown = telegram.shown(*chat);
        shown.retain(|it| it.answers == Some(*message));
        Served {
            pictures: shown.iter().filter_map(|it| Some(it.file.as_ref()?.len())).collect(),
            messages: shown.len(),
            wait: shown.iter().find_map(|it| it.pictured_at).map(|at| at.duration_since(began)),
        }
    };
    asked.iter().map(serve).collect()
}

fn served_on_discord(discord: &Discord, asked: &[(u64, u64)], began: Instant) -> Vec<Served> {
    let mut shown = HashMap::new();
    let serve = |(channel, message): &(u64, u64)| {
        let shown = shown.entry(*channel).or_insert_with(|| discord.shown(*channel));
        let own: Vec<_> = shown.iter().filter(|it| it.answers == Some(*message)).collect();
        Served {
            pictures: own.iter().flat_map(|it| it.files.iter().map(bytes::Bytes::len)).collect(),
            messages: own.len(),
            wait: own.iter().find_map(|it| it.pictured_at).map(|at| at.duration_since(began)),
        }
    };
    asked.iter().map(serve).collect()
}

/// Checks that nobody was forgotten or answered twice.
fn is_whole(all: &[Served]) -> anyhow::Result<()> {
    for (number, served) in all.iter().enumerate() {
        let (pictures, messages) = (served.pictures.len(), served.messages);
        // The price, and the work that becomes the picture.
        ensure!((pictures, messages) == (1, 2), "{number} has {pictures} pictures, {messages} messages");
    }
    Ok(())
}

/// The median and the longest wait in words. How they compare depends on what else the machine does, so it is for
/// people to read.
fn waits<'a>(all: impl Iterator<Item = &'a Served>) -> anyhow::Result<String> {
    let mut waits: Vec<_> = all.filter_map(|served| served.wait).collect();
    waits.sort_unstable();
    let median = waits.get(waits.len() / 2).context("nobody waited")?;
    let longest = waits.last().context("nobody waited")?;
    let times = longest.as_secs_f64() / median.as_secs_f64();
    Ok(format!("median wait {median:.1?}, longest {longest:.1?} ({times:.1} times)"))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_people_at_once_are_all_served_once() -> anyhow::Result<()> {
    let studio = Studio::with(Clock::system(), |config| {
        // What is measured are the bots; pictures shall not wait for whoever else is on the machine.
        (config.engine.niceness, config.engine.threads) = (0, 2);
    })
    .await?;
    let telegram = Telegram::start(TOKEN).await?;
    let discord = Discord::start(TOKEN, Duration::from_secs(900)).await?;
    let mut bots = [Bot::telegram(&studio, &telegram).await?, Bot::discord(&studio, &discord, 840).await?];

    let began = Instant::now();
    let (on_telegram, on_discord) = (on_telegram(&telegram), on_discord(&discord));
    telegram.until_pictured(PEOPLE, LONGEST).await?;
    discord.until_pictured(PEOPLE, LONGEST).await?;
    // Until the bots have nothing more to do: what would be sent twice is here then.
    for bot in &bots {
        crate::telegram::bound(&studio, bot, 0).await?;
    }
    let lasted = began.elapsed();

    let (telegrams, discords) =
        (served_on_telegram(&telegram, &on_telegram, began), served_on_discord(&discord, &on_discord, began));
    for (name, served) in [("Telegram", &telegrams), ("Discord", &discords)] {
        is_whole(served)?;
        println!("{name}: {}", waits(served.iter())?);
    }
    let refused = telegram.calls().iter().filter(|call| call.code != 200).count()
        + discord.calls().iter().filter(|call| call.code >= 400).count();
    assert_eq!((refused, discord.violations()), (0, Vec::new()));
    let calls = |name: &str| telegram.calls_of(name).len();
    println!(
        "both: {}, {} pictures in {lasted:.1?}; calls: Telegram {} (send {}, edit text {}, edit media {}, updates {}), \
         Discord {}",
        waits(telegrams.iter().chain(&discords))?,
        telegrams.len() + discords.len(),
        telegram.calls().len(),
        calls("SendMessage"),
        calls("EditMessageText"),
        calls("EditMessageMedia"),
        calls("GetUpdates"),
        discord.calls().len(),
    );
    for bot in &mut bots {
        bot.is_well()?;
        let peak = bot.peak_bytes()?;
        println!("peak memory: {:.1} MB", peak as f64 / 1e6);
        assert!(peak <= MOST_BYTES, "a bot took {peak} bytes");
    }
    studio.ledger_is_sound().await?;
    Ok(())
}
