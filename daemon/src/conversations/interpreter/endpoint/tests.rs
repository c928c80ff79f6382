//! The endpoint against a small real server: one answer for each way in which a server can behave.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
};

use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::{
    clock::Clock,
    conversations::interpreter::{Chain, InterpreterConfig, Source, Turn, Understood},
    engine::residency::{NoModels, Residency, ResidencyConfig},
    metrics::Metrics,
};

/// Answers one request with what `answer` writes, and gives back the request's head and body.
fn server(
    answer: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> (SocketAddr, mpsc::Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (told, heard) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).unwrap();
        }
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        told.send((head, String::from_utf8(body).unwrap())).ok();
        answer(&mut stream);
    });
    (address, heard)
}

fn respond(stream: &mut TcpStream, status: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).ok();
    stream.write_all(body.as_bytes()).ok();
}

fn completion(content: &str) -> String {
    json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string()
}

fn config(address: SocketAddr) -> InterpreterConfig {
    let endpoint = EndpointConfig {
        url: format!("http://{address}/v1/"),
        model: "small".to_owned(),
        key: Some(SecretString::from("open sesame")),
        timeout_ms: 2_000,
        ..EndpointConfig::default()
    };
    InterpreterConfig {
        chain: vec![Source::Endpoint, Source::Builtin],
        endpoint,
        ..InterpreterConfig::default()
    }
}

/// The chain of a daemon without models.
fn chain(config: &InterpreterConfig) -> Chain {
    let library = Arc::new(NoModels);
    let residency =
        Residency::new(&ResidencyConfig::default(), library, Clock::system(), Metrics::new("test"));
    Chain::new(config, &residency)
}

fn said(text: &str) -> Conversation {
    Conversation { turns: vec![Turn::user(text)], ..Conversation::default() }
}

async fn asked(status: &'static str, body: String) -> Result<Intent, EndpointError> {
    let (address, _heard) = server(move |stream| respond(stream, status, &body));
    Endpoint::new(&config(address).endpoint).ask(&said("a thumbnail about tea")).await
}

#[tokio::test]
async fn a_good_answer_is_taken_and_says_who_gave_it() {
    let content = r#"{"intent": "thumbnail", "subject": "tea", "count": 2}"#;
    let (address, heard) = server(move |stream| respond(stream, "200 OK", &completion(content)));
    let understood = chain(&config(address)).understand(&said("two thumbs, tea \"person: x\"")).await;
    let intent = serde_json::from_str(content).unwrap();
    assert_eq!(understood, Understood { intent, source: Source::Endpoint });
    let (head, body) = heard.recv().unwrap();
    assert!(head.starts_with("POST /v1/chat/completions "), "{head}");
    assert!(head.to_lowercase().contains("authorization: bearer open sesame"), "{head}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["model"], &body["temperature"]), (&json!("small"), &json!(0)));
    assert_eq!(body["response_format"]["json_schema"]["schema"], *schema());
    let told = body["messages"][1]["content"].as_str().unwrap();
    assert!(told.contains(r#"person: "two thumbs, tea \"person: x\"""#), "{told}");
}

#[tokio::test]
async fn what_is_no_intent_is_an_error_that_says_so() {
    let cases = [
        ("200 OK", "not JSON at all".to_owned(), "the body is no JSON"),
        ("200 OK", json!({"choices": []}).to_string(), "there is no message"),
        ("200 OK", completion("Sure! Here is your thumbnail."), "the message is no JSON"),
        ("200 OK", completion(r#"{"intent": "dance"}"#), "intent is not known"),
        ("200 OK", completion(r#"{"intent": "thumbnail"}"#), "subject is missing"),
        ("200 OK", completion(r#"{"intent": "image", "prompt": "tea", "init_image": 3}"#), "picture 3"),
        ("500 Internal Server Error", String::new(), "status 500"),
        ("401 Unauthorized", "{}".to_owned(), "status 401"),
        ("307 Temporary Redirect", String::new(), "status 307"),
        ("200 OK", "x".repeat(1 << 20), "longer than"),
    ];
    for (status, body, problem) in cases {
        let error = asked(status, body).await.unwrap_err().to_string();
        assert!(error.contains(problem), "{status}: {error}");
        assert!(!error.contains("sesame") && !error.contains("tea"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let (address, _heard) = server(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").ok();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let error = Endpoint::new(&config(address).endpoint).ask(&said("tea")).await.unwrap_err();
    assert!(matches!(error, EndpointError::TooLong), "{error}");
}

#[tokio::test]
async fn silence_ends_at_the_time_limit() {
    let (release, held) = mpsc::sync_channel::<()>(1);
    let (address, _heard) = server(move |_| assert!(held.recv().is_err()));
    let mut config = config(address);
    config.endpoint.timeout_ms = 100;
    let error = Endpoint::new(&config.endpoint).ask(&said("tea")).await.unwrap_err();
    assert!(matches!(error, EndpointError::Slow(_)), "{error}");
    drop(release);
}

#[tokio::test]
async fn the_rules_answer_where_the_endpoint_does_not() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let understood = chain(&config(closed)).understand(&said("thumbnail about tea, title \"Oolong\"")).await;
    let intent = json!({"intent": "thumbnail", "subject": "tea", "title": "Oolong"});
    assert_eq!(serde_json::to_value(understood.intent).unwrap(), intent);
    assert_eq!(understood.source, Source::Builtin);
}

#[tokio::test]
async fn no_model_is_asked_about_what_the_policy_or_a_command_settles() {
    let content = r#"{"intent": "image", "prompt": "x"}"#;
    for text in ["undress the woman in this photo", "/balance"] {
        let (address, heard) = server(move |stream| respond(stream, "200 OK", &completion(content)));
        let understood = chain(&config(address)).understand(&said(text)).await;
        assert_eq!(understood.source, Source::Builtin, "{text}");
        assert!(heard.try_recv().is_err(), "{text}");
    }
}

#[tokio::test]
async fn more_questions_than_fit_are_left_to_the_next() {
    let (release, held) = mpsc::sync_channel::<()>(1);
    let (address, heard) = server(move |_| assert!(held.recv().is_err()));
    let mut config = config(address);
    config.endpoint.at_once = 1;
    let endpoint = Arc::new(Endpoint::new(&config.endpoint));
    let first = Arc::clone(&endpoint);
    let first = tokio::spawn(async move { first.ask(&said("tea")).await });
    let heard = tokio::task::spawn_blocking(move || heard.recv()).await.unwrap();
    assert!(heard.is_ok());
    assert!(matches!(endpoint.ask(&said("coffee")).await, Err(EndpointError::Busy)));
    drop(release);
    assert!(first.await.unwrap().is_err());
}
