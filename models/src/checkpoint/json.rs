//! JSON from strangers: bounded in bytes and in every number, before anything is made from it.

use std::{fs::File, io::Read as _, path::Path};

use serde_json::Value;

use super::refusal;
use crate::Error;

pub(super) type Object = serde_json::Map<String, Value>;

/// Longest configuration. Those of real models are under 10 KiB, the index of a sharded SDXL under 300.
const MOST_BYTES: u64 = 4 << 20;
/// Largest number of anything: no model has a layer, a vocabulary or a list this large, and whatever is computed from
/// two of them still fits.
const MOST: f64 = (1 << 20) as f64;
/// Longest list in a configuration (`trained_betas` has 1000 entries).
const MOST_ENTRIES: usize = 4096;

/// Reads the object in the file at `path`, whatever its numbers.
pub(super) fn read(path: &Path) -> Result<Object, Error> {
    let broken = |problem: String| refusal(path, problem);
    let about = path.metadata().map_err(|error| broken(format!("cannot be opened: {error}")))?;
    if !about.is_file() {
        return Err(broken("is no file".to_owned()));
    }
    if about.len() > MOST_BYTES {
        return Err(broken(format!("is of {} bytes; a configuration has at most {MOST_BYTES}", about.len())));
    }
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut text))
        .map_err(|error| broken(format!("cannot be read: {error}")))?;
    match serde_json::from_slice(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(broken("holds no JSON object".to_owned())),
        Err(error) => Err(broken(format!("is no JSON ({error}); download it again"))),
    }
}

/// Reads a network's or scheduler's configuration: an object without absurd sizes.
pub(super) fn config(path: &Path) -> Result<Object, Error> {
    let object = read(path)?;
    bounded(path, &object)?;
    Ok(object)
}

/// Refuses absurd sizes.
pub(super) fn bounded(path: &Path, object: &Object) -> Result<(), Error> {
    for (key, value) in object {
        if let Some(problem) = absurd(value) {
            return Err(refusal(path, format!("{key} {problem}")));
        }
    }
    Ok(())
}

fn absurd(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.as_f64().is_none_or(|number| number.abs() > MOST) => {
            Some(format!("is {number}; no model needs more than {MOST}"))
        }
        Value::Array(values) if values.len() > MOST_ENTRIES => {
            Some(format!("has {} entries; no model needs more than {MOST_ENTRIES}", values.len()))
        }
        Value::Array(values) => values.iter().find_map(absurd),
        Value::Object(values) => values.values().find_map(absurd),
        _ => None,
    }
}

/// The whole number `key` of a configuration at `path`.
pub(super) fn whole(path: &Path, object: &Object, key: &str) -> Result<usize, Error> {
    let value = object.get(key).ok_or_else(|| refusal(path, format!("{key} is missing")))?;
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| refusal(path, format!("{key} is {value}; it has to be a whole number")))
}

/// As text again.
pub(super) fn text(object: Object) -> String {
    Value::Object(object).to_string()
}
