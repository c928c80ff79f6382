//! A folder as diffusers writes it: `model_index.json` and one folder for each component.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;

use super::{
    Checkpoint, Family, TinyCheckpoint, Variant, is_inpaint,
    json::{self, Object},
    ldm,
    part::{Change, Part},
    prediction, refusal,
};
use crate::{Error, weights::TensorFile};

const INDEX: &str = "model_index.json";

/// Components that are read, with the classes that this program has.
const READ: &[(&str, &[&str])] = &[
    ("unet", &["UNet2DConditionModel"]),
    ("vae", &["AutoencoderKL"]),
    ("text_encoder", &["CLIPTextModel"]),
    ("text_encoder_2", &["CLIPTextModelWithProjection"]),
    (TINY, &["AutoencoderTiny"]),
];
/// The folder of a tiny autoencoder for previews. Diffusers' pipelines don't name one, so it need not be listed.
const TINY: &str = "vae_tiny";
/// Components that change no pixel of ours: the safety checker and what it and image prompts read. Schedulers and
/// tokenizers are read by their files, whatever their class.
const UNREAD: &[&str] =
    &["safety_checker", "feature_extractor", "image_encoder", "scheduler", "tokenizer", "tokenizer_2"];

/// Most files that one network may be spread over.
const MOST_SHARDS: usize = 256;

pub(super) fn open(path: &Path, variant: Variant) -> Result<Checkpoint, Error> {
    let index_path = path.join(INDEX);
    if !index_path.exists() {
        return Err(refusal(
            path,
            "holds no model_index.json; name a folder that diffusers wrote, or a .safetensors file itself",
        ));
    }
    let index = json::config(&index_path)?;
    check_components(&index_path, &index)?;
    let mut files = vec![index_path];
    let mut network = |name: &str| network(&path.join(name), stem(name), variant, &mut files);
    let (unet, unet_config) = network("unet")?;
    let (vae, vae_config) = network("vae")?;
    let mut text_encoders = vec![text(&network("text_encoder")?.0)?];
    let two = names_component(&index, "text_encoder_2");
    if two {
        text_encoders.push(text(&network("text_encoder_2")?.0)?);
    }
    let scheduler_path = path.join("scheduler").join("scheduler_config.json");
    let scheduler = json::config(&scheduler_path)?;
    let prediction = prediction(&scheduler_path, &scheduler)?;
    files.push(scheduler_path);
    let mut tokenizers = vec![tokenizer(&path.join("tokenizer"), &mut files)?];
    if two {
        tokenizers.push(tokenizer(&path.join("tokenizer_2"), &mut files)?);
    }
    let tiny = path.join(TINY).exists().then(|| TinyCheckpoint::open(&path.join(TINY))).transpose()?;
    files.extend(tiny.iter().flat_map(|tiny| tiny.files().to_owned()));
    let unet_path = path.join("unet").join("config.json");
    let inputs = json::whole(&unet_path, &unet_config, "in_channels")?;
    let latent = json::whole(&path.join("vae").join("config.json"), &vae_config, "latent_channels")?;
    let family = match (two, unet_config.get("use_linear_projection")) {
        (true, _) => Family::Sdxl,
        // The first release with OpenCLIP also was the first with matrices around its transformers.
        (false, Some(Value::Bool(true))) => Family::Sd2,
        (false, _) => Family::Sd1,
    };
    let zero_empty_prompt = match index.get("force_zeros_for_empty_prompt") {
        Some(Value::Bool(zeros)) => *zeros,
        _ => family == Family::Sdxl,
    };
    files.sort();
    Ok(Checkpoint {
        family,
        inpaint: is_inpaint(&unet_path, inputs, latent)?,
        prediction,
        zero_empty_prompt,
        unet,
        vae: attention_as_matrices(&vae)?,
        tiny,
        text_encoders,
        tokenizers,
        scheduler: json::text(scheduler),
        files,
    })
}

/// Whether the index names this component; `[null, null]` stands for one that was left out.
fn names_component(index: &Object, name: &str) -> bool {
    matches!(index.get(name), Some(Value::Array(both)) if both.iter().all(Value::is_string))
}

/// Refuses a pipeline with components that are missing, of other classes, or unknown: what they would do to a
/// picture would be missing from it.
fn check_components(path: &Path, index: &Object) -> Result<(), Error> {
    let pipeline = index.get("_class_name").and_then(Value::as_str).unwrap_or("pipeline without a name");
    for required in ["unet", "vae", "text_encoder"] {
        if !names_component(index, required) {
            return Err(refusal(
                path,
                format!("{required} is missing: a {pipeline} is not one of Stable Diffusion 1, 2 or XL"),
            ));
        }
    }
    for name in index.keys().filter(|name| names_component(index, name) && !UNREAD.contains(&name.as_str())) {
        let class = index[name].get(1).and_then(Value::as_str).unwrap_or_default();
        let classes = READ.iter().find(|(read, _)| read == name).map(|(_, classes)| *classes);
        match classes {
            Some(classes) if classes.contains(&class) => {}
            Some(classes) => {
                let usable = classes.join(" or ");
                return Err(refusal(path, format!("{name} is a {class}; {usable} can be used")));
            }
            None => {
                return Err(refusal(
                    path,
                    format!("{name} ({class}) is of a kind that Atelier does not run"),
                ));
            }
        }
    }
    Ok(())
}

/// What the weights of a component are called, without their ending.
fn stem(component: &str) -> &'static str {
    if component.starts_with("text_encoder") { "model" } else { "diffusion_pytorch_model" }
}

/// Reads one component: its configuration, and its tensors under the names in their files.
pub(super) fn network(
    folder: &Path,
    stem: &str,
    variant: Variant,
    files: &mut Vec<PathBuf>,
) -> Result<(Part, Object), Error> {
    let config_path = folder.join("config.json");
    let config = json::config(&config_path)?;
    files.push(config_path);
    let mut part = Part::new(folder).with_config(json::text(config.clone()));
    for file in weights(folder, stem, variant, files)? {
        for name in file.names() {
            part.add(&file, name, name.to_owned())?;
        }
    }
    Ok((part, config))
}

/// The files with a component's weights: one, or the shards that an index lists.
fn weights(
    folder: &Path,
    stem: &str,
    variant: Variant,
    files: &mut Vec<PathBuf>,
) -> Result<Vec<Arc<TensorFile>>, Error> {
    let full = [format!("{stem}.safetensors"), format!("{stem}.safetensors.index.json")];
    let half = [
        format!("{stem}.fp16.safetensors"),
        format!("{stem}.fp16.safetensors.index.json"),
        // As releases before 0.31 of diffusers called it.
        format!("{stem}.safetensors.index.fp16.json"),
    ];
    let names: Vec<_> = match variant {
        Variant::Full => full.into_iter().chain(half).collect(),
        Variant::Half => half.into_iter().chain(full).collect(),
    };
    let Some(path) = names.iter().map(|name| folder.join(name)).find(|path| path.exists()) else {
        return Err(without_weights(folder, stem));
    };
    files.push(path.clone());
    if path.extension().is_some_and(|ending| ending == "json") {
        return shards(&path, files);
    }
    Ok(vec![TensorFile::open(&path)?])
}

fn without_weights(folder: &Path, stem: &str) -> Error {
    let pickle = ["bin", "ckpt", "pt"].iter().any(|ending| {
        let names = [stem, "pytorch_model"].map(|stem| folder.join(format!("{stem}.{ending}")));
        names.iter().any(|path| path.exists())
    });
    if pickle {
        return refusal(folder, format!("its weights {}", super::PICKLE));
    }
    refusal(folder, format!("holds no {stem}.safetensors; copy the whole folder"))
}

/// Opens the files of a sharded component and compares them with their index.
fn shards(path: &Path, files: &mut Vec<PathBuf>) -> Result<Vec<Arc<TensorFile>>, Error> {
    let index = json::read(path)?;
    let Some(Value::Object(map)) = index.get("weight_map") else {
        return Err(refusal(path, "weight_map is missing"));
    };
    let names: BTreeSet<&str> = map.values().filter_map(Value::as_str).collect();
    if names.is_empty() || names.len() > MOST_SHARDS {
        return Err(refusal(path, format!("lists {} files; 1 to {MOST_SHARDS} can be used", names.len())));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut opened = Vec::new();
    for name in names {
        // A name, and no way out of the folder.
        if Path::new(name).file_name().is_none_or(|plain| plain != name) || !name.ends_with(".safetensors") {
            return Err(refusal(path, format!("lists {name:?}, which is no safetensors file beside it")));
        }
        let file = TensorFile::open(&folder.join(name))?;
        files.push(folder.join(name));
        if let Some(extra) =
            file.names().find(|tensor| map.get(*tensor).and_then(Value::as_str) != Some(name))
        {
            return Err(refusal(path, format!("does not list tensor {extra} of {name}")));
        }
        opened.push(file);
    }
    let missing = map.keys().find(|tensor| opened.iter().all(|file| file.shape(tensor).is_none()));
    match missing {
        Some(tensor) => Err(refusal(path, format!("lists tensor {tensor}, which no file holds"))),
        None => Ok(opened),
    }
}

/// The tokenizer in `folder`, if one is there. Its files are read by the tokenizer itself.
fn tokenizer(folder: &Path, files: &mut Vec<PathBuf>) -> Result<Option<PathBuf>, Error> {
    const NAMES: [&str; 5] =
        ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"];
    if !folder.exists() {
        return Ok(None);
    }
    let found: Vec<_> = NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect();
    let has = |name: &str| found.contains(&folder.join(name));
    let whole = has("tokenizer.json") || has("vocab.json") && has("merges.txt");
    if !whole {
        return Err(refusal(folder, "holds no vocab.json with merges.txt; copy the whole folder"));
    }
    files.extend(found);
    Ok(Some(folder.to_owned()))
}

/// Text encoders by one set of names: newer writers leave out `text_model.`, older ones add a table of positions.
fn text(part: &Part) -> Result<Part, Error> {
    part.renamed(|name| match name {
        _ if name.ends_with(".position_ids") => None,
        _ if name.starts_with("text_model.") || name == "text_projection.weight" => {
            Some((name.to_owned(), None))
        }
        _ => Some((format!("text_model.{name}"), None)),
    })
}

/// The VAE's attention by one set of names, as matrices: older writers called it otherwise.
fn attention_as_matrices(part: &Part) -> Result<Part, Error> {
    part.renamed(|name| {
        let name = ldm::vae::attention_names(name);
        let matrix = ldm::vae::is_attention_matrix(&name);
        Some((name, matrix.then_some(Change::Matrix)))
    })
}
