//! Text cut into words and marks, each with its place in the text and whether a rule has used it up.
//!
//! Every rule works over the same [`Reading`]: a rule that understands some words takes them, and the subject of a
//! request is made of what nobody took.

use super::span::Use;
use super::typos;

/// How a token was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// By nothing: it still may be part of the subject.
    No,
    /// By a field; the words to both sides still belong together.
    Field,
    /// By a title or another whole phrase; a clause ends here.
    Wall,
}

/// A word or a mark.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Lower case without accents; for a mark the mark itself.
    pub folded: String,
    /// Byte offset of the first character.
    pub start: usize,
    /// Byte offset after the last character.
    pub end: usize,
    /// Index of the turn in the conversation.
    pub turn: usize,
    /// A comma, a stop, a dash, the end of a turn: never part of a phrase.
    pub mark: bool,
    /// How it was used.
    pub taken: Taken,
    /// For what, and by which rule.
    pub used: Option<(Use, &'static str)>,
}

/// The words that are looked at together.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// The turns' texts, one after another with a line end between.
    pub text: String,
    /// In order of appearance.
    pub tokens: Vec<Token>,
    /// The rule at work.
    rule: Option<(Use, &'static str)>,
}

impl Reading {
    /// Adds a turn's text, already cut to the length that is looked at.
    pub(super) fn push_turn(&mut self, turn: usize, text: &str) {
        if !self.tokens.is_empty() {
            self.push_mark('\n', self.text.len(), turn);
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let base = self.text.len();
        self.text.push_str(text);
        self.cut(base, turn);
    }

    /// The text between two tokens, both included.
    pub(super) fn slice(&self, first: usize, last: usize) -> &str {
        match (self.tokens.get(first), self.tokens.get(last)) {
            (Some(a), Some(b)) => self.text.get(a.start..b.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The token as typed.
    pub(super) fn raw(&self, index: usize) -> &str {
        self.slice(index, index)
    }

    /// The folded word at an index; empty for marks and beyond the ends.
    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens.get(index).filter(|t| !t.mark).map_or("", |t| t.folded.as_str())
    }

    /// The folded word `back` places before an index.
    pub(super) fn before(&self, index: usize, back: usize) -> &str {
        index.checked_sub(back).map_or("", |at| self.word(at))
    }

    /// Whether a token is there and no rule has used it.
    pub(super) fn free(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|t| t.taken == Taken::No)
    }

    /// Says which rule works from here on, and what it takes words for.
    pub(super) fn rule(&mut self, role: Use, rule: &'static str) {
        self.rule = Some((role, rule));
    }

    /// Marks a range of tokens as used by the rule at work.
    pub(super) fn take(&mut self, range: std::ops::Range<usize>, how: Taken) {
        let rule = self.rule;
        for token in self.tokens.iter_mut().take(range.end).skip(range.start) {
            if token.taken != Taken::Wall {
                token.taken = how;
                token.used = token.used.or(rule);
            }
        }
    }

    /// Notes what tokens say that no rule has taken; they stay free.
    pub(super) fn note(&mut self, range: std::ops::Range<usize>, role: Use, rule: &'static str) {
        for token in self.tokens.iter_mut().take(range.end).skip(range.start) {
            token.used = token.used.or(Some((role, rule)));
        }
    }

    /// Whether a clause ends at this token.
    pub(super) fn is_wall(&self, index: usize) -> bool {
        self.tokens.get(index).is_none_or(|t| t.mark || t.taken == Taken::Wall)
    }

    /// The ranges between walls.
    pub(super) fn clauses(&self) -> Vec<std::ops::Range<usize>> {
        let mut clauses = Vec::new();
        let mut start = 0;
        for index in 0..=self.tokens.len() {
            if self.is_wall(index) {
                if index > start {
                    clauses.push(start..index);
                }
                start = index + 1;
            }
        }
        clauses
    }

    /// The clause that holds a token.
    pub(super) fn clause_of(&self, index: usize) -> std::ops::Range<usize> {
        let mut start = index.min(self.tokens.len());
        while start > 0 && !self.is_wall(start - 1) {
            start -= 1;
        }
        let mut end = index;
        while end < self.tokens.len() && !self.is_wall(end) {
            end += 1;
        }
        start..end.max(start)
    }

    fn push_mark(&mut self, mark: char, at: usize, turn: usize) {
        let end = at + if mark == '\n' { 0 } else { mark.len_utf8() };
        self.tokens.push(Token {
            folded: mark.to_string(),
            start: at,
            end,
            turn,
            mark: true,
            taken: Taken::No,
            used: None,
        });
    }

    fn cut(&mut self, base: usize, turn: usize) {
        let text = self.text.get(base..).unwrap_or_default().to_owned();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let at = |i: usize| chars.get(i).map(|(_, c)| *c);
        let mut i = 0;
        while let Some(&(offset, c)) = chars.get(i) {
            let opens = c.is_alphanumeric()
                || (matches!(c, '#' | '$' | '€' | '£' | '/' | '+')
                    && at(i + 1).is_some_and(char::is_alphanumeric)
                    && !i.checked_sub(1).and_then(at).is_some_and(char::is_alphanumeric));
            if !opens {
                if is_mark(c, i.checked_sub(1).and_then(at), at(i + 1)) {
                    self.push_mark(c, base + offset, turn);
                }
                i += 1;
                continue;
            }
            let first = i;
            i += 1;
            while let Some(c) = at(i) {
                if c.is_alphanumeric()
                    || joins(c, at(i - 1), at(i + 1))
                    || is_combining(c)
                    || is_unit(c, at(i - 1))
                {
                    i += 1;
                } else {
                    break;
                }
            }
            let end = chars.get(i).map_or(text.len(), |(o, _)| *o);
            let raw = text.get(offset..end).unwrap_or_default();
            let folded = fold(raw);
            let folded = typos::meant(&folded).map_or(folded, str::to_owned);
            self.tokens.push(Token {
                folded,
                start: base + offset,
                end: base + end,
                turn,
                mark: false,
                taken: Taken::No,
                used: None,
            });
            debug_assert!(i > first);
        }
    }
}

/// Marks end clauses. A hyphen within a word does not, one with blanks around it does.
fn is_mark(c: char, before: Option<char>, after: Option<char>) -> bool {
    match c {
        ',' | '.' | '!' | '?' | ';' | ':' | '(' | ')' | '\n' | '—' | '–' | '…' | '=' | '·' | '•' | '¿'
        | '¡' | '|' | '[' | ']' | '。' | '、' | '，' | '»' | '«' => true,
        '-' => before.is_none_or(char::is_whitespace) || after.is_none_or(char::is_whitespace),
        '/' => before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// Whether a character within a word keeps it together: `don't`, `9:16`, `1,200`, `v2.0`.
fn joins(c: char, before: Option<char>, after: Option<char>) -> bool {
    let digits = |side: Option<char>| side.is_some_and(|c| c.is_ascii_digit());
    match c {
        '\'' | '’' => before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric),
        ':' | '.' | ',' => digits(before) && digits(after),
        _ => false,
    }
}

/// Whether a sign belongs to the number before it: `20€`, `50%`.
fn is_unit(c: char, before: Option<char>) -> bool {
    matches!(c, '€' | '$' | '£' | '%' | '₽' | '₺') && before.is_some_and(|c| c.is_ascii_digit())
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Lower case, without accents, `’` as `'`.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => folded.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'ş' => folded.push('s'),
            'ğ' => folded.push('g'),
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'ё' => folded.push('е'),
            '’' => folded.push('\''),
            c if is_combining(c) => {}
            c => folded.push(c),
        }
    }
    folded
}
