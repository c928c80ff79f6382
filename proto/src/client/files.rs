//! Whole files over chunked calls.

use std::time::Duration;

use bytes::Bytes;
use tonic::Status;

use super::{Client, Patience};
use crate::{
    CHUNK_BYTES,
    v1::{
        Asset, DownloadAssetRequest, UploadAssetRequest, UploadHeader, download_asset_response,
        upload_asset_request,
    },
};

/// A downloaded file.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is.
    pub asset: Asset,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The slowest line that an upload is waited for, in bytes a second.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;

impl Client {
    /// Uploads a file. `request_id` makes it safe to repeat.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn upload(&self, request_id: &str, file_name: &str, bytes: Bytes) -> Result<Asset, Status> {
        let header = UploadHeader {
            request_id: request_id.to_owned(),
            file_name: file_name.to_owned(),
            size_bytes: bytes.len() as u64,
        };
        // A file takes its time: slow lines are given a quarter of an hour for 32 MiB.
        let patient = Duration::from_secs(bytes.len() as u64 / SLOWEST_BYTES_PER_S);
        let patience = Patience { attempt: self.patience.attempt + patient, ..self.patience };
        let answer = self
            .with_patience(patience)
            .call(|client| {
                let parts = std::iter::once(upload_asset_request::Part::Header(header.clone()))
                    .chain(chunks(bytes.clone()).map(upload_asset_request::Part::Data))
                    .map(|part| UploadAssetRequest { part: Some(part) })
                    .collect::<Vec<_>>();
                async move { client.assets().upload_asset(tokio_stream::iter(parts)).await }
            })
            .await?;
        answer.asset.ok_or_else(|| Status::internal("the daemon kept the file but did not say what it is"))
    }

    /// Downloads a file, or a JPEG of at most `max_side_px` pixels (0 for the original).
    ///
    /// # Errors
    /// The daemon's answer, or DATA_LOSS when the stream ended early.
    pub async fn download(&self, asset_id: &str, max_side_px: u32) -> Result<Download, Status> {
        let mut stream = self
            .call(|client| {
                let request = DownloadAssetRequest { asset_id: asset_id.to_owned(), max_side_px };
                async move { client.assets().download_asset(request).await }
            })
            .await?;
        let mut asset = None;
        let mut bytes = Vec::new();
        while let Some(message) = stream.message().await? {
            match message.part {
                Some(download_asset_response::Part::Asset(description)) => asset = Some(description),
                Some(download_asset_response::Part::Data(data)) => bytes.extend_from_slice(&data),
                None => {}
            }
        }
        match asset {
            Some(asset) if asset.size_bytes == bytes.len() as u64 => Ok(Download { asset, bytes }),
            _ => Err(Status::data_loss("the file arrived incomplete; try again")),
        }
    }
}

fn chunks(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        if bytes.is_empty() { None } else { Some(bytes.split_to(bytes.len().min(CHUNK_BYTES))) }
    })
}
