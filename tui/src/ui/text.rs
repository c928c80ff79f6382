//! Words and numbers, fitted to cells.

use std::ops::Range;

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{style::Style, text::Span};

/// How many cells it takes.
pub(crate) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// Its grapheme clusters: what a person sees as one character. Line breaks are left out.
pub(crate) fn graphemes(text: &str) -> Vec<String> {
    Span::raw(text).styled_graphemes(Style::new()).map(|grapheme| grapheme.symbol.to_owned()).collect()
}

/// At most `cells` wide, with an ellipsis where something was cut.
pub(crate) fn fit(text: &str, cells: usize) -> String {
    let one_line = text.replace(['\n', '\t'], " ");
    if width(&one_line) <= cells {
        return one_line;
    }
    let mut fitted = String::new();
    let mut used = 0;
    for grapheme in graphemes(&one_line) {
        let more = width(&grapheme);
        if used + more + 1 > cells {
            break;
        }
        used += more;
        fitted.push_str(&grapheme);
    }
    if cells > 0 {
        fitted.push('…');
    }
    fitted
}

/// Breaks one line at spaces. The ranges cover every byte; a space at a break stays at the end of its row.
pub(crate) fn wrap_ranges(line: &str, cells: usize) -> Vec<Range<usize>> {
    let cells = cells.max(1);
    let mut rows = Vec::new();
    let (mut start, mut used, mut at) = (0, 0, 0);
    // Where the row could be broken, and how wide it is up to there.
    let mut space: Option<(usize, usize)> = None;
    for grapheme in graphemes(line) {
        let wide = width(&grapheme);
        if used + wide > cells && grapheme != " " && at > start {
            let (end, kept) = match space.filter(|(end, _)| *end > start) {
                Some(found) => found,
                None => (at, used),
            };
            rows.push(start..end);
            start = end;
            used -= kept;
            space = None;
        }
        used += wide;
        at += grapheme.len();
        if grapheme == " " {
            space = Some((at, used));
        }
    }
    rows.push(start..line.len());
    rows
}

/// Breaks words into rows of at most `cells`.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    text.split('\n')
        .flat_map(|line| wrap_ranges(line, cells).into_iter().map(move |row| line[row].trim_end().to_owned()))
        .collect()
}

/// `1`, `12,345`.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `+5`, `−12,000`.
pub(crate) fn signed(value: i64) -> String {
    let sign = if value < 0 { '−' } else { '+' };
    format!("{sign}{}", number(value.unsigned_abs()))
}

/// `1 credit`, `12 credits`.
pub(crate) fn credits(value: u64) -> String {
    format!("{} credit{}", number(value), if value == 1 { "" } else { "s" })
}

/// `312 kB`.
pub(crate) fn bytes(value: u64) -> String {
    match value {
        0..1_000 => format!("{value} B"),
        1_000..1_000_000 => format!("{} kB", value / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", value as f64 / 1e6),
        _ => format!("{:.1} GB", value as f64 / 1e9),
    }
}

/// How long something takes, roughly: `under 1 s`, `9 s`, `2 min 10 s`, `3 h`.
pub(crate) fn span(ms: u64) -> String {
    let seconds = ms.div_ceil(1000);
    match seconds {
        0 => "no time".to_owned(),
        _ if ms < 1000 => "under 1 s".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3600 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// When something was: `just now`, `2 min ago`, `3 d ago`, or the date.
pub(crate) fn ago(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match now.as_second() - then.as_second() {
        ..10 => "just now".to_owned(),
        passed @ 10..60 => format!("{passed} s ago"),
        passed @ 60..3600 => format!("{} min ago", passed / 60),
        passed @ 3600..86_400 => format!("{} h ago", passed / 3600),
        passed @ 86_400..1_209_600 => format!("{} d ago", passed / 86_400),
        _ => then.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string(),
    }
}

/// When something will be: `in 3 h`, `in 5 d`, or the date.
pub(crate) fn ahead(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match then.as_second() - now.as_second() {
        ..=0 => "now".to_owned(),
        left @ 1..60 => format!("in {left} s"),
        left @ 60..3600 => format!("in {} min", left / 60),
        left @ 3600..86_400 => format!("in {} h", left / 3600),
        left @ 86_400..2_592_000 => format!("in {} d", left / 86_400),
        _ => format!("on {}", then.to_zoned(zone.clone()).strftime("%Y-%m-%d")),
    }
}

/// `2026-11-21 14:03`.
pub(crate) fn date(then: Timestamp, zone: &TimeZone) -> String {
    then.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_every_word() {
        for (text, cells, wanted) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("one two three", 3, vec!["one", "two", "thr", "ee"]),
            ("", 5, vec![""]),
            ("a\n\nb", 5, vec!["a", "", "b"]),
            ("日本語です", 4, vec!["日本", "語で", "す"]),
            ("abcdefgh ij", 4, vec!["abcd", "efgh", "ij"]),
        ] {
            assert_eq!(wrap(text, cells), wanted, "{text:?} at {cells}");
        }
    }

    #[test]
    fn cut_text_says_so() {
        for (text, cells, wanted) in
            [("sourdough", 9, "sourdough"), ("sourdough", 5, "sour…"), ("日本語", 4, "日…"), ("ab", 0, "")]
        {
            assert_eq!(fit(text, cells), wanted, "{text:?} at {cells}");
        }
    }

    #[test]
    fn numbers_and_times() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(signed(-4), "−4");
        assert_eq!(credits(1), "1 credit");
        assert_eq!(bytes(312_400), "312 kB");
        for (ms, wanted) in [(0, "no time"), (400, "under 1 s"), (9_000, "9 s"), (130_000, "2 min 10 s")] {
            assert_eq!(span(ms), wanted);
        }
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        for (then, wanted) in
            [(-3, "just now"), (-130, "2 min ago"), (-7200, "2 h ago"), (-90_000_000, "2024-03-09")]
        {
            assert_eq!(ago(at(then), now, &TimeZone::UTC), wanted);
        }
        assert_eq!(ahead(at(7200), now, &TimeZone::UTC), "in 2 h");
    }
}
