//! `jobs`, `cancel`, `retry`.

use atelier_proto::{
    request_id,
    v1::{CancelJobRequest, Job, JobKind, JobState, ListJobsRequest, RetryJobRequest},
};
use jiff::tz::TimeZone;

use super::{
    Context,
    exit::{Act, Exit, Failure},
    pages,
    table::{Table, shorten},
    view::{self, JobView},
    words,
};
use crate::session::Session;

/// Which jobs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: atelier jobs --state failed --all --json")]
pub(crate) struct JobsArgs {
    /// Only those in this state
    #[arg(long, value_enum)]
    pub(crate) state: Option<StateArg>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
    pub(crate) limit: u32,
    /// Every one there is
    #[arg(long)]
    pub(crate) all: bool,
}

/// A job to end.
#[derive(Debug, clap::Args)]
pub(crate) struct CancelArgs {
    /// Id of the job
    pub(crate) job: String,
}

/// A job to repeat.
#[derive(Debug, clap::Args)]
pub(crate) struct RetryArgs {
    /// Id of the job
    pub(crate) job: String,
    /// Take a new seed instead of the same
    #[arg(long)]
    pub(crate) new_seed: bool,
}

/// A state to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StateArg {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl From<StateArg> for JobState {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Queued => Self::Queued,
            StateArg::Running => Self::Running,
            StateArg::Succeeded => Self::Succeeded,
            StateArg::Failed => Self::Failed,
            StateArg::Cancelled => Self::Cancelled,
        }
    }
}

/// The state's number on the wire; none means any.
pub(crate) fn filter(state: Option<StateArg>) -> i32 {
    state.map_or(JobState::Unspecified, JobState::from).into()
}

pub(crate) async fn list(context: &Context, session: &Session, args: &JobsArgs) -> Result<Exit, Failure> {
    let limit = (!args.all).then_some(args.limit);
    let jobs = pages::collect(limit, |page_size, page_token| async move {
        let request = ListJobsRequest {
            page_size,
            page_token,
            kind: JobKind::Unspecified.into(),
            state: filter(args.state),
        };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.jobs().list_jobs(request).await }
            })
            .await?;
        Ok((answer.jobs, answer.next_page_token))
    })
    .await?;
    print(context, &jobs, "No jobs yet. `atelier thumbnail \"…\"` makes the first.");
    Ok(Exit::Ok)
}

/// Prints jobs, or `none` where there are none.
pub(crate) fn print(context: &Context, jobs: &[Job], none: &str) {
    for job in jobs {
        context.out.object(&JobView::from(job));
    }
    if jobs.is_empty() {
        context.out.note(none);
    } else {
        context.out.line(&table(jobs, &context.zone));
    }
}

fn table(jobs: &[Job], zone: &TimeZone) -> String {
    let with_member = jobs.iter().any(|job| !job.member_name.is_empty());
    let mut heading = vec!["job", "state", "submitted", "credits", "what"];
    if with_member {
        heading.insert(4, "member");
    }
    let mut table = Table::new(&heading, &[3]);
    for job in jobs {
        let state = match job.state() {
            JobState::Queued if job.queue_ahead > 0 => format!("queued, {} ahead", job.queue_ahead),
            state => words::state(state).to_owned(),
        };
        let credits = match (job.state(), job.refunded) {
            (JobState::Failed | JobState::Cancelled, _) | (_, true) => "0".to_owned(),
            _ => words::number(job.price_credits),
        };
        let mut cells = vec![job.job_id.clone(), state, words::when(job.created_at.as_ref(), zone), credits];
        if with_member {
            cells.push(job.member_name.clone());
        }
        cells.push(shorten(&view::subject(job), 48));
        table.row(cells);
    }
    table.text()
}

pub(crate) async fn cancel(context: &Context, session: &Session, args: &CancelArgs) -> Result<Exit, Failure> {
    let request = CancelJobRequest { request_id: request_id(), job_id: args.job.clone() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().cancel_job(request).await }
        })
        .await?;
    let job = answer.job.unwrap_or_default();
    context.out.object(&JobView::from(&job));
    context.out.line(match job.state() {
        JobState::Cancelled => "Cancelled. Its credits are yours again.",
        JobState::Running | JobState::Queued => "It ends at its next step; its credits go back then.",
        _ => "It had ended already.",
    });
    Ok(Exit::Ok)
}

pub(crate) async fn retry(context: &Context, session: &Session, args: &RetryArgs) -> Result<Exit, Failure> {
    let request =
        RetryJobRequest { request_id: request_id(), job_id: args.job.clone(), new_seed: args.new_seed };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().retry_job(request).await }
        })
        .await
        .map_err(|status| Failure::of(&status, Act::Spend))?;
    let job = answer.job.unwrap_or_default();
    context.out.object(&JobView::from(&job));
    context.out.line(&format!(
        "Job {} for {}. `atelier show --follow {0}` waits for it.",
        job.job_id,
        words::credits(job.price_credits)
    ));
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::{super::view::tests::job, *};

    #[test]
    fn the_table_of_jobs() {
        let mut jobs = vec![
            job("0197-a", JobState::Queued, "a loaf of bread", "Crust"),
            job("0197-b", JobState::Running, "a very long subject that goes on and on about bread", ""),
            job("0197-c", JobState::Succeeded, "tea", "Slow tea"),
            job("0197-d", JobState::Failed, "tea\u{1b}[2J", ""),
        ];
        insta::assert_snapshot!("jobs_table", table(&jobs, &TimeZone::UTC));
        jobs[0].member_name = "anna".to_owned();
        insta::assert_snapshot!("jobs_table_for_admins", table(&jobs, &TimeZone::UTC));
    }
}
