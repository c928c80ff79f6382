//! Credits by hand: the ledger's verb, the audit log and the request id in one transaction.

use crate::{
    act::AdminAct,
    audit,
    id::{MemberId, TransferId},
    ledger::{self, Actor, AdjustRequest, Context, LedgerError, Reference},
    once::{self, Digest, OnceError},
    store::{Store, StoreError},
};

/// Why credits were not adjusted.
#[derive(Debug, thiserror::Error)]
pub enum AdjustError {
    /// The ledger says no.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The request id was used for something else.
    #[error(transparent)]
    Once(#[from] OnceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives (or, when negative, takes) credits as an act of an admin.
///
/// # Errors
/// See [`AdjustError`]; nothing has changed then.
pub async fn adjust(
    store: &Store,
    act: AdminAct,
    member: MemberId,
    name: String,
    change: i64,
) -> Result<(), AdjustError> {
    store
        .transact(move |tx| {
            let digest = Digest::of("credits.adjust", &[member.as_bytes(), &change.to_be_bytes()]);
            if once::answered(tx, act.member, act.request, &digest)?.is_some() {
                return Ok(());
            }
            let before = ledger::balance(tx, member, act.at)?.available;
            let request = AdjustRequest {
                id: TransferId::derived(&[b"credits.adjust", act.member.as_bytes(), act.request.as_bytes()]),
                member,
                change,
                reference: Reference::None,
            };
            let context = Context { now: act.at, actor: Actor::Admin(act.member), note: act.reason.clone() };
            ledger::adjust(tx, &request, &context)?;
            let after = ledger::balance(tx, member, act.at)?.available;
            audit::append(tx, &act.entry("credits.adjust", &name, &before.to_string(), &after.to_string()))?;
            Ok(once::record(tx, act.member, act.request, digest, String::new(), act.at)?)
        })
        .await
}
