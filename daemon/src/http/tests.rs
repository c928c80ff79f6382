//! The edge over real sockets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use image::ImageFormat;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::accounts::KeyRing;
use crate::assets::Asset;
use crate::assets::tests::{Studio, picture};

/// A daemon's edge that listens, and what is behind it.
struct Edge {
    studio: Studio,
    links: Links,
    reasons: Arc<Mutex<Vec<String>>>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Edge {
    async fn new() -> Edge {
        Edge::with(HttpConfig::default(), Router::new()).await
    }

    /// With more routes, which are not bounded.
    async fn with(config: HttpConfig, more: Router) -> Edge {
        let studio = Studio::new();
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(folder.path(), studio.clock.now()).unwrap();
        let links = Links::new(keys, "http://studio.example", Duration::from_secs(3600)).unwrap();
        let reasons = Arc::new(Mutex::new(Vec::new()));
        let asked = Arc::clone(&reasons);
        let state = HttpState {
            assets: studio.assets().clone(),
            links: links.clone(),
            readiness: Readiness::new(move || asked.lock().unwrap().clone()),
            metrics: Metrics::new("0.1.0"),
            clock: studio.clock.clone(),
            config: config.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            serve(listener, router(state).merge(more), &config, stopped).await;
        });
        Edge { studio, links, reasons, address, stop, served }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    /// One request on a connection of its own; `head` holds further lines, each with its end.
    async fn ask(&self, method: &str, path: &str, head: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{head}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        Answer::read(&mut stream).await
    }

    /// A picture and the path of a link to it.
    async fn linked(&self) -> (Asset, Vec<u8>, String) {
        let bytes = picture(1, 100, 100, ImageFormat::Png);
        let asset = self.studio.upload(self.studio.member(), &bytes).await.unwrap();
        let url = self.links.sign(asset.id, None, self.studio.clock.now()).url;
        (asset, bytes, url.strip_prefix("http://studio.example").unwrap().to_owned())
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    async fn read(stream: &mut TcpStream) -> Answer {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn words(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

#[tokio::test]
async fn health_and_readiness() {
    let edge = Edge::new().await;
    for (path, status, words) in [
        ("/healthz", 200, "ok\n"),
        ("/ping", 200, "pong\n"),
        ("/readyz", 200, "ready\n"),
        ("/nothing", 404, "there is nothing at this address\n"),
    ] {
        let answer = edge.get(path).await;
        assert_eq!((answer.status, answer.words()), (status, words), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(edge.ask("POST", "/ping", "Content-Length: 0\r\n").await.status, 405);

    let reasons = ["the store has stopped", "no engine runs"].map(str::to_owned);
    *edge.reasons.lock().unwrap() = reasons.to_vec();
    let answer = edge.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.words(), "not ready: the store has stopped; no engine runs\n");
    assert_eq!(edge.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_file_comes_whole_or_in_parts() {
    let edge = Edge::new().await;
    let (asset, bytes, path) = edge.linked().await;
    let (size, tag) = (bytes.len(), format!("\"{}\"", asset.id));

    let answer = edge.get(&path).await;
    assert_eq!((answer.status, &answer.body), (200, &bytes));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", size.to_string().as_str()),
        ("content-disposition", "inline; filename=\"cat.png\"; filename*=UTF-8''cat.png"),
        ("etag", tag.as_str()),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=300"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }

    let part = format!("bytes 10-19/{size}");
    let end = format!("bytes {}-{}/{size}", size - 5, size - 1);
    let none = format!("bytes */{size}");
    let other = "Range: bytes=10-19\r\nIf-Range: \"other\"\r\n";
    let same = format!("Range: bytes=10-19\r\nIf-Range: {tag}\r\n");
    for (head, status, range, body) in [
        ("Range: bytes=10-19\r\n", 206, Some(&part), Some(&bytes[10..20])),
        ("Range: bytes=-5\r\n", 206, Some(&end), Some(&bytes[size - 5..])),
        ("Range: bytes=0-1,4-5\r\n", 200, None, Some(&bytes[..])),
        ("Range: bytes=999999-\r\n", 416, Some(&none), None),
        (other, 200, None, Some(&bytes[..])),
        (same.as_str(), 206, Some(&part), Some(&bytes[10..20])),
    ] {
        let answer = edge.ask("GET", &path, head).await;
        assert_eq!(answer.status, status, "{head}");
        assert_eq!(answer.header("content-range"), range.map(String::as_str), "{head}");
        if let Some(body) = body {
            assert_eq!(answer.body, body, "{head}");
        }
    }

    let known = edge.ask("GET", &path, &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    let head = edge.ask("HEAD", &path, "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(size.to_string().as_str()));
}

#[tokio::test]
async fn a_link_that_does_not_open_says_why() {
    let edge = Edge::new().await;
    let (asset, _, path) = edge.linked().await;
    let mut parts: Vec<_> = path.split('/').collect();
    parts[4] = "b";
    let forged = parts.join("/");
    assert_eq!(edge.get(&forged).await.status, 404);
    assert_eq!(edge.get(&path[..path.len() - 1]).await.status, 404);
    assert_eq!(edge.get("/d/a/b/c/d").await.status, 404);
    assert_eq!(edge.get("/d/%ff/1/a/b").await.status, 400);

    edge.studio.delete(&asset).await;
    let deleted = edge.get(&path).await;
    assert_eq!((deleted.status, deleted.words()), (404, "there is no such file; it may have been deleted\n"));

    edge.studio.clock.advance(Duration::from_secs(3600));
    let expired = edge.get(&path).await;
    assert_eq!((expired.status, expired.words()), (410, "this link has expired; ask for a new one\n"));
    assert_eq!(edge.get(&forged).await.status, 404);
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_for_the_token() {
    let open = Edge::new().await;
    let answer = open.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.words().ends_with("# EOF\n") && answer.words().contains("atelier_build_info"));
    let through_proxy = open.ask("GET", "/metrics", "X-Forwarded-For: 203.0.113.9\r\n").await;
    assert_eq!(through_proxy.status, 401);

    let metrics_token = Some(SecretString::from("open sesame"));
    let closed = Edge::with(HttpConfig { metrics_token, ..HttpConfig::default() }, Router::new()).await;
    for (head, status) in [
        ("", 401),
        ("Authorization: Bearer open\r\n", 401),
        ("Authorization: open sesame\r\n", 401),
        ("Authorization: Bearer open sesame\r\n", 200),
        ("Authorization: Bearer open sesame\r\nX-Forwarded-For: 203.0.113.9\r\n", 200),
    ] {
        assert_eq!(closed.ask("GET", "/metrics", head).await.status, status, "{head}");
    }
}

#[tokio::test]
async fn requests_are_bounded_in_number_and_time() {
    let full = HttpConfig { requests_at_once: 0, ..HttpConfig::default() };
    let stuck = Router::new().route("/stuck", get(std::future::pending::<()>));
    let stuck = bounded(stuck, 1, Duration::from_millis(1), 10);
    let edge = Edge::with(full, stuck).await;
    let answer = edge.get("/ping").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    assert_eq!(edge.get("/stuck").await.status, 504);
}

#[tokio::test]
async fn a_head_that_never_ends_ends_its_connection() {
    let config = HttpConfig { head_timeout_s: 1, ..HttpConfig::default() };
    let edge = Edge::with(config, Router::new()).await;
    let mut stream = TcpStream::connect(edge.address).await.unwrap();
    stream.write_all(b"GET /ping HTTP/1.1\r\nHost:").await.unwrap();
    let mut nothing = Vec::new();
    stream.read_to_end(&mut nothing).await.unwrap();
    assert!(!String::from_utf8_lossy(&nothing).contains("200 OK"));
}

#[tokio::test]
async fn open_requests_are_finished_at_the_end() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = Router::new().route(
        "/slow",
        get(async move || {
            tell.notify_one();
            wait.notified().await;
            "done"
        }),
    );
    let edge = Edge::with(HttpConfig::default(), slow).await;
    let _idle = TcpStream::connect(edge.address).await.unwrap();
    let mut stream = TcpStream::connect(edge.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    begun.notified().await;
    edge.stop.send(()).unwrap();
    go_on.notify_one();
    let answer = Answer::read(&mut stream).await;
    assert_eq!((answer.status, answer.words()), (200, "done"));
    edge.served.await.unwrap();
    assert!(TcpStream::connect(edge.address).await.is_err());
}

#[tokio::test]
async fn who_takes_too_long_at_the_end_is_cut_off() {
    let begun = Arc::new(Notify::new());
    let tell = Arc::clone(&begun);
    let stuck = get(async move || {
        tell.notify_one();
        std::future::pending::<()>().await;
    });
    let config = HttpConfig { drain_s: 0, ..HttpConfig::default() };
    let edge = Edge::with(config, Router::new().route("/stuck", stuck)).await;
    let mut stream = TcpStream::connect(edge.address).await.unwrap();
    stream.write_all(b"GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    begun.notified().await;
    edge.stop.send(()).unwrap();
    edge.served.await.unwrap();
    let mut nothing = Vec::new();
    stream.read_to_end(&mut nothing).await.unwrap();
    assert_eq!(nothing, b"");
}
