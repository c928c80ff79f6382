//! Takes the terminal and gives it back, whatever happens.

use std::{
    io::{self, BufWriter, Stdout, Write as _},
    panic, thread,
};

use crossterm::{
    cursor, event, execute,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    layout::{Position, Rect},
};

/// A frame leaves in few writes; many small ones tear.
const BUFFER_BYTES: usize = 64 * 1024;

/// The terminal, ours until this is dropped.
pub(crate) struct Screen {
    /// Draws.
    pub(crate) terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes the terminal. Nothing is asked of it, so nothing is waited for.
    pub(crate) fn take() -> io::Result<Self> {
        restore_on_panic();
        enter()?;
        let output = BufWriter::with_capacity(BUFFER_BYTES, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(output)).inspect_err(|_| give_back())?;
        Ok(Self { terminal })
    }

    /// Gives the terminal to another program until [`Screen::resume`].
    pub(crate) fn suspend() {
        give_back();
    }

    /// Takes it again and draws everything anew.
    pub(crate) fn resume(&mut self) -> io::Result<()> {
        enter()?;
        // Not `clear`, which asks the terminal where its cursor is and fails when no answer comes.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, event::EnableMouseCapture, event::EnableBracketedPaste)
        .inspect_err(|_| give_back())
}

/// Nothing can be done about a terminal that does not take this; trying the rest is best.
fn give_back() {
    let mut output = io::stdout();
    execute!(
        output,
        event::DisableBracketedPaste,
        event::DisableMouseCapture,
        LeaveAlternateScreen,
        cursor::Show
    )
    .ok();
    output.flush().ok();
    disable_raw_mode().ok();
}

/// A panic's message has to be readable, so the terminal is given back before it is printed. A worker that
/// panics is answered for by whoever waits for it; its message goes to the log, not over the picture.
fn restore_on_panic() {
    let ours = thread::current().id();
    let printing = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == ours {
            give_back();
            printing(info);
        } else {
            tracing::error!(%info, "a worker panicked");
        }
    }));
}
