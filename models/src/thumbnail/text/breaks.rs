//! Where a title may be broken, and the most even way to break it into so many lines.

use unicode_segmentation::UnicodeSegmentation;

/// A piece of a title that stays together on one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub text: String,
    /// Whether a blank stands between it and the piece before it on the same line.
    pub spaced: bool,
    /// Whether the person asked for a new line here.
    pub forced: bool,
    /// Its width in ems; measured by the caller.
    pub width: f32,
}

/// Pieces of `title`: words, and single characters of scripts that are written without blanks.
pub(super) fn units(title: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    for (row, line) in title.split(is_break).enumerate() {
        for (column, word) in line.split_whitespace().enumerate() {
            for (part, text) in parts(word).into_iter().enumerate() {
                units.push(Unit {
                    text,
                    spaced: part == 0,
                    forced: row > 0 && column == 0 && part == 0 && !units.is_empty(),
                    width: 0.0,
                });
            }
        }
    }
    units
}

/// Characters that end a paragraph, in the sense of the bidirectional algorithm and of people.
fn is_break(letter: char) -> bool {
    matches!(
        letter,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `word` with the control characters taken out, cut where its script allows a break without a blank.
fn parts(word: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut may_break = false;
    for cluster in word.graphemes(true) {
        let cluster: String = cluster.chars().filter(|letter| !letter.is_control()).collect();
        let Some(first) = cluster.chars().next() else { continue };
        let wide = is_unspaced(first);
        match parts.last_mut() {
            // Closing marks never begin a line.
            Some(last) if !(may_break && wide) => last.push_str(&cluster),
            _ => parts.push(cluster),
        }
        may_break = wide;
    }
    parts
}

/// Scripts written without blanks, which may be broken between characters.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// `units` with every one that is wider than `most` ems cut into even pieces between letters.
pub(super) fn cut_long(units: Vec<Unit>, most: f32) -> Vec<Unit> {
    let mut cut = Vec::with_capacity(units.len());
    for unit in units {
        let clusters: Vec<_> = unit.text.graphemes(true).collect();
        let pieces = ((unit.width / most.max(0.1)).ceil() as usize).clamp(1, clusters.len().max(1));
        if pieces == 1 {
            cut.push(unit);
            continue;
        }
        for piece in 0..pieces {
            let (from, to) = (clusters.len() * piece / pieces, clusters.len() * (piece + 1) / pieces);
            cut.push(Unit {
                text: clusters[from..to].concat(),
                spaced: piece == 0 && unit.spaced,
                forced: piece == 0 && unit.forced,
                width: unit.width / pieces as f32,
            });
        }
    }
    cut
}

/// The first unit of each line when `widths` are set in `lines` lines as evenly as can be. `blank` is the
/// width of a space before the units that have one.
pub(super) fn even(units: &[Unit], lines: usize, blank: f32) -> Vec<usize> {
    let count = units.len();
    let lines = lines.clamp(1, count.max(1));
    let width = |from: usize, to: usize| -> f32 {
        units[from..to]
            .iter()
            .enumerate()
            .map(|(at, unit)| unit.width + if at > 0 && unit.spaced { blank } else { 0.0 })
            .sum()
    };
    // best[line][end]: least sum of squared widths of the first `end` units in `line` lines, and where the
    // last of these lines begins.
    let mut best = vec![vec![(f32::INFINITY, 0); count + 1]; lines + 1];
    best[0][0].0 = 0.0;
    for line in 1..=lines {
        for end in line..=count {
            for begin in line - 1..end {
                let own = width(begin, end);
                let cost = best[line - 1][begin].0 + own * own;
                if cost < best[line][end].0 {
                    best[line][end] = (cost, begin);
                }
            }
        }
    }
    let mut starts = vec![0; lines];
    let mut end = count;
    for line in (1..=lines).rev() {
        end = best[line][end].1;
        starts[line - 1] = end;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(title: &str, lines: usize) -> Vec<String> {
        let mut units = units(title);
        for unit in &mut units {
            unit.width = unit.text.chars().count() as f32;
        }
        let starts = even(&units, lines, 1.0);
        let ends = starts[1..].iter().copied().chain([units.len()]);
        starts.iter().zip(ends).map(|(from, to)| join(&units[*from..to])).collect()
    }

    fn join(units: &[Unit]) -> String {
        units.iter().fold(String::new(), |mut line, unit| {
            if unit.spaced && !line.is_empty() {
                line.push(' ');
            }
            line + &unit.text
        })
    }

    #[test]
    fn lines_are_even() {
        for (title, lines, wanted) in [
            ("one", 3, vec!["one"]),
            ("I built a house", 2, vec!["I built", "a house"]),
            ("The best sourdough bread ever made", 3, vec!["The best", "sourdough", "bread ever made"]),
            ("パンを焼く", 2, vec!["パン", "を焼く"]),
        ] {
            let got = broken(title, lines);
            assert_eq!(got.len(), wanted.len(), "{title}: {got:?}");
            assert_eq!(got.concat().replace(' ', ""), wanted.concat().replace(' ', ""), "{title}");
            let longest = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max();
            let wanted: Vec<_> = wanted.into_iter().map(str::to_owned).collect();
            assert!(longest(&got) <= longest(&wanted), "{title}: {got:?}");
        }
    }

    #[test]
    fn control_characters_and_paragraphs_never_reach_the_shaper() {
        for (title, wanted) in
            [("a\u{2029}b\u{0}c", vec!["a", "bc"]), ("\n\nx\r\ny", vec!["x", "y"]), ("\u{1}\u{2}", vec![])]
        {
            let texts: Vec<_> = units(title).into_iter().map(|unit| unit.text).collect();
            assert_eq!(texts, wanted);
        }
    }
}
