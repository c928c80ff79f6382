//! Jobs, requests, progress.

use std::collections::HashMap;

use atelier_models::{Aspect, OutputFormat, Stage, ThumbnailSpec};
use atelier_proto::v1 as wire;
use tonic::Status;

use super::{id, painting, time};
use crate::{
    assets::AssetError,
    catalogue::{Algorithm, AlgorithmState},
    engine::Progress,
    id::{AssetId, JobId},
    jobs::{
        Ahead, Filter, Quote, Wanted,
        job::{Event, Failure, Job, Kind, Picture, State, StateName, Work},
    },
    once::Digest,
};

/// What a request asks for with its seed drawn, the algorithm, and a digest of what was said.
pub(in crate::rpc) struct Asked {
    pub(in crate::rpc) wanted: Wanted,
    pub(in crate::rpc) algorithm: String,
    pub(in crate::rpc) digest: Digest,
}

pub(in crate::rpc) fn asked(request: Option<wire::JobRequest>) -> Result<Asked, Status> {
    use prost::Message as _;
    let request = request.ok_or_else(|| Status::invalid_argument("request: is missing; say what to make"))?;
    let digest = Digest::of("job.submit", &[&request.encode_to_vec()]);
    let wanted = match request.work {
        Some(wire::job_request::Work::Thumbnail(thumbnail)) => thumbnail_of(thumbnail)?.into(),
        Some(wire::job_request::Work::Image(image)) => Wanted::Image(painting::wish(image)?),
        None => {
            return Err(Status::invalid_argument(
                "request.work: is missing; say what to make, such as a thumbnail",
            ));
        }
    };
    Ok(Asked { wanted, algorithm: request.algorithm, digest })
}

fn thumbnail_of(thumbnail: wire::ThumbnailRequest) -> Result<Work, Status> {
    let aspect = match wire::Aspect::try_from(thumbnail.aspect) {
        Ok(wire::Aspect::Unspecified | wire::Aspect::Wide169) => Aspect::Wide,
        Ok(wire::Aspect::Tall916) => Aspect::Tall,
        Ok(wire::Aspect::Square11) => Aspect::Square,
        Ok(wire::Aspect::Portrait45) => Aspect::Portrait,
        Err(_) => return Err(unknown("aspect", thumbnail.aspect)),
    };
    let format = match wire::PictureFormat::try_from(thumbnail.format) {
        Ok(wire::PictureFormat::Unspecified | wire::PictureFormat::Jpeg) => OutputFormat::Jpeg,
        Ok(wire::PictureFormat::Png) => OutputFormat::Png,
        Err(_) => return Err(unknown("format", thumbnail.format)),
    };
    let photo = match thumbnail.subject_asset_id.as_str() {
        "" => None,
        asset => Some(id(asset, AssetError::NotFound)?),
    };
    let spec = ThumbnailSpec {
        subject: thumbnail.subject,
        title: Some(thumbnail.title).filter(|title| !title.is_empty()),
        aspect,
        style: thumbnail.style,
        palette: thumbnail.palette,
        count: if thumbnail.count == 0 { 1 } else { thumbnail.count },
        // 32 bits are enough for new seeds and can be typed.
        seed: thumbnail.seed.unwrap_or_else(|| rand::random::<u32>().into()),
        format,
    };
    Ok(Work::Thumbnail { spec, photo })
}

fn unknown(field: &str, number: i32) -> Status {
    Status::invalid_argument(format!("{field}: {number} is not one of the known values"))
}

fn request(work: &Work, algorithm: &str) -> wire::JobRequest {
    let work = match work {
        Work::Thumbnail { spec, photo } => wire::job_request::Work::Thumbnail(thumbnail(spec, *photo)),
        Work::Image { words, spec, init, mask, loras } => {
            wire::job_request::Work::Image(painting::image(words, spec, *init, *mask, loras))
        }
    };
    wire::JobRequest { work: Some(work), algorithm: algorithm.to_owned() }
}

fn thumbnail(spec: &ThumbnailSpec, photo: Option<AssetId>) -> wire::ThumbnailRequest {
    let aspect = match spec.aspect {
        Aspect::Wide => wire::Aspect::Wide169,
        Aspect::Tall => wire::Aspect::Tall916,
        Aspect::Square => wire::Aspect::Square11,
        Aspect::Portrait => wire::Aspect::Portrait45,
    };
    let format = match spec.format {
        OutputFormat::Jpeg => wire::PictureFormat::Jpeg,
        OutputFormat::Png => wire::PictureFormat::Png,
    };
    wire::ThumbnailRequest {
        subject: spec.subject.clone(),
        title: spec.title.clone().unwrap_or_default(),
        aspect: aspect.into(),
        style: spec.style.clone(),
        palette: spec.palette.clone(),
        count: spec.count,
        seed: Some(spec.seed),
        format: format.into(),
        subject_asset_id: photo.map(|photo| photo.to_string()).unwrap_or_default(),
    }
}

/// The kind; none where it was not said.
pub(in crate::rpc) fn from_kind(kind: i32) -> Result<Option<Kind>, Status> {
    match wire::JobKind::try_from(kind) {
        Ok(wire::JobKind::Unspecified) => Ok(None),
        Ok(wire::JobKind::Thumbnail) => Ok(Some(Kind::Thumbnail)),
        Ok(wire::JobKind::Image) => Ok(Some(Kind::Image)),
        Err(_) => Err(unknown("kind", kind)),
    }
}

pub(in crate::rpc) fn filter(kind: i32, state: i32) -> Result<Filter, Status> {
    let kind = from_kind(kind)?;
    let state = match wire::JobState::try_from(state) {
        Ok(wire::JobState::Unspecified) => None,
        Ok(wire::JobState::Queued) => Some(StateName::Queued),
        Ok(wire::JobState::Running) => Some(StateName::Running),
        Ok(wire::JobState::Succeeded) => Some(StateName::Succeeded),
        Ok(wire::JobState::Failed) => Some(StateName::Failed),
        Ok(wire::JobState::Cancelled) => Some(StateName::Cancelled),
        Err(_) => return Err(unknown("state", state)),
    };
    Ok(Filter { kind, state })
}

fn state(state: StateName) -> wire::JobState {
    match state {
        StateName::Queued => wire::JobState::Queued,
        StateName::Running => wire::JobState::Running,
        StateName::Succeeded => wire::JobState::Succeeded,
        StateName::Failed => wire::JobState::Failed,
        StateName::Cancelled => wire::JobState::Cancelled,
    }
}

fn kind(kind: Kind) -> wire::JobKind {
    match kind {
        Kind::Thumbnail => wire::JobKind::Thumbnail,
        Kind::Image => wire::JobKind::Image,
    }
}

/// A job; `ahead` fills the place in the queue.
pub(in crate::rpc) fn job(job: &Job, ahead: &HashMap<JobId, Ahead>) -> wire::Job {
    let (failure, message) = match &job.state {
        State::Failed { failure, message } => (
            match failure {
                Failure::Invalid => wire::JobFailure::Invalid,
                Failure::Exhausted => wire::JobFailure::Exhausted,
                Failure::Internal => wire::JobFailure::Internal,
            },
            message.clone(),
        ),
        State::Cancelled { by } => (wire::JobFailure::Unspecified, format!("cancelled by {by}")),
        State::Queued { .. } | State::Running | State::Succeeded => {
            (wire::JobFailure::Unspecified, String::new())
        }
    };
    wire::Job {
        job_id: job.id.to_string(),
        kind: kind(job.work.kind()).into(),
        state: state(job.state.name()).into(),
        request: Some(request(&job.work, &job.algorithm)),
        price_credits: job.price_credits,
        charged_credits: job.charged_credits,
        created_at: Some(time(job.created_at)),
        started_at: job.started_at.map(time),
        ended_at: job.ended_at.map(time),
        attempts: job.attempts,
        failure: failure.into(),
        message,
        results: job.pictures.iter().map(result).collect(),
        last_event: job.last_event,
        queue_ahead: ahead.get(&job.id).map_or(0, |ahead| ahead.jobs),
        member_name: String::new(),
        refunded: job.refunded,
    }
}

fn result(picture: &Picture) -> wire::Result {
    wire::Result {
        asset_id: picture.asset.to_string(),
        media_type: picture.media_type.clone(),
        width_px: picture.width,
        height_px: picture.height,
        size_bytes: picture.size_bytes,
        seed: picture.seed,
        settings_json: picture.settings.clone(),
    }
}

pub(in crate::rpc) fn event(event: &Event) -> wire::JobEvent {
    wire::JobEvent {
        number: event.number,
        at: Some(time(event.at)),
        state: state(event.state).into(),
        message: event.message.clone(),
    }
}

pub(in crate::rpc) fn progress(progress: &Progress, preview: bool) -> wire::Progress {
    let stage = match progress.stage {
        Stage::Prepare => wire::Stage::Prepare,
        Stage::Background => wire::Stage::Background,
        Stage::Subject => wire::Stage::Subject,
        Stage::Title => wire::Stage::Title,
        Stage::Encode => wire::Stage::Encode,
        Stage::Load => wire::Stage::Load,
        Stage::Denoise => wire::Stage::Denoise,
        Stage::Decode => wire::Stage::Decode,
    };
    let jpeg = progress.preview.as_ref().filter(|_| preview).map(|jpeg| jpeg.to_vec());
    wire::Progress {
        stage: stage.into(),
        fraction: progress.fraction,
        variant: progress.variant,
        preview_jpeg: jpeg.unwrap_or_default(),
        queue_ahead: 0,
        remaining_ms: progress.remaining_ms,
        steps_done: progress.steps.0,
        steps_total: progress.steps.1,
    }
}

/// The progress of a job that waits: its place in the queue.
pub(in crate::rpc) fn place(ahead: u32) -> wire::Progress {
    wire::Progress { queue_ahead: ahead, ..wire::Progress::default() }
}

pub(in crate::rpc) fn quote(quote: &Quote) -> wire::Quote {
    wire::Quote {
        price_credits: quote.price_credits,
        available_credits: quote.available_credits,
        auto_confirm: quote.auto_confirm,
        wait_ms: quote.wait_ms,
        run_ms: quote.run_ms,
        queue_ahead: quote.queue_ahead,
        algorithm: quote.algorithm.name.clone(),
        algorithm_summary: quote.algorithm.summary.clone(),
    }
}

pub(in crate::rpc) fn algorithm(algorithm: &Algorithm) -> wire::Algorithm {
    let state = match algorithm.state {
        AlgorithmState::Available => wire::AlgorithmState::Available,
        AlgorithmState::Active => wire::AlgorithmState::Active,
        AlgorithmState::Retired => wire::AlgorithmState::Retired,
    };
    wire::Algorithm {
        name: algorithm.name.clone(),
        kind: kind(algorithm.kind).into(),
        summary: algorithm.summary.clone(),
        state: state.into(),
        price_credits: algorithm.price_credits,
        model: algorithm.model.clone(),
        typical_ms: algorithm.typical_ms,
        made_count: algorithm.made_count,
        defaults: Some(painting::defaults(&algorithm.defaults)).filter(|_| !algorithm.model.is_empty()),
    }
}

pub(in crate::rpc) fn from_algorithm_state(number: i32) -> Result<AlgorithmState, Status> {
    Ok(match wire::AlgorithmState::try_from(number) {
        Ok(wire::AlgorithmState::Available) => AlgorithmState::Available,
        Ok(wire::AlgorithmState::Active) => AlgorithmState::Active,
        Ok(wire::AlgorithmState::Retired) => AlgorithmState::Retired,
        Ok(wire::AlgorithmState::Unspecified) | Err(_) => return Err(unknown("state", number)),
    })
}
