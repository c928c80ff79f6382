//! What the facts mean, in plain words. Pure.

use super::facts::{Daemon, Facts, Folder, Terminal};

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Right,
    /// Works, but there is something to know.
    Note,
    Wrong,
}

impl Mark {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Right => "ok",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Right => '✓',
            Self::Note => '•',
            Self::Wrong => '✗',
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) mark: Mark,
    pub(super) about: &'static str,
    pub(super) found: String,
    /// What to do; empty where nothing has to be done.
    pub(super) advice: String,
}

fn check(mark: Mark, about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Check {
    Check { mark, about, found: found.into(), advice: advice.into() }
}

/// The checks, one a line, each with what to do below it.
pub(super) fn text(checks: &[Check]) -> String {
    let mut lines = Vec::new();
    for check in checks {
        lines.push(format!("{} {:<9} {}", check.mark.sign(), check.about, check.found));
        if !check.advice.is_empty() {
            lines.push(format!("  {:<9} → {}", "", check.advice));
        }
    }
    lines.join("\n")
}

pub(super) fn checks(facts: &Facts) -> Vec<Check> {
    let mut checks = vec![check(Mark::Right, "version", format!("atelier {}", facts.version), "")];
    terminal(&facts.terminal, &mut checks);
    if let Some(data) = &facts.data {
        checks.push(folder("data", data));
    }
    if let Some(state) = &facts.state {
        checks.push(folder("state", state));
    }
    for file in &facts.open_sessions {
        let file = file.display();
        let found = format!("{file} can be read by others");
        checks.push(check(Mark::Wrong, "session", found, format!("chmod 600 {file}, then log in again")));
    }
    if facts.has_key {
        checks.push(check(Mark::Note, "key", "ATELIER_KEY is set and counts more than a login", ""));
    }
    daemon(facts, &mut checks);
    checks
}

fn terminal(terminal: &Terminal, checks: &mut Vec<Check>) {
    if !terminal.is_one {
        let found = "this is no terminal (a pipe or a job)";
        checks.push(check(Mark::Note, "terminal", found, "pictures are drawn on a terminal only"));
        return;
    }
    let Terminal { kind, columns, rows, .. } = terminal;
    let found = format!("{kind}, {columns}×{rows}");
    checks.push(match (kind.as_str(), *columns < 80 || *rows < 24) {
        ("" | "dumb", _) => {
            check(Mark::Wrong, "terminal", "TERM is not set", "set TERM to what the terminal is")
        }
        (_, true) => check(Mark::Note, "terminal", found, "the UI wants 80×24 at least to show everything"),
        (_, false) => check(Mark::Right, "terminal", found, ""),
    });
    checks.push(graphics(terminal));
    if !terminal.true_colour {
        let found = "the terminal does not say that it shows all colours";
        checks.push(check(Mark::Note, "colours", found, "if it does, set COLORTERM=truecolor"));
    }
    if terminal.no_color {
        checks.push(check(Mark::Note, "colours", "NO_COLOR is set; the UI goes without", ""));
    }
    if let Some(passthrough) = &terminal.tmux {
        checks.push(tmux(passthrough));
    }
}

fn graphics(terminal: &Terminal) -> Check {
    if let Some(wished) = &terminal.wished {
        let found = format!("{wished}, because --graphics says so");
        return check(Mark::Note, "pictures", found, "");
    }
    match terminal.graphics {
        Some((way, true)) if way != "halfblocks" => check(Mark::Right, "pictures", way, ""),
        Some((way, true)) => check(
            Mark::Note,
            "pictures",
            format!("{way}: coarse, but they work everywhere"),
            "for sharp ones use kitty, Ghostty, WezTerm, iTerm2, foot or another terminal with sixels",
        ),
        Some((way, false)) => check(
            Mark::Note,
            "pictures",
            format!("the terminal did not answer; {way} are taken"),
            "if it can do more, name it: --graphics kitty, sixel or iterm",
        ),
        None => check(Mark::Note, "pictures", "could not be asked for", ""),
    }
}

fn tmux(passthrough: &str) -> Check {
    match passthrough {
        "on" | "all" => check(Mark::Right, "tmux", "lets pictures through", ""),
        "" => check(
            Mark::Note,
            "tmux",
            "did not say whether it lets pictures through",
            "tmux 3.3 or newer can: set -g allow-passthrough on",
        ),
        _ => check(
            Mark::Wrong,
            "tmux",
            "keeps pictures from the terminal",
            "add `set -g allow-passthrough on` to ~/.tmux.conf, then `tmux source ~/.tmux.conf`; or --graphics \
             halfblocks",
        ),
    }
}

fn folder(about: &'static str, folder: &Folder) -> Check {
    let path = folder.path.display();
    match folder {
        Folder { exists: false, .. } => {
            check(Mark::Note, about, format!("{path} is not there yet"), "it is made when it is needed")
        }
        Folder { writable: false, .. } => check(
            Mark::Wrong,
            about,
            format!("{path} can't be written"),
            "give yourself the right to, make room on the disk, or choose another with --data DIR",
        ),
        Folder { open: true, .. } => {
            check(Mark::Note, about, format!("{path} can be read by others"), format!("chmod 700 {path}"))
        }
        Folder { .. } => check(Mark::Right, about, path.to_string(), ""),
    }
}

fn daemon(facts: &Facts, checks: &mut Vec<Check>) {
    match &facts.daemon {
        Daemon::NotBegun => {
            checks.push(check(Mark::Note, "daemon", "none yet", "`atelier` begins one with the data folder"));
        }
        Daemon::Silent(why) => {
            let advice =
                "is the address right, and does atelierd run there? For one at home, leave --connect out";
            checks.push(check(Mark::Wrong, "daemon", format!("can't be reached: {why}"), advice));
        }
        Daemon::Answers { endpoint, place, studio, version, accepting, registration, caller } => {
            checks.push(check(Mark::Right, "daemon", format!("{studio} at {endpoint} ({place})"), ""));
            if *version != facts.version {
                let found = format!("the daemon is {version}, this is {}", facts.version);
                checks.push(check(Mark::Note, "version", found, "use the same of both to have everything"));
            }
            if !accepting {
                let found = "takes no new work: it is stopping, or its store has stopped";
                checks.push(check(Mark::Wrong, "daemon", found, "look into its log; is the disk full?"));
            }
            checks.push(match caller {
                Ok(caller) => check(Mark::Right, "you", caller, ""),
                Err(why) => {
                    let advice =
                        format!("atelier login, or atelier register (registration is {registration})");
                    check(Mark::Wrong, "you", format!("not known to it: {why}"), advice)
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Facts {
        Facts {
            terminal: Terminal {
                is_one: true,
                kind: "xterm-kitty".to_owned(),
                columns: 120,
                rows: 40,
                graphics: Some(("kitty", true)),
                true_colour: true,
                ..Terminal::default()
            },
            data: Some(good("/home/anna/.local/share/atelier")),
            state: Some(good("/home/anna/.local/state/atelier")),
            open_sessions: Vec::new(),
            has_key: false,
            daemon: Daemon::Answers {
                endpoint: "unix:/run/user/1000/atelier/a.sock".to_owned(),
                place: "serves the data folder",
                studio: "Atelier".to_owned(),
                version: "0.1.0".to_owned(),
                accepting: true,
                registration: "closed",
                caller: Ok("anna (owner)".to_owned()),
            },
            version: "0.1.0".to_owned(),
        }
    }

    fn good(path: &str) -> Folder {
        Folder { path: path.into(), exists: true, writable: true, open: false }
    }

    #[test]
    fn a_healthy_place() {
        let checks = checks(&healthy());
        assert!(checks.iter().all(|check| check.mark == Mark::Right && check.advice.is_empty()));
        insta::assert_snapshot!("doctor_healthy", text(&checks));
    }

    #[test]
    fn a_place_where_much_is_wrong() {
        let mut facts = healthy();
        facts.terminal.graphics = Some(("halfblocks", false));
        facts.terminal.true_colour = false;
        facts.terminal.no_color = true;
        facts.terminal.columns = 60;
        facts.terminal.tmux = Some("off".to_owned());
        facts.data = Some(Folder { writable: false, ..good("/srv/atelier") });
        facts.state = Some(Folder { open: true, ..good("/home/anna/.local/state/atelier") });
        facts.open_sessions = vec!["/home/anna/.local/state/atelier/sessions/a.json".into()];
        facts.has_key = true;
        facts.daemon = Daemon::Answers {
            endpoint: "https://studio.example:7340".to_owned(),
            place: "elsewhere",
            studio: "Studio".to_owned(),
            version: "0.2.0".to_owned(),
            accepting: false,
            registration: "invite",
            caller: Err("the session has ended".to_owned()),
        };
        insta::assert_snapshot!("doctor_ill", text(&checks(&facts)));
    }

    #[test]
    fn before_the_first_start_and_in_a_pipe() {
        let facts = Facts {
            terminal: Terminal::default(),
            data: Some(Folder { path: "/home/anna/.local/share/atelier".into(), ..Folder::default() }),
            state: None,
            daemon: Daemon::NotBegun,
            ..healthy()
        };
        insta::assert_snapshot!("doctor_fresh", text(&checks(&facts)));
        let silent = Facts { daemon: Daemon::Silent("connection refused".to_owned()), data: None, ..facts };
        insta::assert_snapshot!("doctor_silent", text(&checks(&silent)));
    }
}
