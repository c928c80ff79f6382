//! Variables of the environment, which are text and nothing else.
//!
//! Text has no type of its own, so the setting that it is meant for decides: where words are wanted, `1984` and
//! `true` are words.

use figment::{
    Error, Metadata, Profile, Provider,
    providers::Env,
    value::{Dict, Map, Value},
};

use super::{Config, TlsConfig};

/// The prefix of all our variables.
const PREFIX: &str = "ATELIER_";

/// Variables of the command lines, the bots and the tests, which begin like ours and mean something else: `ATELIER_LOG` and
/// so on. A machine may have all of them in one file.
const NOT_OURS: [&str; 15] = [
    "config",
    "connect",
    "invitation",
    "key",
    "log",
    "ca_file",
    "daemon",
    "discord_api",
    "discord_hand_over_s",
    "key_file",
    "telegram_api",
    "telegram_webhook_listen",
    "telegram_webhook_url",
    "test_python",
    "token_file",
];

/// Settings by their path, such as `studio_name` or `engine.threads`, with the text of their variables.
pub(super) struct Environment {
    texts: Vec<(String, String)>,
}

impl Environment {
    /// The variables of this process.
    pub(super) fn of_process() -> Self {
        Self::of(ours().iter().map(|(path, text)| (path.to_string(), text)))
    }

    pub(super) fn of(texts: impl Iterator<Item = (String, String)>) -> Self {
        Self { texts: texts.collect() }
    }
}

fn ours() -> Env {
    Env::prefixed(PREFIX).ignore(&NOT_OURS).split("__")
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        ours().metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let example = Value::serialize(example())?;
        let mut settings = Dict::new();
        for (path, text) in &self.texts {
            let wants_words = example.find_ref(path).is_some_and(|value| value.as_str().is_some());
            insert(&mut settings, path, value(text, wants_words));
        }
        Ok(Profile::Default.collect(settings))
    }
}

/// A configuration in which everything that wants words has some, what is off by default too.
fn example() -> Config {
    let mut config = Config::default();
    config.listen.tls = Some(TlsConfig { certificate: "certificate.pem".into(), key: "key.pem".into() });
    config.http.metrics_token = Some("token".into());
    config
}

/// The text as what it looks like, unless words are wanted: then it is what is written, within quotes if there are.
fn value(text: &str, wants_words: bool) -> Value {
    match (text.parse().unwrap_or_else(|never| match never {}), wants_words) {
        (Value::String(tag, words), _) => Value::String(tag, words),
        (_, true) => Value::from(text.trim()),
        (other, false) => other,
    }
}

fn insert(section: &mut Dict, path: &str, value: Value) {
    let Some((name, rest)) = path.split_once('.') else {
        section.insert(path.to_owned(), value);
        return;
    };
    let inner = section.entry(name.to_owned()).or_insert_with(|| Value::from(Dict::new()));
    // A section that was given as something else stays what it is, and is told as the mistake.
    if let Value::Dict(_, inner) = inner {
        insert(inner, rest, value);
    }
}
