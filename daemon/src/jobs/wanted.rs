//! What a caller wants, before the algorithm has filled in what was left open. Pure.

use atelier_models::{
    Error, ThumbnailRequest,
    diffusion::{Generation, GenerationSpec, Sources, TwoPass, lora::Chosen},
    sampler::SamplerKind,
};
use image::{GrayImage, RgbImage};

use super::job::{Kind, Work};
use crate::{catalogue::Defaults, id::AssetId};

/// A wish that can be priced and made.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Everything is said.
    Complete(Work),
    /// Pictures by a diffusion model, as far as was said.
    Image(ImageWish),
}

/// What was said about a picture. What is none, or an empty negative, is the algorithm's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImageWish {
    /// What it shows.
    pub words: String,
    /// What it does not show.
    pub negative: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Denoising steps.
    pub steps: Option<u32>,
    /// Guidance.
    pub guidance: Option<f64>,
    /// The sampler.
    pub sampler: Option<SamplerKind>,
    /// Seed of the first, drawn already.
    pub seed: u64,
    /// How many.
    pub count: u32,
    /// How much of `init` is painted anew.
    pub strength: Option<f64>,
    /// A picture to change.
    pub init: Option<AssetId>,
    /// Where it is changed.
    pub mask: Option<AssetId>,
    /// How many of the text encoder's last layers are left out.
    pub clip_skip: Option<u32>,
    /// Small first, then large.
    pub two_pass: Option<TwoPass>,
    /// LoRAs besides the algorithm's; one of those with another weight, 0 to leave it out.
    pub loras: Vec<Chosen>,
}

impl From<Work> for Wanted {
    fn from(work: Work) -> Self {
        Self::Complete(work)
    }
}

impl Wanted {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Complete(work) => work.kind(),
            Self::Image(_) => Kind::Image,
        }
    }

    /// The work, what was left open filled in.
    #[must_use]
    pub fn complete(self, defaults: &Defaults) -> Work {
        match self {
            Self::Complete(work) => work,
            Self::Image(wish) => wish.complete(defaults),
        }
    }
}

impl ImageWish {
    fn complete(self, defaults: &Defaults) -> Work {
        let usual = defaults.spec();
        let spec = GenerationSpec {
            prompt: defaults.prompt(&self.words),
            negative: if self.negative.is_empty() { usual.negative.clone() } else { self.negative },
            width: self.width.unwrap_or(usual.width),
            height: self.height.unwrap_or(usual.height),
            steps: self.steps.unwrap_or(usual.steps),
            guidance: self.guidance.unwrap_or(usual.guidance),
            sampler: self.sampler.or(usual.sampler),
            seed: self.seed,
            count: self.count,
            strength: self.strength.unwrap_or(usual.strength),
            clip_skip: self.clip_skip.unwrap_or(usual.clip_skip),
            two_pass: self.two_pass.or(usual.two_pass),
            guidance_rescale: usual.guidance_rescale,
            eta: usual.eta,
        };
        let loras = with_bound(&defaults.loras, self.loras);
        Work::Image { words: self.words, spec, init: self.init, mask: self.mask, loras }
    }
}

/// The algorithm's LoRAs with the weights that were said, then the others that were.
fn with_bound(bound: &[Chosen], said: Vec<Chosen>) -> Vec<Chosen> {
    let reweighed = |lora: &Chosen| {
        let other = said.iter().find(|other| other.name == lora.name);
        other.unwrap_or(lora).clone()
    };
    let mut all: Vec<_> = bound.iter().map(reweighed).collect();
    all.extend(said.into_iter().filter(|lora| !bound.iter().any(|other| other.name == lora.name)));
    all.retain(|lora| lora.weight != 0.0);
    all
}

/// The rules of the models crate, before anything is paid.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub(super) fn check(work: &Work) -> Result<(), Error> {
    match work {
        Work::Thumbnail { spec, .. } => {
            ThumbnailRequest::new(spec.clone(), None)?;
        }
        Work::Image { words, spec, init, mask, loras } => {
            Chosen::check(loras)?;
            if words.trim().is_empty() {
                let problem = "say what the picture should show".to_owned();
                return Err(Error::Invalid { field: "prompt", problem });
            }
            // Which pictures are there is a matter of the rules; what is on them is not.
            let sources = Sources {
                init: init.map(|_| RgbImage::new(1, 1)),
                mask: mask.map(|_| GrayImage::new(1, 1)),
                calm: None,
            };
            Generation::new(spec.clone(), sources)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> ImageWish {
        ImageWish { words: "a fox".into(), count: 1, ..ImageWish::default() }
    }

    #[test]
    fn what_was_not_said_is_the_algorithms() {
        let defaults = Defaults {
            steps: Some(8),
            guidance: Some(1.5),
            sampler: Some(SamplerKind::Lcm),
            size: Some((768, 512)),
            negative: "blurry".into(),
            template: "oil painting of {prompt}".into(),
            loras: Vec::new(),
        };
        let Work::Image { words, spec, .. } = Wanted::Image(wish()).complete(&defaults) else { panic!() };
        assert_eq!((words.as_str(), spec.prompt.as_str()), ("a fox", "oil painting of a fox"));
        assert_eq!((spec.steps, spec.width, spec.height, spec.guidance), (8, 768, 512, 1.5));
        assert_eq!((spec.negative.as_str(), spec.sampler), ("blurry", Some(SamplerKind::Lcm)));
        let said = ImageWish {
            steps: Some(20),
            guidance: Some(0.0),
            width: Some(64),
            negative: "dogs".into(),
            sampler: Some(SamplerKind::Ddim),
            ..wish()
        };
        let Work::Image { spec, .. } = Wanted::Image(said).complete(&defaults) else { panic!() };
        assert_eq!((spec.steps, spec.width, spec.height, spec.guidance), (20, 64, 512, 0.0));
        assert_eq!((spec.negative.as_str(), spec.sampler), ("dogs", Some(SamplerKind::Ddim)));
    }

    #[test]
    fn mistakes_are_named_before_anything_is_paid() {
        let field = |wish: ImageWish| match check(&wish.complete(&Defaults::default())) {
            Err(Error::Invalid { field, .. }) => Some(field),
            _ => None,
        };
        let asset = Some(AssetId::from_uuid(uuid::Uuid::from_u128(1)));
        assert_eq!(field(wish()), None);
        assert_eq!(field(ImageWish { words: " ".into(), ..wish() }), Some("prompt"));
        assert_eq!(field(ImageWish { width: Some(100), ..wish() }), Some("width"));
        assert_eq!(field(ImageWish { strength: Some(2.0), ..wish() }), Some("strength"));
        assert_eq!(field(ImageWish { count: 9, ..wish() }), Some("count"));
        assert_eq!(field(ImageWish { mask: asset, ..wish() }), Some("mask"));
        assert_eq!(field(ImageWish { mask: asset, init: asset, ..wish() }), None);
        let two_pass = Some(TwoPass { scale: 0.5, strength: 0.5 });
        assert_eq!(field(ImageWish { two_pass, ..wish() }), None);
        assert_eq!(field(ImageWish { two_pass, init: asset, ..wish() }), Some("two_pass"));
        let lora = |weight| vec![Chosen { name: "style".into(), weight }];
        assert_eq!(field(ImageWish { loras: lora(1.0), ..wish() }), None);
        assert_eq!(field(ImageWish { loras: lora(f32::NAN), ..wish() }), Some("lora"));
        let twice = [lora(1.0), lora(1.0)].concat();
        assert_eq!(field(ImageWish { loras: twice, ..wish() }), Some("lora"));
    }

    #[test]
    fn loras_are_added_to_the_algorithms() {
        let of = |text: &str| text.split_whitespace().map(|lora| lora.parse().unwrap()).collect::<Vec<_>>();
        for (bound, said, all) in [
            ("", "", ""),
            ("a:0.5 b:1", "", "a:0.5 b:1"),
            ("a:0.5 b:1", "c:2", "a:0.5 b:1 c:2"),
            ("a:0.5 b:1", "c:2 a:0.7", "a:0.7 b:1 c:2"),
            ("a:0.5 b:1", "b:0", "a:0.5"),
        ] {
            assert_eq!(with_bound(&of(bound), of(said)), of(all), "{bound} and {said}");
        }
    }
}
