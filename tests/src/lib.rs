//! A studio for tests: the real daemon in this process, over real sockets, on a data folder of its own.
//!
//! Only three things are not as in production: the time may be moved by hand, the engine runs through a
//! [`Valve`], which holds the real pipeline at a step until the test lets it go on, and the models that can be
//! loaded are those of a [`Shelf`](shelf::Shelf). Thumbnails are made by rules, because they are quick, unless a test
//! begins with [`Studio::whole`].

pub mod acts;
pub mod chatting;
pub mod discord;
mod form;
pub mod pictures;
mod process;
pub mod raw;
pub mod shelf;
pub mod talk;
pub mod telegram;
mod valve;
pub mod web;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, ensure};
use atelier_daemon::{
    accounts::Registration,
    app::{App, Setup},
    clock::{Clock, Timestamp},
    config::Config,
    engine::{self, residency::Library},
    models::Painters,
};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, MemoryTokens, Patience},
    request_id,
    v1::{self as wire, RegisterRequest, Tokens},
};
use tempfile::TempDir;

pub use self::{
    process::{Daemon, Finished, Home, atelierd, binary, finish},
    valve::Valve,
};

/// A password that is long enough.
pub const PASSWORD: &str = "correct horse battery";

/// A clock that stands at noon (UTC) of a day that is so far away that no token looks old to a client, which has
/// the system's clock.
#[must_use]
pub fn noon() -> Clock {
    Clock::manual(Timestamp::from_millis(4_102_488_000_000))
}

/// A running daemon and its folder.
pub struct Studio {
    folder: TempDir,
    app: Option<App>,
    config: Config,
    /// The daemon's clock.
    pub clock: Clock,
    /// Holds the engine.
    pub valve: Valve,
    /// The models that can be loaded; empty at first.
    pub shelf: shelf::Shelf,
    /// Whether the models are those of the program instead.
    whole: bool,
}

impl Studio {
    /// A daemon with open registration, the system's clock and an open valve.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn start() -> anyhow::Result<Self> {
        Self::with(Clock::system(), |_| ()).await
    }

    /// The same with another clock or configuration.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn with(clock: Clock, change: impl FnOnce(&mut Config)) -> anyhow::Result<Self> {
        let studio = Self::begin(clock, change, false).await?;
        studio.activate("draft-1").await?;
        Ok(studio)
    }

    /// A daemon with its own models and algorithms, as after a fresh installation.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn whole() -> anyhow::Result<Self> {
        Self::begin(Clock::system(), |_| (), true).await
    }

    async fn begin(clock: Clock, change: impl FnOnce(&mut Config), whole: bool) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::default();
        config.data = folder.path().join("data");
        config.listen.socket = folder.path().join("a.sock");
        config.listen.grpc = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        config.http.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.accounts.registration = Registration::Open;
        // Cheap on purpose: the cost of a password is tested where it is made.
        config.accounts.password.memory_kib = 64;
        config.accounts.password.passes = 1;
        config.limits.address_per_minute = std::num::NonZeroU32::MAX;
        config.drain.grace_s = 0;
        for plan in config.plans.values_mut() {
            plan.daily_credits = 20;
        }
        change(&mut config);
        let (valve, shelf) = (Valve::open(), shelf::Shelf::default());
        let mut studio = Self { folder, app: None, config, clock, valve, shelf, whole };
        studio.boot().await?;
        Ok(studio)
    }

    async fn boot(&mut self) -> anyhow::Result<()> {
        let valve = self.valve.clone();
        let built_in = engine::built_in();
        let pipelines: engine::MakePipeline = Arc::new(move |recipe, model| {
            let mut pipeline = built_in(recipe, model)?;
            valve.fit(&mut pipeline);
            Ok(pipeline)
        });
        let library: Arc<dyn Library> =
            if self.whole { Arc::new(Painters::new(&self.config)) } else { Arc::new(self.shelf.clone()) };
        let setup = Setup {
            config: self.config.clone(),
            clock: self.clock.clone(),
            pipelines,
            library,
            network: true,
        };
        self.app = Some(App::start(setup, &|_| ()).await?);
        Ok(())
    }

    /// Stops the daemon in order and starts it again on the same folder.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.stop().await;
        self.boot().await
    }

    /// The same with another configuration.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) -> anyhow::Result<()> {
        self.stop().await;
        change(&mut self.config);
        self.boot().await
    }

    /// Stops the daemon in order.
    pub async fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            app.stop().await;
        }
    }

    /// The folder of the daemon's data.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        &self.config.data
    }

    /// A folder for files of the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The daemon's configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The Unix socket.
    #[must_use]
    pub fn socket(&self) -> Endpoint {
        Endpoint::Unix(self.config.listen.socket.clone())
    }

    /// The address of gRPC on TCP; another one after each start.
    ///
    /// # Errors
    /// When the daemon is stopped.
    pub fn tcp(&self) -> anyhow::Result<Endpoint> {
        let address = self.app.as_ref().and_then(App::grpc_address).context("the daemon is stopped")?;
        Ok(Endpoint::Tcp { url: format!("http://{address}"), ca_pem: None })
    }

    /// The address of HTTP; another one after each start.
    ///
    /// # Errors
    /// When the daemon is stopped.
    pub fn http(&self) -> anyhow::Result<SocketAddr> {
        self.app.as_ref().and_then(App::http_address).context("the daemon is stopped")
    }

    /// The owner, by the Unix socket.
    ///
    /// # Errors
    /// None in practice.
    pub fn owner(&self) -> anyhow::Result<Client> {
        Ok(Client::new(&self.socket(), Credentials::None, Patience::INTERACTIVE)?)
    }

    /// A caller without credentials, by TCP.
    ///
    /// # Errors
    /// When the daemon is stopped.
    pub fn stranger(&self) -> anyhow::Result<Client> {
        Ok(Client::new(&self.tcp()?, Credentials::None, Patience::NONE)?)
    }

    /// Registers a member and logs in, by the Unix socket, which stays where it is over a restart.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn member(&self, name: &str) -> anyhow::Result<Client> {
        let tokens = self.register(name).await?;
        self.session(tokens)
    }

    /// A client of its own connection that goes on with these tokens, by the Unix socket.
    ///
    /// # Errors
    /// None in practice.
    pub fn session(&self, tokens: Tokens) -> anyhow::Result<Client> {
        let credentials = Credentials::Session(Arc::new(MemoryTokens::new(tokens)));
        Ok(Client::new(&self.socket(), credentials, Patience::INTERACTIVE)?)
    }

    /// A client of its own connection that shows this token or API key, by the Unix socket.
    ///
    /// # Errors
    /// None in practice.
    pub fn bearer(&self, token: &str) -> anyhow::Result<Client> {
        Ok(Client::new(&self.socket(), Credentials::Bearer(token.to_owned()), Patience::INTERACTIVE)?)
    }

    /// Registers a member and gives the tokens.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn register(&self, name: &str) -> anyhow::Result<Tokens> {
        let answer = self.owner()?.accounts().register(registration(name)).await?.into_inner();
        answer.tokens.context("registered without tokens")
    }

    /// Gives (or takes) credits as the owner.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn adjust(&self, member: &str, change_credits: i64) -> anyhow::Result<wire::MemberRow> {
        let request = wire::AdjustCreditsRequest {
            request_id: request_id(),
            member: member.to_owned(),
            change_credits,
            reason: "for the test".to_owned(),
        };
        let answer = self.owner()?.admin().adjust_credits(request).await?.into_inner();
        answer.member.context("no member")
    }

    /// Makes an algorithm the one that is taken where nobody picks, as the owner.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn activate(&self, algorithm: &str) -> anyhow::Result<()> {
        let request = wire::SetAlgorithmStateRequest {
            request_id: request_id(),
            algorithm: algorithm.to_owned(),
            state: wire::AlgorithmState::Active.into(),
        };
        self.owner()?.admin().set_algorithm_state(request).await?;
        Ok(())
    }

    /// Sets the price of a picture as the owner.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn set_price(&self, price_credits: u64) -> anyhow::Result<()> {
        let request = wire::SetAlgorithmPriceRequest {
            request_id: request_id(),
            algorithm: "draft-1".to_owned(),
            price_credits,
        };
        self.owner()?.admin().set_algorithm_price(request).await?;
        Ok(())
    }

    /// Sets the role of a member as the owner.
    ///
    /// # Errors
    /// The daemon's.
    pub async fn set_role(&self, member: &str, role: wire::Role) -> anyhow::Result<()> {
        let request =
            wire::SetRoleRequest { request_id: request_id(), member: member.to_owned(), role: role.into() };
        self.owner()?.admin().set_role(request).await?;
        Ok(())
    }

    /// Verifies the ledger. Answers how many transfers it has.
    ///
    /// # Errors
    /// What does not agree.
    pub async fn ledger_is_sound(&self) -> anyhow::Result<u64> {
        let report = self.owner()?.admin().verify_ledger(wire::VerifyLedgerRequest {}).await?.into_inner();
        ensure!(report.sound, "the ledger is not sound: {:?}", report.findings);
        Ok(report.transfer_count)
    }
}

/// What is sent to register under this name.
#[must_use]
pub fn registration(name: &str) -> RegisterRequest {
    RegisterRequest {
        request_id: request_id(),
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        invitation: String::new(),
    }
}
