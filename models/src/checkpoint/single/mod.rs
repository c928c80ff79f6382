//! A single file as the original code wrote it: every network under a prefix of its own, and no configurations.
//!
//! Configurations are read off the tensors' shapes. What shapes can't say is what the original releases have
//! (`config.rs`), unless the file's header says otherwise, or at last `NAME.config.json` beside it, an object by
//! component: `{"unet": {"attention_head_dim": [5, 10, 20]}, "scheduler": {"prediction_type": "epsilon"}}`. (Not
//! `NAME.json`: other programs keep notes of theirs under that name.)

mod config;
mod kind;
mod sort;

use std::path::{Path, PathBuf};

use serde_json::Value;

use self::sort::Sorted;
use super::{
    Checkpoint, Family, Overrides, Prediction, is_inpaint,
    json::{self, Object},
    prediction, refusal,
};
use crate::{Error, weights::TensorFile};

/// What a sidecar may be about.
const COMPONENTS: [&str; 5] = ["unet", "vae", "text_encoder", "text_encoder_2", "scheduler"];

pub(super) fn open(path: &Path) -> Result<Checkpoint, Error> {
    let file = TensorFile::open(path)?;
    let family = kind::family(&file)?;
    let mut files = vec![path.to_owned()];
    let overrides = sidecar(path, &mut files)?;
    let settled = |object: Object, component: &str| overridden(path, object, overrides.get(component));

    let Sorted { unet, vae, text_encoders } = sort::sort(&file, family)?;
    let inputs = config::shape(path, &unet, "conv_in.weight", 4)?[1];
    let latent = config::shape(path, &vae, "post_quant_conv.weight", 4)?[1];
    let inpaint = is_inpaint(path, inputs, latent)?;
    let believed = believed(&file, family, inpaint);
    let scheduler = settled(config::scheduler(family, believed, file.shape("ztsnr").is_some()), "scheduler")?;
    let prediction = prediction(path, &scheduler)?;

    let unet_config = settled(config::unet(path, &unet, &text_encoders, family, prediction)?, "unet")?;
    let vae_config = settled(config::vae(path, &vae, family)?, "vae")?;
    let named = text_encoders.into_iter().zip(["text_encoder", "text_encoder_2"]);
    let configured = named.map(|(part, component)| {
        let config = settled(config::text(path, &part, family, component == "text_encoder_2")?, component)?;
        Ok(part.with_config(json::text(config)))
    });
    let text_encoders = configured.collect::<Result<Vec<_>, Error>>()?;
    Ok(Checkpoint {
        family,
        inpaint,
        prediction,
        zero_empty_prompt: family == Family::Sdxl,
        unet: unet.with_config(json::text(unet_config)),
        vae: vae.with_config(json::text(vae_config)),
        tiny: None,
        tokenizers: vec![None; text_encoders.len()],
        text_encoders,
        scheduler: json::text(scheduler),
        files,
    })
}

/// What the network most likely says. Shapes can't tell: a note in the header does (`modelspec.prediction_type`, or
/// an empty tensor `v_pred`); without one, SD 2 is taken for its larger release, which predicts velocity, and
/// everything else for noise.
fn believed(file: &TensorFile, family: Family, inpaint: bool) -> Prediction {
    match file.note("modelspec.prediction_type") {
        Some("v" | "v_prediction") => return Prediction::Velocity,
        Some("epsilon") => return Prediction::Epsilon,
        _ => {}
    }
    let marked = file.shape("v_pred").is_some();
    if marked || family == Family::Sd2 && !inpaint { Prediction::Velocity } else { Prediction::Epsilon }
}

/// What `NAME.config.json` says, by component.
fn sidecar(path: &Path, files: &mut Vec<PathBuf>) -> Result<Overrides, Error> {
    let beside = path.with_extension("config.json");
    if !beside.exists() {
        return Ok(Overrides::new());
    }
    let mut overrides = Overrides::new();
    for (component, value) in json::config(&beside)? {
        match value {
            Value::Object(object) if COMPONENTS.contains(&component.as_str()) => {
                overrides.insert(component, object);
            }
            _ => {
                let known = COMPONENTS.join(", ");
                return Err(refusal(&beside, format!("{component} is not an object of one of {known}")));
            }
        }
    }
    files.push(beside);
    Ok(overrides)
}

fn overridden(path: &Path, mut object: Object, by: Option<&Object>) -> Result<Object, Error> {
    object.extend(by.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
    json::bounded(path, &object)?;
    Ok(object)
}
