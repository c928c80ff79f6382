//! The gateway: HELLO, IDENTIFY, READY, heartbeats, events in order, RESUME.

use std::sync::Arc;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, accept_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::state::{BOT, GUILD, State, bot};

const HEARTBEAT_MS: u64 = 2_000;
const SESSION: &str = "a-session";

pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, Arc::clone(&state)));
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let Ok(mut socket) = accept_async(stream).await else { return };
    let hello = json!({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}});
    if send(&mut socket, &hello).await.is_none() {
        return;
    }
    let breaks = state.look(|inside| inside.breaks);
    let mut changes = state.changes();
    // The first event that this connection has not seen; none before it has a session.
    let mut next: Option<usize> = None;
    loop {
        if state.look(|inside| inside.breaks) > breaks {
            // Without a word: the stream is dropped.
            return;
        }
        if let Some(seen) = next {
            let waiting =
                state.look(|inside| inside.events.get(seen..).map(<[_]>::to_vec).unwrap_or_default());
            for (number, (name, content)) in (seen..).zip(waiting) {
                // READY is number 1, so events begin with 2.
                let event = json!({"op": 0, "t": name, "s": number + 2, "d": content});
                if send(&mut socket, &event).await.is_none() {
                    return;
                }
                next = Some(number + 1);
            }
        }
        let message = tokio::select! {
            message = socket.next() => message,
            changed = changes.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        let Some(Ok(message)) = message else { return };
        let Message::Text(text) = message else { continue };
        let Ok(frame) = serde_json::from_str::<Value>(&text) else { return };
        let content = &frame["d"];
        let answered = match frame["op"].as_u64() {
            Some(1) => send(&mut socket, &json!({"op": 11})).await,
            Some(2 | 6) if !is_token(content, &state.token) => {
                let frame =
                    CloseFrame { code: CloseCode::from(4004), reason: "Authentication failed.".into() };
                socket.close(Some(frame)).await.ok();
                return;
            }
            Some(2) => {
                next = Some(state.look(|inside| inside.events.len()));
                let begun = begin(&mut socket).await;
                state.change(|inside| inside.identified += 1);
                begun
            }
            Some(6) if content["session_id"].as_str() == Some(SESSION) => {
                let seen = content["seq"].as_u64().unwrap_or(1).saturating_sub(1) as usize;
                next = Some(seen);
                let resumed =
                    send(&mut socket, &json!({"op": 0, "t": "RESUMED", "s": seen + 1, "d": {}})).await;
                state.change(|inside| inside.resumed += 1);
                resumed
            }
            Some(6) => send(&mut socket, &json!({"op": 9, "d": false})).await,
            _ => Some(()),
        };
        if answered.is_none() {
            return;
        }
    }
}

/// Libraries send it with and without the word that REST wants before it.
fn is_token(content: &Value, token: &str) -> bool {
    let sent = content["token"].as_str().unwrap_or_default();
    sent.strip_prefix("Bot ").unwrap_or(sent) == token
}

/// READY, and the server that the bot is in.
async fn begin(socket: &mut WebSocketStream<TcpStream>) -> Option<()> {
    let ready = json!({
        "v": 10,
        "user": bot(),
        "guilds": [{"id": GUILD.to_string(), "unavailable": true}],
        "session_id": SESSION,
        "resume_gateway_url": "wss://gateway.invalid",
        "shard": [0, 1],
        "application": {"id": BOT.to_string(), "flags": 0},
    });
    send(socket, &json!({"op": 0, "t": "READY", "s": 1, "d": ready})).await
}

async fn send(socket: &mut WebSocketStream<TcpStream>, frame: &Value) -> Option<()> {
    socket.send(Message::Text(frame.to_string())).await.ok()
}
