//! The layers of a network, by every name that a LoRA file may have for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, original::Numbers, spelling::flatten};

/// What stands before the layers of a text encoder in published checkpoints, but not in those of transformers 5.
const TEXT_MODEL: &str = "text_model.";

/// The network's layers by their spellings with underscores.
#[derive(Debug)]
pub(super) struct Layers(BTreeMap<String, BTreeSet<String>>);

impl Layers {
    /// The layers of the network `part` that has the tensors `names`.
    pub(super) fn of<'a>(part: Part, names: impl Iterator<Item = &'a str>) -> Self {
        let layers: BTreeSet<&str> = names.filter_map(|name| name.strip_suffix(".weight")).collect();
        let numbers = Numbers::of(layers.iter().copied());
        let mut spelled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for layer in layers {
            let other = match part {
                Part::Unet => numbers.original(layer),
                Part::TextEncoder | Part::SecondTextEncoder => Some(
                    layer
                        .strip_prefix(TEXT_MODEL)
                        .map_or_else(|| format!("{TEXT_MODEL}{layer}"), str::to_owned),
                ),
            };
            for name in other.as_deref().into_iter().chain([layer]) {
                spelled.entry(flatten(name)).or_default().insert(layer.to_owned());
            }
        }
        Self(spelled)
    }

    /// The layer that `flat` spells; none where there is none or, which no real network has, more than one.
    pub(super) fn find(&self, flat: &str) -> Option<&str> {
        let found = self.0.get(flat)?;
        found.first().filter(|_| found.len() == 1).map(String::as_str)
    }
}

/// The layer's name without what only some checkpoints have before it.
pub(super) fn bare(layer: &str) -> &str {
    layer.strip_prefix(TEXT_MODEL).unwrap_or(layer)
}
