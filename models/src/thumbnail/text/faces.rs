//! The bundled fonts, and which of them suits a title.

use std::sync::Arc;

use cosmic_text::{Fallback, FontSystem, fontdb};
use unicode_script::{Script, UnicodeScript};

/// One bundled font.
#[derive(Debug)]
pub(in crate::thumbnail) struct Face {
    /// The name it goes by in the settings.
    pub name: &'static str,
    bytes: &'static [u8],
    /// Style words that call for it.
    moods: &'static [&'static str],
    /// How often it is taken when no word decides.
    tickets: u64,
    /// Whether its letters are narrow enough for a long title.
    condensed: bool,
    /// Strokes of this share of the size still leave the counters of its letters open.
    pub stroke: f32,
}

/// The font for emoji; always in colour, never a title's own font.
pub(super) const EMOJI: &str = "Twemoji";

/// From so many characters on a title needs narrow letters to stay large.
const LONG_TITLE: usize = 26;

/// Every bundled font.
static FACES: [Face; 8] = [
    Face {
        name: "Fira Sans Extra Condensed",
        bytes: include_bytes!("../../../fonts/fira-sans-extra-condensed.ttf"),
        moods: &["clean", "modern", "tech", "news", "minimal", "business", "corporate", "neutral", "science"],
        tickets: 2,
        condensed: true,
        stroke: 0.085,
    },
    Face {
        name: "Anton",
        bytes: include_bytes!("../../../fonts/anton.ttf"),
        moods: &[
            "bold",
            "dramatic",
            "sport",
            "gaming",
            "energetic",
            "action",
            "dark",
            "loud",
            "intense",
            "strong",
        ],
        tickets: 7,
        condensed: true,
        stroke: 0.085,
    },
    Face {
        name: "Rubik",
        bytes: include_bytes!("../../../fonts/rubik.ttf"),
        moods: &["playful", "friendly", "bright", "pop", "colorful", "colourful", "cheerful", "vibrant"],
        tickets: 3,
        condensed: false,
        stroke: 0.1,
    },
    Face {
        name: "Permanent Marker",
        bytes: include_bytes!("../../../fonts/permanent-marker.ttf"),
        moods: &["handmade", "marker", "diy", "craft", "sketch", "vlog", "street", "graffiti", "handwritten"],
        tickets: 1,
        condensed: false,
        stroke: 0.1,
    },
    Face {
        name: "Playfair Display",
        bytes: include_bytes!("../../../fonts/playfair-display.ttf"),
        moods: &[
            "elegant",
            "luxury",
            "vintage",
            "classic",
            "calm",
            "serif",
            "romantic",
            "retro",
            "cinematic",
        ],
        tickets: 1,
        condensed: false,
        stroke: 0.06,
    },
    Face {
        name: "Baloo 2",
        bytes: include_bytes!("../../../fonts/baloo-2.ttf"),
        moods: &["cute", "kids", "fun", "rounded", "soft", "cosy", "cozy", "kawaii"],
        tickets: 1,
        condensed: false,
        stroke: 0.095,
    },
    Face {
        name: "Lalezar",
        bytes: include_bytes!("../../../fonts/lalezar.ttf"),
        moods: &["festive"],
        tickets: 0,
        condensed: false,
        stroke: 0.08,
    },
    Face {
        name: EMOJI,
        bytes: include_bytes!("../../../fonts/twemoji.ttf"),
        moods: &[],
        tickets: 0,
        condensed: false,
        stroke: 0.0,
    },
];

/// The order in which fonts step in for letters that the chosen one lacks.
struct Bundled;

impl Fallback for Bundled {
    fn common_fallback(&self) -> &[&'static str] {
        &["Fira Sans Extra Condensed", EMOJI, "Rubik", "Baloo 2", "Lalezar", "Playfair Display"]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, _: &str) -> &[&'static str] {
        match script {
            Script::Arabic => &["Lalezar"],
            Script::Hebrew => &["Rubik"],
            Script::Devanagari => &["Baloo 2"],
            Script::Cyrillic | Script::Greek | Script::Latin => &["Fira Sans Extra Condensed"],
            _ => &[],
        }
    }
}

/// The fonts in memory: the bundled ones, and those of the system once a title needed them.
pub(super) struct Fonts {
    pub(super) system: FontSystem,
    ids: Vec<fontdb::ID>,
    system_fonts_loaded: bool,
}

impl Fonts {
    pub(super) fn new() -> Self {
        let mut database = fontdb::Database::new();
        let mut ids = Vec::with_capacity(FACES.len());
        for face in &FACES {
            let source = fontdb::Source::Binary(Arc::new(face.bytes));
            for id in database.load_font_source(source) {
                let Some(mut info) = database.face(id).cloned() else { continue };
                database.remove_face(id);
                // Each file is one style; equal names, weights and widths let any of them stand in for another.
                info.families = vec![(face.name.to_owned(), fontdb::Language::English_UnitedStates)];
                info.weight = fontdb::Weight::NORMAL;
                info.stretch = fontdb::Stretch::Normal;
                info.style = fontdb::Style::Normal;
                ids.push(database.push_face_info(info));
            }
        }
        let system = FontSystem::new_with_locale_and_db_and_fallback("en-US".to_owned(), database, Bundled);
        Self { system, ids, system_fonts_loaded: false }
    }

    /// The name of a font, and whether it is bundled.
    pub(super) fn name(&self, id: fontdb::ID) -> (String, bool) {
        let name = self.system.db().face(id).and_then(|info| info.families.first().cloned());
        (name.map_or_else(|| "unnamed".to_owned(), |(name, _)| name), self.ids.contains(&id))
    }

    /// Whether this is the font with coloured glyphs.
    pub(super) fn is_emoji(&self, id: fontdb::ID) -> bool {
        FACES.iter().zip(&self.ids).any(|(face, known)| *known == id && face.name == EMOJI)
    }

    /// Loads the fonts of the system if `text` has letters that no bundled font covers. Costs time and ties the
    /// picture to this machine, so never otherwise.
    pub(super) fn prepare(&mut self, text: &str) {
        if self.system_fonts_loaded {
            return;
        }
        let all_covered = text
            .chars()
            .all(|letter| !needs_glyph(letter) || (0..FACES.len()).any(|face| self.covers(face, letter)));
        if !all_covered {
            self.system.db_mut().load_system_fonts();
            self.system_fonts_loaded = true;
        }
    }

    /// The font for `text`: of those that cover most of its letters, one that the style words call for, else
    /// one drawn by `seed`.
    pub(super) fn choose(&mut self, text: &str, style: &[String], seed: u64) -> &'static Face {
        let letters: Vec<_> = text.chars().filter(|letter| is_letter(*letter)).collect();
        let covered: Vec<_> = (0..FACES.len())
            .map(|face| letters.iter().filter(|letter| self.covers(face, **letter)).count())
            .collect();
        let most = covered.iter().copied().max().unwrap_or(0);
        let able = || {
            FACES
                .iter()
                .zip(&covered)
                .filter(|(face, has)| **has == most && face.name != EMOJI)
                .map(|(face, _)| face)
        };
        let mut called: Vec<_> =
            able().filter(|face| style.iter().any(|word| face.is_called_by(word))).collect();
        if called.is_empty() {
            let long = text.chars().count() > LONG_TITLE;
            called = able()
                .filter(|face| face.condensed || !long)
                .flat_map(|face| (0..face.tickets).map(move |_| face))
                .collect();
        }
        if called.is_empty() {
            called = able().collect();
        }
        called[(scattered(seed) % called.len().max(1) as u64) as usize]
    }

    fn covers(&mut self, face: usize, letter: char) -> bool {
        let Some(id) = self.ids.get(face) else { return false };
        self.system
            .get_font(*id, fontdb::Weight::NORMAL)
            .is_some_and(|font| font.as_swash().charmap().map(letter) != 0)
    }
}

impl Face {
    fn is_called_by(&self, word: &str) -> bool {
        let word = word.trim();
        self.moods.iter().any(|mood| word.eq_ignore_ascii_case(mood)) || word.eq_ignore_ascii_case(self.name)
    }
}

/// Whether `word` is a style word that decides on a font.
pub(in crate::thumbnail) fn understands(word: &str) -> bool {
    FACES.iter().any(|face| face.is_called_by(word))
}

/// Neighbouring seeds scattered over all numbers: the fonts stand in blocks, and variants should differ.
fn scattered(seed: u64) -> u64 {
    (seed ^ (seed >> 31)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 29
}

/// Letters decide on the font; emoji, digits and punctuation follow.
fn is_letter(letter: char) -> bool {
    !matches!(letter.script(), Script::Common | Script::Inherited | Script::Unknown)
}

/// Whether a missing glyph for this would be seen: joiners, marks of direction and selectors have none.
fn needs_glyph(letter: char) -> bool {
    !letter.is_whitespace()
        && !letter.is_control()
        && !matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_fonts_cover_the_promised_scripts() {
        let mut fonts = Fonts::new();
        assert_eq!(fonts.ids.len(), FACES.len());
        for (text, wanted) in [
            ("Bread", None),
            ("ЖИЗНЬ Їжак", None),
            ("ΩΜΕΓΑ λόγος", Some("Fira Sans Extra Condensed")),
            ("نان تازه چگونه", Some("Lalezar")),
            ("שלום עולם", Some("Rubik")),
            ("घर की रोटी", Some("Baloo 2")),
            ("Größe Łódź İstanbul", None),
            ("🔥🍞 2026 — “wow”… £5 €6 ₹7", None),
        ] {
            fonts.prepare(text);
            assert!(!fonts.system_fonts_loaded, "{text}");
            for seed in 0..20 {
                let face = fonts.choose(text, &[], seed);
                assert!(wanted.is_none_or(|wanted| face.name == wanted), "{text}: {}", face.name);
                assert_ne!(face.name, EMOJI);
            }
        }
    }

    #[test]
    fn style_words_call_a_font_unless_it_lacks_the_letters() {
        let mut fonts = Fonts::new();
        for (text, mood, wanted) in [
            ("Bread", "Elegant", "Playfair Display"),
            ("Bread", "diy", "Permanent Marker"),
            ("Хлеб", "elegant", "Playfair Display"),
            ("Άρτος", "elegant", "Fira Sans Extra Condensed"),
        ] {
            assert_eq!(fonts.choose(text, &[mood.to_owned()], 3).name, wanted, "{text} {mood}");
        }
    }
}
