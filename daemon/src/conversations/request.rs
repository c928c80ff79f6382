//! From words to work. Pure.

use atelier_models::{Aspect, OutputFormat, ThumbnailSpec};

use super::{
    interpreter::{self, Changes, Intent, ThumbnailWords},
    picture,
};
use crate::{id::AssetId, jobs::job::Work};

/// The work that these words ask for, and what of them can't be used.
#[must_use]
pub(super) fn thumbnail(words: &ThumbnailWords, pictures: &[AssetId], seed: u64) -> (Work, Vec<String>) {
    let mut notes = Vec::new();
    let photo = words.subject_image.and_then(|index| pictures.get(index)).copied();
    if words.subject_image.is_some() && photo.is_none() {
        notes.push("I could not find the picture you mean, so there is no photo on it.".to_owned());
    }
    if words.logo_image.is_some() {
        notes.push("Logos can't be placed yet, so it is left out.".to_owned());
    }
    if words.template.is_some() {
        notes.push("Templates are not installed yet; the layout was chosen for you.".to_owned());
    }
    let spec = ThumbnailSpec {
        subject: words.subject.clone(),
        title: words.title.clone().filter(|title| !title.is_empty()),
        aspect: words.aspect.map_or(Aspect::Wide, aspect),
        style: words.style.clone(),
        palette: words.palette.clone(),
        count: words.count.map_or(1, u32::from),
        seed,
        format: OutputFormat::Jpeg,
    };
    (Work::Thumbnail { spec, photo }, notes)
}

/// What would ask for this work again, but for its seed.
#[must_use]
pub(super) fn intent_of(work: &Work, pictures: &[AssetId]) -> Intent {
    match work {
        Work::Thumbnail { spec, photo } => Intent::Thumbnail(words_of(spec, *photo, pictures)),
        Work::Image { words, spec, init, .. } => {
            Intent::Image(picture::words_of(words, spec, *init, pictures))
        }
    }
}

fn words_of(spec: &ThumbnailSpec, photo: Option<AssetId>, pictures: &[AssetId]) -> ThumbnailWords {
    ThumbnailWords {
        subject: spec.subject.clone(),
        title: spec.title.clone(),
        aspect: Some(match spec.aspect {
            Aspect::Wide => interpreter::Aspect::Wide,
            Aspect::Tall => interpreter::Aspect::Tall,
            Aspect::Square => interpreter::Aspect::Square,
            Aspect::Portrait => interpreter::Aspect::Feed,
        }),
        style: spec.style.clone(),
        palette: spec.palette.clone(),
        count: u8::try_from(spec.count).ok(),
        subject_image: photo.and_then(|photo| pictures.iter().position(|picture| *picture == photo)),
        logo_image: None,
        template: None,
    }
}

/// The words after a change to them.
#[must_use]
pub(super) fn revise(last: &ThumbnailWords, changes: &Changes) -> ThumbnailWords {
    let mut words = last.clone();
    if let Some(subject) = changes.subject.clone().or_else(|| changes.prompt.clone()) {
        words.subject = subject;
    }
    if let Some(title) = &changes.title {
        words.title = Some(title.clone()).filter(|title| !title.is_empty());
    }
    words.aspect = changes.aspect.or(words.aspect);
    words.count = changes.count.or(words.count);
    words.subject_image = changes.subject_image.or(words.subject_image);
    words.logo_image = changes.logo_image.or(words.logo_image);
    words.template = changes.template.clone().or(words.template);
    if !changes.palette.is_empty() {
        words.palette.clone_from(&changes.palette);
    }
    for style in &changes.style {
        words.style.retain(|old| !contradicts(style, old));
        words.style.push(style.clone());
    }
    words
}

/// Whether the newer wish takes the older one's place.
fn contradicts(newer: &str, older: &str) -> bool {
    const PAIRS: [(&str, &str); 6] = [
        ("dark", "bright"),
        ("dark", "light"),
        ("warm", "cold"),
        ("warm", "cool"),
        ("big title", "small title"),
        ("minimal", "busy"),
    ];
    let less = |wish: &str, of: &str| ["less ", "no "].iter().any(|word| wish.strip_prefix(word) == Some(of));
    newer == older
        || less(newer, older)
        || less(older, newer)
        || PAIRS.contains(&(newer, older))
        || PAIRS.contains(&(older, newer))
}

fn aspect(aspect: interpreter::Aspect) -> Aspect {
    match aspect {
        interpreter::Aspect::Wide => Aspect::Wide,
        interpreter::Aspect::Tall => Aspect::Tall,
        interpreter::Aspect::Square => Aspect::Square,
        interpreter::Aspect::Feed => Aspect::Portrait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(style: &[&str]) -> ThumbnailWords {
        ThumbnailWords {
            subject: "bread".into(),
            title: Some("CRUST!".into()),
            style: style.iter().map(|&word| word.to_owned()).collect(),
            ..ThumbnailWords::default()
        }
    }

    #[test]
    fn newer_looks_take_the_place_of_older_ones() {
        for (before, change, after) in [
            (&["warm"][..], "dark", &["warm", "dark"][..]),
            (&["warm", "bright"], "dark", &["warm", "dark"]),
            (&["dark"], "less dark", &["less dark"]),
            (&["small title", "warm"], "big title", &["warm", "big title"]),
            (&["warm"], "warm", &["warm"]),
        ] {
            let changes = Changes { style: vec![change.to_owned()], ..Changes::default() };
            assert_eq!(revise(&words(before), &changes).style, after, "{before:?} + {change}");
        }
    }

    #[test]
    fn an_empty_title_takes_the_title_away() {
        let changes = Changes { title: Some(String::new()), ..Changes::default() };
        assert_eq!(revise(&words(&[]), &changes).title, None);
        let kept = revise(&words(&[]), &Changes { count: Some(3), ..Changes::default() });
        assert_eq!((kept.title.as_deref(), kept.count), (Some("CRUST!"), Some(3)));
    }

    #[test]
    fn words_become_work_and_words_again() {
        let picture = AssetId::from_uuid(uuid::Uuid::from_u128(7));
        let words = ThumbnailWords {
            aspect: Some(interpreter::Aspect::Tall),
            count: Some(2),
            subject_image: Some(0),
            ..words(&["warm"])
        };
        let (work, notes) = thumbnail(&words, &[picture], 9);
        assert_eq!((intent_of(&work, &[picture]), notes.len()), (Intent::Thumbnail(words), 0));
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let words = ThumbnailWords {
            subject_image: Some(3),
            logo_image: Some(0),
            template: Some("neon".into()),
            ..words(&[])
        };
        let (work, notes) = thumbnail(&words, &[], 7);
        assert_eq!(notes.len(), 3);
        let Work::Thumbnail { spec, photo } = work else { panic!("it is a thumbnail") };
        assert_eq!((spec.seed, spec.count, photo), (7, 1, None));
    }
}
