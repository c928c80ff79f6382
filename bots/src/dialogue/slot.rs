//! One message of ours: what it shall show, and what it shows.

use atelier_proto::v1::{Card, Progress, card::Body};

use super::{
    line::Line,
    rules::Rules,
    words::{Ask, At},
};
use crate::render::{Button, Message, Style, UNKNOWN, render};

/// What stands behind buttons that the bot answers itself begins so; no token of the daemon's does.
pub(super) const OWN: char = '!';
pub(super) const FORGET: &str = "!forget:";
pub(super) const KEEP: &str = "!keep";
pub(super) const FILES: &str = "!files:";

/// `<platform>:<user>` of a person, wherever they speak.
pub(super) fn user(person: &str) -> &str {
    match person.match_indices(':').nth(1) {
        Some((channel, _)) => &person[..channel],
        None => person,
    }
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Of an earlier run; the card comes soon.
    Unknown,
    /// A card of the daemon's.
    Card(Box<Card>),
    /// A sentence of the bot's.
    Line(Line),
}

/// One message of ours.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// Earlier ones go first.
    pub(super) order: u64,
    /// What it answers.
    pub(super) ask: Ask,
    pub(super) content: Content,
    /// The newest progress of its job.
    pub(super) news: Option<Box<Progress>>,
    /// Where it is; none while it was not sent, or when somebody deleted it.
    pub(super) message: Option<i64>,
    /// What it shows.
    pub(super) shown: Option<Message>,
    pub(super) edited_at: At,
    /// The job that is followed for it.
    pub(super) job: Option<String>,
    /// Whether the daemon remembers it.
    pub(super) bound: bool,
    /// Deleted by somebody; the end of the job is told anew.
    pub(super) deleted: bool,
    pub(super) tries: u32,
    /// Its message shows the words and pictures already; they are not sent again.
    pub(super) only_buttons: bool,
}

impl Slot {
    pub(super) fn new(order: u64, ask: Ask, content: Content) -> Self {
        Self {
            order,
            ask,
            content,
            news: None,
            message: None,
            shown: None,
            edited_at: At::ZERO,
            job: None,
            bound: false,
            deleted: false,
            tries: 0,
            only_buttons: false,
        }
    }

    /// Whether more is to come: its job has not ended.
    pub(super) fn is_open(&self) -> bool {
        match &self.content {
            Content::Unknown => true,
            Content::Card(card) => matches!(card.body, Some(Body::Progress(_))),
            Content::Line(_) => false,
        }
    }

    /// Whether the next edit would show no more than how far its job is.
    pub(super) fn is_only_progress(&self) -> bool {
        self.message.is_some() && self.shown.is_some() && self.is_open()
    }

    /// The job of a card that has not ended.
    pub(super) fn open_job(&self) -> Option<String> {
        match &self.content {
            Content::Card(card) => match &card.body {
                Some(Body::Progress(card)) => card.job.as_ref().map(|job| job.job_id.clone()),
                _ => None,
            },
            Content::Unknown | Content::Line(_) => None,
        }
    }

    /// What it shall show; none where that is not known yet.
    pub(super) fn wanted(&self, rules: &Rules) -> Option<Message> {
        match &self.content {
            Content::Unknown => None,
            Content::Line(line) => Some(self.line(line)),
            Content::Card(card) => {
                let news = if self.is_open() { self.news.as_deref() } else { None };
                let drawn = render(card, news, &rules.limits);
                // A daemon that is newer than this bot may have buttons that the platform does not take.
                let mut message = drawn.unwrap_or_else(|_| Message::plain(UNKNOWN));
                if let Some(button) = self.original(card, rules).filter(|_| !message.pictures.is_empty()) {
                    message.buttons.truncate(rules.limits.rows.saturating_sub(1));
                    message.buttons.push(vec![button]);
                }
                Some(message)
            }
        }
    }

    fn original(&self, card: &Card, rules: &Rules) -> Option<Button> {
        let Some(Body::Result(card)) = &card.body else { return None };
        let job = card.job.as_ref().filter(|_| rules.recompresses)?;
        let token = format!("{FILES}{}", job.job_id);
        let fits = token.len() <= rules.limits.token_bytes;
        let label = self.ask.language.phrases().as_file.clone();
        fits.then_some(Button { label, token, style: Style::Secondary })
    }

    fn line(&self, line: &Line) -> Message {
        let phrases = self.ask.language.phrases();
        let button = |label: &str, token: &str, style| Button {
            label: label.to_owned(),
            token: token.to_owned(),
            style,
        };
        let buttons = match line {
            Line::ForgetSure => vec![vec![
                button(&phrases.forget_yes, &format!("{FORGET}{}", user(&self.ask.person)), Style::Danger),
                button(&phrases.forget_no, KEEP, Style::Secondary),
            ]],
            _ => Vec::new(),
        };
        let asks_for = match line {
            Line::ChangeHow { token } => Some(token.clone()),
            _ => None,
        };
        Message {
            text: line.text(phrases),
            buttons,
            asks_for,
            alone: line.is_refusal(),
            ..Message::default()
        }
    }

    /// Whether it shows what it shall, for good.
    pub(super) fn is_settled(&self, rules: &Rules) -> bool {
        !self.is_open() && self.shown.is_some() && self.shown == self.wanted(rules)
    }
}
