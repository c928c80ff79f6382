//! Who may come in: registration, logins, passwords and sessions.

use std::time::Duration;

use anyhow::Context as _;
use atelier_daemon::{accounts::Registration, clock::Clock};
use atelier_proto::{
    RETRY_AFTER_MS, request_id,
    v1::{self as wire, RegisterRequest},
};
use atelier_tests::{PASSWORD, Studio, acts, noon, registration};
use tonic::Code;

fn login(name: &str, password: &str) -> wire::LoginRequest {
    wire::LoginRequest { name: name.to_owned(), password: password.to_owned(), device: "desk".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_studio_lets_nobody_in() -> anyhow::Result<()> {
    let studio =
        Studio::with(Clock::system(), |config| config.accounts.registration = Registration::Closed).await?;
    let stranger = studio.stranger()?;
    let info = stranger.system().get_info(wire::GetInfoRequest {}).await?.into_inner();
    assert_eq!(info.registration(), wire::Registration::Closed);
    let refused = acts::refusal(stranger.accounts().register(registration("ann")).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("registration is closed"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_lets_somebody_into_a_closed_studio() -> anyhow::Result<()> {
    let studio =
        Studio::with(Clock::system(), |config| config.accounts.registration = Registration::Closed).await?;
    let (owner, stranger) = (studio.owner()?, studio.stranger()?);
    let create = wire::CreateMemberRequest { request_id: request_id(), name: "Ann".to_owned() };
    let refused = acts::refusal(stranger.admin().create_member(create.clone()).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    let lost = owner.admin().create_member(create.clone()).await?.into_inner();
    let opened = owner.admin().create_member(create.clone()).await?.into_inner();
    let member = opened.member.context("no member")?;
    assert_eq!((member.name.as_str(), member.role()), ("ann", wire::Role::Member));
    assert_eq!(lost.member.context("no member")?.member_id, member.member_id, "twice is once");
    let other = wire::CreateMemberRequest { request_id: request_id(), ..create };
    let taken = acts::refusal(owner.admin().create_member(other).await)?;
    assert_eq!(taken.code(), Code::AlreadyExists);

    let change = |code: &str| wire::ChangePasswordRequest {
        request_id: request_id(),
        name: "ann".to_owned(),
        current: code.to_owned(),
        new_password: PASSWORD.to_owned(),
    };
    let void = acts::refusal(stranger.accounts().change_password(change(&lost.code)).await)?;
    assert_eq!(void.code(), Code::Unauthenticated, "the second code took the place of the first");
    let tokens = stranger.accounts().change_password(change(&opened.code)).await?.into_inner().tokens;
    let ann = studio.session(tokens.context("no tokens")?)?;
    assert_eq!(acts::who(&ann).await?.name, "ann");
    let create = wire::CreateMemberRequest { request_id: request_id(), name: "bob".to_owned() };
    let refused = acts::refusal(ann.admin().create_member(create).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);

    let log = wire::ListAuditRequest { action: "member.create".to_owned(), ..Default::default() };
    let entries = owner.admin().list_audit(log).await?.into_inner().entries;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.actor.as_str(), entry.entity.as_str(), entry.new_value.as_str()))
        .collect();
    assert_eq!(told, [("owner", "ann", "member")]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_in_as_often_and_as_long_as_it_says() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |config| config.accounts.registration = Registration::Invite).await?;
    let (owner, stranger) = (studio.owner()?, studio.stranger()?);
    let refused = acts::refusal(stranger.accounts().register(registration("ann")).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("needs an invitation"), "{refused}");

    let invite = wire::CreateInvitationRequest { request_id: request_id(), uses: 2, valid_s: 600 };
    let code = owner.admin().create_invitation(invite).await?.into_inner().invitation;
    let invited = |name: &str| RegisterRequest { invitation: code.clone(), ..registration(name) };
    let ann = invited("ann");
    stranger.accounts().register(ann.clone()).await?;
    stranger.accounts().register(ann).await.context("a repetition uses nothing up")?;
    stranger.accounts().register(invited("bob")).await?;
    let spent = acts::refusal(stranger.accounts().register(invited("cid")).await)?;
    assert_eq!(spent.code(), Code::PermissionDenied);
    assert!(spent.message().contains("does not count"), "{spent}");

    let invite = wire::CreateInvitationRequest { request_id: request_id(), uses: 1, valid_s: 600 };
    let late = owner.admin().create_invitation(invite).await?.into_inner().invitation;
    studio.clock.advance(Duration::from_secs(600));
    let late = RegisterRequest { invitation: late, ..registration("cid") };
    let expired = acts::refusal(stranger.accounts().register(late).await)?;
    assert_eq!(expired.message(), spent.message(), "why it does not count is nobody's business");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_passwords_are_checked() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let stranger = studio.stranger()?;
    stranger.accounts().register(registration("ann")).await?;
    let taken = acts::refusal(stranger.accounts().register(registration("Ann")).await)?;
    assert_eq!(taken.code(), Code::AlreadyExists);
    for (name, password, telling) in [
        ("an", PASSWORD, "name"),
        ("a n n", PASSWORD, "name"),
        ("bob", "short", "password"),
        ("bob", &"x".repeat(257), "password"),
    ] {
        let request = RegisterRequest { password: password.to_owned(), ..registration(name) };
        let refused = acts::refusal(stranger.accounts().register(request).await)?;
        assert_eq!(refused.code(), Code::InvalidArgument, "{name}: {refused}");
        assert!(refused.message().starts_with(telling), "{refused}");
    }
    // A wrong password and a name that nobody has look the same.
    let wrong = acts::refusal(stranger.accounts().login(login("ann", "not the password")).await)?;
    let nobody = acts::refusal(stranger.accounts().login(login("nobody", PASSWORD)).await)?;
    assert_eq!((wrong.code(), wrong.message()), (Code::Unauthenticated, nobody.message()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    studio.member("ann").await?;
    let stranger = studio.stranger()?;
    let throttled = loop {
        let refused = acts::refusal(stranger.accounts().login(login("ann", "a guess, a guess")).await)?;
        if refused.code() != Code::Unauthenticated {
            break refused;
        }
    };
    assert_eq!(throttled.code(), Code::ResourceExhausted);
    assert!(throttled.message().contains("too many failed attempts"), "{throttled}");
    let wait = throttled.metadata().get(RETRY_AFTER_MS).context("no time to wait")?.to_str()?.parse()?;
    let early = acts::refusal(stranger.accounts().login(login("ann", PASSWORD)).await)?;
    assert_eq!(early.code(), Code::ResourceExhausted, "not even the right one gets through early");
    studio.clock.advance(Duration::from_millis(wait));
    stranger.accounts().login(login("ann", PASSWORD)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_its_owner() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let stranger = studio.stranger()?;
    let change = |current: &str| wire::ChangePasswordRequest {
        request_id: request_id(),
        name: String::new(),
        current: current.to_owned(),
        new_password: "another good password".to_owned(),
    };
    let refused = acts::refusal(ann.accounts().change_password(change("a wrong password")).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    let tokens = ann.accounts().change_password(change(PASSWORD)).await?.into_inner().tokens;
    let refused = acts::refusal(acts::who(&ann).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated, "every other session has ended");
    acts::who(&studio.session(tokens.context("no tokens")?)?).await?;
    acts::refusal(stranger.accounts().login(login("ann", PASSWORD)).await)?;
    stranger.accounts().login(login("ann", "another good password")).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset_with_a_code() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    let stranger = studio.stranger()?;
    let reset = wire::ResetPasswordRequest { request_id: request_id(), member: "ann".to_owned() };
    let code = studio.owner()?.admin().reset_password(reset).await?.into_inner().code;
    assert_eq!(acts::refusal(acts::who(&ann).await)?.code(), Code::Unauthenticated);
    acts::refusal(stranger.accounts().login(login("ann", PASSWORD)).await)?;
    acts::refusal(stranger.accounts().login(login("ann", &code)).await).context("a code is no password")?;

    let change = |code: &str, id: String| wire::ChangePasswordRequest {
        request_id: id,
        name: "ann".to_owned(),
        current: code.to_owned(),
        new_password: "another good password".to_owned(),
    };
    let changed = stranger.accounts().change_password(change(&code, request_id())).await?.into_inner();
    acts::who(&studio.session(changed.tokens.context("no tokens")?)?).await?;
    stranger.accounts().login(login("ann", "another good password")).await?;
    let twice = acts::refusal(stranger.accounts().change_password(change(&code, request_id())).await)?;
    assert_eq!(twice.code(), Code::Unauthenticated, "a code works once");

    let reset = wire::ResetPasswordRequest { request_id: request_id(), member: "ann".to_owned() };
    let code = studio.owner()?.admin().reset_password(reset).await?.into_inner().code;
    studio.clock.advance(Duration::from_secs(24 * 60 * 60));
    let late = acts::refusal(stranger.accounts().change_password(change(&code, request_id())).await)?;
    assert_eq!(late.code(), Code::Unauthenticated, "and not for ever");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let desk = studio.member("ann").await?;
    let tokens = studio.stranger()?.accounts().login(login("ann", PASSWORD)).await?.into_inner().tokens;
    let couch = studio.session(tokens.context("no tokens")?)?;
    let sessions = couch.accounts().list_sessions(wire::ListSessionsRequest {}).await?.into_inner().sessions;
    assert_eq!(sessions.iter().map(|session| session.current).collect::<Vec<_>>(), [true, false]);
    assert_eq!((sessions[0].device.as_str(), sessions[0].address.as_str()), ("desk", "127.0.0.1"));
    let end = wire::LogoutRequest {
        request_id: request_id(),
        session_id: sessions[1].session_id.clone(),
        everywhere: false,
    };
    assert_eq!(couch.accounts().logout(end.clone()).await?.into_inner().ended, 1);
    assert_eq!(acts::refusal(acts::who(&desk).await)?.code(), Code::Unauthenticated);
    let refused = acts::refusal(couch.accounts().logout(end).await)?;
    assert_eq!(refused.code(), Code::NotFound);
    acts::who(&couch).await?;
    Ok(())
}
