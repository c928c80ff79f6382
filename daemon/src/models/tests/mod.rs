//! The models folder over the tiny models of `atelier-models`.

mod resident;

use std::{collections::BTreeMap, os::unix::fs::symlink};

use super::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/fixtures/checkpoint")).join(name)
}

fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::new(folder.path().join("models"), 10 << 20);
    (folder, library)
}

fn add(library: &Library, from: &str, wish: &Wish) -> Result<Installed, ModelsError> {
    library.add(&fixture(from), wish, &mut |_, _| {})
}

fn names(library: &Library) -> Vec<String> {
    library.scan().unwrap().iter().map(|found| found.name().to_owned()).collect()
}

#[test]
fn a_folder_and_a_file_are_installed_whole_and_removed_whole() {
    let (_kept, library) = library();
    assert_eq!(names(&library), [""; 0]);
    for from in ["sd1", "sdxl.safetensors", "sd2"] {
        let installed = add(&library, from, &Wish::default()).unwrap();
        assert!(installed.manifest.is_verified() && !installed.linked, "{from}");
        assert!(installed.path.starts_with(library.folder()), "{from}");
        assert_eq!(library.find(&installed.manifest.name).unwrap().manifest, installed.manifest, "{from}");
        library.verify(&installed.manifest.name, &mut |_, _| {}).unwrap();
    }
    assert_eq!(names(&library), ["sd1", "sd2", "sdxl"]);
    let manifests: u64 = fs::read_dir(library.folder())
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(manifest::ENDING))
        .map(|entry| entry.metadata().unwrap().len())
        .sum();
    let models: u64 =
        ["sd1", "sd2", "sdxl"].iter().map(|name| library.find(name).unwrap().manifest.bytes).sum();
    assert_eq!(library.used().unwrap(), models + manifests);
    for name in ["sd1", "sd2", "sdxl"] {
        library.remove(name).unwrap();
    }
    assert_eq!(library.used().unwrap(), 0);
    assert!(matches!(library.remove("sd1"), Err(ModelsError::NotFound(_))));
    assert_eq!(fs::read_dir(library.folder()).unwrap().count(), 0);
}

#[test]
fn a_link_leaves_the_model_where_it_is() {
    let (_kept, library) = library();
    for from in ["sd1", "sd1.safetensors"] {
        let wish = Wish { name: Some("mine".to_owned()), licence: Some("mit".to_owned()), link: true };
        let installed = add(&library, from, &wish).unwrap();
        assert!(installed.linked);
        assert_eq!(installed.manifest.licence, "mit");
        library.verify("mine", &mut |_, _| {}).unwrap();
        assert!(library.used().unwrap() < 10_000, "only the manifest");
        library.remove("mine").unwrap();
        assert!(fixture(from).exists());
        assert_eq!(fs::read_dir(library.folder()).unwrap().count(), 0, "{from}");
    }
}

#[test]
fn what_somebody_dropped_is_listed_and_unverified_until_it_was_read() {
    let (_kept, library) = library();
    fs::create_dir(library.folder()).unwrap();
    let dropped = library.folder().join("My Model.safetensors");
    fs::copy(fixture("sd1.safetensors"), &dropped).unwrap();
    fs::copy(fixture("sd1.config.json"), dropped.with_extension("config.json")).unwrap();
    let found = library.find("my-model").unwrap();
    assert!(!found.manifest.is_verified());
    assert!(library.verify("my-model", &mut |_, _| {}).unwrap().manifest.is_verified());
    assert!(library.find("my-model").unwrap().manifest.is_verified());

    // A pickle is not passed over in silence.
    fs::write(library.folder().join("old.ckpt"), b"PK").unwrap();
    let refusal = library.find("old.ckpt").unwrap_err().to_string();
    assert!(refusal.contains("can run any program"), "{refusal}");
    library.remove("old.ckpt").unwrap();

    // Another entry of the same name is told apart, and its files stay.
    symlink(fixture("sd1"), library.folder().join("my-model")).unwrap();
    let problems: BTreeMap<_, _> = library
        .scan()
        .unwrap()
        .into_iter()
        .filter_map(|found| match found {
            Found::Broken { path, problem, .. } => Some((path, problem)),
            Found::Usable(_) => None,
        })
        .collect();
    assert_eq!(problems.len(), 1);
    assert!(
        problems.values().all(|problem| problem.contains("its name is taken by My Model.safetensors")),
        "{problems:?}"
    );
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_left() {
    let (_kept, library) = library();
    add(&library, "sd1", &Wish::default()).unwrap();
    let small = Library::new(library.folder().to_owned(), library.used().unwrap() + 1000);
    let named = |name: &str| Wish { name: Some(name.to_owned()), ..Wish::default() };
    for (outcome, words) in [
        (add(&library, "sd1.safetensors", &Wish::default()), "take another name with --name"),
        (add(&library, "sd1", &named("../up")), "is no name for a model"),
        (add(&library, "nothing", &Wish::default()), "nothing"),
        (add(&library, "../make_checkpoint.py", &Wish::default()), "not a whole safetensors file"),
        (add(&small, "sd2", &Wish::default()), "raise models.disk_bytes"),
    ] {
        let refusal = outcome.unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
    assert_eq!(fs::read_dir(library.folder()).unwrap().count(), 2, "the model and its manifest");
    assert!(add(&small, "sd2", &Wish { link: true, ..Wish::default() }).is_ok(), "a link needs no room");
}

#[test]
fn a_changed_file_is_found() {
    let (_kept, library) = library();
    let installed = add(&library, "sd1.safetensors", &Wish::default()).unwrap();
    let mut bytes = fs::read(&installed.path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&installed.path, &bytes).unwrap();
    assert!(library.find("sd1").is_ok(), "the size is the same");
    let refusal = library.verify("sd1", &mut |_, _| {}).unwrap_err().to_string();
    assert!(refusal.contains("not the file that was installed"), "{refusal}");
    bytes.pop();
    fs::write(&installed.path, &bytes).unwrap();
    let refusal = library.find("sd1").unwrap_err().to_string();
    assert!(refusal.contains("is not what was installed"), "{refusal}");
    library.remove("sd1").unwrap();
}

#[test]
fn what_was_downloaded_is_adopted() {
    let (_kept, library) = library();
    for (from, single) in [("sd1", false), ("sdxl.safetensors", true)] {
        let staged = library.folder().join(".pulling");
        fs::create_dir_all(&staged).unwrap();
        let source = Library::new(staged.clone(), u64::MAX);
        let wish = Wish { name: Some("x".to_owned()), ..Wish::default() };
        let path = source.add(&fixture(from), &wish, &mut |_, _| {}).unwrap().path;
        let folder = if single { staged.clone() } else { path };
        let adopted = library.adopt(&folder, "mine", "hub/a/b@0", "openrail++", &mut |_, _| {}).unwrap();
        assert!(adopted.manifest.is_verified(), "{from}");
        assert_eq!(
            (adopted.manifest.source.as_str(), adopted.manifest.licence.as_str()),
            ("hub/a/b@0", "openrail++")
        );
        assert_eq!(library.verify("mine", &mut |_, _| {}).unwrap().manifest, adopted.manifest);
        library.remove("mine").unwrap();
        files::remove(&staged).unwrap();
    }
}

#[test]
fn loras_and_tiny_autoencoders_are_installed_too() {
    let (kept, library) = library();
    let lora = library.add(&fixture("../lora/sdxl/style.peft.safetensors"), &Wish::default(), &mut |_, _| {});
    let lora = lora.unwrap();
    assert_eq!((lora.manifest.name.as_str(), lora.manifest.kind.word()), ("style.peft", "lora-sdxl"));
    assert!(lora.manifest.is_verified() && lora.manifest.defaults.is_none());
    library.verify("style.peft", &mut |_, _| {}).unwrap();

    // PEFT's own settings are installed under the file's name.
    let adapter = kept.path().join("adapter");
    fs::create_dir(&adapter).unwrap();
    let weights = adapter.join("adapter_model.safetensors");
    write_wrapped(&weights);
    fs::write(adapter.join("adapter_config.json"), r#"{"lora_alpha": 2}"#).unwrap();
    let lora =
        library.add(&weights, &Wish { name: Some("mine".to_owned()), ..Wish::default() }, &mut |_, _| {});
    let lora = lora.unwrap();
    assert_eq!(lora.manifest.files.len(), 2);
    assert!(library.folder().join("mine.config.json").exists());
    library.verify("mine", &mut |_, _| {}).unwrap();
    library.remove("mine").unwrap();
    assert!(!library.folder().join("mine.config.json").exists());

    let tiny = kept.path().join("taesd");
    fs::create_dir(&tiny).unwrap();
    for (from, to) in
        [("config.json", "config.json"), ("model.safetensors", "diffusion_pytorch_model.safetensors")]
    {
        fs::copy(fixture("../vae/tiny").join(from), tiny.join(to)).unwrap();
    }
    let installed = library.add(&tiny, &Wish::default(), &mut |_, _| {}).unwrap();
    assert_eq!((installed.manifest.kind.word(), installed.manifest.files.len()), ("taesd", 2));
    library.verify("taesd", &mut |_, _| {}).unwrap();
}

/// A LoRA of one layer, named as PEFT does for the model that it wraps.
fn write_wrapped(path: &Path) {
    let layer = "base_model.model.mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
    let header = format!(
        r#"{{"{layer}.lora_A.weight":{{"dtype":"F32","shape":[1,8],"data_offsets":[0,32]}},
            "{layer}.lora_B.weight":{{"dtype":"F32","shape":[8,1],"data_offsets":[32,64]}}}}"#
    );
    let length = (header.len() as u64).to_le_bytes();
    fs::write(path, [&length, header.as_bytes(), &1.0_f32.to_le_bytes().repeat(16)].concat()).unwrap();
}

#[test]
fn what_does_not_fit_together_is_refused_before_it_is_installed() {
    let (kept, library) = library();
    fs::create_dir(library.folder()).unwrap();
    let path = kept.path().join("torn.safetensors");
    let bytes = fs::read(fixture("sd1.safetensors")).unwrap();
    let name = b"model.diffusion_model.out.2.bias";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    let mut renamed = bytes;
    renamed[at..at + name.len()].copy_from_slice(b"model.diffusion_model.out.7.bias");
    fs::write(&path, renamed).unwrap();
    fs::copy(fixture("sd1.config.json"), path.with_extension("config.json")).unwrap();
    let mut read = 0;
    let refusal = library.add(&path, &Wish::default(), &mut |_, done| read += done).unwrap_err().to_string();
    assert!(refusal.contains("out.7.bias") || refusal.contains("conv_out.bias"), "{refusal}");
    assert_eq!(read, 0, "before a number is read");
    assert_eq!(fs::read_dir(library.folder()).unwrap().count(), 0);
    // Dropped there it is listed with the reason, and never reaches a job.
    fs::copy(&path, library.folder().join("torn.safetensors")).unwrap();
    fs::copy(path.with_extension("config.json"), library.folder().join("torn.config.json")).unwrap();
    assert!(
        matches!(&library.scan().unwrap()[..], [Found::Broken { problem, .. }] if problem.contains("bias"))
    );
}

#[test]
fn the_built_in_model_is_listed_and_stays() {
    let data = tempfile::tempdir().unwrap();
    let config = Config { data: data.path().to_owned(), ..Config::default() };
    let library = Library::of(&config);
    assert_eq!(names(&library), ["atelier-tiny"]);
    let inside = library.verify("atelier-tiny", &mut |_, _| {}).unwrap();
    assert!(inside.path.join("model_index.json").exists() && inside.manifest.is_verified());
    assert!(matches!(library.remove("atelier-tiny"), Err(ModelsError::BuiltIn(_))));
    assert_eq!(library.used().unwrap(), 0, "it lies elsewhere");
    // Somebody's own of that name is told apart.
    fs::create_dir(library.folder()).unwrap();
    symlink(fixture("sd1"), library.folder().join("atelier-tiny")).unwrap();
    let problem = match &library.scan().unwrap()[..] {
        [Found::Usable(_), Found::Broken { problem, .. }] => problem.clone(),
        other => panic!("{other:?}"),
    };
    assert!(problem.contains("its name is taken by atelier-tiny-"), "{problem}");
}
