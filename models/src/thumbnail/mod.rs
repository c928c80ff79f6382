//! Thumbnails: layout, background, subject, title, encode.
//!
//! `draft-1` is procedural: it paints, places and sets type by rules and has no learned weights. Only its
//! background is meant to be replaced by a model, behind the trait `Background`.

mod background;
mod brief;
mod built_in;
mod colour;
mod composite;
mod crop;
mod diffused;
mod layout;
mod legibility;
mod photo;
mod progress;
mod record;
mod subject;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

pub(crate) use background::oklab;
use brief::{Background, Brief, CopySpace, Painted};
pub(crate) use diffused::cover;
use image::RgbImage;
use layout::{Layout, Wish};
pub use photo::{PhotoError, PhotoInfo, thumbnail};
use progress::Progress;
use record::{Settings, TitleSettings, hex};
use text::{Set, Title, Typesetter};
use tiny_skia::Pixmap;

use crate::{
    Error, Observer, Output, Pipeline, Request, Stage, ThumbnailRequest,
    built_in::BuiltIn,
    diffusion::{GenerationSpec, StableDiffusion},
    encode, metadata,
};

/// The algorithm `draft-1`: pure CPU, no weights. Keeps fonts and glyph outlines between runs.
pub struct Draft {
    background: Box<dyn Background + Send>,
    typesetter: Typesetter,
}

/// One picture of a request on its way.
struct Variant<'a> {
    request: &'a ThumbnailRequest,
    layout: &'static Layout,
    seed: u64,
}

impl Draft {
    /// The name under which results of this pipeline are recorded.
    pub const ALGORITHM: &'static str = "draft-1";

    /// A pipeline with the procedural background. Loading the bundled fonts takes a few milliseconds.
    #[must_use]
    pub fn new() -> Self {
        Self::with_background(Box::new(background::Procedural::new()))
    }

    /// A pipeline whose backgrounds are painted by `model`, which people know as `name`. `defaults` says how it is
    /// run; prompt and size come from each request. `preview_share` is the share of that run's time that its previews
    /// may cost.
    #[must_use]
    pub fn over(
        model: Arc<StableDiffusion>,
        name: &str,
        defaults: GenerationSpec,
        preview_share: f64,
    ) -> Self {
        Self::with_background(Box::new(diffused::Diffused::new(model, name, defaults, preview_share)))
    }

    /// A pipeline whose backgrounds are painted by the built-in model. `defaults` says how it is run, and `preview_share`
    /// as for [`Self::over`].
    #[must_use]
    pub fn over_built_in(model: Arc<BuiltIn>, defaults: GenerationSpec, preview_share: f64) -> Self {
        Self::with_background(Box::new(built_in::Painted::by(model, defaults, preview_share)))
    }

    fn with_background(background: Box<dyn Background + Send>) -> Self {
        Self { background, typesetter: Typesetter::new() }
    }

    fn variant(&mut self, variant: &Variant, progress: &mut Progress) -> Result<Output, Error> {
        let spec = variant.request.spec();
        let painted = self.background(variant, progress)?;
        progress.show(&painted.pixels);

        progress.reach(Stage::Subject, 0.0)?;
        let mut canvas = composite::canvas(&painted.pixels)?;
        let accents = subject::Accents::new(&painted.palette, painted.accent, variant.seed);
        let photo = variant.request.photo().map(|photo| &photo.pixels);
        let photo = subject::place(&mut canvas, photo, variant.layout, accents);

        progress.reach(Stage::Title, 0.0)?;
        let set = self.title(&mut canvas, variant, &painted);
        let pixels = composite::pixels(&canvas);
        progress.show(&pixels);

        progress.reach(Stage::Encode, 0.0)?;
        let settings = settings(variant, &painted, photo, set, &pixels)?;
        let (bytes, media_type) = encode::encode(&pixels, spec.format, &settings)?;
        progress.reach(Stage::Encode, 1.0)?;
        let (width, height) = pixels.dimensions();
        Ok(Output { bytes, media_type, width, height, seed: variant.seed, settings })
    }

    fn background(&mut self, variant: &Variant, progress: &mut Progress) -> Result<Painted, Error> {
        let spec = variant.request.spec();
        let (width, height) = spec.aspect.size();
        progress.reach(Stage::Background, 0.0)?;
        let brief = Brief {
            subject: &spec.subject,
            style: &spec.style,
            palette: &spec.palette,
            width,
            height,
            // A photo is the subject; a second one behind it would only peep out.
            copy_space: if variant.request.photo().is_some() {
                CopySpace::Whole
            } else {
                variant.layout.copy_space
            },
            seed: variant.seed,
        };
        let painted = self.background.paint(&brief, progress)?;
        if painted.pixels.dimensions() != (width, height) {
            return Err(Error::Internal("the background came out in the wrong size".to_owned()));
        }
        Ok(painted)
    }

    fn title(&mut self, canvas: &mut Pixmap, variant: &Variant, painted: &Painted) -> Option<Set> {
        let spec = variant.request.spec();
        let layout = variant.layout;
        let title = Title {
            text: spec.title.as_deref()?,
            style: &spec.style,
            frame: layout.title.pixels(canvas.width(), canvas.height()),
            align: layout.align,
            anchor: layout.anchor,
            on_panel: layout.panel.is_some(),
            palette: &painted.palette,
            accent: painted.accent,
            seed: variant.seed,
        };
        self.typesetter.set(canvas, &title)
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl Pipeline for Draft {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let Request::Thumbnail(request) = request else {
            return Err(Error::Internal("this pipeline makes thumbnails only".to_owned()));
        };
        let spec = request.spec();
        let mut progress = Progress::new(observer, spec.count, self.background.share());
        let cut_out = request.photo().is_some_and(|photo| crop::cut_out(&photo.pixels).is_some());
        (0..spec.count)
            .map(|number| {
                progress.begin(number);
                progress.reach(Stage::Prepare, 0.0)?;
                let seed = spec.seed.wrapping_add(u64::from(number));
                let wish = Wish {
                    aspect: spec.aspect,
                    has_title: spec.title.is_some(),
                    has_photo: request.photo().is_some(),
                    cut_out,
                    subject: &spec.subject,
                    style: &spec.style,
                    seed,
                };
                let layout = layout::choose(&wish);
                self.variant(&Variant { request, layout, seed }, &mut progress)
            })
            .collect()
    }
}

fn settings(
    variant: &Variant,
    painted: &Painted,
    photo: Option<&'static str>,
    set: Option<Set>,
    pixels: &RgbImage,
) -> Result<String, Error> {
    let title = set.map(|set| TitleSettings {
        design: set.design,
        system_fonts: set.system_fonts,
        missing_glyphs: set.missing_glyphs,
        lines: set.lines,
        em_px: set.em.round() as u32,
        box_px: set.bounds.map(|edge| edge.round() as i32),
        contrast: set.contrast.map(|contrast| (contrast * 100.0).round() / 100.0),
        repairs: set.repairs,
        legibility: set.letters.as_ref().map_or(0, |letters| legibility::score(pixels, letters, set.em)),
        fonts: set.fonts,
    });
    let understood = |word: &String| layout::understands(word) || text::understands(word);
    let settings = Settings {
        algorithm: &painted.painter,
        made_by: &painted.made_by,
        version: env!("CARGO_PKG_VERSION"),
        request: record::Request::new(variant.request.spec(), variant.seed),
        layout: variant.layout.name,
        scene: &painted.name,
        palette: painted.palette.iter().copied().map(hex).collect(),
        accent: hex(painted.accent),
        photo,
        title,
        ignored: painted.ignored.iter().filter(|word| !understood(word)).cloned().collect(),
    };
    let json = serde_json::to_string(&settings)
        .map_err(|error| Error::Internal(format!("the settings could not be written: {error}")))?;
    Ok(metadata::ascii(&json))
}
