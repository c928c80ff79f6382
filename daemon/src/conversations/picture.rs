//! From words to plain pictures. Pure.

use atelier_models::diffusion::GenerationSpec;

use super::interpreter::{Aspect, Changes, ImageWords};
use crate::{
    id::AssetId,
    jobs::{ImageWish, Wanted},
};

/// Models paint best in sizes that their networks can halve a few times.
const UNIT: u32 = 64;
/// Below this side a model is a tiny one, and only the smallest unit leaves it a choice.
const TINY: u32 = 256;

/// The picture that these words ask for, by an algorithm whose pictures usually have this `size`, and what of the words
/// can't be used.
#[must_use]
pub(super) fn image(
    words: &ImageWords,
    pictures: &[AssetId],
    seed: u64,
    size: (u32, u32),
) -> (Wanted, Vec<String>) {
    let mut notes = Vec::new();
    let init = words.init_image.and_then(|index| pictures.get(index)).copied();
    if words.init_image.is_some() && init.is_none() {
        notes.push("I could not find the picture you mean, so I begin from nothing.".to_owned());
    }
    let size = words.aspect.map(|aspect| shaped(aspect, size));
    let said: Vec<&str> =
        std::iter::once(words.prompt.as_str()).chain(words.style.iter().map(String::as_str)).collect();
    let wish = ImageWish {
        words: said.join(", "),
        negative: words.negative.clone().unwrap_or_default(),
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        seed,
        count: words.count.map_or(1, u32::from),
        init,
        ..ImageWish::default()
    };
    (Wanted::Image(wish), notes)
}

/// The words that would ask for this picture again, but for its seed.
#[must_use]
pub(super) fn words_of(
    words: &str,
    spec: &GenerationSpec,
    init: Option<AssetId>,
    pictures: &[AssetId],
) -> ImageWords {
    let size = (spec.width, spec.height);
    ImageWords {
        prompt: words.to_owned(),
        // A size that no shape has is the algorithm's own.
        aspect: [Aspect::Wide, Aspect::Tall, Aspect::Square, Aspect::Feed]
            .into_iter()
            .find(|aspect| shaped(*aspect, size) == size),
        style: Vec::new(),
        count: u8::try_from(spec.count).ok(),
        init_image: init.and_then(|init| pictures.iter().position(|picture| *picture == init)),
        negative: Some(spec.negative.clone()).filter(|negative| !negative.is_empty()),
    }
}

/// The words after a change to them.
#[must_use]
pub(super) fn revise(last: &ImageWords, changes: &Changes) -> ImageWords {
    let mut words = last.clone();
    if let Some(prompt) = changes.prompt.clone().or_else(|| changes.subject.clone()) {
        words.prompt = prompt;
    }
    words.aspect = changes.aspect.or(words.aspect);
    words.count = changes.count.or(words.count);
    words.init_image = changes.init_image.or(words.init_image);
    words.negative = changes.negative.clone().or(words.negative);
    words.style.extend(changes.style.iter().chain(&changes.palette).cloned());
    words
}

/// The size of this shape that has about as many pixels as `usual`.
fn shaped(aspect: Aspect, usual: (u32, u32)) -> (u32, u32) {
    let (wide, high) = match aspect {
        Aspect::Wide => (16.0, 9.0),
        Aspect::Tall => (9.0, 16.0),
        Aspect::Square => (1.0, 1.0),
        Aspect::Feed => (4.0, 5.0),
    };
    let unit = if usual.0.min(usual.1) < TINY { 8 } else { UNIT };
    let area = f64::from(usual.0) * f64::from(usual.1);
    let side = |ratio: f64| {
        let units = ((area * ratio).sqrt() / f64::from(unit)).round() as u32;
        (units * unit).clamp(UNIT, 2_048)
    };
    (side(wide / high), side(high / wide))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::Defaults, jobs::job::Work};

    #[test]
    fn shapes_keep_the_number_of_pixels() {
        for (aspect, usual, wanted) in [
            (Aspect::Wide, (512, 512), (704, 384)),
            (Aspect::Tall, (512, 512), (384, 704)),
            (Aspect::Square, (768, 512), (640, 640)),
            (Aspect::Feed, (1024, 1024), (896, 1152)),
            (Aspect::Wide, (128, 128), (168, 96)),
        ] {
            assert_eq!(shaped(aspect, usual), wanted, "{aspect:?} of {usual:?}");
            assert_eq!(shaped(aspect, wanted), wanted, "{aspect:?} again");
        }
    }

    #[test]
    fn words_become_a_picture_and_words_again() {
        let picture = AssetId::from_uuid(uuid::Uuid::from_u128(7));
        let words = ImageWords {
            prompt: "a fox".into(),
            aspect: Some(Aspect::Tall),
            count: Some(2),
            init_image: Some(0),
            negative: Some("dogs".into()),
            ..ImageWords::default()
        };
        let (wanted, notes) = image(&words, &[picture], 9, (512, 512));
        let Work::Image { words: said, spec, init, .. } = wanted.complete(&Defaults::default()) else {
            panic!("it is an image");
        };
        assert_eq!((words_of(&said, &spec, init, &[picture]), notes.len()), (words, 0));
    }

    #[test]
    fn changes_are_said_too() {
        let last = ImageWords { prompt: "a fox".into(), ..ImageWords::default() };
        let changes =
            Changes { style: vec!["darker".into()], palette: vec!["red".into()], ..Changes::default() };
        let (wanted, _) = image(&revise(&last, &changes), &[], 1, (512, 512));
        let Wanted::Image(wish) = wanted else { panic!("it is an image") };
        assert_eq!((wish.words.as_str(), wish.width), ("a fox, darker, red", None));
        let lost = ImageWords { init_image: Some(3), ..last };
        assert_eq!(image(&lost, &[], 1, (512, 512)).1.len(), 1);
    }
}
