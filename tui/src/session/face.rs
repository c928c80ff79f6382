//! The connection as the terminal UI hears of it: news over a channel, so that the first frame waits for nothing.

use std::time::Duration;

use atelier_proto::{
    client::{Backoff, Client, Patience, is_away},
    v1::{GetInfoRequest, Registration as WireRegistration, WhoAmIRequest},
};
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tonic::{Code, Status};

use super::{ConnectError, FileTokens, Session, api_key, embedded::Running, open, sign_in, sign_up};
use crate::{
    args::Global,
    ui::{ConnectEvent, Connected, Leave, LoginDoor, Place, Registration},
};

/// What is left to do after the UI has gone.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it in a process; small without a daemon inside"
)]
pub(crate) enum Farewell {
    /// Nothing: the daemon is elsewhere, was never begun, or has stopped.
    Nothing,
    /// The daemon that ran here has to go on by itself.
    KeepServing(Running),
}

/// Connects, tells the UI, and holds the daemon until the UI says how it left.
pub(crate) async fn open_for_face(
    global: &Global,
    events: mpsc::Sender<ConnectEvent>,
    mut leave: oneshot::Receiver<Leave>,
) -> Farewell {
    let teller = events.clone();
    // News of the start are worth nothing once newer ones wait: a full channel drops them.
    let progress = move |news: &str| drop(teller.try_send(ConnectEvent::Progress(news.to_owned())));
    let opened = tokio::select! {
        opened = open(global, api_key(), progress) => opened,
        // The store takes a crash at any point, so it takes this as well.
        _ = &mut leave => return Farewell::Nothing,
    };
    let session = match opened {
        Ok(session) => session,
        Err(error) => {
            events.send(ConnectEvent::Failed(error.to_string())).await.ok();
            leave.await.ok();
            return Farewell::Nothing;
        }
    };
    let left = tokio::select! {
        () = introduce(&session, &events) => None,
        left = &mut leave => Some(left),
    };
    let left = match left {
        Some(left) => left,
        None => leave.await,
    };
    match (left, session) {
        (Ok(Leave::KeepServing), Session { running: Some(running), .. }) => Farewell::KeepServing(running),
        (_, session) => {
            session.close().await;
            Farewell::Nothing
        }
    }
}

/// Finds out whether the daemon knows the caller. A daemon that can't be reached is tried for as long as the UI is
/// there.
async fn introduce(session: &Session, events: &mpsc::Sender<ConnectEvent>) {
    let mut backoff = Backoff::new();
    let client = session.client.with_patience(Patience::NONE);
    let event = loop {
        match knows(&client).await {
            Ok(()) => {
                break ConnectEvent::Ready(Connected {
                    client: session.client.clone(),
                    place: session.place.clone(),
                });
            }
            Err(status) if status.code() == Code::Unauthenticated => {
                break door(session, &client).await.map_or_else(
                    |error| ConnectEvent::Failed(error.to_string()),
                    |door| ConnectEvent::NeedLogin(Box::new(door)),
                );
            }
            Err(status) if is_away(&status) || status.code() == Code::DeadlineExceeded => {
                let pause = backoff.next_pause().max(Duration::from_millis(500));
                let news = format!("{} does not answer; trying again", session.endpoint);
                if events.send(ConnectEvent::Progress(news)).await.is_err() {
                    return;
                }
                tokio::time::sleep(pause).await;
            }
            Err(status) => break ConnectEvent::Failed(status.message().to_owned()),
        }
    };
    events.send(event).await.ok();
}

async fn knows(client: &Client) -> Result<(), Status> {
    client.call(|client| async move { client.accounts().who_am_i(WhoAmIRequest {}).await }).await.map(drop)
}

async fn door(session: &Session, client: &Client) -> Result<Door, ConnectError> {
    let info = client.call(|client| async move { client.system().get_info(GetInfoRequest {}).await }).await;
    let registration = match info.map(|info| info.registration()) {
        Ok(WireRegistration::Open) => Registration::Open,
        Ok(WireRegistration::Invite) => Registration::Invite,
        // A daemon that does not say is not asked for an account.
        Ok(WireRegistration::Closed | WireRegistration::Unspecified) | Err(_) => Registration::Closed,
    };
    let (client, place) = (session.client.clone(), session.place.clone());
    Ok(Door { client, tokens: session.tokens()?, place, registration })
}

/// Where somebody without a session logs in.
struct Door {
    client: Client,
    tokens: FileTokens,
    place: Place,
    registration: Registration,
}

impl LoginDoor for Door {
    fn registration(&self) -> Registration {
        self.registration
    }

    fn login(&self, name: String, password: String) -> BoxFuture<'static, Result<Connected, String>> {
        let Self { client, tokens, place, .. } = self.parts();
        Box::pin(async move {
            let answer = sign_in(&client, &tokens, &name, &password).await;
            let (client, _) = answer.map_err(|status| status.message().to_owned())?;
            Ok(Connected { client, place })
        })
    }

    fn register(
        &self,
        name: String,
        password: String,
        invitation: String,
    ) -> BoxFuture<'static, Result<Connected, String>> {
        let Self { client, tokens, place, .. } = self.parts();
        Box::pin(async move {
            let answer = sign_up(&client, &tokens, &name, &password, &invitation).await;
            let (client, _) = answer.map_err(|status| status.message().to_owned())?;
            Ok(Connected { client, place })
        })
    }
}

impl Door {
    fn parts(&self) -> Self {
        Self {
            client: self.client.clone(),
            tokens: self.tokens.clone(),
            place: self.place.clone(),
            registration: self.registration,
        }
    }
}
