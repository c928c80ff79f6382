//! The keys of a place, read from the table of keys.

use super::super::keymap::{Layer, of_layers};

/// The keys of a place.
#[derive(Debug)]
pub(crate) struct Help {
    /// Name of the place.
    pub(crate) place: &'static str,
    /// Heading and rows: keys and what they do.
    pub(crate) sections: Vec<(&'static str, Vec<(String, &'static str)>)>,
    /// First row that is shown.
    pub(crate) scroll: usize,
}

impl Help {
    /// The keys that hold in these layers.
    pub(crate) fn new(place: &'static str, layers: &[Layer]) -> Self {
        let (mut here, mut everywhere) = (Vec::new(), Vec::new());
        let mut tabs = false;
        for binding in of_layers(layers) {
            // Nine rows for nine digits would hide the rest.
            if matches!(binding.action, super::super::keymap::Action::GoTo(_)) {
                tabs = true;
                continue;
            }
            let keys = binding.keys.iter().map(|key| key.name()).collect::<Vec<_>>().join("  ");
            let section = match binding.layer {
                Layer::Browse | Layer::Global => &mut everywhere,
                _ => &mut here,
            };
            section.push((keys, binding.label));
        }
        if tabs {
            everywhere.insert(0, ("1–8  Alt+1–8".to_owned(), "to a tab"));
        }
        let sections = [("Here", here), ("Everywhere", everywhere)]
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .collect();
        Self { place, sections, scroll: 0 }
    }
}
