//! LoRA (Hu et al. 2021): a small file that changes what a checkpoint paints by adding a product of two thin matrices
//! to some of its layers, `W + weight · alpha/rank · up · down`.
//!
//! Merged at load, unmerged at swap: [`merge()`] makes the changed parameters of each network, which are laid over the
//! mapped originals with [`Weights::with_replaced`]. A step then costs what it costs without, and taking a LoRA off is
//! loading without it, which gives back the very bytes of the checkpoint; nothing is ever subtracted.
//!
//! The same layer has many spellings. kohya's trainer writes underscores where the networks have dots, so no file's
//! name is turned back into a layer's; each layer of the network at hand is turned into all of its spellings, and the
//! file's names are looked up among them.
//!
//! [`Weights::with_replaced`]: crate::weights::Weights::with_replaced

mod choice;
mod file;
mod layers;
mod merge;
mod original;
mod settings;
mod spelling;
#[cfg(test)]
mod tests;

use std::fmt::{Display, Formatter};

pub use choice::{Chosen, Lora};
pub use file::LoraFile;
pub use merge::{Merged, merge};

/// A network of Stable Diffusion that a LoRA can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The one that paints.
    Unet,
    /// The text encoder, of SDXL the first (CLIP ViT-L).
    TextEncoder,
    /// SDXL's second text encoder (OpenCLIP ViT-bigG).
    SecondTextEncoder,
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unet => "UNet",
            Self::TextEncoder => "text encoder",
            Self::SecondTextEncoder => "second text encoder",
        })
    }
}
