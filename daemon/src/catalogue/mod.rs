//! What can be asked for: named, versioned ways of making something, with a state and a price.

mod defaults;
mod edit;
mod seed;

use serde::{Deserialize, Serialize};

pub use self::{
    defaults::Defaults,
    edit::{NewAlgorithm, create, edit},
    seed::seed,
};
use crate::{
    act::AdminAct,
    audit,
    jobs::job::Kind,
    once::{self, Digest, OnceError},
    store::{Order, Store, StoreError, Table, TableId, Tx},
};

static ALGORITHMS: Table<String, Algorithm> = Table::new(TableId::Algorithms as u8, "algorithms");

/// Highest price of one picture.
pub const MAX_PRICE_CREDITS: u64 = 1_000_000;
/// Most algorithms that are listed.
const MOST: usize = 1_000;

/// Whether an algorithm is on offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlgorithmState {
    /// Can be picked by name.
    Available,
    /// Taken when nobody picks.
    Active,
    /// No longer offered.
    Retired,
}

impl AlgorithmState {
    fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// A way of making something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Algorithm {
    /// Name with version.
    pub name: String,
    /// What it makes.
    pub kind: Kind,
    /// What it honestly is.
    pub summary: String,
    /// Whether it is on offer.
    pub state: AlgorithmState,
    /// Price of one picture.
    pub price_credits: u64,
    /// The pipeline that runs it.
    pub pipeline: String,
    /// The model that it needs; empty for none.
    pub model: String,
    /// How long one picture takes, a moving average in milliseconds; 0 until measured.
    pub typical_ms: u32,
    /// Pictures made.
    pub made_count: u64,
    /// What it takes where a request says nothing.
    #[serde(default)]
    pub defaults: Defaults,
}

impl Algorithm {
    /// What it takes where a request says nothing, and where neither the request nor an admin does.
    #[must_use]
    pub fn usual(&self) -> Defaults {
        self.defaults.for_model(&self.model)
    }
}

/// Why the catalogue says no.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is none of this name.
    #[error("there is no algorithm `{0}`; list them with `atelier admin algorithms`")]
    NotFound(String),
    /// It is retired.
    #[error("the algorithm `{0}` is retired; leave the choice out to take the active one")]
    Retired(String),
    /// No algorithm makes this kind of thing.
    #[error("no algorithm is active for this kind of work; an admin has to activate one")]
    NoneActive,
    /// The active one can't be retired.
    #[error("`{0}` is the active algorithm; activate another one first")]
    StillActive(String),
    /// There is one of this name.
    #[error("there is an algorithm `{0}` already; give the new one another version, such as `{0}-2`")]
    Taken(String),
    /// A field breaks a rule.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The price is out of range.
    #[error("a price is 0 to {MAX_PRICE_CREDITS} credits, not {0}")]
    Price(u64),
    /// The request id was used for something else.
    #[error(transparent)]
    Once(#[from] OnceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All algorithms, active ones first, then by name.
///
/// # Errors
/// The store's.
pub fn list(store: &Store, include_retired: bool) -> Result<Vec<Algorithm>, StoreError> {
    let rows = ALGORITHMS.scan(store, .., Order::Ascending, MOST)?;
    let mut algorithms: Vec<_> = rows
        .into_iter()
        .map(|(_, algorithm)| algorithm)
        .filter(|algorithm| include_retired || algorithm.state != AlgorithmState::Retired)
        .collect();
    algorithms.sort_by_key(|algorithm| (algorithm.state != AlgorithmState::Active, algorithm.name.clone()));
    Ok(algorithms)
}

/// The algorithm of this name, or the active one of `kind` when the name is empty.
///
/// # Errors
/// [`CatalogueError::NotFound`], [`CatalogueError::Retired`], [`CatalogueError::NoneActive`], or the store's.
pub fn choose(store: &Store, kind: Kind, name: &str) -> Result<Algorithm, CatalogueError> {
    if name.is_empty() {
        return list(store, false)?
            .into_iter()
            .find(|algorithm| algorithm.kind == kind && algorithm.state == AlgorithmState::Active)
            .ok_or(CatalogueError::NoneActive);
    }
    let algorithm = read(store, name)?;
    match algorithm.state {
        AlgorithmState::Retired => Err(CatalogueError::Retired(algorithm.name)),
        _ if algorithm.kind != kind => Err(CatalogueError::NotFound(algorithm.name)),
        _ => Ok(algorithm),
    }
}

/// The algorithm of this name, retired or not.
///
/// # Errors
/// [`CatalogueError::NotFound`], or the store's.
pub fn read(store: &Store, name: &str) -> Result<Algorithm, CatalogueError> {
    ALGORITHMS.read(store, &name.to_owned())?.ok_or_else(|| CatalogueError::NotFound(name.to_owned()))
}

/// Notes that `name` made pictures, each in about `each_ms`.
///
/// # Errors
/// The store's.
pub fn note_made(tx: &mut Tx<'_>, name: &str, pictures: u64, each_ms: u32) -> Result<(), StoreError> {
    let Some(mut algorithm) = ALGORITHMS.get(tx, &name.to_owned())? else { return Ok(()) };
    algorithm.made_count += pictures;
    algorithm.typical_ms = match algorithm.typical_ms {
        0 => each_ms,
        // A tenth of the new measurement: steady, and still follows a change of machine within a day.
        before => ((u64::from(before) * 9 + u64::from(each_ms)) / 10) as u32,
    };
    ALGORITHMS.put(tx, &algorithm.name.clone(), &algorithm)
}

/// Changes an algorithm's state as an act of an admin.
///
/// # Errors
/// See [`CatalogueError`].
pub async fn set_state(
    store: &Store,
    act: AdminAct,
    name: String,
    state: AlgorithmState,
) -> Result<Algorithm, CatalogueError> {
    let all: Vec<String> = list(store, true)?.into_iter().map(|algorithm| algorithm.name).collect();
    store
        .transact(move |tx| {
            let digest = Digest::of("algorithm.state", &[name.as_bytes(), state.word().as_bytes()]);
            let mut algorithm =
                ALGORITHMS.get(tx, &name)?.ok_or_else(|| CatalogueError::NotFound(name.clone()))?;
            if once::answered(tx, act.member, act.request, &digest)?.is_some() {
                return Ok(algorithm);
            }
            let old = algorithm.state;
            if old == AlgorithmState::Active && state != AlgorithmState::Active {
                return Err(CatalogueError::StillActive(name.clone()));
            }
            if state == AlgorithmState::Active {
                for other in &all {
                    if let Some(mut other) = ALGORITHMS.get(tx, other)?
                        && other.kind == algorithm.kind
                        && other.state == AlgorithmState::Active
                    {
                        other.state = AlgorithmState::Available;
                        ALGORITHMS.put(tx, &other.name.clone(), &other)?;
                    }
                }
            }
            algorithm.state = state;
            ALGORITHMS.put(tx, &name, &algorithm)?;
            audit::append(tx, &act.entry("algorithm.state", &name, old.word(), state.word()))?;
            once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            Ok(algorithm)
        })
        .await
}

/// Sets the price of one picture as an act of an admin.
///
/// # Errors
/// See [`CatalogueError`].
pub async fn set_price(
    store: &Store,
    act: AdminAct,
    name: String,
    price_credits: u64,
) -> Result<Algorithm, CatalogueError> {
    if price_credits > MAX_PRICE_CREDITS {
        return Err(CatalogueError::Price(price_credits));
    }
    store
        .transact(move |tx| {
            let digest = Digest::of("algorithm.price", &[name.as_bytes(), &price_credits.to_be_bytes()]);
            let mut algorithm =
                ALGORITHMS.get(tx, &name)?.ok_or_else(|| CatalogueError::NotFound(name.clone()))?;
            if once::answered(tx, act.member, act.request, &digest)?.is_some() {
                return Ok(algorithm);
            }
            let old = algorithm.price_credits.to_string();
            algorithm.price_credits = price_credits;
            ALGORITHMS.put(tx, &name, &algorithm)?;
            audit::append(tx, &act.entry("algorithm.price", &name, &old, &price_credits.to_string()))?;
            once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            Ok(algorithm)
        })
        .await
}
