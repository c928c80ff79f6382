//! Colours. One accent; everything else is bright, plain or dim.

use ratatui::style::{Color, Modifier, Style};

use super::ThemeChoice;

/// The styles of everything that is drawn. Colours come from the 256 that nearly every terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    /// The one colour that leads the eye.
    pub(crate) accent: Style,
    /// Plain words.
    pub(crate) text: Style,
    /// Words that matter more.
    pub(crate) strong: Style,
    /// Words that matter less.
    pub(crate) dim: Style,
    /// Rules and frames.
    pub(crate) line: Style,
    /// It worked.
    pub(crate) good: Style,
    /// Look here.
    pub(crate) warn: Style,
    /// It did not work, or takes something away.
    pub(crate) bad: Style,
    /// The row or button that the keys act on.
    pub(crate) selected: Style,
    /// The part of a bar that is not done.
    pub(crate) rest: Style,
}

impl Theme {
    /// The theme for a choice. `light` is what the terminal said of its background; `colour` is false under
    /// `NO_COLOR`.
    pub(crate) fn choose(choice: ThemeChoice, light: bool, colour: bool) -> Self {
        match (colour, choice, light) {
            (false, ..) => Self::plain(),
            (true, ThemeChoice::Light, _) | (true, ThemeChoice::Auto, true) => Self::light(),
            (true, ..) => Self::dark(),
        }
    }

    fn dark() -> Self {
        let accent = Style::new().fg(Color::Indexed(209));
        Self {
            accent,
            text: Style::new(),
            strong: Style::new().add_modifier(Modifier::BOLD),
            dim: Style::new().fg(Color::Indexed(245)),
            line: Style::new().fg(Color::Indexed(239)),
            good: Style::new().fg(Color::Indexed(114)),
            warn: Style::new().fg(Color::Indexed(221)),
            bad: Style::new().fg(Color::Indexed(203)),
            selected: Style::new().bg(Color::Indexed(237)).add_modifier(Modifier::BOLD),
            rest: Style::new().fg(Color::Indexed(238)),
        }
    }

    fn light() -> Self {
        Self {
            accent: Style::new().fg(Color::Indexed(166)),
            text: Style::new(),
            strong: Style::new().add_modifier(Modifier::BOLD),
            dim: Style::new().fg(Color::Indexed(242)),
            line: Style::new().fg(Color::Indexed(250)),
            good: Style::new().fg(Color::Indexed(28)),
            warn: Style::new().fg(Color::Indexed(130)),
            bad: Style::new().fg(Color::Indexed(160)),
            selected: Style::new().bg(Color::Indexed(254)).add_modifier(Modifier::BOLD),
            rest: Style::new().fg(Color::Indexed(252)),
        }
    }

    fn plain() -> Self {
        let none = Style::new();
        Self {
            accent: none.add_modifier(Modifier::BOLD),
            text: none,
            strong: none.add_modifier(Modifier::BOLD),
            dim: none.add_modifier(Modifier::DIM),
            line: none.add_modifier(Modifier::DIM),
            good: none,
            warn: none.add_modifier(Modifier::BOLD),
            bad: none.add_modifier(Modifier::BOLD),
            selected: none.add_modifier(Modifier::REVERSED),
            rest: none.add_modifier(Modifier::DIM),
        }
    }
}
