//! A tiny model with random numbers, installed and asked like any other: what it says means nothing, and is an intent.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver},
    },
};

use atelier_models::language::{Language, Run};
use serde_json::json;

use super::*;
use crate::{
    clock::Clock,
    config::Config,
    conversations::interpreter::{Chain, Source, Turn},
    engine::{
        Recipe,
        residency::{Installed, Loaded, ModelError, Phase, Role},
    },
    metrics::Metrics,
    models::{Library, Painters, Wish},
};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/fixtures")).join(name)
}

/// A configuration with these models installed, of which one is to be asked.
fn installed(data: &Path, models: &[&str], asked: &str) -> Config {
    let mut config = Config::default();
    config.data = data.to_owned();
    let library = Library::new(config.models.folder(data), config.models.disk_bytes);
    for model in models {
        library.add(&fixture(model), &Wish::default(), &mut |_, _| {}).unwrap();
    }
    config.interpreter.chain = vec![Source::Local, Source::Builtin];
    let local = &mut config.interpreter.local;
    local.model = asked.to_owned();
    (local.timeout_ms, local.threads) = (120_000, 1);
    // A model that knows nothing fills every text that it may.
    (local.context_tokens, local.answer_tokens, local.text_chars) = (8_192, 6_000, 16);
    config
}

fn residency(config: &Config) -> Residency {
    let library = Arc::new(Painters::new(config));
    Residency::new(&config.residency, library, Clock::system(), Metrics::new("test"))
}

fn said(text: &str) -> Conversation {
    Conversation { turns: vec![Turn::user(text)], ..Conversation::default() }
}

#[tokio::test]
async fn an_installed_model_says_intents() {
    for family in ["qwen3", "llama", "gemma3"] {
        let data = tempfile::tempdir().unwrap();
        let config = installed(data.path(), &[&format!("language/{family}.gguf")], family);
        let residency = residency(&config);
        let model = residency.installed().into_iter().find(|model| model.name == family).unwrap();
        assert_eq!((model.name.as_str(), &model.role, model.verified), (family, &Role::Reads, true));
        assert_eq!((model.licence.as_str(), model.commercial_use), ("apache-2.0", true));
        assert!(matches!(residency.check(&family.into()), Err(ModelError::Unsuited { .. })));
        let local = Local::start(&config.interpreter.local, residency.clone());
        match local.ask(&said("two thumbs about tea")).await {
            // Only of pictures the schema can't say how many there are.
            Ok(_) | Err(LocalError::Invalid(Invalid::NoPicture { .. })) => {}
            Err(error) => panic!("{family}: {error}"),
        }
        let rows = residency.standing().rows;
        assert_eq!(
            (rows[0].name.as_str(), rows[0].phase, rows[0].in_use),
            (family, Phase::Resident, 0),
            "given back"
        );
        assert_eq!(rows[0].bytes, model.memory_bytes, "the estimate is what it takes");
    }
}

#[tokio::test]
async fn the_next_answers_where_it_does_not() {
    let data = tempfile::tempdir().unwrap();
    let config = installed(data.path(), &["language/qwen3.gguf", "checkpoint/sd1"], "qwen3");
    let residency = residency(&config);
    let changed = |change: fn(&mut LocalConfig)| {
        let mut config = config.interpreter.clone();
        change(&mut config.local);
        config
    };
    for (config, problem) in [
        (changed(|local| local.model = "none".to_owned()), "`none` is not installed"),
        (changed(|local| local.model = "sd1".to_owned()), "`sd1` is no language model"),
        (changed(|local| local.answer_tokens = 16), "has no end within 16 tokens"),
        (changed(|local| local.timeout_ms = 1), "no answer within 1ms"),
    ] {
        let local = Local::start(&config.local, residency.clone());
        let error = local.ask(&said("thumbnail about tea")).await.unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
        let understood = Chain::new(&config, &residency).understand(&said("thumbnail about tea")).await;
        assert_eq!(understood.source, Source::Builtin, "{problem}");
        let intent = serde_json::to_value(understood.intent).unwrap();
        assert_eq!(intent["subject"], json!("tea"), "{problem}");
    }
}

/// A model that is loaded when the channel says so.
struct Slow(Mutex<Receiver<()>>);

impl crate::engine::residency::Library for Slow {
    fn installed(&self) -> Vec<Installed> {
        vec![Installed {
            name: "slow".to_owned(),
            role: Role::Reads,
            family: String::new(),
            verified: true,
            licence: String::new(),
            commercial_use: false,
            summary: String::new(),
            disk_bytes: 1,
            memory_bytes: 1,
        }]
    }

    fn load(&self, _key: &ModelKey) -> Result<Arc<dyn Loaded>, Error> {
        self.0.lock().unwrap().recv().ok();
        Ok(Arc::new(Tiny(Language::load(
            &fixture("language/qwen3.gguf"),
            Run { threads: 1, context: 8_192 },
        )?)))
    }
}

struct Tiny(Language);

impl Loaded for Tiny {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn pipeline(self: Arc<Self>, _recipe: &Recipe) -> Result<Box<dyn atelier_models::Pipeline>, Error> {
        Err(Error::Cancelled)
    }

    fn language(&self) -> Option<&Language> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn who_does_not_wait_any_more_is_passed_over() {
    let (go, wait) = mpsc::sync_channel(1);
    let library = Arc::new(Slow(Mutex::new(wait)));
    let config = Config::default();
    let residency = Residency::new(&config.residency, library, Clock::system(), Metrics::new("test"));
    let config = LocalConfig {
        model: "slow".to_owned(),
        waiting: 1,
        timeout_ms: 60_000,
        answer_tokens: 6_000,
        text_chars: 16,
        ..LocalConfig::default()
    };
    let local = Local::start(&config, residency.clone());
    let tea = said("tea");
    let hurried = Local { timeout: Duration::from_millis(1), questions: local.questions.clone() };
    // One is being answered, or its model loaded; one waits; there is room for no other.
    let mut late = 0;
    let busy = loop {
        match hurried.ask(&tea).await {
            Err(LocalError::Slow(_)) => late += 1,
            Err(error) => break error,
            Ok(intent) => panic!("{intent:?}"),
        }
    };
    assert!(matches!(busy, LocalError::Busy) && (1..=2).contains(&late), "{busy} after {late}");
    go.send(()).unwrap();
    // Those are not answered any more, so that who asks now is next as soon as there is room.
    let answer = loop {
        match local.ask(&tea).await {
            Err(LocalError::Busy) => tokio::task::yield_now().await,
            answer => break answer,
        }
    };
    assert!(matches!(answer, Ok(_) | Err(LocalError::Invalid(_))), "{answer:?}");
}
