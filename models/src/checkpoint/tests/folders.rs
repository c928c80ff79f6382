//! Folders as they come: variants, shards, older names.

use super::*;
use crate::weights::TensorFile;

/// Writes some tensors of `from` as a file of their own, under other names.
fn write(from: &Path, to: &Path, rename: impl Fn(&str) -> Option<String>) {
    let file = TensorFile::open(from).unwrap();
    let tensors: Vec<_> = file
        .names()
        .filter_map(|name| {
            let parameter = file.parameter(name).unwrap();
            Some((rename(name)?, parameter.shape().to_vec(), bytes(&parameter)))
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view =
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), bytes).unwrap();
        (name.clone(), view)
    });
    fs::write(to, safetensors::serialize(views, None).unwrap()).unwrap();
}

#[test]
fn a_sharded_network_is_one_network() {
    let (_kept, path) = copy("sd1");
    let unet = path.join("unet");
    let whole = unet.join("diffusion_pytorch_model.safetensors");
    let before = networks(&Checkpoint::open(&path).unwrap());
    let first = |name: &str| name.starts_with("down_blocks");
    write(&whole, &unet.join("one.safetensors"), |name| first(name).then(|| name.to_owned()));
    write(&whole, &unet.join("two.safetensors"), |name| (!first(name)).then(|| name.to_owned()));
    let map: serde_json::Map<_, _> = TensorFile::open(&whole)
        .unwrap()
        .names()
        .map(|name| (name.to_owned(), if first(name) { "one.safetensors" } else { "two.safetensors" }.into()))
        .collect();
    fs::remove_file(&whole).unwrap();
    let index = whole.with_extension("safetensors.index.json");
    let listing = serde_json::json!({"metadata": {"total_size": 4_000_000_000_u64}, "weight_map": map});
    fs::write(&index, listing.to_string()).unwrap();
    let after = networks(&Checkpoint::open(&path).unwrap());
    assert!(before == after);

    for (from, to, words) in [
        ("two.safetensors", "three.safetensors", "three.safetensors"),
        ("one.safetensors", "../vae/one.safetensors", "no safetensors file beside it"),
        ("conv_in.bias", "conv_in.biased", "does not list tensor conv_in.bias"),
        ("\"weight_map\"", "\"weights\"", "weight_map is missing"),
    ] {
        fs::write(&index, listing.to_string().replace(from, to)).unwrap();
        let refusal = refused(&path);
        assert!(refusal.contains(words), "{refusal}");
    }
    let mut more = listing;
    more["weight_map"]["conv_mid.bias"] = "one.safetensors".into();
    fs::write(&index, more.to_string()).unwrap();
    assert!(refused(&path).contains("lists tensor conv_mid.bias, which no file holds"));
}

#[test]
fn of_two_variants_the_wanted_one_is_taken_and_a_single_one_always() {
    let (_kept, path) = copy("sd2");
    let taken = |variant| {
        let checkpoint = Checkpoint::open_preferring(&path, variant).unwrap();
        checkpoint.files().iter().any(|file| file.ends_with("unet/diffusion_pytorch_model.fp16.safetensors"))
    };
    assert!(taken(Variant::Full) && taken(Variant::Half), "only half is there");
    let unet = path.join("unet");
    fs::copy(
        unet.join("diffusion_pytorch_model.fp16.safetensors"),
        unet.join("diffusion_pytorch_model.safetensors"),
    )
    .unwrap();
    assert!(!taken(Variant::Full));
    assert!(taken(Variant::Half));
}

#[test]
fn names_that_older_writers_gave_are_understood() {
    let (_kept, path) = copy("sd1");
    let before = networks(&Checkpoint::open(&path).unwrap());
    let vae = path.join("vae/diffusion_pytorch_model.safetensors");
    write(&vae.clone(), &vae, |name| {
        let old = [("to_q.", "query."), ("to_k.", "key."), ("to_v.", "value."), ("to_out.0.", "proj_attn.")];
        Some(old.iter().fold(name.to_owned(), |name, (new, old)| name.replace(new, old)))
    });
    let text = path.join("text_encoder/model.safetensors");
    write(&text.clone(), &text, |name| Some(name.replace("text_model.", "")));
    assert!(before == networks(&Checkpoint::open(&path).unwrap()));
}

#[test]
fn pipelines_of_other_kinds_are_refused_by_name() {
    let (_kept, path) = copy("sdxl");
    let index = path.join("model_index.json");
    let text = fs::read_to_string(&index).unwrap();
    for (from, to, words) in [
        ("\"UNet2DConditionModel\"", "\"UNet3DConditionModel\"", "unet is a UNet3DConditionModel"),
        ("\"AutoencoderKL\"", "\"AsymmetricAutoencoderKL\"", "vae is a Asymmetric"),
        ("\"safety_checker\"", "\"controlnet\"", ""),
        ("\"unet\"", "\"transformer\"", "unet is missing"),
        (
            "\"text_encoder_2\"",
            "\"text_encoder_3\"",
            "text_encoder_3 (CLIPTextModelWithProjection) is of a kind",
        ),
    ] {
        assert!(text.contains(from));
        fs::write(&index, text.replace(from, to)).unwrap();
        if words.is_empty() {
            outcome(&path).unwrap();
        } else {
            let refusal = refused(&path);
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
