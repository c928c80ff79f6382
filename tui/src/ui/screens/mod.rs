//! The places of the interface: plain structs that hold what each one shows.

mod admin;
mod chat;
mod gallery;
mod login;
mod wallet;

use serde::{Deserialize, Serialize};

pub(crate) use self::{
    admin::{AuditLog, Jobs, Ledger, Users, Verifying},
    chat::{Chat, Focus},
    gallery::{Gallery, Tile},
    login::{Field, Login},
    wallet::WalletScreen,
};
use super::{
    keymap::Motion,
    model::{Fault, Page},
    msg::Ticket,
};

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tab {
    /// Talking.
    #[default]
    Chat,
    /// Jobs under way.
    Queue,
    /// Results.
    Gallery,
    /// Credits.
    Wallet,
    /// Members.
    Users,
    /// Everybody's jobs.
    Jobs,
    /// Every transfer.
    Ledger,
    /// What admins did.
    Audit,
}

impl Tab {
    /// For everybody.
    pub(crate) const OPEN: [Self; 4] = [Self::Chat, Self::Queue, Self::Gallery, Self::Wallet];
    /// For admins too.
    pub(crate) const ALL: [Self; 8] = [
        Self::Chat,
        Self::Queue,
        Self::Gallery,
        Self::Wallet,
        Self::Users,
        Self::Jobs,
        Self::Ledger,
        Self::Audit,
    ];

    /// What stands on it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Chat => "Chat",
            Self::Queue => "Queue",
            Self::Gallery => "Gallery",
            Self::Wallet => "Wallet",
            Self::Users => "Users",
            Self::Jobs => "Jobs",
            Self::Ledger => "Ledger",
            Self::Audit => "Audit",
        }
    }
}

/// Every place, whether it is shown or not.
#[derive(Debug, Default)]
pub(crate) struct Screens {
    /// Talking.
    pub(crate) chat: Chat,
    /// Which job of the queue is selected.
    pub(crate) queue: List,
    /// Results.
    pub(crate) gallery: Gallery,
    /// Credits.
    pub(crate) wallet: WalletScreen,
    /// Members.
    pub(crate) users: Users,
    /// Everybody's jobs.
    pub(crate) jobs: Jobs,
    /// The ledger.
    pub(crate) ledger: Ledger,
    /// The audit log.
    pub(crate) audit: AuditLog,
    /// Logging in.
    pub(crate) login: Login,
}

/// Which row is selected, and which is the first that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct List {
    /// The selected row.
    pub(crate) selected: usize,
    /// The first row that is shown; drawing keeps the selected one in sight.
    pub(crate) top: usize,
    /// How many rows fit; drawing tells.
    pub(crate) room: usize,
}

impl List {
    /// Moves the selection within `count` rows, `stride` of them to a line.
    pub(crate) fn travel(&mut self, motion: Motion, count: usize, stride: usize) {
        let page = self.room.max(1) * stride;
        let last = count.saturating_sub(1);
        self.selected = match motion {
            Motion::Up => self.selected.checked_sub(stride).unwrap_or(self.selected),
            Motion::Down if self.selected + stride <= last => self.selected + stride,
            Motion::Down => self.selected,
            Motion::Left => self.selected.saturating_sub(1),
            Motion::Right => self.selected + 1,
            Motion::PageUp => self.selected.saturating_sub(page),
            Motion::PageDown => self.selected + page,
            Motion::First => 0,
            Motion::Last => last,
        }
        .min(last);
    }

    /// Keeps the selection within `count` rows.
    pub(crate) fn clamp(&mut self, count: usize) {
        self.selected = self.selected.min(count.saturating_sub(1));
    }

    /// Scrolls so that the selected of `lines` lines is in sight of `room`.
    pub(crate) fn reveal(&mut self, line: usize, lines: usize, room: usize) {
        self.room = room;
        if line < self.top {
            self.top = line;
        } else if room > 0 && line >= self.top + room {
            self.top = line + 1 - room;
        }
        self.top = self.top.min(lines.saturating_sub(room));
    }
}

/// Rows that live in the daemon, fetched page by page.
#[derive(Debug)]
pub(crate) struct Remote<T> {
    /// What arrived.
    pub(crate) rows: Vec<T>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    /// Whether an answer is awaited.
    pub(crate) loading: bool,
    /// Whether any answer ever came.
    pub(crate) loaded: bool,
    /// Why the newest question was not answered.
    pub(crate) fault: Option<Fault>,
    /// Of the newest question.
    ticket: Ticket,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), next: None, loading: false, loaded: false, fault: None, ticket: 0 }
    }
}

impl<T> Remote<T> {
    /// Notes that a question goes out; answers to earlier ones no longer count.
    pub(crate) fn ask(&mut self) -> Ticket {
        self.ticket += 1;
        self.loading = true;
        self.ticket
    }

    /// Takes an answer; `more` adds it behind the rows that are there. False when it came too late.
    pub(crate) fn answer(&mut self, ticket: Ticket, answer: Result<Page<T>, Fault>, more: bool) -> bool {
        if ticket != self.ticket {
            return false;
        }
        self.loading = false;
        match answer {
            Ok(page) => {
                if more {
                    self.rows.extend(page.rows);
                } else {
                    self.rows = page.rows;
                }
                self.next = page.next;
                self.loaded = true;
                self.fault = None;
            }
            Err(fault) => self.fault = Some(fault),
        }
        true
    }

    /// Where to go on when the selection nears the end of what is there.
    pub(crate) fn wants_more(&self, selected: usize) -> Option<String> {
        if self.loading || selected + 10 < self.rows.len() { None } else { self.next.clone() }
    }
}
