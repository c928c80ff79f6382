//! Pictures in the terminal, below the text that was printed so far.
//!
//! viuer draws them, but its own detection writes into pipes and waits for ever on a terminal that does not answer.
//! So nothing happens unless both ends are a terminal, ratatui-image asks the terminal (for a second at most), and
//! viuer is only allowed what was answered.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    time::Duration,
};

use image::{DynamicImage, imageops::FilterType};
use ratatui::layout::Size;
use ratatui_image::{
    FontSize,
    picker::{Capability, Picker, ProtocolType, cap_parser::QueryStdioOptions},
    protocol::sixel::Sixel,
};

use super::exit::{Exit, Failure};
use crate::ui::Graphics;

/// A terminal that answers at all does it much sooner, also over a slow line.
const ANSWER: Duration = Duration::from_secs(1);
/// Widest picture, in cells.
const COLUMNS: u16 = 80;

/// What the terminal said about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ability {
    pub(crate) way: Way,
    /// Whether it answered. Without an answer the way is a guess.
    pub(crate) answered: bool,
    font: (u16, u16),
    tmux: bool,
}

/// How a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Kitty,
    Iterm,
    Sixel,
    Blocks,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kitty => "kitty",
            Self::Iterm => "iterm",
            Self::Sixel => "sixel",
            Self::Blocks => "halfblocks",
        }
    }
}

/// Whether a picture would be seen.
pub(crate) fn is_seen(graphics: Graphics) -> bool {
    graphics != Graphics::Off
        && std::io::stdout().is_terminal()
        && std::io::stdin().is_terminal()
        && std::env::var("TERM").is_ok_and(|term| term != "dumb" && !term.is_empty())
}

/// Prints a picture if it would be seen.
pub(crate) async fn print(bytes: Vec<u8>, graphics: Graphics) -> Result<(), Failure> {
    if !is_seen(graphics) {
        return Ok(());
    }
    let printed = tokio::task::spawn_blocking(move || {
        let picture = decode(&bytes)?;
        draw(&picture, graphics)
            .map_err(|error| Failure::new(Exit::Failed, format!("the picture can't be shown: {error}")))
    });
    printed.await.unwrap_or_else(|_| Err(Failure::new(Exit::Failed, "the picture can't be shown")))
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, Failure> {
    let wrong = |error: image::ImageError| {
        Failure::new(Exit::Failed, format!("this is no picture that Atelier can read: {error}"))
    };
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|error| Failure::io("the picture can't be read", &error))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(20_000);
    limits.max_image_height = Some(20_000);
    reader.limits(limits);
    reader.decode().map_err(wrong)
}

fn draw(picture: &DynamicImage, graphics: Graphics) -> anyhow::Result<()> {
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    let ability = match graphics {
        Graphics::Halfblocks => Ability { way: Way::Blocks, answered: false, font: (10, 20), tmux: false },
        _ => ask(),
    };
    let way = choose(graphics, &ability);
    let cells = fit(picture.width(), picture.height(), columns.min(COLUMNS), rows.saturating_sub(2));
    if way == Way::Sixel {
        return draw_sixel(picture, cells, &ability);
    }
    let config = viuer::Config {
        absolute_offset: false,
        width: Some(u32::from(cells.width)),
        height: Some(u32::from(cells.height)),
        use_kitty: way == Way::Kitty,
        use_iterm: way == Way::Iterm,
        ..viuer::Config::default()
    };
    // viuer's block printer needs pixels in a plain form, and no more of them than it will show.
    let picture = DynamicImage::ImageRgba8(picture.thumbnail(1600, 1600).to_rgba8());
    viuer::print(&picture, &config)?;
    Ok(())
}

/// What the flag asks for, as far as it is safe. viuer asks the terminal again for kitty's protocol and waits for
/// the answer without an end, so kitty is left out where the terminal did not answer before.
fn choose(graphics: Graphics, ability: &Ability) -> Way {
    match graphics {
        Graphics::Sixel => Way::Sixel,
        Graphics::Iterm => Way::Iterm,
        Graphics::Kitty if ability.answered => Way::Kitty,
        Graphics::Kitty | Graphics::Halfblocks | Graphics::Off => Way::Blocks,
        Graphics::Auto => ability.way,
    }
}

/// Asks the terminal what it can draw. Only for a terminal: the question is written to standard output.
pub(crate) fn ask() -> Ability {
    let options = QueryStdioOptions { timeout: ANSWER, ..QueryStdioOptions::default() };
    // The question is asked in raw mode by a thread that a silent terminal never lets go; so the mode is kept here
    // and put back whatever became of that thread.
    let raw = crossterm::terminal::enable_raw_mode().is_ok();
    let picker = Picker::from_query_stdio_with_options(options);
    if raw {
        crossterm::terminal::disable_raw_mode().ok();
    }
    let picker = picker.unwrap_or_else(|_| Picker::halfblocks());
    let answered = !picker.capabilities().is_empty();
    let way = match picker.protocol_type() {
        ProtocolType::Kitty if picker.capabilities().contains(&Capability::Kitty) => Way::Kitty,
        ProtocolType::Kitty | ProtocolType::Halfblocks => Way::Blocks,
        ProtocolType::Sixel => Way::Sixel,
        ProtocolType::Iterm2 => Way::Iterm,
    };
    let FontSize { width, height } = picker.font_size();
    Ability { way, answered, font: (width.max(1), height.max(1)), tmux: picker.tmux_detected() }
}

/// The largest area of cells, twice as high as wide, that shows a picture undistorted.
fn fit(width_px: u32, height_px: u32, columns: u16, rows: u16) -> Size {
    let (width_px, height_px) = (f64::from(width_px.max(1)), f64::from(height_px.max(1)));
    let scale = (f64::from(columns.max(1)) / width_px).min(f64::from(rows.max(1)) * 2.0 / height_px);
    let cells = |cells: f64, most: u16| (cells.round() as u16).clamp(1, most.max(1));
    Size::new(cells(width_px * scale, columns), cells(height_px * scale / 2.0, rows))
}

/// viuer's sixel support needs a library of the system; ratatui-image's does not.
fn draw_sixel(picture: &DynamicImage, cells: Size, ability: &Ability) -> anyhow::Result<()> {
    let (width, height) = (
        u32::from(cells.width) * u32::from(ability.font.0),
        u32::from(cells.height) * u32::from(ability.font.1),
    );
    let small = picture.resize(width, height, FilterType::Triangle);
    let sixel = Sixel::new(small, cells, ability.tmux)?;
    // Room first, so that drawing does not scroll: then up, draw, and down again.
    let mut text = "\n".repeat(usize::from(cells.height));
    write!(text, "\x1b[{0}A\x1b7{1}\x1b8\x1b[{0}B", cells.height, sixel.data)?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_fit_without_distortion() {
        for (picture, room, wanted) in [
            ((1280, 720), (80, 24), (80, 23)),
            ((1280, 720), (80, 10), (36, 10)),
            ((1080, 1920), (80, 22), (25, 22)),
            ((1, 1), (80, 24), (48, 24)),
            ((5000, 1), (80, 24), (80, 1)),
            ((0, 0), (0, 0), (1, 1)),
        ] {
            let size = fit(picture.0, picture.1, room.0, room.1);
            assert_eq!((size.width, size.height), wanted, "{picture:?} in {room:?}");
        }
    }

    #[test]
    fn a_silent_terminal_is_never_asked_for_kitty() {
        let ability = |way, answered| Ability { way, answered, font: (10, 20), tmux: false };
        for (graphics, way, answered, wanted) in [
            (Graphics::Auto, Way::Sixel, true, Way::Sixel),
            (Graphics::Auto, Way::Blocks, false, Way::Blocks),
            (Graphics::Kitty, Way::Blocks, false, Way::Blocks),
            (Graphics::Kitty, Way::Sixel, true, Way::Kitty),
            (Graphics::Iterm, Way::Blocks, false, Way::Iterm),
            (Graphics::Halfblocks, Way::Kitty, true, Way::Blocks),
        ] {
            assert_eq!(choose(graphics, &ability(way, answered)), wanted, "{graphics:?} {way:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_said_so() {
        let failure = decode(b"GIF? no").expect_err("no picture");
        assert!(failure.message.starts_with("this is no picture"), "{}", failure.message);
    }
}
