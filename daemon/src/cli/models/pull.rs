//! `atelierd models pull`.

use std::{fs, path::Path, time::Duration};

use anyhow::Context as _;
use atelier_models::{
    checkpoint::Variant,
    hub::{Hub, Remote, Snapshot, choose},
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Form, progress::Meter, show};
use crate::models::{Library, ModelsConfig, ModelsError, name_of};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The repository, such as stabilityai/sdxl-turbo; owner/name:FILE is one file of it, as with --file.
    repository: String,
    /// A branch, tag or commit.
    #[arg(long, default_value = "main")]
    revision: String,
    /// One .safetensors or .gguf file of it instead of the folder.
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// Take the full precision where there is half as well.
    #[arg(long)]
    full: bool,
    /// What to call it; the default is made of the repository's name.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    form: Form,
}

pub(super) fn run(arguments: &Arguments, library: &Library, config: &ModelsConfig) -> anyhow::Result<()> {
    // As the hub's own programs call it.
    let other = std::env::var("HF_TOKEN").ok().map(SecretString::from);
    let token = config.hub_token.as_ref().or(other.as_ref()).map(SecretString::expose_secret);
    let hub = Hub::new(&config.hub_url, token, wait);
    let (repository, file) = match (arguments.repository.split_once(':'), arguments.file.as_deref()) {
        (Some(_), Some(_)) => anyhow::bail!("two files are named; give one, after the colon or with --file"),
        (Some((repository, file)), None) => (repository, Some(file)),
        (None, file) => (arguments.repository.as_str(), file),
    };
    let named = Path::new(file.unwrap_or(repository));
    let name = library.free_name(arguments.name.clone().unwrap_or_else(|| name_of(named)))?;

    let snapshot = hub.snapshot(repository, &arguments.revision)?;
    let variant = if arguments.full { Variant::Full } else { Variant::Half };
    let files = choose(repository, &snapshot.files, variant, file)?;
    let folder = library.folder().join(format!(".pulling-{name}-{}", snapshot.commit));
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    library.make_sure_of_room(total.saturating_sub(library.size_of(&folder)?))?;

    let meter = Meter::new();
    download(&hub, &snapshot, &files, &folder, &mut |done| meter.at("downloading", done))?;
    let source = format!("{}/{repository}@{}", config.hub_url.trim_end_matches('/'), snapshot.commit);
    let adopted =
        library.adopt(&folder, &name, &source, &snapshot.licence, &mut |what, done| meter.at(what, done));
    meter.end();
    if let Err(ModelsError::Model(_)) = &adopted {
        // What was downloaded is what the hub lists, so another download would not help.
        fs::remove_dir_all(&folder).with_context(|| format!("can't remove {}", folder.display()))?;
    }
    show::one(&adopted?, arguments.form.json)
}

/// Downloads all files, small ones first, so that what is wrong shows early.
fn download(
    hub: &Hub,
    snapshot: &Snapshot,
    files: &[Remote],
    folder: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), atelier_models::Error> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|file| file.bytes);
    let mut before = 0;
    for file in files {
        hub.download(snapshot, file, folder, &mut |done| progress(before + done))?;
        before += file.bytes;
    }
    Ok(())
}

/// Nothing wakes this thread up, so this waits for about as long as it is told.
fn wait(time: Duration) {
    std::thread::park_timeout(time);
}
