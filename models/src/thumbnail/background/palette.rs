//! Colour words and hexadecimal colours.

use super::colour::{Lch, lch};

/// What one palette entry said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Colours {
    /// The colours, in the order of the words.
    pub found: Vec<Lch>,
    /// Whether every part of the entry was understood.
    pub complete: bool,
}

/// Reads one entry such as `teal`, `dark red`, `#f80`, `navy and gold` or `pastel-pink`.
pub(super) fn read(entry: &str) -> Colours {
    let lower = entry.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '#'))
        .filter(|word| !word.is_empty() && !JOINING.contains(word))
        .collect();
    let mut out = Colours { found: Vec::new(), complete: !words.is_empty() };
    let mut modifier: Option<fn(Lch) -> Lch> = None;
    let mut i = 0;
    while let Some(word) = words.get(i) {
        // `sky blue` is one colour, `dark blue` is a colour and how.
        let pair = words.get(i + 1).and_then(|next| named(&format!("{word}{next}")));
        if let Some(colour) = pair {
            out.found.push(modifier.take().map_or(colour, |modify| modify(colour)));
            i += 2;
            continue;
        }
        if let Some(colour) = word.strip_prefix('#').and_then(hex).or_else(|| named(word)) {
            out.found.push(modifier.take().map_or(colour, |modify| modify(colour)));
        } else if let Some(modify) = modifying(word) {
            modifier = Some(modify);
        } else {
            out.complete = false;
        }
        i += 1;
    }
    // A modifier without a colour (`dark`) is a mood, not a colour.
    out.complete &= modifier.is_none() && !out.found.is_empty();
    out
}

/// Words that join colours and say nothing themselves.
const JOINING: [&str; 12] =
    ["and", "with", "on", "the", "a", "of", "color", "colour", "colors", "colours", "tones", "hues"];

fn hex(digits: &str) -> Option<Lch> {
    let value = |from: usize, to: usize| u8::from_str_radix(digits.get(from..to)?, 16).ok();
    let rgb = match digits.len() {
        3 | 4 => [value(0, 1)? * 17, value(1, 2)? * 17, value(2, 3)? * 17],
        6 | 8 => [value(0, 2)?, value(2, 4)?, value(4, 6)?],
        _ => return None,
    };
    Some(Lch::from_rgb8(rgb))
}

fn modifying(word: &str) -> Option<fn(Lch) -> Lch> {
    Some(match word {
        "dark" | "dunkel" | "darker" => |c| Lch { l: c.l * 0.6, c: c.c * 0.85, ..c },
        "deep" | "rich" => |c| Lch { l: c.l * 0.68, c: c.c * 1.05, ..c },
        "light" | "lighter" | "hell" => |c| Lch { l: c.l + (1.0 - c.l) * 0.5, c: c.c * 0.7, ..c },
        "pale" | "soft" | "faded" => |c| Lch { l: c.l + (1.0 - c.l) * 0.6, c: c.c * 0.4, ..c },
        "pastel" => |c| Lch { l: 0.86, c: (c.c * 0.5).min(0.085), ..c },
        "bright" | "vivid" | "hot" => |c| Lch { l: c.l.max(0.62) + 0.06, c: c.c * 1.15, ..c },
        "neon" | "electric" | "fluorescent" => {
            |c| Lch { l: c.l.clamp(0.68, 0.88), c: c.c.max(0.1) * 1.5, ..c }
        }
        "muted" | "dusty" | "dull" | "washed" => |c| Lch { c: c.c * 0.45, ..c },
        "warm" => |c| c.towards_hue(55.0, 0.2),
        "cool" | "cold" | "icy" => |c| c.towards_hue(240.0, 0.2),
        "burnt" => |c| Lch { l: c.l * 0.75, c: c.c * 0.9, ..c },
        _ => return None,
    })
}

fn named(word: &str) -> Option<Lch> {
    NAMES.iter().find(|(names, ..)| names.contains(&word)).map(|(_, colour)| *colour)
}

/// Every colour word: English first, then other common languages and spellings.
const NAMES: &[(&[&str], Lch)] = &[
    (&["red", "rot", "rouge", "rojo", "rosso"], lch(0.58, 0.21, 27.0)),
    (&["crimson"], lch(0.52, 0.20, 20.0)),
    (&["scarlet"], lch(0.60, 0.22, 30.0)),
    (&["ruby"], lch(0.50, 0.20, 10.0)),
    (&["cherry"], lch(0.48, 0.19, 18.0)),
    (&["maroon"], lch(0.37, 0.13, 25.0)),
    (&["burgundy", "bordeaux"], lch(0.36, 0.13, 12.0)),
    (&["wine"], lch(0.38, 0.12, 5.0)),
    (&["brick"], lch(0.50, 0.14, 33.0)),
    (&["coral"], lch(0.72, 0.16, 32.0)),
    (&["salmon"], lch(0.75, 0.12, 32.0)),
    (&["peach", "apricot"], lch(0.84, 0.09, 60.0)),
    (&["orange", "naranja", "arancione"], lch(0.73, 0.18, 57.0)),
    (&["tangerine"], lch(0.72, 0.18, 52.0)),
    (&["amber"], lch(0.78, 0.16, 73.0)),
    (&["rust"], lch(0.50, 0.14, 42.0)),
    (&["copper"], lch(0.60, 0.11, 50.0)),
    (&["bronze"], lch(0.58, 0.10, 68.0)),
    (&["terracotta"], lch(0.60, 0.12, 42.0)),
    (&["gold", "golden", "dorado"], lch(0.80, 0.15, 85.0)),
    (&["mustard"], lch(0.73, 0.14, 88.0)),
    (&["honey", "caramel"], lch(0.70, 0.13, 72.0)),
    (&["yellow", "gelb", "jaune", "amarillo", "giallo"], lch(0.90, 0.17, 100.0)),
    (&["lemon"], lch(0.92, 0.17, 105.0)),
    (&["cream", "creme", "creamy"], lch(0.95, 0.035, 90.0)),
    (&["ivory"], lch(0.96, 0.025, 95.0)),
    (&["beige"], lch(0.88, 0.04, 82.0)),
    (&["sand", "sandy"], lch(0.82, 0.06, 80.0)),
    (&["tan", "camel"], lch(0.74, 0.08, 72.0)),
    (&["khaki"], lch(0.76, 0.07, 98.0)),
    (&["brown", "braun", "marron", "marrone"], lch(0.45, 0.08, 55.0)),
    (&["chocolate"], lch(0.36, 0.07, 48.0)),
    (&["coffee", "espresso", "mocha"], lch(0.35, 0.05, 55.0)),
    (&["wood", "walnut", "oak"], lch(0.50, 0.08, 62.0)),
    (&["olive"], lch(0.58, 0.10, 110.0)),
    (&["lime"], lch(0.85, 0.21, 128.0)),
    (&["chartreuse"], lch(0.88, 0.20, 122.0)),
    (&["green", "grün", "gruen", "vert", "verde"], lch(0.60, 0.16, 145.0)),
    (&["grass"], lch(0.65, 0.17, 138.0)),
    (&["forest", "forestgreen", "pine"], lch(0.40, 0.10, 148.0)),
    (&["emerald"], lch(0.64, 0.15, 158.0)),
    (&["jade"], lch(0.64, 0.12, 163.0)),
    (&["sage"], lch(0.74, 0.05, 140.0)),
    (&["mint"], lch(0.87, 0.09, 165.0)),
    (&["moss"], lch(0.50, 0.09, 122.0)),
    (&["seafoam"], lch(0.86, 0.08, 172.0)),
    (&["teal", "petrol"], lch(0.55, 0.10, 195.0)),
    (&["turquoise", "türkis"], lch(0.76, 0.12, 190.0)),
    (&["aqua", "cyan"], lch(0.82, 0.13, 205.0)),
    (&["sky", "skyblue", "azure"], lch(0.76, 0.11, 235.0)),
    (&["babyblue", "powderblue"], lch(0.86, 0.06, 235.0)),
    (&["blue", "blau", "bleu", "azul", "blu"], lch(0.55, 0.19, 258.0)),
    (&["cobalt", "royalblue", "royal"], lch(0.47, 0.20, 262.0)),
    (&["steel", "steelblue", "denim"], lch(0.58, 0.07, 248.0)),
    (&["sapphire", "ultramarine"], lch(0.42, 0.18, 264.0)),
    (&["navy", "midnight", "midnightblue"], lch(0.28, 0.09, 262.0)),
    (&["indigo"], lch(0.38, 0.17, 280.0)),
    (&["violet", "violett"], lch(0.55, 0.20, 300.0)),
    (&["purple", "lila", "morado", "viola"], lch(0.48, 0.19, 305.0)),
    (&["lavender"], lch(0.82, 0.07, 298.0)),
    (&["lilac"], lch(0.78, 0.09, 310.0)),
    (&["plum"], lch(0.42, 0.12, 328.0)),
    (&["mauve"], lch(0.68, 0.08, 325.0)),
    (&["orchid"], lch(0.68, 0.16, 325.0)),
    (&["magenta", "fuchsia"], lch(0.62, 0.25, 332.0)),
    (&["pink", "rosa"], lch(0.76, 0.14, 355.0)),
    (&["rose"], lch(0.68, 0.16, 8.0)),
    (&["blush"], lch(0.86, 0.06, 20.0)),
    (&["white", "weiß", "weiss", "blanc", "blanco", "bianco"], lch(0.97, 0.004, 90.0)),
    (&["snow"], lch(0.96, 0.012, 240.0)),
    (&["silver"], lch(0.80, 0.008, 250.0)),
    (&["grey", "gray", "grau", "gris", "grigio"], lch(0.58, 0.008, 255.0)),
    (&["slate"], lch(0.46, 0.03, 255.0)),
    (&["charcoal", "graphite", "anthracite"], lch(0.30, 0.012, 260.0)),
    (&["black", "schwarz", "noir", "negro", "nero", "onyx"], lch(0.14, 0.006, 265.0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_colours() {
        for (entry, count, complete) in [
            ("teal", 1, true),
            ("Dark Red", 1, true),
            ("pastel pink", 1, true),
            ("#f80", 1, true),
            ("#FF8800", 1, true),
            ("#ff88", 1, true),
            ("#xyz", 0, false),
            ("#12345", 0, false),
            ("navy and gold", 2, true),
            ("sky blue", 1, true),
            ("royal-blue", 1, true),
            ("neon green", 1, true),
            ("blue, white, red", 3, true),
            ("grün", 1, true),
            ("dark", 0, false),
            ("wibble", 0, false),
            ("wibble green", 1, false),
            ("", 0, false),
        ] {
            let read = read(entry);
            assert_eq!((read.found.len(), read.complete), (count, complete), "{entry}: {read:?}");
        }
    }

    #[test]
    fn modifiers_move_the_colour() {
        let one = |entry: &str| read(entry).found[0];
        assert!(one("dark red").l < one("red").l);
        assert!(one("light blue").l > one("blue").l);
        assert!(one("pastel green").c < one("green").c);
        assert!(one("neon pink").c > one("pink").c);
        assert!(one("muted orange").c < one("orange").c);
    }

    #[test]
    fn every_name_is_unique_and_there_are_many() {
        let mut names: Vec<&str> = NAMES.iter().flat_map(|(names, _)| names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(NAMES.len() >= 60, "only {} colours", NAMES.len());
    }
}
