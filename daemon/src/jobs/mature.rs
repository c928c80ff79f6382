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
        Self(lines.map(|line| words(line, "*")).filter(|phrase| !phrase.is_empty()).collect())
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
        let words = words(text, "");
        let matches = |word: &String, wanted: &String| match wanted.strip_suffix('*') {
            Some(begin) => word.starts_with(begin),
            None => word == wanted,
        };
        self.0.iter().any(|phrase| {
            let fits =
                |window: &[String]| window.iter().zip(phrase).all(|(word, wanted)| matches(word, wanted));
            words.windows(phrase.len()).any(fits)
        })
    }
}

/// The words of a text, cut the same way in a list and in a request; `also` are signs that belong to them.
fn words(text: &str, also: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    // Signs that nobody sees would cut a word in two.
    let seen: String = lower.chars().filter(|sign| !is_invisible(*sign)).collect();
    let word = |sign: char| sign.is_alphanumeric() || also.contains(sign);
    seen.split(|sign| !word(sign))
        .filter(|word| word.contains(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_phrases_together() {
        let list = MatureWords::default();
        for (text, mature) in [
            ("a zombie with GORE on its hands", true),
            ("fetish-like masks", true),
            ("Gorey, Ireland", false),
            ("blood donation", false),
            ("massacres in the old town", true),
            ("a night at the casino", true),
            ("the casinos of Macau", true),
            ("g\u{200b}o\u{ad}re", true),
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
        std::fs::write(&file, "# ours\n\nPineapple Pizza\nX-rated\nGulag*\n").unwrap();
        let list = MatureWords::read(Some(&file)).unwrap();
        assert!(list.has("pineapple pizza!") && !list.has("pizza with gore"));
        assert!(list.has("an X-rated night") && list.has("Gulags") && !list.has("rated x"));
        assert!(MatureWords::read(Some(&folder.path().join("none"))).is_err());
        assert!(MatureWords::read(None).unwrap().has("gore"));
    }
}
