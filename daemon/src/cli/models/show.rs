//! Models for people, in columns, and for programs, in JSON.

use atelier_models::{installable::Kind, manifest::Settings};
use serde_json::{Value, json};

use super::{super::say, problem};
use crate::models::{Found, Installed, ModelsError};

pub(super) fn list(all: &[Found], json: bool) -> anyhow::Result<()> {
    if json {
        return print(&Value::Array(all.iter().map(found_value).collect::<Result<_, _>>()?));
    }
    let width = all.iter().map(|found| found.name().chars().count()).max().unwrap_or_default();
    for found in all {
        match found {
            Found::Usable(Installed { manifest, linked, .. }) => {
                let inpaint = if manifest.inpaint { ", inpainting" } else { "" };
                let verified = if manifest.is_verified() { "verified" } else { "unverified" };
                let linked = if *linked { ", linked" } else { "" };
                let inside = match manifest.kind {
                    Kind::BuiltIn => format!("  {}", manifest.source),
                    _ => String::new(),
                };
                say(&format!(
                    "{:width$}  {}{inpaint}  {}  {}  {verified}{linked}{inside}",
                    manifest.name,
                    manifest.kind.name(),
                    size(manifest.bytes),
                    licence(&manifest.licence),
                ));
            }
            Found::Broken { name, problem, .. } => say(&format!("{name:width$}  can't be used: {problem}")),
        }
    }
    let is_inside = |found: &Found| matches!(found, Found::Usable(one) if one.manifest.kind == Kind::BuiltIn);
    if all.iter().all(is_inside) {
        say("install larger ones with `atelierd models add PATH` or `atelierd models pull REPO`");
    }
    Ok(())
}

pub(super) fn one(installed: &Installed, json: bool) -> anyhow::Result<()> {
    if json {
        return print(&value(installed)?);
    }
    let manifest = &installed.manifest;
    let mut lines = vec![
        ("name", manifest.name.clone()),
        ("family", manifest.kind.name().to_owned()),
        ("licence", licence(&manifest.licence).to_owned()),
        ("commercial", manifest.commercial.words().to_owned()),
        ("size", size(manifest.bytes)),
        ("source", manifest.source.clone()),
        ("path", installed.path.display().to_string()),
        (
            "verified",
            if manifest.is_verified() { "yes" } else { "no; run `atelierd models verify`" }.to_owned(),
        ),
    ];
    if let Some(Settings { steps, guidance, sampler, size }) = &manifest.defaults {
        lines.push(("inpainting", if manifest.inpaint { "yes" } else { "no" }.to_owned()));
        lines.push(("defaults", format!("{steps} steps, guidance {guidance}, {sampler}, {size}×{size}")));
    }
    for (key, value) in lines {
        say(&format!("{key:10}  {value}"));
    }
    for (file, sum) in &manifest.files {
        say(&format!("file        {file}  {}  {}", size(sum.bytes), sum.sha256.as_deref().unwrap_or("-")));
    }
    Ok(())
}

pub(super) fn outcomes(all: &[(String, Result<Installed, ModelsError>)], json: bool) -> anyhow::Result<()> {
    if json {
        let row = |(name, outcome): &(String, Result<Installed, ModelsError>)| {
            let problem = outcome.as_ref().err().map(ToString::to_string);
            json!({ "name": name, "sound": outcome.is_ok(), "problem": problem })
        };
        return print(&Value::Array(all.iter().map(row).collect()));
    }
    for (name, outcome) in all {
        match outcome {
            Ok(_) => say(&format!("{name} is sound")),
            Err(error) => say(&format!("{name} is NOT sound: {error}")),
        }
    }
    Ok(())
}

fn found_value(found: &Found) -> serde_json::Result<Value> {
    match found {
        Found::Usable(installed) => value(installed),
        Found::Broken { name, path, .. } => {
            Ok(json!({ "name": name, "path": path, "problem": problem(found) }))
        }
    }
}

fn value(installed: &Installed) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(&installed.manifest)?;
    value["path"] = json!(installed.path);
    value["linked"] = json!(installed.linked);
    value["verified"] = json!(installed.manifest.is_verified());
    Ok(value)
}

pub(super) fn print(value: &Value) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(value)?);
    Ok(())
}

fn licence(named: &str) -> &str {
    if named.is_empty() { "licence unknown" } else { named }
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} B"),
    }
}
