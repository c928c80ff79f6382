//! Calls that the typed client would not let out: any bytes as the message.

use bytes::{Buf as _, BufMut as _};
use tonic::{
    Request, Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::Channel,
};

/// Sends `message` as it is.
///
/// # Errors
/// The daemon's answer.
pub async fn call(
    channel: &Channel,
    path: &'static str,
    bearer: &str,
    message: Vec<u8>,
) -> Result<Vec<u8>, Status> {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut request = Request::new(message);
    let authorization = format!("Bearer {bearer}").parse();
    request
        .metadata_mut()
        .insert("authorization", authorization.map_err(|_| Status::internal("no header value"))?);
    let answer = client.unary(request, PathAndQuery::from_static(path), Plain).await?;
    Ok(answer.into_inner())
}

/// Sends `messages` as a stream.
///
/// # Errors
/// The daemon's answer.
pub async fn stream(
    channel: &Channel,
    path: &'static str,
    bearer: &str,
    messages: Vec<Vec<u8>>,
) -> Result<Vec<u8>, Status> {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut request = Request::new(tokio_stream::iter(messages));
    let authorization = format!("Bearer {bearer}").parse();
    request
        .metadata_mut()
        .insert("authorization", authorization.map_err(|_| Status::internal("no header value"))?);
    let answer = client.client_streaming(request, PathAndQuery::from_static(path), Plain).await?;
    Ok(answer.into_inner())
}

/// Bytes as they are.
#[derive(Debug, Clone, Copy, Default)]
struct Plain;

impl Codec for Plain {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}
