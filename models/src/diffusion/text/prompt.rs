//! The syntax of prompts: which words count more, and where a new chunk begins.
//!
//! It is the syntax that A1111's web UI made common:
//!
//! | written | meaning |
//! |---|---|
//! | `(word)` | counts 1.1 times as much; nested, 1.1 times per bracket |
//! | `[word]` | counts 1.1 times less |
//! | `(word:1.3)` | counts 1.3 times as much |
//! | `\(`, `\)`, `\[`, `\]`, `\\` | the sign itself |
//! | `BREAK` | what follows begins a new chunk of the text encoder |
//!
//! A bracket that is never closed reaches to the end; one that was never opened is a sign like others.

/// Weights are kept within ± this.
pub const MOST_WEIGHT: f32 = 8.0;
/// What a round bracket multiplies by, and a square one divides by.
const BRACKET: f32 = 1.1;
/// The word that begins a new chunk.
const BREAK: &str = "BREAK";

/// A part of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Words that count alike.
    Text {
        /// The words, without the brackets around them.
        text: String,
        /// How much they count, usually 1, at most [`MOST_WEIGHT`] either way.
        weight: f32,
    },
    /// A new chunk begins.
    Break,
}

/// Reads `prompt`. Every text can be read; neighbours that count alike are one part.
#[must_use]
pub fn parse(prompt: &str) -> Vec<Part> {
    let mut reader = Reader::default();
    let mut rest = prompt;
    while let Some(sign) = rest.chars().next() {
        let after = &rest[sign.len_utf8()..];
        rest = match sign {
            '\\' => match after.chars().next() {
                Some(escaped @ ('(' | ')' | '[' | ']' | '\\')) => {
                    reader.plain.push(escaped);
                    &after[1..]
                }
                // A lone one is dropped.
                _ => after,
            },
            '(' => reader.open(Bracket::Round, after),
            '[' => reader.open(Bracket::Square, after),
            ':' if !reader.round.is_empty()
                && let Some((weight, after)) = closing_weight(after) =>
            {
                reader.close(Bracket::Round, weight);
                after
            }
            ')' if !reader.round.is_empty() => {
                reader.close(Bracket::Round, BRACKET);
                after
            }
            ']' if !reader.square.is_empty() => {
                reader.close(Bracket::Square, 1.0 / BRACKET);
                after
            }
            plain => {
                reader.plain.push(plain);
                after
            }
        };
    }
    reader.finish()
}

#[derive(Debug, Clone, Copy)]
enum Bracket {
    Round,
    Square,
}

#[derive(Debug, Default)]
struct Reader {
    parts: Vec<Part>,
    /// Text since the last bracket.
    plain: String,
    /// For every open bracket, how many parts were before it. The two kinds close independently of each other.
    round: Vec<usize>,
    square: Vec<usize>,
}

impl Reader {
    fn open<'a>(&mut self, bracket: Bracket, after: &'a str) -> &'a str {
        self.flush();
        let opened = match bracket {
            Bracket::Round => &mut self.round,
            Bracket::Square => &mut self.square,
        };
        opened.push(self.parts.len());
        after
    }

    /// Closes the innermost open bracket of this kind; what is inside counts `factor` times as much.
    fn close(&mut self, bracket: Bracket, factor: f32) {
        self.flush();
        let opened = match bracket {
            Bracket::Round => self.round.pop(),
            Bracket::Square => self.square.pop(),
        };
        for part in self.parts.iter_mut().skip(opened.unwrap_or(usize::MAX)) {
            if let Part::Text { weight, .. } = part {
                *weight = (*weight * factor).clamp(-MOST_WEIGHT, MOST_WEIGHT);
            }
        }
    }

    /// Turns the text since the last bracket into parts.
    fn flush(&mut self) {
        let plain = std::mem::take(&mut self.plain);
        let mut rest = plain.as_str();
        while let Some((before, after)) = split_break(rest) {
            self.text(before.trim_end());
            self.parts.push(Part::Break);
            rest = after.trim_start();
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.parts.push(Part::Text { text: text.to_owned(), weight: 1.0 });
        }
    }

    fn finish(mut self) -> Vec<Part> {
        while !self.round.is_empty() {
            self.close(Bracket::Round, BRACKET);
        }
        while !self.square.is_empty() {
            self.close(Bracket::Square, 1.0 / BRACKET);
        }
        self.flush();
        let mut merged: Vec<Part> = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            match (merged.last_mut(), part) {
                (Some(Part::Text { text: before, weight: same }), Part::Text { text, weight })
                    if *same == weight =>
                {
                    before.push_str(&text);
                }
                (_, part) => merged.push(part),
            }
        }
        merged
    }
}

/// The weight and what follows it, of a text after `:` that goes on like ` 1.3 )`.
fn closing_weight(text: &str) -> Option<(f32, &str)> {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.trim_start_matches(|sign: char| sign == '.' || sign.is_ascii_digit());
    let number: f32 = text[..text.len() - digits.len()].parse().ok()?;
    let after = digits.trim_start().strip_prefix(')')?;
    Some((number.clamp(-MOST_WEIGHT, MOST_WEIGHT), after))
}

/// What is before and after the first `BREAK` that is a word of its own.
fn split_break(text: &str) -> Option<(&str, &str)> {
    let letter = |sign: char| sign.is_alphanumeric() || sign == '_';
    text.match_indices(BREAK)
        .map(|(at, _)| (&text[..at], &text[at + BREAK.len()..]))
        .find(|(before, after)| !before.ends_with(letter) && !after.starts_with(letter))
}
