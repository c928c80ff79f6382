//! Everything that the interface knows and shows: one value.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::tz::TimeZone;
use ratatui::layout::{Position, Rect};

use super::{
    Place, ThemeChoice,
    keymap::{Action, Layer},
    modals::Modal,
    model::{Clock, Job, JobState, Member, Progress, Studio, Wallet},
    picture::Pictures,
    screens::{Field, Focus, Screens, Tab, Verifying},
    state::Saved,
    theme::Theme,
};

/// How long a deletion can be taken back.
pub(crate) const UNDO: Duration = Duration::from_secs(5);
/// How long a word stays.
pub(crate) const TOAST: Duration = Duration::from_secs(4);
/// Most words shown at once.
const TOASTS: usize = 3;

/// The whole interface.
#[derive(Debug)]
pub(crate) struct App {
    /// What time it is.
    pub(crate) clock: Clock,
    /// Where the person is, for telling times.
    pub(crate) zone: TimeZone,
    /// Colours.
    pub(crate) theme: Theme,
    /// How the colours were chosen.
    pub(crate) theme_choice: ThemeChoice,
    /// Whether colours may be used at all.
    pub(crate) colour: bool,
    /// How far the connection has come.
    pub(crate) phase: Phase,
    /// Whether the connection stands.
    pub(crate) link: Link,
    /// Where the daemon is.
    pub(crate) place: Option<Place>,
    /// Who is looking.
    pub(crate) me: Option<Member>,
    /// The daemon's name and version.
    pub(crate) studio: Studio,
    /// What there is to spend.
    pub(crate) wallet: Option<Wallet>,
    /// Jobs under way.
    pub(crate) work: Work,
    /// The tab that is shown.
    pub(crate) tab: Tab,
    /// All tabs.
    pub(crate) screens: Screens,
    /// What lies over the tab, the top one last.
    pub(crate) modals: Vec<Modal>,
    /// Words that go away by themselves.
    pub(crate) toasts: Vec<Toast>,
    /// Ids of what is about to be deleted and no longer shown.
    pub(crate) hidden: Vec<String>,
    /// Pictures, as they are drawn.
    pub(crate) pictures: Pictures,
    /// What can be clicked, as last drawn.
    pub(crate) hits: Vec<(Rect, Target)>,
    /// The letter pressed just before, for keys that are pressed twice.
    pub(crate) before: Option<char>,
}

/// How far the connection has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On its way; the line says how far. Everything can be looked at meanwhile.
    Starting(String),
    /// Somebody has to log in.
    Login,
    /// There is a daemon.
    Ready,
    /// There is none.
    Failed {
        /// Why.
        text: String,
        /// Whether nobody tries any more.
        over: bool,
    },
}

/// Whether the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// It does, or has not been needed yet.
    Up,
    /// It broke.
    Lost {
        /// When.
        since: Duration,
        /// Why.
        why: String,
    },
}

/// Jobs under way.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// Unfinished jobs, oldest first.
    pub(crate) unfinished: Vec<Job>,
    /// Whether that list was ever received.
    pub(crate) loaded: bool,
    /// The newest word on each.
    pub(crate) progress: HashMap<String, Progress>,
    /// Jobs whose previews are followed.
    pub(crate) followed: HashSet<String>,
}

/// A word that goes away by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    /// The word.
    pub(crate) text: String,
    /// Whether it tells of trouble.
    pub(crate) bad: bool,
    /// When it goes.
    pub(crate) until: Duration,
    /// What happens when it goes, unless it is taken back.
    pub(crate) deletion: Option<Deletion>,
}

/// Something about to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// A job with its results.
    Job(String),
    /// A conversation.
    Conversation(String),
}

impl Deletion {
    /// Id of what is deleted.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Job(id) | Self::Conversation(id) => id,
        }
    }
}

/// Something that can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A tab.
    Tab(Tab),
    /// A row of the tab's list.
    Row(usize),
    /// A picture of the gallery.
    Tile(usize),
    /// Something that was said.
    Entry(usize),
    /// A button of a card: which entry, which button.
    Button(usize, usize),
    /// A sentence to begin with.
    Starter(usize),
    /// A conversation of the list.
    Conversation(usize),
    /// The field to type in.
    Input,
    /// An answer of a question.
    Choice(usize),
    /// A command of the palette.
    Found(usize),
    /// A field of the form.
    Field(Field),
    /// An action, such as a key of the footer.
    Do(Action),
}

impl App {
    /// The interface before anything has happened.
    pub(crate) fn new(
        clock: Clock,
        zone: TimeZone,
        theme_choice: ThemeChoice,
        colour: bool,
        saved: Saved,
    ) -> Self {
        let mut app = Self {
            clock,
            zone,
            theme: Theme::choose(theme_choice, false, colour),
            theme_choice,
            colour,
            phase: Phase::Starting("starting".to_owned()),
            link: Link::Up,
            place: None,
            me: None,
            studio: Studio::default(),
            wallet: None,
            work: Work::default(),
            tab: saved.tab,
            screens: Screens::default(),
            modals: Vec::new(),
            toasts: Vec::new(),
            hidden: Vec::new(),
            pictures: Pictures::default(),
            hits: Vec::new(),
            before: None,
        };
        saved.apply(&mut app.screens);
        app
    }

    /// Who has the keys, the innermost first. The one place that decides it.
    pub(crate) fn layers(&self) -> Vec<Layer> {
        if let Some(modal) = self.modals.last() {
            return vec![modal.layer()];
        }
        match self.phase {
            Phase::Login => return vec![Layer::Login],
            Phase::Failed { .. } => return vec![Layer::Outside],
            Phase::Starting(_) | Phase::Ready => {}
        }
        let inner = match self.tab {
            Tab::Chat => match self.screens.chat.focus {
                Focus::Input => return vec![Layer::Typing, Layer::Global],
                Focus::Cards => Layer::Cards,
                Focus::Side => Layer::Side,
            },
            Tab::Queue => Layer::Queue,
            Tab::Gallery => Layer::Gallery,
            Tab::Wallet => Layer::Wallet,
            Tab::Users => Layer::Users,
            Tab::Jobs => Layer::Jobs,
            Tab::Ledger => Layer::Ledger,
            Tab::Audit => Layer::Audit,
        };
        vec![inner, Layer::Browse, Layer::Global]
    }

    /// The tabs that this person has.
    pub(crate) fn tabs(&self) -> &'static [Tab] {
        match &self.me {
            Some(me) if me.role.runs_the_studio() => &Tab::ALL,
            _ => &Tab::OPEN,
        }
    }

    /// Shows a word for a while.
    pub(crate) fn say(&mut self, text: impl Into<String>, bad: bool) {
        let until = self.clock.mono + TOAST;
        self.toast(Toast { text: text.into(), bad, until, deletion: None });
    }

    /// Shows a word, the newest last. One with a deletion is never pushed out by others.
    pub(crate) fn toast(&mut self, toast: Toast) {
        self.toasts.push(toast);
        if self.toasts.len() > TOASTS
            && let Some(oldest) = self.toasts.iter().position(|toast| toast.deletion.is_none())
        {
            self.toasts.remove(oldest);
        }
    }

    /// What lies under the mouse.
    pub(crate) fn target(&self, at: Position) -> Option<Target> {
        self.hits.iter().rev().find(|(area, _)| area.contains(at)).map(|(_, target)| *target)
    }

    /// Whether something moves and has to be drawn again soon.
    pub(crate) fn is_animated(&self) -> bool {
        matches!(self.phase, Phase::Starting(_))
            || self.screens.chat.talking
            || self.screens.login.waiting
            || self.is_loading()
            || self.work.unfinished.iter().any(|job| job.state == JobState::Running)
    }

    /// Whether the place that is shown waits for its rows.
    fn is_loading(&self) -> bool {
        let screens = &self.screens;
        match self.tab {
            Tab::Chat => screens.chat.conversations.loading || screens.chat.messages.loading,
            Tab::Queue => false,
            Tab::Gallery => screens.gallery.jobs.loading,
            Tab::Wallet => screens.wallet.transfers.loading,
            Tab::Users => screens.users.members.loading,
            Tab::Jobs => screens.jobs.jobs.loading,
            Tab::Ledger => {
                screens.ledger.transfers.loading || matches!(screens.ledger.verifying, Verifying::Running)
            }
            Tab::Audit => screens.audit.entries.loading,
        }
    }

    /// How long until something changes by itself.
    pub(crate) fn next_change(&self) -> Duration {
        let quiet = match (self.is_animated(), &self.link) {
            (true, _) => Duration::from_millis(120),
            (false, Link::Lost { .. }) => Duration::from_secs(1),
            // For "2 min ago".
            (false, Link::Up) => Duration::from_secs(20),
        };
        let toast = self.toasts.iter().map(|toast| toast.until.saturating_sub(self.clock.mono)).min();
        toast.map_or(quiet, |toast| toast.min(quiet))
    }
}
