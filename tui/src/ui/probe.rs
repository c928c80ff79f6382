//! Asks the terminal once what it can show, after the first frame and without swallowing keys.
//!
//! The library's own question reads the standard input on a thread that can't be stopped: keys pressed meanwhile
//! vanish, and a terminal that never answers costs the first keys after it. Here the input is watched with a
//! deadline, answers go to the library's parser, and everything else is handed on as keys. The event reader only
//! begins afterwards.

use std::{fs::File, io, io::Read as _, io::Write as _, os::fd::AsFd as _, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui_image::picker::{
    Picker, ProtocolType,
    cap_parser::{Parser, QueryStdioOptions, Response},
};
use tokio::io::{Interest, unix::AsyncFd};

use super::Graphics;

/// Asks for the terminal's name and version (XTVERSION). It is answered before the library's question, whose last answer
/// ends the reading.
const VERSION: &[u8] = b"\x1b[>0q";
/// Longest answer to it that is kept, in bytes.
const NAME: usize = 64;
/// The first kitty that places pictures by characters, which is how they are drawn here: 0.28.
const PLACING_KITTY: (u32, u32) = (0, 28);

/// How long the terminal may take. Local ones answer within milliseconds; this is for those behind a slow line.
const PATIENCE: Duration = Duration::from_millis(1200);

/// What the terminal can show.
pub(crate) struct Found {
    /// How to encode pictures; nothing when none shall be shown.
    pub(crate) picker: Option<Picker>,
    /// Whether the background is light, where the terminal said.
    pub(crate) light: Option<bool>,
    /// What was typed meanwhile.
    pub(crate) typed: Vec<Event>,
}

/// Asks, unless the answer is already given by `graphics`.
pub(crate) async fn probe(graphics: Graphics) -> Found {
    let is_tmux = Picker::halfblocks().tmux_detected();
    let (responses, typed) = match ask(is_tmux).await {
        Ok(found) => found,
        Err(error) => {
            tracing::debug!(%error, "the terminal could not be asked");
            (Vec::new(), Vec::new())
        }
    };
    let light = responses.iter().find_map(|response| match response {
        Response::Background(red, green, blue) => {
            Some(u32::from(*red) * 30 + u32::from(*green) * 59 + u32::from(*blue) * 11 > 128 * 100)
        }
        _ => None,
    });
    Found { picker: picker(graphics, &responses), light, typed }
}

/// Chooses the protocol from what was asked for and what the terminal said.
fn picker(graphics: Graphics, responses: &[Response]) -> Option<Picker> {
    let cell = responses.iter().find_map(|response| match response {
        Response::CellSize(size) => *size,
        _ => None,
    });
    let cell = cell.or_else(|| {
        let window = crossterm::terminal::window_size().ok()?;
        let (width, height) =
            (window.width.checked_div(window.columns)?, window.height.checked_div(window.rows)?);
        (width > 0 && height > 0).then_some((width, height))
    });
    let said = |wanted: &Response| responses.contains(wanted);
    let protocol = match graphics {
        Graphics::Off => return None,
        Graphics::Kitty => Some(ProtocolType::Kitty),
        Graphics::Sixel => Some(ProtocolType::Sixel),
        Graphics::Iterm => Some(ProtocolType::Iterm2),
        Graphics::Halfblocks => Some(ProtocolType::Halfblocks),
        Graphics::Auto if said(&Response::Kitty) => Some(ProtocolType::Kitty),
        Graphics::Auto if said(&Response::Sixel) => Some(ProtocolType::Sixel),
        Graphics::Auto => None,
    };
    let Some(cell) = cell else {
        let mut picker = Picker::halfblocks();
        // Whoever names a protocol wants it, even from a terminal that does not tell the size of its letters.
        if let (Some(protocol), true) = (protocol, graphics != Graphics::Auto) {
            picker.set_protocol_type(protocol);
        }
        return Some(picker);
    };
    #[expect(deprecated, reason = "the undeprecated way reads the standard input itself and swallows keys")]
    let mut picker = Picker::from_fontsize(cell.into());
    // Without a protocol, what the library reads from the environment (iTerm2 and its kin) stands.
    if let Some(protocol) = protocol {
        picker.set_protocol_type(protocol);
    }
    Some(picker)
}

/// Terminals that say they know a protocol but draw it wrongly.
fn distrusted() -> Vec<ProtocolType> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("WEZTERM_EXECUTABLE") || set("KONSOLE_VERSION") {
        vec![ProtocolType::Kitty, ProtocolType::Sixel]
    } else {
        Vec::new()
    }
}

/// Puts the question and reads until the last answer or the deadline.
async fn ask(is_tmux: bool) -> io::Result<(Vec<Response>, Vec<Event>)> {
    // A handle of its own: the standard library's would read ahead into a buffer that others can't see.
    let mut input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    #[expect(
        deprecated,
        reason = "its heir is unsafe; a file that is owned here stays open as long as it is watched"
    )]
    let watched = AsyncFd::with_interest(input.try_clone()?, Interest::READABLE)?;
    let question = Parser::query(
        is_tmux,
        QueryStdioOptions {
            terminal_background_color_osc: true,
            blacklist_protocols: distrusted(),
            ..QueryStdioOptions::default()
        },
    );
    let mut output = io::stdout();
    output.write_all(VERSION)?;
    output.write_all(question.as_bytes())?;
    output.flush()?;
    let mut reader = Reader::default();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut bytes = [0; 512];
    while !reader.complete {
        let Ok(ready) = tokio::time::timeout_at(deadline, watched.readable()).await else { break };
        let mut ready = ready?;
        // Something is there, so this does not wait; a terminal gives what it has, up to the length asked for.
        let count = input.read(&mut bytes)?;
        if count < bytes.len() {
            ready.clear_ready();
        }
        if count == 0 {
            break;
        }
        reader.take(&bytes[..count]);
    }
    if reader.too_old() {
        reader.responses.retain(|response| *response != Response::Kitty);
    }
    Ok((reader.responses, reader.typed))
}

/// Tells answers from keys.
struct Reader {
    parser: Parser,
    responses: Vec<Response>,
    typed: Vec<Event>,
    /// Letters that are not complete yet.
    letter: Vec<u8>,
    /// What was last said in a string, without its first letter.
    text: Vec<u8>,
    /// What the terminal calls itself.
    name: String,
    place: Within,
    complete: bool,
}

/// Where in the terminal's bytes the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Among keys.
    Keys,
    /// After an escape.
    Escape,
    /// In a sequence that ends with a letter or `~`.
    Sequence,
    /// In a string that ends with BEL or an escaped backslash.
    Text,
    /// In a string, after an escape.
    TextEscape,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            parser: Parser::new(),
            responses: Vec::new(),
            typed: Vec::new(),
            letter: Vec::new(),
            text: Vec::new(),
            name: String::new(),
            place: Within::Keys,
            complete: false,
        }
    }
}

impl Reader {
    fn take(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let was = self.place;
            self.place = match (was, byte) {
                (Within::Keys, 0x1b) => Within::Escape,
                (Within::Keys, _) => Within::Keys,
                (Within::Escape, b'[' | b'O') => Within::Sequence,
                (Within::Escape, b']' | b'_' | b'P') => Within::Text,
                (Within::Escape, _) => Within::Keys,
                (Within::Sequence, 0x40..=0x7e) => Within::Keys,
                (Within::Sequence, _) => Within::Sequence,
                (Within::Text, 0x07) => Within::Keys,
                (Within::Text, 0x1b) => Within::TextEscape,
                (Within::TextEscape, b'\\') => Within::Keys,
                (Within::Text | Within::TextEscape, _) => Within::Text,
            };
            match (was, self.place) {
                (Within::Escape, Within::Text) => self.text.clear(),
                (Within::Text, Within::Text) if self.text.len() < NAME => self.text.push(byte),
                (Within::Text | Within::TextEscape, Within::Keys) => self.named(),
                _ => {}
            }
            if was == Within::Keys && self.place == Within::Keys {
                self.key(byte);
                continue;
            }
            for response in self.parser.push(char::from(byte)) {
                if response == Response::Status {
                    self.complete = true;
                } else {
                    self.responses.push(response);
                }
            }
        }
    }

    fn named(&mut self) {
        if let Some(name) = self.text.strip_prefix(b">|") {
            self.name = String::from_utf8_lossy(name).into_owned();
        }
    }

    /// Whether it is a kitty that would show the characters instead of the picture.
    fn too_old(&self) -> bool {
        let version = self.name.strip_prefix("kitty(").and_then(|version| {
            let mut numbers = version.split(['.', ')']).map(str::parse::<u32>);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        });
        version.is_some_and(|version| version < PLACING_KITTY)
    }

    fn key(&mut self, byte: u8) {
        let code = match byte {
            b'\r' | b'\n' => KeyCode::Enter,
            b'\t' => KeyCode::Tab,
            0x7f | 0x08 => KeyCode::Backspace,
            0x01..=0x1a => {
                let letter = char::from(byte - 1 + b'a');
                let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
                self.typed.push(Event::Key(key));
                return;
            }
            _ => {
                self.letter.push(byte);
                match std::str::from_utf8(&self.letter) {
                    Ok(text) => {
                        let keys = text.chars().map(KeyCode::Char).map(KeyEvent::from).map(Event::Key);
                        self.typed.extend(keys);
                        self.letter.clear();
                    }
                    Err(error) if error.error_len().is_some() => self.letter.clear(),
                    Err(_) => {}
                }
                return;
            }
        };
        self.typed.push(Event::Key(code.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Reader {
        let mut reader = Reader::default();
        // In two pieces, as a slow line would bring it.
        let (first, second) = bytes.split_at(bytes.len() / 2);
        reader.take(first);
        reader.take(second);
        reader
    }

    #[test]
    fn answers_are_told_from_keys() {
        let kitty =
            b"h\x1b_Gi=31;OK\x1b\\i\x1b[?62;4c\x1b[6;20;10t\xc3\xa9\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[0n";
        let reader = read(kitty);
        assert!(reader.complete);
        assert!(reader.responses.contains(&Response::Kitty));
        assert!(reader.responses.contains(&Response::Sixel));
        assert!(reader.responses.contains(&Response::CellSize(Some((10, 20)))));
        let typed: String = reader
            .typed
            .iter()
            .filter_map(|event| match event {
                Event::Key(KeyEvent { code: KeyCode::Char(letter), .. }) => Some(*letter),
                _ => None,
            })
            .collect();
        assert_eq!(typed, "hié");
    }

    #[test]
    fn a_kitty_that_can_not_place_pictures_is_known_by_its_version() {
        for (answer, too_old) in [
            ("\x1bP>|kitty(0.26.5)\x1b\\", true),
            ("\x1bP>|kitty(0.28.0)\x1b\\", false),
            ("\x1bP>|kitty(1.0)\x1b\\", false),
            ("\x1bP>|ghostty 1.2.0\x1b\\", false),
            ("\x1bP>|tmux 3.3a\x1b\\", false),
            ("\x1bP>|kitty(new)\x1b\\", false),
            ("", false),
        ] {
            let reader = read(format!("{answer}\x1b_Gi=31;OK\x1b\\\x1b[0n").as_bytes());
            assert!(reader.complete && reader.responses == [Response::Kitty], "{answer:?}");
            assert_eq!(reader.too_old(), too_old, "{answer:?}");
        }
    }

    #[test]
    fn the_override_wins() {
        let answers = [Response::Kitty, Response::CellSize(Some((10, 20)))];
        for (graphics, wanted) in [
            (Graphics::Auto, Some(ProtocolType::Kitty)),
            (Graphics::Sixel, Some(ProtocolType::Sixel)),
            (Graphics::Halfblocks, Some(ProtocolType::Halfblocks)),
            (Graphics::Off, None),
        ] {
            assert_eq!(
                picker(graphics, &answers).map(|picker| picker.protocol_type()),
                wanted,
                "{graphics:?}"
            );
        }
    }
}
