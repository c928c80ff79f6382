//! A LoRA file: pairs of thin matrices by network and layer, checked against each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Part,
    settings::{NOTE, Settings, from_config, from_note},
    spelling::{Piece, WRAPPER, take_apart},
};
use crate::{
    Error,
    checkpoint::Family,
    weights::{Parameter, TensorFile},
};

/// What PEFT writes beside the files that it saves itself.
const CONFIG: &str = "adapter_config.json";
/// Longest configuration, in bytes. Real ones have a few thousand.
const CONFIG_MAX: u64 = 1 << 20;

/// Widths of the words that a UNet hears, by the family that alone has them.
const WIDTHS: &[(usize, Family)] = &[(768, Family::Sd1), (1_024, Family::Sd2), (2_048, Family::Sdxl)];
/// Notes of trainers that name the checkpoint that a LoRA was trained on, and how their words begin.
const NOTES: &[(&str, &[(&str, Family)])] = &[
    ("ss_base_model_version", &[("sd_v1", Family::Sd1), ("sd_v2", Family::Sd2), ("sdxl", Family::Sdxl)]),
    (
        "modelspec.architecture",
        &[
            ("stable-diffusion-v1", Family::Sd1),
            ("stable-diffusion-v2", Family::Sd2),
            ("stable-diffusion-xl", Family::Sdxl),
        ],
    ),
];

/// A LoRA, opened and understood. Which network it fits is only known when it is merged.
#[derive(Debug)]
pub struct LoraFile {
    file: Arc<TensorFile>,
    pairs: BTreeMap<(Part, String), Pair>,
    settings: BTreeMap<Part, Settings>,
    files: Vec<PathBuf>,
}

/// The two factors of one layer.
#[derive(Debug, PartialEq)]
pub(super) struct Pair {
    /// Names of the tensors in the file.
    down: String,
    up: String,
    rank: usize,
    alpha: Option<f64>,
    /// Shape of the parameter that it is for, without the size of a 1×1 kernel.
    shape: Vec<usize>,
}

/// Names of the tensors of one layer, as far as they were found.
#[derive(Debug, Default)]
struct Found<'a> {
    down: Option<&'a str>,
    up: Option<&'a str>,
    alpha: Option<&'a str>,
}

impl LoraFile {
    /// Opens the LoRA in the safetensors file at `path` and checks that its tensors make pairs. Reads no matrix.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] as [`TensorFile::open`], and when it holds anything but plain LoRA (LyCORIS is refused by
    /// name), half a pair, factors that don't fit each other, or an alpha that is not a number. The words name the
    /// tensor.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = TensorFile::open(path)?;
        let refuse = |problem: String| refusal(&file, problem);
        let mut found: BTreeMap<(Part, String), Found<'_>> = BTreeMap::new();
        for name in file.names() {
            let spelled = take_apart(name).map_err(|problem| refuse(format!("tensor {name} {problem}")))?;
            let layer = found.entry((spelled.part, spelled.layer)).or_default();
            let place = match spelled.piece {
                Piece::Down => &mut layer.down,
                Piece::Up => &mut layer.up,
                Piece::Alpha => &mut layer.alpha,
            };
            if let Some(before) = place.replace(name) {
                return Err(refuse(format!("tensors {before} and {name} are for the same layer")));
            }
        }
        if found.is_empty() {
            return Err(refuse("holds no LoRA".to_owned()));
        }
        let config = config(&file);
        let settings = settings(&file, config.as_deref())?;
        let files = [path.to_owned()].into_iter().chain(config).collect();
        let pairs = found.into_iter().map(|(layer, found)| Ok((layer, Pair::new(&file, &found)?)));
        let pairs = pairs.collect::<Result<_, Error>>()?;
        Ok(Self { file, pairs, settings, files })
    }

    /// Whether the safetensors file at `path` holds the factors of layers, as only a LoRA does.
    ///
    /// # Errors
    /// As [`TensorFile::open`].
    pub fn is_one(path: &Path) -> Result<bool, Error> {
        let file = TensorFile::open(path)?;
        Ok(file.names().any(|name| take_apart(name).is_ok_and(|spelled| spelled.piece != Piece::Alpha)))
    }

    /// The file's path, as it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The file itself, and the settings beside it where it needs them.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The family of checkpoints that it is made for, by the width of the words that its UNet layers hear, then by its
    /// networks, and at last by its trainer's notes; none where none of them says.
    #[must_use]
    pub fn family(&self) -> Option<Family> {
        let hears = self.pairs.iter().find_map(|((part, layer), pair)| {
            let is_ear = *part == Part::Unet && layer.ends_with("attn2_to_k");
            WIDTHS.iter().find(|(width, _)| is_ear && pair.shape.get(1) == Some(width))
        });
        let noted = || {
            let notes = NOTES.iter().filter_map(|(key, words)| Some((self.file.note(key)?, words)));
            let mut named = notes.flat_map(|(note, words)| words.iter().filter(|(w, _)| note.starts_with(w)));
            named.next().map(|(_, family)| *family)
        };
        let second = || self.parts().contains(&Part::SecondTextEncoder).then_some(Family::Sdxl);
        hears.map(|(_, family)| *family).or_else(second).or_else(noted)
    }

    /// Bytes of the parameters that merging makes beside the checkpoint's own.
    #[must_use]
    pub fn merged_bytes(&self) -> u64 {
        let numbers =
            |pair: &Pair| pair.shape.iter().fold(1, |all: u64, size| all.saturating_mul(*size as u64));
        self.pairs.values().fold(0, |all: u64, pair| all.saturating_add(numbers(pair).saturating_mul(4)))
    }

    /// Reads every factor once. `progress` hears how many bytes are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is not finite or of no usable type, or the layer whose scale can't
    /// be used.
    pub fn check(&self, mut progress: impl FnMut(u64)) -> Result<(), Error> {
        let mut done = 0;
        for (part, layer, pair) in self.pairs() {
            self.scale(part, layer, pair)?;
            for name in [&pair.down, &pair.up] {
                self.file.parameter(name)?;
                done += self.file.size(name).unwrap_or_default();
                progress(done);
            }
        }
        Ok(())
    }

    /// The networks that it changes.
    #[must_use]
    pub fn parts(&self) -> BTreeSet<Part> {
        self.pairs.keys().map(|(part, _)| *part).collect()
    }

    /// Its pairs, by network and flattened layer.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Part, &str, &Pair)> {
        self.pairs.iter().map(|((part, layer), pair)| (*part, layer.as_str(), pair))
    }

    /// How much of `up · down` is added to `layer` at a weight of 1.
    pub(super) fn scale(&self, part: Part, layer: &str, pair: &Pair) -> Result<f64, Error> {
        let none = Settings::default();
        let settings = self.settings.get(&part).unwrap_or(&none);
        let about = |problem| self.refuse(format!("tensor {}: {problem}", pair.down));
        settings.scale(layer, pair.rank, pair.alpha).map_err(about)
    }

    /// The factors `up`, `[out, rank]`, and `down`, `[rank, everything inside]`.
    pub(super) fn factors(&self, pair: &Pair) -> Result<(Parameter, Parameter), Error> {
        let (out, inside) = (pair.shape[0], pair.shape[1..].iter().product());
        let up = self.file.parameter(&pair.up)?.reshaped(&[out, pair.rank]);
        let down = self.file.parameter(&pair.down)?.reshaped(&[pair.rank, inside]);
        Ok((up, down))
    }

    /// An error about this file.
    pub(super) fn refuse(&self, problem: String) -> Error {
        refusal(&self.file, problem)
    }
}

impl Pair {
    fn new(file: &TensorFile, found: &Found<'_>) -> Result<Self, Error> {
        let refuse = |problem: String| refusal(file, problem);
        let (down, up) = match (found.down, found.up, found.alpha) {
            (Some(down), Some(up), _) => (down, up),
            (Some(half), None, _) | (None, Some(half), _) | (None, None, Some(half)) => {
                return Err(refuse(format!("tensor {half} lacks the other factor; download the file again")));
            }
            (None, None, None) => return Err(Error::Internal("a layer was found by no tensor".to_owned())),
        };
        let shapes = (file.shape(down).unwrap_or_default(), file.shape(up).unwrap_or_default());
        let Some((rank, shape)) = product(shapes.0, shapes.1) else {
            return Err(refuse(format!(
                "tensors {down} {:?} and {up} {:?} are not [rank, in, …] and [out, rank, …] of one rank from 1",
                shapes.0, shapes.1
            )));
        };
        let alpha = found.alpha.map(|name| file.number(name)).transpose()?;
        Ok(Self { down: down.to_owned(), up: up.to_owned(), rank, alpha, shape })
    }

    /// Whether it is for a parameter of this shape. A 1×1 convolution and a matrix are the same.
    pub(super) fn fits(&self, shape: &[usize]) -> bool {
        squeezed(shape) == self.shape
    }

    /// The name of its first factor in the file, and the shape of the parameter that it is for.
    pub(super) fn describe(&self) -> (&str, &[usize]) {
        (&self.down, &self.shape)
    }
}

/// The rank of two factors of these shapes and the shape of their product; none where they have none.
fn product(down: &[usize], up: &[usize]) -> Option<(usize, Vec<usize>)> {
    let (&[rank, .., _], &[out, inner, ref kernel @ ..]) = (down, up) else { return None };
    let fit = rank > 0 && rank == inner && kernel.iter().all(|&size| size == 1);
    let shape: Vec<usize> = [out].iter().chain(&down[1..]).copied().collect();
    fit.then(|| (rank, squeezed(&shape).to_vec()))
}

/// The shape without the size of a 1×1 kernel.
fn squeezed(shape: &[usize]) -> &[usize] {
    match shape {
        [matrix @ .., 1, 1] if matrix.len() == 2 => matrix,
        other => other,
    }
}

/// The configuration beside a file that has no note and needs one: under the file's own name, as it is installed, or
/// under PEFT's.
fn config(file: &TensorFile) -> Option<PathBuf> {
    let needs = file.note(NOTE).is_none() && file.names().any(|name| name.starts_with(WRAPPER));
    let places = [file.path().with_extension("config.json"), file.path().with_file_name(CONFIG)];
    places.into_iter().find(|path| needs && path.is_file())
}

/// What the LoRA's trainer set: from the note in the file, or the configuration beside it.
fn settings(file: &TensorFile, config: Option<&Path>) -> Result<BTreeMap<Part, Settings>, Error> {
    if let Some(note) = file.note(NOTE) {
        return from_note(note).map_err(|problem| refusal(file, format!("its note {NOTE}: {problem}")));
    }
    let Some(config) = config else { return Ok(BTreeMap::new()) };
    let refuse = |problem: String| Error::Checkpoint { file: config.display().to_string(), problem };
    let unreadable = |error: std::io::Error| refuse(format!("cannot be read: {error}"));
    if config.metadata().map_err(unreadable)?.len() > CONFIG_MAX {
        return Err(refuse(format!("is longer than {CONFIG_MAX} bytes; it is not the settings of a LoRA")));
    }
    let settings = from_config(&fs::read_to_string(config).map_err(unreadable)?).map_err(refuse)?;
    Ok([Part::Unet, Part::TextEncoder, Part::SecondTextEncoder].map(|part| (part, settings.clone())).into())
}

fn refusal(file: &TensorFile, problem: String) -> Error {
    Error::Checkpoint { file: file.path().display().to_string(), problem }
}
