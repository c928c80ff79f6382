//! Plain pictures, from the request to the file: over the wire and in conversations. The model paints one colour.

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, JobFailure, JobKind, JobState, job_request::Work},
};
use atelier_tests::{
    Studio, acts,
    pictures::photo,
    shelf::{self, MODEL_BYTES},
    talk::{Talk, button},
};
use image::ImageFormat;
use tonic::Code;

fn fox() -> wire::ImageRequest {
    wire::ImageRequest { prompt: "a fox".to_owned(), ..wire::ImageRequest::default() }
}

fn asked(job: &wire::Job) -> anyhow::Result<&wire::ImageRequest> {
    match job.request.as_ref().and_then(|request| request.work.as_ref()) {
        Some(Work::Image(image)) => Ok(image),
        other => anyhow::bail!("no image: {other:?}"),
    }
}

async fn pixels(client: &Client, job: &wire::Job, number: usize) -> anyhow::Result<image::RgbImage> {
    let made = job.results.get(number).context("no picture")?;
    let file = client.download(&made.asset_id, 0).await?;
    Ok(image::load_from_memory_with_format(&file.bytes, ImageFormat::Png)?.to_rgb8())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_prompt_to_a_picture() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let offered = shelf::offer(&studio, "flat-1", "flat").await?;
    assert_eq!((offered.kind(), offered.model.as_str()), (JobKind::Image, "flat"));
    assert_eq!(offered.summary, "paints with the model flat");
    let ann = studio.member("ann").await?;
    let quote = acts::quote(&ann, acts::picture(wire::ImageRequest { count: 3, ..fox() })).await?;
    assert_eq!((quote.price_credits, quote.algorithm.as_str()), (3, "flat-1"));

    let two = wire::ImageRequest { seed: Some(0x0003_0201), count: 2, ..fox() };
    let followed = acts::make(&ann, acts::picture(two)).await?;
    assert_eq!(followed.states(), [JobState::Queued, JobState::Running, JobState::Succeeded]);
    let job = followed.job;
    assert_eq!((job.kind(), job.charged_credits, job.results.len()), (JobKind::Image, 2, 2));
    let image = asked(&job)?;
    assert_eq!((image.width_px, image.height_px, image.steps), (128, 64, 4), "the algorithm's");
    assert_eq!((image.prompt.as_str(), image.negative.as_str()), ("a fox", "blurry"));
    assert!(job.results[0].settings_json.contains("oil painting of a fox"));
    let painted = pixels(&ann, &job, 0).await?;
    assert_eq!((painted.dimensions(), painted.get_pixel(0, 0).0), ((128, 64), [1, 2, 3]));
    assert_eq!(pixels(&ann, &job, 1).await?.get_pixel(0, 0).0, [2, 2, 3], "the next seed");
    assert_eq!(studio.shelf.loads(), ["flat"]);

    // Again, exactly: the template is not put around the words twice.
    let again = wire::RetryJobRequest { request_id: request_id(), job_id: job.job_id, new_seed: false };
    let again = ann.jobs().retry_job(again).await?.into_inner().job.context("no job")?;
    let again = acts::follow(&ann, &again.job_id, 0).await?.job;
    assert_eq!(again.results[0].settings_json, job.results[0].settings_json);
    assert_eq!(studio.shelf.loads(), ["flat"], "it is in memory");
    let listed = wire::ListJobsRequest { kind: JobKind::Image.into(), ..Default::default() };
    assert_eq!(ann.jobs().list_jobs(listed).await?.into_inner().jobs.len(), 2);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_changed_where_the_mask_is_white() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    shelf::offer(&studio, "flat-1", "flat").await?;
    let (ann, ben) = (studio.member("ann").await?, studio.member("ben").await?);
    let room = photo(128, 64, [9, 9, 9], ImageFormat::Png)?;
    let init_asset_id = ann.upload(&request_id(), "room.png", room.into()).await?.asset_id;
    let mut mask = image::RgbaImage::from_pixel(128, 64, image::Rgba([0, 0, 0, 255]));
    mask.put_pixel(5, 5, image::Rgba([255; 4]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    mask.write_to(&mut bytes, ImageFormat::Png)?;
    let mask_asset_id = ann.upload(&request_id(), "mask.png", bytes.into_inner().into()).await?.asset_id;
    let change = wire::ImageRequest { init_asset_id, mask_asset_id, seed: Some(0x00ff_0000), ..fox() };
    let job = acts::make(&ann, acts::picture(change.clone())).await?.job;
    assert_eq!(job.state(), JobState::Succeeded, "{}", job.message);
    let painted = pixels(&ann, &job, 0).await?;
    assert_eq!((painted.get_pixel(5, 5).0, painted.get_pixel(6, 6).0), ([0, 0, 255], [9, 9, 9]));
    // Somebody else's picture is none.
    let refused = acts::refusal(acts::submit(&ben, acts::picture(change)).await)?;
    assert_eq!(refused.code(), Code::NotFound, "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_and_costs_nothing() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    shelf::offer(&studio, "flat-1", "flat").await?;
    let ann = studio.member("ann").await?;
    let wrong = [
        ("prompt", wire::ImageRequest { prompt: " ".to_owned(), ..fox() }),
        ("width", wire::ImageRequest { width_px: 100, ..fox() }),
        ("height", wire::ImageRequest { height_px: 4_096, ..fox() }),
        ("steps", wire::ImageRequest { steps: 151, ..fox() }),
        ("guidance", wire::ImageRequest { guidance: Some(f64::NAN), ..fox() }),
        ("sampler", wire::ImageRequest { sampler: "crayon".to_owned(), ..fox() }),
        ("count", wire::ImageRequest { count: 9, ..fox() }),
        ("strength", wire::ImageRequest { strength: -1.0, ..fox() }),
        ("clip_skip", wire::ImageRequest { clip_skip: Some(12), ..fox() }),
        ("two_pass.scale", wire::ImageRequest { two_pass: Some(wire::TwoPass::default()), ..fox() }),
    ];
    for (field, image) in wrong {
        let quoted = acts::refusal(acts::quote(&ann, acts::picture(image.clone())).await)?;
        let refused = acts::refusal(acts::submit(&ann, acts::picture(image)).await)?;
        for refused in [quoted, refused] {
            assert_eq!(refused.code(), Code::InvalidArgument, "{field}: {refused}");
            assert!(refused.message().starts_with(field), "{field}: {refused}");
        }
    }
    let unknown = wire::ImageRequest { init_asset_id: "nothing".to_owned(), ..fox() };
    let refused = acts::refusal(acts::submit(&ann, acts::picture(unknown)).await)?;
    assert_eq!(refused.code(), Code::NotFound);
    let thumbnail = wire::JobRequest { algorithm: "flat-1".to_owned(), ..acts::thumbnail("bread") };
    assert_eq!(acts::refusal(acts::submit(&ann, thumbnail).await)?.code(), Code::NotFound);
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_cannot_be_had_is_told_before_anything_is_paid() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let refused = acts::refusal(acts::submit(&ann, acts::picture(fox())).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "no algorithm: {refused}");
    shelf::offer(&studio, "flat-1", "flat").await?;
    studio.restart_with(|config| config.residency.memory_budget_bytes = MODEL_BYTES - 1).await?;
    let refused = acts::refusal(acts::submit(&ann, acts::picture(fox())).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "{refused}");
    assert!(refused.message().contains("the model `flat` takes 1 MB of memory"), "{refused}");

    studio.restart_with(|config| config.residency.memory_budget_bytes = MODEL_BYTES).await?;
    studio.shelf.break_files(Some("ends early"));
    let job = acts::make(&ann, acts::picture(fox())).await?.job;
    assert_eq!((job.state(), job.failure()), (JobState::Failed, JobFailure::Internal));
    assert!(job.message.contains("flat.safetensors: ends early"), "{}", job.message);
    studio.shelf.break_files(None);
    assert_eq!(acts::make(&ann, acts::picture(fox())).await?.job.state(), JobState::Succeeded);
    assert_eq!(acts::balance(&ann).await?.available_credits, 19, "the failure cost nothing");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_models_share_memory_for_one_without_starving_anyone() -> anyhow::Result<()> {
    let config = |config: &mut atelier_daemon::config::Config| {
        config.residency.memory_budget_bytes = MODEL_BYTES * 3 / 2;
    };
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), config).await?;
    shelf::offer(&studio, "flat-a", "a").await?;
    shelf::offer(&studio, "flat-b", "b").await?;
    let (ann, ben) = (studio.member("ann").await?, studio.member("ben").await?);
    // The engine is held at its first job, so that all the others wait in line.
    studio.valve.close();
    let mut jobs = Vec::new();
    for number in 0..32 {
        let client = if number / 2 % 2 == 0 { &ann } else { &ben };
        let algorithm = ["flat-a", "flat-b"][number % 2].to_owned();
        let request = wire::JobRequest { algorithm, ..acts::picture(fox()) };
        jobs.push((client, acts::submit(client, request).await?.job_id));
        if number == 0 {
            studio.valve.until_held().await;
        }
    }
    studio.valve.release();
    for (client, job) in &jobs {
        assert_eq!(acts::follow(client, job, 0).await?.job.state(), JobState::Succeeded);
    }
    let loads = studio.shelf.loads();
    assert!(loads.len() <= 1 + jobs.len() / 4, "{} jobs took {} loads", jobs.len(), loads.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_paints_where_a_model_does() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let sentence = "paint a castle on a floating island, square";
    let answer = talk.say(sentence).await?;
    assert!(answer.text()?.contains("not installed in this studio yet"), "{}", answer.text()?);
    assert!(answer.text()?.contains("atelier admin algorithms add"), "{}", answer.text()?);

    shelf::offer(&studio, "flat-1", "flat").await?;
    let answer = talk.say(sentence).await?;
    let job = answer.result()?.clone();
    assert_eq!((job.kind(), job.results.len()), (JobKind::Image, 1));
    let image = asked(&job)?.clone();
    assert!(image.prompt.contains("castle on a floating island"), "{}", image.prompt);
    assert_eq!((image.width_px, image.height_px), (88, 88), "a square with as many pixels");
    assert_eq!(answer.kinds(), ["quote", "progress", "result"]);

    // The same seed keeps what was not to change.
    let darker = talk.say("make it darker").await?;
    let revised = asked(darker.result()?)?.clone();
    assert_eq!(revised.seed, image.seed);
    assert!(revised.prompt.len() > image.prompt.len(), "{}", revised.prompt);
    let four = talk.press(&button(darker.last()?, "4 variants")?).await?;
    let four = four.result()?;
    assert_eq!((four.results.len(), asked(four)?.prompt.as_str()), (4, revised.prompt.as_str()));
    assert_eq!(acts::balance(&ann).await?.available_credits, 20 - 6);
    studio.ledger_is_sound().await?;
    Ok(())
}
