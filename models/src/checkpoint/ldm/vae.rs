//! The VAE's names. The original numbers the decoder's blocks by size, diffusers in the order in which they run.

use super::{numbered, replaced};

/// Everything outside the numbered blocks, within the encoder or the decoder.
const OUTSIDE: &[(&str, &str)] = &[
    ("conv_in.", "conv_in."),
    ("norm_out.", "conv_norm_out."),
    ("conv_out.", "conv_out."),
    ("mid.block_1.", "mid_block.resnets.0."),
    ("mid.block_2.", "mid_block.resnets.1."),
    ("mid.attn_1.norm.", "mid_block.attentions.0.group_norm."),
    ("mid.attn_1.q.", "mid_block.attentions.0.to_q."),
    ("mid.attn_1.k.", "mid_block.attentions.0.to_k."),
    ("mid.attn_1.v.", "mid_block.attentions.0.to_v."),
    ("mid.attn_1.proj_out.", "mid_block.attentions.0.to_out.0."),
];

/// What releases before 0.17 of diffusers called the attention's layers.
const OLD_ATTENTION: &[(&str, &str)] =
    &[("query.", "to_q."), ("key.", "to_k."), ("value.", "to_v."), ("proj_attn.", "to_out.0.")];

/// The name in diffusers of `name` (without `first_stage_model.`) in a VAE of `levels` sizes.
pub(in crate::checkpoint) fn rename(name: &str, levels: usize) -> Option<String> {
    if name.starts_with("quant_conv.") || name.starts_with("post_quant_conv.") {
        return Some(name.to_owned());
    }
    let (side, rest) = name.split_once('.')?;
    let inside = match side {
        "encoder" => match numbered(rest, "down.") {
            Some((level, rest)) => level_names(&format!("down_blocks.{level}"), "down", rest)?,
            None => replaced(rest, OUTSIDE)?,
        },
        "decoder" => match numbered(rest, "up.") {
            Some((level, rest)) => {
                let block = levels.checked_sub(1)?.checked_sub(level)?;
                level_names(&format!("up_blocks.{block}"), "up", rest)?
            }
            None => replaced(rest, OUTSIDE)?,
        },
        _ => return None,
    };
    Some(format!("{side}.{}", inside.replace(".nin_shortcut.", ".conv_shortcut.")))
}

fn level_names(block: &str, way: &str, rest: &str) -> Option<String> {
    if let Some(rest) = rest.strip_prefix(&format!("{way}sample.")) {
        return Some(format!("{block}.{way}samplers.0.{rest}"));
    }
    rest.strip_prefix("block.").map(|rest| format!("{block}.resnets.{rest}"))
}

/// Today's name of a parameter that diffusers may have written long ago.
pub(in crate::checkpoint) fn attention_names(name: &str) -> String {
    const HOME: &str = ".mid_block.attentions.0.";
    let Some((side, rest)) = name.split_once(HOME) else { return name.to_owned() };
    let rest = replaced(rest, OLD_ATTENTION).unwrap_or_else(|| rest.to_owned());
    format!("{side}{HOME}{rest}")
}

/// Whether the parameter (by today's name) is an attention's matrix, which was a 1×1 convolution in the original.
pub(in crate::checkpoint) fn is_attention_matrix(name: &str) -> bool {
    name.contains(".attentions.0.to_") && name.ends_with(".weight")
}
