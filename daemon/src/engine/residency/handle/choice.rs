//! Whether a model and its LoRAs can be had, and what they will take. Pure: what is installed comes in.

use super::super::{
    ModelKey,
    books::{Busy, TooLarge},
    library::{Installed, Role},
};

/// Why a model can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// There is none of this name.
    #[error("the model `{0}` is not installed; `atelier models` lists those that are")]
    NotInstalled(String),
    /// It is installed, and can't be used.
    #[error("the model `{0}` can't be used; `atelierd models ls` says why")]
    Unusable(String),
    /// It is asked to do what it is not for.
    #[error("`{name}` is a {family} and {instead}; `atelier models` says what is what")]
    Unsuited {
        /// Its name.
        name: String,
        /// What it is.
        family: String,
        /// What it does not do.
        instead: &'static str,
    },
    /// The LoRA is made for models of another family.
    #[error(
        "`{lora}` is a {family} and can't be merged into `{model}`, which is a {base}; choose one that is made for it"
    )]
    OtherFamily {
        /// The LoRA's name.
        lora: String,
        /// What it is.
        family: String,
        /// The model's name.
        model: String,
        /// What that is.
        base: String,
    },
    /// It can never be loaded.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// It is at work.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// It could not be loaded.
    #[error("the model `{name}` could not be loaded: {reason}")]
    Failed {
        /// Its name.
        name: String,
        /// Why, for people.
        reason: String,
    },
}

/// See [`estimate`].
///
/// # Errors
/// Besides those, when the model does not paint.
pub(super) fn estimate_painting(installed: &[Installed], key: &ModelKey) -> Result<u64, ModelError> {
    let reads = installed.iter().find(|model| model.name == key.model && model.role == Role::Reads);
    reads.map_or_else(|| estimate(installed, key), |model| Err(unsuited(model, "paints nothing")))
}

/// About what the model of `key` takes in memory with its LoRAs.
///
/// # Errors
/// When one of them is not installed, can't be used, is something that is not loaded by itself, or they don't fit each
/// other.
pub(super) fn estimate(installed: &[Installed], key: &ModelKey) -> Result<u64, ModelError> {
    let find = |name: &str| {
        let found = installed.iter().find(|model| model.name == name);
        let found = found.ok_or_else(|| ModelError::NotInstalled(name.to_owned()))?;
        match &found.role {
            Role::Unusable(_) => Err(ModelError::Unusable(name.to_owned())),
            _ => Ok(found),
        }
    };
    let model = find(&key.model)?;
    match model.role {
        Role::Paints => {}
        Role::Reads if key.loras.is_empty() => {}
        Role::Reads => return Err(unsuited(model, "takes no LoRAs")),
        _ => return Err(unsuited(model, "paints nothing by itself")),
    }
    let mut bytes = model.memory_bytes;
    for lora in &key.loras {
        let lora = find(&lora.name)?;
        let Role::Lora { base } = &lora.role else {
            return Err(unsuited(lora, "can't be merged into a model as a LoRA"));
        };
        if base.as_ref().is_some_and(|base| *base != model.family) {
            return Err(ModelError::OtherFamily {
                lora: lora.name.clone(),
                family: lora.family.clone(),
                model: model.name.clone(),
                base: model.family.clone(),
            });
        }
        bytes = bytes.saturating_add(lora.memory_bytes);
    }
    Ok(bytes)
}

fn unsuited(model: &Installed, instead: &'static str) -> ModelError {
    ModelError::Unsuited { name: model.name.clone(), family: model.family.clone(), instead }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(name: &str, family: &str, role: Role, memory_bytes: u64) -> Installed {
        Installed {
            name: name.to_owned(),
            role,
            family: family.to_owned(),
            verified: true,
            licence: String::new(),
            commercial_use: false,
            summary: String::new(),
            disk_bytes: memory_bytes,
            memory_bytes,
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let lora = |base: &str| Role::Lora { base: Some(base.to_owned()).filter(|base| !base.is_empty()) };
        let all = [
            installed("tiny", "sd1", Role::Paints, 100),
            installed("style", "lora-sd1", lora("sd1"), 10),
            installed("large", "lora-sdxl", lora("sdxl"), 10),
            installed("any", "lora", lora(""), 7),
            installed("taesd", "taesd", Role::Previews, 1),
            installed("words", "Qwen3", Role::Reads, 50),
            installed("torn", "sd1", Role::Unusable("ends early".to_owned()), 1),
        ];
        for (key, bytes, said) in [
            ("tiny", Some(100), ""),
            ("tiny+style:0.5", Some(110), ""),
            ("tiny+style:0.5+any:-1", Some(117), ""),
            ("none", None, "`none` is not installed"),
            ("tiny+none:1", None, "`none` is not installed"),
            ("style", None, "`style` is a lora-sd1 and paints nothing by itself"),
            ("taesd", None, "`taesd` is a taesd and paints nothing by itself"),
            ("tiny+tiny:1", None, "`tiny` is a sd1 and can't be merged"),
            ("tiny+large:1", None, "can't be merged into `tiny`, which is a sd1; choose one"),
            ("words", Some(50), ""),
            ("words+style:1", None, "`words` is a Qwen3 and takes no LoRAs"),
            ("tiny+words:1", None, "`words` is a Qwen3 and can't be merged"),
            ("torn", None, "the model `torn` can't be used"),
        ] {
            let outcome = estimate(&all, &key.parse().unwrap());
            assert_eq!(outcome.as_ref().ok().copied(), bytes, "{key}");
            let words = outcome.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(words.contains(said), "{key}: {words}");
        }
        let refusal = estimate_painting(&all, &"words".into()).unwrap_err().to_string();
        assert!(refusal.contains("`words` is a Qwen3 and paints nothing;"), "{refusal}");
        assert_eq!(estimate_painting(&all, &"tiny".into()), Ok(100));
    }
}
