//! `models`, and `admin models`: what is installed, what is in memory.

use atelier_proto::{
    request_id,
    v1::{
        ListModelsRequest, ListResidentModelsRequest, ModelState, ResidentModel, SetModelLoadedRequest,
        SetModelPinnedRequest,
    },
};
use serde_json::{Value, json};

use super::{
    Context,
    exit::{Exit, Failure},
    table::{Table, shorten},
    words,
};
use crate::session::Session;

/// What an admin does with models. Installing them is `atelierd models`.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum ModelsCommand {
    /// The models in memory, which of them makes room next, and those that could not be loaded
    Ps,
    /// Load a model ahead of its first job
    Load {
        /// Its name
        model: String,
    },
    /// Evict a model that no job uses
    Unload {
        /// Its name
        model: String,
    },
    /// Keep a model in memory once it is, until the daemon stops
    Pin {
        /// Its name
        model: String,
    },
    /// Let a pinned model go again when it is idle
    Unpin {
        /// Its name
        model: String,
    },
}

pub(crate) async fn list(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let answer = session
        .client
        .call(|client| async move { client.catalogue().list_models(ListModelsRequest {}).await })
        .await?;
    let mut table = Table::new(
        &["model", "family", "state", "memory", "disk", "licence", "checked", "what it is"],
        &[3, 4],
    );
    for model in answer.models {
        let state = state(model.state());
        context.out.object(&json!({
            "name": model.name,
            "family": model.family,
            "state": state,
            "resident": model.resident,
            "verified": model.verified,
            "problem": model.problem,
            "memory_bytes": model.memory_bytes,
            "size_bytes": model.size_bytes,
            "licence": model.licence,
            "commercial_use": model.commercial_use,
            "summary": model.summary,
        }));
        let [memory, disk] = [model.memory_bytes, model.size_bytes].map(bytes);
        let licence = match model.commercial_use {
            true => model.licence,
            false if !model.problem.is_empty() => String::new(),
            false => format!("{} (not commercial)", model.licence),
        };
        let checked = if model.verified { "yes" } else { "no" };
        let summary = shorten(&model.summary, 100);
        let [state, checked] = [state, checked].map(str::to_owned);
        table.row([model.name, model.family, state, memory, disk, licence, checked, summary]);
    }
    context.out.line(&table.text());
    Ok(Exit::Ok)
}

pub(crate) async fn run(
    context: &Context,
    session: &Session,
    command: ModelsCommand,
) -> Result<Exit, Failure> {
    match command {
        ModelsCommand::Ps => ps(context, session).await,
        ModelsCommand::Load { model } => set_loaded(context, session, model, true).await,
        ModelsCommand::Unload { model } => set_loaded(context, session, model, false).await,
        ModelsCommand::Pin { model } => set_pinned(context, session, model, true).await,
        ModelsCommand::Unpin { model } => set_pinned(context, session, model, false).await,
    }
}

async fn ps(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let answer = session
        .client
        .call(
            |client| async move { client.models().list_resident_models(ListResidentModelsRequest {}).await },
        )
        .await?;
    for model in &answer.models {
        context.out.object(&view(model));
    }
    let taken = answer.models.iter().filter(|model| model.state() != ModelState::Absent);
    let taken: u64 = taken.map(|model| model.bytes).sum();
    if !answer.models.is_empty() {
        context.out.line(&table(context, &answer.models));
    }
    let waiting = match answer.waiting {
        0 => String::new(),
        1 => "; one job waits for one".to_owned(),
        jobs => format!("; {jobs} jobs wait for one"),
    };
    context.out.note(&format!(
        "{} of {} in use by models{waiting}",
        words::size(taken),
        words::size(answer.budget_bytes)
    ));
    Ok(Exit::Ok)
}

fn table(context: &Context, models: &[ResidentModel]) -> String {
    let heading = ["model", "state", "memory", "jobs", "last used", "goes at", "makes room", "remark"];
    let mut table = Table::new(&heading, &[2, 3]);
    for model in models {
        let remark = match (model.error.as_str(), model.pinned) {
            ("", true) => "pinned".to_owned(),
            ("", false) => String::new(),
            (error, _) => format!("could not be loaded: {}", shorten(error, 100)),
        };
        table.row([
            model.name.clone(),
            state(model.state()).to_owned(),
            bytes(model.bytes),
            words::number(model.in_use.into()),
            words::when(model.used_at.as_ref(), &context.zone),
            words::when(model.expires_at.as_ref(), &context.zone),
            match model.goes {
                0 => String::new(),
                1 => "first".to_owned(),
                place => format!("as no. {place}"),
            },
            remark,
        ]);
    }
    table.text()
}

async fn set_loaded(
    context: &Context,
    session: &Session,
    model: String,
    loaded: bool,
) -> Result<Exit, Failure> {
    let request = SetModelLoadedRequest { request_id: request_id(), model, loaded };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.models().set_model_loaded(request).await }
        })
        .await?;
    told(context, &answer.model.unwrap_or_default());
    Ok(Exit::Ok)
}

async fn set_pinned(
    context: &Context,
    session: &Session,
    model: String,
    pinned: bool,
) -> Result<Exit, Failure> {
    let request = SetModelPinnedRequest { request_id: request_id(), model, pinned };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.models().set_model_pinned(request).await }
        })
        .await?;
    told(context, &answer.model.unwrap_or_default());
    Ok(Exit::Ok)
}

fn told(context: &Context, model: &ResidentModel) {
    context.out.object(&view(model));
    let pinned = if model.pinned { " and pinned" } else { "" };
    context.out.line(&format!("{} is {}{pinned} now.", model.name, state(model.state())));
}

fn view(model: &ResidentModel) -> Value {
    json!({
        "name": model.name,
        "state": state(model.state()),
        "bytes": model.bytes,
        "in_use": model.in_use,
        "used_at": words::iso(model.used_at.as_ref()),
        "expires_at": words::iso(model.expires_at.as_ref()),
        "pinned": model.pinned,
        "goes": model.goes,
        "error": model.error,
        "failed_at": words::iso(model.failed_at.as_ref()),
    })
}

/// The stable word for a state.
fn state(state: ModelState) -> &'static str {
    match state {
        ModelState::Unspecified => "unknown",
        ModelState::Absent => "absent",
        ModelState::Loading => "loading",
        ModelState::Resident => "resident",
    }
}

/// A dash for nothing worth naming.
fn bytes(bytes: u64) -> String {
    if bytes == 0 { "–".to_owned() } else { words::size(bytes) }
}
