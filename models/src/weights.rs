//! The parameters of networks: safetensors files, mapped into memory and read strictly.
//!
//! [`Weights`] hands every tensor to the layer that asks for it by name and shape, remembers which were asked
//! for, and [`Weights::finish`] refuses a checkpoint with tensors that nothing reads: a silently ignored tensor
//! is a picture that is silently wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs::File,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use candle_core::{DType, Tensor};
use half::{bf16, f16};
use memmap2::Mmap;
use safetensors::{Dtype, SafeTensors};

pub use crate::parameter::{Parameter, Values};
use crate::{
    Error,
    device::{Placement, Precision},
    parameter::Float,
};

/// How many unread tensors an error names before it only counts.
const NAMED: usize = 5;

/// Most tensors of one file. SDXL with a copy of itself for training has 5,000.
const MOST_TENSORS: usize = 1 << 16;

/// A safetensors file, mapped read-only. Its header has been checked against its length.
#[derive(Debug)]
pub struct TensorFile {
    path: PathBuf,
    map: Mmap,
    tensors: BTreeMap<String, Source>,
    notes: BTreeMap<String, String>,
}

/// Where one tensor lies in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    bytes: Range<usize>,
    dtype: Dtype,
    shape: Vec<usize>,
}

/// What a file is instead of safetensors, by how it begins.
fn disguised(bytes: &[u8]) -> Option<&'static str> {
    const PICKLE: &str = "is a pickle, which can run any program when it is read; convert it to safetensors";
    match bytes {
        [b'P', b'K', 3, 4, ..] | [0x80, 2..=5, ..] => Some(PICKLE),
        [b'G', b'G', b'U', b'F', ..] => Some("is a GGUF file; take the safetensors of this model"),
        [b'<', ..] => {
            Some("is a web page; the download asked for a sign-in, so sign in and download it again")
        }
        _ if bytes.starts_with(b"version https://git-lfs") => {
            Some("is a pointer of Git LFS and not the file itself; run `git lfs pull` in its repository")
        }
        _ => None,
    }
}

impl TensorFile {
    /// Maps the file at `path` and checks its header.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it cannot be read, is a pickle, is cut short or its header lies.
    #[expect(unsafe_code, reason = "mapping a file is the one way to use weights without a second copy")]
    pub fn open(path: &Path) -> Result<Arc<Self>, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
        // Asked first, because opening a named pipe waits for somebody to write to it.
        let about = path.metadata().map_err(|error| refuse(format!("cannot be opened: {error}")))?;
        if !about.is_file() {
            return Err(refuse("is no file".to_owned()));
        }
        let file = File::open(path).map_err(|error| refuse(format!("cannot be opened: {error}")))?;
        // SAFETY: The map is read-only and never handed out as anything but plain numbers, for which every bit
        // pattern is valid. Someone who cuts the file while it is mapped ends the process by a bus error; nothing
        // in Atelier writes to a model file after it was put in place by a rename.
        let map =
            unsafe { Mmap::map(&file) }.map_err(|error| refuse(format!("cannot be mapped: {error}")))?;
        let (header, metadata) = SafeTensors::read_metadata(&map).map_err(|error| {
            // Looked at only now: the length that a sound file begins with can look like anything.
            let whole = || format!("is not a whole safetensors file ({error}); download it again");
            refuse(disguised(&map).map_or_else(whole, str::to_owned))
        })?;
        let tensors = metadata.tensors();
        if tensors.len() > MOST_TENSORS {
            return Err(refuse(format!("lists {} tensors; no model has over {MOST_TENSORS}", tensors.len())));
        }
        let start = header + size_of::<u64>();
        let tensors = tensors
            .into_iter()
            .map(|(name, info)| {
                let (from, to) = info.data_offsets;
                let source =
                    Source { bytes: start + from..start + to, dtype: info.dtype, shape: info.shape.clone() };
                (name, source)
            })
            .collect();
        let notes = metadata.metadata().clone().unwrap_or_default().into_iter().collect();
        Ok(Arc::new(Self { path: path.to_owned(), map, tensors, notes }))
    }

    /// The file's path, as it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names of its tensors, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// Shape of the tensor `name`.
    #[must_use]
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|source| source.shape.as_slice())
    }

    /// Bytes of the tensor `name`.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<u64> {
        self.tensors.get(name).map(|source| source.bytes.len() as u64)
    }

    /// What the writer noted under `key` in the header, such as `modelspec.title`.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(String::as_str)
    }

    /// A part of the map.
    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.map[range]
    }

    /// The tensor `name`, as it lies in the file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is absent, not of floating point, or holds a number that is not finite.
    pub fn parameter(self: &Arc<Self>, name: &str) -> Result<Parameter, Error> {
        let parameter = self.unread(name)?;
        if !parameter.values().all_finite() {
            let problem = format!("tensor {name} holds a number that is not finite");
            return Err(Error::Checkpoint { file: self.path.display().to_string(), problem });
        }
        Ok(parameter)
    }

    /// The tensor `name`, whose numbers nobody has looked at: its page of the file is not touched.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is absent or not of floating point.
    pub(crate) fn unread(self: &Arc<Self>, name: &str) -> Result<Parameter, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: self.path.display().to_string(), problem };
        let source = self.tensors.get(name).ok_or_else(|| refuse(format!("tensor {name} is missing")))?;
        let float = Float::of(source.dtype).ok_or_else(|| {
            refuse(format!("tensor {name} is of type {:?}; f32, f16 and bf16 can be used", source.dtype))
        })?;
        Ok(Parameter::mapped(self, source.bytes.clone(), float, source.shape.clone()))
    }

    /// The tensor `name` of one number (a LoRA's alpha), which writers store in whatever type they had at hand.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is absent, or anything but one number.
    pub fn number(&self, name: &str) -> Result<f64, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: self.path.display().to_string(), problem };
        let source = self.tensors.get(name).ok_or_else(|| refuse(format!("tensor {name} is missing")))?;
        let bytes = &self.map[source.bytes.clone()];
        let number = match source.dtype {
            Dtype::F64 => bytes.try_into().ok().map(f64::from_le_bytes),
            Dtype::F32 => bytes.try_into().ok().map(|bytes| f64::from(f32::from_le_bytes(bytes))),
            Dtype::F16 => bytes.try_into().ok().map(|bytes| f16::from_le_bytes(bytes).to_f64()),
            Dtype::BF16 => bytes.try_into().ok().map(|bytes| bf16::from_le_bytes(bytes).to_f64()),
            Dtype::I64 => bytes.try_into().ok().map(|bytes| i64::from_le_bytes(bytes) as f64),
            Dtype::I32 => bytes.try_into().ok().map(|bytes| f64::from(i32::from_le_bytes(bytes))),
            _ => None,
        };
        number.ok_or_else(|| refuse(format!("tensor {name} is not one number")))
    }
}

/// The parameters of one network, by the names its layers ask for. Cheap to clone; [`Weights::pp`] steps into a
/// part of it.
#[derive(Debug, Clone)]
pub struct Weights {
    shared: Arc<Shared>,
    prefix: String,
    placement: Placement,
}

#[derive(Debug)]
struct Shared {
    /// What errors call the checkpoint.
    name: String,
    tensors: BTreeMap<String, (Arc<TensorFile>, String)>,
    replaced: BTreeMap<String, Parameter>,
    read: Mutex<BTreeSet<String>>,
    /// Whether numbers are handed out as they are, to see whether everything fits before gigabytes are read.
    unread: bool,
}

impl Weights {
    /// All tensors of `files` (the shards of one checkpoint) under their own names. `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when two files hold a tensor of the same name.
    pub fn new(name: &str, files: &[Arc<TensorFile>], placement: Placement) -> Result<Self, Error> {
        let mut tensors = BTreeMap::new();
        for file in files {
            for tensor in file.names() {
                if tensors.insert(tensor.to_owned(), (file.clone(), tensor.to_owned())).is_some() {
                    return Err(Error::Checkpoint {
                        file: name.to_owned(),
                        problem: format!("tensor {tensor} is in two of its files"),
                    });
                }
            }
        }
        Ok(Self::from_parts(name, tensors, BTreeMap::new(), placement))
    }

    /// Tensors under other names than in their files (`tensors`: wanted name → file and name in it), some of them
    /// made at load (`replaced`, which goes first).
    #[must_use]
    pub fn from_parts(
        name: &str,
        tensors: BTreeMap<String, (Arc<TensorFile>, String)>,
        replaced: BTreeMap<String, Parameter>,
        placement: Placement,
    ) -> Self {
        let shared =
            Shared { name: name.to_owned(), tensors, replaced, read: Mutex::default(), unread: false };
        Self { shared: Arc::new(shared), prefix: String::new(), placement }
    }

    /// The whole network with numbers that nobody looks at: names, shapes and types are as strict as ever, and that
    /// numbers are finite is not asked.
    #[must_use]
    pub(crate) fn with_unread(&self) -> Self {
        let Shared { name, tensors, replaced, .. } = &*self.shared;
        let (tensors, replaced) = (tensors.clone(), replaced.clone());
        let shared = Shared { name: name.clone(), tensors, replaced, read: Mutex::default(), unread: true };
        Self { shared: Arc::new(shared), prefix: String::new(), placement: self.placement.clone() }
    }

    /// The part under `name`: `weights.pp("down_blocks").pp(0)`.
    #[must_use]
    pub fn pp(&self, name: impl Display) -> Self {
        let prefix = format!("{}{name}.", self.prefix);
        Self { shared: self.shared.clone(), prefix, placement: self.placement.clone() }
    }

    /// The same part for a network that must count in another number format.
    #[must_use]
    pub fn with_precision(&self, precision: Precision) -> Self {
        Self { placement: Placement { precision, ..self.placement.clone() }, ..self.clone() }
    }

    /// Where the network will run.
    #[must_use]
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// Whether there is a tensor `name` in this part.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        let name = format!("{}{name}", self.prefix);
        self.shared.tensors.contains_key(&name) || self.shared.replaced.contains_key(&name)
    }

    /// Names of all parameters of the whole network, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.shared.tensors.keys().chain(self.shared.replaced.keys());
        all.map(String::as_str).collect::<BTreeSet<_>>().into_iter()
    }

    /// The parameter `name`, whatever its shape, for what is computed from all of them at load. Does not count as
    /// read.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is missing, of another type, or not finite.
    pub fn any(&self, name: &str) -> Result<Parameter, Error> {
        let name = format!("{}{name}", self.prefix);
        match (self.shared.replaced.get(&name), self.shared.tensors.get(&name)) {
            (Some(made), _) => Ok(made.clone()),
            (None, Some((file, inside))) if self.shared.unread => file.unread(inside),
            (None, Some((file, inside))) => file.parameter(inside),
            (None, None) => Err(self.refuse(format!("tensor {name} is missing"))),
        }
    }

    /// Shape of the tensor `name` of this part, where there is one.
    #[must_use]
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        let name = format!("{}{name}", self.prefix);
        match (self.shared.replaced.get(&name), self.shared.tensors.get(&name)) {
            (Some(made), _) => Some(made.shape()),
            (None, Some((file, inside))) => file.shape(inside),
            (None, None) => None,
        }
    }

    /// The parameter `name`, which must have exactly this shape.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is missing, of another shape or type, or not finite.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<Parameter, Error> {
        let parameter = self.any(name)?;
        let name = format!("{}{name}", self.prefix);
        if parameter.shape() != shape {
            let found = parameter.shape();
            return Err(
                self.refuse(format!("tensor {name} has shape {found:?}, the network needs {shape:?}"))
            );
        }
        self.shared.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        Ok(parameter)
    }

    /// The vector `name` of `length` elements (a bias, a norm's scale), as f32 on the device.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn vector(&self, name: &str, length: usize) -> Result<Tensor, Error> {
        let values = self.get(name, &[length])?.values().to_f32();
        Ok(Tensor::from_vec(values, length, &self.placement.device)?.to_dtype(DType::F32)?)
    }

    /// Says that `name` may be in the file and is not needed (a stored table of positions, say).
    pub fn ignore(&self, name: &str) {
        let name = format!("{}{name}", self.prefix);
        self.shared.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    }

    /// Refuses a checkpoint with tensors that no layer asked for. Called once, when the network is built.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming them.
    pub fn finish(&self) -> Result<(), Error> {
        let read = self.shared.read.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.shared.tensors.keys().chain(self.shared.replaced.keys());
        let unread: BTreeSet<&str> = names.map(String::as_str).filter(|name| !read.contains(*name)).collect();
        if unread.is_empty() {
            return Ok(());
        }
        let named: Vec<&str> = unread.iter().copied().take(NAMED).collect();
        let more = match unread.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Err(self.refuse(format!(
            "this network has no place for {}{more}; it is of another kind than its config.json says",
            named.join(", ")
        )))
    }

    /// An error about this checkpoint.
    #[must_use]
    pub fn refuse(&self, problem: String) -> Error {
        Error::Checkpoint { file: self.shared.name.clone(), problem }
    }

    /// The whole network with `replaced` in the place of its parameters of these names, and nothing counted as read.
    /// The originals stay where they are: what this was made from still has them.
    #[must_use]
    pub fn with_replaced(&self, replaced: BTreeMap<String, Parameter>) -> Self {
        let mut all = self.shared.replaced.clone();
        all.extend(replaced);
        Self::from_parts(&self.shared.name, self.shared.tensors.clone(), all, self.placement().clone())
    }
}
