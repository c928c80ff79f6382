//! Pictures by diffusion models: requests, defaults, models.

use atelier_models::{
    Error,
    diffusion::{GenerationSpec, TwoPass, lora::Chosen},
    sampler::SamplerKind,
};
use atelier_proto::v1 as wire;
use tonic::Status;

use super::{id, time};
use crate::{
    assets::AssetError,
    catalogue::Defaults,
    engine::residency::{Installed, ModelKey, Phase, Role, Row},
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
        loras: from_loras(image.loras)?,
    })
}

/// What was said about LoRAs, each once.
fn from_loras(loras: Vec<wire::Lora>) -> Result<Vec<Chosen>, Status> {
    let chosen = |wire::Lora { name, weight }| Chosen { name, weight: weight.unwrap_or(1.0) };
    let all: Vec<_> = loras.into_iter().map(chosen).collect();
    Chosen::check(&all).map_err(|error| Status::invalid_argument(error.to_string()))?;
    Ok(all)
}

fn loras(all: &[Chosen]) -> Vec<wire::Lora> {
    let lora = |Chosen { name, weight }: &Chosen| wire::Lora { name: name.clone(), weight: Some(*weight) };
    all.iter().map(lora).collect()
}

/// What was asked, as it was taken.
pub(super) fn image(
    words: &str,
    spec: &GenerationSpec,
    init: Option<AssetId>,
    mask: Option<AssetId>,
    chosen: &[Chosen],
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
        loras: loras(chosen),
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
        loras: from_loras(defaults.loras)?,
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
        loras: loras(&defaults.loras),
    }
}

fn sampler(name: &str) -> Result<Option<SamplerKind>, Status> {
    let known = Some(name).filter(|name| !name.is_empty()).map(str::parse).transpose();
    known.map_err(|error: Error| Status::invalid_argument(error.to_string()))
}

/// What is installed, and whether it is in memory, alone or merged.
pub(in crate::rpc) fn installed(model: Installed, rows: &[Row]) -> wire::Model {
    let measured = rows.iter().find(|row| row.name == model.name).map(|row| row.bytes);
    let has = |row: &&Row| {
        let Ok(key) = row.name.parse::<ModelKey>();
        key.model == model.name || key.loras.iter().any(|lora| lora.name == model.name)
    };
    let phases: Vec<_> = rows.iter().filter(has).map(|row| row.phase).collect();
    let phase = [Phase::Resident, Phase::Loading].into_iter().find(|phase| phases.contains(phase));
    let state = state(phase.unwrap_or(Phase::Absent));
    wire::Model {
        family: model.family,
        licence: model.licence,
        commercial_use: model.commercial_use,
        size_bytes: model.disk_bytes,
        resident: state == wire::ModelState::Resident,
        summary: model.summary,
        memory_bytes: measured.filter(|bytes| *bytes > 0).unwrap_or(model.memory_bytes),
        verified: model.verified,
        state: state.into(),
        problem: match model.role {
            Role::Unusable(problem) => problem,
            Role::Paints | Role::Lora { .. } | Role::Previews | Role::Reads => String::new(),
        },
        name: model.name,
    }
}

fn state(phase: Phase) -> wire::ModelState {
    match phase {
        Phase::Absent => wire::ModelState::Absent,
        Phase::Loading => wire::ModelState::Loading,
        Phase::Resident => wire::ModelState::Resident,
    }
}

/// A model, as far as memory is concerned.
pub(in crate::rpc) fn resident(row: Row) -> wire::ResidentModel {
    let (failed_at, error) = row.failure.unzip();
    wire::ResidentModel {
        name: row.name,
        state: state(row.phase).into(),
        bytes: row.bytes,
        in_use: row.in_use,
        used_at: row.used_at.map(time),
        expires_at: row.expires_at.map(time),
        pinned: row.pinned,
        error: error.unwrap_or_default(),
        failed_at: failed_at.map(time),
        goes: row.goes.unwrap_or_default(),
    }
}
