//! Members: who has an account, and how names are written.

use serde::{Deserialize, Serialize};

use super::error::AccountsError;
use super::role::Role;
use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::store::{StoreError, Table, TableId, Tx};

pub(super) static MEMBERS: Table<MemberId, Member> = Table::new(TableId::Members as u8, "members");
pub(super) static NAMES: Table<String, MemberId> = Table::new(TableId::MemberNames as u8, "member names");

/// Names of guests begin so, and nobody can register one.
pub(super) const GUEST_PREFIX: &str = "guest-";

const NAME_RULE: &str =
    "a name has 3 to 32 characters, begins with a letter or digit, and has only a-z, 0-9, '.', '_' and '-'";

/// A person with an account, a guest or a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Id of the account.
    pub id: MemberId,
    /// The name to log in with, lower case.
    pub name: String,
    /// What this account may do.
    pub role: Role,
    /// Whether an admin has suspended it: it may look, but not act.
    pub suspended: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last logged in; absent if never.
    pub last_login_at: Option<Timestamp>,
}

impl Member {
    pub(super) fn new(id: MemberId, name: String, role: Role, now: Timestamp) -> Member {
        Member { id, name, role, suspended: false, created_at: now, last_login_at: None }
    }
}

/// The id of the one owner. It is derived, so that the owner is found without a search.
pub(super) fn owner_id() -> MemberId {
    MemberId::derived(&[b"owner"])
}

/// The name as it is kept, if it can be one.
pub(super) fn parse_name(text: &str) -> Result<String, AccountsError> {
    let name = text.trim().to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let begins = name.bytes().next().is_some_and(plain);
    let rest = name.bytes().all(|byte| plain(byte) || b"._-".contains(&byte));
    if begins && rest && (3..=32).contains(&name.len()) {
        Ok(name)
    } else {
        Err(AccountsError::invalid("name", NAME_RULE))
    }
}

/// A name that somebody may choose.
pub(super) fn parse_new_name(text: &str) -> Result<String, AccountsError> {
    let name = parse_name(text)?;
    if name.starts_with(GUEST_PREFIX) {
        return Err(AccountsError::invalid(
            "name",
            format!("names that begin with {GUEST_PREFIX} are kept for guests"),
        ));
    }
    Ok(name)
}

/// The id that a text is, in its usual form. Other forms might be somebody's name.
pub(super) fn parse_id(text: &str) -> Option<MemberId> {
    (text.len() == 36).then(|| text.parse().ok()).flatten()
}

/// Adds a member whose name is free.
pub(super) fn add(tx: &mut Tx<'_>, member: &Member) -> Result<(), AccountsError> {
    if NAMES.get(tx, &member.name)?.is_some() {
        return Err(AccountsError::Taken);
    }
    NAMES.put(tx, &member.name, &member.id)?;
    MEMBERS.put(tx, &member.id, member)?;
    Ok(())
}

/// The member, who must exist.
pub(super) fn get(tx: &mut Tx<'_>, id: MemberId) -> Result<Member, AccountsError> {
    MEMBERS.get(tx, &id)?.ok_or(AccountsError::NotFound("member"))
}

/// Changes a member who exists; returns it as it is now.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: MemberId,
    change: impl FnOnce(&mut Member),
) -> Result<Option<Member>, StoreError> {
    let Some(mut member) = MEMBERS.get(tx, &id)? else { return Ok(None) };
    change(&mut member);
    MEMBERS.put(tx, &id, &member)?;
    Ok(Some(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised_or_refused() {
        for (text, name) in
            [("Ada", "ada"), (" bob.2-x_y ", "bob.2-x_y"), ("007", "007"), (&"a".repeat(32), &"a".repeat(32))]
        {
            assert_eq!(parse_name(text).unwrap(), name);
        }
        for text in [
            "",
            "ab",
            &"a".repeat(33),
            "-ada",
            ".ada",
            "a da",
            "ad/a",
            "ädä",
            "ada\0",
            "ADA\n b",
            "a\u{202e}bc",
        ] {
            assert!(parse_name(text).is_err(), "{text:?}");
        }
        assert!(parse_name("guest-1").is_ok());
        assert!(parse_new_name("Guest-1").is_err());
    }

    #[test]
    fn only_the_usual_form_of_an_id_is_one() {
        let id = owner_id();
        assert_eq!(parse_id(&id.to_string()), Some(id));
        assert_eq!(parse_id(&id.as_uuid().simple().to_string()), None);
    }
}
