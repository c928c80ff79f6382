//! Words that only channels marked as mature may ask for. It rates the words of a request, not the pictures that are made
//! of them, and knows no more than its list.

use std::{path::Path, sync::Arc};

use super::job::Work;

/// A list of words. Clones share it.
#[derive(Debug, Clone)]
pub struct MatureWords(Arc<[Vec<String>]>);

impl Default for MatureWords {
    /// The list that every daemon has.
    fn default() -> Self {
        Self::parse(include_str!("mature.words"))
    }
}

impl MatureWords {
    /// The list of a file, in the form of the built-in one; without a file, that one.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn read(file: Option<&Path>) -> std::io::Result<Self> {
        file.map_or_else(|| Ok(Self::default()), |file| Ok(Self::parse(&std::fs::read_to_string(file)?)))
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let phrases = lines.map(|line| line.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>());
        Self(phrases.filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Whether a request has one of the words.
    pub(super) fn rate(&self, work: &Work) -> bool {
        match work {
            Work::Thumbnail { spec, .. } => {
                let title = spec.title.as_deref().unwrap_or_default();
                std::iter::once(spec.subject.as_str())
                    .chain([title])
                    .chain(spec.style.iter().map(String::as_str))
                    .any(|text| self.has(text))
            }
            Work::Image { words, .. } => self.has(words),
        }
    }

    fn has(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let words: Vec<&str> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let matches = |word: &str, wanted: &String| match wanted.strip_suffix('*') {
            Some(begin) => word.starts_with(begin),
            None => word == wanted,
        };
        self.0.iter().any(|phrase| {
            let fits =
                |window: &[&str]| window.iter().zip(phrase).all(|(word, wanted)| matches(word, wanted));
            words.windows(phrase.len()).any(fits)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_phrases_together() {
        let list = MatureWords::default();
        for (text, mature) in [
            ("a zombie with BLOOD on its hands", true),
            ("blood-red sunset", true),
            ("bloodhound puppies", false),
            ("murders in the old town", true),
            ("a night at the casino", true),
            ("slot machines", true),
            ("a slot in the machine", false),
            ("vodka and shots of espresso", false),
            ("baking sourdough", false),
            ("Scunthorpe, Middlesex", false),
            ("", false),
        ] {
            assert_eq!(list.has(text), mature, "{text}");
        }
    }

    #[test]
    fn a_file_takes_the_lists_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ours.words");
        std::fs::write(&file, "# ours\n\nPineapple Pizza\n").unwrap();
        let list = MatureWords::read(Some(&file)).unwrap();
        assert!(list.has("pineapple pizza!") && !list.has("pizza with blood"));
        assert!(MatureWords::read(Some(&folder.path().join("none"))).is_err());
        assert!(MatureWords::read(None).unwrap().has("gore"));
    }
}
