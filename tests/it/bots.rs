//! Service accounts that act for chat users.

use anyhow::Context as _;
use atelier_proto::{
    request_id,
    v1::{self as wire, Role},
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
    talk::Talk,
};
use tonic::Code;

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_acts_for_chat_users_and_each_has_a_wallet() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let bot = studio.member("courier").await?;
    studio.set_role("courier", Role::Bot).await?;
    let (zoe, yan) = (bot.on_behalf_of("discord:1001:77"), bot.on_behalf_of("telegram:1001"));

    let guest = acts::who(&zoe).await?;
    assert_eq!(guest.role(), Role::Guest);
    assert_ne!(guest.member_id, acts::who(&yan).await?.member_id, "platforms don't share users");
    let elsewhere = acts::who(&bot.on_behalf_of("discord:1001:88")).await?;
    assert_eq!(elsewhere.member_id, guest.member_id, "channels do");

    let job = acts::make(&zoe, thumbnail("bread")).await?.job;
    assert_eq!(acts::balance(&zoe).await?.available_credits, 19);
    assert_eq!(acts::balance(&yan).await?.available_credits, 20);
    for stranger in [&yan, &bot] {
        assert_eq!(acts::refusal(acts::job(stranger, &job.job_id).await)?.code(), Code::NotFound);
    }
    let talk = Talk::begin(&yan).await?;
    talk.say(crate::conversation::SENTENCE).await?.result()?;
    assert_eq!(acts::balance(&yan).await?.available_credits, 19);

    let refused = acts::refusal(acts::submit(&bot, thumbnail("for itself")).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    let key = wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "stolen".to_owned(),
        scopes: vec![wire::Scope::Read.into()],
        expires_at: None,
    };
    let refused = acts::refusal(zoe.accounts().create_api_key(key).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("through a chat"), "{refused}");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_works_by_api_key_and_nobody_else_acts_for_others() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let bot = studio.member("courier").await?;
    studio.set_role("courier", Role::Bot).await?;
    let key = wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "discord".to_owned(),
        scopes: vec![wire::Scope::Read.into(), wire::Scope::Generate.into()],
        expires_at: None,
    };
    let secret = bot.accounts().create_api_key(key).await?.into_inner().secret;
    let zoe = studio.bearer(&secret)?.on_behalf_of("discord:1001");
    let job = acts::make(&zoe, thumbnail("bread")).await?.job;
    job.results.first().context("no result")?;

    let ann = studio.member("ann").await?;
    for client in [&ann, &studio.owner()?] {
        let refused = acts::refusal(acts::who(&client.on_behalf_of("discord:1001")).await)?;
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert!(refused.message().contains("role bot"), "{refused}");
    }
    let refused = acts::refusal(acts::who(&bot.on_behalf_of("Discord 1001")).await)?;
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(refused.message().contains("<platform>:<user>"), "{refused}");
    let suspend = wire::SetSuspendedRequest {
        request_id: request_id(),
        member: "courier".to_owned(),
        suspended: true,
        reason: "it was hacked".to_owned(),
    };
    studio.owner()?.admin().set_suspended(suspend).await?;
    assert_eq!(acts::refusal(acts::who(&zoe).await)?.code(), Code::PermissionDenied);
    Ok(())
}
