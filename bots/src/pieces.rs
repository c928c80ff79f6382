//! A file on its way to the daemon, piece by piece as it arrives.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use atelier_proto::{
    CHUNK_BYTES,
    v1::{self as wire, upload_asset_request::Part},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream::BoxStream};

use crate::platform::Incoming;

fn pieces(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        if bytes.is_empty() { None } else { Some(bytes.split_to(bytes.len().min(CHUNK_BYTES))) }
    })
}

/// A stream with a name of its own: inside of a call the compiler forgets that a boxed one lives for ever.
pub(crate) struct Parts(BoxStream<'static, wire::UploadAssetRequest>);

impl Stream for Parts {
    type Item = wire::UploadAssetRequest;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

/// An upload as it arrives. A break ends it early; the daemon refuses what is shorter than announced.
pub(crate) fn parts(header: wire::UploadHeader, incoming: Incoming) -> Parts {
    let data = incoming
        .bytes
        .scan((), |(), piece| std::future::ready(piece.ok()))
        .flat_map(|piece| futures::stream::iter(pieces(piece)))
        .map(Part::Data);
    let parts = futures::stream::once(std::future::ready(Part::Header(header)))
        .chain(data)
        .map(|part| wire::UploadAssetRequest { part: Some(part) });
    Parts(parts.boxed())
}
