//! What files bring that no trainer wrote.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use safetensors::{Dtype, serialize_to_file, tensor::TensorView};

use super::network;
use crate::{
    Error,
    diffusion::lora::{LoraFile, Merged, Part, merge},
};

/// A tensor of a small file: every number of it is `value`.
struct Small {
    name: &'static str,
    dtype: Dtype,
    shape: &'static [usize],
    value: f64,
}

const fn small(name: &'static str, shape: &'static [usize]) -> Small {
    Small { name, dtype: Dtype::F32, shape, value: 0.5 }
}

const fn alpha(name: &'static str, dtype: Dtype, value: f64) -> Small {
    Small { name, dtype, shape: &[], value }
}

fn write(folder: &Path, tensors: &[Small], note: Option<&str>) -> PathBuf {
    let number = |dtype, value: f64| match dtype {
        Dtype::F64 => value.to_le_bytes().to_vec(),
        Dtype::F32 => (value as f32).to_le_bytes().to_vec(),
        Dtype::F16 => half::f16::from_f64(value).to_le_bytes().to_vec(),
        Dtype::BF16 => half::bf16::from_f64(value).to_le_bytes().to_vec(),
        Dtype::I64 => (value as i64).to_le_bytes().to_vec(),
        Dtype::I32 => (value as i32).to_le_bytes().to_vec(),
        _ => vec![value as u8],
    };
    let bytes: Vec<_> =
        tensors.iter().map(|it| number(it.dtype, it.value).repeat(it.shape.iter().product())).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|(it, bytes)| (it.name, TensorView::new(it.dtype, it.shape.to_vec(), bytes).unwrap()));
    let path = folder.join("style.safetensors");
    let notes = note.map(|note| HashMap::from([("lora_adapter_metadata".to_owned(), note.to_owned())]));
    serialize_to_file(views, notes, &path).unwrap();
    path
}

/// What opening and merging a file of these tensors answers.
fn answer(tensors: &[Small], note: Option<&str>) -> Result<Merged, Error> {
    let folder = tempfile::tempdir().unwrap();
    let lora = LoraFile::open(&write(folder.path(), tensors, note))?;
    let (unet, text) = (network("sd", "unet"), network("sd", "text_encoder"));
    merge(&[(Part::Unet, &unet), (Part::TextEncoder, &text)], &[(&lora, 1.0)])
}

/// What is added to the first number of `conv_in`.
fn added(merged: &Merged) -> f32 {
    let before = network("sd", "unet").get("conv_in.weight", &[4, 4, 3, 3]).unwrap().values().to_f32();
    merged[&Part::Unet]["conv_in.weight"].values().to_f32()[0] - before[0]
}

const DOWN: Small = small("lora_unet_conv_in.lora_down.weight", &[2, 4, 3, 3]);
const UP: Small = small("lora_unet_conv_in.lora_up.weight", &[4, 2, 1, 1]);
const ALPHA: &str = "lora_unet_conv_in.alpha";

#[test]
fn alpha_may_be_of_any_type() {
    for dtype in [Dtype::F64, Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::I64, Dtype::I32] {
        let merged = answer(&[DOWN, UP, alpha(ALPHA, dtype, 4.0)], None).unwrap();
        assert!((added(&merged) - 1.0).abs() < 1e-6, "{dtype:?}");
    }
    assert!((added(&answer(&[DOWN, UP], None).unwrap()) - 0.5).abs() < 1e-6, "alpha is the rank");
}

#[test]
fn a_matrix_and_a_convolution_of_one_by_one_are_the_same() {
    const LAYER: &str = "down_blocks.0.attentions.0.proj_in.weight";
    let [first, second] = [&[2, 4][..], &[2, 4, 1, 1]].map(|shape| {
        let down = small("lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", shape);
        let up = small("lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight", &[4, 2]);
        let merged = answer(&[down, up], None).unwrap();
        assert_eq!(merged[&Part::Unet][LAYER].shape(), [4, 4, 1, 1]);
        merged[&Part::Unet][LAYER].values().to_f32()
    });
    assert_eq!(first, second);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let big = Small { value: 1e30, ..DOWN };
    let cases: &[(&[Small], &str)] = &[
        (&[], "holds no LoRA"),
        (&[DOWN], "tensor lora_unet_conv_in.lora_down.weight lacks the other factor"),
        (&[UP], "tensor lora_unet_conv_in.lora_up.weight lacks the other factor"),
        (&[alpha(ALPHA, Dtype::F32, 1.0)], "tensor lora_unet_conv_in.alpha lacks the other factor"),
        (&[DOWN, UP, small("unet.conv_in.lora_A.weight", &[2, 4, 3, 3])], "are for the same layer"),
        (&[DOWN, small(UP.name, &[4, 3, 1, 1])], "of one rank"),
        (&[DOWN, small(UP.name, &[4, 2, 3, 3])], "of one rank"),
        (&[small(DOWN.name, &[0, 4, 3, 3]), small(UP.name, &[4, 0, 1, 1])], "of one rank from 1"),
        (&[small(DOWN.name, &[]), UP], "of one rank"),
        (&[small(DOWN.name, &[8]), small(UP.name, &[8])], "of one rank"),
        (&[small(DOWN.name, &[2, 9, 3, 3]), UP], "for a layer of shape [4, 9, 3, 3]"),
        (&[small(DOWN.name, &[2, 36]), UP], "for a layer of shape [4, 36]"),
        (&[DOWN, small(UP.name, &[5, 2, 1, 1])], "has [4, 4, 3, 3] there"),
        (&[DOWN, UP, alpha(ALPHA, Dtype::F32, 0.0)], "alpha is 0 at rank 2"),
        (&[DOWN, UP, alpha(ALPHA, Dtype::F32, -1.0)], "alpha is -1 at rank 2"),
        (&[DOWN, UP, alpha(ALPHA, Dtype::F32, f64::NAN)], "alpha is NaN at rank 2"),
        (&[DOWN, UP, alpha(ALPHA, Dtype::F64, 1e300)], "at rank 2"),
        (&[DOWN, UP, alpha(ALPHA, Dtype::U8, 1.0)], "lora_unet_conv_in.alpha is not one number"),
        (&[DOWN, UP, small(ALPHA, &[2])], "lora_unet_conv_in.alpha is not one number"),
        (&[Small { value: f64::NAN, ..DOWN }, UP], "not finite"),
        (&[Small { dtype: Dtype::I32, ..DOWN }, UP], "f32, f16 and bf16 can be used"),
        (&[big, Small { value: 1e30, ..UP }], "makes conv_in.weight a number that is not finite"),
        (
            &[
                small("lora_unet_conv_on.lora_down.weight", &[2, 4]),
                small("lora_unet_conv_on.lora_up.weight", &[4, 2]),
            ],
            "tensor lora_unet_conv_on.lora_down.weight is for a layer that this checkpoint's UNet has not",
        ),
        (
            &[
                small("lora_unet_conv_norm_out.lora_down.weight", &[2, 4]),
                small("lora_unet_conv_norm_out.lora_up.weight", &[4, 2]),
            ],
            "has [4] there",
        ),
        (
            &[
                small("lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight", &[2, 4]),
                small("lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_up.weight", &[4, 2]),
            ],
            "is for a second text encoder, which this checkpoint has not",
        ),
        (
            &[small("lora_unet_conv_in.hada_w1_a", &[2, 4])],
            "tensor lora_unet_conv_in.hada_w1_a belongs to a LoHa",
        ),
    ];
    for (tensors, problem) in cases {
        let error = answer(tensors, None).unwrap_err();
        assert!(
            matches!(error, Error::Checkpoint { .. }) && error.to_string().contains(problem),
            "{problem}: {error}"
        );
    }
}

#[test]
fn alpha_in_the_note_counts_where_no_tensor_says_it() {
    let note = Some(r#"{"unet.lora_alpha": 1, "unet.r": 2}"#);
    assert!((added(&answer(&[DOWN, UP], note).unwrap()) - 0.25).abs() < 1e-6);
    assert!((added(&answer(&[DOWN, UP, alpha(ALPHA, Dtype::F32, 4.0)], note).unwrap()) - 1.0).abs() < 1e-6);
    let error = answer(&[DOWN, UP], Some("nothing")).unwrap_err().to_string();
    assert!(error.contains("its note lora_adapter_metadata: "), "{error}");
}

#[test]
fn what_peft_saves_has_its_settings_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let tensors = [
        small("base_model.model.conv_in.lora_A.weight", &[2, 4, 3, 3]),
        small("base_model.model.conv_in.lora_B.weight", &[4, 2, 1, 1]),
    ];
    let path = write(folder.path(), &tensors, None);
    let merged = || {
        let lora = LoraFile::open(&path)?;
        merge(&[(Part::Unet, &network("sd", "unet"))], &[(&lora, 1.0)])
    };
    assert!((added(&merged().unwrap()) - 0.5).abs() < 1e-6);
    let config = folder.path().join("adapter_config.json");
    fs::write(&config, r#"{"peft_type": "LORA", "r": 2, "lora_alpha": 4}"#).unwrap();
    assert!((added(&merged().unwrap()) - 1.0).abs() < 1e-6);
    fs::write(&config, "{").unwrap();
    let error = merged().unwrap_err().to_string();
    assert!(error.contains("adapter_config.json: "), "{error}");
}
