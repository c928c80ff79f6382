//! Which part of a file a request asks for.

use std::ops::Range;

/// What to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it. Also for what is malformed or asks for several parts: both may be ignored.
    Whole,
    /// These bytes; never empty.
    Bytes(Range<u64>),
    /// Nothing: it lies behind the end.
    Unsatisfiable,
}

/// Reads the value of a `Range` header for a file of `size_bytes`.
pub(super) fn part(header: &str, size_bytes: u64) -> Part {
    let Some((unit, spec)) = header.split_once('=') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || spec.contains(',') {
        return Part::Whole;
    }
    let Some((first, last)) = spec.trim().split_once('-') else { return Part::Whole };
    let bytes = match (number(first), number(last)) {
        (Number::Is(first), Number::Is(last)) if first <= last => {
            first..last.saturating_add(1).min(size_bytes)
        }
        (Number::Is(first), Number::Missing) => first..size_bytes,
        (Number::Missing, Number::Is(last)) => size_bytes.saturating_sub(last)..size_bytes,
        _ => return Part::Whole,
    };
    if bytes.is_empty() { Part::Unsatisfiable } else { Part::Bytes(bytes) }
}

enum Number {
    Is(u64),
    Missing,
    Malformed,
}

fn number(text: &str) -> Number {
    let text = text.trim();
    if text.is_empty() {
        return Number::Missing;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Number::Malformed;
    }
    // Digits that are no number are too many of them.
    Number::Is(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_hundred_bytes() {
        let table = [
            ("bytes=0-0", Part::Bytes(0..1)),
            ("bytes=10-19", Part::Bytes(10..20)),
            ("Bytes = 10-19", Part::Bytes(10..20)),
            ("bytes=90-", Part::Bytes(90..100)),
            ("bytes=90-500", Part::Bytes(90..100)),
            ("bytes=90-99999999999999999999999", Part::Bytes(90..100)),
            ("bytes=-5", Part::Bytes(95..100)),
            ("bytes=-500", Part::Bytes(0..100)),
            ("bytes=-0", Part::Unsatisfiable),
            ("bytes=100-", Part::Unsatisfiable),
            ("bytes=100-200", Part::Unsatisfiable),
            ("bytes=20-10", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("pixels=0-1", Part::Whole),
            ("", Part::Whole),
        ];
        for (header, expected) in table {
            assert_eq!(part(header, 100), expected, "{header}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Unsatisfiable);
    }
}
