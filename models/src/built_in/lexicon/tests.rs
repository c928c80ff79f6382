//! What becomes of people's words.

use proptest::prelude::*;

use super::{
    super::files, ABSTRACT, File, JSON, LEXICON, OUTDOORS, Side, TIMED, WEATHERED, WEATHERS, known, read, rgb,
};
use crate::diffusion::text::Tokenizer;

const NOBODYS: Side = Side::Is(None);

fn file() -> File {
    serde_json::from_str(JSON).unwrap()
}

#[test]
fn words_become_plain_words() {
    for (entries, prompt, unused) in [
        (&["mountains"][..], "mountains", &[][..]),
        (&["The Rocky Mountains at sunrise, in fog!"], "mountains, dawn, misty", &[]),
        (&["snowy peaks", "midnight blue"], "mountains, navy", &[]),
        // The longest phrase first: this is no dusk and no gold.
        (&["sunset over the sea", "sunset colours"], "ocean, sunset colours", &[]),
        (&["Café-desk setup", "WARM"], "desk, coral", &["Café"]),
        (&["a cosy wooden cabin in the woods"], "forest, brown", &["cosy", "cabin"]),
        (&["neon grid", "cyberpunk", "neon"], "synthwave, neon", &[]),
        // Of two the first, and the other is told.
        (&["city and ocean", "red", "blue"], "city, red", &["ocean", "blue"]),
        // What a family doesn't show is told too.
        (&["bokeh at night in the rain"], "bokeh", &["at night", "rain"]),
        (&["desert in the snow"], "desert", &["snow"]),
        (&["sci-fi galaxy", "#0a1d48"], "space, navy", &[]),
        (&["galaxies", "navy"], "space, navy", &[]),
        (&["city", "#12"], "city", &["12"]),
        (&["city", "big title", "oil painting"], "city", &["big title", "oil painting"]),
        (&["a video about my cat in the city"], "city", &["cat"]),
        (&["ÉMERALD wáves"], "waves, green", &[]),
    ] {
        let reading = read(entries.iter().copied(), NOBODYS, 0);
        assert_eq!(reading.prompt, prompt, "{entries:?}");
        assert_eq!(reading.unused, unused, "{entries:?}");
    }
}

#[test]
fn a_side_is_the_layouts_or_what_was_said() {
    let words = ["city, copy space on the left"];
    assert_eq!(read(words, Side::Said, 0).prompt, "city, copy space on the left");
    let reading = read(words, Side::Is(Some("right")), 0);
    assert_eq!(reading.prompt, "city, copy space on the right");
    assert_eq!(reading.unused, ["copy space on the left"]);
    assert_eq!(read(words, Side::Is(Some("left")), 0).unused, [""; 0]);
    assert_eq!(read(["city, full frame"], Side::Said, 0).prompt, "city");
}

#[test]
fn where_no_scene_is_named_the_seed_picks_one() {
    for seed in 0..12 {
        let reading = read(["baking sourdough", "warm"], NOBODYS, seed);
        let family = ABSTRACT[seed as usize % ABSTRACT.len()];
        let plain = LEXICON.plain[&(super::Factor::Family, family)];
        assert_eq!(reading.prompt, format!("{plain}, coral"));
        assert_eq!(reading.unused, ["baking sourdough"]);
        let outside = read(["a rainy night"], NOBODYS, seed);
        assert_eq!(outside.prompt, format!("{}, night, rain", OUTDOORS[seed as usize % OUTDOORS.len()]));
    }
    assert_eq!(read([], NOBODYS, u64::MAX).unused, [""; 0]);
}

#[test]
fn what_a_picture_shall_not_show_names_no_scene_by_itself() {
    assert_eq!(known("blurry, ugly"), "");
    assert_eq!(known("rain, red"), "red, rain");
}

#[test]
fn colours_find_their_palette() {
    for (name, colours) in file().colours {
        for colour in colours {
            let nearest = LEXICON.nearest(rgb(colour).unwrap());
            assert_eq!(nearest, Some(name), "{colour}");
        }
    }
    for (colour, palette) in
        [("#ff0000", "red"), ("#00c853", "green"), ("#ffffff", "white"), ("#000000", "black")]
    {
        assert_eq!(LEXICON.nearest(rgb(colour).unwrap()), Some(palette), "{colour}");
    }
    assert_eq!((rgb("red"), rgb("#fff"), rgb("#gggggg")), (None, None, None));
}

#[test]
fn the_lexicon_is_of_one_piece() {
    let file = file();
    let families: Vec<_> = file.family.keys().copied().collect();
    assert_eq!((families.len(), file.palette.len(), file.weather.len()), (16, 24, 5));
    let named = TIMED.into_iter().chain(WEATHERED.map(|(name, _)| name)).chain(ABSTRACT).chain(OUTDOORS);
    named.for_each(|name| assert!(families.contains(&name), "{name}"));
    assert!(OUTDOORS.iter().all(|name| TIMED.contains(name) && WEATHERED.contains(&(name, 5))));
    assert!(WEATHERS.iter().all(|name| file.weather.contains_key(name)));
    assert!(file.colours.keys().all(|name| file.palette.contains_key(name)));
    let phrases: usize = [&file.family, &file.palette, &file.side, &file.time, &file.weather]
        .iter()
        .flat_map(|values| values.values())
        .map(Vec::len)
        .sum();
    assert_eq!(LEXICON.phrases.len(), phrases, "no phrase means two things");
}

#[test]
fn every_plain_prompt_fits_the_text_encoder() {
    let folder = tempfile::tempdir().unwrap();
    let tokenizer = Tokenizer::open(&files::unpack(folder.path()).unwrap().join("tokenizer")).unwrap();
    let longest = |values: super::Values| {
        let plain = values.into_values().map(|words| words[0]);
        plain.max_by_key(|word| tokenizer.encode(word).unwrap().len()).unwrap()
    };
    let file = file();
    let all = [file.family, file.palette, file.side, file.time, file.weather].map(longest).join(", ");
    let tokens = tokenizer.encode(&all).unwrap().len() + 2;
    assert!(tokens <= 40, "{all}: {tokens} tokens");
}

proptest! {
    #[test]
    fn any_words_make_a_prompt(text in "\\PC{0,80}", palette in "(#[0-9a-f]{6}|\\PC{0,12})", seed: u64) {
        let reading = read([text.as_str(), palette.as_str()], Side::Said, seed);
        prop_assert!(!reading.prompt.is_empty());
        // Plain words are understood as they are.
        let again = read([reading.prompt.as_str()], Side::Said, seed);
        prop_assert_eq!(&again.prompt, &reading.prompt);
        prop_assert!(again.unused.is_empty(), "{:?}", again.unused);
        for unused in &reading.unused {
            prop_assert!(!unused.is_empty());
        }
    }
}
