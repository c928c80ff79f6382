//! `atelier.v1.Catalogue`.

use atelier_proto::v1::{self as wire, catalogue_server::Catalogue as Service};
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    catalogue::{self, MODELS},
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
        self.gate.caller(&request, Permission::Read).await?;
        let models = MODELS.iter().map(|model| wire::Model {
            name: model.name.to_owned(),
            family: model.family.to_owned(),
            licence: model.licence.to_owned(),
            commercial_use: true,
            size_bytes: 0,
            resident: true,
            summary: model.summary.to_owned(),
        });
        Ok(Response::new(wire::ListModelsResponse { models: models.collect() }))
    }
}
