//! `atelier.v1.Assets`.

use std::{pin::Pin, time::Duration};

use atelier_proto::{
    CHUNK_BYTES,
    v1::{self as wire, assets_server::Assets as Service},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use tonic::{Request, Response, Status, Streaming};

use super::{Edge, convert, decoding::blame_sender, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    assets::{Asset, AssetError, OriginKind},
    page::Page,
};

/// How long an upload may be silent.
const SILENCE: Duration = Duration::from_secs(30);

pub(super) struct AssetsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Service for AssetsService {
    async fn upload_asset(
        &self,
        request: Request<Streaming<wire::UploadAssetRequest>>,
    ) -> Reply<wire::UploadAssetResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let mut parts = request.into_inner();
        let first = next_part(&mut parts).await?;
        let Some(wire::upload_asset_request::Part::Header(header)) = first.and_then(|message| message.part)
        else {
            return Err(Status::invalid_argument("an upload begins with its header"));
        };
        let act = convert::request_id(&header.request_id)?;
        let mut incoming = self
            .edge
            .assets
            .begin_upload(caller.member.id, act, header.size_bytes, &header.file_name)
            .await
            .or_status()?;
        while let Some(message) = next_part(&mut parts).await? {
            match message.part {
                Some(wire::upload_asset_request::Part::Data(data)) if data.len() <= CHUNK_BYTES => {
                    incoming.write(data).await.or_status()?;
                }
                Some(wire::upload_asset_request::Part::Data(_)) => {
                    return Err(Status::invalid_argument(format!("a piece has at most {CHUNK_BYTES} bytes")));
                }
                Some(wire::upload_asset_request::Part::Header(_)) | None => {
                    return Err(Status::invalid_argument("after the header, an upload has data only"));
                }
            }
        }
        let kept = incoming.finish().await.or_status()?;
        Ok(Response::new(wire::UploadAssetResponse { asset: Some(asset(&kept)) }))
    }

    type DownloadAssetStream =
        Pin<Box<dyn Stream<Item = Result<wire::DownloadAssetResponse, Status>> + Send>>;

    async fn download_asset(
        &self,
        request: Request<wire::DownloadAssetRequest>,
    ) -> Reply<Self::DownloadAssetStream> {
        let caller = self.gate.downloader(&request).await?;
        let request = request.into_inner();
        let id = convert::id(&request.asset_id, AssetError::NotFound)?;
        // Admins look at everybody's pictures: they moderate and handle complaints.
        let found = if caller.may(Permission::Administer) {
            self.edge.assets.read_any(id)
        } else {
            self.edge.assets.read(caller.member.id, id)
        };
        let found = found.or_status()?;
        let mut described = asset(&found);
        let pieces = if request.max_side_px == 0 {
            let bytes = self.edge.assets.open_stream(&found).await.or_status()?;
            bytes.flat_map(|piece| stream::iter(cut(piece.or_status()))).boxed()
        } else {
            let jpeg =
                self.edge.assets.preview(caller.member.id, &found, request.max_side_px).await.or_status()?;
            described.media_type = "image/jpeg".to_owned();
            described.size_bytes = jpeg.len() as u64;
            let longer = described.width_px.max(described.height_px).max(1);
            let scale = |side: u32| {
                let side = u64::from(side) * u64::from(request.max_side_px.min(longer));
                u32::try_from(side / u64::from(longer)).unwrap_or(u32::MAX).max(1)
            };
            (described.width_px, described.height_px) =
                (scale(described.width_px), scale(described.height_px));
            stream::iter(cut(Ok(jpeg))).boxed()
        };
        let description = wire::download_asset_response::Part::Asset(described);
        let first = stream::once(async { Ok(wire::DownloadAssetResponse { part: Some(description) }) });
        let data = pieces.map(|piece| {
            piece.map(|piece| wire::DownloadAssetResponse {
                part: Some(wire::download_asset_response::Part::Data(piece)),
            })
        });
        Ok(Response::new(first.chain(data).boxed()))
    }

    async fn list_assets(
        &self,
        request: Request<wire::ListAssetsRequest>,
    ) -> Reply<wire::ListAssetsResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let origin = match wire::AssetOrigin::try_from(request.origin) {
            Ok(wire::AssetOrigin::Unspecified) => None,
            Ok(wire::AssetOrigin::Upload) => Some(OriginKind::Upload),
            Ok(wire::AssetOrigin::Result) => Some(OriginKind::Result),
            Err(_) => return Err(Status::invalid_argument("origin: is not one of the known values")),
        };
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let member = caller.member.id;
        let listed = self.edge.assets.page(member, origin, &page).or_status()?;
        let usage = self.edge.assets.usage(member).or_status()?;
        Ok(Response::new(wire::ListAssetsResponse {
            assets: listed.items.iter().map(asset).collect(),
            next_page_token: listed.next,
            used_bytes: usage.bytes,
            quota_bytes: self.edge.assets.quota_bytes(),
        }))
    }

    async fn delete_asset(
        &self,
        request: Request<wire::DeleteAssetRequest>,
    ) -> Reply<wire::DeleteAssetResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let id = convert::id(&request.asset_id, AssetError::NotFound)?;
        self.edge.assets.delete(caller.member.id, act, id).await.or_status()?;
        Ok(Response::new(wire::DeleteAssetResponse {}))
    }

    async fn create_link(
        &self,
        request: Request<wire::CreateLinkRequest>,
    ) -> Reply<wire::CreateLinkResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let id = convert::id(&request.asset_id, AssetError::NotFound)?;
        self.edge.assets.read(caller.member.id, id).or_status()?;
        let Some(links) = &self.edge.links else {
            return Err(Status::failed_precondition(
                "this daemon gives no links: it runs without its HTTP edge; start it with `atelierd serve`",
            ));
        };
        let valid = (request.valid_s > 0).then(|| Duration::from_secs(request.valid_s.into()));
        let link = links.sign(id, valid, self.gate.clock.now());
        Ok(Response::new(wire::CreateLinkResponse {
            url: link.url,
            expires_at: Some(convert::time(link.expires_at)),
        }))
    }
}

fn asset(asset: &Asset) -> wire::Asset {
    let origin = match asset.origin.kind() {
        OriginKind::Upload => wire::AssetOrigin::Upload,
        OriginKind::Result => wire::AssetOrigin::Result,
    };
    wire::Asset {
        asset_id: asset.id.to_string(),
        media_type: asset.media_type.to_string(),
        size_bytes: asset.size_bytes,
        width_px: asset.width_px,
        height_px: asset.height_px,
        origin: origin.into(),
        created_at: Some(convert::time(asset.created_at)),
        job_id: asset.origin.job().map(|job| job.to_string()).unwrap_or_default(),
        file_name: asset.file_name.clone(),
    }
}

/// The next part of an upload. A sender that falls silent gives its place to others.
async fn next_part(
    parts: &mut Streaming<wire::UploadAssetRequest>,
) -> Result<Option<wire::UploadAssetRequest>, Status> {
    match tokio::time::timeout(SILENCE, parts.message()).await {
        Ok(part) => part.map_err(blame_sender),
        Err(_) => Err(Status::deadline_exceeded("nothing came for half a minute; send the file again")),
    }
}

/// A piece in pieces that fit one message each.
fn cut(piece: Result<Bytes, Status>) -> Vec<Result<Bytes, Status>> {
    match piece {
        Err(status) => vec![Err(status)],
        Ok(mut bytes) => {
            let mut pieces = Vec::with_capacity(bytes.len().div_ceil(CHUNK_BYTES));
            while !bytes.is_empty() {
                pieces.push(Ok(bytes.split_to(bytes.len().min(CHUNK_BYTES))));
            }
            pieces
        }
    }
}
