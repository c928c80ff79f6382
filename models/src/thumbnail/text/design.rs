//! Designs: how a title is dressed, chosen by style words and seed.

use crate::thumbnail::colour::{self, Rgb, WHITE, contrast, ink, mix, readable, vivid};

use super::faces::Face;

/// How the ground beneath a title is calmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shadow {
    None,
    /// Blurred, all around.
    Soft,
    /// A second, displaced copy.
    Hard,
}

/// How a title is dressed. Measures are in ems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Design {
    pub name: &'static str,
    /// Width of the stroke outside the letters.
    pub stroke: f32,
    /// Width of a second stroke outside the first.
    pub outer: f32,
    pub shadow: Shadow,
    /// Whether each line stands on a plate.
    pub plate: bool,
    /// Darkness of a soft patch behind the whole block, 0.0 to 1.0.
    pub scrim: f32,
    pub slope: f32,
    pub stacked: bool,
    /// Whether one word has the accent colour.
    pub highlight: bool,
}

/// The colours of a dressed title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colours {
    pub fill: Rgb,
    pub highlight: Rgb,
    pub stroke: Rgb,
    pub outer: Rgb,
    pub plate: Rgb,
    pub shade: Rgb,
}

/// Padding of a plate around the ink, in ems.
pub(super) const PLATE_PADDING: f32 = 0.17;
/// How far a hard shadow falls, in ems.
pub(super) const HARD_SHADOW: f32 = 0.075;

const PLAIN: Design = Design {
    name: "plain",
    stroke: 0.0,
    outer: 0.0,
    shadow: Shadow::None,
    plate: false,
    scrim: 0.0,
    slope: 0.0,
    stacked: false,
    highlight: false,
};

const CLEAN: Design = Design { name: "clean", shadow: Shadow::Soft, scrim: 0.45, ..PLAIN };
const PLATE: Design = Design { name: "plate", plate: true, slope: -2.0, shadow: Shadow::Soft, ..PLAIN };

/// Style words, and the designs they ask for.
const WORDS: [(&str, &str); 22] = [
    ("minimal", "clean"),
    ("clean", "clean"),
    ("elegant", "clean"),
    ("calm", "clean"),
    ("luxury", "clean"),
    ("cinematic", "clean"),
    ("soft", "clean"),
    ("bold", "poster"),
    ("dramatic", "poster"),
    ("dark", "poster"),
    ("strong", "poster"),
    ("energetic", "pop"),
    ("gaming", "pop"),
    ("action", "pop"),
    ("sport", "pop"),
    ("retro", "pop"),
    ("fun", "sticker"),
    ("cute", "sticker"),
    ("kids", "sticker"),
    ("playful", "sticker"),
    ("news", "plate"),
    ("plate", "plate"),
];

impl Design {
    /// The design for a title on its own panel, or over the scene.
    pub(super) fn choose(style: &[String], face: &Face, on_panel: bool, plain: bool, seed: u64) -> Self {
        let stroke = face.stroke;
        let all = [
            Self { name: "outline", stroke, shadow: Shadow::Soft, highlight: true, ..PLAIN },
            Self { name: "poster", stroke, shadow: Shadow::Soft, stacked: true, highlight: true, ..PLAIN },
            Self { name: "pop", stroke, shadow: Shadow::Hard, slope: -3.5, highlight: true, ..PLAIN },
            Self { name: "sticker", stroke, outer: stroke * 0.7, shadow: Shadow::Soft, slope: -2.0, ..PLAIN },
            PLATE,
            Self {
                name: "outline-tilted",
                stroke,
                shadow: Shadow::Soft,
                slope: -3.0,
                highlight: true,
                ..PLAIN
            },
            CLEAN,
        ];
        if on_panel {
            return Self { name: "panel", stacked: seed.is_multiple_of(2), highlight: true, ..PLAIN };
        }
        // Small letters and thin serifs drown in two strokes or a hard shadow.
        let able =
            || all.iter().filter(|design| !plain || (design.outer == 0.0 && design.shadow != Shadow::Hard));
        let asked: Vec<_> = able()
            .filter(|design| {
                style.iter().any(|word| {
                    WORDS.iter().any(|(known, name)| {
                        word.trim().eq_ignore_ascii_case(known) && design.name.starts_with(name)
                    })
                })
            })
            .collect();
        let choice = if asked.is_empty() { able().collect() } else { asked };
        *choice[(seed % choice.len() as u64) as usize]
    }

    /// The same title, dressed so that more of the ground beneath is hidden; `attempt` counts from 1. The
    /// last is a plate, which hides all of it.
    pub(super) fn repaired(self, face: &Face, attempt: u32) -> Self {
        match attempt {
            1 => Self { stroke: self.stroke.max(face.stroke), ..self },
            2 => Self {
                stroke: self.stroke.max(face.stroke * 1.15),
                scrim: 0.72,
                shadow: Shadow::Soft,
                ..self
            },
            _ => Self { slope: self.slope, ..PLATE },
        }
    }

    /// What it adds around the ink, in ems.
    pub(super) fn outset(&self) -> f32 {
        let hard = if self.shadow == Shadow::Hard { HARD_SHADOW } else { 0.0 };
        let plate = if self.plate { PLATE_PADDING } else { 0.0 };
        (self.stroke + self.outer + hard).max(plate)
    }

    /// Room between the ink of two lines, in ems.
    pub(super) fn gap(&self) -> f32 {
        let hard = if self.shadow == Shadow::Hard { HARD_SHADOW } else { 0.0 };
        if self.plate {
            2.0 * PLATE_PADDING - 0.02
        } else {
            0.1 + self.stroke * 0.8 + self.outer * 0.5 + hard
        }
    }
}

/// Colours from the scene. `ground` is the mean colour where the title will stand.
pub(super) fn colours(design: &Design, palette: &[Rgb], accent: Rgb, ground: Rgb, seed: u64) -> Colours {
    let darkest = palette.first().copied().unwrap_or([20, 20, 24]);
    let dark = ink(darkest);
    let accent = vivid(accent);
    let tint = mix(WHITE, accent, 0.04);
    let mut made =
        Colours { fill: tint, highlight: accent, stroke: dark, outer: WHITE, plate: dark, shade: dark };
    let bright = colour::luminance(ground) > 0.5;
    match design.name {
        "pop" => made.fill = if seed % 3 == 1 && !bright { tint } else { accent },
        // Bright accents turn muddy when they are darkened for a white rim, so a dark one goes in between.
        "sticker" if colour::luminance(accent) > 0.25 => made.fill = accent,
        "sticker" => {
            made.fill = accent;
            made.stroke = WHITE;
            made.outer = dark;
        }
        "plate" => {
            made.plate = [accent, dark, WHITE][(seed % 3) as usize];
            // A plate that melts into the scene is none.
            if contrast(made.plate, ground) < 1.6 {
                made.plate = if bright { dark } else { WHITE };
            }
            let towards = if made.plate == dark { tint } else { dark };
            made.fill = readable(towards, made.plate, 7.0);
        }
        "panel" => {
            made.fill = if contrast(WHITE, ground) >= contrast(dark, ground) { WHITE } else { dark };
            made.highlight = accent;
            made.stroke = ground;
        }
        "clean" if colour::luminance(ground) > 0.42 => {
            made.fill = dark;
            made.shade = WHITE;
            made.stroke = WHITE;
        }
        // White letters on a bright scene live by their stroke alone; dark ones belong there.
        "outline" | "outline-tilted" | "poster" if bright => {
            made.fill = dark;
            made.stroke = WHITE;
        }
        _ => {}
    }
    let beneath = if design.plate {
        made.plate
    } else if design.stroke > 0.0 {
        made.stroke
    } else {
        ground
    };
    made.fill = readable(made.fill, beneath, 5.5);
    let lead = if made.fill == accent { tint } else { made.highlight };
    made.highlight = readable(lead, beneath, 4.8);
    let on_accent = design.name == "panel" && contrast(accent, ground) < 1.6;
    // A highlight that had to be moved close to the colour of the rest looks like a mistake.
    if on_accent
        || contrast(made.highlight, made.fill) < 1.3
        || (colour::saturation(made.highlight) < 0.35 && lead != tint)
    {
        made.highlight = made.fill;
    }
    made
}

/// Whether `word` is a style word that decides on a design or a size.
pub(in crate::thumbnail) fn understands(word: &str) -> bool {
    let word = word.trim();
    WORDS.iter().any(|(known, _)| word.eq_ignore_ascii_case(known)) || size_of(word).is_some()
}

/// How much larger or smaller than usual the style words want the title.
pub(super) fn size(style: &[String]) -> f32 {
    style.iter().filter_map(|word| size_of(word.trim())).next_back().unwrap_or(1.0)
}

fn size_of(word: &str) -> Option<f32> {
    const SIZES: [(&str, f32); 10] = [
        ("big title", 1.6),
        ("bigger title", 1.6),
        ("huge title", 2.0),
        ("large title", 1.6),
        ("big text", 1.6),
        ("big type", 1.8),
        ("small title", 0.55),
        ("smaller title", 0.55),
        ("tiny title", 0.4),
        ("small text", 0.55),
    ];
    SIZES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, size)| *size)
}

/// The piece of a title that earns the accent colour: a number or price, else a word that is shouted among
/// quieter ones, else the longest; none when nothing would be left to stand out from.
pub(super) fn highlight(units: &[String]) -> Option<usize> {
    if units.len() < 2 {
        return None;
    }
    let letters = |unit: &String| unit.chars().filter(|letter| letter.is_alphanumeric()).count();
    let shouted = |unit: &String| {
        letters(unit) >= 2 && !unit.chars().any(char::is_lowercase) && unit.chars().any(char::is_uppercase)
    };
    let number = units.iter().position(|unit| unit.chars().any(char::is_numeric));
    let loud = if units.iter().all(shouted) { None } else { units.iter().position(shouted) };
    number.or(loud).or_else(|| {
        let longest = units.iter().map(letters).max()?;
        units.iter().rposition(|unit| letters(unit) == longest && longest >= 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_matters_stands_out() {
        for (title, wanted) in [
            ("CRUST!", None),
            ("I Built a House in 7 Days", Some("7")),
            ("Made $10,000 Fast", Some("$10,000")),
            ("She said YES", Some("YES")),
            ("HUGE UPDATE", Some("UPDATE")),
            ("نان تازه", Some("تازه")),
            ("🔥 🍞", None),
        ] {
            let units: Vec<_> = title.split(' ').map(str::to_owned).collect();
            assert_eq!(highlight(&units).map(|at| units[at].as_str()), wanted, "{title}");
        }
    }
}
