//! Puts the services together and listens.

use std::{path::Path, time::Duration};

use atelier_proto::{
    DESCRIPTORS,
    v1::{
        accounts_server::AccountsServer, admin_server::AdminServer, assets_server::AssetsServer,
        catalogue_server::CatalogueServer, chats_server::ChatsServer,
        conversations_server::ConversationsServer, credits_server::CreditsServer, jobs_server::JobsServer,
        models_server::ModelsServer, system_server::SystemServer,
    },
};
use tokio::net::{TcpListener, UnixListener};
use tokio_stream::wrappers::{TcpListenerStream, UnixListenerStream};
use tokio_util::sync::CancellationToken;
use tonic::{
    service::Routes,
    transport::{Identity, Server, ServerTlsConfig},
};
use tonic_health::server::HealthReporter;
use tower::util::MapResponseLayer;

use super::{
    accounts::AccountsService, admin::AdminService, assets::AssetsService, catalogue::CatalogueService,
    chats::ChatsService, conversations::ConversationsService, counting::CountingLayer,
    credits::CreditsService, decoding, finishing::FinishingLayer, gate::Gate, jobs::JobsService,
    models::ModelsService, system::SystemService,
};
use crate::{
    accounts::Accounts,
    assets::{Assets, Links},
    chats::Chats,
    clock::Clock,
    config::{Config, TlsConfig},
    conversations::Conversations,
    engine::residency::Residency,
    jobs::Jobs,
    ledger::DayRule,
    limits::Limits,
    metrics::Metrics,
    store::Store,
};

/// Largest message that is accepted, in bytes. Files come in pieces of 64 KiB; the longest text is far below.
const MESSAGE_BYTES: usize = 1024 * 1024;
/// Calls of one connection that run at a time.
const CALLS_PER_CONNECTION: usize = 128;
/// A dead peer is noticed after this long.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Everything that the edge speaks for.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) config: std::sync::Arc<Config>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) accounts: Accounts,
    pub(crate) limits: Limits,
    pub(crate) assets: Assets,
    pub(crate) links: Option<Links>,
    pub(crate) jobs: Jobs,
    pub(crate) residency: Residency,
    pub(crate) conversations: Conversations,
    pub(crate) chats: Chats,
    pub(crate) days: DayRule,
    pub(crate) metrics: Metrics,
    /// Ends long streams when the daemon stops.
    pub(crate) stopping: CancellationToken,
}

impl Edge {
    pub(super) fn gate(&self) -> Gate {
        Gate { accounts: self.accounts.clone(), limits: self.limits.clone(), clock: self.clock.clone() }
    }

    /// The services with health and reflection. The reporter tells health of the daemon's end.
    pub(crate) fn routes(&self) -> Result<(Routes, HealthReporter), tonic_reflection::server::Error> {
        let (health, health_service) = tonic_health::server::health_reporter();
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        macro_rules! bounded {
            ($server:ident, $service:expr) => {
                $server::new($service).max_decoding_message_size(MESSAGE_BYTES)
            };
        }
        let gate = self.gate();
        let routes = Routes::new(health_service)
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?)
            .add_service(bounded!(AccountsServer, AccountsService { gate: gate.clone() }))
            .add_service(bounded!(AdminServer, AdminService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(AssetsServer, AssetsService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(
                CatalogueServer,
                CatalogueService { gate: gate.clone(), edge: self.clone() }
            ))
            .add_service(bounded!(ChatsServer, ChatsService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(
                ConversationsServer,
                ConversationsService { gate: gate.clone(), edge: self.clone() }
            ))
            .add_service(bounded!(CreditsServer, CreditsService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(JobsServer, JobsService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(ModelsServer, ModelsService { gate: gate.clone(), edge: self.clone() }))
            .add_service(bounded!(SystemServer, SystemService { gate, edge: self.clone() }));
        Ok((routes, health))
    }
}

/// Reads the certificates and answers what serves TCP until `stop`; then it finishes what is under way.
pub(crate) fn serve_tcp(
    listener: TcpListener,
    routes: Routes,
    tls: Option<&TlsConfig>,
    metrics: &Metrics,
    stop: CancellationToken,
) -> anyhow::Result<impl Future<Output = anyhow::Result<()>> + Send + use<>> {
    use anyhow::Context as _;
    let mut server = builder();
    if let Some(tls) = tls {
        let read =
            |path: &Path| std::fs::read(path).with_context(|| format!("can't read {}", path.display()));
        let identity = Identity::from_pem(read(&tls.certificate)?, read(&tls.key)?);
        server = server
            .tls_config(ServerTlsConfig::new().identity(identity))
            .context("listen.tls: certificate and key don't fit")?;
    }
    let mut server = server
        .layer(CountingLayer(metrics.clone()))
        .layer(MapResponseLayer::new(decoding::blame_caller))
        .layer(FinishingLayer);
    let router = server.add_routes(routes);
    Ok(async move {
        let incoming = TcpListenerStream::new(listener);
        Ok(router.serve_with_incoming_shutdown(incoming, stop.cancelled_owned()).await?)
    })
}

/// Serves the Unix socket until `stop`; then finishes what is under way.
pub(crate) async fn serve_unix(
    listener: UnixListener,
    routes: Routes,
    metrics: &Metrics,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let incoming = UnixListenerStream::new(listener);
    let mut server = builder()
        .layer(CountingLayer(metrics.clone()))
        .layer(MapResponseLayer::new(decoding::blame_caller))
        .layer(FinishingLayer);
    server.add_routes(routes).serve_with_incoming_shutdown(incoming, stop.cancelled_owned()).await?;
    Ok(())
}

fn builder() -> Server {
    Server::builder()
        .concurrency_limit_per_connection(CALLS_PER_CONNECTION)
        .http2_keepalive_interval(Some(PING_EVERY))
        .http2_keepalive_timeout(Some(PING_TIMEOUT))
        .tcp_nodelay(true)
}
