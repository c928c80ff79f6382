//! Mood words: light, temperature, time of day, weather, density.

/// Time of day outdoors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// Clear daylight.
    Day,
    /// Low sun.
    Golden,
    /// After sunset.
    Dusk,
    /// Night.
    Night,
}

/// What falls or drifts through the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Nothing.
    Clear,
    /// Mist.
    Fog,
    /// Rain.
    Rain,
    /// Snow.
    Snow,
    /// Dark clouds.
    Storm,
}

/// The sum of all mood words. Every number is a shift; 0 leaves the look of the family as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mood {
    /// Darker below 0, brighter above.
    pub key: f32,
    /// Colder below 0, warmer above.
    pub warmth: f32,
    /// Paler below 0, more colourful above.
    pub chroma: f32,
    /// Flatter below 0, harder above.
    pub contrast: f32,
    /// Emptier below 0, busier above.
    pub busy: f32,
    /// Grain above the usual.
    pub grain: f32,
    /// Vignette above the usual.
    pub vignette: f32,
    /// Glow above the usual.
    pub glow: f32,
    /// A hue that everything leans to, and how far.
    pub tint: Option<(f32, f32)>,
    /// No colour at all.
    pub mono: bool,
    /// The time of day that was named.
    pub time: Option<Time>,
    /// The weather that was named.
    pub weather: Option<Weather>,
}

/// No mood.
const CALM: Mood = Mood {
    key: 0.0,
    warmth: 0.0,
    chroma: 0.0,
    contrast: 0.0,
    busy: 0.0,
    grain: 0.0,
    vignette: 0.0,
    glow: 0.0,
    tint: None,
    mono: false,
    time: None,
    weather: None,
};

impl Mood {
    /// The mood before anything was said.
    pub(super) fn none() -> Self {
        CALM
    }

    /// Takes in one style entry; false when nothing in it is a mood word.
    pub(super) fn hear(&mut self, entry: &str) -> bool {
        let lower = entry.trim().to_lowercase().replace(['-', '_'], " ");
        let (amount, rest) = amount(&lower);
        if let Some(mood) = lookup(rest) {
            self.add(&mood, amount);
            return true;
        }
        let mut understood = false;
        for word in rest.split_whitespace() {
            if let Some(mood) = lookup(word) {
                self.add(&mood, amount);
                understood = true;
            }
        }
        understood
    }

    /// Takes only the time and the weather from a subject: `dark chocolate` is no dark picture.
    pub(super) fn hear_subject(&mut self, words: &[String]) {
        for mood in words.iter().filter_map(|word| lookup(word)) {
            self.time = self.time.or(mood.time);
            self.weather = self.weather.or(mood.weather);
        }
    }

    fn add(&mut self, other: &Self, amount: f32) {
        self.key += other.key * amount;
        self.warmth += other.warmth * amount;
        self.chroma += other.chroma * amount;
        self.contrast += other.contrast * amount;
        self.busy += other.busy * amount;
        self.grain += other.grain * amount;
        self.vignette += other.vignette * amount;
        self.glow += other.glow * amount;
        // "no night" says nothing about which time it is instead.
        if amount > 0.0 {
            self.tint = other.tint.or(self.tint);
            self.mono |= other.mono;
            self.time = other.time.or(self.time);
            self.weather = other.weather.or(self.weather);
        }
    }
}

/// `less`, `no`, `very` and the like in front of a word, as a factor.
fn amount(entry: &str) -> (f32, &str) {
    for (prefix, factor) in [
        ("less ", -0.6),
        ("not too ", -0.4),
        ("not ", -0.8),
        ("no ", -0.8),
        ("without ", -0.8),
        ("a bit ", 0.5),
        ("slightly ", 0.5),
        ("more ", 1.3),
        ("very ", 1.5),
        ("super ", 1.5),
        ("extra ", 1.5),
    ] {
        if let Some(rest) = entry.strip_prefix(prefix) {
            return (factor, rest.trim_start());
        }
    }
    (1.0, entry)
}

fn lookup(word: &str) -> Option<Mood> {
    WORDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, mood)| *mood)
}

const WORDS: &[(&[&str], Mood)] = &[
    (&["warm", "warmer"], Mood { warmth: 0.6, ..CALM }),
    (&["cold", "cool", "cooler", "icy", "frosty"], Mood { warmth: -0.6, ..CALM }),
    (&["dark", "darker", "dim", "noir"], Mood { key: -0.6, vignette: 0.2, ..CALM }),
    (&["bright", "brighter", "light", "airy", "fresh"], Mood { key: 0.6, vignette: -0.3, ..CALM }),
    (&["moody", "mysterious", "gloomy"], Mood { key: -0.4, chroma: -0.2, vignette: 0.3, ..CALM }),
    (&["cozy", "cosy", "homely", "comfy"], Mood { key: -0.1, warmth: 0.5, glow: 0.3, ..CALM }),
    (
        &["cinematic", "film", "movie", "epic"],
        Mood { contrast: 0.3, grain: 0.3, vignette: 0.3, key: -0.15, ..CALM },
    ),
    (&["dramatic", "intense", "bold"], Mood { contrast: 0.5, vignette: 0.3, chroma: 0.1, ..CALM }),
    (
        &["neon", "cyberpunk", "synthwave", "vaporwave"],
        Mood { key: -0.35, chroma: 0.5, glow: 0.5, time: Some(Time::Night), ..CALM },
    ),
    (&["retro", "80s", "70s"], Mood { chroma: -0.05, grain: 0.5, tint: Some((55.0, 0.15)), ..CALM }),
    (
        &["vintage", "old", "nostalgic", "sepia"],
        Mood { chroma: -0.35, grain: 0.7, contrast: -0.2, tint: Some((75.0, 0.4)), ..CALM },
    ),
    (
        &["minimal", "minimalist", "clean", "simple", "calm", "modern"],
        Mood { busy: -0.6, chroma: -0.15, contrast: -0.1, grain: -0.3, ..CALM },
    ),
    (
        &["pastel", "soft", "gentle", "dreamy", "cute"],
        Mood { key: 0.5, chroma: -0.3, contrast: -0.5, vignette: -0.4, ..CALM },
    ),
    (&["muted", "subtle", "matte", "desaturated", "pale"], Mood { chroma: -0.45, contrast: -0.2, ..CALM }),
    (
        &["vivid", "vibrant", "colorful", "colourful", "saturated", "pop"],
        Mood { chroma: 0.4, key: 0.1, ..CALM },
    ),
    (
        &["playful", "fun", "happy", "cheerful", "joyful", "kids"],
        Mood { key: 0.4, chroma: 0.35, busy: 0.3, vignette: -0.3, ..CALM },
    ),
    (
        &["energetic", "dynamic", "exciting", "action", "hype"],
        Mood { chroma: 0.35, contrast: 0.3, busy: 0.4, glow: 0.2, ..CALM },
    ),
    (
        &["elegant", "luxury", "luxurious", "premium", "classy"],
        Mood { key: -0.3, chroma: -0.2, busy: -0.3, vignette: 0.2, ..CALM },
    ),
    (&["professional", "corporate", "serious"], Mood { chroma: -0.15, busy: -0.3, warmth: -0.2, ..CALM }),
    (
        &["futuristic", "tech", "scifi", "sci fi", "digital"],
        Mood { key: -0.2, warmth: -0.5, glow: 0.4, ..CALM },
    ),
    (
        &["natural", "organic", "realistic", "earthy", "rustic"],
        Mood { chroma: -0.15, warmth: 0.2, glow: -0.1, ..CALM },
    ),
    (
        &["spooky", "scary", "horror", "creepy", "eerie"],
        Mood {
            key: -0.45,
            chroma: -0.1,
            warmth: -0.4,
            vignette: 0.5,
            time: Some(Time::Night),
            weather: Some(Weather::Fog),
            ..CALM
        },
    ),
    (&["romantic", "love"], Mood { warmth: 0.3, glow: 0.3, tint: Some((5.0, 0.3)), ..CALM }),
    (&["sad", "melancholic", "lonely"], Mood { key: -0.25, chroma: -0.35, warmth: -0.4, ..CALM }),
    (&["hot", "fiery", "tropical"], Mood { warmth: 0.7, chroma: 0.2, ..CALM }),
    (&["glowing", "magical", "magic", "fantasy"], Mood { glow: 0.6, chroma: 0.2, ..CALM }),
    (&["grainy", "grain", "gritty", "grunge"], Mood { grain: 0.9, contrast: 0.2, ..CALM }),
    (&["busy", "detailed", "rich"], Mood { busy: 0.5, ..CALM }),
    (&["contrast", "high contrast"], Mood { contrast: 0.6, ..CALM }),
    (&["low contrast", "flat"], Mood { contrast: -0.6, ..CALM }),
    (&["vignette"], Mood { vignette: 0.5, ..CALM }),
    (
        &["black and white", "monochrome", "b&w", "bw", "greyscale", "grayscale"],
        Mood { mono: true, contrast: 0.2, ..CALM },
    ),
    (
        &["stormy", "storm", "thunder", "thunderstorm", "lightning"],
        Mood { key: -0.25, chroma: -0.2, weather: Some(Weather::Storm), ..CALM },
    ),
    (&["rain", "rainy", "wet"], Mood { key: -0.15, warmth: -0.2, weather: Some(Weather::Rain), ..CALM }),
    (
        &["fog", "foggy", "mist", "misty", "hazy"],
        Mood { contrast: -0.2, weather: Some(Weather::Fog), ..CALM },
    ),
    (&["snow", "snowy", "snowfall", "blizzard"], Mood { warmth: -0.3, weather: Some(Weather::Snow), ..CALM }),
    (&["winter", "wintry", "christmas"], Mood { warmth: -0.4, weather: Some(Weather::Snow), ..CALM }),
    (
        &["autumn", "fall", "autumnal", "herbst"],
        Mood { warmth: 0.4, tint: Some((50.0, 0.35)), time: Some(Time::Golden), ..CALM },
    ),
    (
        &["summer", "sommer", "summery"],
        Mood { key: 0.25, warmth: 0.25, chroma: 0.15, time: Some(Time::Day), ..CALM },
    ),
    (
        &["spring", "frühling"],
        Mood { key: 0.3, chroma: 0.1, tint: Some((135.0, 0.15)), time: Some(Time::Day), ..CALM },
    ),
    (
        &["sunny", "sunlit", "daylight", "day", "noon", "clear"],
        Mood { key: 0.25, time: Some(Time::Day), weather: Some(Weather::Clear), ..CALM },
    ),
    (
        &["sunset", "golden hour", "sundown", "goldenhour"],
        Mood { warmth: 0.25, glow: 0.2, time: Some(Time::Golden), ..CALM },
    ),
    (&["sunrise", "dawn", "morning"], Mood { key: 0.1, glow: 0.2, time: Some(Time::Golden), ..CALM }),
    (&["dusk", "twilight", "evening", "blue hour"], Mood { time: Some(Time::Dusk), ..CALM }),
    (
        &["night", "nighttime", "midnight", "nacht", "noche", "nuit", "moonlit"],
        Mood { key: -0.2, time: Some(Time::Night), ..CALM },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(entry: &str) -> (bool, Mood) {
        let mut mood = Mood::none();
        (mood.hear(entry), mood)
    }

    #[test]
    fn words_shift_the_picture() {
        type Holds = fn(&Mood) -> bool;
        let cases: &[(&str, Holds)] = &[
            ("warm", |m| m.warmth > 0.0),
            ("Cold", |m| m.warmth < 0.0),
            ("dark", |m| m.key < 0.0),
            ("less dark", |m| m.key > 0.0),
            ("no grain", |m| m.grain < 0.0),
            ("very bright", |m| m.key > 0.6),
            ("black and white", |m| m.mono),
            ("golden hour", |m| m.time == Some(Time::Golden)),
            ("no night", |m| m.time.is_none()),
            ("spooky", |m| m.weather == Some(Weather::Fog)),
            ("stormy", |m| m.weather == Some(Weather::Storm)),
            ("dark moody look", |m| m.key <= -1.0),
            ("high-contrast", |m| m.contrast > 0.0),
            ("minimal", |m| m.busy < 0.0),
            ("autumn", |m| m.tint.is_some()),
            ("pastel", |m| m.contrast < 0.0),
        ];
        for (entry, holds) in cases {
            let (understood, mood) = heard(entry);
            assert!(understood && holds(&mood), "{entry}: {mood:?}");
        }
    }

    #[test]
    fn other_words_are_not_moods() {
        for entry in ["", "wibble", "big title", "no wibble"] {
            assert_eq!(heard(entry), (false, Mood::none()), "{entry}");
        }
    }

    #[test]
    fn a_subject_gives_time_but_not_darkness() {
        let mut mood = Mood::none();
        mood.hear_subject(&["dark".to_owned(), "city".to_owned(), "night".to_owned()]);
        assert_eq!((mood.key, mood.time), (0.0, Some(Time::Night)));
    }
}
