//! Members: find, add, credit, promote, suspend, let back in, invite.

use std::time::Duration;

use atelier_proto::{
    request_id,
    v1::{
        AdjustCreditsRequest, CreateInvitationRequest, CreateMemberRequest, ListMembersRequest, Member,
        MemberRow, ResetPasswordRequest, Role, SetRoleRequest, SetSuspendedRequest,
    },
};
use prost_types::Timestamp;
use serde_json::{Value, json};

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        pages,
        table::Table,
        view, words,
    },
    session::Session,
};

pub(super) async fn list(context: &Context, session: &Session, search: &str) -> Result<Exit, Failure> {
    let rows = pages::collect(None, |page_size, page_token| async move {
        let request = ListMembersRequest { search: search.to_owned(), page_size, page_token };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.admin().list_members(request).await }
            })
            .await?;
        Ok((answer.members, answer.next_page_token))
    })
    .await?;
    let mut table = Table::new(
        &["name", "role", "plan", "credits", "set aside", "jobs", "since", "last seen"],
        &[3, 4, 5],
    );
    for row in &rows {
        context.out.object(&row_view(row));
        let member = row.member.clone().unwrap_or_default();
        let role = words::role(member.role());
        table.row([
            member.name,
            if member.suspended { format!("{role}, suspended") } else { role.to_owned() },
            member.plan,
            words::number(row.available_credits),
            words::number(row.reserved_credits),
            words::number(row.job_count),
            words::when(member.created_at.as_ref(), &context.zone),
            words::when(member.last_login_at.as_ref(), &context.zone),
        ]);
    }
    if rows.is_empty() {
        context.out.note("Nobody is called so.");
    } else {
        context.out.line(&table.text());
    }
    Ok(Exit::Ok)
}

fn row_view(row: &MemberRow) -> Value {
    json!({
        "member": row.member.as_ref().map(view::member),
        "available_credits": row.available_credits,
        "reserved_credits": row.reserved_credits,
        "job_count": row.job_count,
    })
}

pub(super) async fn add(context: &Context, session: &Session, name: &str) -> Result<Exit, Failure> {
    let request = CreateMemberRequest { request_id: request_id(), name: name.to_owned() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().create_member(request).await }
        })
        .await?;
    let (member, until) = (answer.member.unwrap_or_default(), answer.expires_at.as_ref());
    context.out.object(&json!({
        "member": view::member(&member),
        "code": answer.code,
        "expires_at": words::iso(until),
    }));
    hand_over(context, &member.name, until);
    context.out.line(&answer.code);
    Ok(Exit::Ok)
}

/// Says what a one-time code is for.
fn hand_over(context: &Context, member: &str, until: Option<&Timestamp>) {
    context.out.note(&format!(
        "Hand this code to {member}; it is good until {} for `atelier passwd {member}`:",
        words::when(until, &context.zone)
    ));
}

pub(super) async fn credits(
    context: &Context,
    session: &Session,
    member: &str,
    change_credits: i64,
    reason: &str,
) -> Result<Exit, Failure> {
    let request = AdjustCreditsRequest {
        request_id: request_id(),
        member: member.to_owned(),
        change_credits,
        reason: reason.to_owned(),
    };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().adjust_credits(request).await }
        })
        .await?;
    let row = answer.member.unwrap_or_default();
    context.out.object(&row_view(&row));
    let name = row.member.unwrap_or_default().name;
    context.out.line(&format!("{name} has {} now.", words::credits(row.available_credits)));
    Ok(Exit::Ok)
}

pub(super) async fn role(
    context: &Context,
    session: &Session,
    member: &str,
    role: Role,
) -> Result<Exit, Failure> {
    let request = SetRoleRequest { request_id: request_id(), member: member.to_owned(), role: role.into() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().set_role(request).await }
        })
        .await?;
    say_standing(context, &answer.member.unwrap_or_default());
    Ok(Exit::Ok)
}

pub(super) async fn suspend(
    context: &Context,
    session: &Session,
    member: &str,
    suspended: bool,
    reason: &str,
) -> Result<Exit, Failure> {
    let request = SetSuspendedRequest {
        request_id: request_id(),
        member: member.to_owned(),
        suspended,
        reason: reason.to_owned(),
    };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().set_suspended(request).await }
        })
        .await?;
    say_standing(context, &answer.member.unwrap_or_default());
    Ok(Exit::Ok)
}

fn say_standing(context: &Context, member: &Member) {
    context.out.object(&view::member(member));
    let suspended = if member.suspended { " and suspended" } else { "" };
    context.out.line(&format!("{} is {}{suspended} now.", member.name, words::role(member.role())));
}

pub(super) async fn reset(context: &Context, session: &Session, member: &str) -> Result<Exit, Failure> {
    let request = ResetPasswordRequest { request_id: request_id(), member: member.to_owned() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().reset_password(request).await }
        })
        .await?;
    let until = answer.expires_at.as_ref();
    context.out.object(&json!({ "code": answer.code, "expires_at": words::iso(until) }));
    hand_over(context, member, until);
    context.out.line(&answer.code);
    Ok(Exit::Ok)
}

pub(super) async fn invite(
    context: &Context,
    session: &Session,
    uses: u32,
    valid: Duration,
) -> Result<Exit, Failure> {
    let valid_s = u32::try_from(valid.as_secs()).unwrap_or(u32::MAX);
    let request = CreateInvitationRequest { request_id: request_id(), uses, valid_s };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().create_invitation(request).await }
        })
        .await?;
    let until = answer.expires_at.as_ref();
    context.out.object(&json!({ "invitation": answer.invitation, "expires_at": words::iso(until) }));
    context.out.note(&format!("Good until {}:", words::when(until, &context.zone)));
    context.out.line(&answer.invitation);
    Ok(Exit::Ok)
}
