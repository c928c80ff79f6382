//! A LoRA file: pairs of thin matrices by network and layer, checked against each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use super::{
    Part,
    settings::{NOTE, Settings, from_config, from_note},
    spelling::{Piece, WRAPPER, take_apart},
};
use crate::{
    Error,
    weights::{Parameter, TensorFile},
};

/// What PEFT writes beside the files that it saves itself.
const CONFIG: &str = "adapter_config.json";
/// Longest configuration, in bytes. Real ones have a few thousand.
const CONFIG_MAX: u64 = 1 << 20;

/// A LoRA, opened and understood. Which network it fits is only known when it is merged.
#[derive(Debug)]
pub struct LoraFile {
    file: Arc<TensorFile>,
    pairs: BTreeMap<(Part, String), Pair>,
    settings: BTreeMap<Part, Settings>,
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
        let settings = settings(&file)?;
        let pairs = found.into_iter().map(|(layer, found)| Ok((layer, Pair::new(&file, &found)?)));
        let pairs = pairs.collect::<Result<_, Error>>()?;
        Ok(Self { file, pairs, settings })
    }

    /// The file's path, as it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
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

/// What the LoRA's trainer set: from the note in the file, or the configuration beside it.
fn settings(file: &TensorFile) -> Result<BTreeMap<Part, Settings>, Error> {
    if let Some(note) = file.note(NOTE) {
        return from_note(note).map_err(|problem| refusal(file, format!("its note {NOTE}: {problem}")));
    }
    let config = file.path().with_file_name(CONFIG);
    if !file.names().any(|name| name.starts_with(WRAPPER)) || !config.is_file() {
        return Ok(BTreeMap::new());
    }
    let refuse = |problem: String| Error::Checkpoint { file: config.display().to_string(), problem };
    let unreadable = |error: std::io::Error| refuse(format!("cannot be read: {error}"));
    if config.metadata().map_err(unreadable)?.len() > CONFIG_MAX {
        return Err(refuse(format!("is longer than {CONFIG_MAX} bytes; it is not the settings of a LoRA")));
    }
    let settings = from_config(&fs::read_to_string(&config).map_err(unreadable)?).map_err(refuse)?;
    Ok([Part::Unet, Part::TextEncoder, Part::SecondTextEncoder].map(|part| (part, settings.clone())).into())
}

fn refusal(file: &TensorFile, problem: String) -> Error {
    Error::Checkpoint { file: file.path().display().to_string(), problem }
}
