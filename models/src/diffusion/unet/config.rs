//! What a UNet's `config.json` says, checked.

use serde_json::json;

use super::levels::{self, Levels};
use crate::{Error, diffusion::options::Options};

/// Most levels of resolution. Published checkpoints have 3 or 4.
const LEVELS: usize = 8;
/// Most channels at a level. Published checkpoints have up to 1280.
const CHANNELS: usize = 8192;
/// Most elements of an embedding. SDXL's widest has 2816.
const WIDTH: usize = 1 << 16;
/// Numbers that tell SDXL of sizes and cropping.
pub(super) const TIME_IDS: usize = 6;

/// The shape of a [`Unet`](super::Unet), read from its `config.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct UnetConfig {
    /// Channels of the input: 4 latents, or 9 with mask and masked picture beside them.
    pub in_channels: usize,
    /// Channels of the answer.
    pub out_channels: usize,
    /// Width of the text's embedding.
    pub context: usize,
    /// What the network is told beside the text (SDXL); `None` for networks that are not.
    pub added: Option<AddedConfig>,
    /// Width of the embedding of the guidance scale, for networks that were distilled with it (LCM).
    pub guidance: Option<usize>,
    pub(super) time: TimeConfig,
    pub(super) levels: Levels,
    /// Channels at the highest resolution.
    pub(super) channels: usize,
    pub(super) groups: usize,
    pub(super) epsilon: f64,
    /// Whether the input is brought from 0…1 to −1…1 first.
    pub(super) center_input: bool,
    pub(super) linear_projection: bool,
    pub(super) upcast_attention: bool,
    /// Whether downsampling pads on both sides, or after only.
    pub(super) pad_both: bool,
}

/// Widths of what SDXL adds to the time embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddedConfig {
    /// Width of the pooled text embedding.
    pub pooled: usize,
    /// Width of the sinusoids of each of the six numbers.
    pub time: usize,
}

/// The time embedding.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeConfig {
    /// Width of the embedding.
    pub(super) width: usize,
    /// Whether cosines come before sines.
    pub(super) cosines_first: bool,
    /// Taken off the number of frequencies when they are spread.
    pub(super) shift: usize,
}

impl UnetConfig {
    /// Reads the text of a `config.json` of diffusers' `UNet2DConditionModel`. `file` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is no such file, asks for something that is not built here, or its numbers
    /// are out of bounds.
    pub fn parse(file: &str, json: &str) -> Result<Self, Error> {
        let mut options = Options::parse(file, json)?;
        refuse_unsupported(&mut options)?;
        let channels = options.counts("block_out_channels", &[320, 640, 1280, 1280], 4..=CHANNELS)?;
        options.within("the number of block_out_channels", channels.len(), 1..=LEVELS)?;
        let groups = options.count("norm_num_groups", 32, 1..=CHANNELS)?;
        if let Some(odd) = channels.iter().find(|&&count| !count.is_multiple_of(groups) || count % 2 == 1) {
            return Err(options.refuse(format!(
                "block_out_channels has {odd}; an even multiple of the {groups} norm_num_groups is needed"
            )));
        }
        let config = Self {
            in_channels: options.count("in_channels", 4, 1..=CHANNELS)?,
            out_channels: options.count("out_channels", 4, 1..=CHANNELS)?,
            context: context(&mut options, channels.len())?,
            added: added(&mut options)?,
            guidance: options.count_if_any("time_cond_proj_dim", 1..=WIDTH)?,
            time: TimeConfig {
                width: options.count_if_any("time_embedding_dim", 1..=WIDTH)?.unwrap_or(4 * channels[0]),
                cosines_first: options.take_or("flip_sin_to_cos", true)?,
                shift: options.count("freq_shift", 0, 0..=1)?,
            },
            levels: levels::resolve(&mut options, &channels)?,
            channels: channels[0],
            groups,
            epsilon: options.number("norm_eps", 1e-5, 0.0..=1.0)?,
            center_input: options.take_or("center_input_sample", false)?,
            linear_projection: options.take_or("use_linear_projection", false)?,
            upcast_attention: options.take_or("upcast_attention", false)?,
            pad_both: options.count("downsample_padding", 1, 0..=1)? == 1,
        };
        options.finish()?;
        Ok(config)
    }
}

/// The one width of text embeddings.
fn context(options: &mut Options, levels: usize) -> Result<usize, Error> {
    let widths = options.counts_per_level("cross_attention_dim", 1280, levels, 1..=WIDTH)?;
    if widths.iter().any(|&width| width != widths[0]) {
        return Err(options.refuse(format!("cross_attention_dim is {widths:?}; one width for all is needed")));
    }
    Ok(widths[0])
}

fn added(options: &mut Options) -> Result<Option<AddedConfig>, Error> {
    let kind: Option<String> = options.take("addition_embed_type")?;
    let time = options.count_if_any("addition_time_embed_dim", 4..=WIDTH)?;
    let input = options.count_if_any("projection_class_embeddings_input_dim", 1..=WIDTH)?;
    match (kind.as_deref(), time, input) {
        (None, ..) => Ok(None),
        (Some("text_time"), Some(time), Some(input)) if time % 2 == 0 && input > TIME_IDS * time => {
            Ok(Some(AddedConfig { pooled: input - TIME_IDS * time, time }))
        }
        (Some("text_time"), ..) => Err(options.refuse(format!(
            "addition_embed_type is text_time, but addition_time_embed_dim ({time:?}) and \
             projection_class_embeddings_input_dim ({input:?}) leave no room for a text embedding"
        ))),
        (Some(other), ..) => {
            Err(options.refuse(format!("addition_embed_type is {other}; only text_time or null can be run")))
        }
    }
}

/// Takes the options of diffusers of which only one value is built, and those that are of no consequence.
fn refuse_unsupported(options: &mut Options) -> Result<(), Error> {
    let (null, no) = (json!(null), json!(false));
    options.only("_class_name", &[json!("UNet2DConditionModel")])?;
    options.only("act_fn", &[json!("silu"), json!("swish")])?;
    for (name, value) in [
        ("attention_type", json!("default")),
        ("conv_in_kernel", json!(3)),
        ("conv_out_kernel", json!(3)),
        ("mid_block_scale_factor", json!(1)),
        ("resnet_out_scale_factor", json!(1)),
        ("resnet_time_scale_shift", json!("default")),
        ("time_embedding_type", json!("positional")),
    ] {
        options.only(name, &[value])?;
    }
    for name in [
        "class_embeddings_concat",
        "dual_cross_attention",
        "mid_block_only_cross_attention",
        "only_cross_attention",
        "resnet_skip_time_act",
    ] {
        options.only(name, &[no.clone(), null.clone()])?;
    }
    for name in [
        "class_embed_type",
        "cross_attention_norm",
        "encoder_hid_dim",
        "encoder_hid_dim_type",
        "num_class_embeds",
        "time_embedding_act_fn",
        "timestep_post_act",
    ] {
        options.only(name, std::slice::from_ref(&null))?;
    }
    // Training, the size it was trained at, an embedding that `addition_embed_type` rules out, and what trainers
    // that average weights leave behind.
    options.inert(&[
        "dropout",
        "sample_size",
        "addition_embed_type_num_heads",
        "decay",
        "inv_gamma",
        "min_decay",
        "optimization_step",
        "power",
        "update_after_step",
        "use_ema_warmup",
    ]);
    Ok(())
}
