//! Invitations: codes that let somebody register, a number of times, for a time.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::Accounts;
use super::error::{AccountsError, Closed};
use super::secret::{self, Hashed};
use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::store::{StoreError, Table, TableId, Tx};

/// Invitations by the hash of their code.
pub(super) static INVITATIONS: Table<[u8; 32], Invitation> =
    Table::new(TableId::Invitations as u8, "invitations");

const MOST_USES: u32 = 1_000;
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// An invitation, without its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) uses_left: u32,
    pub(super) expires_at: Timestamp,
    pub(super) by: MemberId,
}

impl Invitation {
    pub(super) fn counts(&self, now: Timestamp) -> bool {
        self.uses_left > 0 && now < self.expires_at
    }
}

/// An invitation as asked for: 0 uses mean one, no life means the usual one.
pub(super) fn parse(
    uses: u32,
    valid: Duration,
    usual: Duration,
    now: Timestamp,
    by: MemberId,
) -> Result<Invitation, AccountsError> {
    if uses > MOST_USES {
        return Err(AccountsError::invalid("uses", format!("must be 1 to {MOST_USES}, not {uses}")));
    }
    if valid > LONGEST_LIFE {
        return Err(AccountsError::invalid(
            "valid_s",
            format!("must be at most {} s", LONGEST_LIFE.as_secs()),
        ));
    }
    let valid = if valid.is_zero() { usual } else { valid };
    Ok(Invitation { uses_left: uses.max(1), expires_at: now.plus(valid), by })
}

/// Uses an invitation once.
pub(super) fn take(tx: &mut Tx<'_>, hash: &Hashed, now: Timestamp) -> Result<(), AccountsError> {
    let invitation = INVITATIONS.get(tx, hash.as_bytes())?.filter(|invitation| invitation.counts(now));
    let Some(mut invitation) = invitation else { return Err(Closed::InvitationSpent.into()) };
    invitation.uses_left -= 1;
    INVITATIONS.put(tx, hash.as_bytes(), &invitation)?;
    Ok(())
}

/// Gives an invitation another code; whether there was one left to give it to.
pub(super) fn rename(
    tx: &mut Tx<'_>,
    old: &Hashed,
    new: &Hashed,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(invitation) = INVITATIONS.get(tx, old.as_bytes())?.filter(|invitation| invitation.counts(now))
    else {
        return Ok(None);
    };
    INVITATIONS.remove(tx, old.as_bytes())?;
    INVITATIONS.put(tx, new.as_bytes(), &invitation)?;
    Ok(Some(invitation.expires_at))
}

impl Accounts {
    /// The hash of an invitation that counts at the moment.
    pub(super) fn look_at_invitation(&self, shown: &SecretString) -> Result<Hashed, AccountsError> {
        if shown.expose_secret().trim().is_empty() {
            return Err(Closed::InvitationNeeded.into());
        }
        let hash = secret::code_hash(shown).ok_or(Closed::InvitationSpent)?;
        match INVITATIONS.read(self.store(), hash.as_bytes())? {
            Some(invitation) if invitation.counts(self.now()) => Ok(hash),
            _ => Err(Closed::InvitationSpent.into()),
        }
    }
}
