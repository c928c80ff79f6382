//! Reads a `config.json` of diffusers so that nothing in it is ignored: every option is taken by whoever runs it,
//! or refused by name.

use std::ops::RangeInclusive;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::Error;

/// Most bytes that a `config.json` may have. Real ones have 2 KB.
const BYTES: usize = 1 << 20;

/// The options of a `config.json` that nobody has taken yet.
#[derive(Debug)]
pub(super) struct Options {
    file: String,
    left: Map<String, Value>,
}

/// An option that is one value for all levels of a network, or a list with one for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany<T> {
    // First, or a list of lists would be read as one list.
    Many(Vec<T>),
    One(T),
}

impl<T: Clone> OneOrMany<T> {
    /// One value for each of `count` levels, if a list has as many.
    pub(super) fn spread(self, count: usize) -> Option<Vec<T>> {
        match self {
            Self::One(value) => Some(vec![value; count]),
            Self::Many(values) => (values.len() == count).then_some(values),
        }
    }
}

impl Options {
    /// Reads the text of a `config.json`. `file` is what errors call it.
    pub(super) fn parse(file: &str, json: &str) -> Result<Self, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: file.to_owned(), problem };
        if json.len() > BYTES {
            return Err(refuse(format!("has {} bytes; a configuration has a few thousand", json.len())));
        }
        let left = serde_json::from_str(json)
            .map_err(|error| refuse(format!("is not the configuration of a network ({error})")))?;
        Ok(Self { file: file.to_owned(), left })
    }

    /// Whether `name` is there and not taken yet, if only as null.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.left.contains_key(name)
    }

    /// The option `name`; `None` when it is absent or null.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Error> {
        match self.left.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(&value).map(Some).map_err(|_| {
                self.refuse(format!("{name} is {value}, which is not a value that it can have"))
            }),
        }
    }

    /// The option `name`, or `default` when it is absent or null.
    pub(super) fn take_or<T: DeserializeOwned>(&mut self, name: &str, default: T) -> Result<T, Error> {
        Ok(self.take(name)?.unwrap_or(default))
    }

    /// A number of things that must lie in `range`.
    pub(super) fn count(
        &mut self,
        name: &str,
        default: usize,
        range: RangeInclusive<usize>,
    ) -> Result<usize, Error> {
        let value = self.take_or(name, default)?;
        self.within(name, value, range)
    }

    /// As [`Self::count`], `None` when it is absent or null.
    pub(super) fn count_if_any(
        &mut self,
        name: &str,
        range: RangeInclusive<usize>,
    ) -> Result<Option<usize>, Error> {
        self.take(name)?.map(|value| self.within(name, value, range)).transpose()
    }

    /// The sizes of a list, each of which must lie in `range`.
    pub(super) fn counts(
        &mut self,
        name: &str,
        default: &[usize],
        range: RangeInclusive<usize>,
    ) -> Result<Vec<usize>, Error> {
        let values = self.take_or(name, default.to_vec())?;
        values.into_iter().map(|value| self.within(name, value, range.clone())).collect()
    }

    /// Sizes that are one for all of `levels` levels or a list of one each, and must lie in `range`.
    pub(super) fn counts_per_level(
        &mut self,
        name: &str,
        default: usize,
        levels: usize,
        range: RangeInclusive<usize>,
    ) -> Result<Vec<usize>, Error> {
        let values = self.take_or(name, OneOrMany::One(default))?.spread(levels);
        let values = values.ok_or_else(|| self.refuse(format!("{name} is not a list of {levels}")))?;
        values.into_iter().map(|value| self.within(name, value, range.clone())).collect()
    }

    /// A number that must lie in `range`.
    pub(super) fn number(
        &mut self,
        name: &str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> Result<f64, Error> {
        let value = self.take_or(name, default)?;
        self.within(name, value, range)
    }

    /// `value`, if it lies in `range`.
    pub(super) fn within<T: PartialOrd + std::fmt::Display>(
        &self,
        name: &str,
        value: T,
        range: RangeInclusive<T>,
    ) -> Result<T, Error> {
        if range.contains(&value) {
            return Ok(value);
        }
        Err(self.refuse(format!("{name} is {value}; {} to {} can be used", range.start(), range.end())))
    }

    /// Takes `name`, of which only the values `accepted` can be run (or a list of such, one for each level).
    /// Absent means the first of them.
    pub(super) fn only(&mut self, name: &str, accepted: &[Value]) -> Result<(), Error> {
        let Some(value) = self.left.remove(name) else { return Ok(()) };
        let fits = |value: &Value| accepted.iter().any(|accepted| same(value, accepted));
        if fits(&value) || value.as_array().is_some_and(|values| values.iter().all(fits)) {
            return Ok(());
        }
        let accepted: Vec<String> = accepted.iter().map(ToString::to_string).collect();
        Err(self.refuse(format!("{name} is {value}; only {} can be run", accepted.join(" or "))))
    }

    /// Takes a list of names, all of which must be `kind`, and says how many there are, where it is there.
    pub(super) fn all(&mut self, name: &str, kind: &str) -> Result<Option<usize>, Error> {
        let named: Option<Vec<String>> = self.take(name)?;
        match named.iter().flatten().find(|&other| other != kind) {
            Some(other) => Err(self.refuse(format!("{name} has {other}; only {kind} can be run"))),
            None => Ok(named.map(|named| named.len())),
        }
    }

    /// Takes options that change nothing about how the network is run.
    pub(super) fn inert(&mut self, names: &[&str]) {
        for name in names {
            self.left.remove(*name);
        }
    }

    /// Refuses what nobody has taken. Names with a leading underscore are diffusers' notes to itself, and null
    /// turns nothing on.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.left.iter().find(|(name, value)| !name.starts_with('_') && !value.is_null()) {
            None => Ok(()),
            Some((name, value)) => {
                Err(self.refuse(format!("{name} is {value}, an option that is not known")))
            }
        }
    }

    /// An error about this file.
    pub(super) fn refuse(&self, problem: String) -> Error {
        Error::Checkpoint { file: self.file.clone(), problem }
    }
}

/// Whether two values are the same, where 1 and 1.0 are.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
