//! Configurations of the networks in a single file: what shapes say, and what the original releases have for the
//! rest.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

use crate::{
    Error,
    checkpoint::{Family, Prediction, json::Object, part::Part, refusal},
};

/// Size of one attention head in SD 2, SDXL and all of CLIP.
const HEAD: usize = 64;
/// Most sizes of a network: every one halves the picture.
const MOST_LEVELS: usize = 16;

/// The shape of the parameter `name`, which must have `rank` dimensions.
pub(super) fn shape<'a>(path: &Path, part: &'a Part, name: &str, rank: usize) -> Result<&'a [usize], Error> {
    match part.shape(name) {
        None => Err(refusal(path, format!("tensor {name} is missing"))),
        Some(shape) if shape.len() == rank => Ok(shape),
        Some(shape) => {
            Err(refusal(path, format!("tensor {name} has shape {shape:?}; it should have {rank} dimensions")))
        }
    }
}

/// The UNet's. `text_encoders` of SDXL say how much of the added embedding is text.
pub(super) fn unet(
    path: &Path,
    part: &Part,
    text_encoders: &[Part],
    family: Family,
    prediction: Prediction,
) -> Result<Object, Error> {
    let levels = levels(path, part, "down_blocks.")?;
    let mut channels = Vec::new();
    let mut depths = Vec::new();
    for level in 0..levels {
        channels.push(shape(path, part, &format!("down_blocks.{level}.resnets.0.conv2.weight"), 4)?[0]);
        depths.push(count(part, &format!("down_blocks.{level}.attentions.0.transformer_blocks.")));
    }
    let attends: Vec<bool> = depths.iter().map(|depth| *depth > 0).collect();
    let block = |attends: bool, way: &str| match attends {
        true => format!("CrossAttn{way}Block2D"),
        false => format!("{way}Block2D"),
    };
    let depths: Vec<_> = depths.iter().map(|depth| (*depth).max(1)).collect();
    let heads = match family {
        Family::Sd1 => json!(8),
        Family::Sd2 | Family::Sdxl => {
            json!(channels.iter().map(|all| (all / HEAD).max(1)).collect::<Vec<_>>())
        }
    };
    let middle = part.shape("mid_block.attentions.0.proj_in.weight").is_some();
    let matrices =
        part.names().find(|name| name.ends_with(".proj_in.weight")).and_then(|name| part.shape(name));
    let cross = part.names().find(|name| name.ends_with(".attn2.to_k.weight"));
    let cross = cross.ok_or_else(|| refusal(path, "its UNet looks at no text"))?;
    let mut config = object(json!({
        "_class_name": "UNet2DConditionModel",
        "act_fn": "silu",
        "attention_head_dim": heads,
        "block_out_channels": channels,
        "center_input_sample": false,
        "cross_attention_dim": shape(path, part, cross, 2)?[1],
        "down_block_types": attends.iter().map(|it| block(*it, "Down")).collect::<Vec<_>>(),
        "downsample_padding": 1,
        "flip_sin_to_cos": true,
        "freq_shift": 0,
        "in_channels": shape(path, part, "conv_in.weight", 4)?[1],
        "layers_per_block": count(part, "down_blocks.0.resnets."),
        "mid_block_scale_factor": 1,
        "mid_block_type": if middle { "UNetMidBlock2DCrossAttn" } else { "UNetMidBlock2D" },
        "norm_eps": 1e-5,
        "norm_num_groups": 32,
        "out_channels": shape(path, part, "conv_out.weight", 4)?[0],
        "sample_size": side(family, prediction) / 8,
        "transformer_layers_per_block": if depths.iter().all(|it| *it == 1) { json!(1) } else { json!(depths) },
        "up_block_types": attends.iter().rev().map(|it| block(*it, "Up")).collect::<Vec<_>>(),
        "use_linear_projection": matrices.is_some_and(|shape| shape.len() == 2),
    }));
    if let [_, pooled] = text_encoders {
        let inputs = shape(path, part, "add_embedding.linear_1.weight", 2)?[1];
        let text = pooled_width(path, pooled)?;
        // Six numbers beside the text: the size before scaling, the corner of the crop, the size wanted.
        let times = inputs.checked_sub(text).filter(|rest| rest.is_multiple_of(6));
        let times = times.ok_or_else(|| {
            refusal(path, format!("its UNet adds {inputs} numbers, of which {text} are text"))
        })?;
        config.insert("addition_embed_type".to_owned(), json!("text_time"));
        config.insert("addition_time_embed_dim".to_owned(), json!(times / 6));
        config.insert("projection_class_embeddings_input_dim".to_owned(), json!(inputs));
    }
    Ok(config)
}

/// Side of the pictures that a family was trained on, in pixels.
fn side(family: Family, prediction: Prediction) -> usize {
    match (family, prediction) {
        (Family::Sdxl, _) => 1024,
        (Family::Sd2, Prediction::Velocity) => 768,
        (Family::Sd1 | Family::Sd2, _) => 512,
    }
}

/// The VAE's.
pub(super) fn vae(path: &Path, part: &Part, family: Family) -> Result<Object, Error> {
    let levels = levels(path, part, "encoder.down_blocks.")?;
    let channels = (0..levels)
        .map(|level| {
            Ok(shape(path, part, &format!("encoder.down_blocks.{level}.resnets.0.conv2.weight"), 4)?[0])
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(object(json!({
        "_class_name": "AutoencoderKL",
        "act_fn": "silu",
        "block_out_channels": channels,
        "down_block_types": vec!["DownEncoderBlock2D"; levels],
        "force_upcast": true,
        "in_channels": shape(path, part, "encoder.conv_in.weight", 4)?[1],
        "latent_channels": shape(path, part, "post_quant_conv.weight", 4)?[1],
        "layers_per_block": count(part, "encoder.down_blocks.0.resnets."),
        "norm_num_groups": 32,
        "out_channels": shape(path, part, "decoder.conv_out.weight", 4)?[0],
        "sample_size": if family == Family::Sdxl { 1024 } else { 512 },
        "scaling_factor": if family == Family::Sdxl { 0.13025 } else { 0.18215 },
        "up_block_types": vec!["UpDecoderBlock2D"; levels],
    })))
}

/// A text encoder's. `second` is SDXL's, which also projects.
pub(super) fn text(path: &Path, part: &Part, family: Family, second: bool) -> Result<Object, Error> {
    let tokens = shape(path, part, "text_model.embeddings.token_embedding.weight", 2)?;
    let (vocabulary, hidden) = (tokens[0], tokens[1]);
    let positions = shape(path, part, "text_model.embeddings.position_embedding.weight", 2)?[0];
    let open = second || family == Family::Sd2;
    Ok(object(json!({
        "architectures": [if second { "CLIPTextModelWithProjection" } else { "CLIPTextModel" }],
        // Both vocabularies end with the two marks.
        "bos_token_id": vocabulary.saturating_sub(2),
        "eos_token_id": vocabulary.saturating_sub(1),
        "hidden_act": if open { "gelu" } else { "quick_gelu" },
        "hidden_size": hidden,
        "intermediate_size": shape(path, part, "text_model.encoder.layers.0.mlp.fc1.weight", 2)?[0],
        "layer_norm_eps": 1e-5,
        "max_position_embeddings": positions,
        "num_attention_heads": (hidden / HEAD).max(1),
        "num_hidden_layers": count(part, "text_model.encoder.layers."),
        "projection_dim": if second { pooled_width(path, part)? } else { hidden },
        "vocab_size": vocabulary,
    })))
}

/// Width of what SDXL's second text encoder says of the whole text.
fn pooled_width(path: &Path, part: &Part) -> Result<usize, Error> {
    match part.made_shape("text_projection") {
        Some(&[_, width]) => Ok(width),
        _ => Err(refusal(path, "tensor text_projection is missing from its second text encoder")),
    }
}

/// The scheduler that a family was released with. `zero_end`: the last step has no signal left.
pub(super) fn scheduler(family: Family, prediction: Prediction, zero_end: bool) -> Object {
    let class = match family {
        Family::Sd1 => "PNDMScheduler",
        Family::Sd2 => "DDIMScheduler",
        Family::Sdxl => "EulerDiscreteScheduler",
    };
    object(json!({
        "_class_name": class,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "clip_sample": false,
        "num_train_timesteps": 1000,
        "prediction_type": prediction,
        "rescale_betas_zero_snr": zero_end,
        "set_alpha_to_one": false,
        "skip_prk_steps": true,
        "steps_offset": 1,
        "timestep_spacing": if zero_end { "trailing" } else { "leading" },
    }))
}

/// How many sizes a network has.
fn levels(path: &Path, part: &Part, prefix: &str) -> Result<usize, Error> {
    match count(part, prefix) {
        levels @ 1..=MOST_LEVELS => Ok(levels),
        levels => Err(refusal(path, format!("has {levels} blocks {prefix}; 1 to {MOST_LEVELS} can be used"))),
    }
}

/// How many different numbers follow `prefix` in the names of a part.
fn count(part: &Part, prefix: &str) -> usize {
    let rest = part.names().filter_map(|name| name.strip_prefix(prefix));
    rest.filter_map(|rest| rest.split_once('.')).map(|(number, _)| number).collect::<BTreeSet<_>>().len()
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
