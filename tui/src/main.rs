//! Opens the terminal UI over the daemon at the address that is given, until the command line arrives.
#![warn(missing_docs)]

#[allow(dead_code, reason = "the command line, which arrives separately, uses the rest")]
mod ui;

use std::time::Instant;

use atelier_proto::client::{Client, Credentials, Endpoint, Patience};
use tokio::sync::mpsc;

use crate::ui::{ConnectEvent, Connected, Graphics, Place, ThemeChoice, UiOptions};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let started = Instant::now();
    let (events, connect) = mpsc::channel(8);
    let address = std::env::args().nth(1).filter(|word| !word.starts_with('-'));
    let first_frame_exit = std::env::args().any(|word| word == "--first-frame-exit");
    match address {
        Some(address) => {
            let endpoint: Endpoint = address.parse()?;
            let client = Client::new(&endpoint, Credentials::None, Patience::INTERACTIVE)?;
            let connected = Connected { client, place: Place::Remote(endpoint.to_string()) };
            events.send(ConnectEvent::Ready(connected)).await.ok();
        }
        None => {
            let text = "No daemon was named: give its address, such as unix:/run/atelier.sock.".to_owned();
            events.send(ConnectEvent::Failed(text)).await.ok();
        }
    }
    let options = UiOptions {
        graphics: Graphics::Auto,
        state_file: None,
        theme: ThemeChoice::Auto,
        started,
        first_frame_exit,
    };
    ui::run(options, connect).await?;
    Ok(())
}
