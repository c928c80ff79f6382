//! `atelier` in a terminal: one of the many that answer no question about themselves.

use std::{
    collections::HashSet,
    io::{Read as _, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use atelier_tests::{Home, binary};
use portable_pty::{ChildKiller, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// However busy the machine is, nothing that is waited for here takes longer.
const LONGEST: Duration = Duration::from_secs(120);
/// What half-block pictures are made of.
const BLOCKS: [&str; 2] = ["▀", "▄"];

/// A terminal with a program in it.
struct Terminal {
    /// How lines were edited and shown before the program.
    before: String,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal outlives the program, as a real one does.
    slave: Option<Box<dyn SlavePty + Send>>,
    keys: Box<dyn Write + Send>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    parser: vt100::Parser,
    exit_code: Option<u32>,
    closed: bool,
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Waits until something holds.
    #[track_caller]
    fn until(&self, what: &str, holds: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let gives_up = Instant::now() + LONGEST;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !holds(&state) {
            let left = gives_up.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited for {what} in vain:\n{}", state.parser.screen().contents());
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }
}

impl Terminal {
    /// Runs `atelier` in a new terminal.
    fn run(home: &Home, arguments: &[&str], (columns, rows): (u16, u16)) -> anyhow::Result<Self> {
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        let (rows, columns) = (rows.try_into()?, columns.try_into()?);
        let pair = native_pty_system().openpty(size)?;
        let before = modes(&*pair.master);
        let mut command = CommandBuilder::new(binary("atelier")?);
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.cwd(home.path());
        command.args(arguments);
        let mut child = pair.slave.spawn_command(command)?;
        let shared = Arc::new(Shared::default());
        shared.change(|state| state.parser = vt100::Parser::new(rows, columns, 0));
        let (mut output, reading) = (pair.master.try_clone_reader()?, Arc::clone(&shared));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                reading.change(|state| state.parser.process(&bytes[..length]));
            }
            reading.change(|state| state.closed = true);
        });
        let (killer, waiting) = (child.clone_killer(), Arc::clone(&shared));
        std::thread::spawn(move || {
            // A program that can't be waited for has no exit code that anybody expects.
            let exit_code = child.wait().map_or(u32::MAX, |status| status.exit_code());
            waiting.change(|state| state.exit_code = Some(exit_code));
        });
        let keys = pair.master.take_writer()?;
        Ok(Self { before, master: pair.master, slave: Some(pair.slave), keys, killer, shared })
    }

    /// Types.
    fn press(&mut self, keys: &str) -> anyhow::Result<()> {
        self.keys.write_all(keys.as_bytes())?;
        Ok(self.keys.flush()?)
    }

    /// Waits until the screen shows something.
    #[track_caller]
    fn until(&self, what: &str, shows: impl Fn(&vt100::Screen) -> bool) {
        drop(self.shared.until(what, |state| shows(state.parser.screen())));
    }

    /// Waits for the end of the program, sees to it that the terminal is as it was, and gives the exit code with
    /// the last screen.
    #[track_caller]
    fn end(mut self) -> (u32, vt100::Screen) {
        drop(self.shared.until("the end of the program", |state| state.exit_code.is_some()));
        assert_eq!(modes(&*self.master), self.before, "keys and lines are as they were");
        drop(self.slave.take());
        let state = self.shared.until("the last of its output", |state| state.closed);
        let screen = state.parser.screen().clone();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        (state.exit_code.unwrap_or(u32::MAX), screen)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already where all went well.
        self.killer.kill().ok();
    }
}

/// The terminal's modes, in words.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

/// How many cells of half-block pictures the screen shows, and in how many pairs of colours.
fn picture(screen: &vt100::Screen) -> (usize, usize) {
    let (rows, columns) = screen.size();
    let cells =
        (0..rows.get()).flat_map(|row| (0..columns.get()).filter_map(move |column| screen.cell(row, column)));
    let blocks: Vec<_> = cells.filter(|cell| BLOCKS.contains(&cell.contents())).collect();
    let colours: HashSet<_> =
        blocks.iter().map(|cell| format!("{:?}{:?}", cell.fgcolor(), cell.bgcolor())).collect();
    (blocks.len(), colours.len())
}

#[test]
fn a_picture_file_is_drawn_where_nothing_is_known_of_the_terminal() -> anyhow::Result<()> {
    let home = Home::new()?;
    let painted = image::RgbImage::from_fn(320, 180, |x, y| image::Rgb([(x * 4 / 5) as u8, y as u8, 90]));
    painted.save(home.path().join("a.png"))?;
    for graphics in ["auto", "halfblocks"] {
        let terminal = Terminal::run(&home, &["--graphics", graphics, "show", "a.png"], (100, 30))?;
        let (exit_code, screen) = terminal.end();
        assert_eq!(exit_code, 0, "{}", screen.contents());
        let (cells, colours) = picture(&screen);
        assert!(cells > 1_000 && colours > 50, "{cells} cells in {colours} colours");
    }
    let off = Terminal::run(&home, &["--graphics", "off", "show", "a.png"], (100, 30))?;
    let (exit_code, screen) = off.end();
    assert_eq!((exit_code, picture(&screen).0), (2, 0), "{}", screen.contents());
    Ok(())
}

#[test]
fn a_thumbnail_is_made_saved_and_drawn() -> anyhow::Result<()> {
    let home = Home::new()?;
    let sentence = "baking sourdough, title \"CRUST!\", warm";
    let terminal = Terminal::run(&home, &["thumbnail", sentence, "-o", "crust.jpg"], (100, 40))?;
    let (exit_code, screen) = terminal.end();
    let text = screen.contents();
    assert_eq!(exit_code, 0, "{text}");
    assert!(text.contains("crust.jpg") && text.contains("--conversation"), "{text}");
    let (cells, colours) = picture(&screen);
    assert!(cells > 1_000 && colours > 50, "{cells} cells in {colours} colours");
    let file = image::open(home.path().join("crust.jpg"))?;
    assert_eq!((file.width(), file.height()), (1280, 720));
    Ok(())
}

#[test]
fn somebody_who_types_is_asked_for_what_costs_more() -> anyhow::Result<()> {
    let home = Home::new()?;
    // What is left of the day's free credits does not cover it, so it is not made unasked.
    for moved in [
        ["wallet"].as_slice(),
        &["admin", "credits", "owner", "-15", "--reason", "for the test"],
        &["admin", "credits", "owner", "15", "--reason", "for the test"],
    ] {
        let (exit_code, screen) = Terminal::run(&home, moved, (100, 30))?.end();
        assert_eq!(exit_code, 0, "{}", screen.contents());
    }
    let many =
        ["thumbnail", "a loaf", "--title", "Crust", "--count", "8", "--graphics", "off", "-o", "c.jpg"];
    for (answer, wanted) in [("n", 8), ("y", 0)] {
        let mut terminal = Terminal::run(&home, &many, (100, 30))?;
        terminal.until("the question", |screen| screen.contents().contains("Make it? [y/N]"));
        terminal.press(&format!("{answer}\r"))?;
        let (exit_code, screen) = terminal.end();
        assert_eq!(exit_code, wanted, "{}", screen.contents());
    }
    assert!(home.path().join("c-8.jpg").exists());
    Ok(())
}

#[test]
fn leaving_is_not_cancelling() -> anyhow::Result<()> {
    let home = Home::new()?;
    // The largest shape in the slowest format: it must not be done before somebody can leave.
    let many = [
        "thumbnail",
        "a loaf",
        "--title",
        "Crust",
        "--count",
        "8",
        "--aspect",
        "9:16",
        "--format",
        "png",
        "--graphics",
        "off",
        "-o",
        "c.png",
    ];
    let mut terminal = Terminal::run(&home, &many, (100, 30))?;
    terminal.until("the bar", |screen| screen.contents().contains('%'));
    terminal.press("\x03")?;
    let (exit_code, screen) = terminal.end();
    let text = screen.contents();
    assert_eq!(exit_code, 130, "{text}");
    assert!(text.contains("the job is kept and goes on when Atelier runs next"), "{text}");
    let job = text.split_whitespace().last().unwrap_or_default().to_owned();
    let shown =
        Terminal::run(&home, &["show", "--follow", &job, "-o", "c.png", "--graphics", "off"], (100, 30))?;
    let (exit_code, screen) = shown.end();
    assert_eq!(exit_code, 0, "{}", screen.contents());
    assert!(home.path().join("c-8.png").exists());
    Ok(())
}

#[test]
fn the_first_start_leads_to_a_picture() -> anyhow::Result<()> {
    let home = Home::new()?;
    let studio = home.path().join("studio");
    let studio = studio.to_str().unwrap_or_default();
    let mut terminal = Terminal::run(&home, &["--data", studio, "--graphics", "halfblocks"], (120, 40))?;
    terminal.until("the chat", |screen| {
        let text = screen.contents();
        text.contains("What shall we make?") && text.contains("20 credits")
    });
    terminal.press("thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours\r")?;
    terminal.until("the picture", |screen| {
        let (cells, colours) = picture(screen);
        cells > 300 && colours > 40
    });
    terminal.until("the price", |screen| {
        let text = screen.contents();
        text.contains("19 credits") && !text.contains("set aside")
    });
    terminal.press("\x03")?;
    let (exit_code, screen) = terminal.end();
    assert_eq!(exit_code, 0, "{}", screen.contents());
    assert_eq!(picture(&screen).0, 0, "what was there before is there again");
    let (exit_code, screen) = Terminal::run(&home, &["--data", studio, "jobs"], (120, 40))?.end();
    assert_eq!(exit_code, 0);
    assert!(screen.contents().contains("baking sourdough") && screen.contents().contains("succeeded"));
    Ok(())
}
