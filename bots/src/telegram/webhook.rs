//! Updates that Telegram brings itself, for whoever runs a reverse proxy with a certificate.
//!
//! A delivery is answered when what it says is in the daemon's hands; until then Telegram brings it again. Parts of an
//! album are answered at once, because Telegram brings the next one only then.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::post,
};
use subtle::ConstantTimeEq as _;
use teloxide_core::{payloads::SetWebhookSetters as _, prelude::Requester as _, types::Update};
use tokio::{
    net::TcpListener,
    sync::oneshot::{Receiver, error::TryRecvError},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    BotName, Telegram,
    albums::Albums,
    ears::SETTLED_AFTER,
    hear::{Heard, heard},
    poll::WANTED,
    refusal::refusal,
};
use crate::desk::Desk;

/// Where Telegram puts the secret that it was told.
const SECRET: &str = "x-telegram-bot-api-secret-token";
/// More than any update has.
const LARGEST_BYTES: usize = 1 << 20;
/// Updates that are known again when Telegram brings them twice.
const REMEMBERED: usize = 10_000;
/// Pause between two looks for albums that are complete.
const LOOK: Duration = Duration::from_millis(100);

/// Hears for one bot.
struct Door {
    bot: BotName,
    desk: Desk<Telegram>,
    secret: String,
    began: Instant,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    albums: Albums,
    heard: BTreeSet<u32>,
}

/// Tells Telegram to bring updates to `url`, and takes them in at `listen` until `stop`. They are kept by Telegram
/// after that, for whoever comes next.
///
/// # Errors
/// An address that can't be listened at, and what Telegram says, without the token.
pub async fn receive(
    telegram: &Telegram,
    desk: Desk<Telegram>,
    bot: BotName,
    url: url::Url,
    listen: SocketAddr,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("can't listen at {listen}"))?;
    // Nobody needs to know it but Telegram, which is told at every start.
    let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let (began, inside) = (Instant::now(), Mutex::default());
    let door = Arc::new(Door { bot, desk, secret: secret.clone(), began, inside });
    let router = Router::new()
        .fallback(post(take))
        .layer(DefaultBodyLimit::max(LARGEST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&door), only_telegram))
        .with_state(Arc::clone(&door));
    let server = tokio::spawn(
        axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned()).into_future(),
    );
    let set = telegram.bot.set_webhook(url).secret_token(secret).allowed_updates(WANTED);
    set.await.map_err(refusal).context("Telegram takes no webhook")?;
    crate::run::ready();
    let mut receipts = Vec::new();
    // Telegram was told that parts of albums are here, so they are passed on before the end.
    while !(stop.is_cancelled() && server.is_finished() && door.inside().albums.is_empty()) {
        tokio::time::sleep(LOOK).await;
        receipts.retain_mut(|receipt: &mut Receiver<()>| receipt.try_recv() == Err(TryRecvError::Empty));
        receipts.extend(door.pass_albums().await);
    }
    for receipt in receipts {
        settled(receipt).await;
    }
    server.await.context("the server")?.context("the server")
}

/// Refuses whoever does not know the secret, before anything of the body is read.
async fn only_telegram(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(SECRET).map(|value| value.as_bytes()).unwrap_or_default();
    if bool::from(shown.ct_eq(door.secret.as_bytes())) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

async fn take(State(door): State<Arc<Door>>, body: Bytes) -> StatusCode {
    match serde_json::from_slice::<Update>(&body) {
        Ok(update) => {
            let id = update.id.0;
            if let Some(receipt) = door.hear(update).await
                && !settled(receipt).await
            {
                // Brought again, it is said again under the same id.
                door.inside().heard.remove(&id);
                return StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        Err(_) => tracing::warn!("an update that can't be read is left out"),
    }
    StatusCode::OK
}

/// Whether it came into good hands. What takes long is not waited for: the daemon is busy with it, or away and said so.
async fn settled(receipt: Receiver<()>) -> bool {
    !matches!(tokio::time::timeout(SETTLED_AFTER, receipt).await, Ok(Err(_)))
}

impl Door {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was not heard before.
    async fn hear(&self, update: Update) -> Option<Receiver<()>> {
        let id = update.id.0;
        {
            let mut inside = self.inside();
            if !inside.heard.insert(id) {
                return None;
            }
            while inside.heard.len() > REMEMBERED {
                inside.heard.pop_first();
            }
        }
        let mut said = heard(&self.bot, update)?;
        if let Some(group) = said.album.take() {
            self.inside().albums.add(group, id, said, self.began.elapsed());
            return None;
        }
        self.pass(said).await
    }

    async fn pass(&self, said: Heard) -> Option<Receiver<()>> {
        if !said.addressed {
            return None;
        }
        Some(self.desk.hear(said.chat, said.ask, said.said).await)
    }

    async fn pass_albums(&self) -> Vec<Receiver<()>> {
        let complete = self.inside().albums.complete(self.began.elapsed());
        let mut receipts = Vec::new();
        for (album, _) in complete {
            receipts.extend(self.pass(album).await);
        }
        receipts
    }
}
