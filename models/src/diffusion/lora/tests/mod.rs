//! LoRA files as trainers write them, and as nobody does. The fixtures are made by `fixtures/make_lora.py`.

mod choice;
mod files;
mod original;
mod parity;
mod settings;
mod spelling;

use std::{path::PathBuf, sync::Arc};

use crate::{
    device::Placement,
    weights::{TensorFile, Weights},
};

/// A file of the family's fixtures.
fn fixture(family: &str, name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "fixtures", "lora", family, &format!("{name}.safetensors")].iter().collect()
}

fn open(family: &str, name: &str) -> Arc<TensorFile> {
    TensorFile::open(&fixture(family, name)).unwrap()
}

fn network(family: &str, name: &str) -> Weights {
    Weights::new(name, &[open(family, name)], Placement::cpu()).unwrap()
}
