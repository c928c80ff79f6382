//! Plain HTTP, as a browser would open a link.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::acts::soon;

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its number, such as 200.
    pub status: u16,
    /// Head, in lower case.
    pub head: String,
    /// Content.
    pub body: Vec<u8>,
}

/// Opens the path of `url` at `address`, wherever the URL itself points.
///
/// # Errors
/// When nothing like HTTP comes back.
pub async fn open(address: SocketAddr, url: &str) -> anyhow::Result<Page> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |begin| &rest[begin..]);
    exchange(address, format!("GET {path} HTTP/1.1\r\nhost: studio.example\r\nconnection: close\r\n\r\n"))
        .await
}

/// Sends JSON to the root of `address`, with one more header.
///
/// # Errors
/// When nothing like HTTP comes back.
pub async fn post(address: SocketAddr, header: (&str, &str), json: &str) -> anyhow::Result<Page> {
    let ((name, value), length) = (header, json.len());
    let head = format!("POST / HTTP/1.1\r\nhost: studio.example\r\nconnection: close\r\n{name}: {value}");
    let kind = "content-type: application/json";
    exchange(address, format!("{head}\r\n{kind}\r\ncontent-length: {length}\r\n\r\n{json}")).await
}

async fn exchange(address: SocketAddr, request: String) -> anyhow::Result<Page> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    soon(stream.read_to_end(&mut bytes)).await??;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").context("no head")?;
    let head = String::from_utf8(bytes[..end].to_vec())?.to_lowercase();
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok(Page { status, head, body: bytes[end + 4..].to_vec() })
}
