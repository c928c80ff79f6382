//! What a run tells and shows while it goes on.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    Observer, Pipeline as _, Request, ThumbnailRequest, ThumbnailSpec, checkpoint::TinyCheckpoint,
    thumbnail::Draft,
};

/// A copy of the checkpoint `sd1` that brings a tiny autoencoder.
fn with_tiny() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sd1");
    let from = fixtures().join("checkpoint/sd1");
    let files = Checkpoint::open(&from).unwrap().files().to_owned();
    let tiny = fixtures().join("vae/tiny");
    let pairs = files.into_iter().map(|file| (path.join(file.strip_prefix(&from).unwrap()), file));
    for (to, from) in pairs.chain([
        (path.join("vae_tiny/config.json"), tiny.join("config.json")),
        (path.join("vae_tiny/diffusion_pytorch_model.safetensors"), tiny.join("model.safetensors")),
    ]) {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
    (folder, path)
}

/// Hears how far a run is and what it shows.
#[derive(Default)]
struct Heard {
    steps: Vec<crate::Step>,
    previews: Vec<RgbImage>,
}

impl Observer for Heard {
    fn step(&mut self, step: crate::Step) -> ControlFlow<()> {
        self.steps.push(step);
        ControlFlow::Continue(())
    }

    fn preview(&mut self, _: u32, jpeg: Vec<u8>, _: Duration) {
        self.previews.push(image::load_from_memory(&jpeg).unwrap().into_rgb8());
    }
}

fn watched(model: StableDiffusion, share: f64) -> Heard {
    let mut heard = Heard::default();
    let generation = Generation::new(spec(), Sources::default()).unwrap();
    let mut painter = Painter::new(Arc::new(model), "tiny", &[], share);
    painter.run(&Request::Image(generation), &mut heard).unwrap();
    heard
}

#[test]
fn a_thumbnail_tells_the_steps_of_its_background_and_shows_it_while_it_is_painted() {
    let spec = ThumbnailSpec { subject: "bread".to_owned(), count: 1, ..ThumbnailSpec::default() };
    let request = Request::Thumbnail(ThumbnailRequest::new(spec, None).unwrap());
    let defaults = GenerationSpec { steps: 4, ..self::spec() };
    let previews = [0.0, f64::MAX].map(|share| {
        let mut heard = Heard::default();
        Draft::over(Arc::new(model("sd1")), "tiny", defaults.clone(), share)
            .run(&request, &mut heard)
            .unwrap();
        let counted: Vec<_> = heard.steps.iter().filter(|step| step.steps.1 > 0).collect();
        assert!(counted.iter().all(|step| step.stage == crate::Stage::Background));
        let last = counted.last().unwrap().steps;
        assert!(last.0 == last.1 && last.1 >= 4, "{last:?}");
        assert!(heard.steps.is_sorted_by(|one, next| one.fraction <= next.fraction));
        heard.previews.len()
    });
    // Without an allowance there are those of the finished background and of the set title.
    assert!(previews[0] == 2 && previews[1] > 2, "{previews:?}");
}

#[test]
fn a_run_tells_every_step_and_shows_what_it_may() {
    let heard = watched(model("sd1"), f64::MAX);
    let counted: Vec<_> = heard.steps.iter().map(|step| step.steps).filter(|steps| steps.1 > 0).collect();
    let total = counted[0].1;
    // PNDM warms up with one step more.
    assert_eq!((total, counted.last()), (11, Some(&(total, total))));
    assert!((1..=total).all(|number| counted.contains(&(number, total))), "{counted:?}");
    assert!(heard.steps.is_sorted_by(|one, next| one.fraction <= next.fraction));
    assert_eq!(heard.previews.len(), 5);
    assert!(heard.previews.iter().all(|preview| preview.dimensions() == (36, 32)), "one pixel a latent");
    assert!(watched(model("sd1"), 0.0).previews.is_empty());
}

#[test]
fn previews_are_drawn_by_the_tiny_autoencoder_where_there_is_one() {
    let (folder, path) = with_tiny();
    let brought = StableDiffusion::load(&Checkpoint::open(&path).unwrap(), &[], &Placement::cpu(), BUDGET);
    let mut given = model("sd1");
    given.draw_previews_with(&TinyCheckpoint::open(&path.join("vae_tiny")).unwrap()).unwrap();
    let plain = model("sd1").bytes();
    for model in [brought.unwrap(), given] {
        assert!(model.bytes() > plain, "it is counted");
        let heard = watched(model, f64::MAX);
        assert!(!heard.previews.is_empty());
        assert!(
            heard.previews.iter().all(|preview| preview.dimensions() == (144, 128)),
            "four pixels a latent"
        );
    }
    let config = path.join("vae_tiny/config.json");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("\"latent_channels\": 4", "\"latent_channels\": 16")).unwrap();
    let tiny = TinyCheckpoint::open(&path.join("vae_tiny")).unwrap();
    let refusal = model("sd1").draw_previews_with(&tiny).unwrap_err().to_string();
    assert!(refusal.contains("has 16 latents per pixel, this checkpoint 4"), "{refusal}");
    drop(folder);
}
