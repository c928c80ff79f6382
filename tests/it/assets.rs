//! Files: photos in, pictures out, links for everybody, and nothing left of what was cut off.

use std::time::Duration;

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, JobFailure, JobState, upload_asset_request::Part},
};
use atelier_tests::{
    Studio,
    acts::{self, soon, thumbnail},
    noon, pictures, web,
};
use image::ImageFormat;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

async fn link(client: &Client, asset_id: &str, valid_s: u32) -> anyhow::Result<String> {
    let request = wire::CreateLinkRequest { asset_id: asset_id.to_owned(), valid_s };
    Ok(client.assets().create_link(request).await?.into_inner().url)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_photo_is_the_subject_of_the_thumbnail() -> anyhow::Result<()> {
    const MAGENTA: [u8; 3] = [255, 0, 255];
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let bytes = pictures::photo(400, 600, MAGENTA, ImageFormat::Png)?;
    let photo = ann.upload(&request_id(), "me.png", bytes.clone().into()).await?;
    assert_eq!((photo.media_type.as_str(), photo.width_px, photo.height_px), ("image/png", 400, 600));
    assert_eq!(ann.download(&photo.asset_id, 0).await?.bytes, bytes);

    let with_photo = wire::ThumbnailRequest {
        subject: "my marathon".to_owned(),
        seed: Some(7),
        subject_asset_id: photo.asset_id.clone(),
        ..Default::default()
    };
    let without = wire::ThumbnailRequest { subject_asset_id: String::new(), ..with_photo.clone() };
    let mut shares = Vec::new();
    for request in [with_photo.clone(), without] {
        let job = acts::make(&ann, acts::of(request)).await?.job;
        let file = ann.download(&job.results[0].asset_id, 0).await?.bytes;
        let picture = image::load_from_memory(&file)?.into_rgb8();
        let magenta = picture.pixels().filter(|pixel| pixel[0] > 200 && pixel[1] < 80 && pixel[2] > 200);
        shares.push(magenta.count() * 100 / (1280 * 720));
    }
    assert!(
        shares[0] >= 5 && shares[1] == 0,
        "percent of the photo's colour with and without it: {shares:?}"
    );

    // Gone before the job begins: it fails, says so and costs nothing.
    studio.valve.close();
    let first = acts::submit(&ann, thumbnail("first")).await?;
    studio.valve.until_held().await;
    let second = acts::submit(&ann, acts::of(with_photo)).await?;
    let delete = wire::DeleteAssetRequest { request_id: request_id(), asset_id: photo.asset_id };
    ann.assets().delete_asset(delete).await?;
    studio.valve.release();
    acts::follow(&ann, &first.job_id, 0).await?;
    let job = acts::follow(&ann, &second.job_id, 0).await?.job;
    assert_eq!((job.state(), job.failure(), job.charged_credits), (JobState::Failed, JobFailure::Invalid, 0));
    assert!(job.message.contains("deleted"), "{}", job.message);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_link_opens_until_it_expires() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    let job = acts::make(&ann, thumbnail("bread")).await?.job;
    let picture = &job.results[0].asset_id;
    let bytes = ann.download(picture, 0).await?.bytes;
    let url = link(&ann, picture, 60).await?;
    let page = web::open(studio.http()?, &url).await?;
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-type: image/jpeg"), "{}", page.head);
    assert_eq!(page.body, bytes);

    // Forged: another time, another file, another signature. It tells nothing, not even that there is a file.
    let other = acts::make(&ann, thumbnail("other")).await?.job.results[0].asset_id.clone();
    let expires = url.rsplit('/').nth(2).context("no time in the link")?.to_owned();
    let later = (expires.parse::<i64>()? + 3_600).to_string();
    let last = if url.ends_with('A') { "B" } else { "A" };
    for forged in [
        url.replace(&expires, &later),
        url.replace(picture.as_str(), &other),
        format!("{}{last}", &url[..url.len() - 2]),
        "/d/1/2/3/4".to_owned(),
    ] {
        let page = web::open(studio.http()?, &forged).await?;
        assert_eq!(page.status, 404, "{forged}");
        assert!(String::from_utf8_lossy(&page.body).contains("nothing at this address"));
    }

    studio.clock.advance(Duration::from_secs(60));
    let page = web::open(studio.http()?, &url).await?;
    assert_eq!(page.status, 410);
    assert!(String::from_utf8_lossy(&page.body).contains("expired"));

    // A link that has not expired opens nothing once the file is gone.
    let url = link(&ann, picture, 0).await?;
    let delete = wire::DeleteAssetRequest { request_id: request_id(), asset_id: picture.clone() };
    ann.assets().delete_asset(delete).await?;
    assert_eq!(web::open(studio.http()?, &url).await?.status, 404);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_cut_leaves_nothing() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let incoming = studio.data().join("assets").join("incoming");
    let lying_there = || std::fs::read_dir(&incoming).map(Iterator::count);
    assert_eq!(lying_there()?, 0);

    let bytes = pictures::photo(64, 64, [1, 2, 3], ImageFormat::Png)?;
    let id = request_id();
    let header = wire::UploadHeader {
        request_id: id.clone(),
        file_name: "cut.png".to_owned(),
        size_bytes: bytes.len() as u64,
    };
    let (parts, stream) = tokio::sync::mpsc::channel(4);
    let part = |part| wire::UploadAssetRequest { part: Some(part) };
    parts.send(part(Part::Header(header))).await?;
    parts.send(part(Part::Data(bytes[..bytes.len() / 2].to_vec().into()))).await?;
    let upload = tokio::spawn({
        let ann = ann.clone();
        async move { ann.assets().upload_asset(ReceiverStream::new(stream)).await }
    });
    // Each look is a whole call away from the one before.
    let until = async |files: usize| -> anyhow::Result<()> {
        while lying_there()? != files {
            acts::who(&ann).await?;
        }
        Ok(())
    };
    soon(until(1)).await??;
    upload.abort();
    soon(until(0)).await??;

    let files = ann.assets().list_assets(wire::ListAssetsRequest::default()).await?.into_inner();
    assert!(files.assets.is_empty() && files.used_bytes == 0, "{files:?}");
    // The same upload is simply sent again.
    let kept = ann.upload(&id, "cut.png", bytes.clone().into()).await?;
    let same = ann.upload(&id, "cut.png", bytes.into()).await?;
    assert_eq!(kept, same);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_listed_counted_and_deleted() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let bytes = pictures::photo(32, 32, [9, 9, 9], ImageFormat::WebP)?;
    let photo = ann.upload(&request_id(), "grey.png", bytes.into()).await?;
    assert_eq!(photo.media_type, "image/webp", "told by content, not by name");
    let job = acts::make(&ann, thumbnail("bread")).await?.job;
    let list = async |origin: wire::AssetOrigin| {
        let request = wire::ListAssetsRequest { origin: origin.into(), ..Default::default() };
        ann.assets().list_assets(request).await.map(tonic::Response::into_inner)
    };
    let all = list(wire::AssetOrigin::Unspecified).await?;
    assert_eq!(all.assets.len(), 2);
    assert_eq!(all.used_bytes, all.assets.iter().map(|asset| asset.size_bytes).sum::<u64>());
    let results = list(wire::AssetOrigin::Result).await?.assets;
    assert_eq!((results.len(), results[0].job_id.as_str()), (1, job.job_id.as_str()));
    let delete = wire::DeleteAssetRequest { request_id: request_id(), asset_id: photo.asset_id.clone() };
    ann.assets().delete_asset(delete.clone()).await?;
    ann.assets().delete_asset(delete).await?;
    let refused = acts::refusal(ann.download(&photo.asset_id, 0).await)?;
    assert_eq!(refused.code(), Code::NotFound);
    assert!(list(wire::AssetOrigin::Upload).await?.assets.is_empty());
    Ok(())
}
