//! Which files of a repository are needed. Pure, and the fence against paths that a server made up: every path that
//! comes out is one that this file put together or compared with.

use super::Remote;
use crate::{Error, checkpoint::Variant};

const PLAIN: &[&str] = &[
    "model_index.json",
    "scheduler/scheduler_config.json",
    "unet/config.json",
    "vae/config.json",
    "text_encoder/config.json",
    "text_encoder_2/config.json",
];
const TOKENIZERS: &[&str] = &["tokenizer", "tokenizer_2"];
const TOKENIZER: &[&str] =
    &["vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];
/// Folders with weights, and what their files' names begin with.
const WEIGHTS: &[(&str, &str)] = &[
    ("unet", "diffusion_pytorch_model"),
    ("vae", "diffusion_pytorch_model"),
    ("text_encoder", "model"),
    ("text_encoder_2", "model"),
];

const TINY: &[&str] = &["config.json", "diffusion_pytorch_model.safetensors"];

/// The files of a diffusers folder that are needed to run it, with `variant` where there are both; or the one file
/// `single`, or the only one that there is.
///
/// # Errors
/// [`Error::Checkpoint`] that names what is missing, or between which files to choose.
pub fn choose(
    repository: &str,
    files: &[Remote],
    variant: Variant,
    single: Option<&str>,
) -> Result<Vec<Remote>, Error> {
    let refuse = |problem: String| Error::Checkpoint { file: repository.to_owned(), problem };
    let find = |path: &str| files.iter().find(|file| file.path == path).cloned();
    if single.is_none() && find("model_index.json").is_none() {
        // A tiny autoencoder is one network without a folder around it.
        let tiny: Vec<_> = TINY.iter().filter_map(|path| find(path)).collect();
        if tiny.len() == TINY.len() {
            return Ok(tiny);
        }
    }
    if single.is_some() || find("model_index.json").is_none() {
        return one(files, single).map(|file| vec![file]).map_err(refuse);
    }
    let mut chosen: Vec<_> = PLAIN.iter().filter_map(|path| find(path)).collect();
    let tokenizers =
        TOKENIZERS.iter().flat_map(|folder| TOKENIZER.iter().map(move |name| format!("{folder}/{name}")));
    chosen.extend(tokenizers.filter_map(|path| find(&path)));
    for (folder, stem) in WEIGHTS {
        let present = find(&format!("{folder}/config.json")).is_some();
        match weights(files, folder, stem, variant) {
            found if !found.is_empty() => chosen.extend(found),
            _ if present => {
                return Err(refuse(format!(
                    "{folder} has no safetensors, only files that can run any program when they are read; look for a \
                     repository of this model with safetensors"
                )));
            }
            _ => {}
        }
    }
    Ok(chosen)
}

/// The weights of one component: one file, or shards with their index.
fn weights(files: &[Remote], folder: &str, stem: &str, variant: Variant) -> Vec<Remote> {
    let of = |half: bool| {
        files
            .iter()
            .filter(|file| {
                let name = file.path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
                let rest = name.and_then(|name| name.strip_prefix(stem));
                rest.is_some_and(|rest| is_weights(rest) && rest.contains("fp16") == half)
            })
            .cloned()
            .collect::<Vec<_>>()
    };
    let (first, second) = match variant {
        Variant::Full => (false, true),
        Variant::Half => (true, false),
    };
    let found = of(first);
    if found.is_empty() { of(second) } else { found }
}

/// Whether the rest of a name, after its stem, is one that diffusers writes: `.safetensors`, `.fp16.safetensors`,
/// `-00001-of-00002.safetensors`, `.safetensors.index.json` and so on. `non_ema` and the like are other weights.
fn is_weights(rest: &str) -> bool {
    let body = rest.strip_suffix(".safetensors").or_else(|| match rest.strip_suffix(".json") {
        Some(index) => index
            .strip_suffix(".index.fp16")
            .or(index.strip_suffix(".index"))?
            .strip_suffix(".safetensors")
            .or(Some("")),
        None => None,
    });
    let Some(body) = body else { return false };
    let body = body.strip_prefix(".fp16").or(body.strip_suffix(".fp16")).unwrap_or(body);
    body.is_empty() || body.strip_prefix('-').is_some_and(is_shard)
}

/// `00001-of-00002`.
fn is_shard(body: &str) -> bool {
    let number = |digits: &str| digits.len() == 5 && digits.bytes().all(|it| it.is_ascii_digit());
    body.split_once("-of-").is_some_and(|(one, all)| number(one) && number(all))
}

/// The single file that is wanted, or the only one: a checkpoint, or where there is none, a language model.
fn one(files: &[Remote], wanted: Option<&str>) -> Result<Remote, String> {
    let of = |ending: &str| -> Vec<&Remote> {
        let plain =
            |path: &str| path.ends_with(ending) && !path.contains(['/', '\\']) && !path.starts_with('.');
        files.iter().filter(|file| plain(&file.path)).collect()
    };
    let (checkpoints, language) = (of(".safetensors"), of(".gguf"));
    let all = match wanted {
        Some(_) => [checkpoints, language].concat(),
        None if checkpoints.is_empty() => language,
        None => checkpoints,
    };
    let names = || all.iter().take(8).map(|file| file.path.as_str()).collect::<Vec<_>>().join(", ");
    match (wanted, all.as_slice()) {
        (Some(wanted), _) => match all.iter().find(|file| file.path == wanted) {
            Some(file) => Ok((*file).clone()),
            None => Err(format!("has no file {wanted}; it has {}", names())),
        },
        (None, [only]) => Ok((*only).clone()),
        (None, []) => Err("holds neither model_index.json nor a safetensors or GGUF file".to_owned()),
        (None, _) => Err(format!("holds several models; name one with --file: {}", names())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remotes(paths: &[&str]) -> Vec<Remote> {
        paths.iter().map(|path| Remote { path: (*path).to_owned(), bytes: 1, sha256: None }).collect()
    }

    fn chosen(paths: &[&str], variant: Variant, single: Option<&str>) -> Result<Vec<String>, String> {
        let chosen = choose("a/b", &remotes(paths), variant, single);
        chosen
            .map(|files| files.into_iter().map(|file| file.path).collect())
            .map_err(|error| error.to_string())
    }

    const FOLDER: &[&str] = &[
        "README.md",
        "model_index.json",
        "safety_checker/model.safetensors",
        "scheduler/scheduler_config.json",
        "text_encoder/config.json",
        "text_encoder/model.fp16.safetensors",
        "text_encoder/model.safetensors",
        "text_encoder/pytorch_model.bin",
        "tokenizer/merges.txt",
        "tokenizer/vocab.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
        "unet/diffusion_pytorch_model-00002-of-00002.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "unet/diffusion_pytorch_model.non_ema.safetensors",
        "unet/diffusion_pytorch_model.safetensors.index.json",
        "v1-5-pruned.ckpt",
        "v1-5-pruned.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
        "vae/../../escape.safetensors",
    ];

    #[test]
    fn a_folder_is_what_runs_and_nothing_else() {
        let full = chosen(FOLDER, Variant::Full, None).unwrap();
        assert_eq!(full.len(), 12, "{full:?}");
        assert!(full.contains(&"unet/diffusion_pytorch_model.safetensors.index.json".to_owned()));
        assert!(full.iter().all(|path| {
            !["fp16", "non_ema", "bin", "ckpt", "safety", ".."].iter().any(|it| path.contains(it))
        }));
        let half = chosen(FOLDER, Variant::Half, None).unwrap();
        assert!(half.contains(&"unet/diffusion_pytorch_model.fp16.safetensors".to_owned()), "{half:?}");
        assert!(half.contains(&"vae/diffusion_pytorch_model.safetensors".to_owned()), "only full is there");
        assert_eq!(half.len(), 10);
    }

    #[test]
    fn a_file_is_named_or_the_only_one() {
        assert_eq!(
            chosen(FOLDER, Variant::Full, Some("v1-5-pruned.safetensors")).unwrap(),
            ["v1-5-pruned.safetensors"]
        );
        assert_eq!(chosen(&["x.safetensors", "y.ckpt"], Variant::Full, None).unwrap(), ["x.safetensors"]);
        let tiny =
            ["README.md", "config.json", "diffusion_pytorch_model.safetensors", "taesd_decoder.safetensors"];
        assert_eq!(chosen(&tiny, Variant::Half, None).unwrap(), tiny[1..3]);
        let language = ["README.md", "q4.gguf"];
        assert_eq!(chosen(&language, Variant::Half, None).unwrap(), ["q4.gguf"]);
        let both = ["x.safetensors", "q4.gguf"];
        assert_eq!(chosen(&both, Variant::Half, None).unwrap(), ["x.safetensors"]);
        assert_eq!(chosen(&both, Variant::Half, Some("q4.gguf")).unwrap(), ["q4.gguf"]);
        for (paths, single, words) in [
            (&["q4.gguf", "q8.gguf"][..], None, "name one with --file: q4.gguf, q8.gguf"),
            (
                &["a.safetensors", "b.safetensors"][..],
                None,
                "name one with --file: a.safetensors, b.safetensors",
            ),
            (&["a.ckpt"], None, "neither"),
            (&["a.safetensors"], Some("../a.safetensors"), "has no file"),
            (
                &["model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.bin"],
                None,
                "unet has no safetensors",
            ),
        ] {
            let refusal = chosen(paths, Variant::Full, single).unwrap_err();
            assert!(refusal.contains(words), "{refusal}");
        }
    }

    #[test]
    fn names_of_weights() {
        for (rest, is) in [
            (".safetensors", true),
            (".fp16.safetensors", true),
            ("-00001-of-00002.safetensors", true),
            ("-00001-of-00002.fp16.safetensors", true),
            (".fp16-00001-of-00002.safetensors", true),
            (".safetensors.index.json", true),
            (".fp16.safetensors.index.json", true),
            (".safetensors.index.fp16.json", true),
            (".non_ema.safetensors", false),
            (".bin", false),
            ("/../x.safetensors", false),
            (".json", false),
        ] {
            assert_eq!(is_weights(rest), is, "{rest}");
        }
    }
}
