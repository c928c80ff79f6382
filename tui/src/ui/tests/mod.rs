//! Tests of the whole interface, without a terminal, a daemon or a clock.

mod decisions;
mod fixtures;
mod flow;
mod layers;
mod screens;

use std::{sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, backend::TestBackend, layout::Size};
use ratatui_image::picker::Picker;

use super::{
    Place, ThemeChoice,
    app::App,
    model::{Clock, Member, Role, Studio},
    msg::{Cmd, Msg, Net, Order, PictureNews},
    picture::encode,
    state::Saved,
    update::update,
    view::view,
};

/// When all of this happens.
const NOW: i64 = 1_795_000_000;

/// The interface, and all that it wanted done.
struct Probe {
    app: App,
    cmds: Vec<Cmd>,
    /// Answers the interface's wishes for pictures.
    paints: bool,
}

impl Probe {
    /// Before anything has happened.
    fn starting() -> Self {
        let app = App::new(clock(0), TimeZone::UTC, ThemeChoice::Dark, true, Saved::default());
        let mut probe = Self { app, cmds: Vec::new(), paints: false };
        probe.send(Msg::Picture(PictureNews::Probed { shown: true, light: Some(false) }));
        probe
    }

    /// Connected, as a member.
    fn member() -> Self {
        let mut probe = Self::starting();
        probe.net(Net::Connected(Place::Embedded));
        probe.net(Net::LinkUp);
        probe.net(Net::Me(member("anna", Role::Member), studio()));
        probe.net(Net::Wallet(Ok(fixtures::wallet())));
        probe.net(Net::Unfinished(Vec::new()));
        probe.net(Net::Starters(fixtures::starters()));
        probe
    }

    /// Connected, as an admin.
    fn admin() -> Self {
        let mut probe = Self::member();
        probe.net(Net::Me(member("anna", Role::Owner), studio()));
        probe
    }

    fn send(&mut self, msg: Msg) -> &mut Self {
        let cmds = update(&mut self.app, msg);
        self.cmds.extend(cmds);
        self
    }

    fn net(&mut self, net: Net) -> &mut Self {
        self.send(Msg::Net(net))
    }

    /// Time passes, in milliseconds since the start.
    fn at(&mut self, ms: u64) -> &mut Self {
        self.send(Msg::Tick(clock(ms)))
    }

    /// Presses keys: letters as they are, others in angle brackets such as `<Enter>`.
    fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(letter) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let (key, after) = match named {
                Some((name, after)) => (named_key(name), after),
                None => (KeyEvent::from(KeyCode::Char(letter)), &rest[letter.len_utf8()..]),
            };
            rest = after;
            self.send(Msg::Terminal(Event::Key(key)));
        }
        self
    }

    /// What was wanted since the last time.
    fn wanted(&mut self) -> Vec<Cmd> {
        std::mem::take(&mut self.cmds)
    }

    /// The orders among that.
    fn orders(&mut self) -> Vec<Order> {
        self.wanted()
            .into_iter()
            .filter_map(|cmd| match cmd {
                Cmd::Net(order) => Some(order),
                _ => None,
            })
            .collect()
    }

    /// Draws until every picture that can be there is there.
    fn screen(&mut self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        for _ in 0..4 {
            terminal.draw(|frame| view(&mut self.app, frame)).unwrap();
            let wishes = update(&mut self.app, Msg::Drawn);
            if !self.paints || wishes.is_empty() {
                self.cmds.extend(wishes);
                break;
            }
            for wish in wishes {
                self.grant(wish);
            }
        }
        terminal.backend().to_string()
    }

    fn grant(&mut self, wish: Cmd) {
        match wish {
            Cmd::Net(Order::Bytes(source, ..)) => {
                self.net(Net::Bytes(source, Ok(fixtures::jpeg())));
            }
            Cmd::Encode(key, ticket, bytes) => {
                let size = Size::new(key.width, key.height);
                let protocol = encode(&Picker::halfblocks(), &bytes, size);
                self.send(Msg::Picture(PictureNews::Encoded(key, ticket, protocol)));
            }
            other => self.cmds.push(other),
        }
    }
}

fn named_key(name: &str) -> KeyEvent {
    let (modifiers, name) = match name.split_once('+') {
        Some(("Ctrl", name)) => (KeyModifiers::CONTROL, name),
        Some(("Alt", name)) => (KeyModifiers::ALT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Back" => KeyCode::Backspace,
        "PgUp" => KeyCode::PageUp,
        name => KeyCode::Char(name.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

fn clock(ms: u64) -> Clock {
    let wall = Timestamp::from_millisecond(NOW * 1000 + ms as i64).unwrap();
    Clock { mono: Duration::from_millis(ms), wall }
}

fn ago(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(NOW - seconds).ok()
}

fn member(name: &str, role: Role) -> Member {
    Member {
        id: format!("id-of-{name}"),
        name: name.to_owned(),
        role,
        suspended: false,
        last_login_at: ago(3600),
        plan: "free".to_owned(),
    }
}

fn studio() -> Studio {
    Studio { name: "Studio Nord".to_owned(), version: "0.1.0".to_owned(), accepting: true }
}

fn bytes(words: &str) -> Arc<[u8]> {
    words.as_bytes().into()
}
