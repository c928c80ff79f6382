//! The one place that writes to standard output and standard error.
//!
//! Standard output carries results only, so that it can be piped. Notes, prompts and errors go to standard error.
//! Writing never panics: a reader that has gone (`| head`) is no error of ours.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use super::exit::Failure;

/// Where a command's words go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    /// Answer in JSON.
    pub(crate) json: bool,
    /// Whether somebody can be asked.
    pub(crate) asks: bool,
}

impl Out {
    /// Looks at how this process was started.
    pub(crate) fn new(json: bool) -> Self {
        let asks = !json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self { json, asks }
    }

    /// A line of the result, for people.
    pub(crate) fn line(self, text: &str) {
        if !self.json {
            write_line(std::io::stdout().lock(), text);
        }
    }

    /// A result, for programs.
    pub(crate) fn object(self, value: &impl Serialize) {
        if self.json {
            write_json(std::io::stdout().lock(), value);
        }
    }

    /// Bytes as they are.
    pub(crate) fn raw(self, bytes: &[u8]) {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).ok();
    }

    /// Something that a person should know but no program waits for.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            write_line(std::io::stderr().lock(), text);
        }
    }

    /// A question; the answer is typed behind it.
    pub(crate) fn ask(self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        write!(stderr, "{} ", plain(text)).and_then(|()| stderr.flush()).ok();
    }

    /// Why it did not work.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            write_json(std::io::stderr().lock(), &failure.to_json());
        } else {
            write_line(std::io::stderr().lock(), &format!("atelier: {}", failure.message));
        }
    }
}

fn write_line(mut to: impl Write, text: &str) {
    writeln!(to, "{}", plain(text)).ok();
}

fn write_json(mut to: impl Write, value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        writeln!(to, "{text}").ok();
    }
}

/// Without control characters: what other members typed must not drive this terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_cannot_drive_the_terminal() {
        let mut written = Vec::new();
        write_line(&mut written, "a\u{1b}[2Jb\u{9b}c\nd");
        assert_eq!(String::from_utf8_lossy(&written), "a\u{fffd}[2Jb\u{fffd}c\nd\n");
    }
}
