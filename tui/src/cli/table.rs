//! Columns of text.

/// A table that is as wide as its content.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    right: &'static [usize],
}

impl Table {
    /// Begins with the heading. `right` names the columns of numbers.
    pub(crate) fn new(heading: &[&str], right: &'static [usize]) -> Self {
        Self { rows: vec![heading.iter().map(|&cell| cell.to_owned()).collect()], right }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| cell.replace(char::is_control, " ")).collect());
    }

    /// The whole table without a newline at its end.
    pub(crate) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|i| self.rows.iter().filter_map(|row| row.get(i)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        let lines = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths).enumerate().map(|(i, (cell, &wanted))| {
                let space = " ".repeat(wanted.saturating_sub(width(cell)));
                if self.right.contains(&i) { space + cell } else { cell.clone() + &space }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Cells on the terminal, counted the way that ratatui counts them.
fn width(text: &str) -> usize {
    ratatui::text::Span::raw(text).width()
}

/// At most `most` characters, with an ellipsis where something was cut.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["name", "credits"], &[1]);
        table.row(["麺".to_owned(), "5".to_owned()]);
        table.row(["anna\tb".to_owned(), "1,200".to_owned()]);
        assert_eq!(table.text(), "name    credits\n麺            5\nanna b    1,200");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(shorten("Brot für alle", 8), "Brot fü…");
        assert_eq!(shorten("Brot", 4), "Brot");
    }
}
