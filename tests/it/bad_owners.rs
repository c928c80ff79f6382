//! Rows of the table of bad input: what belongs to somebody else.

use anyhow::{Context as _, ensure};
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, JobState},
};
use atelier_tests::{Studio, acts, talk::Talk};
use tonic::{Code, Status};

use crate::bad_input::of;

/// What belongs to another member, and what is no id at all, look exactly like what is not there.
pub(crate) async fn look_like_nothing(studio: &Studio) -> anyhow::Result<()> {
    let (mia, spy) = (studio.member("mia").await?, studio.member("spy").await?);
    let talk = Talk::begin(&mia).await?;
    let job = talk.say(crate::conversation::SENTENCE).await?.result()?.clone();
    let nothing = uuid::Uuid::new_v4().to_string();
    let no_id = "not an id";
    let absent = files(&spy, &nothing).await?;
    assert_eq!(files(&spy, &job.results[0].asset_id).await?, absent);
    assert_eq!(files(&spy, no_id).await?, absent);
    let absent = jobs(&spy, &nothing).await?;
    assert_eq!(jobs(&spy, &job.job_id).await?, absent);
    assert_eq!(jobs(&spy, no_id).await?, absent);
    let absent = conversations(&spy, &nothing).await?;
    assert_eq!(conversations(&spy, &talk.id).await?, absent);
    assert_eq!(conversations(&spy, no_id).await?, absent);
    assert_eq!(
        acts::job(&mia, &job.job_id).await?.state(),
        JobState::Succeeded,
        "and nothing was done to it"
    );
    talk.history().await?;
    Ok(())
}

/// The messages of NOT_FOUND that came, and nothing but these.
fn not_found(answers: Vec<Result<(), Status>>) -> anyhow::Result<Vec<String>> {
    let told = answers.into_iter().enumerate().map(|(place, answer)| {
        let status = answer.err().with_context(|| format!("answer {place} was not refused"))?;
        ensure!(status.code() == Code::NotFound, "answer {place}: {status}");
        Ok(status.message().to_owned())
    });
    told.collect()
}

async fn jobs(spy: &Client, id: &str) -> anyhow::Result<Vec<String>> {
    let retry = wire::RetryJobRequest { request_id: request_id(), job_id: id.to_owned(), new_seed: false };
    let watch = wire::WatchJobRequest { job_id: id.to_owned(), after_event: 0 };
    not_found(vec![
        acts::job(spy, id).await.map(drop),
        acts::cancel(spy, id).await.map(drop),
        acts::delete(spy, id).await,
        spy.jobs().retry_job(retry).await.map(drop),
        spy.jobs().watch_job(watch).await.map(drop),
    ])
}

async fn files(spy: &Client, id: &str) -> anyhow::Result<Vec<String>> {
    let talk = Talk::begin(spy).await?;
    let delete = wire::DeleteAssetRequest { request_id: request_id(), asset_id: id.to_owned() };
    let link = wire::CreateLinkRequest { asset_id: id.to_owned(), valid_s: 0 };
    let say = wire::SayRequest { asset_ids: vec![id.to_owned()], ..talk.words("a thumbnail with it") };
    not_found(vec![
        spy.download(id, 0).await.map(drop),
        spy.download(id, 100).await.map(drop),
        spy.assets().delete_asset(delete).await.map(drop),
        spy.assets().create_link(link).await.map(drop),
        acts::submit(spy, of(|it| it.subject_asset_id = id.to_owned())).await.map(drop),
        talk.open(say).await.map(drop),
    ])
}

async fn conversations(spy: &Client, id: &str) -> anyhow::Result<Vec<String>> {
    let calls = spy.conversations();
    let conversation_id = id.to_owned();
    let get = wire::GetConversationRequest { conversation_id: id.to_owned(), ..Default::default() };
    let rename = wire::RenameConversationRequest {
        request_id: request_id(),
        conversation_id: id.to_owned(),
        title: "mine".to_owned(),
    };
    let delete = wire::DeleteConversationRequest { request_id: request_id(), conversation_id };
    let say = wire::SayRequest {
        request_id: request_id(),
        conversation_id: id.to_owned(),
        text: "hello".to_owned(),
        ..Default::default()
    };
    not_found(vec![
        calls.clone().get_conversation(get).await.map(drop),
        calls.clone().rename_conversation(rename).await.map(drop),
        calls.clone().delete_conversation(delete).await.map(drop),
        calls.clone().say(say).await.map(drop),
    ])
}
