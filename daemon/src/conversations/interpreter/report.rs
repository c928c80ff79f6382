//! Reads labelled conversations a line at a time and writes what was understood, for `atelierd understand`.

use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Conversation, Totals, score, understand};

/// Why reading or writing stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A line is not a conversation.
    #[error("line {line}: {source}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// The input or the output broke.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    conversation: Conversation,
    #[serde(default)]
    expect: Option<Value>,
}

/// For each line of `input` writes `{"id": …, "got": {…}}`; with `with_score` also a last line
/// `{"totals": {…}}` over the lines that carry an `expect`. Blank lines are skipped.
pub fn understand_lines(
    input: impl BufRead,
    mut output: impl Write,
    with_score: bool,
) -> Result<Totals, ReportError> {
    let mut totals = Totals::default();
    for (index, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let record: Record =
            serde_json::from_str(&line).map_err(|source| ReportError::Line { line: index + 1, source })?;
        let intent = understand(&record.conversation);
        let got =
            serde_json::to_value(intent).map_err(|source| ReportError::Line { line: index + 1, source })?;
        if let Some(expect) = &record.expect {
            totals.add(expect, &score(expect, &got));
        }
        writeln!(output, "{}", json!({"id": record.id, "got": got}))?;
    }
    if with_score {
        writeln!(output, "{}", json!({"totals": totals}))?;
    }
    Ok(totals)
}
