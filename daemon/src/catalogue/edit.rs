//! Admins make algorithms and change what theirs take for granted.

use super::{ALGORITHMS, Algorithm, AlgorithmState, CatalogueError, Defaults, MAX_PRICE_CREDITS, MOST};
use crate::{
    act::AdminAct,
    audit,
    engine::DIFFUSION,
    jobs::job::Kind,
    once::{self, Digest},
    store::{Order, Store},
};

/// Longest name, in characters.
const NAME_CHARS: usize = 64;
/// Longest summary, in characters.
const SUMMARY_CHARS: usize = 200;

/// An algorithm to be made. It paints with a diffusion model; the procedural one is built in.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlgorithm {
    /// Name with version.
    pub name: String,
    /// What it makes.
    pub kind: Kind,
    /// The installed model.
    pub model: String,
    /// What it honestly is, in one line; empty for a line that names the model.
    pub summary: String,
    /// Price of one picture.
    pub price_credits: u64,
    /// What it takes where a request says nothing.
    pub defaults: Defaults,
}

/// Makes an algorithm that can be picked by name, as an act of an admin. Whether its model is installed is the
/// caller's to check.
///
/// # Errors
/// [`CatalogueError::Invalid`], [`CatalogueError::Taken`], [`CatalogueError::Price`], or the store's.
pub async fn create(store: &Store, act: AdminAct, new: NewAlgorithm) -> Result<Algorithm, CatalogueError> {
    check_name(&new.name)?;
    check_summary(&new.summary)?;
    new.defaults.check()?;
    if new.price_credits > MAX_PRICE_CREDITS {
        return Err(CatalogueError::Price(new.price_credits));
    }
    if ALGORITHMS.scan(store, .., Order::Ascending, MOST)?.len() >= MOST {
        let problem = format!("there are {MOST} algorithms already; no more can be made");
        return Err(CatalogueError::Invalid { field: "name", problem });
    }
    let words = json(&(&new.kind, &new.model, &new.summary, new.price_credits, &new.defaults));
    let summary = match new.summary.as_str() {
        "" => format!("paints with the model {}", new.model),
        summary => summary.to_owned(),
    };
    let algorithm = Algorithm {
        name: new.name,
        kind: new.kind,
        summary,
        state: AlgorithmState::Available,
        price_credits: new.price_credits,
        pipeline: DIFFUSION.to_owned(),
        model: new.model,
        typical_ms: 0,
        made_count: 0,
        defaults: new.defaults,
    };
    store
        .transact(move |tx| {
            let name = &algorithm.name;
            let digest = Digest::of("algorithm.create", &[name.as_bytes(), words.as_bytes()]);
            let known = ALGORITHMS.get(tx, name)?;
            if once::answered(tx, act.member, act.request, &digest)?.is_some() {
                return known.ok_or_else(|| CatalogueError::NotFound(name.clone()));
            }
            if known.is_some() {
                return Err(CatalogueError::Taken(name.clone()));
            }
            ALGORITHMS.put(tx, name, &algorithm)?;
            audit::append(tx, &act.entry("algorithm.create", name, "", &described(&algorithm)))?;
            once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            Ok(algorithm.clone())
        })
        .await
}

/// Changes an algorithm's summary and defaults as an act of an admin. What is none stays as it is. Its model stays in any
/// case: a name stands for what made its pictures.
///
/// # Errors
/// [`CatalogueError::NotFound`], [`CatalogueError::Invalid`], or the store's.
pub async fn edit(
    store: &Store,
    act: AdminAct,
    name: String,
    summary: Option<String>,
    defaults: Option<Defaults>,
) -> Result<Algorithm, CatalogueError> {
    if let Some(summary) = &summary {
        check_summary(summary)?;
    }
    if let Some(defaults) = &defaults {
        defaults.check()?;
    }
    let words = json(&(&summary, &defaults));
    store
        .transact(move |tx| {
            let digest = Digest::of("algorithm.edit", &[name.as_bytes(), words.as_bytes()]);
            let mut algorithm =
                ALGORITHMS.get(tx, &name)?.ok_or_else(|| CatalogueError::NotFound(name.clone()))?;
            if once::answered(tx, act.member, act.request, &digest)?.is_some() {
                return Ok(algorithm);
            }
            if defaults.is_some() && algorithm.model.is_empty() {
                let problem = format!("`{name}` paints without a model and takes none");
                return Err(CatalogueError::Invalid { field: "defaults", problem });
            }
            let old = described(&algorithm);
            algorithm.summary = summary.clone().unwrap_or(algorithm.summary);
            algorithm.defaults = defaults.clone().unwrap_or(algorithm.defaults);
            ALGORITHMS.put(tx, &name, &algorithm)?;
            audit::append(tx, &act.entry("algorithm.edit", &name, &old, &described(&algorithm)))?;
            once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            Ok(algorithm)
        })
        .await
}

/// For the audit log: everything that an edit may change, and what it was made with.
fn described(algorithm: &Algorithm) -> String {
    format!("{}: {}; {}", algorithm.model, algorithm.summary, json(&algorithm.defaults))
}

fn json(value: &impl serde::Serialize) -> String {
    // None of these types can fail; the worst is an empty line in the log.
    serde_json::to_string(value).unwrap_or_default()
}

fn check_name(name: &str) -> Result<(), CatalogueError> {
    let is_plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "-._".contains(char);
    let begins = name.starts_with(|char: char| char.is_ascii_alphanumeric());
    if begins && name.len() <= NAME_CHARS && name.chars().all(is_plain) {
        return Ok(());
    }
    let problem = format!(
        "`{name}` is no name: up to {NAME_CHARS} small letters, digits, dots and dashes, such as photo-1"
    );
    Err(CatalogueError::Invalid { field: "name", problem })
}

fn check_summary(summary: &str) -> Result<(), CatalogueError> {
    if summary.chars().count() <= SUMMARY_CHARS && !summary.contains(char::is_control) {
        return Ok(());
    }
    let problem = format!("is one line of at most {SUMMARY_CHARS} characters");
    Err(CatalogueError::Invalid { field: "summary", problem })
}
