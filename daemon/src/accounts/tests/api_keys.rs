//! API keys.

use super::*;

fn new_key(scopes: &[Scope], expires_at: Option<Timestamp>) -> NewApiKey {
    NewApiKey { name: "script".to_owned(), scopes: scopes.to_vec(), expires_at }
}

impl Studio {
    fn by_key(&self, key: &SecretString) -> Result<Caller, AccountsError> {
        self.accounts.authenticate(key.expose_secret(), &origin())
    }
}

#[tokio::test]
async fn a_key_may_do_what_its_scopes_and_the_role_allow() {
    let studio = studio().await;
    let caller = studio.with_role("zoe", Role::Member).await;
    for (scopes, may) in [
        (&[Scope::Read][..], &[Permission::Read][..]),
        (&[Scope::Generate], &[Permission::Generate]),
        (&[Scope::Generate, Scope::Read, Scope::Read], &[Permission::Read, Permission::Generate]),
        (&[Scope::Admin], &[]),
    ] {
        let new = new_key(scopes, None);
        let (key, secret) = studio.accounts.create_api_key(&caller, studio.request(), new).await.unwrap();
        assert!(secret.expose_secret().starts_with(&format!("atl_{}_", key.prefix)));
        let shown = studio.by_key(&secret).unwrap();
        let got: Vec<_> = Permission::ALL.into_iter().filter(|permission| shown.may(*permission)).collect();
        assert_eq!(got, may, "{scopes:?}");
        denied(studio.accounts.api_keys(&shown), Denied::Scope(Permission::ManageOwn));
        let more = studio.accounts.create_api_key(&shown, studio.request(), new_key(scopes, None)).await;
        denied(more, Denied::Scope(Permission::ManageOwn));
    }
    let admin = studio.with_role("boss", Role::Admin).await;
    let new = new_key(&[Scope::Admin], None);
    let (_, secret) = studio.accounts.create_api_key(&admin, studio.request(), new).await.unwrap();
    assert!(studio.by_key(&secret).unwrap().may(Permission::Administer));
    assert!(!studio.by_key(&secret).unwrap().may(Permission::Read));
}

#[tokio::test]
async fn a_key_ends_when_it_expires_is_renewed_or_revoked() {
    let studio = studio().await;
    let caller = studio.with_role("zoe", Role::Member).await;
    let end = studio.clock.now().plus(HOUR);
    let new = new_key(&[Scope::Read], Some(end));
    let (key, first) = studio.accounts.create_api_key(&caller, studio.request(), new).await.unwrap();
    assert!(studio.by_key(&first).is_ok());
    let (renewed, second) = studio.accounts.regenerate_api_key(&caller, key.id).await.unwrap();
    assert_eq!(renewed, key);
    refused(studio.by_key(&first), AuthError::UnknownKey);
    assert!(studio.by_key(&second).is_ok());
    let (wrong, _) = second.expose_secret().split_at(second.expose_secret().len() - 1);
    refused(studio.by_key(&secret(&format!("{wrong}!"))), AuthError::UnknownKey);
    refused(studio.by_key(&secret(wrong)), AuthError::Malformed);
    studio.clock.set(end);
    refused(studio.by_key(&second), AuthError::KeyExpired);
    studio.accounts.revoke_api_key(&caller, key.id).await.unwrap();
    studio.accounts.revoke_api_key(&caller, key.id).await.unwrap();
    refused(studio.by_key(&second), AuthError::KeyRevoked);
    let revoked = studio.accounts.regenerate_api_key(&caller, key.id).await;
    assert!(matches!(revoked, Err(AccountsError::Conflict(_))), "{revoked:?}");
    let stranger = studio.with_role("adam", Role::Member).await;
    let foreign = studio.accounts.revoke_api_key(&stranger, key.id).await;
    assert_eq!(foreign, Err(AccountsError::NotFound("API key")));
}

#[tokio::test]
async fn repeating_the_making_of_a_key_gives_the_same_key_a_new_secret() {
    let studio = studio().await;
    let caller = studio.with_role("zoe", Role::Member).await;
    let request = studio.request();
    let make = |scope| studio.accounts.create_api_key(&caller, request, new_key(&[scope], None));
    let (first, lost) = make(Scope::Read).await.unwrap();
    let (again, secret) = make(Scope::Read).await.unwrap();
    assert_eq!(first, again);
    refused(studio.by_key(&lost), AuthError::UnknownKey);
    assert!(studio.by_key(&secret).is_ok());
    assert_eq!(make(Scope::Admin).await.unwrap_err(), AccountsError::OtherContent);
    assert_eq!(studio.accounts.api_keys(&caller).unwrap().len(), 1);
}

#[tokio::test]
async fn use_is_counted_in_memory_and_written_now_and_then() {
    let studio = studio().await;
    let caller = studio.with_role("zoe", Role::Member).await;
    let new = new_key(&[Scope::Read], None);
    let (_, secret) = studio.accounts.create_api_key(&caller, studio.request(), new).await.unwrap();
    for _ in 0..3 {
        studio.clock.advance(Duration::from_secs(1));
        studio.by_key(&secret).unwrap();
    }
    assert_eq!(studio.accounts.api_keys(&caller).unwrap()[0].call_count, 0);
    studio.accounts.flush_usage().await.unwrap();
    studio.accounts.flush_usage().await.unwrap();
    let key = &studio.accounts.api_keys(&caller).unwrap()[0];
    assert_eq!((key.call_count, key.last_used_at), (3, Some(studio.clock.now())));
}

#[tokio::test]
async fn bad_and_too_many_keys_are_refused() {
    let studio = empty(AccountsConfig { max_api_keys: 2, ..config(Registration::Open) });
    studio.accounts.seed_owner("owner").await.unwrap();
    let caller = studio.with_role("zoe", Role::Member).await;
    let make = |new| studio.accounts.create_api_key(&caller, studio.request(), new);
    let now = studio.clock.now();
    for (new, field) in [
        (new_key(&[], None), "scopes"),
        (new_key(&[Scope::Read], Some(now)), "expires_at"),
        (NewApiKey { name: " ".to_owned(), ..new_key(&[Scope::Read], None) }, "name"),
        (NewApiKey { name: "a\nb".to_owned(), ..new_key(&[Scope::Read], None) }, "name"),
    ] {
        let outcome = make(new).await;
        assert!(
            matches!(&outcome, Err(AccountsError::Invalid { field: got, .. }) if *got == field),
            "{outcome:?}"
        );
    }
    let (first, _) = make(new_key(&[Scope::Read], None)).await.unwrap();
    make(new_key(&[Scope::Read], None)).await.unwrap();
    assert!(matches!(make(new_key(&[Scope::Read], None)).await, Err(AccountsError::Exhausted(_))));
    studio.accounts.revoke_api_key(&caller, first.id).await.unwrap();
    make(new_key(&[Scope::Read], None)).await.unwrap();
    assert_eq!(studio.accounts.api_keys(&caller).unwrap().len(), 3);
}
