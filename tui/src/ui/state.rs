//! What comes back at the next start: draft, tab, selection.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    app::App,
    screens::{Screens, Tab},
};

/// Most words sent that are remembered.
const HISTORY: usize = 50;

/// What comes back at the next start.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Saved {
    /// The tab that was shown.
    pub(crate) tab: Tab,
    /// The words being written.
    pub(crate) draft: String,
    /// Words sent before, the newest last.
    pub(crate) history: Vec<String>,
    /// The conversation that was open.
    pub(crate) conversation: Option<String>,
    /// Whether the list of conversations was shown, where somebody decided.
    pub(crate) side: Option<bool>,
    /// Which result was selected.
    pub(crate) gallery: usize,
    /// Which job of the queue was selected.
    pub(crate) queue: usize,
    /// Which transfer was selected.
    pub(crate) wallet: usize,
}

impl Saved {
    /// What would come back if the interface ended now.
    pub(crate) fn of(app: &App) -> Self {
        let chat = &app.screens.chat;
        let history = chat.editor.history();
        Self {
            tab: app.tab,
            draft: chat.editor.text().to_owned(),
            history: history[history.len().saturating_sub(HISTORY)..].to_vec(),
            conversation: chat.open.clone(),
            side: chat.side_shown,
            gallery: app.screens.gallery.list.selected,
            queue: app.screens.queue.selected,
            wallet: app.screens.wallet.list.selected,
        }
    }

    /// Puts everything back.
    pub(crate) fn apply(self, screens: &mut Screens) {
        let chat = &mut screens.chat;
        chat.editor.set(&self.draft);
        chat.editor.remember(self.history);
        chat.open = self.conversation;
        chat.side_shown = self.side;
        screens.gallery.list.selected = self.gallery;
        screens.queue.selected = self.queue;
        screens.wallet.list.selected = self.wallet;
    }

    /// Reads what was kept. A missing or damaged file is no reason not to start.
    pub(crate) fn load(path: &Path) -> Self {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, "the interface's state could not be read; starting fresh");
                Self::default()
            }),
            Err(_) => Self::default(),
        }
    }

    /// Keeps it: whole or not at all. Blocks.
    pub(crate) fn store(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension("new");
        std::fs::write(&beside, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(beside, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("ui.json");
        let saved = Saved {
            tab: Tab::Gallery,
            draft: "thumbnail of".to_owned(),
            history: vec!["first".to_owned()],
            gallery: 3,
            ..Saved::default()
        };
        saved.store(&path).unwrap();
        assert_eq!(Saved::load(&path), saved);
        std::fs::write(&path, b"{ torn").unwrap();
        assert_eq!(Saved::load(&path), Saved::default());
        std::fs::write(&path, br#"{"tab":"wallet","unknown":1}"#).unwrap();
        assert_eq!(Saved::load(&path).tab, Tab::Wallet);
    }
}
