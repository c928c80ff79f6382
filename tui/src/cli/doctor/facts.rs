//! What the doctor looks at. Nothing here judges, and nothing waits for more than a few seconds.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::Duration,
};

use atelier_proto::{
    client::Patience,
    v1::{GetInfoRequest, WhoAmIRequest},
};

use crate::{
    cli::{Context, picture, words},
    session::{self, Session, folders},
    ui::Place,
};

/// How long the daemon may take to open or to answer.
const DAEMON: Duration = Duration::from_secs(20);
const TMUX: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) terminal: Terminal,
    /// The data folder, where the daemon is local.
    pub(super) data: Option<Folder>,
    /// The folder with logs and sessions.
    pub(super) state: Option<Folder>,
    /// Session files that others can read.
    pub(super) open_sessions: Vec<PathBuf>,
    pub(super) has_key: bool,
    pub(super) daemon: Daemon,
    pub(super) version: String,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Terminal {
    pub(super) is_one: bool,
    /// `TERM`.
    pub(super) kind: String,
    pub(super) columns: u16,
    pub(super) rows: u16,
    /// The way that pictures are drawn, and whether the terminal said so itself.
    pub(super) graphics: Option<(&'static str, bool)>,
    /// What `--graphics` asks for, unless it is left to the terminal.
    pub(super) wished: Option<String>,
    pub(super) true_colour: bool,
    pub(super) no_color: bool,
    /// tmux's `allow-passthrough`, inside tmux; empty where it could not be read.
    pub(super) tmux: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) exists: bool,
    pub(super) writable: bool,
    /// Whether others can look into it.
    pub(super) open: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Daemon {
    /// There is no data folder yet, and none was made only to look at it.
    #[default]
    NotBegun,
    Answers {
        endpoint: String,
        place: &'static str,
        studio: String,
        version: String,
        accepting: bool,
        registration: &'static str,
        /// The member and the role, or why the caller is nobody.
        caller: Result<String, String>,
    },
    Silent(String),
}

pub(super) async fn gather(context: &Context) -> Facts {
    let remote = context.global.connect.as_deref().is_some_and(|address| !address.is_empty());
    let data = context.global.data.clone().or_else(folders::default_data);
    let data = data.filter(|_| !remote).map(|path| folder(&path));
    let daemon = match &data {
        Some(data) if !data.exists => Daemon::NotBegun,
        _ => Box::pin(daemon(context)).await,
    };
    Facts {
        terminal: terminal(context).await,
        data,
        state: folders::state().map(|path| folder(&path)),
        open_sessions: open_sessions(),
        has_key: session::api_key().is_some(),
        daemon,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

async fn terminal(context: &Context) -> Terminal {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let is_one = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let (columns, rows) = crossterm::terminal::size().unwrap_or_default();
    let ability = if is_one { tokio::task::spawn_blocking(picture::ask).await.ok() } else { None };
    let graphics = context.global.graphics;
    Terminal {
        is_one,
        kind: set("TERM").unwrap_or_default(),
        columns,
        rows,
        graphics: ability.map(|ability| (ability.way.name(), ability.answered)),
        wished: (graphics != crate::ui::Graphics::Auto).then(|| format!("{graphics:?}").to_lowercase()),
        true_colour: set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit"),
        no_color: set("NO_COLOR").is_some(),
        tmux: if set("TMUX").is_some() { Some(passthrough().await) } else { None },
    }
}

/// What tmux says about its passthrough; nothing when it does not answer in time.
async fn passthrough() -> String {
    let asked = tokio::task::spawn_blocking(|| {
        std::process::Command::new("tmux").args(["show", "-gv", "allow-passthrough"]).output()
    });
    match tokio::time::timeout(TMUX, asked).await {
        Ok(Ok(Ok(output))) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => String::new(),
    }
}

fn folder(path: &Path) -> Folder {
    let Ok(metadata) = std::fs::metadata(path) else {
        return Folder { path: path.to_owned(), ..Folder::default() };
    };
    Folder {
        path: path.to_owned(),
        exists: true,
        // Asked by doing: rights alone do not tell of a read-only disk.
        writable: can_create_in(path),
        open: mode(&metadata) & 0o077 != 0,
    }
}

fn can_create_in(folder: &Path) -> bool {
    let file = folder.join(format!(".doctor-{}", uuid::Uuid::new_v4()));
    let made = std::fs::File::create_new(&file).is_ok();
    if made {
        std::fs::remove_file(&file).ok();
    }
    made
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
}

#[cfg(not(unix))]
fn mode(_metadata: &std::fs::Metadata) -> u32 {
    0
}

fn open_sessions() -> Vec<PathBuf> {
    let Some(entries) = folders::state().and_then(|state| std::fs::read_dir(state.join("sessions")).ok())
    else {
        return Vec::new();
    };
    let open =
        |entry: &std::fs::DirEntry| entry.metadata().is_ok_and(|metadata| mode(&metadata) & 0o077 != 0);
    entries.flatten().filter(open).map(|entry| entry.path()).collect()
}

async fn daemon(context: &Context) -> Daemon {
    let looked = tokio::time::timeout(DAEMON, async {
        match context.open().await {
            Ok(session) => {
                let found = look(&session).await;
                session.close().await;
                found
            }
            Err(failure) => Daemon::Silent(failure.message),
        }
    });
    looked
        .await
        .unwrap_or_else(|_| Daemon::Silent(format!("it did not answer within {} s", DAEMON.as_secs())))
}

async fn look(session: &Session) -> Daemon {
    let client = session.client.with_patience(Patience::NONE);
    let info = client.call(|client| async move { client.system().get_info(GetInfoRequest {}).await }).await;
    let info = match info {
        Ok(info) => info,
        Err(status) => return Daemon::Silent(status.message().to_owned()),
    };
    let who = client.call(|client| async move { client.accounts().who_am_i(WhoAmIRequest {}).await }).await;
    let registration = words::registration(info.registration());
    Daemon::Answers {
        endpoint: session.endpoint.to_string(),
        place: match session.place {
            Place::Embedded => "opened here for this look",
            Place::Joined => "serves the data folder",
            Place::Remote(_) => "elsewhere",
        },
        studio: info.studio_name,
        version: info.version,
        accepting: info.accepting,
        registration,
        caller: match who {
            Ok(answer) => {
                let member = answer.member.unwrap_or_default();
                Ok(format!("{} ({})", member.name, words::role(member.role())))
            }
            Err(status) => Err(status.message().to_owned()),
        },
    }
}
