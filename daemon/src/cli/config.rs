//! `atelierd config`.

use std::{path::Path, process::ExitCode};

use figment::{
    Figment, Provider as _,
    value::{Dict, Tag, Value},
};

use super::say;
use crate::config::{Config, Flags, Mistakes};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print every value and where it comes from.
    Show,
    /// Check the configuration and print what is wrong, one line each.
    Check,
}

pub(super) fn run(command: &Command, file: Option<&Path>, flags: &Flags) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show => {
            let sources = Config::sources(file, flags);
            let values = sources.data().map_err(|error| Mistakes(vec![error.to_string()]))?;
            let all = values.get(sources.profile()).or_else(|| values.values().next());
            if let Some(values) = all {
                show(&sources, "", values);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            Config::load(file, flags)?;
            say("the configuration is right");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn show(sources: &Figment, prefix: &str, values: &Dict) {
    for (key, value) in values {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Dict(_, inner) => show(sources, &path, inner),
            value => {
                let shown = if is_secret(&path) { "(hidden)".to_owned() } else { words(value) };
                say(&format!("{path} = {shown}    # {}", origin(sources, &path, value.tag())));
            }
        }
    }
}

fn is_secret(path: &str) -> bool {
    path.ends_with("token")
        || path.ends_with("secret")
        || path.ends_with("password")
        || path.ends_with("endpoint.key")
}

fn origin(sources: &Figment, path: &str, tag: Tag) -> String {
    match sources.get_metadata(tag) {
        Some(metadata) => match &metadata.source {
            Some(figment::Source::File(path)) => path.display().to_string(),
            _ if metadata.name.contains("environment") => "environment".to_owned(),
            _ if metadata.name.contains("Flags") => "command line".to_owned(),
            _ => default_of(path),
        },
        None => default_of(path),
    }
}

fn default_of(path: &str) -> String {
    match path {
        "residency.memory_budget_bytes" => "default: half of this machine's memory".to_owned(),
        _ => "default".to_owned(),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Char(_, letter) => format!("{letter:?}"),
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => {
            let signed = number.to_i128().map(|number| number.to_string());
            signed
                .or_else(|| number.to_u128().map(|number| number.to_string()))
                .unwrap_or_else(|| number.to_f64().map(|number| number.to_string()).unwrap_or_default())
        }
        Value::Empty(..) => "(none)".to_owned(),
        Value::Array(_, values) => {
            format!("[{}]", values.iter().map(words).collect::<Vec<_>>().join(", "))
        }
        Value::Dict(_, values) => {
            let inner = values.iter().map(|(key, value)| format!("{key} = {}", words(value)));
            format!("{{ {} }}", inner.collect::<Vec<_>>().join(", "))
        }
    }
}
