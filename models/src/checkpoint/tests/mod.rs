//! Both layouts say the same, and damage of every kind is refused by name. The fixtures are made by
//! `fixtures/make_checkpoint.py`.

mod damage;
mod folders;
mod random;
mod singles;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::*;
use crate::weights::{Parameter, Values};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/checkpoint")).join(name)
}

/// A copy of a fixture that may be damaged.
fn copy(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join(name);
    copy_all(&fixture(name), &to);
    let sidecar = fixture(name).with_extension("config.json");
    if name.ends_with(".safetensors") && sidecar.exists() {
        fs::copy(sidecar, to.with_extension("config.json")).unwrap();
    }
    (folder, to)
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy_all(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// All parameters of one network, by name: shape, and numbers as they are stored.
type Contents = BTreeMap<String, (Vec<usize>, Vec<u8>)>;

fn contents((_, weights): (&str, Weights)) -> Contents {
    let names: Vec<_> = weights.names().map(str::to_owned).collect();
    let read = names.into_iter().map(|name| {
        let parameter = weights.any(&name).unwrap();
        let held = (parameter.shape().to_vec(), bytes(&parameter));
        (name, held)
    });
    read.collect()
}

fn bytes(parameter: &Parameter) -> Vec<u8> {
    match parameter.values() {
        Values::F32(values) => bytemuck::cast_slice(values).to_vec(),
        Values::F16(values) => bytemuck::cast_slice(values).to_vec(),
        Values::Bf16(values) => bytemuck::cast_slice(values).to_vec(),
    }
}

/// Every network of a checkpoint: its configuration and parameters.
fn networks(checkpoint: &Checkpoint) -> Vec<(&'static str, Value, Contents)> {
    let placement = Placement::cpu();
    let of = |name, part: Result<(&str, Weights), Error>| {
        let (config, weights) = part.unwrap();
        (name, serde_json::from_str(config).unwrap(), contents((config, weights)))
    };
    let mut all = vec![of("unet", checkpoint.unet(&placement)), of("vae", checkpoint.vae(&placement))];
    for (index, name) in
        ["text_encoder", "text_encoder_2"].into_iter().take(checkpoint.text_encoders()).enumerate()
    {
        all.push(of(name, checkpoint.text_encoder(index, &placement)));
    }
    all
}

/// What opening and reading everything ends with.
fn outcome(path: &Path) -> Result<(), Error> {
    let checkpoint = Checkpoint::open(path)?;
    checkpoint.check(|_| {})?;
    let placement = Placement::cpu();
    checkpoint.unet(&placement)?;
    checkpoint.vae(&placement)?;
    for index in 0..checkpoint.text_encoders() {
        checkpoint.text_encoder(index, &placement)?;
    }
    Ok(())
}

fn refused(path: &Path) -> String {
    match outcome(path) {
        Err(Error::Checkpoint { file, problem }) => format!("{file}: {problem}"),
        other => panic!("{}: {other:?}", path.display()),
    }
}
