//! What both bots are sent, and how their answers are judged.

use std::time::Duration;

use atelier_tests::{chatting::Bot, pictures};
use image::ImageFormat;

/// 10 MB that begin like a PDF.
pub(crate) fn pdf() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(10_000_000, b'x');
    bytes
}

/// A picture that breaks off.
pub(crate) fn half_a_picture() -> Vec<u8> {
    let mut bytes = pictures::photo(320, 240, [200, 120, 40], ImageFormat::Png).unwrap_or_default();
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// A picture that is too large to be opened.
pub(crate) fn bomb() -> Vec<u8> {
    pictures::bomb().unwrap_or_default()
}

/// What is wrong with an answer, if anything: it has to be a sentence for people that says what matters.
#[expect(clippy::print_stdout, reason = "answers are to be read by people too")]
pub(crate) fn read_aloud(name: &str, text: &str, telling: &str) -> Option<String> {
    println!("{name}: {text}");
    let technical = [
        "Protobuf",
        "panicked",
        "::",
        "src/",
        ".rs",
        "Error",
        "Some(",
        "None",
        "asset_ids",
        "gRPC",
        "status:",
        "?)",
        "{",
        "MiB",
        "text:",
    ];
    let shows = technical.iter().find(|word| text.contains(**word));
    let sentence = text.len() > 15 && text.len() < 1_500 && text.contains(' ');
    match (shows, sentence && text.contains(telling)) {
        (None, true) => None,
        (Some(word), _) => Some(format!("{name}: `{text}` shows `{word}`")),
        (None, false) => Some(format!("{name}: `{text}` does not say `{telling}`")),
    }
}

/// Waits until the bot has written this.
pub(crate) async fn until_logged(bot: &Bot, words: &str) -> anyhow::Result<()> {
    atelier_tests::acts::soon(async {
        while !bot.logged()?.contains(words) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    })
    .await?
}
