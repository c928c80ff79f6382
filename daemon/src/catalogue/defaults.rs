//! What an algorithm takes where a request says nothing. Pure.

use atelier_models::{
    Error, built_in,
    diffusion::{Generation, GenerationSpec, Sources, lora::Chosen},
    sampler::SamplerKind,
};
use serde::{Deserialize, Serialize};

use super::CatalogueError;

/// Where the words of a request go in a template.
const PROMPT: &str = "{prompt}";
/// Longest template, in characters.
const TEMPLATE_CHARS: usize = 2_000;

/// Defaults of pictures by a diffusion model. What is absent is [`GenerationSpec`]'s.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Defaults {
    /// Denoising steps, 1 to 150.
    pub steps: Option<u32>,
    /// Guidance, 0 to 50.
    pub guidance: Option<f64>,
    /// The sampler; none for the checkpoint's own.
    pub sampler: Option<SamplerKind>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// What pictures shall not show, where the request names nothing; empty for none.
    pub negative: String,
    /// What is said around the request's words, with `{prompt}` in their place; empty for the words alone.
    pub template: String,
    /// LoRAs that are merged into the model.
    pub loras: Vec<Chosen>,
}

impl Defaults {
    /// Checks them against the rules of requests.
    ///
    /// # Errors
    /// [`CatalogueError::Invalid`] naming the field.
    pub fn check(&self) -> Result<(), CatalogueError> {
        let invalid = |field, problem| Err(CatalogueError::Invalid { field, problem });
        if !self.template.is_empty() && !self.template.contains(PROMPT) {
            return invalid("template", format!("has no {PROMPT}, where the words of a request go"));
        }
        if self.template.chars().count() > TEMPLATE_CHARS {
            return invalid("template", format!("is too long; at most {TEMPLATE_CHARS} characters"));
        }
        let painted = Generation::new(self.spec(), Sources::default()).map(drop);
        match painted.and_then(|()| Chosen::check(&self.loras)) {
            Err(Error::Invalid { field, problem }) => invalid(field, problem),
            _ => Ok(()),
        }
    }

    /// These, with what suits the built-in model where they say nothing of it. It is not stored: another build's model may
    /// want something else.
    pub(super) fn for_model(&self, model: &str) -> Self {
        if model != built_in::NAME {
            return self.clone();
        }
        Self {
            steps: self.steps.or(Some(built_in::STEPS)),
            guidance: self.guidance.or(Some(built_in::GUIDANCE)),
            size: self.size.or_else(|| Some(built_in::usual_size())),
            ..self.clone()
        }
    }

    /// A picture of nothing in particular, as these defaults want it.
    #[must_use]
    pub fn spec(&self) -> GenerationSpec {
        let usual = GenerationSpec::default();
        let (width, height) = self.size.unwrap_or((usual.width, usual.height));
        GenerationSpec {
            negative: self.negative.clone(),
            width,
            height,
            steps: self.steps.unwrap_or(usual.steps),
            guidance: self.guidance.unwrap_or(usual.guidance),
            sampler: self.sampler,
            ..usual
        }
    }

    /// The prompt for these words.
    #[must_use]
    pub fn prompt(&self, words: &str) -> String {
        if self.template.is_empty() { words.to_owned() } else { self.template.replace(PROMPT, words) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_goes_around_the_words() {
        let defaults = Defaults { template: "a photo of {prompt}, 35 mm".into(), ..Defaults::default() };
        assert_eq!(defaults.prompt("a {prompt} fox"), "a photo of a {prompt} fox, 35 mm");
        assert_eq!(Defaults::default().prompt("a fox"), "a fox");
    }

    #[test]
    fn mistakes_are_named() {
        let field = |defaults: Defaults| match defaults.check() {
            Err(CatalogueError::Invalid { field, .. }) => Some(field),
            _ => None,
        };
        let usual = Defaults::default;
        assert_eq!(field(usual()), None);
        assert_eq!(field(Defaults { steps: Some(0), ..usual() }), Some("steps"));
        assert_eq!(field(Defaults { size: Some((512, 500)), ..usual() }), Some("height"));
        assert_eq!(field(Defaults { guidance: Some(f64::NAN), ..usual() }), Some("guidance"));
        assert_eq!(field(Defaults { template: "no place".into(), ..usual() }), Some("template"));
        let loras = vec![Chosen { name: "style".into(), weight: 5.0 }];
        assert_eq!(field(Defaults { loras, ..usual() }), Some("lora"));
    }
}
