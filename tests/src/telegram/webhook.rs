//! Updates that are brought to a webhook: one after the other, again until they are taken, with the secret. Unlike
//! Telegram it brings them without TLS.

use std::{sync::Arc, time::Duration};

use super::state::State;
use crate::web::post;

/// How a delivery shows that it comes from Telegram.
pub const SECRET: &str = "x-telegram-bot-api-secret-token";
/// Pause before an update that was not taken is brought again.
const AGAIN: Duration = Duration::from_millis(50);

pub(super) async fn bring(state: Arc<State>) {
    let longest = Duration::MAX;
    loop {
        let next = state.until(longest, |inside| {
            let (number, update) = inside.updates.first_key_value()?;
            let address = url::Url::parse(&inside.webhook).ok()?.socket_addrs(|| None).ok()?.pop()?;
            Some((address, inside.secret.clone(), *number, update.to_string()))
        });
        let Some((address, secret, number, update)) = next.await else { return };
        match post(address, (SECRET, &secret), &update).await {
            Ok(page) if page.status == 200 => {
                state.change(|inside| inside.updates.remove(&number));
            }
            _ => tokio::time::sleep(AGAIN).await,
        }
    }
}
