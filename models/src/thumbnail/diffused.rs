//! Backgrounds by a diffusion model.

use std::sync::Arc;

use image::{GrayImage, Luma, RgbImage, imageops};

use super::{
    background,
    brief::{Background, Brief, CopySpace, Painted},
};
use crate::{
    Error, Observer,
    diffusion::{Generation, GenerationSpec, Injected, Sources, StableDiffusion, Teller},
};

/// Sides of what the model paints are multiples of this: the depth of a UNet times the autoencoder's factor, so that
/// no level has to cut an odd row.
const SIDE_UNIT: f32 = 64.0;
/// What backgrounds never shall show: the title is set by rules, so painted letters only disturb.
const NEGATIVE: &str = "text, letters, watermark, logo, frame, border, blurry, low quality";

/// Paints backgrounds with a loaded model.
pub(super) struct Diffused {
    model: Arc<StableDiffusion>,
    name: String,
    defaults: GenerationSpec,
    preview_share: f64,
}

impl Diffused {
    /// `name` is what people know the model as; `defaults` says how it is run, and `preview_share` which share of its
    /// time previews may cost.
    pub(super) fn new(
        model: Arc<StableDiffusion>,
        name: &str,
        defaults: GenerationSpec,
        preview_share: f64,
    ) -> Self {
        Self { model, name: name.to_owned(), defaults, preview_share }
    }

    fn generation(&self, brief: &Brief<'_>) -> Result<Generation, Error> {
        let (width, height) = native(self.model.native_side(), brief.width, brief.height);
        let negative = match self.defaults.negative.as_str() {
            "" => NEGATIVE.to_owned(),
            given => given.to_owned(),
        };
        let prompt = prompt(brief);
        let spec = GenerationSpec {
            prompt,
            negative,
            width,
            height,
            seed: brief.seed,
            count: 1,
            ..self.defaults.clone()
        };
        let calm = if spec.guidance > 1.0 { calm(brief.copy_space, width, height) } else { None };
        Generation::new(spec, Sources { calm, ..Sources::default() })
    }
}

impl Background for Diffused {
    fn paint(&mut self, brief: &Brief<'_>, observer: &mut dyn Observer) -> Result<Painted, Error> {
        let generation = self.generation(brief)?;
        let mut teller = Teller::new(&self.model, &generation, observer, self.preview_share);
        let painted =
            self.model.paint(&generation, &Injected::default(), &mut |moment| teller.hear(&moment))?;
        let painted = painted.into_iter().next();
        let painted = painted.ok_or_else(|| Error::Internal("the model painted nothing".to_owned()))?;
        let pixels = cover(&painted.picture, brief.width, brief.height);
        let (palette, accent) = background::colours(&pixels);
        Ok(Painted {
            pixels,
            name: generation.spec().prompt.clone(),
            painter: self.name.clone(),
            made_by: format!("background by the diffusion model {}, the rest by rules", self.name),
            palette,
            accent,
            ignored: Vec::new(),
        })
    }
}

/// The brief in a model's language: subject first, then looks and colours, then where the title and the photo go.
fn prompt(brief: &Brief<'_>) -> String {
    let mut parts = vec![brief.subject.to_owned()];
    parts.extend(brief.style.iter().cloned());
    parts.extend(
        brief.palette.iter().filter(|word| !word.starts_with('#')).map(|word| format!("{word} colours")),
    );
    parts.extend(empty(brief.copy_space).map(str::to_owned));
    parts.push("background, no text".to_owned());
    parts.join(", ")
}

/// The copy space in words, for models that are not guided too.
fn empty(space: CopySpace) -> Option<&'static str> {
    match space {
        CopySpace::Left => Some("empty space on the left"),
        CopySpace::Right => Some("empty space on the right"),
        CopySpace::Top => Some("empty space at the top"),
        CopySpace::Bottom => Some("empty space at the bottom"),
        CopySpace::Centre => Some("empty space in the middle"),
        CopySpace::Whole => None,
    }
}

/// A size of the asked shape and of about as many pixels as the model was trained on.
fn native(side: u32, width: u32, height: u32) -> (u32, u32) {
    let scale = side as f32 / (width as f32 * height as f32).sqrt();
    let fit = |asked: u32| ((asked as f32 * scale / SIDE_UNIT).round().max(1.0) * SIDE_UNIT) as u32;
    (fit(width), fit(height))
}

/// White over the copy space, fading towards the rest.
fn calm(space: CopySpace, width: u32, height: u32) -> Option<GrayImage> {
    // How far a point lies inside the space, as a share of the picture: 0 at its border.
    let inside = |x: f32, y: f32| match space {
        CopySpace::Left => 0.5 - x,
        CopySpace::Right => x - 0.5,
        CopySpace::Top => 0.5 - y,
        CopySpace::Bottom => y - 0.5,
        CopySpace::Centre => 0.25 - (x - 0.5).abs().max((y - 0.5).abs()),
        CopySpace::Whole => 0.0,
    };
    if space == CopySpace::Whole {
        return None;
    }
    Some(GrayImage::from_fn(width, height, |x, y| {
        let depth = inside((x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32);
        Luma([((depth / 0.2).clamp(0.0, 1.0) * 255.0) as u8])
    }))
}

/// `picture` enlarged and cut in the middle to exactly `width`×`height`.
pub(crate) fn cover(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (from_width, from_height) = picture.dimensions();
    let scale = (width as f32 / from_width as f32).max(height as f32 / from_height as f32);
    let large = |side: u32, least: u32| ((side as f32 * scale).ceil() as u32).max(least);
    let (large_width, large_height) = (large(from_width, width), large(from_height, height));
    let large = imageops::resize(picture, large_width, large_height, imageops::FilterType::Lanczos3);
    let (x, y) = ((large_width - width) / 2, (large_height - height) / 2);
    imageops::crop_imm(&large, x, y, width, height).to_image()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_keep_the_models_area() {
        for (side, asked, painted) in [
            (512, (1280, 720), (704, 384)),
            (512, (1080, 1920), (384, 704)),
            (1024, (1280, 720), (1344, 768)),
            (512, (1080, 1080), (512, 512)),
        ] {
            assert_eq!(native(side, asked.0, asked.1), painted);
        }
    }

    #[test]
    fn the_prompt_asks_for_the_copy_space() {
        let brief = |copy_space| Brief {
            subject: "bread",
            style: &[],
            palette: &[],
            width: 1280,
            height: 720,
            copy_space,
            seed: 1,
        };
        assert_eq!(prompt(&brief(CopySpace::Left)), "bread, empty space on the left, background, no text");
        assert_eq!(prompt(&brief(CopySpace::Whole)), "bread, background, no text");
    }

    #[test]
    fn calm_lies_over_the_copy_space() {
        let mask = calm(CopySpace::Left, 100, 50).unwrap();
        assert_eq!((mask.get_pixel(5, 25).0[0], mask.get_pixel(95, 25).0[0]), (255, 0));
        let mask = calm(CopySpace::Bottom, 100, 50).unwrap();
        assert_eq!((mask.get_pixel(50, 2).0[0], mask.get_pixel(50, 48).0[0]), (0, 255));
        assert!(calm(CopySpace::Whole, 8, 8).is_none());
    }

    #[test]
    fn a_picture_covers_what_was_asked() {
        assert_eq!(cover(&RgbImage::new(704, 384), 1280, 720).dimensions(), (1280, 720));
        assert_eq!(cover(&RgbImage::new(384, 704), 1080, 1920).dimensions(), (1080, 1920));
    }
}
