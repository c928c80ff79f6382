//! Slips of the fingers in the words that decide what is asked for. Everything else is left as it was typed.

use super::lexicon::{LONG_WORDS, SWAPPABLE};

/// Edits that a long word may be away.
const EDITS: usize = 2;

/// The word that was meant: one with two neighbouring letters exchanged, or a long one a few edits away.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    if !word.is_ascii() || word.len() < 4 || SWAPPABLE.contains(&word) || LONG_WORDS.contains(&word) {
        return None;
    }
    let swapped = SWAPPABLE.iter().find(|known| is_swapped(word.as_bytes(), known.as_bytes()));
    let edited = || LONG_WORDS.iter().find(|known| is_near(word, known));
    swapped.or_else(edited).copied()
}

fn is_swapped(word: &[u8], known: &[u8]) -> bool {
    let Some(at) = word.iter().zip(known).position(|(a, b)| a != b) else { return false };
    word.len() == known.len()
        && word.get(at) == known.get(at + 1)
        && word.get(at + 1) == known.get(at)
        && word.get(at + 2..) == known.get(at + 2..)
}

/// Words of which the beginning and most of the rest agree.
fn is_near(word: &str, known: &str) -> bool {
    word.len().abs_diff(known.len()) <= EDITS
        && word.bytes().next() == known.bytes().next()
        && distance(word, known) <= EDITS
}

/// Edits between two short words; long ones are never near.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(24).collect(), b.chars().take(24).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let up = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let best = (left + 1).min(up + 1).min(diagonal + usize::from(x != y));
            diagonal = up;
            left = best;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_put_right_and_other_words_left_alone() {
        let cases = [
            ("thumbanil", Some("thumbnail")),
            ("tumbnail", Some("thumbnail")),
            ("thumbnials", Some("thumbnails")),
            ("vidoe", Some("video")),
            ("tilte", Some("title")),
            ("picutre", Some("picture")),
            ("thumbnail", None),
            ("tile", None),
            ("videos", None),
            ("thumping", None),
            ("trail", None),
            ("bild", None),
            ("картинка", None),
        ];
        for (word, expect) in cases {
            assert_eq!(meant(word), expect, "{word}");
        }
    }
}
