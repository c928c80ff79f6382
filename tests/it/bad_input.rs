//! Everything wrong that can come over the wire, as one table: each with its code and words for a person. In the
//! end the daemon serves as before and not one credit is missing.

use std::num::NonZeroU32;

use anyhow::{Context as _, ensure};
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, JobState},
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
    noon, pictures, raw,
    talk::Talk,
};
use prost::Message as _;
use tonic::{Code, Status, transport::Channel};

use crate::{bad_owners, bad_pictures, bad_tokens, limits};

/// A row: what was wrong, the code and a telling piece of the message, and what came.
pub(crate) struct Case {
    name: String,
    code: Code,
    telling: &'static str,
    got: Result<(), Status>,
}

impl Case {
    pub(crate) fn new<T>(
        name: impl Into<String>,
        code: Code,
        telling: &'static str,
        got: Result<T, Status>,
    ) -> Self {
        Self { name: name.into(), code, telling, got: got.map(drop) }
    }

    fn check(&self, studio: &Studio) -> anyhow::Result<()> {
        let name = &self.name;
        let Err(status) = &self.got else { anyhow::bail!("{name}: was not refused") };
        ensure!(status.code() == self.code, "{name}: {status}");
        let message = status.message();
        ensure!(message.contains(self.telling), "{name}: `{message}` does not say `{}`", self.telling);
        ensure!(message.len() < 300, "{name}: nobody reads {} bytes", message.len());
        let folder = studio.data().display().to_string();
        for secret in ["Protobuf", "panicked", "::", "src/", ".rs", "Request", "Error", "Some(", &folder] {
            ensure!(!message.contains(secret), "{name}: `{message}` shows `{secret}`");
        }
        Ok(())
    }
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_sent_does_harm() -> anyhow::Result<()> {
    let mut studio = Studio::with(noon(), |config| {
        config.accounts.audience = "elsewhere".to_owned();
        config.limits.key_per_hour = number(3);
        config.limits.generations_per_day = 12;
        config.queue.max_jobs_per_member = 2;
    })
    .await?;
    let elsewhere = studio.register("eve").await?.access_token;
    studio.restart_with(|config| config.accounts.audience = "atelier".to_owned()).await?;

    let ann = studio.member("ann").await?;
    let channel = Channel::from_shared(studio.tcp()?.to_string())?.connect().await?;
    let token = studio.register("tom").await?.access_token;
    let mut cases = prompts(&ann).await?;
    cases.extend(bytes(&channel, &token).await);
    cases.extend(numbers(&ann).await);
    cases.extend(twice(&ann).await?);
    cases.extend(credits_and_queue(&studio).await?);
    cases.extend(keys(&studio).await?);
    cases.extend(bad_pictures::cases(&ann).await?);
    cases.extend(bad_tokens::cases(&studio, &elsewhere).await?);
    let wrong: Vec<_> =
        cases.iter().filter_map(|case| case.check(&studio).err()).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), cases.len(), wrong.join("\n"));

    bad_owners::look_like_nothing(&studio).await?;
    serves_as_before(&studio).await
}

async fn serves_as_before(studio: &Studio) -> anyhow::Result<()> {
    let zoe = studio.member("zoe").await?;
    let photo = pictures::photo(64, 64, [1, 2, 3], image::ImageFormat::Png)?;
    let photo = zoe.upload(&request_id(), "a.png", photo.into()).await?;
    let with_photo = wire::ThumbnailRequest {
        subject: "bread".to_owned(),
        subject_asset_id: photo.asset_id,
        ..Default::default()
    };
    let job = acts::make(&zoe, acts::of(with_photo)).await?.job;
    assert_eq!(job.state(), JobState::Succeeded);
    zoe.download(&job.results[0].asset_id, 0).await?;
    Talk::begin(&zoe).await?.say(crate::conversation::SENTENCE).await?.result()?;
    studio.ledger_is_sound().await?;
    Ok(())
}

pub(crate) fn of(change: impl FnOnce(&mut wire::ThumbnailRequest)) -> wire::JobRequest {
    let mut thumbnail = wire::ThumbnailRequest { subject: "bread".to_owned(), ..Default::default() };
    change(&mut thumbnail);
    acts::of(thumbnail)
}

async fn prompts(ann: &Client) -> anyhow::Result<Vec<Case>> {
    use Code::InvalidArgument;
    let long = "bread ".repeat(20_000);
    let mut cases = Vec::new();
    for (name, request, telling) in [
        ("empty", of(|it| it.subject.clear()), "subject: say what the thumbnail should show"),
        ("blank", of(|it| it.subject = " \n\t ".to_owned()), "subject: say what"),
        ("100 kB", of(|it| it.subject = long.clone()), "at most 500 fit"),
        (
            "title of 100 kB",
            of(|it| it.title = long.clone()),
            "title: has 120000 characters, at most 120 fit",
        ),
        ("17 looks", of(|it| it.style = vec!["warm".to_owned(); 17]), "style: has 17 words"),
        ("a long colour", of(|it| it.palette = vec![long.clone()]), "palette: has a word of over 64"),
        ("count 10^9", of(|it| it.count = 1_000_000_000), "count: is 1000000000, ask for 1 to 8"),
        ("count 9", of(|it| it.count = 9), "ask for 1 to 8 pictures"),
        ("count 2^32-1", of(|it| it.count = u32::MAX), "ask for 1 to 8 pictures"),
        ("unknown shape", of(|it| it.aspect = 77), "aspect: 77 is not one of the known values"),
        ("unknown format", of(|it| it.format = -1), "format: -1 is not one of the known values"),
        ("no work", wire::JobRequest::default(), "say what to make"),
    ] {
        let got = acts::submit(ann, request.clone()).await;
        cases.push(Case::new(format!("submit: {name}"), InvalidArgument, telling, got));
        let got = acts::quote(ann, request).await;
        cases.push(Case::new(format!("quote: {name}"), InvalidArgument, telling, got));
    }
    let got = acts::submit(ann, wire::JobRequest { algorithm: "magic-9".to_owned(), ..thumbnail("x") }).await;
    cases.push(Case::new("submit: unknown algorithm", Code::NotFound, "no algorithm `magic-9`", got));
    let got = acts::submit_as(ann, "not a uuid", thumbnail("x")).await;
    cases.push(Case::new("submit: no id", InvalidArgument, "request_id: must be a UUID", got));

    let talk = Talk::begin(ann).await?;
    for (name, text, telling) in [
        ("empty", String::new(), "text: is empty"),
        ("blank", "   ".to_owned(), "text: is empty"),
        ("100 kB", long, "text: has 120000 characters, at most 8000"),
    ] {
        let got = talk.open(talk.words(&text)).await;
        cases.push(Case::new(format!("say: {name}"), InvalidArgument, telling, got));
    }
    let nine = vec![uuid::Uuid::new_v4().to_string(); 9];
    let got = talk.open(wire::SayRequest { asset_ids: nine, ..talk.words("look") }).await;
    cases.push(Case::new("say: nine pictures", InvalidArgument, "9 pictures are too many", got));
    Ok(cases)
}

/// Messages that the typed client can't even write: texts that are no UTF-8, and no messages at all.
async fn bytes(channel: &Channel, token: &str) -> Vec<Case> {
    const SUBMIT: &str = "/atelier.v1.Jobs/SubmitJob";
    const SAY: &str = "/atelier.v1.Conversations/Say";
    const UPLOAD: &str = "/atelier.v1.Assets/UploadAsset";
    let spoilt = |message: Vec<u8>| -> Vec<u8> {
        message.into_iter().map(|byte| if byte == b'~' { 0xFF } else { byte }).collect()
    };
    let submit = wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(thumbnail("~~~~")),
        ..Default::default()
    };
    let say = wire::SayRequest { request_id: request_id(), text: "~~~~".to_owned(), ..Default::default() };
    let header = wire::UploadHeader { request_id: request_id(), file_name: "~~".to_owned(), size_bytes: 1 };
    let header = wire::upload_asset_request::Part::Header(header);
    let upload = wire::UploadAssetRequest { part: Some(header) };
    let mut cases = Vec::new();
    for (name, path, message, telling) in [
        ("subject is no UTF-8", SUBMIT, spoilt(submit.encode_to_vec()), "subject: can't be read"),
        ("text is no UTF-8", SAY, spoilt(say.encode_to_vec()), "text: can't be read"),
        ("no message", SUBMIT, vec![0xFF; 40], "the message can't be read"),
        ("cut", SUBMIT, submit.encode_to_vec()[..30].to_vec(), "can't be read"),
        ("a number for a text", SAY, vec![0x08, 0x01], "can't be read"),
    ] {
        let got = raw::call(channel, path, token, message).await;
        cases.push(Case::new(format!("bytes: {name}"), Code::InvalidArgument, telling, got));
    }
    for (name, messages, telling) in [
        ("file name is no UTF-8", vec![spoilt(upload.encode_to_vec())], "file_name: can't be read"),
        ("no message", vec![vec![0xFF; 40]], "the message can't be read"),
    ] {
        let got = raw::stream(channel, UPLOAD, token, messages).await;
        cases.push(Case::new(format!("stream: {name}"), Code::InvalidArgument, telling, got));
    }
    cases
}

/// Numbers of enums and pages that are none.
async fn numbers(ann: &Client) -> Vec<Case> {
    use Code::InvalidArgument;
    let list = |request| async move { ann.jobs().list_jobs(request).await };
    let mut cases = Vec::new();
    for (name, request, telling) in [
        ("kind", wire::ListJobsRequest { kind: 99, ..Default::default() }, "kind: 99 is not"),
        ("state", wire::ListJobsRequest { state: -5, ..Default::default() }, "state: -5 is not"),
        ("page", wire::ListJobsRequest { page_size: 100_000, ..Default::default() }, "200"),
        ("token", wire::ListJobsRequest { page_token: "?".into(), ..Default::default() }, "page"),
    ] {
        cases.push(Case::new(format!("list: {name}"), InvalidArgument, telling, list(request).await));
    }
    let got = ann.assets().list_assets(wire::ListAssetsRequest { origin: 9, ..Default::default() }).await;
    cases.push(Case::new("files: origin", InvalidArgument, "origin: is not one of the known", got));
    let got =
        ann.credits().list_transfers(wire::ListTransfersRequest { kind: 99, ..Default::default() }).await;
    cases.push(Case::new("transfers: kind", InvalidArgument, "kind: 99 is not", got));
    let key = wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "k".to_owned(),
        scopes: vec![42],
        expires_at: None,
    };
    let got = ann.accounts().create_api_key(key.clone()).await;
    cases.push(Case::new("key: scope", InvalidArgument, "scopes: 42 is no scope", got));
    let got = ann.accounts().create_api_key(wire::CreateApiKeyRequest { scopes: vec![], ..key }).await;
    cases.push(Case::new("key: no scope", InvalidArgument, "scopes: name at least one", got));
    cases
}

/// A request id that stands for something else already.
async fn twice(ann: &Client) -> anyhow::Result<Vec<Case>> {
    let id = request_id();
    let first = acts::submit_as(ann, &id, thumbnail("bread")).await?;
    let same = acts::submit_as(ann, &id, thumbnail("bread")).await?;
    assert_eq!(first.job_id, same.job_id);
    let got = acts::submit_as(ann, &id, thumbnail("cake")).await;
    let submit = Case::new("id: another job", Code::AlreadyExists, "used for something else", got);
    acts::follow(ann, &first.job_id, 0).await?;

    let id = request_id();
    let red = pictures::photo(8, 8, [255, 0, 0], image::ImageFormat::Png)?;
    let blue = pictures::photo(8, 8, [0, 0, 255], image::ImageFormat::Png)?;
    ann.upload(&id, "a.png", red.into()).await?;
    let got = ann.upload(&id, "a.png", blue.into()).await;
    let upload = Case::new("id: another file", Code::AlreadyExists, "used for something else", got);
    Ok(vec![submit, upload])
}

async fn credits_and_queue(studio: &Studio) -> anyhow::Result<Vec<Case>> {
    let (poor, busy) = (studio.member("poor").await?, studio.member("busy").await?);
    studio.set_price(21).await?;
    let got = acts::submit(&poor, thumbnail("bread")).await;
    studio.set_price(1).await?;
    let telling = "21 credits are needed, 20 are available; nothing was charged";
    let mut cases = vec![Case::new("credits: too few", Code::FailedPrecondition, telling, got)];

    studio.valve.close();
    let mut jobs = vec![acts::submit(&busy, thumbnail("running")).await?];
    studio.valve.until_held().await;
    for _ in 0..2 {
        jobs.push(acts::submit(&busy, thumbnail("waiting")).await?);
    }
    let got = acts::submit(&busy, thumbnail("one more")).await;
    limits::wait(got.as_ref().err().context("it was not refused")?)?;
    cases.push(Case::new("queue: full", Code::ResourceExhausted, "you already have 2 jobs waiting", got));
    studio.valve.release();
    for job in &jobs {
        acts::follow(&busy, &job.job_id, 0).await?;
    }
    let got = acts::cancel(&busy, &jobs[0].job_id).await;
    cases.push(Case::new("cancel: too late", Code::FailedPrecondition, "can't be cancelled any more", got));

    acts::make(&busy, of(|it| it.count = 8)).await?;
    let got = acts::submit(&busy, of(|it| it.count = 2)).await;
    limits::wait(got.as_ref().err().context("it was not refused")?)?;
    cases.push(Case::new("day: too many", Code::ResourceExhausted, "more than 12 pictures a day", got));
    Ok(cases)
}

async fn keys(studio: &Studio) -> anyhow::Result<Vec<Case>> {
    let kim = studio.member("kim").await?;
    let key = wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "printer".to_owned(),
        scopes: vec![wire::Scope::Read.into()],
        expires_at: None,
    };
    let secret = kim.accounts().create_api_key(key).await?.into_inner().secret;
    let printer = studio.bearer(&secret)?;
    let got = acts::submit(&printer, thumbnail("bread")).await;
    let mut cases =
        vec![Case::new("key: scope", Code::PermissionDenied, "this API key may not ask for pictures", got)];
    for _ in 0..2 {
        acts::who(&printer).await?;
    }
    let got = acts::who(&printer).await;
    limits::wait(got.as_ref().err().context("it was not refused")?)?;
    cases.push(Case::new("key: too often", Code::ResourceExhausted, "3 calls an hour with one API key", got));
    let got = kim.admin().list_members(wire::ListMembersRequest::default()).await;
    cases.push(Case::new("admin: a member", Code::PermissionDenied, "as member you may not administer", got));
    Ok(cases)
}
