//! Long streams learn that their caller's credential has ended.

use futures::FutureExt as _;

use super::*;

#[tokio::test]
async fn a_stream_ends_with_its_credential_and_with_no_other() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    let (_, other) = studio.join("adam").await;
    let caller = studio.caller(&tokens);
    let mut revoked = Box::pin(studio.accounts.revoked(&caller));
    assert!((&mut revoked).now_or_never().is_none());
    studio.accounts.logout(&studio.caller(&other), Logout::Current).await.unwrap();
    assert!((&mut revoked).now_or_never().is_none());
    let waiting = tokio::spawn(revoked);
    studio.accounts.logout(&caller, Logout::Current).await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ended::Revoked);
    assert_eq!(studio.accounts.revoked(&caller).await, Ended::Revoked, "a late question is answered at once");
}

#[tokio::test]
async fn a_stream_ends_when_the_token_expires_or_the_rights_change() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    let caller = studio.caller(&tokens);
    let waiting = tokio::spawn(studio.accounts.revoked(&caller));
    tokio::task::yield_now().await;
    studio.clock.set(tokens.access_expires_at);
    assert_eq!(waiting.await.unwrap(), Ended::Expired);
    let (_, tokens) = studio.login("zoe", PASSWORD).await.unwrap();
    let waiting = tokio::spawn(studio.accounts.revoked(&studio.caller(&tokens)));
    let owner = studio.owner();
    studio.accounts.set_suspended(&owner, studio.request(), "zoe", true, "spam").await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ended::Revoked);
}

#[tokio::test]
async fn a_stream_of_an_api_key_ends_with_its_secret() {
    let studio = studio().await;
    let caller = studio.with_role("zoe", Role::Member).await;
    let new = NewApiKey { name: "script".to_owned(), scopes: vec![Scope::Read], expires_at: None };
    let (key, secret) = studio.accounts.create_api_key(&caller, studio.request(), new).await.unwrap();
    let shown = studio.accounts.authenticate(secret.expose_secret(), &origin()).unwrap();
    let waiting = tokio::spawn(studio.accounts.revoked(&shown));
    tokio::task::yield_now().await;
    studio.accounts.regenerate_api_key(&caller, key.id).await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ended::Revoked);
}

#[tokio::test]
async fn a_stream_of_a_chat_user_ends_with_the_bot() {
    let studio = studio().await;
    let bot = studio.with_role("robot", Role::Bot).await;
    let acting = studio.accounts.act_for(&bot, "discord:1".parse().unwrap()).await.unwrap();
    let waiting = tokio::spawn(studio.accounts.revoked(&acting));
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    studio.accounts.set_role(&studio.owner(), studio.request(), "robot", Role::Member).await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ended::Revoked);
}
