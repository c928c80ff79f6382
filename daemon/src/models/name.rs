//! Names of models: what a person types, and part of the names of files.

use std::path::Path;

/// Longest name.
const MOST: usize = 64;

/// Whether `name` can be a model's.
pub(super) fn is_name(name: &str) -> bool {
    let letter = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    (1..=MOST).contains(&name.len())
        && name.starts_with(letter)
        && name.chars().all(|it| letter(it) || matches!(it, '.' | '_' | '-'))
}

/// The name of the model at `path`: its file's without the ending, in small letters, with `-` for everything else.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending =
        [".safetensors", ".gguf"].into_iter().find(|ending| name.ends_with(ending)).unwrap_or_default();
    let name = name.strip_suffix(ending).unwrap_or(&name).to_ascii_lowercase();
    let plain: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || matches!(it, '.' | '_') { it } else { '-' })
        .collect();
    let plain = plain.trim_matches(['-', '.', '_']);
    if plain.is_empty() { "model".to_owned() } else { plain.chars().take(MOST).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_a_name() {
        for (path, name) in [
            ("/models/sd_xl_base_1.0.safetensors", "sd_xl_base_1.0"),
            ("My Model (v2).safetensors", "my-model--v2"),
            ("Qwen3-0.6B-Q8_0.gguf", "qwen3-0.6b-q8_0"),
            ("stable-diffusion-v1-5", "stable-diffusion-v1-5"),
            ("…", "model"),
            ("/", "model"),
        ] {
            assert_eq!(name_of(Path::new(path)), name);
            assert!(is_name(name));
        }
        assert_eq!(name_of(Path::new(&"a".repeat(100))).len(), MOST);
        for name in ["", "../x", "a/b", "-x", ".x", "A", "ä"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
