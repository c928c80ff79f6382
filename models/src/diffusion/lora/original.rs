//! What the original code of Stable Diffusion (CompVis' latent-diffusion) calls the layers of a UNet. kohya's trainer
//! works on that code for SDXL, so its files have these names.
//!
//! The original numbers every resnet and every resampling from first to last; diffusers has a block for each size with
//! lists inside. The numbers are counted here from the layers that the network has, so blocks may differ in length.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkpoint::ldm::unet::{OUTSIDE, RESNET};

/// How the original numbers the blocks of one UNet.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    down: BTreeMap<usize, Block>,
    up: BTreeMap<usize, Block>,
}

/// One of diffusers' blocks.
#[derive(Debug, Default)]
struct Block {
    /// The number of its first resnet.
    first: usize,
    resnets: BTreeSet<usize>,
    attends: bool,
    resamples: bool,
}

impl Numbers {
    /// Counts the blocks of the UNet with these layers (diffusers' names).
    pub(super) fn of<'a>(layers: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers = Self::default();
        for layer in layers {
            let (blocks, rest) = match (layer.strip_prefix("down_blocks."), layer.strip_prefix("up_blocks."))
            {
                (Some(rest), _) => (&mut numbers.down, rest),
                (None, Some(rest)) => (&mut numbers.up, rest),
                (None, None) => continue,
            };
            let Some((block, list, index, _)) = within(rest) else { continue };
            let block = blocks.entry(block).or_default();
            match list {
                "resnets" => _ = block.resnets.insert(index),
                "attentions" => block.attends = true,
                _ => block.resamples = true,
            }
        }
        // The first input block is the first convolution. Halving has a number of its own, doubling has not.
        number(&mut numbers.down, 1, |block| block.resnets.len() + usize::from(block.resamples));
        number(&mut numbers.up, 0, |block| block.resnets.len());
        numbers
    }

    /// The original's name of a layer, where it has that layer.
    pub(super) fn original(&self, layer: &str) -> Option<String> {
        if layer == "conv_in" {
            return Some("input_blocks.0.0".to_owned());
        }
        if let Some(original) = called(layer, OUTSIDE) {
            return Some(original.to_owned());
        }
        let (way, rest) = layer.split_once('.')?;
        match way {
            "mid_block" => {
                let (list, rest) = rest.split_once('.')?;
                let (index, rest) = rest.split_once('.')?;
                match (list, index) {
                    ("resnets", "0") => Some(format!("middle_block.0.{}", called(rest, RESNET)?)),
                    ("attentions", "0") => Some(format!("middle_block.1.{rest}")),
                    ("resnets", "1") => Some(format!("middle_block.2.{}", called(rest, RESNET)?)),
                    _ => None,
                }
            }
            "down_blocks" => {
                let (block, list, index, rest) = within(rest)?;
                let block = self.down.get(&block)?;
                let number = block.first + if list == "downsamplers" { block.resnets.len() } else { index };
                match (list, rest) {
                    ("downsamplers", "conv") => Some(format!("input_blocks.{number}.0.op")),
                    _ => inside("input_blocks", number, list, rest),
                }
            }
            "up_blocks" => {
                let (block, list, index, rest) = within(rest)?;
                let block = self.up.get(&block)?;
                match (list, rest) {
                    // Doubling comes last within the block's last number, after the attention where there is one.
                    ("upsamplers", "conv") => {
                        let number = (block.first + block.resnets.len()).checked_sub(1)?;
                        Some(format!("output_blocks.{number}.{}.conv", 1 + usize::from(block.attends)))
                    }
                    _ => inside("output_blocks", block.first + index, list, rest),
                }
            }
            _ => None,
        }
    }
}

/// `"1.attentions.0.proj_in"` as block 1, list "attentions", index 0, "proj_in". No block is a thousand layers long, and
/// a number that says so must not overflow.
fn within(rest: &str) -> Option<(usize, &str, usize, &str)> {
    let (block, rest) = rest.split_once('.')?;
    let (list, rest) = rest.split_once('.')?;
    let (index, rest) = rest.split_once('.')?;
    let index = index.parse().ok().filter(|index| *index < 1_000)?;
    Some((block.parse().ok()?, list, index, rest))
}

/// Gives every block its first number, from `next` on, by how many numbers each takes.
fn number(blocks: &mut BTreeMap<usize, Block>, mut next: usize, taken: impl Fn(&Block) -> usize) {
    for block in blocks.values_mut() {
        block.first = next;
        next += taken(block);
    }
}

fn inside(way: &str, number: usize, list: &str, rest: &str) -> Option<String> {
    match list {
        "resnets" => Some(format!("{way}.{number}.0.{}", called(rest, RESNET)?)),
        "attentions" => Some(format!("{way}.{number}.1.{rest}")),
        _ => None,
    }
}

/// What the original calls `layer`, by rows that end in dots.
fn called(layer: &str, rows: &[(&'static str, &str)]) -> Option<&'static str> {
    let row = rows.iter().find(|(_, name)| name.strip_suffix('.') == Some(layer));
    row.and_then(|(original, _)| original.strip_suffix('.'))
}
