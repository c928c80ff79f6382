//! Files that are kept: whose they are, their lists, and what shares their bytes.

use std::time::Duration;

use futures::StreamExt as _;

use super::*;

fn list(assets: &Assets, member: MemberId, origin: Option<OriginKind>, page: &Page) -> Listed<Asset> {
    assets.page(member, origin, page).unwrap()
}

#[tokio::test]
async fn a_file_of_another_member_is_as_if_it_were_not_there() {
    let studio = Studio::new();
    let (owner, other) = (studio.member(), studio.member());
    let asset = studio.upload(owner, &png(1)).await.unwrap();
    let assets = studio.assets();
    assert_eq!(assets.read(other, asset.id), Err(AssetError::NotFound));
    assert_eq!(assets.delete(other, studio.request(), asset.id).await, Err(AssetError::NotFound));
    assert_eq!(list(assets, other, None, &Page::largest()).items, []);
    assert_eq!(assets.read_any(asset.id), Ok(asset));
}

#[tokio::test]
async fn equal_bytes_are_kept_once_and_as_long_as_anybody_has_them() {
    let studio = Studio::new();
    let (one, two) = (studio.member(), studio.member());
    let first = studio.upload(one, &png(1)).await.unwrap();
    let second = studio.upload(two, &png(1)).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(studio.blob_files().len(), 1);
    studio.delete(&first).await;
    studio.pass_grace();
    assert_eq!(studio.collect().await.orphans, 0);
    assert_eq!(studio.assets().bytes(&second).await.unwrap(), png(1));
    assert_eq!(studio.assets().usage(one), Ok(Usage::default()));
    studio.delete(&second).await;
    studio.pass_grace();
    let report = studio.collect().await;
    assert_eq!((report.orphans, report.strays, report.kept_files), (1, 0, 0));
    assert_eq!(studio.blob_files().len(), 0);
}

#[tokio::test]
async fn deleting_is_done_once() {
    let studio = Studio::new();
    let (member, request) = (studio.member(), studio.request());
    let asset = studio.upload(member, &png(1)).await.unwrap();
    let other = studio.upload(member, &png(2)).await.unwrap();
    let assets = studio.assets();
    assert_eq!(assets.delete(member, request, asset.id).await, Ok(()));
    assert_eq!(assets.delete(member, request, asset.id).await, Ok(()));
    assert_eq!(assets.delete(member, request, other.id).await, Err(AssetError::OtherContent));
    assert_eq!(assets.delete(member, studio.request(), asset.id).await, Err(AssetError::NotFound));
    assert_eq!(list(assets, member, None, &Page::largest()).items, [other]);
}

#[tokio::test]
async fn lists_are_newest_first_and_by_page_and_origin() {
    let studio = Studio::new();
    let member = studio.member();
    let mut all = Vec::new();
    for shade in 0..5 {
        studio.clock.advance(Duration::from_millis(1));
        all.push(match shade % 2 {
            0 => studio.upload(member, &png(shade)).await.unwrap(),
            _ => studio.result(member, png(shade)).await,
        });
    }
    all.reverse();
    let list = |origin, page: &Page| list(studio.assets(), member, origin, page);
    assert_eq!(list(None, &Page::largest()).items, all);
    let page = list(None, &Page::parse(2, "").unwrap());
    assert_eq!(page.items, all[..2]);
    assert_eq!(list(None, &Page::parse(2, &page.next).unwrap()).items, all[2..4]);
    let results = list(Some(OriginKind::Result), &Page::largest()).items;
    assert_eq!(results, [all[1].clone(), all[3].clone()]);
    assert_eq!(list(Some(OriginKind::Upload), &Page::parse(1, "").unwrap()).items, all[..1]);
    assert_eq!(studio.assets().usage(member).unwrap().files, 5);
}

#[tokio::test]
async fn committing_a_result_twice_counts_it_once() {
    let studio = Studio::new();
    let (member, now) = (studio.member(), studio.clock.now());
    let bytes = Bytes::from(png(1));
    let blob = studio.assets().store_result(bytes, MediaType::Png, 8, 8).await.unwrap();
    let name = "../a\u{202E}b\n.png".to_owned();
    let (id, job) = (AssetId::new(now), JobId::new(now));
    let new = NewResult { id, owner: member, job, file_name: name, now };
    for _ in 0..2 {
        let (blob, new) = (blob.clone(), new.clone());
        let asset = studio.store().transact(move |tx| commit_result(tx, &blob, &new)).await.unwrap();
        assert_eq!((asset.origin.job(), asset.file_name.as_str()), (Some(job), "ab.png"));
    }
    assert_eq!(studio.assets().usage(member).unwrap().files, 1);
}

#[tokio::test]
async fn parts_of_a_file_are_read_as_asked() {
    let studio = Studio::new();
    let bytes = picture(5, 200, 200, ImageFormat::Png);
    let asset = studio.upload(studio.member(), &bytes).await.unwrap();
    for range in [0..asset.size_bytes, 10..20, asset.size_bytes - 1..asset.size_bytes] {
        let mut read = Vec::new();
        let mut stream = studio.assets().open_range(&asset, range.clone()).await.unwrap();
        while let Some(piece) = stream.next().await {
            read.extend_from_slice(&piece.unwrap());
        }
        assert_eq!(read, bytes[range.start as usize..range.end as usize]);
    }
}

#[tokio::test]
async fn previews_are_small_jpegs_and_never_enlarged() {
    let studio = Studio::new();
    let clear = DynamicImage::from(image::RgbaImage::new(300, 100));
    let asset = studio.upload(studio.member(), &encode(&clear, ImageFormat::Png)).await.unwrap();
    for (max_side, size) in [(64, (64, 21)), (150, (150, 50)), (2048, (300, 100))] {
        // The second time it comes from memory.
        for _ in 0..2 {
            let preview = studio.assets().preview(asset.owner, &asset, max_side).await.unwrap();
            assert_eq!(image::guess_format(&preview).unwrap(), ImageFormat::Jpeg);
            let preview = image::load_from_memory(&preview).unwrap().into_rgb8();
            assert_eq!(preview.dimensions(), size);
            assert!(preview.get_pixel(5, 5).0.iter().all(|part| *part > 250), "transparent is white");
        }
    }
    for wrong in [0, 63, 2049] {
        let refused = studio.assets().preview(asset.owner, &asset, wrong).await;
        assert_eq!(refused, Err(AssetError::PreviewSize { min: 64, max: 2048 }));
    }
}

#[tokio::test]
async fn previews_at_once_are_bounded() {
    let config =
        AssetsConfig { previews_at_once: 3, previews_at_once_per_member: 2, ..AssetsConfig::default() };
    let studio = Studio::with(config);
    let asset = studio.upload(studio.member(), &picture(5, 200, 200, ImageFormat::Png)).await.unwrap();
    let (one, other) = (studio.member(), studio.member());
    let preview = |member, max_side| studio.assets().preview(member, &asset, max_side);
    // Nothing can be made while somebody has all turns.
    let turns = [studio.assets().inner.decoder.turn().await, studio.assets().inner.decoder.turn().await];
    let mut waiting = tokio::task::JoinSet::new();
    for (member, max_side) in [(one, 64), (one, 65), (other, 66)] {
        let (assets, asset) = (studio.assets().clone(), asset.clone());
        waiting.spawn(async move { assets.preview(member, &asset, max_side).await });
    }
    tokio::task::yield_now().await;
    assert_eq!(preview(one, 67).await, Err(AssetError::Busy), "two are the member's bound");
    assert_eq!(preview(other, 67).await, Err(AssetError::Busy), "three are everybody's");
    drop(turns);
    while let Some(made) = waiting.join_next().await {
        made.unwrap().unwrap();
    }
    preview(one, 67).await.unwrap();
}
