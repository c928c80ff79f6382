//! Passwords, failed logins, one-time codes.

use super::*;

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer() {
    let studio = studio().await;
    studio.join("zoe").await;
    let long = "x".repeat(100_000);
    for (name, password) in [
        ("zoe", "wrong password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("a name that can't be", PASSWORD),
        ("zoe", long.as_str()),
    ] {
        refused(studio.login(name, password).await, AuthError::WrongPassword);
    }
    let (member, _) = studio.login(" ZOE ", PASSWORD).await.unwrap();
    assert_eq!(member.last_login_at, Some(studio.clock.now()));
}

#[tokio::test]
async fn failures_slow_a_name_down_and_even_the_right_password_waits() {
    let studio = studio().await;
    studio.join("zoe").await;
    for _ in 0..5 {
        refused(studio.login("zoe", "wrong password").await, AuthError::WrongPassword);
    }
    let wait = AccountsError::Throttled { retry_after: Duration::from_secs(1) };
    assert_eq!(studio.login("zoe", PASSWORD).await.unwrap_err(), wait);
    assert!(wait.to_string().contains("1 s"));
    studio.clock.advance(Duration::from_secs(1));
    refused(studio.login("zoe", "wrong password").await, AuthError::WrongPassword);
    let wait = AccountsError::Throttled { retry_after: Duration::from_secs(2) };
    assert_eq!(studio.login("zoe", PASSWORD).await.unwrap_err(), wait);
    studio.clock.advance(Duration::from_secs(2));
    studio.login("zoe", PASSWORD).await.unwrap();
    refused(studio.login("zoe", "wrong password").await, AuthError::WrongPassword);
    studio.login("zoe", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn guesses_over_many_names_slow_the_network_down() {
    let studio = studio().await;
    studio.join("zoe").await;
    let from = |address: &str| Origin::new(Some(address.parse().unwrap()), "");
    for number in 0..20 {
        // Addresses of one IPv6 network count together.
        let origin = from(&format!("2001:db8::{number:x}"));
        let name = format!("name{number}");
        let outcome = studio.accounts.login(&name, &secret("wrong password"), "", &origin).await;
        refused(outcome, AuthError::WrongPassword);
    }
    let again = studio.accounts.login("zoe", &secret(PASSWORD), "", &from("2001:db8::ffff")).await;
    assert!(matches!(again, Err(AccountsError::Throttled { .. })), "{again:?}");
    assert!(studio.login("zoe", PASSWORD).await.is_ok(), "other networks are not concerned");
}

#[tokio::test]
async fn many_guesses_at_once_count_as_many() {
    let studio = studio().await;
    studio.join("zoe").await;
    let wrong = secret("wrong password");
    let from = origin();
    let guesses = (0..20).map(|_| studio.accounts.login("zoe", &wrong, "", &from));
    let outcomes = futures::future::join_all(guesses).await;
    let looked_at = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(AccountsError::Unauthenticated(AuthError::WrongPassword))))
        .count();
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_full_line_is_an_answer() {
    let mut config = config(Registration::Open);
    (config.password.at_a_time, config.password.waiting) = (1, 1);
    let studio = empty(config);
    let (password, from) = (secret("some password"), origin());
    let logins = (0..8).map(|_| studio.accounts.login("zoe", &password, "", &from));
    let outcomes = futures::future::join_all(logins).await;
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(AccountsError::Busy))), "{outcomes:?}");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let studio = studio().await;
    let (_, old) = studio.join("zoe").await;
    let (request, from) = (studio.request(), origin());
    let change = |current: &str, new: &str| {
        let (current, new) = (secret(current), secret(new));
        let accounts = studio.accounts.clone();
        let from = from.clone();
        async move { accounts.change_password(request, None, "zoe", &current, &new, &from).await }
    };
    refused(change("wrong password", "another password").await, AuthError::WrongPassword);
    assert!(matches!(change(PASSWORD, "short").await, Err(AccountsError::Invalid { .. })));
    let (_, tokens) = change(PASSWORD, "another password").await.unwrap();
    refused(studio.try_caller(&old), AuthError::SessionEnded);
    assert!(studio.try_caller(&tokens).is_ok());
    refused(studio.login("zoe", PASSWORD).await, AuthError::WrongPassword);
    // The answer was lost: the same act again logs in with the new password.
    change(PASSWORD, "another password").await.unwrap();
    refused(change(PASSWORD, "a third password").await, AuthError::WrongPassword);
    assert!(studio.login("zoe", "another password").await.is_ok());
}

#[tokio::test]
async fn the_owner_begins_with_a_one_time_code() {
    let studio = empty(config(Registration::Closed));
    assert_eq!(studio.accounts.local_owner(&origin()), Err(AccountsError::NotFound("member")));
    let code = studio.accounts.seed_owner("Boss").await.unwrap().unwrap();
    assert!(studio.accounts.seed_owner("boss").await.unwrap().is_none());
    refused(studio.login("boss", code.expose_secret()).await, AuthError::CodeForPassword);
    let set = |code: SecretString| {
        let (accounts, request) = (studio.accounts.clone(), studio.request());
        async move { accounts.change_password(request, None, "boss", &code, &secret(PASSWORD), &origin()).await }
    };
    let (owner, _) = set(code.clone()).await.unwrap();
    assert_eq!(owner.role, Role::Owner);
    refused(set(code).await, AuthError::WrongPassword);
    assert!(studio.login("boss", PASSWORD).await.is_ok());
    // A forgotten password is no end: the daemon's own socket needs none.
    let again = studio.accounts.reset_password(&studio.owner(), studio.request(), "boss").await.unwrap();
    studio.clock.set(again.expires_at);
    refused(set(again.code).await, AuthError::WrongPassword);
}
