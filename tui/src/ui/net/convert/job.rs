//! Jobs, progress, quotes and pictures.

use atelier_proto::v1;

use super::{
    super::super::model::{Job, JobState, Picture, Progress, Quote, Stage},
    clean, moment,
};

/// A job.
pub(in super::super) fn job(job: v1::Job) -> Job {
    let state = match job.state() {
        v1::JobState::Running => JobState::Running,
        v1::JobState::Succeeded => JobState::Succeeded,
        v1::JobState::Failed => JobState::Failed,
        v1::JobState::Cancelled => JobState::Cancelled,
        v1::JobState::Queued | v1::JobState::Unspecified => JobState::Queued,
    };
    let request = job.request.unwrap_or_default();
    let thumbnail = match request.work {
        Some(v1::job_request::Work::Thumbnail(thumbnail)) => thumbnail,
        None => v1::ThumbnailRequest::default(),
    };
    let aspect = match thumbnail.aspect() {
        v1::Aspect::Tall916 => "9:16",
        v1::Aspect::Square11 => "1:1",
        v1::Aspect::Portrait45 => "4:5",
        v1::Aspect::Wide169 | v1::Aspect::Unspecified => "16:9",
    };
    Job {
        id: clean(&job.job_id),
        state,
        subject: clean(&thumbnail.subject),
        title: clean(&thumbnail.title),
        style: thumbnail.style.iter().chain(&thumbnail.palette).map(|word| clean(word)).collect(),
        aspect,
        count: thumbnail.count.max(1),
        seed: thumbnail.seed,
        algorithm: clean(&request.algorithm),
        price: job.price_credits,
        charged: job.charged_credits,
        created_at: moment!(job.created_at),
        started_at: moment!(job.started_at),
        ended_at: moment!(job.ended_at),
        attempts: job.attempts,
        message: clean(&job.message),
        pictures: job.results.into_iter().map(picture).collect(),
        last_event: job.last_event,
        queue_ahead: job.queue_ahead,
        member: clean(&job.member_name),
        refunded: job.refunded,
    }
}

fn picture(result: v1::Result) -> Picture {
    Picture {
        asset_id: result.asset_id,
        media_type: result.media_type,
        width: result.width_px,
        height: result.height_px,
        size_bytes: result.size_bytes,
        seed: result.seed,
        settings: settings(&result.settings_json),
    }
}

/// The settings as names and values, one level deep; inner groups keep their JSON.
fn settings(json: &str) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(settings)) = serde_json::from_str(json) else { return Vec::new() };
    settings
        .into_iter()
        .filter_map(|(name, value)| {
            let value = match value {
                serde_json::Value::Null => return None,
                serde_json::Value::String(words) => words,
                other => other.to_string(),
            };
            Some((clean(&name), clean(&value)))
        })
        .collect()
}

/// Progress.
pub(in super::super) fn progress(progress: v1::Progress) -> Progress {
    let stage = match progress.stage() {
        v1::Stage::Unspecified => Stage::Waiting,
        v1::Stage::Prepare => Stage::Prepare,
        v1::Stage::Background => Stage::Background,
        v1::Stage::Subject => Stage::Subject,
        v1::Stage::Title => Stage::Title,
        v1::Stage::Encode => Stage::Encode,
        v1::Stage::Load => Stage::Load,
        v1::Stage::Denoise => Stage::Denoise,
        v1::Stage::Decode => Stage::Decode,
    };
    Progress {
        stage,
        fraction: if progress.fraction.is_finite() { progress.fraction.clamp(0.0, 1.0) } else { 0.0 },
        variant: progress.variant,
        preview: (!progress.preview_jpeg.is_empty()).then(|| progress.preview_jpeg.into()),
        queue_ahead: progress.queue_ahead,
        remaining_ms: progress.remaining_ms,
    }
}

/// A price.
pub(super) fn quote(quote: &v1::Quote) -> Quote {
    Quote {
        price: quote.price_credits,
        available: quote.available_credits,
        wait_ms: quote.wait_ms,
        run_ms: quote.run_ms,
        queue_ahead: quote.queue_ahead,
        algorithm: clean(&quote.algorithm),
        algorithm_summary: clean(&quote.algorithm_summary),
    }
}

/// A state to filter by.
pub(in super::super) fn job_state_on_the_wire(state: Option<JobState>) -> v1::JobState {
    match state {
        None => v1::JobState::Unspecified,
        Some(JobState::Queued) => v1::JobState::Queued,
        Some(JobState::Running) => v1::JobState::Running,
        Some(JobState::Succeeded) => v1::JobState::Succeeded,
        Some(JobState::Failed) => v1::JobState::Failed,
        Some(JobState::Cancelled) => v1::JobState::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_rows() {
        let rows = settings(r#"{"model":"draft-1","steps":4,"layout":{"x":1},"none":null}"#);
        let rows: Vec<(&str, &str)> =
            rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(rows, [("layout", r#"{"x":1}"#), ("model", "draft-1"), ("steps", "4")]);
        assert!(settings("not json").is_empty());
    }

    #[test]
    fn a_job_without_anything_is_still_a_job() {
        let job = job(v1::Job { job_id: "a-b".to_owned(), ..v1::Job::default() });
        assert_eq!((job.state, job.aspect, job.count, job.short_id()), (JobState::Queued, "16:9", 1, "b"));
    }
}
