//! API keys: what they may do, how long, and how they end.

use std::time::Duration;

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, Scope},
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
    noon,
};
use tonic::Code;

fn key(scopes: &[Scope]) -> wire::CreateApiKeyRequest {
    wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "printer".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
        expires_at: None,
    }
}

async fn create(client: &Client, request: wire::CreateApiKeyRequest) -> anyhow::Result<(String, String)> {
    let made = client.accounts().create_api_key(request).await?.into_inner();
    Ok((made.key.context("no key")?.key_id, made.secret))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_do_what_its_scopes_say() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let reader = studio.bearer(&create(&ann, key(&[Scope::Read])).await?.1)?;
    let maker = studio.bearer(&create(&ann, key(&[Scope::Generate])).await?.1)?;
    let both = studio.bearer(&create(&ann, key(&[Scope::Read, Scope::Generate])).await?.1)?;

    assert_eq!(acts::who(&reader).await?.name, "ann");
    let refused = acts::refusal(acts::submit(&reader, thumbnail("bread")).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("this API key may not ask for pictures"), "{refused}");
    acts::submit(&maker, thumbnail("bread")).await?;
    assert_eq!(acts::refusal(acts::balance(&maker).await)?.code(), Code::PermissionDenied);
    acts::make(&both, thumbnail("bread")).await?;

    // No key makes itself at home, and none reaches beyond the account's role.
    for client in [&reader, &maker, &both] {
        let refused = acts::refusal(client.accounts().create_api_key(key(&[Scope::Read])).await)?;
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let admin = studio.bearer(&create(&ann, key(&[Scope::Admin])).await?.1)?;
    let refused = acts::refusal(admin.admin().list_members(wire::ListMembersRequest::default()).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    studio.set_role("ann", wire::Role::Admin).await?;
    admin.admin().list_members(wire::ListMembersRequest::default()).await?;
    let refused = acts::refusal(both.admin().list_members(wire::ListMembersRequest::default()).await)?;
    assert!(refused.message().contains("this API key may not"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_expires() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    let end_s = studio.clock.now().as_millis() / 1_000 + 60;
    let expires_at = Some(prost_types::Timestamp { seconds: end_s, nanos: 0 });
    let (_, secret) = create(&ann, wire::CreateApiKeyRequest { expires_at, ..key(&[Scope::Read]) }).await?;
    let printer = studio.bearer(&secret)?;
    studio.clock.advance(Duration::from_secs(59));
    acts::who(&printer).await?;
    studio.clock.advance(Duration::from_secs(1));
    let refused = acts::refusal(acts::who(&printer).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert!(refused.message().contains("has expired"), "{refused}");
    let past = wire::CreateApiKeyRequest { expires_at, ..key(&[Scope::Read]) };
    assert_eq!(acts::refusal(ann.accounts().create_api_key(past).await)?.code(), Code::InvalidArgument);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_gets_a_new_secret_and_is_revoked() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let (key_id, first) = create(&ann, key(&[Scope::Read])).await?;
    let regenerate = wire::RegenerateApiKeyRequest { request_id: request_id(), key_id: key_id.clone() };
    let second = ann.accounts().regenerate_api_key(regenerate.clone()).await?.into_inner();
    assert_eq!(second.key.context("no key")?.name, "printer");
    let refused = acts::refusal(acts::who(&studio.bearer(&first)?).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert!(refused.message().contains("does not exist"), "{refused}");
    let printer = studio.bearer(&second.secret)?;
    let who = printer.accounts().who_am_i(wire::WhoAmIRequest {}).await?.into_inner();
    assert_eq!(who.api_key_name, "printer");

    // Another member has no such key.
    let bob = studio.member("bob").await?;
    let revoke = wire::RevokeApiKeyRequest { request_id: request_id(), key_id: key_id.clone() };
    assert_eq!(acts::refusal(bob.accounts().revoke_api_key(revoke.clone()).await)?.code(), Code::NotFound);
    ann.accounts().revoke_api_key(revoke.clone()).await?;
    ann.accounts().revoke_api_key(revoke).await?;
    let refused = acts::refusal(acts::who(&printer).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert!(refused.message().contains("was revoked"), "{refused}");
    let refused = acts::refusal(ann.accounts().regenerate_api_key(regenerate).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let keys = ann.accounts().list_api_keys(wire::ListApiKeysRequest {}).await?.into_inner().keys;
    assert_eq!(keys.iter().map(|key| key.revoked).collect::<Vec<_>>(), [true]);
    Ok(())
}
