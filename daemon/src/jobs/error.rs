//! Why jobs say no.

use super::{bounds::ChannelBound, job::Illegal, queue::Full};
use crate::{
    assets::AssetError, catalogue::CatalogueError, engine::residency::ModelError, ledger::LedgerError,
    limits::TakeError, once::OnceError, store::StoreError,
};

/// Why a job can't be taken, found or changed. Nothing was charged.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is none of this id, or it is somebody else's.
    #[error("there is no such job")]
    NotFound,
    /// The request breaks a rule.
    #[error(transparent)]
    Invalid(#[from] atelier_models::Error),
    /// The price rose above what the caller accepts.
    #[error("it costs {price} credits now, more than the {most} that you accept; nothing was charged")]
    Price {
        /// The price.
        price: u64,
        /// What the caller accepts.
        most: u64,
    },
    /// The state does not allow it.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// Only ended jobs can be deleted.
    #[error("the job has not ended; cancel it first")]
    NotEnded,
    /// Only charged jobs can be refunded.
    #[error("only a job that succeeded and was charged can be refunded")]
    NothingToRefund,
    /// The rules of the channel don't allow it.
    #[error(transparent)]
    Channel(#[from] ChannelBound),
    /// Its algorithm's model can't be had.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The queue is full.
    #[error(transparent)]
    Full(#[from] Full),
    /// The storage of this account is full.
    #[error("your storage is full; delete some pictures first")]
    OverQuota,
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] TakeError),
    /// No such algorithm.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Not enough credits, or another refusal of the ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The photo can't be used.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The request id was used for something else.
    #[error(transparent)]
    Once(#[from] OnceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
