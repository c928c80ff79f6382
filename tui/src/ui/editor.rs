//! A field for several lines of words, with a history of what was sent.

use super::text;

/// Most that is remembered.
const HISTORY: usize = 100;

/// The words and where the cursor stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Editor {
    text: String,
    /// In bytes, always between two grapheme clusters.
    cursor: usize,
    history: Vec<String>,
    /// Which of the history is shown, and the draft that it hides.
    recalled: Option<(usize, String)>,
}

/// Where the cursor can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// One character back.
    Left,
    /// One character on.
    Right,
    /// One word back.
    WordLeft,
    /// One word on.
    WordRight,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
}

impl Editor {
    /// The words.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes these words instead.
    pub(crate) fn set(&mut self, text: &str) {
        self.text = clean(text);
        self.cursor = self.text.len();
        self.recalled = None;
    }

    /// Types or pastes.
    pub(crate) fn insert(&mut self, text: &str) {
        let text = clean(text);
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.recalled = None;
    }

    /// Takes the words out and remembers them.
    pub(crate) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.recalled = None;
        self.history.retain(|earlier| *earlier != text);
        if !text.trim().is_empty() {
            self.history.push(text.clone());
        }
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
        text
    }

    /// Moves the cursor.
    pub(crate) fn step(&mut self, step: Step) {
        self.cursor = self.target(step);
    }

    /// Deletes from the cursor to where the step leads.
    pub(crate) fn erase(&mut self, step: Step) {
        let target = self.target(step);
        let (start, end) = (self.cursor.min(target), self.cursor.max(target));
        self.text.replace_range(start..end, "");
        self.cursor = start;
        self.recalled = None;
    }

    /// A line up; before the first line, the words sent before. False when there is neither.
    pub(crate) fn up(&mut self) -> bool {
        self.vertical(true) || self.recall(true)
    }

    /// A line down; after the last line, the words sent after. False when there is neither.
    pub(crate) fn down(&mut self) -> bool {
        self.vertical(false) || self.recall(false)
    }

    /// What was sent, the oldest first.
    pub(crate) fn history(&self) -> &[String] {
        &self.history
    }

    /// Remembers what was sent in an earlier life.
    pub(crate) fn remember(&mut self, history: Vec<String>) {
        self.history = history;
    }

    /// The rows at this width, and the cursor's column and row.
    pub(crate) fn rows(&self, cells: usize) -> (Vec<&str>, (usize, usize)) {
        let mut rows = Vec::new();
        let mut cursor = (0, 0);
        let mut offset = 0;
        for line in self.text.split('\n') {
            for range in text::wrap_ranges(line, cells.saturating_sub(1)) {
                let (start, end) = (offset + range.start, offset + range.end);
                if (start..=end).contains(&self.cursor) {
                    cursor = (text::width(&self.text[start..self.cursor]), rows.len());
                }
                rows.push(&line[range]);
            }
            offset += line.len() + 1;
        }
        (rows, cursor)
    }

    fn target(&self, step: Step) -> usize {
        let (before, after) = self.text.split_at(self.cursor);
        match step {
            Step::Left if before.ends_with('\n') => self.cursor - 1,
            Step::Left => self.cursor - text::graphemes(last_line(before)).last().map_or(0, String::len),
            Step::Right if after.starts_with('\n') => self.cursor + 1,
            Step::Right => self.cursor + text::graphemes(first_line(after)).first().map_or(0, String::len),
            Step::WordLeft => {
                let words = before.trim_end();
                words.rfind(char::is_whitespace).map_or(0, |space| next_char(words, space))
            }
            Step::WordRight => {
                let start = after.len() - after.trim_start().len();
                let length = after[start..].find(char::is_whitespace).unwrap_or(after.len() - start);
                self.cursor + start + length
            }
            Step::LineStart => self.cursor - last_line(before).len(),
            Step::LineEnd => self.cursor + first_line(after).len(),
        }
    }

    fn vertical(&mut self, up: bool) -> bool {
        let (before, after) = self.text.split_at(self.cursor);
        let column = text::width(last_line(before));
        let start = if up {
            let Some(line_end) = before.rfind('\n') else { return false };
            line_end - last_line(&before[..line_end]).len()
        } else {
            let Some(line_end) = after.find('\n') else { return false };
            self.cursor + line_end + 1
        };
        let mut used = 0;
        let mut cursor = start;
        for grapheme in text::graphemes(first_line(&self.text[start..])) {
            used += text::width(&grapheme);
            if used > column {
                break;
            }
            cursor += grapheme.len();
        }
        self.cursor = cursor;
        true
    }

    fn recall(&mut self, earlier: bool) -> bool {
        let shown = self.recalled.as_ref().map_or(self.history.len(), |(index, _)| *index);
        let wanted = if earlier { shown.checked_sub(1) } else { Some(shown + 1) };
        let Some(wanted) = wanted.filter(|wanted| *wanted <= self.history.len()) else { return false };
        let draft = self.recalled.take().map_or_else(|| self.text.clone(), |(_, draft)| draft);
        match self.history.get(wanted) {
            Some(text) => {
                self.text.clone_from(text);
                self.recalled = Some((wanted, draft));
            }
            None => self.text = draft,
        }
        self.cursor = self.text.len();
        true
    }
}

/// Without what a terminal would obey instead of show.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ")
        .chars()
        .filter(|char| *char == '\n' || !char.is_control())
        .collect()
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or(text)
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or(text)
}

fn next_char(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.set(text);
        editor
    }

    #[test]
    fn steps_and_erasures() {
        for (text, steps, wanted) in [
            ("one two", &[Step::Left][..], 6),
            ("one two", &[Step::WordLeft], 4),
            ("one two", &[Step::WordLeft, Step::WordLeft, Step::WordRight], 3),
            ("one\ntwo", &[Step::LineStart, Step::Left], 3),
            ("one\ntwo", &[Step::LineStart, Step::Left, Step::Right], 4),
            ("e\u{301}", &[Step::Left], 0),
            ("日本", &[Step::Left], 3),
            ("", &[Step::Left, Step::Right, Step::WordLeft, Step::WordRight, Step::LineEnd], 0),
        ] {
            let mut editor = with(text);
            steps.iter().for_each(|step| editor.step(*step));
            assert_eq!(editor.cursor, wanted, "{text:?} {steps:?}");
        }
        let mut editor = with("big warm title");
        editor.erase(Step::WordLeft);
        assert_eq!(editor.text(), "big warm ");
    }

    #[test]
    fn history_comes_back_and_the_draft_too() {
        let mut editor = with("first");
        editor.take();
        editor.set("second");
        editor.take();
        editor.insert("draft");
        for (up, wanted) in [
            (true, "second"),
            (true, "first"),
            (true, "first"),
            (false, "second"),
            (false, "draft"),
            (false, "draft"),
        ] {
            if up {
                editor.up()
            } else {
                editor.down()
            };
            assert_eq!(editor.text(), wanted);
        }
    }

    #[test]
    fn rows_follow_the_width() {
        let editor = with("sourdough bread\nCRUST!");
        let (rows, cursor) = editor.rows(11);
        assert_eq!(rows, ["sourdough ", "bread", "CRUST!"]);
        assert_eq!(cursor, (6, 2));
        assert_eq!(with("tab\there\u{1b}[2J").text(), "tab    here[2J");
    }
}
