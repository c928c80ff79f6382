//! The scale of a LoRA's layers: alpha over rank.
//!
//! kohya's files have alpha as a tensor beside each layer. PEFT keeps it in the adapter's settings, which diffusers
//! writes into the file's notes and PEFT itself into `adapter_config.json` beside the file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Part, layers::bare, spelling::DOTTED};

/// The note that diffusers writes.
pub(super) const NOTE: &str = "lora_adapter_metadata";

/// Largest alpha, in ranks. Trainers take 1 or 2 and at times a tenth; a thousand is a broken file.
const ALPHA_MAX: f64 = 1_000.0;

/// What PEFT calls a `LoraConfig`, as far as it decides what is added.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    lora_alpha: Option<f64>,
    alpha_pattern: BTreeMap<String, f64>,
    use_rslora: bool,
    use_dora: bool,
}

/// The settings in diffusers' note, by network.
pub(super) fn from_note(note: &str) -> Result<BTreeMap<Part, Settings>, String> {
    let all: Map<String, Value> = serde_json::from_str(note).map_err(|error| error.to_string())?;
    DOTTED
        .iter()
        .map(|(prefix, part)| {
            let own = all
                .iter()
                .filter_map(|(key, value)| Some((key.strip_prefix(prefix)?.to_owned(), value.clone())));
            Ok((*part, read(own.collect())?))
        })
        .collect()
}

/// The settings in an `adapter_config.json`.
pub(super) fn from_config(text: &str) -> Result<Settings, String> {
    read(serde_json::from_str(text).map_err(|error| error.to_string())?)
}

fn read(object: Map<String, Value>) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
    if settings.use_dora {
        return Err(
            "it is a DoRA, which scales the layer's columns after adding; only plain LoRA can be merged"
                .to_owned(),
        );
    }
    // PEFT takes the keys for regular expressions, and names that only have dots for themselves.
    match settings.alpha_pattern.keys().find(|key| key.contains(|letter| "^$*+?()[]{}|\\".contains(letter))) {
        Some(key) => Err(format!("alpha_pattern has the pattern {key}; only names of layers can be used")),
        None => Ok(settings),
    }
}

impl Settings {
    /// The scale of `layer`: the share of `rank` that `alpha`, or else the setting, has. Without either it is 1.
    pub(super) fn scale(&self, layer: &str, rank: usize, alpha: Option<f64>) -> Result<f64, String> {
        let rank = rank as f64;
        let alpha = alpha.or_else(|| self.pattern(layer)).or(self.lora_alpha).unwrap_or(rank);
        if !(alpha > 0.0 && alpha <= ALPHA_MAX * rank) {
            return Err(format!(
                "alpha is {alpha} at rank {rank}; more than 0 up to {ALPHA_MAX} times the rank can be used"
            ));
        }
        // Kalajdzievski 2023: by the root the layer learns as fast at any rank.
        Ok(alpha / if self.use_rslora { rank.sqrt() } else { rank })
    }

    /// What is set for this layer, or for all whose names end like it.
    fn pattern(&self, layer: &str) -> Option<f64> {
        let layer = bare(layer);
        let fits = |key: &str| {
            layer.strip_suffix(bare(key)).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        self.alpha_pattern.iter().find(|(key, _)| fits(key)).map(|(_, alpha)| *alpha)
    }
}
