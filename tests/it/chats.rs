//! Chat identities and accounts, what holds in channels, and being forgotten.

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, Access, ChannelRules, Role},
};
use atelier_tests::{
    Studio, acts, shelf,
    talk::{Talk, button},
};
use tonic::Code;

use crate::conversation::SENTENCE;

async fn bot(studio: &Studio) -> anyhow::Result<Client> {
    let bot = studio.member("courier").await?;
    studio.set_role("courier", Role::Bot).await?;
    Ok(bot)
}

async fn code(account: &Client) -> anyhow::Result<String> {
    let request = wire::CreateLinkCodeRequest { request_id: request_id() };
    Ok(account.chats().create_link_code(request).await?.into_inner().code)
}

fn link(code: &str) -> wire::LinkChatRequest {
    wire::LinkChatRequest { request_id: request_id(), code: code.to_owned() }
}

async fn enter(client: &Client, fresh: bool) -> Result<String, tonic::Status> {
    let request = wire::EnterChatRequest { request_id: request_id(), fresh };
    Ok(client.chats().enter_chat(request).await?.into_inner().conversation_id)
}

async fn set(studio: &Studio, channel: &str, rules: Option<ChannelRules>) -> anyhow::Result<()> {
    let request = wire::SetChannelRulesRequest {
        request_id: request_id(),
        platform: "telegram".to_owned(),
        channel: channel.to_owned(),
        rules,
    };
    studio.owner()?.chats().set_channel_rules(request).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_becomes_an_account_with_everything_and_a_guest_again() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let zoe = bot.on_behalf_of("telegram:7");
    let conversation = enter(&zoe, false).await?;
    assert_eq!(enter(&zoe, false).await?, conversation);
    let elsewhere = enter(&bot.on_behalf_of("telegram:7:-9"), false).await?;
    assert_ne!(elsewhere, conversation, "each channel has its own");
    let job = acts::make(&zoe, acts::thumbnail("bread")).await?.job;
    studio.adjust(&acts::who(&zoe).await?.name, 30).await?;

    let code = code(&ann).await?;
    assert_eq!(code.len(), 9, "eight letters in two groups: {code}");
    let request = link(&code.to_lowercase());
    let joined = zoe.chats().link_chat(request.clone()).await?.into_inner();
    assert_eq!((joined.member.as_str(), joined.moved_credits), ("ann", 30));
    assert!(joined.moved_items >= 4, "{joined:?}");
    let again = zoe.chats().link_chat(request).await?.into_inner();
    assert_eq!(again.moved_credits, 30, "the same question has the same answer");
    assert_eq!(acts::who(&zoe).await?.name, "ann");
    assert_eq!(enter(&zoe, false).await?, conversation, "the conversation goes on");
    assert_eq!(acts::job(&ann, &job.job_id).await?.job_id, job.job_id);
    assert_eq!(acts::balance(&ann).await?.available_credits, 50);
    let taken = acts::refusal(zoe.chats().link_chat(link(&code)).await)?;
    assert_eq!(taken.code(), Code::FailedPrecondition);
    let links = ann.chats().list_links(wire::ListLinksRequest {}).await?.into_inner().identities;
    assert_eq!(links, ["telegram:7"]);

    let unlink = wire::UnlinkChatRequest { request_id: request_id(), identity: String::new() };
    zoe.chats().unlink_chat(unlink).await?;
    let guest = acts::who(&zoe).await?;
    assert_eq!(guest.role(), Role::Guest);
    assert_eq!(acts::refusal(acts::job(&zoe, &job.job_id).await)?.code(), Code::NotFound);
    assert_eq!(acts::balance(&ann).await?.available_credits, 50);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_work_once_for_ten_minutes_and_wrong_ones_are_slowed_down() -> anyhow::Result<()> {
    let studio = Studio::with(atelier_tests::noon(), |_| ()).await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let zoe = bot.on_behalf_of("telegram:7");
    let old = code(&ann).await?;
    let late = code(&ann).await?;
    let refused = acts::refusal(zoe.chats().link_chat(link(&old)).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "a new code ends the old one");
    studio.clock.advance(std::time::Duration::from_secs(600));
    let refused = acts::refusal(zoe.chats().link_chat(link(&late)).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let mut last = refused;
    for _ in 0..8 {
        last = acts::refusal(zoe.chats().link_chat(link("AAAA-BBBB")).await)?;
    }
    assert_eq!(last.code(), Code::ResourceExhausted, "{last}");
    let fresh = code(&ann).await?;
    let yan = bot.on_behalf_of("telegram:8");
    yan.chats().link_chat(link(&fresh)).await?;
    let key = acts::refusal(
        bot.chats().create_link_code(wire::CreateLinkCodeRequest { request_id: request_id() }).await,
    )?;
    assert_eq!(key.code(), Code::FailedPrecondition, "{key}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_decide_who_speaks_how_much_and_who_pays() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let zoe = bot.on_behalf_of("telegram:7:-9");
    set(
        &studio,
        "-9",
        Some(ChannelRules {
            access: Access::Listed.into(),
            users: vec!["8".to_owned()],
            ..ChannelRules::default()
        }),
    )
    .await?;
    assert_eq!(acts::refusal(enter(&zoe, false).await)?.code(), Code::PermissionDenied);
    enter(&bot.on_behalf_of("telegram:8:-9"), false).await?;
    enter(&bot.on_behalf_of("telegram:7"), false).await?;

    let rules = ChannelRules {
        most_pictures: 2,
        paid_by: "ann".to_owned(),
        most_waiting: 1,
        cooldown_s: Some(3_600),
        ..ChannelRules::default()
    };
    set(&studio, "-9", Some(rules)).await?;
    let mut many = acts::thumbnail("bread");
    if let Some(wire::job_request::Work::Thumbnail(thumbnail)) = &mut many.work {
        thumbnail.count = 4;
    }
    let refused = acts::refusal(acts::submit(&zoe, many).await)?;
    assert!(refused.message().contains("at most 2 pictures"), "{refused}");
    acts::make(&zoe, acts::thumbnail("bread")).await?;
    assert_eq!(acts::balance(&ann).await?.available_credits, 19, "ann pays");
    let soon = acts::refusal(acts::submit(&zoe, acts::thumbnail("rye")).await)?;
    assert_eq!(soon.code(), Code::ResourceExhausted);
    assert!(soon.message().contains("can begin in 3"), "the exact time: {soon}");
    assert!(soon.metadata().contains_key(atelier_proto::RETRY_AFTER_MS));
    let talk = Talk::begin(&zoe).await?;
    let told = talk.say(SENTENCE).await?;
    assert!(told.error()?.text.contains("can begin in"), "{told:?}");

    let admin =
        acts::refusal(ann.chats().list_channel_rules(wire::ListChannelRulesRequest::default()).await)?;
    assert_eq!(admin.code(), Code::PermissionDenied);
    let nobody = ChannelRules { paid_by: "nobody-here".to_owned(), ..ChannelRules::default() };
    assert!(set(&studio, "-9", Some(nobody)).await.is_err());
    set(&studio, "-9", None).await?;
    let listed = studio.owner()?.chats().list_channel_rules(wire::ListChannelRulesRequest::default()).await?;
    assert!(listed.into_inner().channels.is_empty());
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_leaves_numbers_alone() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let zoe = bot.on_behalf_of("telegram:7");
    let conversation = enter(&zoe, false).await?;
    let talk = Talk::begin(&zoe).await?;
    let job = talk.say(SENTENCE).await?.result()?.clone();
    let before = acts::who(&zoe).await?;
    let forget = || wire::ForgetMeRequest { request_id: request_id() };
    let done = zoe.chats().forget_me(forget()).await?.into_inner();
    assert!(done.deleted_items >= 3 && done.stays.contains("record of credits"), "{done:?}");
    assert_eq!(acts::refusal(acts::job(&zoe, &job.job_id).await)?.code(), Code::NotFound);
    assert_ne!(enter(&zoe, false).await?, conversation);
    assert_eq!(acts::who(&zoe).await?.member_id, before.member_id, "the same number");
    assert_eq!(acts::balance(&zoe).await?.available_credits, 19, "forgetting gives no new credits");

    zoe.chats().link_chat(link(&code(&ann).await?)).await?;
    let refused = acts::refusal(zoe.chats().forget_me(forget()).await)?;
    assert!(refused.message().contains("/unlink"), "{refused}");
    acts::make(&ann, acts::thumbnail("bread")).await?;
    ann.chats().forget_me(forget()).await?;
    assert_eq!(acts::who(&ann).await?.name, "ann", "the account stays");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_may_end_what_others_began_and_nothing_else() -> anyhow::Result<()> {
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let (zoe, yan) = (bot.on_behalf_of("telegram:7:-9"), bot.on_behalf_of("telegram:8:-9"));
    yan.chats().link_chat(link(&code(&ann).await?)).await?;
    studio.valve.close();
    for moderator in [&yan, &ann] {
        studio.set_role("ann", Role::Member).await?;
        let talk = Talk::begin(&zoe).await?;
        let confirm = button(talk.say(SENTENCE).await?.last()?, "Make it")?;
        let request = acts::press(&confirm);
        let mut shown = zoe.conversations().press(request).await?.into_inner();
        let cancel = loop {
            let card = acts::soon(shown.message()).await??.and_then(|answer| answer.card);
            if let Ok(token) = button(&card.context("no button to cancel")?, "Cancel") {
                break token;
            }
        };
        assert_eq!(acts::balance(&zoe).await?.available_credits, 19);
        let press = async |token: &str| {
            let request = acts::press(token);
            moderator.conversations().press(request).await.map(tonic::Response::into_inner)
        };
        assert_eq!(acts::refusal(press(&cancel).await)?.code(), Code::NotFound, "a member may not");
        studio.set_role("ann", Role::Moderator).await?;
        assert_eq!(acts::refusal(press(&confirm).await)?.code(), Code::NotFound, "only ending is theirs");
        let mut cards = press(&cancel).await?;
        let card = acts::soon(cards.message()).await??.and_then(|answer| answer.card).context("no card")?;
        let again = button(&card, "Start it again")?;
        assert_eq!(
            acts::refusal(press(&again).await)?.code(),
            Code::NotFound,
            "it would be somebody's money"
        );
        assert_eq!(acts::balance(&zoe).await?.available_credits, 20, "the owner has the credits back");
        assert_eq!(acts::balance(&ann).await?.available_credits, 20, "the moderator paid nothing");
    }
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_that_a_guest_took_is_not_made_again_for_the_account() -> anyhow::Result<()> {
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    let zoe = bot.on_behalf_of("telegram:7");
    let talk = Talk::begin(&zoe).await?;
    let confirm = button(talk.say(SENTENCE).await?.last()?, "Make it")?;
    let job = talk.press(&confirm).await?.result()?.job_id.clone();
    zoe.chats().link_chat(link(&code(&ann).await?)).await?;
    let pressed = talk.press(&confirm).await?;
    assert_eq!(pressed.result()?.job_id, job);
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_has_the_rules_of_its_channel_unless_it_has_its_own() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let bot = bot(&studio).await?;
    let nobody = ChannelRules { access: Access::Nobody.into(), ..ChannelRules::default() };
    set(&studio, "9", Some(nobody.clone())).await?;
    let thread = bot.on_behalf_of("telegram:7:55:9");
    assert_eq!(acts::refusal(enter(&thread, false).await)?.code(), Code::PermissionDenied);
    enter(&bot.on_behalf_of("telegram:7:55:10"), false).await?;
    let own = ChannelRules { access: Access::Everybody.into(), most_pictures: 1, ..ChannelRules::default() };
    set(&studio, "55", Some(own)).await?;
    let conversation = enter(&thread, false).await?;
    assert_ne!(conversation, enter(&bot.on_behalf_of("telegram:7:56:10"), false).await?);
    let mut two = acts::thumbnail("bread");
    if let Some(wire::job_request::Work::Thumbnail(thumbnail)) = &mut two.work {
        thumbnail.count = 2;
    }
    let refused = acts::refusal(acts::submit(&thread, two).await)?;
    assert!(refused.message().contains("at most 1 pictures"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mature_words_need_a_channel_that_is_marked_for_them() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (bot, ann) = (bot(&studio).await?, studio.member("ann").await?);
    const WORDS: &str = "thumbnail about a night at the casino, title \"ALL IN\"";
    let zoe = bot.on_behalf_of("telegram:7:-9");
    let refused = Talk::begin(&zoe).await?.say(WORDS).await?;
    let error = refused.error()?;
    assert!(error.text.contains("not marked for mature content"), "{error:?}");
    assert!(error.advice.contains("Say it differently"), "{error:?}");
    let direct = acts::refusal(acts::submit(&zoe, acts::thumbnail("a casino")).await)?;
    assert_eq!(direct.code(), Code::FailedPrecondition, "{direct}");
    set(&studio, "-9", Some(ChannelRules { mature: true, ..ChannelRules::default() })).await?;
    Talk::begin(&zoe).await?.say(WORDS).await?.result()?;
    // The policy turns away what it turns away everywhere.
    let told = Talk::begin(&zoe).await?.say("thumbnail of a naked woman").await?;
    assert!(matches!(told.last()?.body, Some(wire::card::Body::Text(ref card)) if card.refusal), "{told:?}");
    // A direct message is nobody's channel, and somebody's own studio is no chat.
    let direct = Talk::begin(&bot.on_behalf_of("telegram:7")).await?.say(WORDS).await?;
    assert!(direct.error()?.text.contains("mature"), "{direct:?}");
    Talk::begin(&ann).await?.say(WORDS).await?.result()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_has_an_algorithm_of_its_own() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let bot = bot(&studio).await?;
    for name in ["flat-1", "flat-2"] {
        shelf::offer(&studio, name, "flat").await?;
    }
    let by = async |rules: ChannelRules| -> anyhow::Result<String> {
        set(&studio, "-9", Some(rules)).await?;
        let talk = Talk::begin(&bot.on_behalf_of("telegram:7:-9")).await?;
        let job = talk.say("paint a fox in the snow").await?.result()?.clone();
        Ok(job.request.context("no request")?.algorithm)
    };
    let usual = by(ChannelRules::default()).await?;
    let other = if usual == "flat-1" { "flat-2" } else { "flat-1" };
    let rules = ChannelRules { algorithm: other.to_owned(), ..ChannelRules::default() };
    assert_eq!(by(rules).await?, other);
    // One that makes something else is passed over.
    let rules = ChannelRules { algorithm: "draft-1".to_owned(), ..ChannelRules::default() };
    assert_eq!(by(rules).await?, usual);
    Ok(())
}
