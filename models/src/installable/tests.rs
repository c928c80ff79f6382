//! What lies on disk is told apart, and damage is named before any number is read.

use std::fs;

use safetensors::{Dtype, tensor::TensorView};

use super::*;
use crate::weights::{TensorFile, Values};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).join(name)
}

/// The tiny autoencoder as its folder lies on the hub.
fn tiny(folder: &Path) -> PathBuf {
    let to = folder.join("taesd");
    fs::create_dir_all(&to).unwrap();
    fs::copy(fixture("vae/tiny/config.json"), to.join("config.json")).unwrap();
    let weights = to.join("diffusion_pytorch_model.safetensors");
    fs::copy(fixture("vae/tiny/model.safetensors"), weights).unwrap();
    to
}

/// One tensor: its name, type, shape and bytes.
type Tensor = (String, Dtype, Vec<usize>, Vec<u8>);

fn write(path: &Path, tensors: &[Tensor], note: Option<(&str, &str)>) {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    let notes = note.map(|(key, value)| [(key.to_owned(), value.to_owned())].into());
    fs::write(path, safetensors::serialize(views, notes).unwrap()).unwrap();
}

/// Rewrites a safetensors file of f32 after a change to its tensors.
fn change(path: &Path, change: impl Fn(&mut Vec<Tensor>)) {
    let file = TensorFile::open(path).unwrap();
    let mut tensors: Vec<Tensor> = file
        .names()
        .map(|name| {
            let parameter = file.parameter(name).unwrap();
            let Values::F32(values) = parameter.values() else { panic!("the fixture is in f32") };
            let bytes = bytemuck::cast_slice(values).to_vec();
            (name.to_owned(), Dtype::F32, parameter.shape().to_vec(), bytes)
        })
        .collect();
    drop(file);
    change(&mut tensors);
    fs::remove_file(path).unwrap();
    write(path, &tensors, None);
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn what_lies_there_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for (path, word) in [
        (fixture("checkpoint/sd1"), "sd1"),
        (fixture("checkpoint/sd2.safetensors"), "sd2"),
        (fixture("checkpoint/sdxl"), "sdxl"),
        (fixture("lora/sd/style.kohya.safetensors"), "lora"),
        (fixture("lora/sdxl/style.peft.safetensors"), "lora-sdxl"),
        (tiny(folder.path()), "taesd"),
    ] {
        let found = Installable::open(&path).unwrap();
        assert_eq!(found.kind().word(), word, "{}", path.display());
        assert_eq!(Kind::try_from(word.to_owned()), Ok(found.kind()));
        found.rehearse().unwrap();
        let mut done = 0;
        found.check(|bytes| done = bytes).unwrap();
        assert!(done > 0 && !found.files().is_empty(), "{word}");
    }
    let refusal = Installable::open(&fixture("checkpoint/sd1/vae")).unwrap_err().to_string();
    assert!(refusal.contains("holds no model_index.json"), "{refusal}");
}

#[test]
fn a_lora_is_for_the_family_that_its_layers_or_its_notes_say() {
    const CROSS: &str = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k";
    const SECOND: &str = "lora_te2_text_model_encoder_layers_0_mlp_fc1";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("style.safetensors");
    for (layer, width, note, word) in [
        (CROSS, 768, None, "lora-sd1"),
        (CROSS, 1_024, None, "lora-sd2"),
        (CROSS, 2_048, None, "lora-sdxl"),
        (CROSS, 2_048, Some(("ss_base_model_version", "sd_v1")), "lora-sdxl"),
        (CROSS, 8, None, "lora"),
        (CROSS, 8, Some(("ss_base_model_version", "sd_v1")), "lora-sd1"),
        (CROSS, 8, Some(("modelspec.architecture", "stable-diffusion-xl-v1-base/lora")), "lora-sdxl"),
        (CROSS, 8, Some(("ss_base_model_version", "flux1")), "lora"),
        (SECOND, 8, None, "lora-sdxl"),
    ] {
        let factor = |end: &str, shape: Vec<usize>| {
            let bytes = vec![0; 4 * shape.iter().product::<usize>()];
            (format!("{layer}.{end}.weight"), Dtype::F32, shape, bytes)
        };
        write(&path, &[factor("lora_down", vec![1, width]), factor("lora_up", vec![4, 1])], note);
        let found = Installable::open(&path).unwrap();
        assert_eq!(found.kind().word(), word, "{layer} of {width} with {note:?}");
        let Installable::Lora(lora) = found else { panic!("it is a LoRA") };
        assert_eq!(lora.merged_bytes(), 4 * 4 * width as u64);
    }
}

#[test]
fn what_does_not_fit_is_named_without_a_look_at_the_numbers() {
    const CONV: &str = "conv_in.bias";
    type Damage = fn(&mut Vec<Tensor>);
    let damages: [(&str, Damage, &str); 6] = [
        ("missing", |all| all.retain(|tensor| tensor.0 != CONV), "tensor conv_in.bias is missing"),
        (
            "renamed",
            |all| all.iter_mut().filter(|it| it.0 == CONV).for_each(|it| it.0 = "conv_on.bias".to_owned()),
            "tensor conv_in.bias is missing",
        ),
        (
            "extra",
            |all| all.push(("extra.bias".to_owned(), Dtype::F32, vec![1], vec![0; 4])),
            "no place for extra.bias",
        ),
        (
            "misshapen",
            |all| all.iter_mut().filter(|it| it.0 == CONV).for_each(|it| it.2 = vec![2, 2]),
            "tensor conv_in.bias has shape [2, 2]",
        ),
        (
            "of integers",
            |all| all.iter_mut().filter(|it| it.0 == CONV).for_each(|it| it.1 = Dtype::I32),
            "tensor conv_in.bias is of type I32",
        ),
        (
            "not a number",
            |all| {
                let numbers = all.iter_mut().filter(|it| it.0 == CONV);
                numbers.for_each(|it| it.3[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
            },
            "",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (case, damage, words) in damages {
        let path = folder.path().join(case.replace(' ', "-"));
        copy(&fixture("checkpoint/sd1"), &path);
        change(&path.join("unet/diffusion_pytorch_model.safetensors"), damage);
        let found = Installable::open(&path).unwrap();
        match (found.rehearse(), words) {
            (Ok(()), "") => assert!(found.check(|_| {}).is_err(), "reading finds it"),
            (Err(Error::Checkpoint { problem, .. }), _) if !words.is_empty() => {
                assert!(problem.contains(words), "{case}: {problem}");
            }
            (outcome, _) => panic!("{case}: {outcome:?}"),
        }
    }
    let path = tiny(folder.path());
    change(&path.join("diffusion_pytorch_model.safetensors"), |all| {
        all.retain(|tensor| tensor.0 != "decoder.layers.0.weight");
    });
    let refusal = Installable::open(&path).unwrap().rehearse().unwrap_err().to_string();
    assert!(refusal.contains("tensor decoder.layers.0.weight is missing"), "{refusal}");
}
