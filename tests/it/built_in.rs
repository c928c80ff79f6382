//! The model that is built in: what a studio makes with it on its first day.

use anyhow::Context as _;
use atelier_models::built_in;
use atelier_proto::{
    client::{Client, News},
    request_id,
    v1::{self as wire, JobState, watch_job_response},
};
use atelier_tests::{
    Studio,
    acts::{self, soon},
    talk::Talk,
    web,
};
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};

fn mountains(seed: u64) -> wire::JobRequest {
    acts::of(wire::ThumbnailRequest {
        subject: "mountains at dawn with a dragon".to_owned(),
        title: "7 PEAKS".to_owned(),
        style: vec!["big title".to_owned()],
        palette: vec!["blue".to_owned()],
        seed: Some(seed),
        ..wire::ThumbnailRequest::default()
    })
}

fn settings(job: &wire::Job) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&job.results.first().context("no picture")?.settings_json)?)
}

async fn file(client: &Client, job: &wire::Job) -> anyhow::Result<Vec<u8>> {
    let made = job.results.first().context("no picture")?;
    Ok(client.download(&made.asset_id, 0).await?.bytes.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_studio_paints_thumbnails_with_it() -> anyhow::Result<()> {
    let studio = Studio::whole().await?;
    let ann = studio.member("ann").await?;
    let quote = acts::quote(&ann, mountains(3)).await?;
    assert_eq!((quote.algorithm.as_str(), quote.price_credits), ("tiny-1", 1));
    assert_eq!(quote.algorithm_summary, "built-in, tiny, trained on procedural scenes");

    let job = acts::submit(&ann, mountains(3)).await?;
    let mut news = ann.follow_job(&job.job_id, 0);
    let (mut steps, mut fraction, mut told) = (0, 0.0, false);
    while let Some(news) = soon(news.next()).await? {
        let News::Message(message) = news else { continue };
        if let Some(watch_job_response::News::Progress(progress)) = message.news {
            assert!(progress.fraction >= fraction, "{progress:?}");
            fraction = progress.fraction;
            steps = steps.max(progress.steps_done);
            told |= progress.remaining_ms > 0;
            assert!([0, built_in::STEPS].contains(&progress.steps_total), "{progress:?}");
        }
        // It paints on threads of its own: whoever asks meanwhile is answered.
        let healthy = web::open(studio.http()?, "/healthz").await?;
        assert_eq!(healthy.status, 200);
    }
    assert!(steps > 0 && told, "{steps} steps");
    let job = acts::job(&ann, &job.job_id).await?;
    assert_eq!((job.state(), job.charged_credits), (JobState::Succeeded, 1), "{}", job.message);
    let told = settings(&job)?;
    assert_eq!((&told["algorithm"], &told["ignored"]), (&json!("tiny-1"), &json!(["dragon"])));
    assert!(told["made_by"].as_str().is_some_and(|by| by.contains("trained on procedural scenes")), "{told}");
    let picture = file(&ann, &job).await?;
    let pixels = image::load_from_memory_with_format(&picture, ImageFormat::Jpeg)?;
    assert_eq!((pixels.width(), pixels.height()), (1280, 720));
    let again = acts::make(&ann, mountains(3)).await?.job;
    assert!(file(&ann, &again).await? == picture, "one seed, one picture");

    // What could not be used is said where people talk, and what the picture is.
    let talk = Talk::begin(&ann).await?;
    let answer = talk.say("thumbnail about baking sourdough, title \"CRUST!\", warm colours").await?;
    let notes = answer.notes()?;
    assert!(notes.iter().any(|note| note == "“baking sourdough” could not be used."), "{notes:?}");
    let by = "Background by the built-in tiny model (10 M parameters, trained on procedural scenes), the rest by rules.";
    assert!(notes.iter().any(|note| note == by), "{notes:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_made_and_changed_with_it() -> anyhow::Result<()> {
    let studio = Studio::whole().await?;
    let ann = studio.member("ann").await?;
    let asked = wire::ImageRequest {
        prompt: "a city at night, rain, a cat".to_owned(),
        steps: 2,
        seed: Some(5),
        ..wire::ImageRequest::default()
    };
    let fresh = acts::make(&ann, acts::picture(asked.clone())).await?.job;
    assert_eq!(fresh.state(), JobState::Succeeded, "{}", fresh.message);
    let told = settings(&fresh)?;
    assert_eq!((&told["scene"], &told["ignored"]), (&json!("city, night, rain"), &json!(["cat"])));
    assert!(told["made_by"].as_str().is_some_and(|by| by.contains("built-in tiny model")), "{told}");
    let painted = image::load_from_memory(&file(&ann, &fresh).await?)?.to_rgba8();
    assert_eq!(painted.dimensions(), (640, 384));

    let picture = |name: &'static str, pixels: RgbaImage| {
        let ann = &ann;
        async move {
            let mut bytes = std::io::Cursor::new(Vec::new());
            pixels.write_to(&mut bytes, ImageFormat::Png)?;
            anyhow::Ok(ann.upload(&request_id(), name, bytes.into_inner().into()).await?.asset_id)
        }
    };
    let room = RgbaImage::from_fn(640, 384, |x, y| Rgba([x as u8, y as u8, 80, 255]));
    let init_asset_id = picture("room.png", room.clone()).await?;
    let changed = wire::ImageRequest { init_asset_id: init_asset_id.clone(), strength: 0.6, ..asked.clone() };
    let changed = acts::make(&ann, acts::picture(changed)).await?.job;
    assert_eq!(changed.state(), JobState::Succeeded, "{}", changed.message);
    assert_ne!(file(&ann, &changed).await?, file(&ann, &fresh).await?);

    let mask = RgbaImage::from_fn(640, 384, |x, _| Rgba(if x < 400 { [0, 0, 0, 255] } else { [255; 4] }));
    let mask_asset_id = picture("mask.png", mask).await?;
    let inpainted = wire::ImageRequest { init_asset_id, mask_asset_id, ..asked };
    let inpainted = acts::make(&ann, acts::picture(inpainted)).await?.job;
    assert_eq!(inpainted.state(), JobState::Succeeded, "{}", inpainted.message);
    let inpainted = image::load_from_memory(&file(&ann, &inpainted).await?)?.to_rgba8();
    let same = |columns: std::ops::Range<u32>| {
        columns.into_iter().all(|x| (0..384).all(|y| inpainted.get_pixel(x, y) == room.get_pixel(x, y)))
    };
    assert!(same(0..400) && !same(400..640));
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_listed_and_gives_way_to_what_an_admin_activates() -> anyhow::Result<()> {
    let studio = Studio::whole().await?;
    let (ann, owner) = (studio.member("ann").await?, studio.owner()?);
    let listed = ann.catalogue().list_models(wire::ListModelsRequest {}).await?.into_inner().models;
    let tiny = listed.iter().find(|model| model.name == "atelier-tiny").context("it is not listed")?;
    assert!(tiny.verified && tiny.commercial_use, "{tiny:?}");
    assert!(tiny.summary.contains("built-in, tiny, trained on procedural scenes"), "{tiny:?}");
    assert_eq!(tiny.licence, "MIT OR Apache-2.0");
    studio.activate("draft-1").await?;
    assert_eq!(acts::quote(&ann, mountains(1)).await?.algorithm, "draft-1");
    let asked = wire::JobRequest { algorithm: "tiny-1".to_owned(), ..mountains(1) };
    assert_eq!(acts::quote(&ann, asked).await?.algorithm, "tiny-1", "it can still be picked");
    let answer =
        owner.catalogue().list_algorithms(wire::ListAlgorithmsRequest::default()).await?.into_inner();
    let active: Vec<_> = answer
        .algorithms
        .iter()
        .filter(|algorithm| algorithm.state() == wire::AlgorithmState::Active)
        .map(|algorithm| algorithm.name.as_str())
        .collect();
    assert_eq!(active, ["draft-1", "tiny-image-1"]);
    Ok(())
}
