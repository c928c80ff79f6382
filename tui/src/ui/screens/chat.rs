//! The conversation.

use super::{
    super::{
        editor::Editor,
        model::{Body, Button, Card, Conversation, Entry, Page, Said},
        msg::Attachment,
    },
    List, Remote,
};

/// What the keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Focus {
    /// The field to type in.
    #[default]
    Input,
    /// What was said.
    Cards,
    /// The list of conversations.
    Side,
}

/// The conversation and the list of all of them.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    /// All conversations.
    pub(crate) conversations: Remote<Conversation>,
    /// Selection in that list.
    pub(crate) side: List,
    /// Whether the list is shown; undecided: when the screen is wide.
    pub(crate) side_shown: Option<bool>,
    /// Whether drawing found room for it.
    pub(crate) side_visible: bool,
    /// The conversation that is shown; none is a new one.
    pub(crate) open: Option<String>,
    /// Whether the words just said begin a conversation whose id is not known yet.
    pub(crate) beginning: bool,
    /// What was said, page by page; `next` leads to earlier pages.
    pub(crate) messages: Remote<Entry>,
    /// Whether the page on its way is an earlier one.
    pub(crate) reaching_back: bool,
    /// What the keys act on.
    pub(crate) focus: Focus,
    /// Which entry is selected.
    pub(crate) selected: usize,
    /// Which of its buttons.
    pub(crate) button: usize,
    /// Rows between the end of the conversation and the lower edge.
    pub(crate) scroll: usize,
    /// How far it can be scrolled; drawing tells.
    pub(crate) scroll_most: usize,
    /// Whether drawing shall bring the selected entry into sight.
    pub(crate) reveal: bool,
    /// The words being written.
    pub(crate) editor: Editor,
    /// The button that the words being written go to; none where they are simply said.
    pub(crate) changing: Option<String>,
    /// Pictures that go with them.
    pub(crate) attachments: Vec<Attachment>,
    /// Sentences to begin with.
    pub(crate) starters: Vec<String>,
    /// Which of them is selected.
    pub(crate) starter: usize,
    /// Whether the first card of an answer is awaited.
    pub(crate) talking: bool,
}

impl Chat {
    /// Shows an empty, new conversation.
    pub(crate) fn begin(&mut self) {
        self.open = None;
        self.beginning = false;
        self.clear();
        self.focus = Focus::Input;
    }

    /// Shows this conversation, empty until its messages arrive.
    pub(crate) fn show(&mut self, id: String) {
        self.open = Some(id);
        self.beginning = false;
        self.clear();
    }

    /// Puts a card in the place of the one with its id, or at the end.
    pub(crate) fn put(&mut self, card: Card) {
        let rows = &mut self.messages.rows;
        let place = rows.iter_mut().find_map(|entry| match &mut entry.said {
            Said::Card(earlier) if earlier.id == card.id && !card.id.is_empty() => Some(earlier),
            _ => None,
        });
        match place {
            Some(earlier) => *earlier = card,
            None => rows.push(Entry { said_at: None, said: Said::Card(card) }),
        }
    }

    /// Of several cards with one id only the newest stays, in the place of the first.
    pub(crate) fn fold(&mut self) {
        for entry in std::mem::take(&mut self.messages.rows) {
            match entry.said {
                Said::Card(card) => {
                    let count = self.messages.rows.len();
                    self.put(card);
                    if self.messages.rows.len() > count {
                        self.messages.rows[count].said_at = entry.said_at;
                    }
                }
                Said::Person { .. } => self.messages.rows.push(entry),
            }
        }
    }

    /// The selected card.
    pub(crate) fn card(&self) -> Option<&Card> {
        match &self.messages.rows.get(self.selected)?.said {
            Said::Card(card) => Some(card),
            Said::Person { .. } => None,
        }
    }

    /// The selected button.
    pub(crate) fn pressed(&self) -> Option<&Button> {
        self.card()?.buttons().get(self.button)
    }

    /// Whether the button of this token asks for words.
    pub(crate) fn asks(&self, token: &str) -> bool {
        let cards = self.messages.rows.iter().filter_map(|entry| match &entry.said {
            Said::Card(card) => Some(card),
            Said::Person { .. } => None,
        });
        cards.flat_map(Card::buttons).any(|button| button.token == token && button.asks)
    }

    /// Jobs of progress cards: the ones to follow.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = (&str, u64)> {
        self.messages.rows.iter().filter_map(|entry| match &entry.said {
            Said::Card(Card { body: Body::Progress { job, .. }, .. }) => {
                Some((job.id.as_str(), job.last_event))
            }
            _ => None,
        })
    }

    /// Whether nothing was said here yet.
    pub(crate) fn is_blank(&self) -> bool {
        self.open.is_none() && self.messages.rows.is_empty()
    }

    fn clear(&mut self) {
        let ticket = self.messages.ask();
        self.messages.answer(ticket, Ok(Page { rows: Vec::new(), next: None }), false);
        self.messages.loaded = false;
        self.reaching_back = false;
        self.selected = 0;
        self.button = 0;
        self.scroll = 0;
        self.talking = false;
        self.changing = None;
    }
}
