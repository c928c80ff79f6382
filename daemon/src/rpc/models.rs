//! `atelier.v1.Models`.

use atelier_proto::v1::{self as wire, models_server::Models as Service};
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    act::AdminAct,
    audit,
    engine::residency::{ModelError, Standing},
    once::{self, Digest, OnceError},
};

pub(super) struct ModelsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;

impl ModelsService {
    /// A model as it is now; one that there is nothing to say about is not in memory.
    fn row(&self, name: &str) -> wire::ResidentModel {
        let rows = self.edge.residency.standing().rows;
        let row = rows.into_iter().find(|row| row.name == name).map(convert::painting::resident);
        row.unwrap_or_else(|| wire::ResidentModel {
            name: name.to_owned(),
            state: wire::ModelState::Absent.into(),
            ..wire::ResidentModel::default()
        })
    }

    /// Writes down what was done, once for each request id. Doing it again changes nothing.
    async fn note(
        &self,
        act: AdminAct,
        action: &'static str,
        model: &str,
        (old, new): (&'static str, &'static str),
    ) -> Result<(), Status> {
        let model = model.to_owned();
        let written = self.edge.store.transact(move |tx| {
            let digest = Digest::of(action, &[model.as_bytes(), new.as_bytes()]);
            if once::answered(tx, act.member, act.request, &digest)?.is_none() {
                audit::append(tx, &act.entry(action, &model, old, new))?;
                once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            }
            Ok::<_, OnceError>(())
        });
        written.await.or_status()
    }
}

#[tonic::async_trait]
impl Service for ModelsService {
    async fn list_resident_models(
        &self,
        request: Request<wire::ListResidentModelsRequest>,
    ) -> Reply<wire::ListResidentModelsResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let Standing { rows, budget, waiting } = self.edge.residency.standing();
        let models = rows.into_iter().map(convert::painting::resident).collect();
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        Ok(Response::new(wire::ListResidentModelsResponse { models, budget_bytes: budget, waiting }))
    }

    async fn set_model_loaded(
        &self,
        request: Request<wire::SetModelLoadedRequest>,
    ) -> Reply<wire::SetModelLoadedResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let wire::SetModelLoadedRequest { model, loaded, .. } = request.into_inner();
        let (residency, name) = (self.edge.residency.clone(), model.clone());
        let done = tokio::task::spawn_blocking(move || {
            let Ok(key) = name.parse();
            if loaded { residency.load_ahead(&key) } else { residency.unload(&name).map(drop) }
        });
        let broke_down = |_| {
            let reason = "the loader broke down".to_owned();
            Err(ModelError::Failed { name: model.clone(), reason })
        };
        done.await.unwrap_or_else(broke_down).or_status()?;
        let words = if loaded { ("", "loaded") } else { ("", "unloaded") };
        self.note(act, "model.load", &model, words).await?;
        Ok(Response::new(wire::SetModelLoadedResponse { model: Some(self.row(&model)) }))
    }

    async fn set_model_pinned(
        &self,
        request: Request<wire::SetModelPinnedRequest>,
    ) -> Reply<wire::SetModelPinnedResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let wire::SetModelPinnedRequest { model, pinned, .. } = request.into_inner();
        let before = self.edge.residency.pin(&model, pinned).or_status()?;
        let word = |pinned| if pinned { "pinned" } else { "not pinned" };
        self.note(act, "model.pin", &model, (word(before), word(pinned))).await?;
        Ok(Response::new(wire::SetModelPinnedResponse { model: Some(self.row(&model)) }))
    }
}
