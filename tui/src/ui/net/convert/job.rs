//! Jobs, progress, quotes and pictures.

use atelier_proto::v1;

use super::{
    super::super::model::{Job, JobKind, JobState, Picture, Progress, Quote, Stage},
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
    let asked = match request.work {
        Some(v1::job_request::Work::Thumbnail(thumbnail)) => of_thumbnail(&thumbnail),
        Some(v1::job_request::Work::Image(image)) => of_image(&image),
        None => of_thumbnail(&v1::ThumbnailRequest::default()),
    };
    Job {
        id: clean(&job.job_id),
        kind: asked.kind,
        state,
        subject: asked.subject,
        title: asked.title,
        style: asked.style,
        size: asked.size,
        count: asked.count.max(1),
        seed: asked.seed,
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

/// What a request says, whatever it makes.
struct Asked {
    kind: JobKind,
    subject: String,
    title: String,
    style: Vec<String>,
    size: (u32, u32),
    count: u32,
    seed: Option<u64>,
}

fn of_thumbnail(thumbnail: &v1::ThumbnailRequest) -> Asked {
    Asked {
        kind: JobKind::Thumbnail,
        size: match thumbnail.aspect() {
            v1::Aspect::Tall916 => (1080, 1920),
            v1::Aspect::Square11 => (1080, 1080),
            v1::Aspect::Portrait45 => (1080, 1350),
            v1::Aspect::Wide169 | v1::Aspect::Unspecified => (1280, 720),
        },
        subject: clean(&thumbnail.subject),
        title: clean(&thumbnail.title),
        style: thumbnail.style.iter().chain(&thumbnail.palette).map(|word| clean(word)).collect(),
        count: thumbnail.count,
        seed: thumbnail.seed,
    }
}

fn of_image(image: &v1::ImageRequest) -> Asked {
    Asked {
        kind: JobKind::Image,
        subject: clean(&image.prompt),
        title: String::new(),
        style: Vec::new(),
        // The daemon fills the size in; one that does not must not be divided by.
        size: (image.width_px.max(1), image.height_px.max(1)),
        count: image.count,
        seed: image.seed,
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

/// The settings as names and values in order, one level deep; inner groups keep their JSON.
fn settings(json: &str) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(settings)) = serde_json::from_str(json) else { return Vec::new() };
    let mut rows: Vec<_> = settings
        .into_iter()
        .filter_map(|(name, value)| {
            let value = match value {
                serde_json::Value::Null => return None,
                serde_json::Value::String(words) => words,
                other => other.to_string(),
            };
            Some((clean(&name), clean(&value)))
        })
        .collect();
    rows.sort();
    rows
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
        steps: (progress.steps_done, progress.steps_total),
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
        assert_eq!((job.state, job.size, job.count, job.short_id()), (JobState::Queued, (1280, 720), 1, "b"));
    }

    #[test]
    fn a_picture_is_called_one() {
        let image = v1::ImageRequest {
            prompt: "a fox".to_owned(),
            width_px: 704,
            height_px: 384,
            count: 2,
            ..v1::ImageRequest::default()
        };
        let work = Some(v1::job_request::Work::Image(image));
        let request = Some(v1::JobRequest { work, algorithm: "photo-1".to_owned() });
        let job = job(v1::Job { request, ..v1::Job::default() });
        assert_eq!((job.headline().as_str(), job.size, job.count), ("Picture · a fox", (704, 384), 2));
        assert_eq!(job.prompt(), "picture of a fox");
        let news = v1::Progress {
            stage: v1::Stage::Denoise.into(),
            steps_done: 12,
            steps_total: 30,
            ..v1::Progress::default()
        };
        assert_eq!(progress(news).doing(), "painting, step 12/30");
    }
}
