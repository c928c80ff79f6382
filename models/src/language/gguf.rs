//! GGUF files: their header, checked before anything is believed, and their tensors, handed out by name and shape.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, Cursor, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use candle_core::{
    Device,
    quantized::{
        GgmlDType, QTensor, ggml_file,
        gguf_file::{Content, TensorInfo, Value},
    },
};

use crate::{Error, error::plain};

/// Longest header, in bytes. Gemma's, with its 262,144 tokens, takes 7 MB.
const MOST_HEADER: u64 = 16 << 20;
/// Most tensors. Qwen3 32B has 707.
const MOST_TENSORS: usize = 4_096;
/// Numbers that are looked at together when a file is read whole.
const AT_ONCE: usize = 1 << 20;
/// The tensor of the embedding.
pub(super) const EMBEDDING: &str = "token_embd.weight";
/// The tensor that makes likelihoods; where there is none, the embedding does.
pub(super) const HEAD: &str = "output.weight";
/// The key by whose value candle divides.
const ALIGNMENT: &[u8] = b"general.alignment";

/// A GGUF file whose header has been checked against its length.
#[derive(Debug)]
pub struct Gguf {
    files: [PathBuf; 1],
    header: Arc<Content>,
    /// Whether tensors are only looked for.
    unread: bool,
    /// Which tensors were handed out.
    read: Mutex<BTreeSet<String>>,
}

impl Gguf {
    /// Whether the file at `path` begins as GGUF does.
    #[must_use]
    pub fn is_one(path: &Path) -> bool {
        // A named pipe would be waited for.
        let file = path.is_file().then(|| File::open(path).ok()).flatten();
        file.is_some_and(|mut file| {
            let mut magic = [0; 4];
            file.read_exact(&mut magic).is_ok() && magic == *b"GGUF"
        })
    }

    /// Reads the header of the file at `path`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it can't be read, is cut short, or its header lies.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
        if !Self::is_one(path) {
            return Err(refuse("is no GGUF file".to_owned()));
        }
        let unreadable = |error: std::io::Error| refuse(format!("cannot be read: {error}"));
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut bytes = Vec::new();
        file.take(MOST_HEADER).read_to_end(&mut bytes).map_err(unreadable)?;
        if divides_by_zero(&bytes) {
            return Err(refuse("has a header that aligns tensors to 0 bytes; download it again".to_owned()));
        }
        let mut header = Content::read(&mut Cursor::new(bytes))
            .map_err(|error| refuse(format!("has a broken header; download it again ({})", plain(error))))?;
        // The two names of one way to split words, of which candle knows one.
        if let Some(Value::String(split)) = header.metadata.get_mut("tokenizer.ggml.pre")
            && split == "llama-bpe"
        {
            *split = "llama3".to_owned();
        }
        if header.tensor_infos.len() > MOST_TENSORS {
            return Err(refuse(format!("has more than {MOST_TENSORS} tensors")));
        }
        let mut room = length.saturating_sub(header.tensor_data_offset);
        for (name, about) in &header.tensor_infos {
            let begin = header.tensor_data_offset.checked_add(about.offset);
            let end = begin.zip(size(about)).and_then(|(begin, size)| begin.checked_add(size));
            let fits = end.is_some_and(|end| end <= length);
            // What lies within the file, and together is no longer than it, can be read without surprises.
            let Some(left) = room.checked_sub(size(about).unwrap_or(u64::MAX)).filter(|_| fits) else {
                return Err(refuse(format!("ends before its tensor {name} does; download it again")));
            };
            room = left;
        }
        Ok(Self { files: [path.to_owned()], header: Arc::new(header), unread: false, read: Mutex::default() })
    }

    /// The same file, of which tensors are looked for but not read.
    #[must_use]
    pub fn unread(&self) -> Self {
        let header = Arc::clone(&self.header);
        Self { files: self.files.clone(), header, unread: true, read: Mutex::default() }
    }

    /// The file.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// What its network takes in memory: numbers of fewer than 16 bits stay as they are, others become 32 bits, and an
    /// embedding of such is there twice where it is the head as well.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let is_float = |about: &TensorInfo| about.ggml_dtype.block_size() == 1;
        let floats = |about: &TensorInfo| 4 * about.shape.elem_count() as u64;
        let all = self.header.tensor_infos.values();
        let all: u64 =
            all.filter_map(|about| if is_float(about) { Some(floats(about)) } else { size(about) }).sum();
        let embedding = self.header.tensor_infos.get(EMBEDDING).filter(|about| is_float(about));
        all + embedding.filter(|_| !self.has(HEAD)).map_or(0, floats)
    }

    /// An error about this file.
    pub(super) fn refuse(&self, problem: impl Into<String>) -> Error {
        Error::Checkpoint { file: self.files[0].display().to_string(), problem: problem.into() }
    }

    pub(super) fn header(&self) -> &Content {
        &self.header
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.header.metadata.get(key)
    }

    /// The text at `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key).and_then(|value| value.to_string().ok()).map(String::as_str)
    }

    /// The whole number at `key`.
    pub(super) fn whole(&self, key: &str) -> Option<usize> {
        match self.value(key)? {
            Value::I32(number) => usize::try_from(*number).ok(),
            Value::I64(number) => usize::try_from(*number).ok(),
            value => value.to_u64().ok().and_then(|number| usize::try_from(number).ok()),
        }
    }

    /// The number at `key`, when it is a usual one.
    pub(super) fn number(&self, key: &str) -> Option<f32> {
        self.value(key).and_then(|value| value.to_f32().ok()).filter(|number| number.is_finite())
    }

    pub(super) fn has(&self, tensor: &str) -> bool {
        self.header.tensor_infos.contains_key(tensor)
    }

    /// The tensor `name`, whose shape must be `shape`.
    pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Result<QTensor, Error> {
        let Some(about) = self.header.tensor_infos.get(name) else {
            return Err(self.refuse(format!("its tensor {name} is missing")));
        };
        if about.shape.dims() != shape {
            let has = about.shape.dims();
            return Err(self.refuse(format!("its tensor {name} has shape {has:?} instead of {shape:?}")));
        }
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        if self.unread {
            let one = 1.0_f32.to_le_bytes();
            return Ok(ggml_file::qtensor_from_ggml(GgmlDType::F32, &Vec::from(one), vec![1], &Device::Cpu)?);
        }
        let mut file = self.file()?;
        let tensor = self.header.tensor(&mut file, name, &Device::Cpu);
        tensor.map_err(|error| self.refuse(format!("its tensor {name} can't be read: {}", plain(error))))
    }

    /// Refuses a file with tensors that nothing reads: it is another network than it says.
    pub(super) fn finish(&self) -> Result<(), Error> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let unread = self.header.tensor_infos.keys().filter(|name| !read.contains(*name)).min();
        unread.map_or(Ok(()), |name| Err(self.refuse(format!("there is no place for its tensor {name}"))))
    }

    /// Reads every number once and refuses what is none. `progress` hears how many bytes are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor.
    pub fn check(&self, mut progress: impl FnMut(u64)) -> Result<(), Error> {
        let mut done = 0;
        let mut file = self.file()?;
        for (name, about) in &self.header.tensor_infos {
            let broken = |problem: String| self.refuse(format!("its tensor {name} {problem}"));
            let begin = self.header.tensor_data_offset + about.offset;
            file.seek(SeekFrom::Start(begin)).map_err(|error| broken(format!("can't be read: {error}")))?;
            let (block, bytes) = (about.ggml_dtype.block_size(), about.ggml_dtype.type_size());
            let mut blocks = about.shape.elem_count() / block;
            while blocks > 0 {
                let now = blocks.min(AT_ONCE / block);
                let mut raw = vec![0; now * bytes];
                file.read_exact(&mut raw).map_err(|error| broken(format!("can't be read: {error}")))?;
                let numbers =
                    ggml_file::qtensor_from_ggml(about.ggml_dtype, &raw, vec![now * block], &Device::Cpu)
                        .and_then(|tensor| tensor.dequantize(&Device::Cpu))
                        .and_then(|tensor| tensor.to_vec1::<f32>())
                        .map_err(|error| broken(format!("can't be read: {}", plain(error))))?;
                if numbers.iter().any(|number| !number.is_finite()) {
                    return Err(broken("holds what is no number; download it again".to_owned()));
                }
                blocks -= now;
                done += raw.len() as u64;
                progress(done);
            }
        }
        Ok(())
    }

    fn file(&self) -> Result<BufReader<File>, Error> {
        let file = File::open(&self.files[0]);
        file.map(BufReader::new).map_err(|error| self.refuse(format!("cannot be read: {error}")))
    }
}

/// Bytes of a tensor; none where its shape lies, or there is nothing in it, which candle can't read.
fn size(about: &TensorInfo) -> Option<u64> {
    let count = about.shape.dims().iter().try_fold(1_usize, |count, side| count.checked_mul(*side))?;
    let block = about.ggml_dtype.block_size();
    if count == 0 || !count.is_multiple_of(block) {
        return None;
    }
    (count / block).checked_mul(about.ggml_dtype.type_size()).map(|bytes| bytes as u64)
}

fn divides_by_zero(header: &[u8]) -> bool {
    let value_of = |at: usize| header.get(at + ALIGNMENT.len()..at + ALIGNMENT.len() + 8);
    header.windows(ALIGNMENT.len()).enumerate().filter(|(_, key)| *key == ALIGNMENT).any(|(at, _)| {
        let bytes = match value_of(at) {
            Some([0 | 1, 0, 0, 0, value @ ..]) => &value[..1],
            Some([2 | 3, 0, 0, 0, value @ ..]) => &value[..2],
            Some([4 | 5, 0, 0, 0, value @ ..]) => value,
            _ => return false,
        };
        bytes.iter().all(|byte| *byte == 0)
    })
}
