//! A job from its submission to its end, with a bar for whoever looks. Restarts of the daemon are survived.

use std::time::Duration;

use atelier_proto::{
    client::News,
    request_id,
    v1::{CancelJobRequest, Job, JobState, Progress, watch_job_response},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        show, words,
    },
    session::Session,
    ui::Place,
};

/// Steps of the bar.
const STEPS: u64 = 1000;
const REDRAW: Duration = Duration::from_millis(120);

/// Waits for the job's end. A job that did not succeed is a failure.
pub(crate) async fn to_the_end(
    context: &Context,
    session: &Session,
    job_id: &str,
    cancel_on_interrupt: bool,
) -> Result<Job, Failure> {
    let bar = bar(context);
    let followed = tokio::select! {
        followed = follow(session, job_id, &bar) => followed,
        _ = tokio::signal::ctrl_c() => {
            bar.finish_and_clear();
            return Err(interrupted(session, job_id, cancel_on_interrupt).await);
        }
    };
    bar.finish_and_clear();
    let job = followed?;
    match job.state() {
        JobState::Succeeded => Ok(job),
        _ => Err(failed(&job)),
    }
}

fn bar(context: &Context) -> ProgressBar {
    let target = if context.out.json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(STEPS), target);
    // A template that can't be read would only cost the looks.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:28} {percent:>3} %  {msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar.enable_steady_tick(REDRAW);
    bar
}

async fn follow(session: &Session, job_id: &str, bar: &ProgressBar) -> Result<Job, Failure> {
    let mut news = session.client.follow_job(job_id, 0);
    let mut variants = 1;
    while let Some(news) = news.next().await {
        match news {
            News::Connected => bar.set_message("waiting"),
            News::Lost(_) => bar.set_message("the daemon is away; the job goes on when it is back"),
            News::Refused(status) => return Err(status.into()),
            News::Message(message) => match message.news {
                Some(watch_job_response::News::Snapshot(job)) => {
                    if has_ended(job.state()) {
                        break;
                    }
                    variants = crate::cli::view::count(&job);
                    bar.set_message(waiting(&job));
                }
                Some(watch_job_response::News::Event(event)) if has_ended(event.state()) => break,
                Some(watch_job_response::News::Progress(progress)) => {
                    bar.set_position((f64::from(progress.fraction) * STEPS as f64) as u64);
                    bar.set_message(describe(&progress, variants));
                }
                _ => {}
            },
        }
    }
    show::get(session, job_id).await
}

fn has_ended(state: JobState) -> bool {
    matches!(state, JobState::Succeeded | JobState::Failed | JobState::Cancelled)
}

fn waiting(job: &Job) -> String {
    match (job.state(), job.queue_ahead) {
        (JobState::Queued, 0) => "next in the queue".to_owned(),
        (JobState::Queued, 1) => "1 job ahead".to_owned(),
        (JobState::Queued, ahead) => format!("{ahead} jobs ahead"),
        _ => "starting".to_owned(),
    }
}

fn describe(progress: &Progress, variants: u32) -> String {
    let mut text = match progress.queue_ahead {
        0 => words::stage(progress.stage()).to_owned(),
        1 => "1 job ahead".to_owned(),
        ahead => format!("{ahead} jobs ahead"),
    };
    if progress.steps_total > 0 {
        text += &format!(", step {}/{}", progress.steps_done, progress.steps_total);
    }
    if variants > 1 && progress.queue_ahead == 0 {
        text += &format!(" ({} of {variants})", progress.variant + 1);
    }
    if progress.remaining_ms > 0 {
        text += &format!(", {} left", words::duration(progress.remaining_ms.into()));
    }
    text
}

fn failed(job: &Job) -> Failure {
    let what = match job.state() {
        JobState::Cancelled => "the job was cancelled",
        _ => "the job failed",
    };
    let why = if job.message.is_empty() { String::new() } else { format!(": {}", job.message) };
    let message = format!("{what}{why}. No credits were taken. (job {})", job.job_id);
    Failure::new(Exit::JobFailed, message)
}

/// Jobs outlive clients: leaving is not cancelling, unless that was said before.
async fn interrupted(session: &Session, job_id: &str, cancel: bool) -> Failure {
    if cancel {
        let request = CancelJobRequest { request_id: request_id(), job_id: job_id.to_owned() };
        let cancelled = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.jobs().cancel_job(request).await }
            })
            .await;
        return Failure::new(
            Exit::Interrupted,
            match cancelled {
                Ok(_) => format!("job {job_id} is being cancelled; its credits go back"),
                Err(status) => format!("job {job_id} could not be cancelled: {}", status.message()),
            },
        );
    }
    Failure::new(Exit::Interrupted, left_behind(&session.place, job_id))
}

fn left_behind(place: &Place, job_id: &str) -> String {
    match place {
        Place::Embedded => {
            format!("the job is kept and goes on when Atelier runs next: atelier show --follow {job_id}")
        }
        Place::Joined | Place::Remote(_) => format!("the job goes on: atelier show --follow {job_id}"),
    }
}

#[cfg(test)]
mod tests {
    use atelier_proto::v1::Stage;

    use super::{super::super::view::tests::job, *};

    #[test]
    fn progress_in_words() {
        let progress = |stage: Stage, variant, queue_ahead, remaining_ms| Progress {
            stage: stage.into(),
            variant,
            queue_ahead,
            remaining_ms,
            ..Progress::default()
        };
        for (progress, variants, wanted) in [
            (progress(Stage::Unspecified, 0, 2, 12_000), 1, "2 jobs ahead, 12 s left"),
            (progress(Stage::Background, 0, 0, 0), 1, "painting the background"),
            (progress(Stage::Title, 2, 0, 3_400), 4, "setting the title (3 of 4), 4 s left"),
        ] {
            assert_eq!(describe(&progress, variants), wanted);
        }
        let steps = Progress { steps_done: 12, steps_total: 30, ..progress(Stage::Denoise, 0, 0, 4_200) };
        assert_eq!(describe(&steps, 1), "painting, step 12/30, 5 s left");
    }

    #[test]
    fn a_failed_job_says_why_and_that_nothing_was_taken() {
        let failure = failed(&job("j1", JobState::Failed, "tea", ""));
        assert_eq!(failure.exit, Exit::JobFailed);
        assert_eq!(failure.message, "the job failed: the disk was full. No credits were taken. (job j1)");
    }

    #[test]
    fn what_is_said_on_leaving_is_true() {
        assert!(left_behind(&Place::Embedded, "j1").contains("when Atelier runs next"));
        assert!(left_behind(&Place::Joined, "j1").starts_with("the job goes on"));
    }
}
