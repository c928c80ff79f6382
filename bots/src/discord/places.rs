//! Which channel a thread belongs to. Events tell it with interactions only, so it is asked of Discord once for each
//! channel that messages come from; a thread never moves.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serenity::all::{Channel, ChannelId, ChannelType, PartialChannel};

/// More channels than a bot hears from at a time; the oldest go first, and are asked for again.
const MOST: usize = 10_000;

/// Where somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The channel or thread.
    pub(super) channel: u64,
    /// The channel that it is a thread of.
    pub(super) parent: Option<u64>,
}

impl Place {
    /// The place of an interaction.
    pub(super) fn of(channel: ChannelId, told: Option<&PartialChannel>) -> Self {
        let parent = told.and_then(|it| parent(it.kind, it.parent_id));
        Self { channel: channel.get(), parent }
    }

    /// The place that Discord describes so.
    pub(super) fn described(channel: ChannelId, told: &Channel) -> Self {
        let parent = match told {
            Channel::Guild(it) => parent(it.kind, it.parent_id),
            _ => None,
        };
        Self { channel: channel.get(), parent }
    }
}

/// Ordinary channels have a parent too: the heading that they stand under.
fn parent(kind: ChannelType, parent: Option<ChannelId>) -> Option<u64> {
    let is_thread =
        matches!(kind, ChannelType::NewsThread | ChannelType::PublicThread | ChannelType::PrivateThread);
    parent.filter(|_| is_thread).map(ChannelId::get)
}

/// Places that are known.
#[derive(Default)]
pub(super) struct Places(Mutex<BTreeMap<u64, Place>>);

impl Places {
    pub(super) fn get(&self, channel: ChannelId) -> Option<Place> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&channel.get()).copied()
    }

    pub(super) fn learn(&self, place: Place) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(place.channel, place);
        if known.len() > MOST {
            known.pop_first();
        }
    }
}
