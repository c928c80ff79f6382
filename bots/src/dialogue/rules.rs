//! How fast a platform lets a bot speak, and how much it listens to.

use std::time::Duration;

use crate::render::Limits;

/// The numbers of one chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// What fits into a message.
    pub limits: Limits,
    /// Pause between two messages or edits of a chat.
    pub send_gap: Duration,
    /// Pause between two edits of one message that only show progress.
    pub edit_gap: Duration,
    /// A press is acknowledged after this long, answered or not.
    pub acknowledge_within: Duration,
    /// What one person may say in a minute.
    pub heard_per_minute: u32,
    /// Letters that one message may have; the daemon reads no more.
    pub letters: usize,
    /// Messages and questions that may wait in one chat.
    pub waiting: usize,
    /// How often something is tried again when the platform can't be reached.
    pub tries: u32,
    /// Whether pictures in messages lose quality, so that originals are worth a button.
    pub recompresses: bool,
}

impl Rules {
    /// Telegram's: about a message a second in a chat, twenty a minute in a group.
    #[must_use]
    pub const fn telegram(group: bool) -> Self {
        let (send_gap, edit_gap) = if group { (3_000, 5_000) } else { (1_000, 3_000) };
        Self {
            limits: Limits::TELEGRAM,
            send_gap: Duration::from_millis(send_gap),
            edit_gap: Duration::from_millis(edit_gap),
            acknowledge_within: Duration::from_secs(1),
            heard_per_minute: 20,
            letters: 8_000,
            waiting: 100,
            tries: 8,
            recompresses: true,
        }
    }

    /// Discord's: five messages in five seconds in a channel; its library spaces them by the headers of the answers.
    pub const DISCORD: Self = Self {
        limits: Limits::DISCORD,
        send_gap: Duration::from_millis(250),
        edit_gap: Duration::from_secs(3),
        acknowledge_within: Duration::from_secs(1),
        heard_per_minute: 20,
        letters: 8_000,
        waiting: 100,
        tries: 8,
        recompresses: false,
    };

    /// The pause before try number `tries`.
    #[must_use]
    pub fn pause(&self, tries: u32) -> Duration {
        Duration::from_secs(1 << tries.min(6))
    }
}
