//! `atelier.v1.Catalogue`.

use atelier_proto::v1::{self as wire, catalogue_server::Catalogue as Service};
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    catalogue,
    engine::{PROCEDURAL, residency::Role},
};

pub(super) struct CatalogueService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

#[tonic::async_trait]
impl Service for CatalogueService {
    async fn list_algorithms(
        &self,
        request: Request<wire::ListAlgorithmsRequest>,
    ) -> Result<Response<wire::ListAlgorithmsResponse>, Status> {
        let retired = request.get_ref().include_retired;
        let needs = if retired { Permission::Administer } else { Permission::Read };
        self.gate.caller(&request, needs).await?;
        let algorithms = catalogue::list(&self.edge.store, retired).or_status()?;
        let algorithms = algorithms.iter().map(convert::jobs::algorithm).collect();
        Ok(Response::new(wire::ListAlgorithmsResponse { algorithms }))
    }

    async fn list_models(
        &self,
        request: Request<wire::ListModelsRequest>,
    ) -> Result<Response<wire::ListModelsResponse>, Status> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let rows = self.edge.residency.standing().rows;
        let installed = self.edge.residency.installed().into_iter();
        // Why something can't be used tells of the machine's disk.
        let installed = installed
            .filter(|model| !matches!(model.role, Role::Unusable(_)) || caller.may(Permission::Administer));
        let installed = installed.map(|model| convert::painting::installed(model, &rows));
        let mut models: Vec<_> = installed.chain([procedural()]).collect();
        models.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Response::new(wire::ListModelsResponse { models }))
    }
}

/// What this build can do without any weights.
fn procedural() -> wire::Model {
    wire::Model {
        name: PROCEDURAL.to_owned(),
        family: PROCEDURAL.to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
        commercial_use: true,
        size_bytes: 0,
        resident: true,
        summary: "built-in drawing rules and typesetting; no learned weights".to_owned(),
        memory_bytes: 0,
        verified: true,
        state: wire::ModelState::Resident.into(),
        problem: String::new(),
    }
}
