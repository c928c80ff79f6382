//! What has to be done now and then: writing down usage, forgetting what has expired, renewing keys.

use std::ops::ControlFlow;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Accounts;
use super::error::AccountsError;
use super::invitation::INVITATIONS;
use super::session::{self, SESSIONS};
use super::throttle::{self, FAILURES};
use crate::store::{Order, StoreError};

const EVERY: Duration = Duration::from_secs(60);
/// Turns between two times of forgetting and renewing.
const PRUNE_EVERY: u32 = 60;
/// Rows that are forgotten in one transaction.
const TOGETHER: usize = 256;

impl Accounts {
    /// Keeps the accounts in order until `stop`, then writes down what is left.
    pub async fn run(self, stop: CancellationToken) {
        let mut turn = 0u32;
        loop {
            tokio::select! {
                () = self.inner.clock.sleep(EVERY) => {}
                () = stop.cancelled() => break,
            }
            report("the use of API keys can't be written", self.flush_usage().await);
            turn = (turn + 1) % PRUNE_EVERY;
            if turn == 0 {
                report("expired sessions and codes can't be removed", self.prune().await);
                report("the signing keys can't be renewed", self.renew_keys().await);
            }
        }
        report("the use of API keys can't be written", self.flush_usage().await);
    }

    /// Removes sessions, invitations and counted failures that are of no use any more.
    ///
    /// # Errors
    /// The store's.
    pub async fn prune(&self) -> Result<(), AccountsError> {
        let (now, config) = (self.now(), self.config_handle());
        let sessions = self.found(&SESSIONS, |row| now >= row.session.expires_at)?;
        for chunk in sessions.chunks(TOGETHER) {
            let chunk = chunk.to_vec();
            let remove = self.store().transact(move |tx| {
                for id in &chunk {
                    // It may have been refreshed in the meantime.
                    if let Some(row) = SESSIONS.get(tx, id)?.filter(|row| now >= row.session.expires_at) {
                        session::end(tx, row.member, *id)?;
                    }
                }
                Ok::<_, StoreError>(())
            });
            remove.await?;
        }
        let invitations = self.found(&INVITATIONS, |invitation| !invitation.counts(now))?;
        for chunk in invitations.chunks(TOGETHER) {
            let chunk = chunk.to_vec();
            let remove = move |tx: &mut crate::store::Tx<'_>| {
                chunk.iter().try_for_each(|hash| INVITATIONS.remove(tx, hash))
            };
            self.store().transact(remove).await?;
        }
        // The rule of a row depends on its key, so all rows are looked at again inside.
        let failures = self.found(&FAILURES, |_| true)?;
        for chunk in failures.chunks(TOGETHER) {
            let (chunk, config) = (chunk.to_vec(), config.clone());
            let remove = self.store().transact(move |tx| {
                for key in &chunk {
                    let rule = throttle::rule_of(key, &config);
                    if FAILURES.get(tx, key)?.is_some_and(|failures| failures.forgotten(rule, now)) {
                        FAILURES.remove(tx, key)?;
                    }
                }
                Ok::<_, StoreError>(())
            });
            remove.await?;
        }
        Ok(())
    }

    /// The keys of the rows that match, at most as many as are worth one round.
    fn found<K, V>(
        &self,
        table: &crate::store::Table<K, V>,
        matches: impl Fn(&V) -> bool,
    ) -> Result<Vec<K>, StoreError>
    where
        K: crate::store::Key,
        V: serde::Serialize + serde::de::DeserializeOwned,
    {
        let mut keys = Vec::new();
        table.visit(self.store(), .., Order::Ascending, |key, value| {
            if matches(&value) {
                keys.push(key);
            }
            if keys.len() < 64 * TOGETHER { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(keys)
    }

    async fn renew_keys(&self) -> Result<(), AccountsError> {
        let (keys, now) = (self.keys().clone(), self.now());
        let renewed = tokio::task::spawn_blocking(move || keys.maintain(now)).await;
        renewed.map_err(|error| AccountsError::Internal(format!("renewing keys failed: {error}")))??;
        Ok(())
    }
}

fn report(problem: &'static str, outcome: Result<(), AccountsError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "{problem}");
    }
}
