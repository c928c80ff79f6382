//! What `--json` prints. The names are part of the interface: they stay when the wire or the words for people
//! change.

use atelier_proto::v1::{ImageRequest, Job, Member, Result as Made, ThumbnailRequest, job_request::Work};
use serde::Serialize;
use serde_json::{Value, json};

use super::words;

#[derive(Serialize)]
pub(crate) struct JobView {
    id: String,
    state: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    member: String,
    algorithm: String,
    price_credits: u64,
    charged_credits: u64,
    refunded: bool,
    created_at: Option<String>,
    started_at: Option<String>,
    ended_at: Option<String>,
    attempts: u32,
    queue_ahead: u32,
    failure: Option<&'static str>,
    message: String,
    request: Value,
    results: Vec<Value>,
}

impl From<&Job> for JobView {
    fn from(job: &Job) -> Self {
        Self {
            id: job.job_id.clone(),
            state: words::state(job.state()),
            member: job.member_name.clone(),
            algorithm: algorithm(job),
            price_credits: job.price_credits,
            charged_credits: job.charged_credits,
            refunded: job.refunded,
            created_at: words::iso(job.created_at.as_ref()),
            started_at: words::iso(job.started_at.as_ref()),
            ended_at: words::iso(job.ended_at.as_ref()),
            attempts: job.attempts,
            queue_ahead: job.queue_ahead,
            failure: words::failure(job.failure()),
            message: job.message.clone(),
            request: work(job).map_or(Value::Null, request),
            results: job.results.iter().map(result).collect(),
        }
    }
}

fn work(job: &Job) -> Option<&Work> {
    job.request.as_ref()?.work.as_ref()
}

/// How many pictures a job makes.
pub(crate) fn count(job: &Job) -> u32 {
    let count = match work(job) {
        Some(Work::Thumbnail(thumbnail)) => thumbnail.count,
        Some(Work::Image(image)) => image.count,
        None => 1,
    };
    count.max(1)
}

/// What a job makes, in the fewest words.
pub(crate) fn subject(job: &Job) -> String {
    match work(job) {
        Some(Work::Thumbnail(thumbnail)) if thumbnail.title.is_empty() => thumbnail.subject.clone(),
        Some(Work::Thumbnail(thumbnail)) => format!("{} “{}”", thumbnail.subject, thumbnail.title),
        Some(Work::Image(image)) => image.prompt.clone(),
        None => String::new(),
    }
}

/// What a file with its picture is called after: the title where there is one, which is what a person will look for.
pub(crate) fn title(job: &Job) -> String {
    match work(job) {
        Some(Work::Thumbnail(thumbnail)) if !thumbnail.title.is_empty() => thumbnail.title.clone(),
        _ => subject(job),
    }
}

/// The algorithm that made it: what the result says, else what was asked for.
pub(crate) fn algorithm(job: &Job) -> String {
    let told = job.results.first().and_then(|made| {
        let settings: Value = serde_json::from_str(&made.settings_json).ok()?;
        Some(settings.get("algorithm")?.as_str()?.to_owned())
    });
    told.or_else(|| Some(job.request.as_ref()?.algorithm.clone())).unwrap_or_default()
}

fn request(work: &Work) -> Value {
    match work {
        Work::Thumbnail(thumbnail) => thumbnail_request(thumbnail),
        Work::Image(image) => image_request(image),
    }
}

fn image_request(image: &ImageRequest) -> Value {
    json!({
        "prompt": image.prompt,
        "negative": image.negative,
        "width_px": image.width_px,
        "height_px": image.height_px,
        "steps": image.steps,
        "guidance": image.guidance,
        "sampler": image.sampler,
        "seed": image.seed,
        "count": image.count.max(1),
        "strength": image.strength,
        "init_asset_id": image.init_asset_id,
        "mask_asset_id": image.mask_asset_id,
        "clip_skip": image.clip_skip,
        "two_pass": image.two_pass.map(|pass| json!({"scale": pass.scale, "strength": pass.strength})),
    })
}

fn thumbnail_request(thumbnail: &ThumbnailRequest) -> Value {
    json!({
        "subject": thumbnail.subject,
        "title": thumbnail.title,
        "aspect": words::aspect(thumbnail.aspect()),
        "style": thumbnail.style,
        "palette": thumbnail.palette,
        "count": thumbnail.count.max(1),
        "seed": thumbnail.seed,
        "format": words::format(thumbnail.format()),
        "photo_asset_id": thumbnail.subject_asset_id,
    })
}

fn result(made: &Made) -> Value {
    json!({
        "asset_id": made.asset_id,
        "media_type": made.media_type,
        "width_px": made.width_px,
        "height_px": made.height_px,
        "size_bytes": made.size_bytes,
        "seed": made.seed,
        "settings": serde_json::from_str::<Value>(&made.settings_json).unwrap_or(Value::Null),
    })
}

pub(crate) fn member(member: &Member) -> Value {
    json!({
        "id": member.member_id,
        "name": member.name,
        "role": words::role(member.role()),
        "suspended": member.suspended,
        "plan": member.plan,
        "created_at": words::iso(member.created_at.as_ref()),
        "last_login_at": words::iso(member.last_login_at.as_ref()),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use atelier_proto::v1::{JobFailure, JobKind, JobRequest, JobState};

    use super::*;

    pub(crate) fn at(seconds: i64) -> Option<prost_types::Timestamp> {
        Some(prost_types::Timestamp { seconds, nanos: 0 })
    }

    /// A job as it comes from the daemon, half a minute after it was submitted.
    pub(crate) fn job(id: &str, state: JobState, subject: &str, title: &str) -> Job {
        let ended = matches!(state, JobState::Succeeded | JobState::Failed | JobState::Cancelled);
        let succeeded = state == JobState::Succeeded;
        let made = Made {
            asset_id: "a1".to_owned(),
            media_type: "image/jpeg".to_owned(),
            width_px: 1280,
            height_px: 720,
            size_bytes: 181_400,
            seed: 42,
            settings_json: r#"{"algorithm":"draft-1","layout":"left"}"#.to_owned(),
        };
        Job {
            job_id: id.to_owned(),
            kind: JobKind::Thumbnail.into(),
            state: state.into(),
            request: Some(JobRequest {
                work: Some(Work::Thumbnail(ThumbnailRequest {
                    subject: subject.to_owned(),
                    title: title.to_owned(),
                    seed: Some(42),
                    ..ThumbnailRequest::default()
                })),
                algorithm: "draft-1".to_owned(),
            }),
            price_credits: 1,
            charged_credits: u64::from(succeeded),
            created_at: at(1_790_000_000),
            started_at: at(1_790_000_010).filter(|_| state != JobState::Queued),
            ended_at: at(1_790_000_030).filter(|_| ended),
            attempts: u32::from(state != JobState::Queued),
            failure: if state == JobState::Failed { JobFailure::Exhausted } else { JobFailure::Unspecified }
                .into(),
            message: if state == JobState::Failed { "the disk was full".to_owned() } else { String::new() },
            results: if succeeded { vec![made] } else { Vec::new() },
            last_event: 3,
            queue_ahead: if state == JobState::Queued { 2 } else { 0 },
            ..Job::default()
        }
    }

    #[test]
    fn the_names_in_json_stay() {
        let job = job("j1", JobState::Succeeded, "a loaf", "Crust");
        let text = serde_json::to_string_pretty(&JobView::from(&job)).expect("it can be written");
        insta::assert_snapshot!("job_json", text);
    }
}
