//! `keys`: API keys for programs. A secret is printed alone on standard output, so that it can be piped to where it
//! belongs, and never again.

use std::time::Duration;

use atelier_proto::{
    request_id,
    v1::{
        ApiKey, CreateApiKeyRequest, ListApiKeysRequest, RegenerateApiKeyRequest, RevokeApiKeyRequest, Scope,
    },
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Context,
    exit::{Exit, Failure},
    table::Table,
    words,
};
use crate::session::Session;

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum KeysCommand {
    /// List your keys, newest first
    Ls,
    /// Make a key and print its secret, this once
    #[command(after_help = "Example: atelier keys new ci --scope read,generate --expires 90d > key.txt")]
    New {
        /// What you call it
        name: String,
        /// What it may be used for
        #[arg(long, value_enum, value_delimiter = ',', default_value = "read,generate")]
        scope: Vec<ScopeArg>,
        /// Stops working after this time, such as 12h, 90d or 52w [default: never]
        #[arg(long, value_name = "TIME", value_parser = span)]
        expires: Option<Duration>,
    },
    /// Give a key a new secret; the old one stops working
    Regenerate {
        /// Id or name of the key
        key: String,
    },
    /// End a key for good
    Revoke {
        /// Id or name of the key
        key: String,
    },
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ScopeArg {
    /// See everything of yours
    Read,
    /// Ask for pictures
    Generate,
    /// Act as admin, as far as you may
    Admin,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Read => Self::Read,
            ScopeArg::Generate => Self::Generate,
            ScopeArg::Admin => Self::Admin,
        }
    }
}

/// `30m`, `12h`, `90d`, `52w`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time: give a number and s, m, h, d or w, such as 90d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let count: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    match count.checked_mul(seconds) {
        Some(seconds @ 1..=3_153_600_000) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("`{text}` is not between a second and a hundred years")),
    }
}

pub(crate) async fn run(context: &Context, session: &Session, command: KeysCommand) -> Result<Exit, Failure> {
    match command {
        KeysCommand::Ls => {
            let keys = list(session).await?;
            for key in &keys {
                context.out.object(&view(key));
            }
            if keys.is_empty() {
                context.out.note("No keys yet. `atelier keys new NAME` makes one.");
            } else {
                context.out.line(&table(&keys, &context.zone));
            }
        }
        KeysCommand::New { name, scope, expires } => {
            let request = CreateApiKeyRequest {
                request_id: request_id(),
                name,
                scopes: scope.into_iter().map(|scope| Scope::from(scope).into()).collect(),
                #[expect(clippy::disallowed_methods, reason = "a span from the moment that it is typed")]
                expires_at: expires.map(|span| after(Timestamp::now(), span)),
            };
            let answer = session
                .client
                .call(|client| {
                    let request = request.clone();
                    async move { client.accounts().create_api_key(request).await }
                })
                .await?;
            print_secret(context, &answer.key.unwrap_or_default(), &answer.secret);
        }
        KeysCommand::Regenerate { key } => {
            let key = find(list(session).await?, &key)?;
            let request = RegenerateApiKeyRequest { request_id: request_id(), key_id: key.key_id };
            let answer = session
                .client
                .call(|client| {
                    let request = request.clone();
                    async move { client.accounts().regenerate_api_key(request).await }
                })
                .await?;
            print_secret(context, &answer.key.unwrap_or_default(), &answer.secret);
        }
        KeysCommand::Revoke { key } => {
            let key = find(list(session).await?, &key)?;
            let request = RevokeApiKeyRequest { request_id: request_id(), key_id: key.key_id.clone() };
            session
                .client
                .call(|client| {
                    let request = request.clone();
                    async move { client.accounts().revoke_api_key(request).await }
                })
                .await?;
            context.out.object(&json!({ "id": key.key_id, "name": key.name, "revoked": true }));
            context.out.line(&format!("The key “{}” has ended.", key.name));
        }
    }
    Ok(Exit::Ok)
}

async fn list(session: &Session) -> Result<Vec<ApiKey>, Failure> {
    let answer = session
        .client
        .call(|client| async move { client.accounts().list_api_keys(ListApiKeysRequest {}).await })
        .await?;
    Ok(answer.keys)
}

/// A key by its id, or by its name where that is the name of one living key only.
fn find(keys: Vec<ApiKey>, wanted: &str) -> Result<ApiKey, Failure> {
    if let Some(key) = keys.iter().find(|key| key.key_id == wanted) {
        return Ok(key.clone());
    }
    let mut named = keys.into_iter().filter(|key| key.name == wanted && !key.revoked);
    match (named.next(), named.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => {
            Err(Failure::new(Exit::Usage, format!("several keys are called “{wanted}”; give the id")))
        }
        _ => Err(Failure::new(Exit::Failed, format!("there is no key “{wanted}”; see atelier keys ls"))),
    }
}

fn after(now: Timestamp, span: Duration) -> prost_types::Timestamp {
    let seconds = now.as_second().saturating_add(i64::try_from(span.as_secs()).unwrap_or(i64::MAX));
    prost_types::Timestamp { seconds, nanos: 0 }
}

fn print_secret(context: &Context, key: &ApiKey, secret: &str) {
    let mut object = view(key);
    object["secret"] = Value::from(secret);
    context.out.object(&object);
    context.out.note("This is the only time that the secret is shown. Programs take it from ATELIER_KEY:");
    context.out.line(secret);
}

fn scopes(key: &ApiKey) -> Vec<&'static str> {
    key.scopes().map(words::scope).collect()
}

fn view(key: &ApiKey) -> Value {
    json!({
        "id": key.key_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": scopes(key),
        "created_at": words::iso(key.created_at.as_ref()),
        "expires_at": words::iso(key.expires_at.as_ref()),
        "last_used_at": words::iso(key.last_used_at.as_ref()),
        "call_count": key.call_count,
        "revoked": key.revoked,
    })
}

fn table(keys: &[ApiKey], zone: &TimeZone) -> String {
    let mut table =
        Table::new(&["key", "name", "begins", "may", "made", "until", "last used", "calls"], &[7]);
    for key in keys {
        let until = match (key.revoked, &key.expires_at) {
            (true, _) => "revoked".to_owned(),
            (_, None) => "for ever".to_owned(),
            (_, at) => words::when(at.as_ref(), zone),
        };
        table.row([
            key.key_id.clone(),
            key.name.clone(),
            key.prefix.clone(),
            scopes(key).join(","),
            words::when(key.created_at.as_ref(), zone),
            until,
            words::when(key.last_used_at.as_ref(), zone),
            words::number(key.call_count),
        ]);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key_id: &str, name: &str, revoked: bool) -> ApiKey {
        ApiKey { key_id: key_id.to_owned(), name: name.to_owned(), revoked, ..ApiKey::default() }
    }

    #[test]
    fn spans_of_time() {
        for (text, wanted) in [
            ("30m", Some(1_800)),
            ("12h", Some(43_200)),
            ("90d", Some(7_776_000)),
            ("1w", Some(604_800)),
            ("0d", None),
            ("never", None),
            ("d", None),
            ("", None),
            ("9日", None),
            ("99999999999999999999d", None),
            ("-1d", None),
        ] {
            assert_eq!(span(text).ok().map(|span| span.as_secs()), wanted, "{text}");
        }
    }

    #[test]
    fn keys_are_found_by_id_or_by_a_name_that_is_theirs_alone() {
        let keys =
            vec![key("k1", "ci", true), key("k2", "ci", false), key("k3", "x", false), key("k4", "x", false)];
        for (wanted, found) in [("k1", Some("k1")), ("ci", Some("k2")), ("x", None), ("y", None)] {
            let got = find(keys.clone(), wanted).ok().map(|key| key.key_id);
            assert_eq!(got.as_deref(), found, "{wanted}");
        }
    }
}
