//! Pictures in the terminal, below the text that was printed so far.
//!
//! viuer draws half blocks and iTerm2's pictures. Its own detection writes into pipes and waits for ever on a
//! terminal that does not answer, and its kitty printer always detects. So nothing happens unless both ends are a
//! terminal; ratatui-image asks the terminal, for a second at most; and kitty's protocol and sixels, which viuer
//! could only do after asking or with a library of the system, are written here.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
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
/// Largest piece in one kitty command, as its protocol has it.
const KITTY_PIECE: usize = 4096;
/// Longest side of what is sent to the terminal, in pixels.
const MOST_PX: u32 = 1600;
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
        Graphics::Auto | Graphics::Sixel => ask(),
        _ => Ability { way: Way::Blocks, answered: false, font: (10, 20), tmux: false },
    };
    let cells = fit(picture.width(), picture.height(), columns.min(COLUMNS), rows.saturating_sub(2));
    let way = choose(graphics, &ability);
    // No more pixels than a terminal can show; and in the plain form that every way understands.
    let large = picture.width().max(picture.height()) > MOST_PX;
    let picture = if large { picture.thumbnail(MOST_PX, MOST_PX) } else { picture.clone() };
    let picture = DynamicImage::ImageRgba8(picture.into_rgba8());
    match way {
        Way::Kitty => return draw_kitty(&picture, cells),
        Way::Sixel => return draw_sixel(&picture, cells, &ability),
        Way::Iterm | Way::Blocks => {}
    }
    let config = viuer::Config {
        absolute_offset: false,
        width: Some(u32::from(cells.width)),
        height: Some(u32::from(cells.height)),
        use_kitty: false,
        use_iterm: way == Way::Iterm,
        ..viuer::Config::default()
    };
    viuer::print(&picture, &config)?;
    Ok(())
}

/// What the flag asks for, else what the terminal said.
fn choose(graphics: Graphics, ability: &Ability) -> Way {
    match graphics {
        Graphics::Kitty => Way::Kitty,
        Graphics::Sixel => Way::Sixel,
        Graphics::Iterm => Way::Iterm,
        Graphics::Halfblocks | Graphics::Off => Way::Blocks,
        // tmux does not know where a kitty picture stands, and leaves it behind when it scrolls.
        Graphics::Auto if ability.tmux && ability.way == Way::Kitty => Way::Blocks,
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

/// Sends the picture in pieces, as kitty's protocol wants it, and asks for no answer.
fn draw_kitty(picture: &DynamicImage, cells: Size) -> anyhow::Result<()> {
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png)?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(kitty(png.get_ref(), cells).as_bytes())?;
    Ok(stdout.flush()?)
}

fn kitty(png: &[u8], cells: Size) -> String {
    let encoded = STANDARD.encode(png);
    let pieces = encoded.as_bytes().chunks(KITTY_PIECE);
    let last = pieces.len().saturating_sub(1);
    let mut text = String::new();
    for (i, piece) in pieces.enumerate() {
        let more = u8::from(i < last);
        text += &match i {
            0 => format!("\x1b_Ga=T,f=100,q=2,c={},r={},m={more};", cells.width, cells.height),
            _ => format!("\x1b_Gm={more};"),
        };
        text += &String::from_utf8_lossy(piece);
        text += "\x1b\\";
    }
    text + "\n"
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
    fn a_flag_wins_over_what_the_terminal_says() {
        for (graphics, way, tmux, wanted) in [
            (Graphics::Auto, Way::Sixel, false, Way::Sixel),
            (Graphics::Auto, Way::Kitty, false, Way::Kitty),
            (Graphics::Auto, Way::Kitty, true, Way::Blocks),
            (Graphics::Kitty, Way::Blocks, false, Way::Kitty),
            (Graphics::Iterm, Way::Blocks, false, Way::Iterm),
            (Graphics::Halfblocks, Way::Kitty, false, Way::Blocks),
        ] {
            let ability = Ability { way, answered: true, font: (10, 20), tmux };
            assert_eq!(choose(graphics, &ability), wanted, "{graphics:?} {way:?}");
        }
    }

    #[test]
    fn kitty_gets_pieces_and_is_not_asked() {
        let text = kitty(&[7; 5000], Size::new(8, 4));
        let pieces: Vec<_> = text.trim_end().split_terminator("\x1b\\").collect();
        assert_eq!(pieces.len(), 2);
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,q=2,c=8,r=4,m=1;"));
        assert!(pieces[1].starts_with("\x1b_Gm=0;"));
        assert_eq!(pieces[0].split(';').nth(1).map(str::len), Some(4096));
        assert!(kitty(&[7; 12], Size::new(1, 1)).contains(",m=0;"));
    }

    #[test]
    fn what_is_no_picture_is_said_so() {
        let failure = decode(b"GIF? no").expect_err("no picture");
        assert!(failure.message.starts_with("this is no picture"), "{}", failure.message);
    }
}
