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
use rayon::prelude::*;
use safetensors::{Dtype, SafeTensors};

use crate::{Error, device::Placement};

/// How many unread tensors an error names before it only counts.
const NAMED: usize = 5;

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

impl TensorFile {
    /// Maps the file at `path` and checks its header.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it cannot be read, is a pickle, is cut short or its header lies.
    #[expect(unsafe_code, reason = "mapping a file is the one way to use weights without a second copy")]
    pub fn open(path: &Path) -> Result<Arc<Self>, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
        let file = File::open(path).map_err(|error| refuse(format!("cannot be opened: {error}")))?;
        // SAFETY: The map is read-only and never handed out as anything but plain numbers, for which every bit
        // pattern is valid. Someone who cuts the file while it is mapped ends the process by a bus error; nothing
        // in Atelier writes to a model file after it was put in place by a rename.
        let map =
            unsafe { Mmap::map(&file) }.map_err(|error| refuse(format!("cannot be mapped: {error}")))?;
        if map.starts_with(b"PK\x03\x04") || map.starts_with(b"\x80\x02") {
            return Err(refuse(
                "is a pickle, which can run any program when it is read; convert it to safetensors"
                    .to_owned(),
            ));
        }
        let (header, metadata) = SafeTensors::read_metadata(&map).map_err(|error| {
            refuse(format!("is not a whole safetensors file ({error}); download it again"))
        })?;
        let start = header + size_of::<u64>();
        let tensors = metadata
            .tensors()
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

    /// The tensor `name`, as it lies in the file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is absent, not of floating point, or holds a number that is not finite.
    pub fn parameter(self: &Arc<Self>, name: &str) -> Result<Parameter, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: self.path.display().to_string(), problem };
        let source = self.tensors.get(name).ok_or_else(|| refuse(format!("tensor {name} is missing")))?;
        let float = match source.dtype {
            Dtype::F32 => Float::F32,
            Dtype::F16 => Float::F16,
            Dtype::BF16 => Float::Bf16,
            other => {
                return Err(refuse(format!(
                    "tensor {name} is of type {other:?}; f32, f16 and bf16 can be used"
                )));
            }
        };
        let values = Store::mapped(self, source, float);
        let parameter = Parameter { store: values, shape: source.shape.clone() };
        if !parameter.values().all_finite() {
            return Err(refuse(format!("tensor {name} holds a number that is not finite")));
        }
        Ok(parameter)
    }

    /// What the file's writer noted under `key`.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(String::as_str)
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Float {
    F32,
    F16,
    Bf16,
}

/// What holds a parameter's numbers.
#[derive(Debug, Clone)]
enum Store {
    Mapped { file: Arc<TensorFile>, bytes: Range<usize>, float: Float },
    F32(Arc<[f32]>),
    F16(Arc<[f16]>),
    Bf16(Arc<[bf16]>),
}

impl Store {
    /// A view into the map; a copy where the writer of the file did not align it.
    fn mapped(file: &Arc<TensorFile>, source: &Source, float: Float) -> Self {
        let bytes = &file.map[source.bytes.clone()];
        let width = if float == Float::F32 { 4 } else { 2 };
        if bytes.as_ptr().align_offset(width) == 0 {
            return Self::Mapped { file: file.clone(), bytes: source.bytes.clone(), float };
        }
        match float {
            Float::F32 => Self::F32(bytemuck::pod_collect_to_vec(bytes).into()),
            Float::F16 => Self::F16(bytemuck::pod_collect_to_vec(bytes).into()),
            Float::Bf16 => Self::Bf16(bytemuck::pod_collect_to_vec(bytes).into()),
        }
    }
}

/// A parameter in the processor's memory, usually a view into its file.
#[derive(Debug, Clone)]
pub struct Parameter {
    store: Store,
    shape: Vec<usize>,
}

/// The numbers of a [`Parameter`], in row-major order.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// 32 bits.
    F32(&'a [f32]),
    /// IEEE 754 half.
    F16(&'a [f16]),
    /// The upper half of an f32.
    Bf16(&'a [bf16]),
}

impl Values<'_> {
    /// The numbers as f32.
    #[must_use]
    pub fn to_f32(self) -> Vec<f32> {
        match self {
            Self::F32(values) => values.to_vec(),
            Self::F16(values) => values.iter().map(|value| value.to_f32()).collect(),
            Self::Bf16(values) => values.iter().map(|value| value.to_f32()).collect(),
        }
    }

    /// Whether no number is infinite or NaN. Reads every page once, on all cores.
    fn all_finite(self) -> bool {
        const CHUNK: usize = 1 << 20;
        match self {
            Self::F32(values) => values
                .par_chunks(CHUNK)
                .all(|chunk| chunk.iter().fold(true, |fine, value| fine & value.is_finite())),
            Self::F16(values) => values.par_chunks(CHUNK).all(|chunk| {
                chunk.iter().fold(true, |fine, value| fine & (value.to_bits() & 0x7C00 != 0x7C00))
            }),
            Self::Bf16(values) => values.par_chunks(CHUNK).all(|chunk| {
                chunk.iter().fold(true, |fine, value| fine & (value.to_bits() & 0x7F80 != 0x7F80))
            }),
        }
    }
}

impl Parameter {
    /// A parameter of its own memory, for what is computed at load (a merged LoRA, a transposed matrix).
    ///
    /// # Panics
    /// When `values` are not as many as `shape` says.
    #[must_use]
    pub fn owned(values: Vec<f32>, shape: Vec<usize>) -> Self {
        assert_eq!(values.len(), shape.iter().product::<usize>(), "as many numbers as the shape says");
        Self { store: Store::F32(values.into()), shape }
    }

    /// Its shape, outermost dimension first.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Its numbers.
    #[must_use]
    pub fn values(&self) -> Values<'_> {
        match &self.store {
            Store::Mapped { file, bytes, float } => {
                let bytes = &file.map[bytes.clone()];
                match float {
                    Float::F32 => Values::F32(bytemuck::cast_slice(bytes)),
                    Float::F16 => Values::F16(bytemuck::cast_slice(bytes)),
                    Float::Bf16 => Values::Bf16(bytemuck::cast_slice(bytes)),
                }
            }
            Store::F32(values) => Values::F32(values),
            Store::F16(values) => Values::F16(values),
            Store::Bf16(values) => Values::Bf16(values),
        }
    }

    /// The same numbers under another shape of as many elements (a 1×1 convolution as a matrix).
    #[must_use]
    pub fn reshaped(mut self, shape: &[usize]) -> Self {
        assert_eq!(self.shape.iter().product::<usize>(), shape.iter().product::<usize>(), "as many elements");
        self.shape = shape.to_vec();
        self
    }

    /// Rows `rows` of the outermost dimension, without copying (the q, k and v of one stacked matrix).
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let row: usize = self.shape[1..].iter().product();
        let mut shape = self.shape.clone();
        shape[0] = rows.len();
        let elements = rows.start * row..rows.end * row;
        let store = match &self.store {
            Store::Mapped { file, bytes, float } => {
                let width = if *float == Float::F32 { 4 } else { 2 };
                let bytes = bytes.start + elements.start * width..bytes.start + elements.end * width;
                Store::Mapped { file: file.clone(), bytes, float: *float }
            }
            Store::F32(values) => Store::F32(values[elements].into()),
            Store::F16(values) => Store::F16(values[elements].into()),
            Store::Bf16(values) => Store::Bf16(values[elements].into()),
        };
        Self { store, shape }
    }

    /// A copy as a tensor on the device of `placement`, in its activation type.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn tensor(&self, placement: &Placement) -> Result<Tensor, Error> {
        let tensor = match self.values() {
            Values::F32(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
            Values::F16(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
            Values::Bf16(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
        };
        Ok(tensor.to_dtype(placement.activation())?)
    }
}

/// The parameters of one network, by the names its layers ask for. Cheap to clone; [`Weights::pp`] steps into a
/// part of it.
#[derive(Debug, Clone)]
pub struct Weights {
    shared: Arc<Shared>,
    prefix: String,
}

#[derive(Debug)]
struct Shared {
    /// What errors call the checkpoint.
    name: String,
    tensors: BTreeMap<String, (Arc<TensorFile>, String)>,
    replaced: BTreeMap<String, Parameter>,
    read: Mutex<BTreeSet<String>>,
    placement: Placement,
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
        let shared = Shared { name: name.to_owned(), tensors, replaced, read: Mutex::default(), placement };
        Self { shared: Arc::new(shared), prefix: String::new() }
    }

    /// The part under `name`: `weights.pp("down_blocks").pp(0)`.
    #[must_use]
    pub fn pp(&self, name: impl Display) -> Self {
        let prefix = format!("{}{name}.", self.prefix);
        Self { shared: self.shared.clone(), prefix }
    }

    /// Where the network will run.
    #[must_use]
    pub fn placement(&self) -> &Placement {
        &self.shared.placement
    }

    /// Whether there is a tensor `name` in this part.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        let name = format!("{}{name}", self.prefix);
        self.shared.tensors.contains_key(&name) || self.shared.replaced.contains_key(&name)
    }

    /// The parameter `name`, which must have exactly this shape.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is missing, of another shape or type, or not finite.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<Parameter, Error> {
        let name = format!("{}{name}", self.prefix);
        let parameter = match (self.shared.replaced.get(&name), self.shared.tensors.get(&name)) {
            (Some(made), _) => made.clone(),
            (None, Some((file, inside))) => file.parameter(inside)?,
            (None, None) => return Err(self.refuse(format!("tensor {name} is missing"))),
        };
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
        Ok(Tensor::from_vec(values, length, &self.shared.placement.device)?.to_dtype(DType::F32)?)
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

    /// Names of all parameters of the whole network, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.shared.tensors.keys().chain(self.shared.replaced.keys());
        all.map(String::as_str).collect::<BTreeSet<_>>().into_iter()
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

    /// The whole network with `replaced` in the place of its parameters of these names, and nothing counted as read.
    /// The originals stay where they are: what this was made from still has them.
    #[must_use]
    pub fn with_replaced(&self, replaced: BTreeMap<String, Parameter>) -> Self {
        let mut all = self.shared.replaced.clone();
        all.extend(replaced);
        Self::from_parts(&self.shared.name, self.shared.tensors.clone(), all, self.placement().clone())
    }
}
