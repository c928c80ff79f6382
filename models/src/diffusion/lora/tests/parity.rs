//! Against PEFT and diffusers: `make_lora.py` had both merge the same files.

use std::collections::BTreeMap;

use super::{fixture, network, open};
use crate::{
    diffusion::lora::{LoraFile, Merged, Part, merge},
    weights::{Parameter, Weights},
};

/// Largest ‖a − b‖/‖b‖ of a merged parameter. Counting in f32 makes 8e-8.
const BOUND: f64 = 1e-6;

fn networks(family: &str) -> Vec<(Part, &'static str, Weights)> {
    let mut parts = vec![(Part::Unet, "unet"), (Part::TextEncoder, "text_encoder")];
    if family == "sdxl" {
        parts.push((Part::SecondTextEncoder, "text_encoder_2"));
    }
    parts.into_iter().map(|(part, name)| (part, name, network(family, name))).collect()
}

fn merged(family: &str, loras: &[(&str, f32)]) -> Merged {
    let files: Vec<_> = loras
        .iter()
        .map(|(name, weight)| (LoraFile::open(&fixture(family, name)).unwrap(), *weight))
        .collect();
    let loras: Vec<_> = files.iter().map(|(file, weight)| (file, *weight)).collect();
    let networks = networks(family);
    let networks: Vec<_> = networks.iter().map(|(part, _, weights)| (*part, weights)).collect();
    merge(&networks, &loras).unwrap()
}

fn error(own: &Parameter, other: &Parameter) -> f64 {
    assert_eq!(own.shape(), other.shape());
    let (own, other) = (own.values().to_f32(), other.values().to_f32());
    let square = |value: f64| value * value;
    let difference: f64 = own.iter().zip(&other).map(|(a, b)| square(f64::from(a - b))).sum();
    let size: f64 = other.iter().map(|&b| square(f64::from(b))).sum();
    (difference / size).sqrt()
}

/// Compares with everything that the fixture has under `case`, both ways.
fn compare(family: &str, case: &str, merged: &Merged) {
    let expected = open(family, "merged");
    let mut names = 0;
    let mut worst = 0.0_f64;
    for (part, name, _) in networks(family) {
        for (parameter, own) in &merged[&part] {
            let full = format!("{case}.{name}.{parameter}");
            let error = error(own, &expected.parameter(&full).unwrap());
            assert!(error <= BOUND, "{family} {full}: {error:.1e}");
            worst = worst.max(error);
            names += 1;
        }
    }
    assert_eq!(names, expected.names().filter(|name| name.starts_with(case)).count());
    println!("{family} {case}: {names} parameters, largest error {worst:.1e}");
}

#[test]
fn every_spelling_merges_to_the_same() {
    for spelling in ["kohya", "peft", "diffusers"] {
        for family in ["sd", "sdxl"] {
            compare(family, "one", &merged(family, &[(&format!("style.{spelling}"), 1.0)]));
        }
    }
    compare("sdxl", "one", &merged("sdxl", &[("style.original", 1.0)]));
}

#[test]
fn two_at_once() {
    for family in ["sd", "sdxl"] {
        compare(family, "two", &merged(family, &[("style.kohya", 0.7), ("other.kohya", -0.3)]));
        compare(family, "two", &merged(family, &[("other.kohya", -0.3), ("style.peft", 0.7)]));
    }
}

#[test]
fn a_weight_of_zero_changes_nothing() {
    assert_eq!(merged("sd", &[("style.kohya", 0.0)]).len(), 0);
    assert_eq!(merged("sd", &[]).len(), 0);
}

#[test]
fn a_text_encoder_without_its_prefix_is_merged_too() {
    let file = open("sd", "text_encoder");
    let bare = |name: &str| name.strip_prefix("text_model.").unwrap_or(name).to_owned();
    let tensors = file.names().map(|name| (bare(name), (file.clone(), name.to_owned()))).collect();
    let text = Weights::from_parts("text", tensors, BTreeMap::new(), crate::device::Placement::cpu());
    let lora = LoraFile::open(&fixture("sd", "style.kohya")).unwrap();
    let merged = merge(&[(Part::Unet, &network("sd", "unet")), (Part::TextEncoder, &text)], &[(&lora, 1.0)]);
    let merged = &merged.unwrap()[&Part::TextEncoder];
    let name = "encoder.layers.1.mlp.fc2.weight";
    let expected = open("sd", "merged").parameter(&format!("one.text_encoder.text_model.{name}")).unwrap();
    assert!(error(&merged[name], &expected) <= BOUND);
}

#[test]
fn the_originals_stay() {
    let unet = network("sd", "unet");
    let text = network("sd", "text_encoder");
    let lora = LoraFile::open(&fixture("sd", "style.kohya")).unwrap();
    assert_eq!(lora.parts(), [Part::Unet, Part::TextEncoder].into());
    let before = unet.get("conv_in.weight", &[4, 4, 3, 3]).unwrap().values().to_f32();
    let mut merged = merge(&[(Part::Unet, &unet), (Part::TextEncoder, &text)], &[(&lora, 1.0)]).unwrap();
    let changed = unet.with_replaced(merged.remove(&Part::Unet).unwrap());

    let after = |weights: &Weights| weights.get("conv_in.weight", &[4, 4, 3, 3]).unwrap().values().to_f32();
    assert_ne!(after(&changed), before);
    assert_eq!(after(&unet), before);
    assert_eq!(changed.names().collect::<Vec<_>>(), unet.names().collect::<Vec<_>>());
    let bias = |weights: &Weights| weights.get("conv_in.bias", &[4]).unwrap().values().to_f32();
    assert_eq!(bias(&changed), bias(&unet));
    // Nothing counts as read from what was made, however much was read from what it was made from.
    assert!(unet.with_replaced(BTreeMap::new()).finish().is_err());
}
