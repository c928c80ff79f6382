//! What the daemon counts about itself, in the text format that Prometheus reads.
//!
//! Labels are bounded: what comes from outside is counted by name only up to a fixed number of names.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// The content type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Names beyond these are counted together.
const ALGORITHMS: usize = 64;
/// Methods beyond these are counted together; the services have about half as many.
const METHODS: usize = 128;
/// What stands for all names that have none of their own.
const OTHER: &str = "other";

/// Upper ends of the buckets for jobs: from the tiny models to videos on a CPU.
const JOB_SECONDS: [f64; 14] =
    [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];
/// Upper ends of the buckets for flushes: from fast drives to failing ones.
const FLUSH_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// All counters. Clones share them, and counting never waits for the disk or the network.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    counters: Arc<Counters>,
}

struct Counters {
    jobs: Family<StateLabel, Counter>,
    queued: Gauge,
    running: Gauge,
    job_seconds: Family<AlgorithmLabel, Histogram, fn() -> Histogram>,
    algorithms: Names,
    changes: Counter,
    flush_seconds: Histogram,
    store_healthy: Gauge,
    requests: Family<RequestLabels, Counter>,
    methods: Names,
    credits: Family<CreditLabel, Counter>,
    asset_bytes: Gauge<f64, AtomicU64>,
    asset_files: Gauge,
    model_loads: Family<LoadLabels, Counter>,
    model_load_seconds: Histogram,
    model_evictions: Family<ReasonLabel, Counter>,
    model_bytes: Gauge<f64, AtomicU64>,
    preview_seconds: Counter<f64, AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LoadLabels {
    outcome: &'static str,
    swap: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AlgorithmLabel {
    algorithm: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CreditLabel {
    act: &'static str,
}

/// What happened to credits of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditAct {
    /// Set aside.
    Reserved,
    /// Spent.
    Captured,
    /// Given back.
    Released,
}

/// Why a model left the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eviction {
    /// Another one needed its place.
    Room,
    /// Nothing used it for a while.
    Idle,
    /// An admin wanted it so.
    Asked,
}

impl Metrics {
    /// Counters that stand at zero, for the daemon of this version.
    #[must_use]
    pub fn new(version: &str) -> Metrics {
        let mut registry = Registry::with_prefix("atelier");
        let counters = Counters {
            jobs: Family::default(),
            queued: Gauge::default(),
            running: Gauge::default(),
            job_seconds: Family::new_with_constructor(job_histogram),
            algorithms: Names::new(ALGORITHMS),
            changes: Counter::default(),
            flush_seconds: Histogram::new(FLUSH_SECONDS),
            store_healthy: Gauge::default(),
            requests: Family::default(),
            methods: Names::new(METHODS),
            credits: Family::default(),
            asset_bytes: Gauge::default(),
            asset_files: Gauge::default(),
            model_loads: Family::default(),
            model_load_seconds: Histogram::new(JOB_SECONDS),
            model_evictions: Family::default(),
            model_bytes: Gauge::default(),
            preview_seconds: Counter::default(),
        };
        let build = Info::new([("version".to_owned(), version.to_owned())]);
        registry.register("build", "The version that runs", build);
        registry.register("jobs", "Jobs that entered a state", counters.jobs.clone());
        registry.register("queue_length", "Jobs that wait", counters.queued.clone());
        registry.register("jobs_running", "Jobs that run", counters.running.clone());
        let (help, unit) = ("Time from the start of a job to its end", Unit::Seconds);
        registry.register_with_unit("job_duration", help, unit, counters.job_seconds.clone());
        registry.register("store_changes", "Changes that became durable", counters.changes.clone());
        let (help, unit) = ("Time to make a batch of changes durable", Unit::Seconds);
        registry.register_with_unit("store_flush", help, unit, counters.flush_seconds.clone());
        registry.register(
            "store_healthy",
            "Whether the store accepts changes",
            counters.store_healthy.clone(),
        );
        registry.register("rpc_requests", "Requests that were answered", counters.requests.clone());
        registry.register("credits", "Credits that were moved for jobs", counters.credits.clone());
        registry.register_with_unit(
            "assets",
            "Bytes of all files",
            Unit::Bytes,
            counters.asset_bytes.clone(),
        );
        registry.register("asset_files", "Files with different content", counters.asset_files.clone());
        registry.register(
            "model_loads",
            "Models that were read into memory; a swap evicted others for it",
            counters.model_loads.clone(),
        );
        let (help, unit) = ("Time to read a model into memory", Unit::Seconds);
        registry.register_with_unit("model_load", help, unit, counters.model_load_seconds.clone());
        registry.register("model_evictions", "Models that left the memory", counters.model_evictions.clone());
        let help = "Memory of loaded models";
        registry.register_with_unit("models", help, Unit::Bytes, counters.model_bytes.clone());
        let (help, unit) = ("Time of jobs that went into drawing previews", Unit::Seconds);
        registry.register_with_unit("previews", help, unit, counters.preview_seconds.clone());
        Metrics { registry: Arc::new(registry), counters: Arc::new(counters) }
    }

    /// A job entered a state.
    pub fn job_entered(&self, state: &'static str) {
        self.counters.jobs.get_or_create(&StateLabel { state }).inc();
    }

    /// How many jobs wait and run now.
    pub fn set_queue(&self, waiting: u64, running: u64) {
        self.counters.queued.set(as_gauge(waiting));
        self.counters.running.set(as_gauge(running));
    }

    /// A job of an algorithm took this long from start to end.
    pub fn job_took(&self, algorithm: &str, time: Duration) {
        let algorithm = self.counters.algorithms.bounded(algorithm);
        self.counters.job_seconds.get_or_create(&AlgorithmLabel { algorithm }).observe(time.as_secs_f64());
    }

    /// A batch of changes became durable.
    pub fn store_flushed(&self, changes: u64, time: Duration) {
        self.counters.changes.inc_by(changes);
        self.counters.flush_seconds.observe(time.as_secs_f64());
    }

    /// Whether the store accepts changes.
    pub fn set_store_healthy(&self, healthy: bool) {
        self.counters.store_healthy.set(i64::from(healthy));
    }

    /// A request was answered with a code. A method that does not exist is not counted under its name, which
    /// anybody can make up: pass only those that a service knows, and `None` for the others.
    pub fn rpc_answered(&self, method: Option<&str>, code: &'static str) {
        let method = method.map_or_else(|| OTHER.to_owned(), |name| self.counters.methods.bounded(name));
        self.counters.requests.get_or_create(&RequestLabels { method, code }).inc();
    }

    /// Credits were moved for a job.
    pub fn credits_moved(&self, act: CreditAct, credits: u64) {
        let act = match act {
            CreditAct::Reserved => "reserved",
            CreditAct::Captured => "captured",
            CreditAct::Released => "released",
        };
        self.counters.credits.get_or_create(&CreditLabel { act }).inc_by(credits);
    }

    /// What all files take.
    pub fn set_assets(&self, files: u64, bytes: u64) {
        self.counters.asset_files.set(as_gauge(files));
        self.counters.asset_bytes.set(bytes as f64);
    }

    /// A model was read into memory, or failed to be; a swap evicted others for it.
    pub fn model_loaded(&self, loaded: bool, swap: bool, time: Duration) {
        let outcome = if loaded { "loaded" } else { "failed" };
        let swap = if swap { "yes" } else { "no" };
        self.counters.model_loads.get_or_create(&LoadLabels { outcome, swap }).inc();
        self.counters.model_load_seconds.observe(time.as_secs_f64());
    }

    /// A model left the memory.
    pub fn model_evicted(&self, why: Eviction) {
        let reason = match why {
            Eviction::Room => "room",
            Eviction::Idle => "idle",
            Eviction::Asked => "asked",
        };
        self.counters.model_evictions.get_or_create(&ReasonLabel { reason }).inc();
    }

    /// What loaded models take.
    pub fn set_model_bytes(&self, bytes: u64) {
        self.counters.model_bytes.set(bytes as f64);
    }

    /// A preview of a running job was drawn.
    pub fn preview_drawn(&self, cost: Duration) {
        self.counters.preview_seconds.inc_by(cost.as_secs_f64());
    }

    /// Everything, as text of type [`CONTENT_TYPE`].
    ///
    /// # Errors
    /// Only when a value cannot be written as text.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn job_histogram() -> Histogram {
    Histogram::new(JOB_SECONDS)
}

fn as_gauge(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Names that were used as labels, up to a limit: every label is kept forever.
struct Names {
    limit: usize,
    seen: Mutex<HashSet<String>>,
}

impl Names {
    fn new(limit: usize) -> Names {
        Names { limit, seen: Mutex::default() }
    }

    fn bounded(&self, name: &str) -> String {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.contains(name) {
            return name.to_owned();
        }
        if seen.len() >= self.limit {
            return OTHER.to_owned();
        }
        seen.insert(name.to_owned());
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, labels and value of each sample; fails on a line that is neither comment nor sample.
    fn samples(text: &str) -> Vec<(String, String, f64)> {
        let (body, end) = text.split_at(text.len() - "# EOF\n".len());
        assert_eq!(end, "# EOF\n");
        let lines = body.lines().filter(|line| !line.starts_with("# "));
        lines
            .map(|line| {
                let (series, value) = line.rsplit_once(' ').unwrap();
                let (name, labels) = match series.split_once('{') {
                    Some((name, labels)) => (name, labels.strip_suffix('}').unwrap()),
                    None => (series, ""),
                };
                assert!(name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_'), "{line}");
                (name.to_owned(), labels.to_owned(), value.parse().unwrap())
            })
            .collect()
    }

    #[test]
    fn everything_that_is_counted_is_in_the_text() {
        let metrics = Metrics::new("0.1.0");
        metrics.job_entered("succeeded");
        metrics.set_queue(3, 1);
        metrics.job_took("portrait", Duration::from_millis(700));
        metrics.store_flushed(5, Duration::from_millis(4));
        metrics.set_store_healthy(true);
        metrics.rpc_answered(Some("Jobs/Submit"), "OK");
        metrics.rpc_answered(None, "UNIMPLEMENTED");
        metrics.credits_moved(CreditAct::Captured, 12);
        metrics.set_assets(2, 5_000_000_000);
        metrics.model_loaded(true, true, Duration::from_secs(2));
        metrics.model_evicted(Eviction::Room);
        metrics.set_model_bytes(4_000_000_000);
        metrics.preview_drawn(Duration::from_millis(250));
        let found = samples(&metrics.text().unwrap());
        let expected = [
            ("atelier_build_info", "version=\"0.1.0\"", 1.0),
            ("atelier_jobs_total", "state=\"succeeded\"", 1.0),
            ("atelier_queue_length", "", 3.0),
            ("atelier_jobs_running", "", 1.0),
            ("atelier_job_duration_seconds_sum", "algorithm=\"portrait\"", 0.7),
            ("atelier_job_duration_seconds_bucket", "le=\"1.0\",algorithm=\"portrait\"", 1.0),
            ("atelier_job_duration_seconds_bucket", "le=\"0.5\",algorithm=\"portrait\"", 0.0),
            ("atelier_store_changes_total", "", 5.0),
            ("atelier_store_flush_seconds_count", "", 1.0),
            ("atelier_store_healthy", "", 1.0),
            ("atelier_rpc_requests_total", "method=\"Jobs/Submit\",code=\"OK\"", 1.0),
            ("atelier_rpc_requests_total", "method=\"other\",code=\"UNIMPLEMENTED\"", 1.0),
            ("atelier_credits_total", "act=\"captured\"", 12.0),
            ("atelier_assets_bytes", "", 5e9),
            ("atelier_asset_files", "", 2.0),
            ("atelier_model_loads_total", "outcome=\"loaded\",swap=\"yes\"", 1.0),
            ("atelier_model_load_seconds_sum", "", 2.0),
            ("atelier_model_evictions_total", "reason=\"room\"", 1.0),
            ("atelier_models_bytes", "", 4e9),
            ("atelier_previews_seconds_total", "", 0.25),
        ];
        for (name, labels, value) in expected {
            assert!(
                found.contains(&(name.to_owned(), labels.to_owned(), value)),
                "{name}{{{labels}}} {value} is missing in {found:#?}"
            );
        }
    }

    #[test]
    fn made_up_names_cannot_fill_the_memory() {
        let metrics = Metrics::new("0");
        for n in 0..1000 {
            metrics.job_took(&format!("a{n}"), Duration::ZERO);
            metrics.rpc_answered(Some(&format!("m{n}")), "OK");
        }
        let found = samples(&metrics.text().unwrap());
        let series = |name: &str| found.iter().filter(|(found, ..)| found == name).count();
        assert_eq!(series("atelier_job_duration_seconds_count"), ALGORITHMS + 1);
        assert_eq!(series("atelier_rpc_requests_total"), METHODS + 1);
    }
}
