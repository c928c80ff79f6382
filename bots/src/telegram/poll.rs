//! Long polling.

use std::time::Duration;

use atelier_proto::client::Backoff;
use teloxide_core::{payloads::GetUpdatesSetters as _, prelude::Requester as _, types::AllowedUpdate};
use tokio_util::sync::CancellationToken;

use super::{BotName, Telegram, ears::Ears, refusal::refusal};
use crate::{desk::Desk, platform::Refusal};

/// How long Telegram may keep a question open; below the time limit of teloxide's client (17 s).
const OPEN_S: u32 = 10;
/// Pause between two looks while something is not in good hands yet.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// What is heard.
pub(super) const WANTED: [AllowedUpdate; 3] =
    [AllowedUpdate::Message, AllowedUpdate::EditedMessage, AllowedUpdate::CallbackQuery];

/// Hears until `stop`, then confirms what is in good hands.
pub async fn poll(telegram: &Telegram, desk: Desk<Telegram>, bot: BotName, stop: CancellationToken) {
    // A webhook that was set before would keep the updates away.
    if let Err(refusal) = telegram.bot.delete_webhook().await.map_err(refusal) {
        tracing::warn!(%refusal, "the webhook could not be taken away");
    }
    let mut ears = Ears::new(bot, desk);
    let mut backoff = Backoff::new();
    loop {
        let settled = ears.is_settled();
        let wait = if settled { OPEN_S } else { 0 };
        if !settled {
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = stop.cancelled() => break,
            }
        }
        let asked = telegram
            .bot
            .get_updates()
            .offset(i32::try_from(ears.offset()).unwrap_or(i32::MAX))
            .timeout(wait)
            .allowed_updates(WANTED);
        let answer = tokio::select! {
            answer = asked => answer,
            () = stop.cancelled() => break,
        };
        match answer.map_err(refusal) {
            Ok(updates) => {
                backoff.reset();
                ears.hear(updates).await;
            }
            Err(refused) => {
                let pause = match &refused {
                    Refusal::Slow(pause) => *pause,
                    _ => backoff.next_pause(),
                };
                tracing::warn!(refusal = %refused, "Telegram gives no updates");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => break,
                }
            }
        }
    }
    ears.is_settled();
    let offset = i32::try_from(ears.offset()).unwrap_or(i32::MAX);
    // Whatever is not confirmed comes again and changes nothing.
    telegram.bot.get_updates().offset(offset).limit(1).timeout(0).await.ok();
}
