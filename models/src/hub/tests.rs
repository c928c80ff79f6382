//! Against a real server on this machine, which answers as it is told: cut, wrong, busy or right.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use super::*;
use crate::checkpoint::Variant;

/// How the server spoils its answers for files, one after the other; then it answers rightly.
#[derive(Debug, Clone, Copy)]
enum Trick {
    /// Ends the connection after so many bytes of the body.
    Cut(usize),
    /// This number, with this many seconds to wait.
    Status(u16, Option<u64>),
    /// Sends everything whatever was asked for.
    IgnoreRange,
    /// Sends a byte that is another one.
    Lie,
    /// Sends more than is listed.
    Longer,
    /// Ends the connection at once.
    Hang,
}

struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

const FILE: &str = "model.safetensors";

fn body() -> Vec<u8> {
    (0..300_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

/// Serves one repository, `a/b`, until the test ends.
fn serve(tricks: &[Trick]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut tricks = tricks.to_vec();
    tricks.reverse();
    let (heard, base) = (asked.clone(), url.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let first = lines.next().unwrap_or_default();
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let headers: Vec<_> = lines.map(|line| line.to_ascii_lowercase()).collect();
            let value =
                |name: &str| headers.iter().find_map(|line| line.strip_prefix(name).map(str::to_owned));
            let range = value("range: bytes=").unwrap_or_default();
            let token = value("authorization: ").unwrap_or_default();
            heard.lock().unwrap().push(format!("{path} {range} {token}"));
            let from = range.trim_end_matches('-').parse().ok();
            // A client that has gone away is none of the server's business.
            answer(&stream, &base, &path, from, || tricks.pop()).ok();
        }
    });
    Server { url, asked }
}

fn answer(
    stream: &TcpStream,
    base: &str,
    path: &str,
    from: Option<usize>,
    mut trick: impl FnMut() -> Option<Trick>,
) -> std::io::Result<()> {
    let text = |text: &str, more: &str| write(stream, 200, more, text.as_bytes(), text.len());
    if path.starts_with("/api/models/a/b/revision/") {
        return text(r#"{"sha": "0123abc", "cardData": {"license": "openrail++"}, "other": [1]}"#, "");
    }
    if path == "/api/models/a/b/tree/0123abc?recursive=true" {
        let next =
            format!("link: <{base}/api/models/a/b/tree/0123abc?recursive=true&cursor=2>; rel=\"next\"\r\n");
        return text(r#"[{"type": "directory", "path": "unet", "size": 0, "oid": "00"}]"#, &next);
    }
    if path.ends_with("cursor=2") {
        let (bytes, sha) = (body().len(), digest(&body()));
        return text(
            &format!(
                r#"[{{"type": "file", "path": "{FILE}", "size": 134, "oid": "00", "lfs": {{"oid": "{sha}", "size": {bytes}, "pointerSize": 134}}}},
                    {{"type": "file", "path": "README.md", "size": 5, "oid": "00"}}]"#
            ),
            "",
        );
    }
    if path != format!("/a/b/resolve/0123abc/{FILE}") {
        return write(stream, 404, "", b"", 0);
    }
    let mut whole = body();
    let trick = trick();
    let from = match trick {
        Some(Trick::IgnoreRange) => None,
        _ => from,
    };
    match trick {
        Some(Trick::Status(status, wait)) => {
            let wait = wait.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
            return write(stream, status, &wait, b"", 0);
        }
        Some(Trick::Hang) => return Ok(()),
        Some(Trick::Lie) => *whole.last_mut().unwrap() ^= 1,
        Some(Trick::Longer) => whole.push(0),
        _ => {}
    }
    let rest = &whole[from.unwrap_or(0).min(whole.len())..];
    let range =
        from.map(|from| format!("content-range: bytes {from}-{}/{}\r\n", whole.len() - 1, whole.len()));
    let sent = match trick {
        Some(Trick::Cut(bytes)) => &rest[..bytes.min(rest.len())],
        _ => rest,
    };
    let status = if from.is_some() { 206 } else { 200 };
    write(stream, status, &range.unwrap_or_default(), sent, rest.len())
}

fn write(mut stream: &TcpStream, status: u16, more: &str, body: &[u8], length: usize) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n")?;
    stream.write_all(body)
}

fn no_wait(_: Duration) {}

/// Downloads the file: what came of it, what the server was asked for, and the folder.
fn download(tricks: &[Trick], part: Option<&[u8]>) -> (Result<(), Error>, Vec<String>, tempfile::TempDir) {
    let server = serve(tricks);
    let folder = tempfile::tempdir().unwrap();
    if let Some(part) = part {
        std::fs::write(folder.path().join(format!("{FILE}.part")), part).unwrap();
    }
    let hub = Hub::new(&server.url, Some("hf_secret"), no_wait);
    let snapshot = hub.snapshot("a/b", "main").unwrap();
    let files = choose("a/b", &snapshot.files, Variant::Full, None).unwrap();
    let mut heard = 0;
    let outcome = hub.download(&snapshot, &files[0], folder.path(), &mut |there| heard = there);
    if outcome.is_ok() {
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), body(), "{tricks:?}");
        assert_eq!(heard, body().len() as u64);
    } else {
        assert!(!folder.path().join(FILE).exists(), "{tricks:?}");
    }
    let asked =
        server.asked.lock().unwrap().iter().filter(|line| line.contains("resolve")).cloned().collect();
    (outcome, asked, folder)
}

#[test]
fn what_a_repository_holds() {
    let server = serve(&[]);
    let hub = Hub::new(&format!("{}/", server.url), None, no_wait);
    let snapshot = hub.snapshot("a/b", "main").unwrap();
    assert_eq!((snapshot.commit.as_str(), snapshot.licence.as_str()), ("0123abc", "openrail++"));
    assert_eq!(snapshot.files.len(), 2, "both pages, without folders");
    assert_eq!(snapshot.files[0].bytes, body().len() as u64, "of the file, not of its pointer");
    assert_eq!(snapshot.files[0].sha256, Some(digest(&body())));

    for (repository, revision, words) in [
        ("nobody/nothing", "main", "no such repository"),
        ("nothing", "main", "is no repository"),
        ("../b", "main", "is no repository"),
        ("a/b/c", "main", "is no repository"),
        ("a/b", "../main", "is no branch"),
    ] {
        let refusal = hub.snapshot(repository, revision).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
    assert!(!format!("{:?}", Hub::new("http://x", Some("hf_secret"), no_wait)).contains("hf_secret"));
}

#[test]
fn broken_connections_are_taken_up_where_they_ended() {
    let size = body().len();
    for (tricks, part, ranges) in [
        (&[][..], None, vec![None]),
        (&[Trick::Cut(150_000)], None, vec![None, Some(150_000)]),
        (
            &[Trick::Cut(100_000), Trick::Cut(100_000), Trick::Cut(0)],
            None,
            vec![None, Some(100_000), Some(200_000), Some(200_000)],
        ),
        (&[Trick::Hang, Trick::Hang], None, vec![None, None, None]),
        (&[Trick::Status(429, Some(1)), Trick::Status(503, None)], None, vec![None, None, None]),
        // What an earlier run left.
        (&[], Some(&body()[..size - 1]), vec![Some(size - 1)]),
        (&[], Some(&body()[..]), vec![]),
        (&[Trick::IgnoreRange], Some(&body()[..1000]), vec![Some(1000)]),
        (&[Trick::Status(416, None)], Some(&body()[..1000]), vec![Some(1000), None]),
        (&[], Some(&vec![7; size + 1][..]), vec![None]),
    ] {
        let (outcome, asked, _folder) = download(tricks, part);
        outcome.unwrap();
        let expected: Vec<_> = ranges
            .iter()
            .map(|from| {
                let range = from.map(|from| format!("{from}-")).unwrap_or_default();
                format!("/a/b/resolve/0123abc/{FILE} {range} bearer hf_secret")
            })
            .collect();
        assert_eq!(asked, expected, "{tricks:?}");
    }
}

#[test]
fn another_file_than_the_listed_one_is_thrown_away() {
    let spoilt = {
        let mut spoilt = body();
        spoilt[0] ^= 1;
        spoilt
    };
    for (tricks, part, words) in [
        (&[Trick::Lie][..], None, "and the hub lists"),
        (&[Trick::Longer], None, "more than it lists"),
        (&[], Some(&spoilt[..200_000]), "and the hub lists"),
    ] {
        let (outcome, _, folder) = download(tricks, part);
        let refusal = outcome.unwrap_err().to_string();
        assert!(refusal.contains(words) && refusal.contains("try again"), "{refusal}");
        let left = std::fs::read(folder.path().join(format!("{FILE}.part"))).unwrap();
        assert!(left.is_empty(), "the next try begins anew");
    }
}

#[test]
fn refusals_say_what_to_do() {
    for (tricks, words, kept) in [
        (vec![Trick::Status(401, None)], "models.hub_token", false),
        (vec![Trick::Status(403, None)], "accept the licence", false),
        (vec![Trick::Status(404, None)], "check the spelling", false),
        (vec![Trick::Status(418, None)], "status 418", false),
        (vec![Trick::Status(429, Some(9)); 5], "the same command goes on", false),
        ([vec![Trick::Cut(1000)], vec![Trick::Hang; 5]].concat(), "the same command goes on", true),
    ] {
        let (outcome, _, folder) = download(&tricks, None);
        let refusal = outcome.unwrap_err().to_string();
        assert!(refusal.contains(words) && !refusal.contains("hf_secret"), "{refusal}");
        let part = folder.path().join(format!("{FILE}.part"));
        assert_eq!(part.metadata().is_ok_and(|about| about.len() == 1000), kept, "{tricks:?}");
    }
}
