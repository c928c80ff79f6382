//! A real checkpoint, tiny and random, from the command that installs it to what it paints.

use std::{path::Path, process::Command};

use anyhow::Context as _;
use atelier_tests::{Finished, Home, binary, finish};
use serde_json::Value;

async fn atelierd(home: &Home, arguments: &[&str]) -> anyhow::Result<Finished> {
    let mut command = Command::new(binary("atelierd")?);
    command.args(arguments).envs(home.environment()).current_dir(home.path());
    finish(command, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installed_checkpoint_paints_pictures_and_backgrounds() -> anyhow::Result<()> {
    let home = Home::new()?;
    let checkpoint = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/fixtures/checkpoint/sd1");
    let checkpoint = checkpoint.to_str().context("a path")?;
    atelierd(&home, &["models", "add", checkpoint, "--name", "tiny"]).await?.good();
    assert!(atelierd(&home, &["models", "ls"]).await?.good().contains("tiny"));

    let add = ["admin", "algorithms", "add"];
    let paint =
        ["paint-1", "--model", "tiny", "--kind", "image", "--price", "1", "--steps", "3", "--size", "128x64"];
    home.run(&[&add[..], &paint].concat()).await?.good();
    home.run(&["admin", "activate", "paint-1"]).await?.good();
    home.run(&["image", "a cat", "--seed", "7", "-o", "cat.png"]).await?.good();

    // The daemon paints what the bare pipeline paints.
    let infer = ["infer", "--model", checkpoint, "--prompt", "a cat", "--seed", "7", "--steps", "3"];
    let size = ["--width", "128", "--height", "64", "-o", "same.png"];
    atelierd(&home, &[&infer[..], &size].concat()).await?.good();
    let [cat, same] = ["cat.png", "same.png"].map(|name| image::open(home.path().join(name)));
    let (cat, same) = (cat?.into_rgb8(), same?.into_rgb8());
    assert_eq!(cat.dimensions(), (128, 64));
    assert!(cat == same, "one seed, one picture");

    let back = ["back-1", "--model", "tiny", "--kind", "thumbnail", "--price", "1", "--steps", "2"];
    home.run(&[&add[..], &back].concat()).await?.good();
    home.run(&["admin", "activate", "back-1"]).await?.good();
    let thumbnail = ["thumbnail", "a loaf", "--title", "Crust", "-o", "loaf.jpg"];
    home.run(&thumbnail).await?.good();
    let bytes = std::fs::read(home.path().join("loaf.jpg"))?;
    let settings = atelier_models::read_settings(&bytes).context("settings are inside")?;
    let settings: Value = serde_json::from_str(&settings)?;
    assert_eq!(settings["algorithm"], "tiny", "{settings}");
    assert_eq!(image::load_from_memory(&bytes)?.into_rgb8().dimensions(), (1280, 720));
    Ok(())
}
