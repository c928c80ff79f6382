//! Buttons in rows.

use super::{Button, Limits};

/// Fills row after row, and gives the labels of the buttons for which there is no room.
pub(super) fn arrange(buttons: Vec<Button>, limits: &Limits) -> (Vec<Vec<Button>>, Vec<String>) {
    let (mut rows, mut left) = (Vec::<Vec<Button>>::new(), Vec::new());
    for button in buttons {
        let fits = |row: &Vec<Button>| {
            let taken: usize = row.iter().map(width).sum();
            row.len() < limits.row_buttons && taken + width(&button) <= limits.row_letters
        };
        if !left.is_empty() {
            left.push(button.label);
        } else if let Some(row) = rows.last_mut().filter(|row| fits(row)) {
            row.push(button);
        } else if rows.len() < limits.rows {
            rows.push(vec![button]);
        } else {
            left.push(button.label);
        }
    }
    (rows, left)
}

fn width(button: &Button) -> usize {
    button.label.chars().count()
}
