//! Which kind of model a single file is, by the names in it.

use crate::{
    Error,
    checkpoint::{Family, refusal},
    weights::TensorFile,
};

/// Prefixes of text encoders, more special ones first.
const FAMILIES: &[(&str, Family)] = &[
    ("conditioner.embedders.1.model.", Family::Sdxl),
    ("cond_stage_model.model.", Family::Sd2),
    ("cond_stage_model.", Family::Sd1),
];

/// What a file is that is no whole Stable Diffusion, by a part of a name in it.
const OTHERS: &[(&str, &str)] = &[
    ("lora_", "is a LoRA, an addition to a model; name the model itself"),
    ("hada_w1", "is a LyCORIS, an addition to a model; name the model itself"),
    ("control_model.", "is a ControlNet, an addition to a model; name the model itself"),
    ("conditioner.embedders.0.model.", "is the refiner of SDXL; take the base model"),
    ("double_blocks.", "is a FLUX; Stable Diffusion 1, 2 and XL can be used"),
    ("joint_blocks.", "is a Stable Diffusion 3; Stable Diffusion 1, 2 and XL can be used"),
    ("down_blocks.", "is one network of a diffusers folder; name the folder that holds model_index.json"),
    ("first_stage_model.", "holds a VAE only; name a whole model"),
];

pub(super) fn family(file: &TensorFile) -> Result<Family, Error> {
    let any = |part: &str| file.names().any(|name| name.starts_with(part));
    let whole = any("model.diffusion_model.input_blocks.");
    match FAMILIES.iter().find(|(prefix, _)| whole && any(prefix)) {
        Some((_, family)) => Ok(*family),
        None => Err(refusal(file.path(), other(file, whole))),
    }
}

fn other(file: &TensorFile, has_unet: bool) -> &'static str {
    let named = OTHERS.iter().find(|(part, _)| file.names().any(|name| name.contains(part)));
    match named {
        Some((_, problem)) if !has_unet || problem.contains("refiner") => problem,
        _ if has_unet => "holds a UNet without its text encoder; take the file with everything in it",
        _ => "is no Stable Diffusion 1, 2 or XL: it holds no UNet under model.diffusion_model",
    }
}
