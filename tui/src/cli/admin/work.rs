//! Everybody's jobs.

use atelier_proto::{
    request_id,
    v1::{JobKind, ListAllJobsRequest, RefundJobRequest, RetryMemberJobRequest},
};
use serde_json::json;

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        jobs::{self, StateArg},
        pages,
        view::JobView,
        words,
    },
    session::Session,
};

pub(super) async fn list(
    context: &Context,
    session: &Session,
    state: Option<StateArg>,
    member: &str,
    limit: Option<u32>,
) -> Result<Exit, Failure> {
    let jobs = pages::collect(limit, |page_size, page_token| async move {
        let request = ListAllJobsRequest {
            page_size,
            page_token,
            kind: JobKind::Unspecified.into(),
            state: jobs::filter(state),
            member: member.to_owned(),
        };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.admin().list_all_jobs(request).await }
            })
            .await?;
        Ok((answer.jobs, answer.next_page_token))
    })
    .await?;
    jobs::print(context, &jobs, "No such jobs.");
    Ok(Exit::Ok)
}

pub(super) async fn retry(context: &Context, session: &Session, job_id: &str) -> Result<Exit, Failure> {
    let request = RetryMemberJobRequest { request_id: request_id(), job_id: job_id.to_owned() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().retry_member_job(request).await }
        })
        .await?;
    let job = answer.job.unwrap_or_default();
    context.out.object(&JobView::from(&job));
    context.out.line(&format!("It runs again as job {}.", job.job_id));
    Ok(Exit::Ok)
}

pub(super) async fn refund(
    context: &Context,
    session: &Session,
    job_id: &str,
    reason: &str,
) -> Result<Exit, Failure> {
    let request =
        RefundJobRequest { request_id: request_id(), job_id: job_id.to_owned(), reason: reason.to_owned() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().refund_job(request).await }
        })
        .await?;
    let job = answer.job.unwrap_or_default();
    context.out.object(&json!({ "job": JobView::from(&job), "refunded_credits": answer.refunded_credits }));
    context.out.line(&format!("{} went back.", words::credits(answer.refunded_credits)));
    Ok(Exit::Ok)
}
