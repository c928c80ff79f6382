//! Configuration: one value, read completely before anything starts.
//!
//! Later sources win: defaults, the TOML file, the environment (`ATELIER_SECTION__KEY`), flags. Unknown keys are
//! mistakes. [`Config::check`] finds everything that is wrong at once, one line each.

mod environment;
mod places;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use self::environment::Environment;
pub use self::places::{default_data, default_socket};
use crate::{
    accounts::AccountsConfig,
    assets::AssetsConfig,
    chats::ChatsConfig,
    conversations::interpreter::InterpreterConfig,
    engine::{EngineConfig, residency::ResidencyConfig},
    http::HttpConfig,
    jobs::queue::QueueConfig,
    limits::LimitsConfig,
    models::ModelsConfig,
};

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the studio, for people.
    pub studio_name: String,
    /// Folder that holds everything; empty for `atelier` in the user's data folder.
    pub data: PathBuf,
    /// Where gRPC listens.
    pub listen: ListenConfig,
    /// The HTTP edge.
    pub http: HttpConfig,
    /// Accounts and tokens.
    pub accounts: AccountsConfig,
    /// Plans by name; `free` is everybody's.
    pub plans: BTreeMap<String, Plan>,
    /// Credits.
    pub credits: CreditsConfig,
    /// Requests and generations.
    pub limits: LimitsConfig,
    /// The queue.
    pub queue: QueueConfig,
    /// The engine.
    pub engine: EngineConfig,
    /// Loaded models.
    pub residency: ResidencyConfig,
    /// Installed models.
    pub models: ModelsConfig,
    /// Who reads conversations.
    pub interpreter: InterpreterConfig,
    /// Files.
    pub assets: AssetsConfig,
    /// Chats.
    pub chats: ChatsConfig,
    /// The store.
    pub store: StoreConfig,
    /// Stopping.
    pub drain: DrainConfig,
    /// Logs.
    pub log: LogConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            studio_name: "Atelier".to_owned(),
            data: PathBuf::new(),
            listen: ListenConfig::default(),
            http: HttpConfig::default(),
            accounts: AccountsConfig::default(),
            plans: BTreeMap::from([
                (FREE_PLAN.to_owned(), Plan::default()),
                (GUEST_PLAN.to_owned(), Plan { daily_credits: 5, ..Plan::default() }),
            ]),
            credits: CreditsConfig::default(),
            limits: LimitsConfig::default(),
            queue: QueueConfig::default(),
            engine: EngineConfig::default(),
            residency: ResidencyConfig::default(),
            models: ModelsConfig::default(),
            interpreter: InterpreterConfig::default(),
            assets: AssetsConfig::default(),
            chats: ChatsConfig::default(),
            store: StoreConfig::default(),
            drain: DrainConfig::default(),
            log: LogConfig::default(),
        }
    }
}

/// The plan of everybody who has no other.
pub const FREE_PLAN: &str = "free";

/// The plan of chat users without an account.
pub const GUEST_PLAN: &str = "guest";

/// Where gRPC listens, besides the Unix socket that is always there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListenConfig {
    /// TCP address, or `off` for the Unix socket alone. Anything but loopback needs `tls`.
    #[serde(with = "address_or_off")]
    pub grpc: Option<SocketAddr>,
    /// Path of the Unix socket; empty for one in the runtime folder that belongs to the data folder.
    pub socket: PathBuf,
    /// Certificate and key for TCP.
    pub tls: Option<TlsConfig>,
}

impl Default for ListenConfig {
    fn default() -> Self {
        let grpc = Some(SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 7340)));
        Self { grpc, socket: PathBuf::new(), tls: None }
    }
}

/// TOML and the environment have no "nothing", so it is a word.
mod address_or_off {
    use std::net::SocketAddr;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    const OFF: &str = "off";

    pub(super) fn serialize<S: Serializer>(address: &Option<SocketAddr>, to: S) -> Result<S::Ok, S::Error> {
        match address {
            Some(address) => to.collect_str(address),
            None => to.serialize_str(OFF),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
        let text = String::deserialize(from)?;
        if text == OFF {
            return Ok(None);
        }
        let wrong = |_| D::Error::custom(format!("`{text}` is no address: write 127.0.0.1:7340, or off"));
        text.parse().map(Some).map_err(wrong)
    }
}

/// TLS files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM with the certificate chain.
    pub certificate: PathBuf,
    /// PEM with the private key.
    pub key: PathBuf,
}

/// What a plan gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Share of the queue, 1 to 100.
    pub weight: u32,
    /// Free credits each day.
    pub daily_credits: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { weight: 1, daily_credits: 20 }
    }
}

/// Credits.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreditsConfig {
    /// Prices at or under this run without asking; none: what today's free credits cover.
    pub auto_confirm_credits: Option<u64>,
    /// Hour at which a day of free credits begins, 0 to 23.
    pub reset_hour: i8,
    /// Time zone of that hour, such as `Europe/Berlin`.
    pub zone: String,
}

impl Default for CreditsConfig {
    fn default() -> Self {
        Self { auto_confirm_credits: None, reset_hour: 0, zone: "UTC".to_owned() }
    }
}

/// The store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// What the engine may cache, in bytes; it takes it as a hint.
    pub cache_bytes: u64,
    /// Changes that may wait for the writer.
    pub queue_changes: usize,
    /// Changes that may share one flush.
    pub batch_changes: usize,
    /// How many days an act is remembered, so that asking again has no second effect. Longer than any client tries.
    pub acts_kept_days: u32,
}

impl StoreConfig {
    /// How long an act is remembered.
    #[must_use]
    pub fn acts_kept(&self) -> Duration {
        Duration::from_secs(u64::from(self.acts_kept_days) * 24 * 60 * 60)
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { cache_bytes: 16 << 20, queue_changes: 4_096, batch_changes: 256, acts_kept_days: 30 }
    }
}

/// Stopping.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DrainConfig {
    /// How long a running job may take to finish before it is queued again, in seconds.
    pub grace_s: u64,
}

impl Default for DrainConfig {
    fn default() -> Self {
        Self { grace_s: 20 }
    }
}

/// Logs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, such as `info` or `atelier_daemon=debug,info`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

/// A mistake in the configuration: one line each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Mistakes(pub Vec<String>);

/// What flags may set.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flags {
    /// The data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
}

impl Config {
    /// Where the values come from, in the order in which they win.
    #[must_use]
    pub fn sources(file: Option<&Path>, flags: &Flags) -> Figment {
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            sources = sources.merge(Toml::file_exact(file));
        }
        sources.merge(Environment::of_process()).merge(Serialized::defaults(flags))
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// [`Mistakes`], one line each.
    pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Self, Mistakes> {
        let mut config: Self = Self::sources(file, flags)
            .extract()
            .map_err(|errors| Mistakes(errors.into_iter().map(|error| error.to_string()).collect()))?;
        if config.data.as_os_str().is_empty() {
            config.data = default_data().ok_or_else(|| {
                Mistakes(vec!["no home folder is known; say where the data goes with --data DIR".to_owned()])
            })?;
        }
        let mistakes = config.check();
        if mistakes.is_empty() { Ok(config) } else { Err(Mistakes(mistakes)) }
    }

    /// Everything that is wrong with these values.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut must = |holds: bool, mistake: &str| {
            if !holds {
                mistakes.push(mistake.to_owned());
            }
        };
        let public = |address: SocketAddr| !address.ip().is_loopback();
        must(
            !self.listen.grpc.is_some_and(public) || self.listen.tls.is_some(),
            "listen.grpc: a public address needs listen.tls (certificate and key); or listen on 127.0.0.1",
        );
        must(self.plans.contains_key(FREE_PLAN), "plans: the plan `free` is missing");
        must(self.plans.values().all(|plan| (1..=100).contains(&plan.weight)), "plans: a weight is 1 to 100");
        must((0..24).contains(&self.credits.reset_hour), "credits.reset_hour: is 0 to 23");
        must(
            jiff::tz::TimeZone::get(&self.credits.zone).is_ok(),
            "credits.zone: is not a known time zone; write it like Europe/Berlin",
        );
        let url = url::Url::parse(&self.http.public_url);
        must(
            url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none()),
            "http.public_url: must be an http or https address without a query",
        );
        must(self.http.connections > 0, "http.connections: is at least 1");
        must(self.http.requests_at_once > 0, "http.requests_at_once: is at least 1");
        must(
            (1..=30 * 86_400).contains(&self.assets.link_valid_s),
            "assets.link_valid_s: is 1 to 2592000 (30 days, the life of the keys)",
        );
        must(self.drain.grace_s <= 3_600, "drain.grace_s: is at most 3600");
        must(
            EnvFilter::try_new(&self.log.filter).is_ok(),
            "log.filter: is no filter; write it like info or atelier_daemon=debug",
        );
        must((1..=64).contains(&self.engine.threads), "engine.threads: is 1 to 64");
        must(self.engine.niceness <= 19, "engine.niceness: is 0 to 19");
        must((1..=20).contains(&self.engine.max_attempts), "engine.max_attempts: is 1 to 20");
        must(
            self.residency.memory_budget_bytes > 0,
            "residency.memory_budget_bytes: is at least 1; leave it out for half of this machine's memory",
        );
        must(self.queue.max_jobs > 0, "queue.max_jobs: is at least 1");
        must(self.queue.max_jobs_per_member > 0, "queue.max_jobs_per_member: is at least 1");
        must(self.store.queue_changes > 0, "store.queue_changes: is at least 1");
        must(self.store.batch_changes > 0, "store.batch_changes: is at least 1");
        must((1..=3_650).contains(&self.store.acts_kept_days), "store.acts_kept_days: is 1 to 3650");
        mistakes.extend(self.models.check().err().map(|mistake| format!("models.{mistake}")));
        mistakes.extend(self.interpreter.check().err().map(|mistake| format!("interpreter.{mistake}")));
        mistakes.extend(self.accounts.check().err().map(|mistake| format!("accounts.{mistake}")));
        mistakes
    }

    /// The plan of this name, or everybody's.
    #[must_use]
    pub fn plan(&self, name: &str) -> Plan {
        self.plans.get(name).or_else(|| self.plans.get(FREE_PLAN)).copied().unwrap_or_default()
    }

    /// The Unix socket of this daemon.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        if self.listen.socket.as_os_str().is_empty() {
            default_socket(&self.data)
        } else {
            self.listen.socket.clone()
        }
    }
}
