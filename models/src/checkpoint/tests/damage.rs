//! Damaged copies: each is refused with words that name what is wrong.

use super::*;

type Header = serde_json::Map<String, Value>;

/// Rewrites the header of a safetensors file.
fn with_header(path: &Path, change: impl Fn(&mut Header)) {
    let bytes = fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: Header = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    change(&mut header);
    let header = Value::Object(header).to_string();
    let head = (header.len() as u64).to_le_bytes();
    fs::write(path, [&head, header.as_bytes(), &bytes[8 + length..]].concat()).unwrap();
}

fn rename(header: &mut Header, from: &str, to: &str) {
    let tensor = header.remove(from).unwrap();
    header.insert(to.to_owned(), tensor);
}

/// Puts `number` into the middle of the tensor `name`.
fn poison(path: &Path, name: &str, number: f32) {
    let mut bytes = fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Header = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let at = 8 + length + header[name]["data_offsets"][0].as_u64().unwrap() as usize;
    bytes[at + 4..at + 8].copy_from_slice(&number.to_le_bytes());
    fs::write(path, bytes).unwrap();
}

/// What the refusal says, and what is done to the file.
type Damage<'a> = (&'a str, &'a dyn Fn(&Path));

const UNET: &str = "model.diffusion_model.";

#[test]
fn a_damaged_single_file_is_refused() {
    let conv = format!("{UNET}input_blocks.0.0.weight");
    let damages: &[Damage<'_>] = &[
        ("no network has a place for model.diffusion_model.input_bricks.0.0.weight", &|path| {
            with_header(path, |it| rename(it, &conv, &format!("{UNET}input_bricks.0.0.weight")));
        }),
        ("no network has a place for control.weight", &|path| {
            with_header(path, |it| rename(it, "betas", "control.weight"));
        }),
        ("tensor conv_in.weight is missing", &|path| {
            with_header(path, |it| rename(it, &conv, "model_ema.conv"));
        }),
        ("its UNet takes 12 channels", &|path| {
            with_header(path, |it| it[&conv]["shape"] = serde_json::json!([1, 12, 3, 4]));
        }),
        ("tensor conv_in.weight has shape [4, 36]", &|path| {
            with_header(path, |it| it[&conv]["shape"] = serde_json::json!([4, 36]));
        }),
        ("is not a whole safetensors file", &|path| {
            with_header(path, |it| it[&conv]["shape"] = serde_json::json!([4, 4, 3, 4]));
        }),
        ("is of type I32", &|path| with_header(path, |it| it[&conv]["dtype"] = "I32".into())),
        ("is not a whole safetensors file", &|path| {
            with_header(path, |it| it[&conv]["data_offsets"][1] = u64::MAX.into());
        }),
        ("is not a whole safetensors file", &|path| {
            with_header(path, |it| it[&conv]["shape"] = serde_json::json!([u64::MAX, 4, 3, 3]));
        }),
        ("time_embed.0.weight holds a number that is not finite", &|path| {
            poison(path, &format!("{UNET}time_embed.0.weight"), f32::NAN);
        }),
        ("mid.attn_1.q.weight holds a number that is not finite", &|path| {
            poison(path, "first_stage_model.encoder.mid.attn_1.q.weight", f32::INFINITY);
        }),
        ("is not a whole safetensors file", &|path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
        }),
        ("is not a whole safetensors file", &|path| fs::write(path, b"").unwrap()),
        ("is not a whole safetensors file", &|path| fs::write(path, u64::MAX.to_le_bytes()).unwrap()),
        ("is not a whole safetensors file", &|path| {
            let bytes = fs::read(path).unwrap();
            let lie = (bytes.len() as u64 * 2).to_le_bytes();
            fs::write(path, [&lie, &bytes[8..]].concat()).unwrap();
        }),
        ("is a pickle", &|path| fs::write(path, b"PK\x03\x04 the rest of an archive").unwrap()),
        ("is a pickle", &|path| fs::write(path, b"\x80\x04\x95 the rest of a pickle").unwrap()),
        ("is a GGUF", &|path| fs::write(path, b"GGUF\x03\0\0\0").unwrap()),
        ("is a web page", &|path| fs::write(path, b"<!DOCTYPE html><title>Sign in</title>").unwrap()),
        ("is a pointer of Git LFS", &|path| {
            fs::write(path, b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n").unwrap();
        }),
        ("is no file", &|path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
            fs::rename(path, path.with_extension("folder")).unwrap();
            std::os::unix::fs::symlink("/dev/null", path).unwrap();
        }),
        ("unot is not an object of one of", &|path| {
            fs::write(path.with_extension("config.json"), r#"{"unot": {}}"#).unwrap();
        }),
        ("unet has 5000 entries", &|path| {
            let many = serde_json::json!({"unet": {"block_out_channels": vec![1; 5000]}});
            fs::write(path.with_extension("config.json"), many.to_string()).unwrap();
        }),
    ];
    for (words, damage) in damages {
        let (_kept, path) = copy("sd1.safetensors");
        damage(&path);
        let refusal = refused(&path);
        assert!(refusal.contains(words), "wanted {words:?}: {refusal}");
        assert!(refusal.contains("sd1."), "names its file: {refusal}");
    }
}

#[test]
fn a_damaged_folder_is_refused() {
    let edits: &[(&str, &str, &str, &str)] = &[
        ("model_index.json", "{", "[", "is no JSON"),
        ("model_index.json", "\"vae\"", "\"vie\"", "vae is missing"),
        ("unet/config.json", "\"in_channels\": 4", "\"in_channels\": 1e300", "in_channels is 1e+300"),
        ("unet/config.json", "\"in_channels\": 4", "\"in_channels\": -4", "in_channels is -4"),
        ("unet/config.json", "\"in_channels\": 4", "\"in_channels\": 7", "takes 7 channels"),
        (
            "unet/config.json",
            "\"sample_size\": 16",
            "\"sample_size\": 4000000000",
            "sample_size is 4000000000",
        ),
        ("vae/config.json", "\"latent_channels\": 4", "\"latent\": 4", "latent_channels is missing"),
        ("scheduler/scheduler_config.json", "\"epsilon\"", "\"flow\"", "prediction_type is \"flow\""),
    ];
    for (file, from, to, words) in edits {
        let (_kept, path) = copy("sd1");
        let text = fs::read_to_string(path.join(file)).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        fs::write(path.join(file), text.replace(from, to)).unwrap();
        let refusal = refused(&path);
        assert!(refusal.contains(words), "wanted {words:?}: {refusal}");
    }
    let removals: &[(&str, &str)] = &[
        ("model_index.json", "holds no model_index.json"),
        ("unet/config.json", "cannot be opened"),
        ("unet/diffusion_pytorch_model.safetensors", "holds no diffusion_pytorch_model.safetensors"),
        ("tokenizer/vocab.json", "holds no vocab.json"),
        ("scheduler/scheduler_config.json", "cannot be opened"),
    ];
    for (file, words) in removals {
        let (_kept, path) = copy("sd1");
        fs::remove_file(path.join(file)).unwrap();
        let refusal = refused(&path);
        assert!(refusal.contains(words), "wanted {words:?}: {refusal}");
    }
}

#[test]
fn pickles_are_never_opened() {
    for ending in ["ckpt", "bin", "pt", "pth", "CKPT"] {
        let refusal = refused(Path::new(&format!("nowhere/model.{ending}")));
        assert!(refusal.contains("can run any program"), "{refusal}");
    }
    let (_kept, path) = copy("sd1");
    let weights = path.join("vae/diffusion_pytorch_model.safetensors");
    fs::rename(&weights, weights.with_extension("bin")).unwrap();
    assert!(refused(&path).contains("can run any program"));
}

#[test]
fn other_kinds_of_files_are_named() {
    for (tensor, words) in [
        ("lora_unet_mid_block.lora_down.weight", "is a LoRA"),
        ("double_blocks.0.img_attn.qkv.weight", "is a FLUX"),
        ("down_blocks.0.resnets.0.conv1.weight", "is one network of a diffusers folder"),
        ("first_stage_model.encoder.conv_in.weight", "holds a VAE only"),
        ("something", "is no Stable Diffusion"),
        ("model.diffusion_model.input_blocks.0.0.weight", "holds a UNet without its text encoder"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.safetensors");
        let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![1], &[0; 4]).unwrap();
        fs::write(&path, safetensors::serialize([(tensor, view)], None).unwrap()).unwrap();
        let refusal = refused(&path);
        assert!(refusal.contains(words), "{tensor}: {refusal}");
    }
}
