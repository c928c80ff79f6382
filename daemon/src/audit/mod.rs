//! The audit log: who did what to whom, with the value before and after.
//!
//! An entry is written in the transaction of the act itself, so there is no act without its entry and no entry
//! without its act. Entries are numbered from 1 without gaps and are never changed. Secrets do not belong here:
//! whoever writes an entry names things and states, never codes, keys or passwords.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::page::{Listed, Page, PageError};
use crate::store::{Order, Store, StoreError, Table, TableId, Tx};

static ENTRIES: Table<u64, Entry> = Table::new(TableId::Audit as u8, "audit");
static HEAD: Table<(), u64> = Table::new(TableId::AuditHead as u8, "audit head");

/// Longer texts are cut, so that no value can make an entry too large for the store.
const LONGEST_TEXT: usize = 4_000;

/// Who acts, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Actor {
    /// The member's name, as it was then.
    pub name: String,
    /// The member; absent when the daemon itself acts.
    pub id: Option<MemberId>,
    /// The address the call came from; empty for the machine itself.
    pub address: String,
    /// What the client calls itself.
    pub client: String,
}

impl Actor {
    /// The daemon, which acts on its own.
    #[must_use]
    pub fn daemon() -> Actor {
        Actor { name: "atelierd".to_owned(), ..Actor::default() }
    }
}

/// An act that is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    actor: Actor,
    at: Timestamp,
    action: &'static str,
    entity: String,
    old: String,
    new: String,
    reason: String,
}

impl Act {
    /// An act such as `member.role` on an entity such as a member's name.
    #[must_use]
    pub fn new(actor: Actor, at: Timestamp, action: &'static str, entity: impl Into<String>) -> Act {
        let (old, new, reason) = Default::default();
        Act { actor, at, action, entity: entity.into(), old, new, reason }
    }

    /// Adds how it was and how it is now; either may be empty.
    #[must_use]
    pub fn changed(mut self, old: impl Into<String>, new: impl Into<String>) -> Act {
        (self.old, self.new) = (old.into(), new.into());
        self
    }

    /// Adds why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Act {
        self.reason = reason.into();
        self
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Number in the log, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who: the name as it was then.
    pub actor: String,
    /// Who; absent when the daemon itself acted.
    pub actor_id: Option<MemberId>,
    /// What, such as `member.role`.
    pub action: String,
    /// To what.
    pub entity: String,
    /// How it was before.
    pub old: String,
    /// How it is now.
    pub new: String,
    /// From which address.
    pub address: String,
    /// With which client.
    pub client: String,
    /// Why, where a reason was given.
    pub reason: String,
}

/// Writes an act into the log and returns its number.
///
/// # Errors
/// The store's.
pub fn append(tx: &mut Tx<'_>, act: &Act) -> Result<u64, StoreError> {
    let number = HEAD.get(tx, &())?.unwrap_or(0) + 1;
    let entry = Entry {
        number,
        at: act.at,
        actor: cut(&act.actor.name),
        actor_id: act.actor.id,
        action: act.action.to_owned(),
        entity: cut(&act.entity),
        old: cut(&act.old),
        new: cut(&act.new),
        address: cut(&act.actor.address),
        client: cut(&act.actor.client),
        reason: cut(&act.reason),
    };
    ENTRIES.put(tx, &number, &entry)?;
    HEAD.put(tx, &(), &number)?;
    Ok(number)
}

/// A page of the log, newest first; `action` limits it to actions that begin so.
///
/// # Errors
/// A wrong token, and the store's.
pub fn list(store: &Store, page: &Page, action: &str) -> Result<Listed<Entry>, PageError> {
    page.list(store, &ENTRIES, .., Order::Descending, |_, entry| {
        entry.action.starts_with(action).then_some(entry)
    })
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    #[test]
    fn entries_are_numbered_kept_and_found_by_action() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let at = Timestamp::from_millis(5_000);
        for (action, old, new) in [
            ("member.role", "member", "admin"),
            ("credits.adjust", "10", "20"),
            ("member.suspend", "", "yes"),
        ] {
            let act = Act::new(Actor::daemon(), at, action, "zoe").changed(old, new).because("a test");
            store.transact_blocking(move |tx| append(tx, &act)).unwrap();
        }
        let all = list(&store, &Page::largest(), "").unwrap();
        assert_eq!(all.items.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 2, 1]);
        let members = list(&store, &Page::parse(1, "").unwrap(), "member.").unwrap();
        assert_eq!(members.items[0].action, "member.suspend");
        let rest = list(&store, &Page::parse(1, &members.next).unwrap(), "member.").unwrap();
        assert_eq!((rest.items.len(), rest.next.as_str()), (1, ""));
        let entry = &rest.items[0];
        assert_eq!((entry.old.as_str(), entry.new.as_str(), entry.at), ("member", "admin", at));
        assert_eq!((entry.actor.as_str(), entry.entity.as_str()), ("atelierd", "zoe"));
        assert_eq!(entry.reason, "a test");
    }

    #[test]
    fn an_act_that_fails_leaves_no_entry_and_no_gap() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let act = Act::new(Actor::daemon(), Timestamp::default(), "a", "b".repeat(200_000));
        let failing = act.clone();
        let failed = store.transact_blocking(move |tx| {
            append(tx, &failing)?;
            Err::<(), _>(StoreError::Busy)
        });
        assert_eq!(failed, Err(StoreError::Busy));
        assert_eq!(store.transact_blocking(move |tx| append(tx, &act)), Ok(1));
    }
}
