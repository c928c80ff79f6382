//! Albums arrive as single messages of one group; a request is all of them. Pure.

use std::{collections::BTreeMap, time::Duration};

use super::hear::Heard;
use crate::dialogue::Said;

/// An album is complete when nothing of it has come for this long.
const COMPLETE_AFTER: Duration = Duration::from_millis(1_000);
/// Telegram's own bound.
const MOST: usize = 10;

/// Albums that are arriving.
#[derive(Debug, Default)]
pub(super) struct Albums {
    waiting: BTreeMap<(i64, String), Album>,
}

#[derive(Debug)]
struct Album {
    heard: Heard,
    updates: Vec<u32>,
    last: Duration,
}

impl Albums {
    /// Whether none is arriving.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes in a part of an album.
    pub(super) fn add(&mut self, group: String, update: u32, part: Heard, now: Duration) {
        let album = self.waiting.entry((part.chat, group));
        match album {
            std::collections::btree_map::Entry::Vacant(empty) => {
                empty.insert(Album { heard: part, updates: vec![update], last: now });
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let album = known.get_mut();
                album.updates.push(update);
                album.last = now;
                album.heard.addressed |= part.addressed;
                if let (Said::Words { text, files }, Said::Words { text: more_text, files: more }) =
                    (&mut album.heard.said, part.said)
                {
                    // The words are under one of them.
                    if text.is_empty() {
                        *text = more_text;
                    }
                    files.extend(more);
                    files.truncate(MOST);
                }
            }
        }
    }

    /// The albums that are complete, with the updates that they came in.
    pub(super) fn complete(&mut self, now: Duration) -> Vec<(Heard, Vec<u32>)> {
        let done = |album: &Album| now.saturating_sub(album.last) >= COMPLETE_AFTER;
        let keys: Vec<_> =
            self.waiting.iter().filter(|(_, album)| done(album)).map(|(key, _)| key.clone()).collect();
        keys.iter()
            .filter_map(|key| self.waiting.remove(key))
            .map(|album| (album.heard, album.updates))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::hear::tests::words, *};

    #[test]
    fn an_album_is_one_request_in_order() {
        let at = Duration::from_millis;
        let mut albums = Albums::default();
        let part = |text: &str, file: &str, addressed| Heard { addressed, ..words(text, &[file]) };
        albums.add("a".to_owned(), 1, part("", "me", false), at(0));
        albums.add("a".to_owned(), 2, part("put this on me", "shirt", true), at(400));
        albums.add("b".to_owned(), 3, part("other", "x", true), at(900));
        assert!(albums.complete(at(1_399)).is_empty());
        let complete = albums.complete(at(1_400));
        let [(heard, updates)] = complete.as_slice() else { panic!("{complete:?}") };
        assert_eq!(heard.said, words("put this on me", &["me", "shirt"]).said);
        assert_eq!((heard.addressed, updates.as_slice()), (true, [1, 2].as_slice()));
        assert_eq!(albums.complete(at(1_900)).len(), 1);
        assert!(albums.complete(at(9_999)).is_empty());
    }
}
