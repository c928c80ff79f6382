//! The one table of keys. Dispatch, footer, help and palette all read it, so none of them can go stale.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::screens::Tab;

pub(crate) use self::table::BINDINGS;

/// Who may have the keys, the innermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Layer {
    /// The command palette.
    Palette,
    /// The help page.
    Help,
    /// A question with answers.
    Confirm,
    /// A picture that fills the screen.
    Viewer,
    /// A question with a line to type.
    Prompt,
    /// Logging in.
    Login,
    /// Nothing is connected.
    Outside,
    /// Typing in the chat.
    Typing,
    /// Looking at the chat's cards.
    Cards,
    /// The list of conversations.
    Side,
    /// The queue.
    Queue,
    /// The gallery.
    Gallery,
    /// The wallet.
    Wallet,
    /// Members.
    Users,
    /// Everybody's jobs.
    Jobs,
    /// The ledger.
    Ledger,
    /// The audit log.
    Audit,
    /// Everywhere that nobody types.
    Browse,
    /// Everywhere.
    Global,
}

/// Where to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Motion {
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
}

/// All that a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// Leave.
    Quit,
    /// Show the keys of this place.
    Help,
    /// Find a command.
    Palette,
    /// Another tab.
    Go(Tab),
    /// The tab with this number.
    GoTo(u8),
    /// The next tab.
    NextTab,
    /// The tab before.
    PreviousTab,
    /// Move.
    Move(Motion),
    /// Open what is selected.
    Open,
    /// Back.
    Back,
    /// Search or filter by words.
    Search,
    /// The next filter.
    Filter,
    /// Load again.
    Refresh,
    /// Take back a deletion.
    Undo,
    /// Say it.
    Send,
    /// Break the line.
    NewLine,
    /// Begin to type.
    Type,
    /// Words sent before, or a line up.
    Earlier,
    /// Words sent after, or a line down.
    Later,
    /// Begin a conversation.
    NewConversation,
    /// Give it another name.
    Rename,
    /// Show or hide the list of conversations.
    ToggleSide,
    /// Write in the person's editor.
    Edit,
    /// Attach a picture.
    Attach,
    /// Take the last attachment off.
    Detach,
    /// The same again.
    Again,
    /// The same with another seed.
    Vary,
    /// End a job.
    Cancel,
    /// Delete.
    Delete,
    /// Copy.
    Copy,
    /// Open in the system's viewer.
    OpenOutside,
    /// Keep as a file.
    Save,
    /// Fill the screen with the picture.
    View,
    /// Give or take credits.
    Adjust,
    /// Change a role.
    ChangeRole,
    /// Suspend or end that.
    Suspend,
    /// Make a code for a new password.
    ResetPassword,
    /// Make an invitation.
    Invite,
    /// Run a member's job again.
    RetryForMember,
    /// Give a job's price back.
    Refund,
    /// Replay the ledger.
    Verify,
    /// The next field.
    NextField,
    /// The field before.
    PreviousField,
    /// Between logging in and a new account.
    SwitchLogin,
}

/// A key as it stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A plain key.
    Plain(KeyCode),
    /// With control.
    Ctrl(char),
    /// With alt.
    Alt(KeyCode),
    /// The same letter twice.
    Twice(char),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding {
    /// Where.
    pub(crate) layer: Layer,
    /// Which keys.
    pub(crate) keys: &'static [Key],
    /// What they do.
    pub(crate) action: Action,
    /// How the footer, help and palette call it.
    pub(crate) label: &'static str,
    /// Whether the footer shows it.
    pub(crate) footer: bool,
}

impl Key {
    /// What was pressed.
    pub(crate) fn of(event: KeyEvent) -> Self {
        match event.code {
            KeyCode::Char(letter) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Self::Ctrl(letter.to_ascii_lowercase())
            }
            code if event.modifiers.contains(KeyModifiers::ALT) => Self::Alt(code),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Self::Plain(KeyCode::BackTab),
            code => Self::Plain(code),
        }
    }

    /// The letter that it types, if it does.
    pub(crate) fn letter(self) -> Option<char> {
        match self {
            Self::Plain(KeyCode::Char(letter)) => Some(letter),
            _ => None,
        }
    }

    /// What stands on it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Plain(code) => code_name(code),
            Self::Ctrl(letter) => format!("Ctrl+{}", letter.to_ascii_uppercase()),
            Self::Alt(code) => format!("Alt+{}", code_name(code)),
            Self::Twice(letter) => format!("{letter}{letter}"),
        }
    }
}

fn code_name(code: KeyCode) -> String {
    match code {
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(letter) => letter.to_string(),
        KeyCode::Enter => "Enter".to_owned(),
        KeyCode::Esc => "Esc".to_owned(),
        KeyCode::Tab => "Tab".to_owned(),
        KeyCode::BackTab => "Shift+Tab".to_owned(),
        KeyCode::Up => "↑".to_owned(),
        KeyCode::Down => "↓".to_owned(),
        KeyCode::Left => "←".to_owned(),
        KeyCode::Right => "→".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        KeyCode::F(number) => format!("F{number}"),
        other => format!("{other:?}"),
    }
}

/// What a key does in these layers; the first layer that knows it decides. `before` is the letter pressed just
/// before, for keys that are pressed twice.
pub(crate) fn find(layers: &[Layer], key: Key, before: Option<char>) -> Option<Action> {
    let twice = key.letter().filter(|letter| before == Some(*letter)).map(Key::Twice);
    layers.iter().find_map(|layer| {
        BINDINGS
            .iter()
            .filter(|binding| binding.layer == *layer)
            .find(|binding| {
                binding.keys.contains(&key) || twice.is_some_and(|twice| binding.keys.contains(&twice))
            })
            .map(|binding| binding.action)
    })
}

/// The rows that hold in these layers; a key or action that an inner layer knows hides the outer one's.
pub(crate) fn of_layers<'a>(layers: &'a [Layer]) -> impl Iterator<Item = &'static Binding> + 'a {
    layers.iter().enumerate().flat_map(move |(depth, layer)| {
        BINDINGS.iter().filter(move |binding| {
            binding.layer == *layer
                && !layers[..depth].iter().any(|inner| {
                    BINDINGS.iter().any(|other| {
                        other.layer == *inner
                            && (other.action == binding.action
                                || binding.keys.iter().all(|key| other.keys.contains(key)))
                    })
                })
        })
    })
}
