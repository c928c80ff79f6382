//! Builds everything, spawns it, and stops it in order.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use atelier_models::PhotoLimits;
use secrecy::SecretString;
use tokio::{net::TcpListener, sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{
    accounts::{Accounts, KeyRing},
    assets::{Assets, Links},
    catalogue,
    clock::Clock,
    config::Config,
    conversations::{Conversations, ConversationsParts},
    engine::{Lane, MakePipelines, Stop},
    http::{self, HttpState, Readiness},
    jobs::{Jobs, JobsParts, Recovered, Scheduler, run_lanes},
    ledger::{DayRule, Journal},
    limits::Limits,
    metrics::Metrics,
    rpc::{self, Edge},
    socket::Socket,
    store::{Store, StoreError, StoreOptions},
};

/// Name of the owner's account.
const OWNER: &str = "owner";
/// How often unused files are looked for.
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
    pub pipelines: MakePipelines,
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
    /// In words for the operator. [`StoreError::Locked`] is kept as such, so that a face can join instead.
    pub async fn start(setup: Setup, progress: &(dyn Fn(&str) + Send + Sync)) -> anyhow::Result<Self> {
        let Setup { config, clock, pipelines, network } = setup;
        progress("opening the store");
        let data = config.data.clone();
        let store = {
            let (data, config) = (data.clone(), config.store.clone());
            tokio::task::spawn_blocking(move || open_store(&data, &config)).await??
        };
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
        let owner_code = accounts.seed_owner(OWNER).await?;
        store.transact(|tx| catalogue::seed(tx)).await?;
        let assets = {
            let (store, clock, folder, config) =
                (store.clone(), clock.clone(), data.join("assets"), config.assets.clone());
            tokio::task::spawn_blocking(move || Assets::open(store, clock, &folder, config)).await??
        };
        let metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
        let zone = jiff::tz::TimeZone::get(&config.credits.zone).context("credits.zone")?;
        let days = DayRule::new(zone, config.credits.reset_hour).context("credits.reset_hour: is 0 to 23")?;
        let scheduler = Scheduler::new(config.queue.clone());
        let jobs = Jobs::new(JobsParts {
            store: store.clone(),
            clock: clock.clone(),
            assets: assets.clone(),
            scheduler: scheduler.clone(),
            photo_limits: PhotoLimits {
                side_px: config.assets.max_side_px,
                decoded_bytes: config.assets.max_decoded_bytes,
            },
            engine: config.engine.clone(),
            limits: config.limits.clone(),
            days: days.clone(),
            metrics: metrics.clone(),
        });
        let conversations = Conversations::new(ConversationsParts {
            store: store.clone(),
            clock: clock.clone(),
            jobs: jobs.clone(),
            assets: assets.clone(),
            keys: keys.clone(),
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
            conversations,
            days,
            metrics,
            stopping: stopping.clone(),
        };
        progress("putting right what was under way");
        let recovered = edge.jobs.recover().await?;
        let (routes, health) = edge.routes()?;
        let mut app = Self {
            socket: edge.config.socket(),
            scheduler,
            health,
            grpc: None,
            http: None,
            owner_code,
            recovered,
            stopping,
            closing: CancellationToken::new(),
            tasks: JoinSet::new(),
            edge,
        };
        app.start_engine(&pipelines)?;
        app.start_upkeep(keys);
        app.listen(routes, network).await?;
        Ok(app)
    }

    fn start_engine(&mut self, pipelines: &MakePipelines) -> anyhow::Result<()> {
        let engine = &self.edge.config.engine;
        let (idle, is_idle) = mpsc::channel(engine.threads as usize);
        let mut lanes = Vec::new();
        for number in 0..engine.threads {
            let lane = Lane::start(number, engine.niceness, Arc::clone(pipelines))
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

    fn start_upkeep(&mut self, keys: KeyRing) {
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
                if let Err(error) = keys.maintain(now) {
                    tracing::error!(%error, "the signing keys could not be renewed");
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
                tokio::select! {
                    () = edge.clock.sleep(GAUGES_EVERY) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    async fn listen(&mut self, routes: tonic::service::Routes, network: bool) -> anyhow::Result<()> {
        let socket = Socket::bind(&self.socket)?;
        let (unix_routes, closing) = (routes.clone(), self.closing.clone());
        self.tasks.spawn(async move {
            let (listener, _removed_at_the_end) = socket.into_parts();
            if let Err(error) = rpc::serve_unix(listener, unix_routes, closing).await {
                tracing::error!(error = format!("{error:#}"), "the Unix socket can't be served");
            }
        });
        if !network {
            return Ok(());
        }
        let config = Arc::clone(&self.edge.config);
        if let Some(address) = config.listen.grpc {
            let listener = TcpListener::bind(address)
                .await
                .with_context(|| format!("listen.grpc: can't listen on {address}"))?;
            self.grpc = Some(listener.local_addr()?);
            let closing = self.closing.clone();
            let tls = config.listen.tls.clone();
            // Certificates are read before the daemon says that it is ready.
            let server = rpc::serve_tcp(listener, routes, tls.as_ref(), closing)?;
            self.tasks.spawn(async move {
                if let Err(error) = server.await {
                    tracing::error!(error = format!("{error:#}"), "TCP can't be served");
                }
            });
        }
        if let Some(links) = self.edge.links.clone() {
            let address = config.http.listen;
            let listener = TcpListener::bind(address)
                .await
                .with_context(|| format!("http.listen: can't listen on {address}"))?;
            self.http = Some(listener.local_addr()?);
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
            self.tasks.spawn(async move {
                http::serve(listener, router, &config.http, closing.cancelled_owned()).await;
            });
        }
        Ok(())
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

    /// The owner's one-time password, at the first start only.
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

/// The store with its journal beside it.
pub(crate) fn open_store(
    data: &std::path::Path,
    config: &crate::config::StoreConfig,
) -> Result<Store, StoreError> {
    let folder = data.join("store");
    make_private(&folder)?;
    let options = StoreOptions {
        cache_bytes: config.cache_bytes,
        queue_changes: config.queue_changes,
        batch_changes: config.batch_changes,
        mirror: Some(Box::new(Journal::open(&journal_of(data))?)),
    };
    Store::open(&folder, options)
}

/// The journal beside the store.
pub(crate) fn journal_of(data: &std::path::Path) -> PathBuf {
    data.join("store").join("journal")
}

/// Everybody's pictures and secrets lie below: nobody else on the machine may look.
fn make_private(folder: &std::path::Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| StoreError::File {
        action: "cannot create",
        path: folder.to_owned(),
        reason: error.to_string(),
    })
}

fn make_links(config: &Config, keys: &KeyRing) -> anyhow::Result<Links> {
    let valid = Duration::from_secs(config.assets.link_valid_s);
    Links::new(keys.clone(), &config.http.public_url, valid).context("http.public_url")
}
