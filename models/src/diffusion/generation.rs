//! What a diffusion model is asked for: words of a caller, and after the one validation a value that cannot be
//! wrong any more.

use image::{GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use crate::{Error, sampler::SamplerKind};

/// Sides of a picture are multiples of this: the factor of every Stable Diffusion autoencoder.
const SIDE_UNIT: u32 = 8;
/// Shortest side, in pixels.
const SIDE_MIN: u32 = 64;
/// Longest side, in pixels.
const SIDE_MAX: u32 = 2_048;
/// Most denoising steps.
const STEPS_MAX: u32 = 150;
/// Strongest guidance. Beyond it every checkpoint burns.
const GUIDANCE_MAX: f64 = 50.0;
/// Most pictures of one request.
const COUNT_MAX: u32 = 8;
/// Longest prompt, in characters.
const PROMPT_CHARS: usize = 4_000;
/// Deepest CLIP skip.
const CLIP_SKIP_MAX: u32 = 11;

/// What a caller asks for, before it was checked. Stored with the job, so that it can be run again exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GenerationSpec {
    /// What the picture shall show; `(word:1.3)` weighs a word.
    pub prompt: String,
    /// What it shall not show.
    pub negative: String,
    /// Width in pixels, a multiple of 8 from 64 to 2048.
    pub width: u32,
    /// Height in pixels, a multiple of 8 from 64 to 2048.
    pub height: u32,
    /// Denoising steps, 1 to 150.
    pub steps: u32,
    /// Classifier-free guidance scale (Ho & Salimans 2022), 0 to 50; at 1 and below the negative prompt is not
    /// used and a step costs half.
    pub guidance: f64,
    /// How far the guided prediction's contrast is brought back to the unguided one's, 0 to 1 (Lin et al. 2023).
    pub guidance_rescale: f64,
    /// The sampler; none takes the checkpoint's own.
    pub sampler: Option<SamplerKind>,
    /// How much fresh noise `ddim` (Song et al. 2020) and `tcd` (as its gamma) add in every step, 0 to 1; the others
    /// have no such choice.
    pub eta: f64,
    /// Seed of the first picture; variant `n` uses `seed + n` (wrapping).
    pub seed: u64,
    /// How many different pictures, 1 to 8. They are painted together.
    pub count: u32,
    /// How much of an initial picture is painted anew, above 0 up to 1. Only with an initial picture.
    pub strength: f64,
    /// How many of the text encoder's last layers are left out, 0 to 11.
    pub clip_skip: u32,
    /// Paints small first, where composition is best, and then enlarges and repaints.
    pub two_pass: Option<TwoPass>,
}

/// How a large picture is made from a small one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TwoPass {
    /// The small picture's share of the large one's sides, from 0.25 up to below 1.
    pub scale: f64,
    /// How much of the enlarged picture is painted anew, above 0 up to 1.
    pub strength: f64,
}

impl Default for GenerationSpec {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            negative: String::new(),
            width: 512,
            height: 512,
            steps: 30,
            guidance: 7.5,
            guidance_rescale: 0.0,
            sampler: None,
            eta: 0.0,
            seed: 0,
            count: 1,
            strength: 0.8,
            clip_skip: 0,
            two_pass: None,
        }
    }
}

/// Pictures that a generation starts from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The picture to change; of another size it is resized to the asked one.
    pub init: Option<RgbImage>,
    /// White where the picture is painted anew, black where it is kept. Only with `init`.
    pub mask: Option<GrayImage>,
    /// White where the picture shall stay calm, so that a title or a photo can go there. Needs guidance.
    pub calm: Option<GrayImage>,
}

/// A generation that keeps every rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Generation {
    spec: GenerationSpec,
    sources: Sources,
}

impl Generation {
    /// Checks `spec` and `sources` and takes them as a generation.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field and the rule.
    pub fn new(spec: GenerationSpec, sources: Sources) -> Result<Self, Error> {
        for (field, text) in [("prompt", &spec.prompt), ("negative", &spec.negative)] {
            let chars = text.chars().count();
            require(chars <= PROMPT_CHARS, field, || {
                format!("has {chars} characters, at most {PROMPT_CHARS} fit")
            })?;
        }
        side("width", spec.width)?;
        side("height", spec.height)?;
        require((1..=STEPS_MAX).contains(&spec.steps), "steps", || {
            format!("is {}, ask for 1 to {STEPS_MAX}", spec.steps)
        })?;
        require((0.0..=GUIDANCE_MAX).contains(&spec.guidance), "guidance", || {
            format!("is {}, ask for 0 to {GUIDANCE_MAX}", spec.guidance)
        })?;
        require((0.0..=1.0).contains(&spec.guidance_rescale), "guidance_rescale", || {
            format!("is {}, ask for 0 to 1", spec.guidance_rescale)
        })?;
        require((0.0..=1.0).contains(&spec.eta), "eta", || format!("is {}, ask for 0 to 1", spec.eta))?;
        require((1..=COUNT_MAX).contains(&spec.count), "count", || {
            format!("is {}, ask for 1 to {COUNT_MAX} pictures", spec.count)
        })?;
        require(share(spec.strength), "strength", || {
            format!("is {}, ask for more than 0 up to 1", spec.strength)
        })?;
        require(spec.clip_skip <= CLIP_SKIP_MAX, "clip_skip", || {
            format!("is {}, ask for 0 to {CLIP_SKIP_MAX}", spec.clip_skip)
        })?;
        if let Some(TwoPass { scale, strength }) = spec.two_pass {
            require((0.25..1.0).contains(&scale), "two_pass.scale", || {
                format!("is {scale}, ask for 0.25 up to below 1")
            })?;
            require(share(strength), "two_pass.strength", || {
                format!("is {strength}, ask for more than 0 up to 1")
            })?;
            require(sources.init.is_none(), "two_pass", || {
                "paints from nothing; leave it out when a picture is given".to_owned()
            })?;
        }
        require(sources.mask.is_none() || sources.init.is_some(), "mask", || {
            "says where a picture is painted anew; give the picture too".to_owned()
        })?;
        require(sources.calm.is_none() || spec.guidance > 1.0, "guidance", || {
            format!("is {}, but keeping a part of the picture calm needs more than 1", spec.guidance)
        })?;
        Ok(Self { spec, sources })
    }

    /// The checked words.
    #[must_use]
    pub fn spec(&self) -> &GenerationSpec {
        &self.spec
    }

    /// The pictures it starts from.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The seed of every picture.
    #[must_use]
    pub fn seeds(&self) -> Vec<u64> {
        (0..u64::from(self.spec.count)).map(|variant| self.spec.seed.wrapping_add(variant)).collect()
    }

    /// Whether the negative prompt takes part, which doubles the cost of a step.
    #[must_use]
    pub fn is_guided(&self) -> bool {
        self.spec.guidance > 1.0
    }

    /// The first of two passes: the same at the smaller size, each side rounded to the nearest unit.
    #[must_use]
    pub(super) fn small(&self, scale: f64) -> Self {
        let shrink = |side: u32| {
            let units = (f64::from(side) * scale / f64::from(SIDE_UNIT)).round() as u32;
            (units * SIDE_UNIT).max(SIDE_MIN)
        };
        let spec = GenerationSpec {
            width: shrink(self.spec.width),
            height: shrink(self.spec.height),
            two_pass: None,
            ..self.spec.clone()
        };
        let calm = self.sources.calm.clone();
        Self { spec, sources: Sources { calm, ..Sources::default() } }
    }
}

fn require(holds: bool, field: &'static str, problem: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Invalid { field, problem: problem() }) }
}

fn side(field: &'static str, pixels: u32) -> Result<(), Error> {
    require((SIDE_MIN..=SIDE_MAX).contains(&pixels), field, || {
        format!("is {pixels}, ask for {SIDE_MIN} to {SIDE_MAX} pixels")
    })?;
    require(pixels.is_multiple_of(SIDE_UNIT), field, || {
        let below = pixels / SIDE_UNIT * SIDE_UNIT;
        format!(
            "is {pixels}, but the model paints in blocks of {SIDE_UNIT} pixels; take {below} or {}",
            below + SIDE_UNIT
        )
    })
}

/// Above 0 up to 1. Not a number is neither.
fn share(value: f64) -> bool {
    value > 0.0 && value <= 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(change: impl FnOnce(&mut GenerationSpec)) -> Option<&'static str> {
        let mut spec = GenerationSpec::default();
        change(&mut spec);
        match Generation::new(spec, Sources::default()) {
            Err(Error::Invalid { field, .. }) => Some(field),
            _ => None,
        }
    }

    #[test]
    fn limits_are_told_by_field() {
        assert_eq!(problem(|_| ()), None);
        assert_eq!(problem(|spec| (spec.width, spec.height) = (64, 2_048)), None);
        assert_eq!(problem(|spec| spec.steps = 150), None);
        assert_eq!(problem(|spec| spec.width = 500), Some("width"));
        assert_eq!(problem(|spec| spec.height = 2_056), Some("height"));
        assert_eq!(problem(|spec| spec.height = 0), Some("height"));
        assert_eq!(problem(|spec| spec.steps = 0), Some("steps"));
        assert_eq!(problem(|spec| spec.steps = 151), Some("steps"));
        assert_eq!(problem(|spec| spec.guidance = f64::NAN), Some("guidance"));
        assert_eq!(problem(|spec| spec.guidance = -1.0), Some("guidance"));
        assert_eq!(problem(|spec| spec.guidance_rescale = 1.5), Some("guidance_rescale"));
        assert_eq!(problem(|spec| spec.eta = 1.1), Some("eta"));
        assert_eq!(problem(|spec| spec.count = 0), Some("count"));
        assert_eq!(problem(|spec| spec.count = 9), Some("count"));
        assert_eq!(problem(|spec| spec.strength = 0.0), Some("strength"));
        assert_eq!(problem(|spec| spec.clip_skip = 12), Some("clip_skip"));
        assert_eq!(problem(|spec| spec.prompt = "a".repeat(4_001)), Some("prompt"));
        let pass = |scale, strength| Some(TwoPass { scale, strength });
        assert_eq!(problem(|spec| spec.two_pass = pass(1.0, 0.5)), Some("two_pass.scale"));
        assert_eq!(problem(|spec| spec.two_pass = pass(0.5, 0.0)), Some("two_pass.strength"));
    }

    #[test]
    fn an_odd_side_is_answered_with_its_neighbours() {
        let spec = GenerationSpec { width: 500, ..GenerationSpec::default() };
        let error = Generation::new(spec, Sources::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "width: is 500, but the model paints in blocks of 8 pixels; take 496 or 504"
        );
    }

    #[test]
    fn a_mask_needs_its_picture() {
        let sources = Sources { mask: Some(GrayImage::new(8, 8)), ..Sources::default() };
        assert!(Generation::new(GenerationSpec::default(), sources).is_err());
    }

    #[test]
    fn the_small_pass_keeps_the_unit() {
        let spec = GenerationSpec { width: 1_280, height: 72, ..GenerationSpec::default() };
        let small = Generation::new(spec, Sources::default()).unwrap().small(0.55);
        assert_eq!((small.spec().width, small.spec().height), (704, 64));
    }
}
