//! Chat identities and accounts: one-time codes that join them, and their separation.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::Accounts;
use super::caller::{Caller, Origin};
use super::error::AccountsError;
use super::identity::{ChatIdentity, IDENTITIES, guest_name};
use super::member::{self, MEMBERS, Member, NAMES};
use super::role::{Permission, Role};
use super::secret;
use super::throttle::Attempt;
use crate::audit::{self, Act};
use crate::clock::Timestamp;
use crate::id::{MemberId, RequestId, TransferId};
use crate::ledger::{self, Actor, Context, MergeRequest};
use crate::once::{self, Digest};
use crate::store::{Order, StoreError, Table, TableId};

static CODES: Table<[u8; 32], Code> = Table::new(TableId::LinkCodes as u8, "link codes");
static MEMBER_CODES: Table<MemberId, [u8; 32]> =
    Table::new(TableId::MemberLinkCodes as u8, "member link codes");
/// By member, platform and user: since when.
static LINKS: Table<(MemberId, String, String), Timestamp> =
    Table::new(TableId::MemberLinks as u8, "chat links");

/// Guests who have become an account, and whose things are still on their way to it.
static MOVING: Table<MemberId, MemberId> = Table::new(TableId::ChatMerges as u8, "chat merges");

/// Identities of one account that are listed.
const MOST_LINKS: usize = 100;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Code {
    member: MemberId,
    expires_at: Timestamp,
}

/// A code that joins a chat identity to an account.
#[derive(Debug, Clone)]
pub struct LinkCode {
    /// The code. Shown this once.
    pub code: SecretString,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A chat identity that was joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The guest that it was.
    pub guest: MemberId,
    /// The account that it is.
    pub member: Member,
    /// Credits that came along.
    pub moved_credits: u64,
}

impl Linked {
    fn record(&self) -> String {
        format!("{} {}", self.guest, self.moved_credits)
    }

    fn recorded(text: &str, member: Member) -> Option<Self> {
        let (guest, credits) = text.split_once(' ')?;
        Some(Self { guest: guest.parse().ok()?, member, moved_credits: credits.parse().ok()? })
    }
}

impl Accounts {
    /// Makes a code that joins a chat identity to the caller's account, in place of any before.
    ///
    /// # Errors
    /// [`super::Denied`] through a chat or an API key; the store's.
    pub async fn create_link_code(&self, caller: &Caller) -> Result<LinkCode, AccountsError> {
        caller.require(Permission::ManageOwn)?;
        if caller.member.role == Role::Bot {
            return Err(AccountsError::Conflict("a service account can't have chat identities of its own"));
        }
        let (code, hash) = secret::new_short_code();
        let (member, hash) = (caller.member.id, *hash.as_bytes());
        let expires_at = self.now().plus(std::time::Duration::from_secs(self.config().link_ttl_s));
        self.store()
            .transact(move |tx| {
                if let Some(before) = MEMBER_CODES.get(tx, &member)? {
                    CODES.remove(tx, &before)?;
                }
                MEMBER_CODES.put(tx, &member, &hash)?;
                CODES.put(tx, &hash, &Code { member, expires_at })
            })
            .await?;
        Ok(LinkCode { code, expires_at })
    }

    /// Joins the chat user to the account behind a code, with the guest's credits, once for each `request`. Wrong codes
    /// are counted for this chat user.
    ///
    /// # Errors
    /// [`AccountsError::Conflict`] for a code that does not count or a chat user with an account,
    /// [`AccountsError::Throttled`] after wrong ones, the ledger's.
    pub async fn link(
        &self,
        caller: &Caller,
        request: RequestId,
        typed: &SecretString,
    ) -> Result<Linked, AccountsError> {
        const SPENT: AccountsError = AccountsError::Conflict(
            "this code does not count (any more); make a new one with `atelier link`",
        );
        let Some(identity) = caller.acting.clone() else {
            return Err(AccountsError::Conflict("only a chat identity can be joined to an account"));
        };
        let (now, config, guest) = (self.now(), self.config_handle(), caller.member.id);
        let digest = Digest::of("chat.link", &[identity.person().as_bytes()]);
        // The bot's address is everybody's, so only the chat user is slowed down.
        let attempt = Attempt::new(Some(&format!("chat {}", identity.person())), &Origin::default());
        let hash = secret::short_code_hash(typed);
        let trying = attempt.clone();
        let asking = caller.member.clone();
        let before = self
            .store()
            .transact(move |tx| {
                // Whoever asks again is the account by now.
                if let Some(answer) = once::answered(tx, asking.id, request, &digest)? {
                    return Ok(Linked::recorded(&answer, asking.clone()));
                }
                if asking.role != Role::Guest {
                    return Err(AccountsError::Conflict(
                        "this chat belongs to an account already; /unlink separates it first",
                    ));
                }
                trying.begin(tx, &config, now)?;
                Ok(None)
            })
            .await?;
        if let Some(before) = before {
            return Ok(before);
        }
        let hash = *hash.ok_or(SPENT)?.as_bytes();
        let actor = caller.actor();
        self.store()
            .transact(move |tx| {
                let code = CODES.get(tx, &hash)?.filter(|code| now < code.expires_at).ok_or(SPENT)?;
                let member = member::get(tx, code.member)?;
                if member.suspended {
                    return Err(AccountsError::Conflict("this account is suspended; ask an admin"));
                }
                CODES.remove(tx, &hash)?;
                MEMBER_CODES.remove(tx, &member.id)?;
                let (platform, user) = identity.key();
                IDENTITIES.put(tx, &identity.key(), &member.id)?;
                LINKS.put(tx, &(member.id, platform, user), &now)?;
                MOVING.put(tx, &guest, &member.id)?;
                let merge = MergeRequest {
                    id: TransferId::derived(&[b"chat.link", guest.as_bytes(), member.id.as_bytes()]),
                    from: guest,
                    to: member.id,
                };
                let context = Context::new(now, Actor::Member(member.id));
                let moved = ledger::merge(tx, &merge, &context)
                    .map_err(|error| AccountsError::Internal(error.to_string()))?;
                attempt.succeed(tx, now)?;
                let act =
                    Act::new(actor.clone(), now, "chat.link", &member.name).changed("", identity.person());
                audit::append(tx, &act)?;
                let moved_credits = moved.iter().map(|transfer| transfer.amount).sum();
                let linked = Linked { guest, member, moved_credits };
                once::record(tx, linked.member.id, request, digest, linked.record(), now)?;
                Ok(linked)
            })
            .await
    }

    /// Separates a chat identity from the caller's account, which keeps what it has; the chat user is a guest again.
    /// With no `identity` it is the chat user's own.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when it is not the caller's.
    pub async fn unlink(
        &self,
        caller: &Caller,
        request: RequestId,
        identity: Option<ChatIdentity>,
    ) -> Result<(), AccountsError> {
        let identity = match (identity, &caller.acting) {
            (None, Some(own)) => own.clone(),
            (Some(identity), None) => {
                caller.require(Permission::ManageOwn)?;
                identity
            }
            _ => return Err(AccountsError::NotFound("chat identity of this account")),
        };
        let (now, owner, actor) = (self.now(), caller.member.clone(), caller.actor());
        let guest = identity.another_guest(request);
        let guest = Member::new(guest, guest_name(guest), Role::Guest, now);
        self.store()
            .transact(move |tx| {
                let known = IDENTITIES.get(tx, &identity.key())?;
                if known == Some(guest.id) {
                    return Ok(());
                }
                if owner.role == Role::Guest || known != Some(owner.id) {
                    return Err(AccountsError::NotFound("chat identity of this account"));
                }
                member::add(tx, &guest)?;
                IDENTITIES.put(tx, &identity.key(), &guest.id)?;
                let (platform, user) = identity.key();
                LINKS.remove(tx, &(owner.id, platform, user))?;
                let act =
                    Act::new(actor.clone(), now, "chat.unlink", &owner.name).changed(identity.person(), "");
                audit::append(tx, &act)?;
                Ok(())
            })
            .await
    }

    /// The chat identities of an account, `<platform>:<user>` each.
    ///
    /// # Errors
    /// The store's.
    pub fn links(&self, member: MemberId) -> Result<Vec<String>, StoreError> {
        let rows = LINKS.scan_prefix(self.store(), &member, Order::Ascending, MOST_LINKS)?;
        Ok(rows.into_iter().map(|((_, platform, user), _)| format!("{platform}:{user}")).collect())
    }

    /// Guests whose things are to be moved, and to whom.
    ///
    /// # Errors
    /// The store's.
    pub fn moving(&self) -> Result<Vec<(MemberId, MemberId)>, StoreError> {
        MOVING.scan(self.store(), .., Order::Ascending, usize::MAX)
    }

    /// Takes a guest away whose things are gone or somebody else's. An identity that is still theirs goes too.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove_guest(&self, id: MemberId, identity: Option<ChatIdentity>) -> Result<(), StoreError> {
        self.store()
            .transact(move |tx| {
                MOVING.remove(tx, &id)?;
                let Some(guest) = MEMBERS.get(tx, &id)?.filter(|member| member.role == Role::Guest) else {
                    return Ok(());
                };
                if let Some(identity) = &identity
                    && IDENTITIES.get(tx, &identity.key())? == Some(id)
                {
                    IDENTITIES.remove(tx, &identity.key())?;
                }
                NAMES.remove(tx, &guest.name)?;
                MEMBERS.remove(tx, &id)
            })
            .await
    }
}
