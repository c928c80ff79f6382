//! Refreshing, reuse, logging out.

use super::*;
use crate::audit;
use crate::page::Page;

#[tokio::test]
async fn each_refresh_token_counts_once_and_reuse_ends_the_session() {
    let studio = studio().await;
    let (_, first) = studio.join("zoe").await;
    let second = studio.refresh(&first).await.unwrap();
    let third = studio.refresh(&second).await.unwrap();
    assert!(studio.try_caller(&third).is_ok());
    refused(studio.refresh(&first).await, AuthError::Reused);
    refused(studio.try_caller(&third), AuthError::SessionEnded);
    refused(studio.refresh(&third).await, AuthError::SessionEnded);
    refused(studio.refresh(&first).await, AuthError::SessionEnded);
    let log = audit::list(&studio.store, &Page::largest(), "session.").unwrap();
    assert_eq!((log.items.len(), log.items[0].action.as_str()), (1, "session.reuse"));
    assert_eq!(log.items[0].address, "203.0.113.7");
    assert!(studio.login("zoe", PASSWORD).await.is_ok(), "the account itself goes on");
}

#[tokio::test]
async fn of_two_racing_refreshes_one_wins_and_then_the_session_ends_for_both() {
    let studio = studio().await;
    for _ in 0..10 {
        let (_, tokens) = studio.join_or_login().await;
        let (one, two) = tokio::join!(studio.refresh(&tokens), studio.refresh(&tokens));
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        refused(lost, AuthError::Reused);
        let won = won.unwrap();
        refused(studio.try_caller(&won), AuthError::SessionEnded);
        refused(studio.refresh(&won).await, AuthError::SessionEnded);
    }
}

impl Studio {
    async fn join_or_login(&self) -> (Member, Tokens) {
        match self.login("zoe", PASSWORD).await {
            Ok(login) => login,
            Err(_) => self.join("zoe").await,
        }
    }
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_is_refreshed() {
    let studio = studio().await;
    let (_, mut tokens) = studio.join("zoe").await;
    for _ in 0..4 {
        studio.clock.advance(6 * DAY);
        tokens = studio.refresh(&tokens).await.unwrap();
    }
    studio.clock.advance(7 * DAY);
    refused(studio.refresh(&tokens).await, AuthError::Expired);
    refused(studio.refresh(&tokens).await, AuthError::SessionEnded);
}

#[tokio::test]
async fn an_invented_refresh_token_ends_nothing() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    let shown = tokens.refresh.expose_secret();
    for token in [format!("{shown}A"), shown.replace("atr_", "atr_0"), shown[..shown.len() - 2].to_owned()] {
        assert!(studio.accounts.refresh(&token.into(), &origin()).await.is_err());
    }
    refused(studio.accounts.refresh(&tokens.access, &origin()).await, AuthError::Malformed);
    assert!(studio.refresh(&tokens).await.is_ok());
}

#[tokio::test]
async fn logging_out_ends_one_session_or_all() {
    let studio = studio().await;
    let (_, one) = studio.join("zoe").await;
    let (_, two) = studio.login("zoe", PASSWORD).await.unwrap();
    let (_, three) = studio.login("zoe", PASSWORD).await.unwrap();
    let (_, other) = studio.join("adam").await;
    let caller = studio.caller(&three);
    let sessions = studio.accounts.sessions(&caller).unwrap();
    assert_eq!(sessions.len(), 3);
    assert_eq!((Some(sessions[0].id), sessions[0].device.as_str()), (caller.session(), "laptop"));
    let adams = studio.caller(&other).session().unwrap();
    let foreign = studio.accounts.logout(&caller, Logout::One(adams)).await;
    assert_eq!(foreign, Err(AccountsError::NotFound("session")));
    let first = studio.caller(&one).session().unwrap();
    assert_eq!(studio.accounts.logout(&caller, Logout::One(first)).await, Ok(1));
    refused(studio.try_caller(&one), AuthError::SessionEnded);
    assert_eq!(studio.accounts.logout(&studio.caller(&two), Logout::Current).await, Ok(1));
    assert_eq!(studio.accounts.logout(&caller, Logout::Everywhere).await, Ok(1));
    refused(studio.try_caller(&three), AuthError::SessionEnded);
    refused(studio.refresh(&three).await, AuthError::SessionEnded);
    assert!(studio.try_caller(&other).is_ok());
}

#[tokio::test]
async fn a_login_too_many_ends_the_oldest_session() {
    let studio = empty(AccountsConfig { max_sessions: 2, ..config(Registration::Open) });
    let (_, one) = studio.join("zoe").await;
    let (_, two) = studio.login("zoe", PASSWORD).await.unwrap();
    let (_, three) = studio.login("zoe", PASSWORD).await.unwrap();
    refused(studio.try_caller(&one), AuthError::SessionEnded);
    assert!(studio.try_caller(&two).is_ok() && studio.try_caller(&three).is_ok());
}

#[tokio::test]
async fn what_has_expired_is_removed() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    studio.login("zoe", "wrong password").await.unwrap_err();
    studio.clock.advance(6 * DAY);
    let (_, young) = studio.login("zoe", PASSWORD).await.unwrap();
    studio.clock.advance(DAY);
    studio.accounts.prune().await.unwrap();
    refused(studio.refresh(&tokens).await, AuthError::SessionEnded);
    assert!(studio.refresh(&young).await.is_ok());
    let left = throttle::FAILURES.scan(&studio.store, .., crate::store::Order::Ascending, 9).unwrap();
    assert_eq!(left.len(), 0);
}
