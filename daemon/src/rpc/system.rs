//! `atelier.v1.System`.

use atelier_proto::v1::{self as wire, system_server::System as Service};
use tonic::{Request, Response, Status};

use super::{Edge, gate::Gate, status::OrStatus as _};
use crate::accounts::{Permission, Registration};

pub(super) struct SystemService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

/// What can be recognised in words, whether it can be made, and what it is or lacks.
const CAPABILITIES: [(&str, bool, &str); 6] = [
    ("thumbnail", true, "thumbnails with typeset titles, by a model or by rules"),
    ("image", true, "plain pictures; a tiny model is built in, larger ones can be installed"),
    ("tryon", false, "virtual try-ons need a try-on model; none is installed"),
    ("portrait", false, "portraits need a face model; none is installed"),
    ("video", false, "videos need a video model; none is installed"),
    ("upscale", false, "upscaling needs an upscaler; none is installed"),
];

#[tonic::async_trait]
impl Service for SystemService {
    async fn get_info(
        &self,
        request: Request<wire::GetInfoRequest>,
    ) -> Result<Response<wire::GetInfoResponse>, Status> {
        self.gate.origin(&request)?;
        let registration = match self.edge.config.accounts.registration {
            Registration::Open => wire::Registration::Open,
            Registration::Invite => wire::Registration::Invite,
            Registration::Closed => wire::Registration::Closed,
        };
        let public_url = self.edge.links.as_ref().map(|_| self.edge.config.http.public_url.clone());
        Ok(Response::new(wire::GetInfoResponse {
            studio_name: self.edge.config.studio_name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            registration: registration.into(),
            accepting: self.edge.store.healthy() && !self.edge.stopping.is_cancelled(),
            public_url: public_url.unwrap_or_default(),
        }))
    }

    async fn get_capabilities(
        &self,
        request: Request<wire::GetCapabilitiesRequest>,
    ) -> Result<Response<wire::GetCapabilitiesResponse>, Status> {
        self.gate.origin(&request)?;
        let capabilities = CAPABILITIES.map(|(name, installed, summary)| wire::Capability {
            name: name.to_owned(),
            installed,
            summary: summary.to_owned(),
        });
        Ok(Response::new(wire::GetCapabilitiesResponse { capabilities: capabilities.to_vec() }))
    }

    async fn get_limits(
        &self,
        request: Request<wire::GetLimitsRequest>,
    ) -> Result<Response<wire::GetLimitsResponse>, Status> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let limit = |name: &str, allowed: u64, used: u64, unit: &str, window_s: u32| wire::Limit {
            name: name.to_owned(),
            allowed,
            used,
            unit: unit.to_owned(),
            window_s,
        };
        let config = &self.edge.config;
        let usage = self.edge.assets.usage(caller.member.id).or_status()?;
        let waiting = self.edge.jobs.waiting_of(caller.member.id);
        let mut limits = vec![
            limit("jobs_waiting", config.queue.max_jobs_per_member.into(), waiting.into(), "jobs", 0),
            limit("storage", self.edge.assets.quota_bytes(), usage.bytes, "bytes", 0),
            limit("upload", config.assets.max_upload_bytes, 0, "bytes", 0),
        ];
        let (rates, role) = (self.edge.limits.config(), caller.member.role);
        if let Some(allowed) = rates.generations_of(role) {
            let now = self.gate.clock.now();
            let used = crate::limits::used(&self.edge.store, caller.member.id, now).or_status()?;
            limits.push(limit("generations_per_day", allowed.into(), used.into(), "pictures", 86_400));
        }
        limits.push(limit("requests_per_address", rates.address_per_minute.get().into(), 0, "requests", 60));
        if let Some(factor) = rates.factors.of(role) {
            let allowed = |rate: std::num::NonZeroU32| u64::from(rate.get()) * u64::from(factor.get());
            limits.push(limit("requests_per_account", allowed(rates.account_per_hour), 0, "requests", 3_600));
            limits.push(limit("requests_per_key", allowed(rates.key_per_hour), 0, "requests", 3_600));
        }
        limits.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Response::new(wire::GetLimitsResponse { limits }))
    }
}
