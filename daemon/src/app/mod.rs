//! Builds everything, spawns it, and stops it in order.

mod doors;
mod store;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use secrecy::SecretString;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic_health::{ServingStatus, server::HealthReporter};

pub(crate) use self::store::{journal_of, open_store};
use self::{doors::Doors, store::make_links};
use crate::{
    accounts::{Accounts, KeyRing},
    assets::Assets,
    catalogue,
    chats::{Chats, ChatsParts},
    clock::Clock,
    config::Config,
    conversations::{Conversations, ConversationsParts, interpreter::Chain},
    engine::{
        Lane, MakePipeline, Stop,
        residency::{Library, Residency},
    },
    http::{self, HttpState, Readiness},
    jobs::{Jobs, JobsParts, MatureWords, Recovered, Scheduler, run_lanes},
    ledger::DayRule,
    limits::Limits,
    metrics::Metrics,
    once,
    rpc::{self, Edge},
    store::OnFlush,
};

/// Name of the owner's account.
const OWNER: &str = "owner";
/// How often unused files and old acts are looked for.
const COLLECT_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often gauges are renewed.
const GAUGES_EVERY: Duration = Duration::from_secs(5);
/// How long engine threads may take to reach their next step once they are told to stop.
const STEP: Duration = Duration::from_secs(10);

/// What an app is built from, besides its configuration.
pub struct Setup {
    /// Everything that can be set.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// What runs jobs.
    pub pipelines: MakePipeline,
    /// The models that can be loaded.
    pub library: Arc<dyn Library>,
    /// Whether TCP and HTTP are served besides the Unix socket.
    pub network: bool,
}

/// The running daemon.
pub struct App {
    edge: Edge,
    scheduler: Scheduler,
    health: HealthReporter,
    socket: PathBuf,
    grpc: Option<std::net::SocketAddr>,
    http: Option<std::net::SocketAddr>,
    owner_code: Option<SecretString>,
    recovered: Recovered,
    /// Ends everything but the servers' last answers.
    stopping: CancellationToken,
    /// Ends the servers.
    closing: CancellationToken,
    tasks: JoinSet<()>,
}

impl App {
    /// Opens the store and starts everything; afterwards the daemon answers. `progress` hears of each step.
    ///
    /// # Errors
    /// In words for the operator. [`StoreError::Locked`](crate::store::StoreError::Locked) is kept as such, so that a face can join instead.
    pub async fn start(setup: Setup, progress: &(dyn Fn(&str) + Send + Sync)) -> anyhow::Result<Self> {
        let Setup { config, clock, pipelines, library, network } = setup;
        progress("opening the store");
        let data = config.data.clone();
        let metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
        let store = {
            let (data, config, metrics) = (data.clone(), config.store.clone(), metrics.clone());
            let on_flush: OnFlush =
                Box::new(move |changes, took| metrics.store_flushed(changes as u64, took));
            tokio::task::spawn_blocking(move || open_store(&data, &config, Some(on_flush))).await??
        };
        let doors = Doors::open(&config, network).await?;
        progress("reading keys");
        let keys = {
            let (folder, now) = (data.join("keys"), clock.now());
            tokio::task::spawn_blocking(move || KeyRing::open(&folder, now)).await??
        };
        let accounts = {
            let (store, clock, keys, config) =
                (store.clone(), clock.clone(), keys.clone(), config.accounts.clone());
            tokio::task::spawn_blocking(move || Accounts::new(store, clock, keys, config)).await??
        };
        catalogue::seed(&store).await?;
        let assets = {
            let (store, clock, folder, config) =
                (store.clone(), clock.clone(), data.join("assets"), config.assets.clone());
            tokio::task::spawn_blocking(move || Assets::open(store, clock, &folder, config)).await??
        };
        let zone = jiff::tz::TimeZone::get(&config.credits.zone).context("credits.zone")?;
        let days = DayRule::new(zone, config.credits.reset_hour).context("credits.reset_hour: is 0 to 23")?;
        let residency = Residency::new(&config.residency, library, clock.clone(), metrics.clone());
        let scheduler = Scheduler::new(config.queue.clone(), residency.clone());
        let jobs = Jobs::new(JobsParts {
            store: store.clone(),
            clock: clock.clone(),
            assets: assets.clone(),
            scheduler: scheduler.clone(),
            residency: residency.clone(),
            photo_limits: config.assets.photo_limits(),
            engine: config.engine.clone(),
            limits: config.limits.clone(),
            mature: MatureWords::read(config.chats.mature_words.as_deref())
                .context("chats.mature_words: the list can't be read")?,
            days: days.clone(),
            metrics: metrics.clone(),
        });
        let conversations = Conversations::new(ConversationsParts {
            store: store.clone(),
            clock: clock.clone(),
            jobs: jobs.clone(),
            assets: assets.clone(),
            keys: keys.clone(),
            interpreter: Chain::new(&config.interpreter, &residency),
        });
        let chats = Chats::new(ChatsParts {
            store: store.clone(),
            clock: clock.clone(),
            accounts: accounts.clone(),
            conversations: conversations.clone(),
            jobs: jobs.clone(),
            assets: assets.clone(),
            config: config.chats.clone(),
        });
        let links = if network { Some(make_links(&config, &keys)?) } else { None };
        let stopping = CancellationToken::new();
        let edge = Edge {
            limits: Limits::new(config.limits.clone()),
            config: Arc::new(config),
            store,
            clock,
            accounts,
            assets,
            links,
            jobs,
            residency,
            conversations,
            chats,
            days,
            metrics,
            stopping: stopping.clone(),
        };
        progress("putting right what was under way");
        let recovered = edge.jobs.recover().await?;
        edge.chats.finish_merges().await?;
        let (routes, health) = edge.routes()?;
        let mut app = Self {
            socket: edge.config.socket(),
            scheduler,
            health,
            grpc: doors.grpc_address(),
            http: doors.http_address(),
            owner_code: None,
            recovered,
            stopping,
            closing: CancellationToken::new(),
            tasks: JoinSet::new(),
            edge,
        };
        // Nothing is begun, and the password that is shown once is not made, before everything that can fail has not.
        let servers = app.servers(doors, routes)?;
        app.start_engine(&pipelines)?;
        app.start_upkeep();
        app.owner_code = app.edge.accounts.seed_owner(OWNER).await?;
        for server in servers {
            app.tasks.spawn(server);
        }
        Ok(app)
    }

    fn start_engine(&mut self, pipelines: &MakePipeline) -> anyhow::Result<()> {
        let engine = &self.edge.config.engine;
        let (idle, is_idle) = mpsc::channel(engine.threads as usize);
        let mut lanes = Vec::new();
        for number in 0..engine.threads {
            let residency = self.edge.residency.clone();
            let (clock, metrics) = (self.edge.clock.clone(), self.edge.metrics.clone());
            let lane = Lane::start(number, engine.niceness, clock, Arc::clone(pipelines), residency, metrics)
                .context("the system gives no thread for the engine")?;
            let (tickets, incoming) = mpsc::channel(1);
            lanes.push(tickets);
            self.tasks.spawn(run_lanes(
                self.edge.jobs.clone(),
                number as usize,
                lane,
                incoming,
                idle.clone(),
            ));
        }
        let scheduler = self.scheduler.clone();
        let (clock, stopping) = (self.edge.clock.clone(), self.stopping.clone());
        self.tasks.spawn(scheduler.run(lanes, is_idle, clock, stopping));
        Ok(())
    }

    fn start_upkeep(&mut self) {
        let edge = self.edge.clone();
        self.tasks.spawn(edge.accounts.clone().run(self.stopping.clone()));
        let (collecting, stopping) = (edge.clone(), self.stopping.clone());
        self.tasks.spawn(async move {
            loop {
                let now = collecting.clock.now();
                match collecting.assets.collect(now).await {
                    Ok(found) => collecting.metrics.set_assets(found.kept_files, found.kept_bytes),
                    Err(error) => tracing::error!(%error, "unused files could not be collected"),
                }
                let until = now.minus(collecting.config.store.acts_kept());
                if let Err(error) = once::forget(&collecting.store, until).await {
                    tracing::error!(%error, "old acts could not be forgotten");
                }
                tokio::select! {
                    () = collecting.clock.sleep(COLLECT_EVERY) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            loop {
                let (waiting, running) = edge.jobs.load();
                edge.metrics.set_queue(waiting.into(), running.into());
                edge.metrics.set_store_healthy(edge.store.healthy());
                edge.residency.expire();
                tokio::select! {
                    () = edge.clock.sleep(GAUGES_EVERY) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    /// What serves the doors, ready to run.
    fn servers(&self, doors: Doors, routes: tonic::service::Routes) -> anyhow::Result<Vec<Server>> {
        let config = Arc::clone(&self.edge.config);
        let mut servers: Vec<Server> = Vec::new();
        let (unix_routes, closing) = (routes.clone(), self.closing.clone());
        let metrics = self.edge.metrics.clone();
        servers.push(Box::pin(async move {
            let (listener, _removed_at_the_end) = doors.socket.into_parts();
            if let Err(error) = rpc::serve_unix(listener, unix_routes, &metrics, closing).await {
                tracing::error!(error = format!("{error:#}"), "the Unix socket can't be served");
            }
        }));
        if let Some(listener) = doors.grpc {
            let tls = config.listen.tls.as_ref();
            let server = rpc::serve_tcp(listener, routes, tls, &self.edge.metrics, self.closing.clone())?;
            servers.push(Box::pin(async move {
                if let Err(error) = server.await {
                    tracing::error!(error = format!("{error:#}"), "TCP can't be served");
                }
            }));
        }
        if let (Some(listener), Some(links)) = (doors.http, self.edge.links.clone()) {
            let (edge, stopping) = (self.edge.clone(), self.stopping.clone());
            let readiness = Readiness::new(move || {
                let mut reasons = Vec::new();
                if !edge.store.healthy() {
                    reasons.push("the store takes no changes".to_owned());
                }
                if stopping.is_cancelled() {
                    reasons.push("the daemon is stopping".to_owned());
                }
                reasons
            });
            let router = http::router(HttpState {
                assets: self.edge.assets.clone(),
                links,
                readiness,
                metrics: self.edge.metrics.clone(),
                clock: self.edge.clock.clone(),
                config: config.http.clone(),
            });
            let closing = self.closing.clone();
            servers.push(Box::pin(async move {
                http::serve(listener, router, &config.http, closing.cancelled_owned()).await;
            }));
        }
        Ok(servers)
    }

    /// Where the Unix socket is.
    #[must_use]
    pub fn socket(&self) -> &std::path::Path {
        &self.socket
    }

    /// Where gRPC listens on TCP.
    #[must_use]
    pub fn grpc_address(&self) -> Option<std::net::SocketAddr> {
        self.grpc
    }

    /// Where HTTP listens.
    #[must_use]
    pub fn http_address(&self) -> Option<std::net::SocketAddr> {
        self.http
    }

    /// The owner's one-time code, at the first start only.
    #[must_use]
    pub fn owner_code(&self) -> Option<&SecretString> {
        self.owner_code.as_ref()
    }

    /// What the start found of the run before.
    #[must_use]
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// Whether the store still takes changes.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.edge.store.healthy()
    }

    /// Stops in order: no new jobs, streams end, running jobs finish within the grace or are queued again, the
    /// store is closed. What was acknowledged is durable in any case.
    pub async fn stop(mut self) {
        self.health.set_service_status("", ServingStatus::NotServing).await;
        self.scheduler.stop();
        let grace = Duration::from_secs(self.edge.config.drain.grace_s);
        // Wall time on purpose: the grace is about people who wait, whatever the clock of the daemon shows.
        let deadline = tokio::time::Instant::now() + grace;
        let idle = tokio::time::timeout_at(deadline, self.scheduler.idle()).await.is_ok();
        self.stopping.cancel();
        if !idle {
            for job in self.scheduler.running() {
                self.edge.jobs.hub().live(job).control.stop(Stop::Drain);
            }
            if tokio::time::timeout(STEP, self.scheduler.idle()).await.is_err() {
                tracing::warn!("a job did not stop in time; it is taken up again at the next start");
            }
        }
        if let Err(error) = self.edge.accounts.flush_usage().await {
            tracing::warn!(%error, "the use of API keys could not be written");
        }
        // Whoever watches the health has heard of the end; the servers would wait for these streams.
        self.health.clear_service_status("").await;
        self.closing.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STEP, ended).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        self.tasks.shutdown().await;
        let store = self.edge.store.clone();
        drop(self.edge);
        tokio::task::spawn_blocking(move || store.close()).await.ok();
    }
}

/// A server until its end.
type Server = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
