//! What a loaded model is called: its name, and what was merged into it.

use std::{
    convert::Infallible,
    fmt::{Display, Formatter},
    str::FromStr,
};

use atelier_models::diffusion::lora::Chosen;

/// Stands between a model's name and those of its LoRAs. No name has it.
const AND: char = '+';

/// A model as it lies in memory. With other LoRAs, or others of their weights, it is another one: a merge is never
/// undone, the model is loaded without it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelKey {
    /// Name of the installed model; empty for none.
    pub model: String,
    /// The LoRAs that are merged into it, in this order.
    pub loras: Vec<Chosen>,
}

impl From<&str> for ModelKey {
    /// The model of this name, without LoRAs.
    fn from(model: &str) -> Self {
        Self { model: model.to_owned(), loras: Vec::new() }
    }
}

impl Display for ModelKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.model)?;
        self.loras.iter().try_for_each(|lora| write!(f, "{AND}{lora}"))
    }
}

impl FromStr for ModelKey {
    type Err = Infallible;

    /// What [`Display`] wrote. Everything else is the name of a model that nobody has installed.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let mut parts = text.split(AND);
        let model = parts.next().unwrap_or_default().to_owned();
        let loras: Result<Vec<_>, _> = parts.map(str::parse).collect();
        Ok(loras.map_or_else(|_| Self::from(text), |loras| Self { model, loras }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_and_read() {
        for text in ["", "tiny", "tiny+style:0.8", "tiny+style:0.8+other:-1.25"] {
            assert_eq!(text.parse::<ModelKey>().unwrap().to_string(), text);
        }
        for text in ["tiny+", "tiny+style:lots", "+style:9"] {
            assert_eq!(text.parse(), Ok(ModelKey::from(text)));
        }
    }
}
