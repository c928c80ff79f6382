//! Who may open an account.

use super::*;

async fn register(studio: &Studio, name: &str, invitation: &SecretString) -> Result<Member, AccountsError> {
    let (request, password) = (studio.request(), secret(PASSWORD));
    let opened = studio.accounts.register(request, name, &password, invitation, &origin()).await?;
    Ok(opened.0)
}

#[tokio::test]
async fn registration_is_open_closed_or_by_invitation() {
    for (mode, answer) in [
        (Registration::Open, None),
        (Registration::Invite, Some(Closed::InvitationNeeded)),
        (Registration::Closed, Some(Closed::Registration)),
    ] {
        let studio = empty(config(mode));
        let outcome = register(&studio, "zoe", &secret("")).await;
        assert_eq!(outcome.err(), answer.map(AccountsError::Closed), "{mode:?}");
    }
}

#[tokio::test]
async fn an_invitation_counts_for_its_uses_and_its_time() {
    let studio = empty(config(Registration::Invite));
    studio.accounts.seed_owner("owner").await.unwrap();
    let spent = Err(AccountsError::Closed(Closed::InvitationSpent));
    let invite = |uses, valid| {
        let (accounts, owner, request) = (studio.accounts.clone(), studio.owner(), studio.request());
        async move { accounts.create_invitation(&owner, request, uses, valid).await }
    };
    let two = invite(2, Duration::ZERO).await.unwrap();
    assert_eq!(two.expires_at, studio.clock.now().plus(7 * DAY));
    register(&studio, "one", &two.code).await.unwrap();
    assert_eq!(register(&studio, "one", &two.code).await, Err(AccountsError::Taken), "costs no use");
    let typed = secret(&two.code.expose_secret().to_lowercase().replace('-', " "));
    register(&studio, "two", &typed).await.unwrap();
    assert_eq!(register(&studio, "three", &two.code).await, spent);
    assert_eq!(register(&studio, "three", &secret("ABCD-EFGH-JKMN-PQRS")).await, spent);
    assert_eq!(register(&studio, "three", &secret("nonsense")).await, spent);
    let short = invite(0, HOUR).await.unwrap();
    studio.clock.advance(HOUR);
    assert_eq!(register(&studio, "three", &short.code).await, spent);
    assert!(matches!(invite(1_001, HOUR).await, Err(AccountsError::Invalid { field: "uses", .. })));
    assert!(matches!(invite(1, 400 * DAY).await, Err(AccountsError::Invalid { field: "valid_s", .. })));
}

#[tokio::test]
async fn of_two_who_race_for_the_last_use_one_gets_in() {
    let studio = empty(config(Registration::Invite));
    studio.accounts.seed_owner("owner").await.unwrap();
    let (owner, request) = (studio.owner(), studio.request());
    let invitation = studio.accounts.create_invitation(&owner, request, 1, HOUR).await.unwrap();
    let code = &invitation.code;
    let (one, two) = tokio::join!(register(&studio, "one", code), register(&studio, "two", code));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn repeating_a_registration_repeats_the_answer() {
    let studio = studio().await;
    let request = studio.request();
    let again = |name: &'static str, password: &'static str| {
        let accounts = studio.accounts.clone();
        async move {
            accounts
                .register(request, name, &secret(password), &secret(""), &origin())
                .await
                .map(|got| got.0.id)
        }
    };
    let first = again("zoe", PASSWORD).await.unwrap();
    assert_eq!(again("Zoe", PASSWORD).await, Ok(first));
    assert_eq!(again("zoe", "another password").await, Err(AccountsError::OtherContent));
    assert_eq!(again("adam", PASSWORD).await, Err(AccountsError::OtherContent));
    assert_eq!(register(&studio, "zoe", &secret("")).await, Err(AccountsError::Taken));
}

#[tokio::test]
async fn bad_names_and_passwords_are_refused_with_a_rule() {
    let studio = studio().await;
    let try_it = |name: String, password: String| {
        let (accounts, request) = (studio.accounts.clone(), studio.request());
        async move {
            accounts.register(request, &name, &secret(&password), &secret(""), &origin()).await.map(drop)
        }
    };
    for (name, password, field) in [
        ("zo", PASSWORD, "name"),
        ("guest-zoe", PASSWORD, "name"),
        ("zoe", "too short", "password"),
        ("zoe", &"x".repeat(257), "password"),
        ("zoezoezoezoe", "ZoeZoeZoeZoe", "password"),
    ] {
        let outcome = try_it(name.to_owned(), password.to_owned()).await;
        assert!(
            matches!(&outcome, Err(AccountsError::Invalid { field: got, .. }) if *got == field),
            "{outcome:?}"
        );
    }
    assert!(try_it("zoe".to_owned(), "é".repeat(256)).await.is_ok());
}
