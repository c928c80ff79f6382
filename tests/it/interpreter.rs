//! A language model at an address reads conversations, over real sockets, and the rules where it does not answer.

use std::net::SocketAddr;

use atelier_daemon::clock::Clock;
use atelier_daemon::conversations::interpreter::{EndpointConfig, InterpreterConfig, Source};
use atelier_tests::{Studio, talk::Talk};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers every question with the same intent until it is dropped.
async fn model(intent: serde_json::Value) -> anyhow::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let body = json!({"choices": [{"message": {"content": intent.to_string()}}]}).to_string();
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = Vec::new();
            // The question ends with the end of its JSON.
            while !heard.ends_with(b"}") {
                if stream.read_buf(&mut heard).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    Ok((address, serving))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_model_is_asked_first_and_the_rules_answer_without_it() -> anyhow::Result<()> {
    let intent = json!({"intent": "thumbnail", "subject": "a teapot in the rain", "title": "Oolong"});
    let (address, serving) = model(intent).await?;
    let studio = Studio::with(Clock::system(), |config| {
        config.interpreter = InterpreterConfig {
            chain: vec![Source::Endpoint, Source::Builtin],
            endpoint: EndpointConfig {
                url: format!("http://{address}/v1"),
                model: "small".to_owned(),
                ..EndpointConfig::default()
            },
            ..InterpreterConfig::default()
        };
    })
    .await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let summary = talk.say("something with tea i guess").await?.quote()?.summary.clone();
    assert!(summary.contains("teapot in the rain") && summary.contains("Oolong"), "{summary}");

    serving.abort();
    assert!(serving.await.is_err(), "nobody listens any more");
    let summary = talk.say("thumbnail about coffee, title \"Crema\"").await?.quote()?.summary.clone();
    assert!(summary.contains("coffee") && summary.contains("Crema"), "{summary}");
    Ok(())
}
