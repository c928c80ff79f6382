//! `atelierd models ps`: asks the daemon that runs what is in memory, and what goes next.

use anyhow::{Context as _, anyhow};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, Patience, is_away},
    v1::{ListResidentModelsRequest, ListResidentModelsResponse, ModelState, ResidentModel},
};
use serde_json::{Value, json};

use super::{
    super::say,
    show::{print, size},
};
use crate::config::Config;

pub(super) fn run(config: &Config, json: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(ask(config))?;
    if json {
        let models: Vec<_> = answer.models.iter().map(value).collect();
        return print(&json!({
            "models": models,
            "budget_bytes": answer.budget_bytes,
            "waiting": answer.waiting,
        }));
    }
    let width = answer.models.iter().map(|model| model.name.chars().count()).max().unwrap_or_default();
    for model in &answer.models {
        say(&format!("{:width$}  {}", model.name, words(model)));
    }
    let there = answer.models.iter().filter(|model| model.state() != ModelState::Absent);
    let taken: u64 = there.map(|model| model.bytes).sum();
    say(&format!(
        "{} of {} in use by models; {} jobs wait for one",
        size(taken),
        size(answer.budget_bytes),
        answer.waiting
    ));
    Ok(())
}

/// On the daemon's own socket this user is the owner, or the system says no.
async fn ask(config: &Config) -> anyhow::Result<ListResidentModelsResponse> {
    let socket = config.socket();
    let client = Client::new(&Endpoint::Unix(socket.clone()), Credentials::None, Patience::NONE)?;
    match client.models().list_resident_models(ListResidentModelsRequest {}).await {
        Ok(answer) => Ok(answer.into_inner()),
        Err(status) if is_away(&status) => Err(anyhow!(
            "no daemon answers at {}; start it with `atelierd serve`, or give its --data",
            socket.display()
        )),
        Err(status) => Err(anyhow!("{}", status.message())).context("the daemon refuses"),
    }
}

fn words(model: &ResidentModel) -> String {
    let mut words = vec![state(model.state()).to_owned()];
    if model.bytes > 0 {
        words.push(size(model.bytes));
    }
    match model.in_use {
        0 => {}
        1 => words.push("used by one job".to_owned()),
        jobs => words.push(format!("used by {jobs} jobs")),
    }
    match model.goes {
        0 => {}
        1 => words.push("makes room first".to_owned()),
        place => words.push(format!("makes room as no. {place}")),
    }
    if model.pinned {
        words.push("pinned".to_owned());
    }
    if !model.error.is_empty() {
        words.push(format!("could not be loaded: {}", model.error));
    }
    words.join("  ")
}

fn value(model: &ResidentModel) -> Value {
    json!({
        "name": model.name,
        "state": state(model.state()),
        "bytes": model.bytes,
        "in_use": model.in_use,
        "goes": model.goes,
        "pinned": model.pinned,
        "error": model.error,
    })
}

fn state(state: ModelState) -> &'static str {
    match state {
        ModelState::Unspecified => "unknown",
        ModelState::Absent => "absent",
        ModelState::Loading => "loading",
        ModelState::Resident => "resident",
    }
}
