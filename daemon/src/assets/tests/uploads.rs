//! Files on their way in.

use super::*;

#[tokio::test]
async fn an_upload_is_kept_with_what_it_is() {
    let mut studio = Studio::new();
    let member = studio.member();
    let bytes = picture(3, 40, 30, ImageFormat::Jpeg);
    let asset = studio.upload(member, &bytes).await.unwrap();
    assert_eq!((asset.media_type, asset.width_px, asset.height_px), (MediaType::Jpeg, 40, 30));
    assert_eq!((asset.size_bytes, asset.origin), (bytes.len() as u64, Origin::Upload));
    assert_eq!(asset.file_name, "cat.png");
    studio.restart();
    assert_eq!(studio.assets().read(member, asset.id), Ok(asset.clone()));
    assert_eq!(studio.assets().bytes(&asset).await.unwrap(), bytes);
    assert_eq!(studio.spooled_files(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn an_upload_that_is_cut_leaves_nothing() {
    let mut studio = Studio::new();
    let member = studio.member();
    let mut incoming = studio.assets().begin_upload(member, studio.request(), 1000, "cat.png").await.unwrap();
    incoming.write(Bytes::from(vec![0; 500])).await.unwrap();
    assert_eq!(studio.spooled_files().len(), 1);
    drop(incoming);
    assert_eq!(studio.spooled_files().len() + studio.blob_files().len(), 0);

    // What a crash leaves goes at the next start: of uploads, and of half-written blobs.
    let half_written = studio.folder.path().join("blobs/ab");
    std::fs::create_dir_all(&half_written).unwrap();
    std::fs::write(half_written.join("abcdef#1"), "half").unwrap();
    std::fs::write(studio.folder.path().join("incoming/left"), "half").unwrap();
    studio.restart();
    assert_eq!(studio.spooled_files().len() + studio.blob_files().len(), 0);
    assert_eq!(studio.assets().usage(member), Ok(Usage::default()));
}

#[tokio::test]
async fn sizes_must_be_as_declared() {
    let studio = Studio::with(AssetsConfig { max_upload_bytes: 1000, ..AssetsConfig::default() });
    let (member, bytes) = (studio.member(), png(1));
    let begin = |declared| studio.assets().begin_upload(member, studio.request(), declared, "cat.png");
    let (size_bytes, limit_bytes) = (1001, 1000);
    assert_eq!(begin(0).await.err(), Some(AssetError::Picture(PhotoError::Empty)));
    assert_eq!(begin(1001).await.err(), Some(AssetError::TooLarge { size_bytes, limit_bytes }));

    let declared_bytes = bytes.len() as u64 + 1;
    let mut incoming = begin(declared_bytes).await.unwrap();
    incoming.write(Bytes::from(bytes.clone())).await.unwrap();
    let less = AssetError::LessThanDeclared { declared_bytes, received_bytes: declared_bytes - 1 };
    assert_eq!(incoming.finish().await, Err(less));

    let declared_bytes = bytes.len() as u64 - 1;
    let mut incoming = begin(declared_bytes).await.unwrap();
    let more = incoming.write(Bytes::from(bytes)).await;
    assert_eq!(more, Err(AssetError::MoreThanDeclared { declared_bytes }));
    drop(incoming);
    assert_eq!(studio.spooled_files().len() + studio.blob_files().len(), 0);
}

#[tokio::test]
async fn what_is_no_picture_leaves_nothing() {
    let studio = Studio::new();
    let text = b"just words, although the name says otherwise";
    let refused = studio.upload(studio.member(), text).await;
    assert_eq!(refused, Err(AssetError::Picture(PhotoError::UnknownType)));
    assert_eq!(studio.spooled_files().len() + studio.blob_files().len(), 0);
}

#[tokio::test]
async fn repeating_an_upload_gives_the_same_file() {
    // There is room for one file only: a repetition needs none.
    let studio = Studio::with(AssetsConfig { quota_bytes: png(1).len() as u64, ..AssetsConfig::default() });
    let (member, request) = (studio.member(), studio.request());
    let asset = studio.upload_as(member, request, &png(1)).await.unwrap();
    assert_eq!(studio.upload_as(member, request, &png(1)).await, Ok(asset.clone()));
    assert_eq!(studio.upload_as(member, request, &png(2)).await, Err(AssetError::OtherContent));
    assert_eq!(studio.assets().usage(member).unwrap().files, 1);
    studio.delete(&asset).await;
    assert_eq!(studio.upload_as(member, request, &png(1)).await, Err(AssetError::NotFound));
}

#[tokio::test]
async fn the_quota_holds_at_the_start_and_at_the_end() {
    let size = png(1).len() as u64;
    let quota_bytes = size + size / 2;
    let studio = Studio::with(AssetsConfig { quota_bytes, ..AssetsConfig::default() });
    let (assets, member) = (studio.assets(), studio.member());
    let mut first = assets.begin_upload(member, studio.request(), size, "").await.unwrap();
    let mut second = assets.begin_upload(member, studio.request(), size, "").await.unwrap();
    first.write(Bytes::from(png(1))).await.unwrap();
    second.write(Bytes::from(png(2))).await.unwrap();
    let kept = first.finish().await.unwrap();
    let full = AssetError::OverQuota { used_bytes: size, quota_bytes };
    assert_eq!(second.finish().await, Err(full.clone()));
    assert_eq!(studio.upload(member, &png(2)).await, Err(full));
    // Another member has a quota of their own.
    assert!(studio.upload(studio.member(), &png(2)).await.is_ok());
    studio.delete(&kept).await;
    assert!(studio.upload(member, &png(2)).await.is_ok());
}

#[tokio::test]
async fn a_finished_job_keeps_its_result_beyond_the_quota() {
    let studio = Studio::with(AssetsConfig { quota_bytes: 10, ..AssetsConfig::default() });
    let member = studio.member();
    let over = || {
        let assets = studio.assets().clone();
        studio.store().transact(move |tx| assets.over_quota(tx, member))
    };
    assert_eq!(over().await, Ok(false));
    studio.result(member, png(1)).await;
    assert_eq!(over().await, Ok(true));
}

#[tokio::test]
async fn uploads_at_once_are_bounded() {
    let config =
        AssetsConfig { uploads_at_once: 3, uploads_at_once_per_member: 2, ..AssetsConfig::default() };
    let studio = Studio::with(config);
    let (one, two) = (studio.member(), studio.member());
    let begin = |member| studio.assets().begin_upload(member, studio.request(), 100, "");
    let first = begin(one).await.unwrap();
    let _second = begin(one).await.unwrap();
    assert_eq!(begin(one).await.err(), Some(AssetError::Busy));
    let _third = begin(two).await.unwrap();
    assert_eq!(begin(two).await.err(), Some(AssetError::Busy));
    drop(first);
    assert!(begin(two).await.is_ok());
}

#[tokio::test]
async fn pictures_are_kept_as_what_they_are_within_the_configured_limits() {
    let config = AssetsConfig { max_side_px: 100, max_pixels: 5_000, ..AssetsConfig::default() };
    let studio = Studio::with(config);
    for (format, media_type) in [
        (ImageFormat::Png, MediaType::Png),
        (ImageFormat::Jpeg, MediaType::Jpeg),
        (ImageFormat::WebP, MediaType::Webp),
        (ImageFormat::Gif, MediaType::Gif),
    ] {
        let asset = studio.upload(studio.member(), &picture(9, 100, 50, format)).await.unwrap();
        assert_eq!((asset.media_type, asset.width_px, asset.height_px), (media_type, 100, 50));
    }
    for (width, height) in [(101, 10), (80, 80)] {
        let refused = studio.upload(studio.member(), &picture(9, width, height, ImageFormat::Png)).await;
        assert_eq!(refused, Err(AssetError::Picture(PhotoError::TooManyPixels { width, height })));
    }
}
