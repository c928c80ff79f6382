//! The look of one picture: tones, accents and light, made from family, palette and mood words.

use super::colour::{Lch, lch, lerp};
use super::grade;
use super::lexicon;
use super::mood::{Mood, Time, Weather};
use super::noise::Dice;
use super::palette;
use super::scenes::Family;

/// Everything about colour and air that a scene asks for while it paints.
#[derive(Debug, Clone)]
pub(super) struct Look {
    tones: [Lch; 5],
    /// Stands out against the tones.
    pub accent: Lch,
    /// A neighbour of the accent, for the second thing that may stand out.
    pub second: Lch,
    /// The colour of the light itself.
    pub light: Lch,
    /// The colour that the subject named for its main thing (`red car`).
    pub body: Option<Lch>,
    /// Time of day.
    pub time: Time,
    /// Weather.
    pub weather: Weather,
    /// Number of things, around 1.
    pub busy: f32,
    /// Strength of glows, around 1.
    pub glow: f32,
    /// Grain, 0 to 1.
    pub grain: f32,
    /// Vignette, 0 to 1.
    pub vignette: f32,
    /// How much scrim lies over the copy space.
    pub scrim_strength: f32,
    mono: bool,
    chroma: f32,
}

/// The words of a brief after reading.
pub(super) struct Words {
    /// What the style and the subject said about mood.
    pub mood: Mood,
    /// Colours asked for.
    pub colours: Vec<Lch>,
    /// The colour named in the subject.
    pub body: Option<Lch>,
}

impl Look {
    /// The look of `family` under these words.
    pub(super) fn new(family: Family, words: &Words, dice: &mut Dice) -> Self {
        let mood = &words.mood;
        let times = grade::times(family);
        let time = mood.time.unwrap_or(times[dice.whole(0, times.len() as u32 - 1) as usize]);
        let base = grade::grade(family, time, dice);
        let mut look = Self {
            tones: base.tones,
            accent: base.accent,
            second: base.accent.turn(-38.0).lift(-0.06),
            light: base.light,
            body: words.body,
            time,
            weather: mood.weather.unwrap_or(Weather::Clear),
            busy: (1.0 + mood.busy).clamp(0.25, 1.8),
            glow: (1.0 + mood.glow).clamp(0.4, 1.8),
            grain: (0.45 + mood.grain * 0.8).clamp(0.12, 1.6),
            vignette: (0.42 + mood.vignette * 0.6).clamp(0.08, 0.85),
            scrim_strength: 0.13,
            mono: mood.mono,
            chroma: (1.0 + mood.chroma).clamp(0.25, 1.9),
        };
        look.wear(&words.colours);
        let leaning = if words.colours.is_empty() { 1.0 } else { 0.35 };
        look.feel(mood, leaning);
        look
    }

    /// The tone at `t`: 0 the deepest shadow of this picture, 1 its highest light.
    pub(super) fn tone(&self, t: f32) -> Lch {
        let at = t.clamp(0.0, 1.0) * 4.0;
        let i = (at as usize).min(3);
        self.tones[i].mix(self.tones[i + 1], at - i as f32)
    }

    /// A colour of the world (bread, wood, leaves) in the light of this picture.
    pub(super) fn natural(&self, colour: Lch) -> Lch {
        let c = if self.mono { 0.0 } else { colour.c * lerp(1.0, self.chroma, 0.6) };
        let own = Lch { c, ..colour };
        let ours = self.tone(colour.l);
        let lit = own.mix(ours, 0.1);
        Lch { l: lerp(own.l, ours.l, 0.25), ..lit }
    }

    /// Whether shadows fill most of the picture.
    pub(super) fn is_dark(&self) -> bool {
        self.tones[2].l < 0.6
    }

    /// What is laid over the copy space.
    pub(super) fn scrim(&self) -> Lch {
        if self.is_dark() { self.tone(0.1) } else { self.tone(0.92) }
    }

    /// Takes the hues of the asked palette; the tones keep the family's order of dark and light.
    fn wear(&mut self, colours: &[Lch]) {
        let (mut hued, neutral): (Vec<Lch>, Vec<Lch>) = colours.iter().partition(|c| c.c > 0.03);
        for colour in &neutral {
            let by = (colour.l - 0.55) * 0.3;
            self.tones = self.tones.map(|tone| tone.lift(by));
        }
        let Some(first) = hued.first().copied() else {
            if !neutral.is_empty() {
                self.tones = self.tones.map(|tone| Lch { c: tone.c * 0.12, ..tone });
                self.light = Lch { c: self.light.c * 0.3, ..self.light };
            }
            return;
        };
        hued.sort_by(|a, b| a.l.total_cmp(&b.l));
        let (dark, bright) = (hued[0], hued[hued.len() - 1]);
        let anchors = match hued.len() {
            1 => [dark.turn(-14.0), dark.turn(-8.0), dark, dark.turn(8.0), dark.turn(16.0)],
            2 => [dark, dark, dark.mix(bright, 0.45), bright, bright],
            _ => [dark, dark, hued[hued.len() / 2], bright, bright],
        };
        let weights = [0.55, 0.9, 1.0, 0.85, 0.4];
        let wanted = (hued.iter().map(|c| c.l).sum::<f32>() / hued.len() as f32 - self.tones[2].l) * 0.3;
        for ((tone, anchor), weight) in self.tones.iter_mut().zip(anchors).zip(weights) {
            let l = (tone.l + wanted * weight).clamp(0.05, 0.985);
            *tone = Lch { l, c: anchor.c, h: anchor.h }.vivid(weight);
        }
        // One colour alone gets its contrast from across the wheel; more bring their own.
        let vivid = hued.iter().copied().max_by(|a, b| (a.c * a.l).total_cmp(&(b.c * b.l))).unwrap_or(first);
        self.accent = match hued.len() {
            1 => Lch { l: 0.78, c: 0.15, h: first.h }.turn(165.0),
            _ => vivid.at(vivid.l.clamp(0.62, 0.85)),
        };
        self.second = if hued.len() > 1 { first.at(first.l.clamp(0.5, 0.8)) } else { first.at(0.7) };
        self.light = bright.turn(12.0).at(0.92).vivid(0.6);
    }

    fn feel(&mut self, mood: &Mood, leaning: f32) {
        let key = mood.key.clamp(-1.2, 1.2);
        let contrast = 1.0 + mood.contrast.clamp(-0.7, 0.8) * 0.45;
        let hue = if mood.warmth >= 0.0 { 58.0 } else { 242.0 };
        let warmth = (mood.warmth.abs() * 0.55 * leaning).min(0.75);
        let chroma = if self.mono { 0.0 } else { self.chroma };
        let lean = |colour: Lch| {
            // Through mixing, not turning: a turned hue would pass through every colour between.
            let towards = Lch { c: colour.c.max(0.045), h: hue, ..colour };
            let warm = colour.mix(towards, warmth);
            let tinted = mood
                .tint
                .map_or(warm, |(h, by)| warm.mix(Lch { c: warm.c.max(0.06), h, ..warm }, by * leaning));
            tinted.vivid(chroma)
        };
        let middle = self.tones[2].l;
        for (i, tone) in self.tones.iter_mut().enumerate() {
            let height = i as f32 / 4.0;
            let spread = middle + (tone.l - middle) * contrast;
            // Brightening lifts shadows most; darkening presses the middle and leaves a highlight.
            let shift = if key > 0.0 { key * lerp(0.3, 0.05, height) } else { key * lerp(0.06, 0.2, height) };
            *tone = lean(Lch { l: (spread + shift).clamp(0.04, 0.985), ..*tone });
        }
        self.accent = lean(self.accent);
        self.second = lean(self.second);
        self.light = lean(self.light);
        if self.mono {
            self.body = None;
        }
    }
}

/// Reads all words of a brief; the second list holds the entries that said nothing.
pub(super) fn read(
    style: &[String],
    colours: &[String],
    subject: &[String],
    known: &dyn Fn(&str) -> bool,
) -> (Words, Vec<String>) {
    let mut words = Words { mood: Mood::none(), colours: Vec::new(), body: None };
    let mut ignored = Vec::new();
    words.mood.hear_subject(subject);
    for entry in style {
        let mood = words.mood.hear(entry);
        // "warm" is a mood and "warm red" is a colour, too.
        let named = palette::read(entry);
        let coloured = named.complete && !named.found.is_empty();
        if coloured {
            words.colours.extend(named.found);
        }
        if !mood && !coloured && !known(entry) {
            ignored.push(entry.clone());
        }
    }
    for entry in colours {
        let named = palette::read(entry);
        let complete = named.complete || (!named.found.is_empty() && words.mood.hear(entry));
        let mood = named.found.is_empty() && words.mood.hear(entry);
        words.colours.extend(named.found);
        if !complete && !mood {
            ignored.push(entry.clone());
        }
    }
    words.colours.truncate(6);
    let bare: Vec<&str> = subject.iter().map(String::as_str).filter(|word| !lexicon::knows(word)).collect();
    let named = palette::read(&bare.join(" ")).found;
    words.body = named.first().copied().filter(|colour| colour.c > 0.03);
    (words, ignored)
}

/// Almost white light of this hue.
pub(super) const fn light(h: f32) -> Lch {
    lch(0.95, 0.06, h)
}
