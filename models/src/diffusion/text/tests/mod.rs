//! The text encoders against what transformers and diffusers say about the same files.

mod clip;
mod encoder;
mod inversion;
mod prompt;
mod tokenizer;

use std::{path::PathBuf, sync::Arc};

use candle_core::Tensor;

use super::{ClipText, ClipTextConfig, PromptEncoder, Tokenizer, Tower};
use crate::{
    device::Placement,
    weights::{TensorFile, Weights},
};

/// Relative L2 error that is still rounding.
const ROUNDING: f32 = 2e-6;

fn fixture(path: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "fixtures", "text", path].iter().collect()
}

/// What Python answered under `name`.
fn expected(name: &str) -> Tensor {
    let file = TensorFile::open(&fixture("expected.safetensors")).unwrap();
    file.parameter(name).unwrap().tensor(&Placement::cpu()).unwrap()
}

/// ‖found − wanted‖ / ‖wanted‖.
fn relative(found: &Tensor, wanted: &Tensor) -> f32 {
    let norm = |x: &Tensor| x.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
    norm(&(found - wanted).unwrap()) / norm(wanted).max(f32::MIN_POSITIVE)
}

fn assert_near(name: &str, found: &Tensor, wanted: &Tensor) {
    assert_eq!(found.dims(), wanted.dims(), "{name}");
    let error = relative(found, wanted);
    assert!(error <= ROUNDING, "{name}: {error:e}");
}

fn file(folder: &str) -> Arc<TensorFile> {
    TensorFile::open(&fixture(folder).join("model.safetensors")).unwrap()
}

fn model(folder: &str) -> ClipText {
    let config = ClipTextConfig::open(&fixture(folder).join("config.json")).unwrap();
    ClipText::load(&config, &Weights::new(folder, &[file(folder)], Placement::cpu()).unwrap()).unwrap()
}

fn tower(tokenizer: &str, encoder: &str) -> Tower {
    Tower { tokenizer: Tokenizer::open(&fixture(tokenizer)).unwrap(), model: model(encoder) }
}

fn sd() -> PromptEncoder {
    PromptEncoder::one(tower("sd/tokenizer", "sd/text_encoder"))
}

fn sdxl(zero_empty_negative: bool) -> PromptEncoder {
    let first = tower("sdxl/tokenizer", "sdxl/text_encoder");
    PromptEncoder::two(first, tower("sdxl/tokenizer_2", "sdxl/text_encoder_2"), zero_empty_negative).unwrap()
}
