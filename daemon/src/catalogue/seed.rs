//! The algorithms that this build brings.

use atelier_models::{built_in, thumbnail::Draft};

use super::{ALGORITHMS, Algorithm, AlgorithmState, Defaults, list};
use crate::{
    engine::{DIFFUSION, PROCEDURAL},
    jobs::job::Kind,
    store::{Store, StoreError},
};

/// What the procedural one honestly is.
const BY_RULES: &str =
    "procedural: painted by built-in rules, no learned model; title set by the type engine";
/// Price of a picture, until an admin sets another.
const PRICE_CREDITS: u64 = 1;

/// Writes the algorithms that this build brings and the store lacks.
///
/// # Errors
/// The store's.
pub async fn seed(store: &Store) -> Result<(), StoreError> {
    let rows = missing(&list(store, true)?);
    store.transact(move |tx| rows.iter().try_for_each(|row| ALGORITHMS.put(tx, &row.name, row))).await
}

/// The rows to write. The built-in model makes what nobody has chosen another algorithm for: it takes the place of the
/// procedural one only where that stands as a build has put it, never of one that an admin has made or priced.
fn missing(known: &[Algorithm]) -> Vec<Algorithm> {
    let is_known = |name: &str| known.iter().any(|algorithm| algorithm.name == name);
    let active = |kind: Kind| {
        known.iter().find(|algorithm| algorithm.kind == kind && algorithm.state == AlgorithmState::Active)
    };
    let mut rows = Vec::new();
    let mut draft = row(Draft::ALGORITHM, Kind::Thumbnail, BY_RULES, PROCEDURAL, "");
    if !is_known(&draft.name) {
        rows.push(draft.clone());
    }
    if !is_known(built_in::THUMBNAILS) {
        let mut tiny =
            row(built_in::THUMBNAILS, Kind::Thumbnail, built_in::SUMMARY, DIFFUSION, built_in::NAME);
        // Where there is another one, an admin may have come back to this.
        let is_only =
            known.iter().all(|algorithm| algorithm.kind != Kind::Thumbnail || algorithm.name == draft.name);
        let untouched = |active: &Algorithm| {
            is_only && active.summary == BY_RULES && active.price_credits == PRICE_CREDITS
        };
        match active(Kind::Thumbnail) {
            None => tiny.state = AlgorithmState::Active,
            Some(active) if untouched(active) => {
                tiny.state = AlgorithmState::Active;
                draft = active.clone();
                draft.state = AlgorithmState::Available;
                rows.push(draft);
            }
            Some(_) => {}
        }
        rows.push(tiny);
    }
    if !is_known(built_in::IMAGES) {
        let mut tiny = row(built_in::IMAGES, Kind::Image, built_in::SUMMARY, DIFFUSION, built_in::NAME);
        if active(Kind::Image).is_none() {
            tiny.state = AlgorithmState::Active;
        }
        rows.push(tiny);
    }
    rows
}

fn row(name: &str, kind: Kind, summary: &str, pipeline: &str, model: &str) -> Algorithm {
    Algorithm {
        name: name.to_owned(),
        kind,
        summary: summary.to_owned(),
        state: AlgorithmState::Available,
        price_credits: PRICE_CREDITS,
        pipeline: pipeline.to_owned(),
        model: model.to_owned(),
        typical_ms: 0,
        made_count: 0,
        defaults: Defaults::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIVE: AlgorithmState = AlgorithmState::Active;

    /// Names and whether they are active, of all rows once the missing ones are written.
    fn after(known: &[Algorithm]) -> Vec<(String, bool)> {
        let written = missing(known);
        let kept = known.iter().filter(|old| written.iter().all(|new| new.name != old.name));
        let mut all: Vec<_> =
            kept.chain(&written).map(|row| (row.name.clone(), row.state == ACTIVE)).collect();
        all.sort();
        all
    }

    fn draft(state: AlgorithmState) -> Algorithm {
        Algorithm {
            state,
            typical_ms: 130,
            made_count: 9,
            ..row("draft-1", Kind::Thumbnail, BY_RULES, PROCEDURAL, "")
        }
    }

    fn other(kind: Kind) -> Algorithm {
        Algorithm { state: ACTIVE, ..row("large-1", kind, "large", DIFFUSION, "large") }
    }

    #[test]
    fn nobodys_choice_is_taken_back() {
        let dear = Algorithm { price_credits: 3, ..draft(ACTIVE) };
        let retired =
            Algorithm { state: AlgorithmState::Retired, ..row("tiny-1", Kind::Thumbnail, "", "", "") };
        for (known, active) in [
            (vec![], &["tiny-1", "tiny-image-1"][..]),
            (vec![draft(ACTIVE)], &["tiny-1", "tiny-image-1"]),
            (vec![dear], &["draft-1", "tiny-image-1"]),
            (
                vec![draft(ACTIVE), Algorithm { state: AlgorithmState::Available, ..other(Kind::Thumbnail) }],
                &["draft-1", "tiny-image-1"],
            ),
            (vec![draft(AlgorithmState::Available), other(Kind::Thumbnail)], &["large-1", "tiny-image-1"]),
            (vec![draft(ACTIVE), other(Kind::Image)], &["large-1", "tiny-1"]),
            // What is there already is never touched again.
            (vec![draft(ACTIVE), retired], &["draft-1", "tiny-image-1"]),
        ] {
            let all = after(&known);
            let found: Vec<_> = all.iter().filter(|(_, is)| *is).map(|(name, _)| name.as_str()).collect();
            assert_eq!(found, active, "{known:?}");
            assert!(
                ["draft-1", "tiny-1", "tiny-image-1"]
                    .iter()
                    .all(|name| all.iter().any(|(has, _)| has == name))
            );
        }
        let replaced = missing(&[draft(ACTIVE)]);
        let kept = replaced.iter().find(|row| row.name == "draft-1").map(|row| row.made_count);
        assert_eq!(kept, Some(9), "its figures stay");
        assert_eq!(missing(&missing(&[])), []);
    }
}
