//! A LoRA from the file that somebody downloaded to the picture that it changes.

use std::{fs, path::Path, process::Command};

use anyhow::Context as _;
use atelier_tests::{Finished, Home, binary, finish};
use serde_json::{Value, json};

/// Names of the two factors of one layer of the tiny checkpoint, and their shapes.
const FACTORS: [(&str, [usize; 2]); 2] = [
    ("lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", [2, 8]),
    ("lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight", [8, 2]),
];

/// Writes a LoRA that says it was trained on `base`.
fn write_lora(path: &Path, base: &str) -> anyhow::Result<()> {
    let mut header = json!({ "__metadata__": { "ss_base_model_version": base } });
    let mut numbers: Vec<u8> = Vec::new();
    for (name, shape) in FACTORS {
        let from = numbers.len();
        let values = (0..shape[0] * shape[1]).map(|index| (index * 37 % 17) as f32 / 2.0 - 4.0);
        numbers.extend(values.flat_map(f32::to_le_bytes));
        header[name] = json!({ "dtype": "F32", "shape": shape, "data_offsets": [from, numbers.len()] });
    }
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    Ok(fs::write(path, [&length, header.as_bytes(), &numbers].concat())?)
}

struct Studio {
    home: Home,
    checkpoint: String,
}

impl Studio {
    async fn atelierd(&self, line: &str) -> anyhow::Result<Finished> {
        let mut command = Command::new(binary("atelierd")?);
        let words = line.split(' ').map(|word| if word == "CHECKPOINT" { &self.checkpoint } else { word });
        command.args(words).envs(self.home.environment()).current_dir(self.home.path());
        finish(command, "").await
    }

    async fn atelier(&self, line: &str) -> anyhow::Result<Finished> {
        self.home.run(&line.split(' ').collect::<Vec<_>>()).await
    }

    fn pixels(&self, name: &str) -> anyhow::Result<image::RgbImage> {
        Ok(image::open(self.home.path().join(name))?.into_rgb8())
    }

    fn settings(&self, name: &str) -> anyhow::Result<Value> {
        let bytes = fs::read(self.home.path().join(name))?;
        let settings = atelier_models::read_settings(&bytes).context("settings are inside")?;
        Ok(serde_json::from_str(&settings)?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_lora_paints_what_the_bare_pipeline_paints_with_it() -> anyhow::Result<()> {
    let checkpoint = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/fixtures/checkpoint/sd1");
    let checkpoint = checkpoint.to_str().context("a path")?.to_owned();
    let studio = Studio { home: Home::new()?, checkpoint };
    write_lora(&studio.home.path().join("style.safetensors"), "sd_v1-5")?;
    write_lora(&studio.home.path().join("large.safetensors"), "sdxl_base_v1-0")?;
    studio.atelierd("models add CHECKPOINT --name tiny").await?.good();
    let added: Value =
        serde_json::from_str(&studio.atelierd("models add style.safetensors --json").await?.good())?;
    assert_eq!((&added["family"], &added["verified"]), (&"lora-sd1".into(), &true.into()));
    studio.atelierd("models add large.safetensors --link").await?.good();
    let listed = studio.atelierd("models ls").await?.good();
    assert!(listed.contains("LoRA for Stable Diffusion XL"), "{listed}");

    let add = "admin algorithms add";
    let paint = "--model tiny --kind image --steps 3 --size 128x64";
    studio.atelier(&format!("{add} plain-1 {paint} --activate")).await?.good();
    studio.atelier(&format!("{add} ink-1 {paint} --lora style:0.8")).await?.good();
    for (name, job, bare) in [
        ("with", "--lora style:0.8", "--lora style.safetensors:0.8"),
        ("bound", "--algorithm ink-1", "--lora style.safetensors:0.8"),
        ("against", "--algorithm ink-1 --lora style:-0.5", "--lora style.safetensors:-0.5"),
        ("without", "--algorithm ink-1 --lora style:0", "--clip-skip 0"),
        ("large", "--two-pass 0.5:0.6", "--two-pass 0.5:0.6"),
    ] {
        studio.atelier(&format!("image cat --seed 7 -o {name}.png {job}")).await?.good();
        let infer = "infer --model CHECKPOINT --prompt cat --seed 7 --steps 3 --width 128 --height 64";
        studio.atelierd(&format!("{infer} -o bare.png {bare}")).await?.good();
        assert!(studio.pixels(&format!("{name}.png"))? == studio.pixels("bare.png")?, "{job}");
    }
    assert!(studio.pixels("with.png")? != studio.pixels("without.png")?, "the LoRA changes the picture");
    let named = &studio.settings("with.png")?["loras"];
    assert_eq!(named[0]["name"], "style", "{named}");
    assert!(studio.settings("without.png")?.get("loras").is_none());

    for (line, words) in [
        ("image cat --lora large", "LoRA for Stable Diffusion XL and can't be merged into `tiny`"),
        ("image cat --lora missing", "the model `missing` is not installed"),
        ("image cat --lora tiny", "can't be merged into a model as a LoRA"),
        ("image cat --lora style:9", "ask for -4 to 4"),
        ("admin algorithms add x-1 --model style --kind image", "paints nothing by itself"),
        ("admin algorithms add x-1 --model tiny --kind image --lora large", "can't be merged into `tiny`"),
    ] {
        let refused = studio.atelier(line).await?;
        assert_ne!(refused.code, Some(0), "{line}");
        assert!(refused.stderr.contains(words), "{line}: {}", refused.stderr);
    }
    // What lies there and can't be used is told to who runs the studio.
    fs::write(studio.home.path().join("data/atelier/models/old.ckpt"), b"PK")?;
    let models = studio.atelier("models").await?.good();
    for (name, words) in [
        ("tiny", "Stable Diffusion 1"),
        ("style", "LoRA for Stable Diffusion 1"),
        ("large", "LoRA for Stable Diffusion XL"),
        ("old.ckpt", "can't be used"),
        ("procedural", "resident"),
    ] {
        assert!(models.lines().any(|line| line.contains(name) && line.contains(words)), "{models}");
    }
    Ok(())
}
