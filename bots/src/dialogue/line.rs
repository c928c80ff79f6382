//! Sentences of the bot's own.

use crate::phrases::{Phrases, fill};

/// What can't be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Speech or music.
    Voice,
    /// A sticker.
    Sticker,
    /// Anything that moves.
    Video,
    /// Whatever else a platform has.
    Other,
}

/// A sentence of the bot's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Welcome.
    Start,
    /// What can be done.
    Help,
    /// What is kept.
    Privacy,
    /// How to get a code.
    LinkHow,
    /// Whether everything shall be deleted; with buttons.
    ForgetSure,
    /// Nothing was deleted.
    Kept,
    /// A new conversation has begun.
    Begun,
    /// The chat belongs to an account now.
    Linked {
        /// The account.
        member: String,
        /// Credits that came along.
        credits: u64,
        /// Other things that came along.
        items: u64,
    },
    /// It does not any more.
    Unlinked,
    /// Everything was deleted.
    Forgotten {
        /// How many things.
        items: u64,
        /// What stays, and why.
        stays: String,
    },
    /// The originals were sent.
    FilesSent,
    /// What shall be changed; the answer presses the button.
    ChangeHow {
        /// What was behind it.
        token: String,
    },
    /// How pictures were made.
    About(About),
    /// A message that has no pictures of ours.
    NoPicture,
    /// A form whose pictures are not known any more.
    FormLost,
    /// The pictures are deleted, their message could not be.
    NotRemoved,
    /// A kind of message that can't be understood.
    NothingSaid {
        /// Which.
        kind: Kind,
    },
    /// A file that is no picture.
    NotAPicture {
        /// Its type, where the platform says it.
        kind: Option<String>,
    },
    /// A file that is too large.
    TooLarge {
        /// Most that is possible, in MB.
        megabytes: u64,
    },
    /// More words than anybody reads.
    TooLong {
        /// Most that are read.
        letters: usize,
    },
    /// An earlier message was changed.
    Edited,
    /// The daemon can't be reached.
    Away,
    /// It belongs to somebody else.
    NotYours,
    /// Too much at once.
    SlowDown {
        /// Until then.
        seconds: u64,
    },
    /// Too much is waiting here.
    Behind,
    /// The daemon's own words.
    Daemon {
        /// As they are.
        words: String,
    },
}

/// How pictures were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What was asked.
    pub asked: String,
    /// By which algorithm.
    pub algorithm: String,
    /// From which seed.
    pub seed: u64,
    /// How many, and how large, such as `4 × 1280×720`.
    pub size: String,
    /// What was charged.
    pub credits: u64,
}

impl Line {
    /// Whether it says no, which concerns the one who asked alone.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NothingSaid { .. }
                | Self::NotAPicture { .. }
                | Self::TooLarge { .. }
                | Self::TooLong { .. }
                | Self::Away
                | Self::NotYours
                | Self::NoPicture
                | Self::FormLost
                | Self::SlowDown { .. }
                | Self::Behind
                | Self::Daemon { .. }
        )
    }

    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, phrases: &Phrases) -> String {
        match self {
            Self::Start => phrases.start.clone(),
            Self::Help => phrases.help.trim().to_owned(),
            Self::Privacy => phrases.privacy.clone(),
            Self::LinkHow => phrases.link_how.clone(),
            Self::ForgetSure => phrases.forget_sure.clone(),
            Self::Kept => phrases.kept.clone(),
            Self::Begun => phrases.begun.clone(),
            Self::Linked { member, credits, items } => fill(
                &phrases.linked,
                &[("credits", &credits.to_string()), ("items", &items.to_string()), ("member", member)],
            ),
            Self::Unlinked => phrases.unlinked.clone(),
            Self::Forgotten { items, stays } => {
                fill(&phrases.forgotten, &[("items", &items.to_string()), ("stays", stays)])
            }
            Self::FilesSent => phrases.files_sent.clone(),
            Self::ChangeHow { .. } => phrases.change_how.clone(),
            Self::About(about) => fill(
                &phrases.about,
                &[
                    ("asked", &about.asked),
                    ("algorithm", &about.algorithm),
                    ("seed", &about.seed.to_string()),
                    ("size", &about.size),
                    ("credits", &about.credits.to_string()),
                ],
            ),
            Self::NoPicture => phrases.no_picture.clone(),
            Self::FormLost => phrases.form_lost.clone(),
            Self::NotRemoved => phrases.not_removed.clone(),
            Self::NothingSaid { kind } => {
                let kinds = &phrases.kinds;
                let kind = match kind {
                    Kind::Voice => &kinds.voice,
                    Kind::Sticker => &kinds.sticker,
                    Kind::Video => &kinds.video,
                    Kind::Other => &kinds.other,
                };
                fill(&phrases.nothing_said, &[("kind", kind)])
            }
            Self::NotAPicture { kind: Some(kind) } => fill(&phrases.not_a_picture, &[("kind", kind)]),
            Self::NotAPicture { kind: None } => phrases.unknown_file.clone(),
            Self::TooLarge { megabytes } => {
                fill(&phrases.too_large, &[("megabytes", &megabytes.to_string())])
            }
            Self::TooLong { letters } => fill(&phrases.too_long, &[("letters", &letters.to_string())]),
            Self::Edited => phrases.edited.clone(),
            Self::Away => phrases.away.clone(),
            Self::NotYours => phrases.not_yours.clone(),
            Self::SlowDown { seconds } => fill(&phrases.slow_down, &[("seconds", &seconds.to_string())]),
            Self::Behind => phrases.behind.clone(),
            Self::Daemon { words } => fill(&phrases.broken, &[("reason", words)]),
        }
    }
}
