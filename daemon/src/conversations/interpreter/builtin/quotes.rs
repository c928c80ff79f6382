//! Quotations of every alphabet's marks, found in the text itself.

use std::ops::Range;

/// A quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// With the marks.
    pub outer: Range<usize>,
    /// Without them.
    pub inner: Range<usize>,
}

/// Longer than this, two marks do not belong together.
const MAX_BYTES: usize = 300;

/// The outermost quotations of a text, none over a line end.
pub(super) fn quotes(text: &str) -> Vec<Quote> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((offset, open)) = next_opening(text, at) {
        let from = offset + open.len_utf8();
        match closing(text, from, open) {
            Some((end, len)) => {
                found.push(Quote { outer: offset..end + len, inner: from..end });
                at = end + len;
            }
            None => at = from,
        }
    }
    found
}

fn next_opening(text: &str, at: usize) -> Option<(usize, char)> {
    let rest = text.get(at..)?;
    let mut before = text.get(..at)?.chars().next_back();
    for (offset, c) in rest.char_indices() {
        let free = before.is_none_or(|c| !c.is_alphanumeric());
        if matches!(c, '"' | '“' | '„' | '«' | '「' | '”') || (free && matches!(c, '\'' | '‘' | '`' | '’'))
        {
            return Some((at + offset, c));
        }
        before = Some(c);
    }
    None
}

fn closing(text: &str, from: usize, open: char) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let mut before = None;
    for (offset, c) in rest.char_indices() {
        if offset > MAX_BYTES || c == '\n' {
            return None;
        }
        let after = rest.get(offset + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let ends_word =
            after.is_none_or(|c| !c.is_alphanumeric()) && before.is_some_and(|c: char| !c.is_whitespace());
        let closes = match open {
            '"' | '“' | '”' | '„' => matches!(c, '"' | '“' | '”'),
            '«' => c == '»',
            '「' => c == '」',
            '`' => c == '`',
            _ => matches!(c, '\'' | '’') && ends_word,
        };
        if closes && offset > 0 {
            return Some((from + offset, c.len_utf8()));
        }
        before = Some(c);
    }
    None
}
