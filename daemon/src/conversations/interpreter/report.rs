//! Reads labelled conversations a line at a time and writes what was understood, for `atelierd understand`.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Conversation, Totals, Understood, explain, score};

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

/// What is written besides the answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportOptions {
    /// Compare with the labels.
    pub score: bool,
    /// Say what the built-in interpreter took each span of the words for.
    pub explain: bool,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    lang: String,
    #[serde(flatten)]
    conversation: Conversation,
    #[serde(default)]
    expect: Option<Value>,
}

/// For each line of `input` writes `{"id": …, "got": {…}, "by": …}`. With `explain` it has `spans`, too. With `score` a
/// line that was not solved has the names of what is `wrong`, and a last line is `{"totals": {…}}` over the lines that
/// carry an `expect`. Blank lines are skipped.
///
/// # Errors
/// [`ReportError`], at the first line that can't be read or written.
pub fn understand_lines(
    input: impl BufRead,
    mut output: impl Write,
    options: ReportOptions,
    mut ask: impl FnMut(&Conversation) -> Understood,
) -> Result<Totals, ReportError> {
    let mut totals = Totals::default();
    for (index, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong_line = |source| ReportError::Line { line: index + 1, source };
        let record: Record = serde_json::from_str(&line).map_err(wrong_line)?;
        let spans = options.explain.then(|| explain(&record.conversation).1);
        let begun = Instant::now();
        let understood = ask(&record.conversation);
        let took = begun.elapsed();
        let got = serde_json::to_value(&understood.intent).map_err(wrong_line)?;
        let mut said = json!({"id": record.id, "got": got, "by": understood.source});
        if let Some(spans) = spans {
            said["spans"] = json!(spans);
        }
        if let Some(expect) = &record.expect {
            let verdict = score(expect, &got);
            totals.add(expect, &record.lang, &verdict);
            totals.time(milliseconds(took));
            if options.score && !verdict.solved {
                said["wrong"] = json!(verdict.wrong());
            }
        }
        writeln!(output, "{said}")?;
    }
    if options.score {
        writeln!(output, "{}", json!({"totals": totals}))?;
    }
    Ok(totals)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
