//! The UNet's names. The original numbers every resnet and resampling from the first to the last; diffusers has
//! blocks of one resolution with lists inside.

use super::{numbered, replaced};

/// Everything outside the numbered blocks: the original's name and diffusers'.
pub(crate) const OUTSIDE: &[(&str, &str)] = &[
    ("time_embed.0.", "time_embedding.linear_1."),
    ("time_embed.2.", "time_embedding.linear_2."),
    ("label_emb.0.0.", "add_embedding.linear_1."),
    ("label_emb.0.2.", "add_embedding.linear_2."),
    ("out.0.", "conv_norm_out."),
    ("out.2.", "conv_out."),
];

/// Layers of a resnet: the original's name and diffusers'.
pub(crate) const RESNET: &[(&str, &str)] = &[
    ("in_layers.0.", "norm1."),
    ("in_layers.2.", "conv1."),
    ("emb_layers.1.", "time_emb_proj."),
    ("out_layers.0.", "norm2."),
    ("out_layers.3.", "conv2."),
    ("skip_connection.", "conv_shortcut."),
];

/// Parts of an attention block, which both call the same.
const ATTENTION: &[&str] = &["norm.", "proj_in.", "proj_out.", "transformer_blocks."];

/// The name in diffusers of `name` (without `model.diffusion_model.`) in a UNet with `layers` resnets to a block.
pub(crate) fn rename(name: &str, layers: usize) -> Option<String> {
    if let Some((number, rest)) = numbered(name, "input_blocks.") {
        return down(number, rest, layers);
    }
    if let Some((number, rest)) = numbered(name, "output_blocks.") {
        return up(number, rest, layers);
    }
    if let Some((number, rest)) = numbered(name, "middle_block.") {
        return match number {
            0 | 2 => Some(format!("mid_block.resnets.{}.{}", number / 2, replaced(rest, RESNET)?)),
            1 => Some(format!("mid_block.attentions.0.{}", attention(rest)?)),
            _ => None,
        };
    }
    replaced(name, OUTSIDE)
}

/// `layers` resnets and then a convolution that halves the size, for each block; the first number is the UNet's first
/// convolution.
fn down(number: usize, rest: &str, layers: usize) -> Option<String> {
    let (part, rest) = rest.split_once('.')?;
    let Some(after_first) = number.checked_sub(1) else {
        return (part == "0").then(|| format!("conv_in.{rest}"));
    };
    let (block, layer) = (after_first / (layers + 1), after_first % (layers + 1));
    match part {
        "0" => match rest.strip_prefix("op.") {
            Some(rest) => Some(format!("down_blocks.{block}.downsamplers.0.conv.{rest}")),
            None => Some(format!("down_blocks.{block}.resnets.{layer}.{}", replaced(rest, RESNET)?)),
        },
        "1" => Some(format!("down_blocks.{block}.attentions.{layer}.{}", attention(rest)?)),
        _ => None,
    }
}

/// One resnet more than on the way down for each block; doubling the size comes last within the last of them, after
/// the attention where there is one.
fn up(number: usize, rest: &str, layers: usize) -> Option<String> {
    let (part, rest) = rest.split_once('.')?;
    let (block, layer) = (number / (layers + 1), number % (layers + 1));
    match (part, rest.strip_prefix("conv.")) {
        ("1" | "2", Some(rest)) => Some(format!("up_blocks.{block}.upsamplers.0.conv.{rest}")),
        ("0", _) => Some(format!("up_blocks.{block}.resnets.{layer}.{}", replaced(rest, RESNET)?)),
        ("1", None) => Some(format!("up_blocks.{block}.attentions.{layer}.{}", attention(rest)?)),
        _ => None,
    }
}

fn attention(rest: &str) -> Option<&str> {
    ATTENTION.iter().any(|part| rest.starts_with(part)).then_some(rest)
}
