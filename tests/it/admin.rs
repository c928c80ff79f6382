//! Running the studio: every act works, happens once, and is in the audit log with the old and the new value.

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, JobState, TransferKind},
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
};
use tonic::Code;

/// The newest entries of the audit log whose action begins so: who, what, old, new, why.
async fn audit(owner: &Client, action: &str) -> anyhow::Result<Vec<[String; 5]>> {
    let request = wire::ListAuditRequest { action: action.to_owned(), ..Default::default() };
    let entries = owner.admin().list_audit(request).await?.into_inner().entries;
    let told =
        |entry: wire::AuditEntry| [entry.actor, entry.entity, entry.old_value, entry.new_value, entry.reason];
    Ok(entries.into_iter().map(told).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn credits_are_given_and_taken_by_hand() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let owner = studio.owner()?;
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    let give = wire::AdjustCreditsRequest {
        request_id: request_id(),
        member: "ann".to_owned(),
        change_credits: 30,
        reason: "won the bake-off".to_owned(),
    };
    for _ in 0..2 {
        let row = owner.admin().adjust_credits(give.clone()).await?.into_inner().member;
        assert_eq!(row.context("no member")?.available_credits, 50, "twice is once");
    }
    assert_eq!(studio.adjust("ann", -10).await?.available_credits, 40);
    assert_eq!(
        audit(&owner, "credits.adjust").await?,
        [["owner", "ann", "50", "40", "for the test"], ["owner", "ann", "20", "50", "won the bake-off"],]
    );
    let refused = studio.adjust("ann", -1_000).await.unwrap_err().downcast::<tonic::Status>()?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "never below zero: {refused}");
    let other = wire::AdjustCreditsRequest { change_credits: 31, ..give.clone() };
    assert_eq!(acts::refusal(owner.admin().adjust_credits(other).await)?.code(), Code::AlreadyExists);
    let silent =
        wire::AdjustCreditsRequest { reason: "  ".to_owned(), request_id: request_id(), ..give.clone() };
    let refused = acts::refusal(owner.admin().adjust_credits(silent).await)?;
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(refused.message().starts_with("reason"), "{refused}");
    let refused = acts::refusal(ann.admin().adjust_credits(give).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied, "nobody helps themselves");
    let longest = wire::AdjustCreditsRequest {
        request_id: request_id(),
        member: "ann".to_owned(),
        change_credits: 1,
        reason: "礼".repeat(500),
    };
    owner.admin().adjust_credits(longest).await?;

    // The member sees who did it, and why.
    let by_hand =
        wire::ListTransfersRequest { kind: TransferKind::AdminAdjustment.into(), ..Default::default() };
    let transfers = ann.credits().list_transfers(by_hand).await?.into_inner().transfers;
    let told: Vec<_> =
        transfers.iter().map(|line| (line.change_credits, line.actor.as_str(), line.note.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, "admin", "礼".repeat(500).as_str()),
            (-10, "admin", "for the test"),
            (30, "admin", "won the bake-off")
        ]
    );
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_refunded_once() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let owner = studio.owner()?;
    let job = acts::make(&ann, thumbnail("bread")).await?.job;
    let refund = wire::RefundJobRequest {
        request_id: request_id(),
        job_id: job.job_id.clone(),
        reason: "the bread was burnt".to_owned(),
    };
    for _ in 0..2 {
        let answer = owner.admin().refund_job(refund.clone()).await?.into_inner();
        assert_eq!(answer.refunded_credits, 1);
        assert!(answer.job.context("no job")?.refunded);
    }
    let another = wire::RefundJobRequest { request_id: request_id(), ..refund.clone() };
    assert_eq!(owner.admin().refund_job(another).await?.into_inner().refunded_credits, 0, "nothing is left");
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    let entries = audit(&owner, "job.refund").await?;
    assert_eq!(entries, [["owner", job.job_id.as_str(), "1", "0", "the bread was burnt"]]);

    studio.valve.panic_next(1);
    let failed = acts::make(&ann, thumbnail("bread")).await?.job;
    let nothing = wire::RefundJobRequest { request_id: request_id(), job_id: failed.job_id, ..refund };
    let refused = acts::refusal(owner.admin().refund_job(nothing).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "what failed was not charged: {refused}");
    // The refunded job may go, and the ledger still says why there are credits.
    acts::delete(&ann, &job.job_id).await?;
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_may_look_but_not_act() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let owner = studio.owner()?;
    let made = acts::make(&ann, thumbnail("bread")).await?.job;
    let suspend = |suspended| wire::SetSuspendedRequest {
        request_id: request_id(),
        member: "ann".to_owned(),
        suspended,
        reason: "too much bread".to_owned(),
    };
    owner.admin().set_suspended(suspend(true)).await?;
    assert!(acts::who(&ann).await?.suspended);
    acts::job(&ann, &made.job_id).await?;
    ann.download(&made.results[0].asset_id, 0).await?;
    acts::balance(&ann).await?;
    for refused in [
        acts::refusal(acts::submit(&ann, thumbnail("more")).await)?,
        acts::refusal(acts::delete(&ann, &made.job_id).await)?,
        acts::refusal(ann.upload(&request_id(), "a.png", b"x".as_slice().into()).await)?,
        acts::refusal(atelier_tests::talk::Talk::begin(&ann).await.map(|talk| talk.id))?,
    ] {
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert!(refused.message().contains("this account is suspended"), "{refused}");
    }
    owner.admin().set_suspended(suspend(false)).await?;
    acts::make(&ann, thumbnail("more")).await?;
    assert_eq!(
        audit(&owner, "member.suspend").await?,
        [
            ["owner", "ann", "suspended", "active", "too much bread"],
            ["owner", "ann", "active", "suspended", "too much bread"],
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_given_by_those_above() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (ann, bob) = (studio.member("ann").await?, studio.member("bob").await?);
    let owner = studio.owner()?;
    let role = |member: &str, role: wire::Role| wire::SetRoleRequest {
        request_id: request_id(),
        member: member.to_owned(),
        role: role.into(),
    };
    let refused = acts::refusal(ann.admin().set_role(role("ann", wire::Role::Admin)).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    owner.admin().set_role(role("ann", wire::Role::Admin)).await?;
    ann.admin().set_role(role("bob", wire::Role::Moderator)).await?;
    assert_eq!(acts::who(&bob).await?.role(), wire::Role::Moderator);
    for (member, wanted) in
        [("bob", wire::Role::Admin), ("owner", wire::Role::Member), ("bob", wire::Role::Owner)]
    {
        let refused = acts::refusal(ann.admin().set_role(role(member, wanted)).await)?;
        assert_eq!(refused.code(), Code::PermissionDenied, "{member} {wanted:?}: {refused}");
    }
    assert_eq!(
        audit(&owner, "member.role").await?,
        [["ann", "bob", "member", "moderator", ""], ["owner", "ann", "member", "admin", ""],]
    );
    let search = wire::ListMembersRequest { search: "B".to_owned(), ..Default::default() };
    let found = ann.admin().list_members(search).await?.into_inner().members;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].member.as_ref().context("no member")?.name, "bob");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_runs_a_members_job_again() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let owner = studio.owner()?;
    studio.valve.panic_next(1);
    let failed = acts::make(&ann, thumbnail("bread")).await?.job;
    let retry = wire::RetryMemberJobRequest { request_id: request_id(), job_id: failed.job_id.clone() };
    let again = owner.admin().retry_member_job(retry.clone()).await?.into_inner().job.context("no job")?;
    let same = owner.admin().retry_member_job(retry).await?.into_inner().job.context("no job")?;
    assert_eq!((again.job_id.as_str(), again.member_name.as_str()), (same.job_id.as_str(), "ann"));
    let made = acts::follow(&ann, &again.job_id, 0).await?.job;
    assert_eq!(made.state(), JobState::Succeeded);
    assert_eq!(acts::balance(&ann).await?.available_credits, 19, "the owner of the job pays");
    let entries = audit(&owner, "job.retry").await?;
    assert_eq!(entries, [["owner", failed.job_id.as_str(), "failed", again.job_id.as_str(), ""]]);
    let all = owner.admin().list_all_jobs(wire::ListAllJobsRequest::default()).await?.into_inner().jobs;
    assert_eq!(all.iter().map(|job| job.member_name.as_str()).collect::<Vec<_>>(), ["ann", "ann"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_price_is_for_new_jobs() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let before = acts::submit(&ann, thumbnail("bread")).await?;
    studio.set_price(5).await?;
    let bounded = wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(thumbnail("bread")),
        max_price_credits: Some(1),
    };
    let refused = acts::refusal(ann.jobs().submit_job(bounded).await)?;
    assert_eq!(refused.code(), Code::Aborted);
    assert!(refused.message().contains("it costs 5 credits now"), "{refused}");
    studio.valve.release();
    assert_eq!(acts::follow(&ann, &before.job_id, 0).await?.job.charged_credits, 1);
    assert_eq!(acts::make(&ann, thumbnail("bread")).await?.job.charged_credits, 5);
    assert_eq!(audit(&studio.owner()?, "algorithm.price").await?.len(), 1);
    studio.ledger_is_sound().await?;
    Ok(())
}
