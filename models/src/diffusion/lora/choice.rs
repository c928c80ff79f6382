//! Which LoRA a person asked for, and how strongly.

use std::{
    fmt::{Display, Formatter},
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::Error;

/// Strongest weight. LoRAs are trained for 1 and burn long before this; below zero they do the opposite.
const WEIGHT_MAX: f32 = 4.0;

/// Most LoRAs that are merged into one model.
const MOST: usize = 8;

/// What follows a LoRA's path when it is left out.
const fn plain() -> f32 {
    1.0
}

/// A LoRA file and its weight.
///
/// Written as `FILE` or `FILE:WEIGHT`. Paths can hold colons, so what follows the last one is a weight when it is a
/// number or when a name ending in `.safetensors` stands before it, and part of the path otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Lora {
    path: PathBuf,
    weight: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: PathBuf,
    #[serde(default = "plain")]
    weight: f32,
}

impl Lora {
    /// The LoRA in the safetensors file at `path`, with a weight of −4 to 4.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another weight, or no path.
    pub fn new(path: impl Into<PathBuf>, weight: f32) -> Result<Self, Error> {
        let path = path.into();
        if path.as_os_str().is_empty() {
            return Err(invalid("names no file; write FILE or FILE:WEIGHT".to_owned()));
        }
        if !(-WEIGHT_MAX..=WEIGHT_MAX).contains(&weight) {
            return Err(invalid(format!("has the weight {weight}, ask for -{WEIGHT_MAX} to {WEIGHT_MAX}")));
        }
        Ok(Self { path, weight })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How strongly it works: 1 as it was trained, 0 not at all, below 0 the opposite. From −4 to 4.
    #[must_use]
    pub fn weight(&self) -> f32 {
        self.weight
    }
}

impl FromStr for Lora {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((file, weight)) = text.rsplit_once(':') else { return Self::new(text, plain()) };
        // `f32` also reads "inf" and "nan", which are likelier to be files.
        let number = weight.parse().ok().filter(|_| !weight.contains(|letter: char| "iInN".contains(letter)));
        let is_file = Path::new(file).extension().is_some_and(|end| end.eq_ignore_ascii_case("safetensors"));
        match number {
            Some(number) => Self::new(file, number),
            None if is_file => {
                Err(invalid(format!("has the weight \"{weight}\", which is no number; write {file}:0.8")))
            }
            None => Self::new(text, plain()),
        }
    }
}

impl TryFrom<Written> for Lora {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self, Error> {
        Self::new(written.path, written.weight)
    }
}

/// An installed LoRA by its name, and its weight. Written as `NAME` or `NAME:WEIGHT`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// How strongly it works: 1 as it was trained.
    pub weight: f32,
}

impl Chosen {
    /// Checks those of one model.
    ///
    /// # Errors
    /// [`Error::Invalid`] when they are too many, one is there twice or has no name, or a weight is out of range.
    pub fn check(all: &[Self]) -> Result<(), Error> {
        if all.len() > MOST {
            return Err(invalid(format!(
                "is there {} times, at most {MOST} are merged into a model",
                all.len()
            )));
        }
        for (index, Self { name, weight }) in all.iter().enumerate() {
            if all[..index].iter().any(|before| before.name == *name) {
                return Err(invalid(format!(
                    "{name} is there twice; say it once with the weight that is meant"
                )));
            }
            Lora::new(name, *weight)?;
        }
        Ok(())
    }
}

impl Display for Chosen {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.name, self.weight)
    }
}

impl FromStr for Chosen {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, weight) =
            text.split_once(':').map_or((text, Ok(plain())), |(name, it)| (name, it.parse()));
        let weight = weight.map_err(|_| {
            invalid(format!("is `{text}`; write the name of an installed LoRA and its weight, NAME:0.8"))
        })?;
        Lora::new(name, weight)?;
        Ok(Self { name: name.to_owned(), weight })
    }
}

fn invalid(problem: String) -> Error {
    Error::Invalid { field: "lora", problem }
}
