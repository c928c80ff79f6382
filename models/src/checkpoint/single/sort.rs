//! Sorts the tensors of a single file into networks, under diffusers' names.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use crate::{
    Error,
    checkpoint::{
        Family, ldm,
        ldm::text::Becomes,
        part::{Change, Part},
        refusal,
    },
    weights::TensorFile,
};

const UNET: &str = "model.diffusion_model.";
const VAE: &str = "first_stage_model.";
/// Most names that an error lists.
const NAMED: usize = 5;

/// Entries that real files have and nothing reads.
const UNREAD: &[(Pattern, &str)] = &[
    (Pattern::Begins("model_ema."), "an average of the UNet, kept for training on"),
    (Pattern::Begins("first_stage_model.model_ema."), "an average of the VAE, kept for training on"),
    (Pattern::Begins("first_stage_model.loss."), "the critic that the VAE was trained against"),
    (Pattern::Is("betas"), SCHEDULE),
    (Pattern::Begins("alphas_cumprod"), SCHEDULE),
    (Pattern::Begins("sqrt_"), SCHEDULE),
    (Pattern::Begins("log_one_minus_alphas"), SCHEDULE),
    (Pattern::Begins("posterior_"), SCHEDULE),
    (Pattern::Begins("denoiser."), SCHEDULE),
    (Pattern::Is("lvlb_weights"), "a weight of the training's loss"),
    (Pattern::Is("logvar"), "a weight of the training's loss"),
    (Pattern::Is("scale_factor"), "the VAE's scaling, which is the same for a whole family"),
    (Pattern::Is("v_pred"), "a mark, read as such"),
    (Pattern::Is("ztsnr"), "a mark, read as such"),
    (Pattern::Ends(".position_ids"), "the numbers from 0 to 76"),
    (Pattern::Ends(".logit_scale"), "compares texts with pictures, which nothing here does"),
    (
        Pattern::Ends(".transformer.text_projection.weight"),
        "a projection of CLIP ViT-L, of which only layers are used",
    ),
];
const SCHEDULE: &str = "the noise schedule, which is computed from its two ends";

#[derive(Debug, Clone, Copy)]
enum Pattern {
    Is(&'static str),
    Begins(&'static str),
    Ends(&'static str),
}

impl Pattern {
    fn matches(self, name: &str) -> bool {
        match self {
            Self::Is(whole) => name == whole,
            Self::Begins(beginning) => name.starts_with(beginning),
            Self::Ends(ending) => name.ends_with(ending),
        }
    }
}

/// The networks of a file, without configurations.
pub(super) struct Sorted {
    pub(super) unet: Part,
    pub(super) vae: Part,
    pub(super) text_encoders: Vec<Part>,
}

/// The text encoders of a family: the prefix of each, and whether it is OpenCLIP's.
fn encoders(family: Family) -> &'static [(&'static str, bool)] {
    match family {
        Family::Sd1 => &[("cond_stage_model.transformer.", false)],
        Family::Sd2 => &[("cond_stage_model.model.", true)],
        Family::Sdxl => {
            &[("conditioner.embedders.0.transformer.", false), ("conditioner.embedders.1.model.", true)]
        }
    }
}

pub(super) fn sort(file: &Arc<TensorFile>, family: Family) -> Result<Sorted, Error> {
    let path = file.path();
    let layers = layers(file)?;
    let levels = levels(file);
    let last = if family == Family::Sd2 { unused_layer(file) } else { None };
    let mut unet = Part::new(path);
    let mut vae = Part::new(path);
    let mut text_encoders: Vec<_> = encoders(family).iter().map(|_| Part::new(path)).collect();
    let mut unknown = Vec::new();
    for name in file.names().filter(|name| !UNREAD.iter().any(|(pattern, _)| pattern.matches(name))) {
        let known = if let Some(inside) = name.strip_prefix(UNET) {
            add(&mut unet, file, name, ldm::unet::rename(inside, layers))?
        } else if let Some(inside) = name.strip_prefix(VAE) {
            match ldm::vae::rename(inside, levels) {
                Some(wanted) if ldm::vae::is_attention_matrix(&wanted) => {
                    vae.make(file, name, vec![(wanted, Change::Matrix)])?;
                    true
                }
                wanted => add(&mut vae, file, name, wanted)?,
            }
        } else {
            add_text(&mut text_encoders, file, name, family, last)?
        };
        if !known {
            unknown.push(name);
        }
    }
    if !unknown.is_empty() {
        return Err(refuse_unknown(path, &unknown));
    }
    for (part, what) in [(&unet, "UNet"), (&vae, "VAE")]
        .into_iter()
        .chain(text_encoders.iter().map(|it| (it, "text encoder")))
    {
        if part.is_empty() {
            return Err(refusal(path, format!("holds no {what}; take the file with everything in it")));
        }
    }
    Ok(Sorted { unet, vae, text_encoders })
}

/// Adds `name` as `wanted`; whether there is such a place.
fn add(part: &mut Part, file: &Arc<TensorFile>, name: &str, wanted: Option<String>) -> Result<bool, Error> {
    match wanted {
        Some(wanted) => part.add(file, name, wanted).map(|()| true),
        None => Ok(false),
    }
}

/// Adds `name` to the text encoder that it belongs to; whether it belongs to one.
fn add_text(
    parts: &mut [Part],
    file: &Arc<TensorFile>,
    name: &str,
    family: Family,
    unused: Option<usize>,
) -> Result<bool, Error> {
    let places = encoders(family).iter().zip(parts);
    let found =
        places.filter_map(|((prefix, open), part)| Some((name.strip_prefix(prefix)?, *open, part))).next();
    let Some((inside, open, part)) = found else { return Ok(false) };
    if !open {
        let prefix = if inside.starts_with("text_model.") { "" } else { "text_model." };
        return add(part, file, name, Some(format!("{prefix}{inside}")));
    }
    let projection = inside == "text_projection" && family == Family::Sd2;
    if projection || unused.is_some() && ldm::text::layer(inside) == unused {
        return Ok(true);
    }
    match ldm::text::rename(inside) {
        Some(Becomes::Same(wanted)) => add(part, file, name, Some(wanted)),
        Some(Becomes::Made(wanted)) => part.make(file, name, wanted).map(|()| true),
        None => Ok(false),
    }
}

/// The layer of SD 2's text encoder that is never run: the UNet was trained on what the layer before the last
/// answers. A file that was made from a diffusers folder does not hold it any more, nor the projection.
fn unused_layer(file: &TensorFile) -> Option<usize> {
    let (prefix, _) = encoders(Family::Sd2)[0];
    let inside = file.names().filter_map(|name| name.strip_prefix(prefix));
    let layers: BTreeSet<_> = inside.filter_map(ldm::text::layer).collect();
    // ViT-H has 24.
    let whole = layers.len() == 24 || file.shape(&format!("{prefix}text_projection")).is_some();
    layers.last().copied().filter(|_| whole)
}

/// How many resnets a block of the UNet has: those before the first convolution that halves the size.
fn layers(file: &TensorFile) -> Result<usize, Error> {
    let numbers: BTreeSet<usize> = file
        .names()
        .filter_map(|name| {
            name.strip_prefix(UNET)?.strip_prefix("input_blocks.")?.strip_suffix(".0.op.weight")
        })
        .filter_map(|number| number.parse().ok())
        .collect();
    match numbers.first() {
        Some(&first) if first >= 2 => Ok(first - 1),
        Some(_) => Err(refusal(file.path(), "its UNet has a block without a resnet")),
        None => Err(refusal(file.path(), "its UNet has one size only, which no Stable Diffusion has")),
    }
}

/// How many sizes the VAE has.
fn levels(file: &TensorFile) -> usize {
    let inside = file.names().filter_map(|name| name.strip_prefix(VAE)?.strip_prefix("decoder.up."));
    inside.filter_map(|rest| rest.split_once('.')).map(|(level, _)| level).collect::<BTreeSet<_>>().len()
}

fn refuse_unknown(path: &Path, unknown: &[&str]) -> Error {
    let named: Vec<_> = unknown.iter().copied().take(NAMED).collect();
    let more = match unknown.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    refusal(
        path,
        format!(
            "no network has a place for {}{more}; it is of another kind than its other parts",
            named.join(", ")
        ),
    )
}
