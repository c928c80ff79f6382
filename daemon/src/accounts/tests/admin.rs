//! What admins do, and what bots do for chat users.

use super::*;
use crate::audit::{self, Entry};
use crate::page::Page;

fn log(studio: &Studio, action: &str) -> Vec<Entry> {
    audit::list(&studio.store, &Page::largest(), action).unwrap().items
}

#[tokio::test]
async fn roles_change_at_once_and_are_written_down() {
    let studio = studio().await;
    let (zoe, tokens) = studio.join("zoe").await;
    let admin = studio.with_role("boss", Role::Admin).await;
    let request = studio.request();
    let set = |who: &'static str, role| studio.accounts.set_role(&admin, request, who, role);
    assert_eq!(set("zoe", Role::Moderator).await.unwrap().role, Role::Moderator);
    assert!(studio.caller(&tokens).may(Permission::Moderate));
    set("zoe", Role::Moderator).await.unwrap();
    assert_eq!(set("zoe", Role::Bot).await, Err(AccountsError::OtherContent));
    let entries = log(&studio, "member.role");
    assert_eq!(entries.len(), 2, "the owner's and the admin's; a repetition is not another act");
    let entry = &entries[0];
    assert_eq!((entry.actor.as_str(), entry.entity.as_str()), ("boss", "zoe"));
    assert_eq!((entry.old.as_str(), entry.new.as_str()), ("member", "moderator"));
    assert_eq!((entry.address.as_str(), entry.client.as_str()), ("203.0.113.7", "test/1"));
    let by_id = studio.accounts.find(&zoe.id.to_string()).unwrap();
    assert_eq!((by_id.id, by_id.role), (zoe.id, Role::Moderator));
}

#[tokio::test]
async fn nobody_climbs_over_the_owner_or_acts_on_themselves() {
    let studio = studio().await;
    let admin = studio.with_role("boss", Role::Admin).await;
    let other = studio.with_role("boss2", Role::Admin).await;
    let member = studio.with_role("zoe", Role::Member).await;
    let needed = Denied::Role { role: Role::Member, needed: Permission::Administer };
    denied(studio.accounts.set_role(&member, studio.request(), "boss", Role::Member).await, needed);
    denied(studio.accounts.reset_password(&member, studio.request(), "boss").await, needed);
    denied(studio.accounts.create_invitation(&member, studio.request(), 1, HOUR).await, needed);
    denied(studio.accounts.members(&member, "", &Page::largest()), needed);
    let above = |target| Denied::Outranked { actor: Role::Admin, target };
    for (who, target) in [("owner", Role::Owner), ("boss2", Role::Admin)] {
        denied(studio.accounts.set_role(&admin, studio.request(), who, Role::Member).await, above(target));
        denied(studio.accounts.set_suspended(&admin, studio.request(), who, true, "x").await, above(target));
        denied(studio.accounts.reset_password(&admin, studio.request(), who).await, above(target));
    }
    let up = studio.accounts.set_role(&admin, studio.request(), "zoe", Role::Admin).await;
    denied(up, Denied::OwnerOnly(Role::Admin));
    denied(studio.accounts.reset_password(&admin, studio.request(), "boss").await, Denied::Oneself);
    let owner = studio.owner();
    denied(
        studio.accounts.set_suspended(&owner, studio.request(), "owner", true, "x").await,
        Denied::Oneself,
    );
    studio.accounts.set_role(&owner, studio.request(), "boss2", Role::Member).await.unwrap();
    // The caller was looked up before the role was taken away; the act looks again.
    let late = studio.accounts.set_role(&other, studio.request(), "zoe", Role::Moderator).await;
    denied(late, needed);
    assert_eq!(log(&studio, "member.suspend").len(), 0, "what was refused is not written");
}

#[tokio::test]
async fn the_suspended_may_look_but_not_act() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    let owner = studio.owner();
    let without = studio.accounts.set_suspended(&owner, studio.request(), "zoe", true, " ").await;
    assert!(matches!(without, Err(AccountsError::Invalid { field: "reason", .. })));
    studio.accounts.set_suspended(&owner, studio.request(), "zoe", true, "spam").await.unwrap();
    let caller = studio.caller(&tokens);
    assert!(caller.may(Permission::Read));
    assert_eq!(caller.require(Permission::Generate), Err(Denied::Suspended(Permission::Generate)));
    assert!(!caller.may(Permission::ManageOwn));
    let entry = &log(&studio, "member.suspend")[0];
    assert_eq!(
        (entry.old.as_str(), entry.new.as_str(), entry.reason.as_str()),
        ("active", "suspended", "spam")
    );
    studio.accounts.set_suspended(&owner, studio.request(), "zoe", false, "sorry").await.unwrap();
    assert!(studio.caller(&tokens).may(Permission::Generate));
}

#[tokio::test]
async fn a_reset_ends_everything_and_leaves_one_code() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    let (owner, request) = (studio.owner(), studio.request());
    let lost = studio.accounts.reset_password(&owner, request, "zoe").await.unwrap();
    refused(studio.try_caller(&tokens), AuthError::SessionEnded);
    refused(studio.login("zoe", PASSWORD).await, AuthError::WrongPassword);
    let reset = studio.accounts.reset_password(&owner, request, "zoe").await.unwrap();
    let set = |code: SecretString| {
        let (accounts, request) = (studio.accounts.clone(), studio.request());
        async move {
            let new = secret("a whole new password");
            accounts.change_password(request, None, "zoe", &code, &new, &origin()).await
        }
    };
    refused(set(lost.code).await, AuthError::WrongPassword);
    set(reset.code.clone()).await.unwrap();
    refused(set(reset.code).await, AuthError::WrongPassword);
    let late = studio.accounts.reset_password(&owner, request, "zoe").await;
    assert!(matches!(late, Err(AccountsError::Conflict(_))), "{late:?}");
    let entries = log(&studio, "member.reset_password");
    assert_eq!((entries.len(), entries[0].old.as_str()), (1, "1 sessions"));
}

#[tokio::test]
async fn an_admin_opens_an_account_where_registration_is_closed() {
    let studio = empty(config(Registration::Closed));
    studio.accounts.seed_owner("owner").await.unwrap();
    let (owner, request) = (studio.owner(), studio.request());
    let create = |request, name: &'static str| studio.accounts.create_member(&owner, request, name);
    let (zoe, lost) = create(request, "Zoe").await.unwrap();
    assert_eq!((zoe.name.as_str(), zoe.role, zoe.last_login_at), ("zoe", Role::Member, None));
    let (again, shown) = create(request, "zoe").await.unwrap();
    assert_eq!(again, zoe, "a repetition opens no other");
    assert_eq!(create(request, "kim").await.map(drop), Err(AccountsError::OtherContent));
    assert_eq!(create(studio.request(), "zoe").await.map(drop), Err(AccountsError::Taken));
    let wrong = create(studio.request(), "guest-7").await.map(drop);
    assert!(matches!(wrong, Err(AccountsError::Invalid { field: "name", .. })), "{wrong:?}");

    refused(studio.login("zoe", "").await, AuthError::WrongPassword);
    let set = |code: SecretString| {
        let (accounts, request) = (studio.accounts.clone(), studio.request());
        async move { accounts.change_password(request, None, "zoe", &code, &secret(PASSWORD), &origin()).await }
    };
    refused(set(lost.code).await, AuthError::WrongPassword);
    set(shown.code).await.unwrap();
    let (zoe, tokens) = studio.login("zoe", PASSWORD).await.unwrap();
    let late = create(request, "zoe").await.map(drop);
    assert!(matches!(late, Err(AccountsError::Conflict(_))), "{late:?}");
    let entries = log(&studio, "member.create");
    assert_eq!((entries.len(), entries[0].actor.as_str(), entries[0].entity.as_str()), (1, "owner", "zoe"));

    let needed = Denied::Role { role: Role::Member, needed: Permission::Administer };
    denied(studio.accounts.create_member(&studio.caller(&tokens), studio.request(), "kim").await, needed);
    assert_eq!(zoe.role, Role::Member);
}

#[tokio::test]
async fn a_lost_invitation_is_shown_anew_and_the_first_code_is_void() {
    let studio = empty(config(Registration::Invite));
    studio.accounts.seed_owner("owner").await.unwrap();
    let (owner, request) = (studio.owner(), studio.request());
    let lost = studio.accounts.create_invitation(&owner, request, 1, HOUR).await.unwrap();
    let shown = studio.accounts.create_invitation(&owner, request, 1, HOUR).await.unwrap();
    let join = |name: &'static str, code: SecretString| {
        let (accounts, request) = (studio.accounts.clone(), studio.request());
        async move { accounts.register(request, name, &secret(PASSWORD), &code, &origin()).await.map(drop) }
    };
    assert_eq!(join("one", lost.code).await, Err(AccountsError::Closed(Closed::InvitationSpent)));
    assert_eq!(join("one", shown.code).await, Ok(()));
    let late = studio.accounts.create_invitation(&owner, request, 1, HOUR).await;
    assert!(matches!(late, Err(AccountsError::Conflict(_))), "{late:?}");
    let entries = log(&studio, "invitation.create");
    assert_eq!(entries.len(), 1);
    assert!(entries[0].new.starts_with("1 uses until"), "{:?}", entries[0]);
}

#[tokio::test]
async fn members_are_listed_by_name_in_pages() {
    let studio = studio().await;
    for name in ["cleo", "anna", "bob", "joanna"] {
        studio.join(name).await;
    }
    let list = |search: &str, size, token: &str| {
        let page = Page::parse(size, token).unwrap();
        let listed = studio.accounts.members(&studio.owner(), search, &page).unwrap();
        (listed.items.into_iter().map(|member| member.name).collect::<Vec<_>>(), listed.next)
    };
    let (first, next) = list("", 3, "");
    assert_eq!(first, ["anna", "bob", "cleo"]);
    assert_eq!(list("", 3, &next), (vec!["joanna".to_owned(), "owner".to_owned()], String::new()));
    assert_eq!(list("ANNA", 9, "").0, ["anna", "joanna"]);
    assert_eq!(studio.accounts.find("nobody"), Err(AccountsError::NotFound("member")));
    assert_eq!(studio.accounts.find("no name\n"), Err(AccountsError::NotFound("member")));
}

#[tokio::test]
async fn only_bots_act_for_chat_users_who_stay_guests() {
    let studio = studio().await;
    let bot = studio.with_role("robot", Role::Bot).await;
    let identity: ChatIdentity = "discord:1234:5678".parse().unwrap();
    let elsewhere: ChatIdentity = "discord:1234:9".parse().unwrap();
    let (one, two) = tokio::join!(
        studio.accounts.act_for(&bot, identity.clone()),
        studio.accounts.act_for(&bot, elsewhere)
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.member.id, two.member.id, "a user is the same in all channels");
    assert_eq!((one.member.role, one.acting.clone()), (Role::Guest, Some(identity.clone())));
    assert!(one.may(Permission::Generate) && !one.may(Permission::ManageOwn));
    assert!(!bot.may(Permission::Generate), "a bot asks for nothing itself");
    denied(studio.accounts.act_for(&one, identity.clone()).await, Denied::NotBot);
    let admin = studio.with_role("boss", Role::Admin).await;
    denied(studio.accounts.act_for(&admin, identity.clone()).await, Denied::NotBot);
    denied(studio.accounts.logout(&one, Logout::Everywhere).await, Denied::Acting(Permission::ManageOwn));
    // Even for an account that administers, a chat is only good for reading and generating.
    let linked = Caller { acting: Some(identity), ..admin };
    let may: Vec<_> = Permission::ALL.into_iter().filter(|permission| linked.may(*permission)).collect();
    assert_eq!(may, [Permission::Read, Permission::Generate]);
}
