//! What every person says, one thing after the other, and not too much.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{
    rules::Rules,
    words::{Ask, At, Said},
};

const MINUTE: Duration = Duration::from_secs(60);

/// Everybody's line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    /// By person: what the daemon is being told, and what waits behind it.
    lines: BTreeMap<String, Line>,
    /// By person: since when, how often and whether they were told.
    heard: BTreeMap<String, Count>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    under_way: i64,
    waiting: VecDeque<(Ask, Said)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    since: At,
    times: u32,
}

/// Too much in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuch {
    pub(super) wait: Duration,
    /// Whether it is the first time in this minute, so that they are told once.
    pub(super) first: bool,
}

impl Lines {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How much waits.
    pub(super) fn waiting(&self) -> usize {
        self.lines.values().map(|line| line.waiting.len()).sum()
    }

    /// Counts what a person says.
    pub(super) fn listen(&mut self, person: &str, now: At, rules: &Rules) -> Result<(), TooMuch> {
        self.heard.retain(|_, count| now.saturating_sub(count.since) < MINUTE);
        let count = self.heard.entry(person.to_owned()).or_insert(Count { since: now, times: 0 });
        count.times = count.times.saturating_add(1);
        if count.times <= rules.heard_per_minute {
            return Ok(());
        }
        let wait = (count.since + MINUTE).saturating_sub(now);
        Err(TooMuch { wait, first: count.times == rules.heard_per_minute + 1 })
    }

    /// Puts it at the end of the person's line; given back when it is the first there.
    pub(super) fn push(&mut self, ask: Ask, said: Said) -> Option<(Ask, Said)> {
        match self.lines.get_mut(&ask.person) {
            Some(line) => {
                line.waiting.push_back((ask, said));
                None
            }
            None => {
                let line = Line { under_way: ask.id, waiting: VecDeque::new() };
                self.lines.insert(ask.person.clone(), line);
                Some((ask, said))
            }
        }
    }

    /// Takes away what was under way, if it was this; inside is what comes next.
    #[expect(clippy::option_option, reason = "whether it was under way, and whether something follows")]
    pub(super) fn pop(&mut self, person: &str, id: i64) -> Option<Option<(Ask, Said)>> {
        let line = self.lines.get_mut(person).filter(|line| line.under_way == id)?;
        let next = line.waiting.pop_front();
        match &next {
            Some((ask, _)) => line.under_way = ask.id,
            None => {
                self.lines.remove(person);
            }
        }
        Some(next)
    }
}
