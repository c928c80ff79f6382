//! Pictures by diffusion models: requests, defaults, models.

use atelier_models::{
    Error,
    diffusion::{GenerationSpec, TwoPass},
    sampler::SamplerKind,
};
use atelier_proto::v1 as wire;
use tonic::Status;

use super::{id, time};
use crate::{
    assets::AssetError,
    catalogue::Defaults,
    engine::residency::{Installed, Phase, Row},
    id::AssetId,
    jobs::ImageWish,
};

/// The wish, its seed drawn.
pub(in crate::rpc) fn wish(image: wire::ImageRequest) -> Result<ImageWish, Status> {
    let said = |number: u32| Some(number).filter(|number| *number != 0);
    let asset = |text: &str| match text {
        "" => Ok(None),
        asset => id::<AssetId>(asset, AssetError::NotFound).map(Some),
    };
    Ok(ImageWish {
        words: image.prompt,
        negative: image.negative,
        width: said(image.width_px),
        height: said(image.height_px),
        steps: said(image.steps),
        guidance: image.guidance,
        sampler: sampler(&image.sampler)?,
        // 32 bits are enough for new seeds and can be typed.
        seed: image.seed.unwrap_or_else(|| rand::random::<u32>().into()),
        count: image.count.max(1),
        strength: Some(image.strength).filter(|strength| *strength != 0.0),
        init: asset(&image.init_asset_id)?,
        mask: asset(&image.mask_asset_id)?,
        clip_skip: image.clip_skip,
        two_pass: image.two_pass.map(|wire::TwoPass { scale, strength }| TwoPass { scale, strength }),
    })
}

/// What was asked, as it was taken.
pub(super) fn image(
    words: &str,
    spec: &GenerationSpec,
    init: Option<AssetId>,
    mask: Option<AssetId>,
) -> wire::ImageRequest {
    let asset = |asset: Option<AssetId>| asset.map(|asset| asset.to_string()).unwrap_or_default();
    wire::ImageRequest {
        prompt: words.to_owned(),
        negative: spec.negative.clone(),
        width_px: spec.width,
        height_px: spec.height,
        steps: spec.steps,
        guidance: Some(spec.guidance),
        sampler: spec.sampler.map(|sampler| sampler.name().to_owned()).unwrap_or_default(),
        seed: Some(spec.seed),
        count: spec.count,
        strength: spec.strength,
        init_asset_id: asset(init),
        mask_asset_id: asset(mask),
        clip_skip: Some(spec.clip_skip),
        two_pass: spec.two_pass.map(|TwoPass { scale, strength }| wire::TwoPass { scale, strength }),
    }
}

/// An algorithm's defaults; what they say is checked where they are kept.
pub(in crate::rpc) fn from_defaults(defaults: wire::PaintDefaults) -> Result<Defaults, Status> {
    let size = match (defaults.width_px, defaults.height_px) {
        (0, 0) => None,
        size => Some(size),
    };
    Ok(Defaults {
        steps: Some(defaults.steps).filter(|steps| *steps != 0),
        guidance: defaults.guidance,
        sampler: sampler(&defaults.sampler)?,
        size,
        negative: defaults.negative,
        template: defaults.template,
    })
}

pub(super) fn defaults(defaults: &Defaults) -> wire::PaintDefaults {
    let (width_px, height_px) = defaults.size.unwrap_or_default();
    wire::PaintDefaults {
        steps: defaults.steps.unwrap_or_default(),
        guidance: defaults.guidance,
        sampler: defaults.sampler.map(|sampler| sampler.name().to_owned()).unwrap_or_default(),
        width_px,
        height_px,
        negative: defaults.negative.clone(),
        template: defaults.template.clone(),
    }
}

fn sampler(name: &str) -> Result<Option<SamplerKind>, Status> {
    let known = Some(name).filter(|name| !name.is_empty()).map(str::parse).transpose();
    known.map_err(|error: Error| Status::invalid_argument(error.to_string()))
}

/// A model that is installed.
pub(in crate::rpc) fn installed(model: Installed, row: Option<&Row>) -> wire::Model {
    let measured = row.map(|row| row.bytes).filter(|bytes| *bytes > 0);
    wire::Model {
        name: model.name,
        family: model.family,
        licence: model.licence,
        commercial_use: model.commercial_use,
        size_bytes: model.disk_bytes,
        resident: row.is_some_and(|row| row.phase == Phase::Resident),
        summary: model.summary,
        memory_bytes: measured.unwrap_or(model.memory_bytes),
    }
}

/// A model, as far as memory is concerned.
pub(in crate::rpc) fn resident(row: Row) -> wire::ResidentModel {
    let state = match row.phase {
        Phase::Absent => wire::ModelState::Absent,
        Phase::Loading => wire::ModelState::Loading,
        Phase::Resident => wire::ModelState::Resident,
    };
    let (failed_at, error) = row.failure.unzip();
    wire::ResidentModel {
        name: row.name,
        state: state.into(),
        bytes: row.bytes,
        in_use: row.in_use,
        used_at: row.used_at.map(time),
        expires_at: row.expires_at.map(time),
        pinned: row.pinned,
        error: error.unwrap_or_default(),
        failed_at: failed_at.map(time),
    }
}
