//! Files as a whole, over a store and a folder of their own.

mod collecting;
mod files;
mod links;
mod uploads;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use atelier_models::PhotoError;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use super::*;
use crate::id::JobId;
use crate::store::StoreOptions;

/// Files of a daemon that can be restarted.
pub(crate) struct Studio {
    folder: TempDir,
    pub(crate) clock: Clock,
    config: AssetsConfig,
    /// None only while the studio restarts.
    open: Option<(Store, Assets)>,
}

impl Studio {
    pub(crate) fn new() -> Studio {
        Studio::with(AssetsConfig::default())
    }

    pub(crate) fn with(config: AssetsConfig) -> Studio {
        let folder = tempfile::tempdir().unwrap();
        // Strays are told by the time of their file, which is the system's.
        let clock = Clock::manual(Clock::system().now());
        let mut studio = Studio { folder, clock, config, open: None };
        studio.restart();
        studio
    }

    fn restart(&mut self) {
        drop(self.open.take());
        let store = Store::open(&self.folder.path().join("store"), StoreOptions::default()).unwrap();
        let config = self.config.clone();
        let assets = Assets::open(store.clone(), self.clock.clone(), self.folder.path(), config).unwrap();
        self.open = Some((store, assets));
    }

    pub(crate) fn assets(&self) -> &Assets {
        &self.open.as_ref().unwrap().1
    }

    fn store(&self) -> &Store {
        &self.open.as_ref().unwrap().0
    }

    pub(crate) fn member(&self) -> MemberId {
        MemberId::new(self.clock.now())
    }

    pub(crate) fn request(&self) -> RequestId {
        RequestId::new(self.clock.now())
    }

    pub(crate) async fn upload(&self, member: MemberId, bytes: &[u8]) -> Result<Asset, AssetError> {
        self.upload_as(member, self.request(), bytes).await
    }

    async fn upload_as(
        &self,
        member: MemberId,
        request: RequestId,
        bytes: &[u8],
    ) -> Result<Asset, AssetError> {
        let assets = self.assets();
        let mut incoming = assets.begin_upload(member, request, bytes.len() as u64, "cat.png").await?;
        for piece in bytes.chunks(100) {
            incoming.write(Bytes::copy_from_slice(piece)).await?;
        }
        incoming.finish().await
    }

    async fn result(&self, member: MemberId, bytes: Vec<u8>) -> Asset {
        let now = self.clock.now();
        let blob = self.assets().store_result(Bytes::from(bytes), MediaType::Png, 8, 8).await.unwrap();
        let new = NewResult {
            id: AssetId::new(now),
            owner: member,
            job: JobId::new(now),
            file_name: String::new(),
            now,
        };
        self.store().transact(move |tx| commit_result(tx, &blob, &new)).await.unwrap()
    }

    pub(crate) async fn delete(&self, asset: &Asset) {
        self.assets().delete(asset.owner, self.request(), asset.id).await.unwrap();
    }

    async fn collect(&self) -> Collected {
        self.assets().collect(self.clock.now()).await.unwrap()
    }

    fn pass_grace(&self) {
        self.clock.advance(self.config.grace() + std::time::Duration::from_secs(3600));
    }

    fn blob_files(&self) -> Vec<PathBuf> {
        files_below(&self.folder.path().join("blobs"))
    }

    fn spooled_files(&self) -> Vec<PathBuf> {
        files_below(&self.folder.path().join("incoming"))
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// A picture that no other shade equals.
pub(crate) fn picture(shade: u8, width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([shade, (x * 7) as u8, (y * 13) as u8]));
    encode(&DynamicImage::from(image), format)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(shade: u8) -> Vec<u8> {
    picture(shade, 8, 8, ImageFormat::Png)
}
