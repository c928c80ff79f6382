//! `atelier.v1.Admin`.

use atelier_proto::v1::{self as wire, admin_server::Admin as Service};
use secrecy::ExposeSecret as _;
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::{Member, Permission},
    app::journal_of,
    audit,
    catalogue::{self, NewAlgorithm},
    credits,
    engine::residency::ModelKey,
    jobs::{JobError, end_state},
    ledger::{self, LedgerError, TransferFilter},
    once::{self, Digest, OnceError},
    page::Page,
};

pub(super) struct AdminService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;

/// An act that somebody is affected by wants a reason.
fn reason(text: &str) -> Result<&str, Status> {
    match text.trim() {
        "" => Err(Status::invalid_argument("reason: is missing; say why, for the member and the audit log")),
        text if text.chars().count() > 500 => {
            Err(Status::invalid_argument("reason: is too long; at most 500 characters"))
        }
        text => Ok(text),
    }
}

impl AdminService {
    fn row(&self, member: &Member) -> Result<wire::MemberRow, Status> {
        let now = self.gate.clock.now();
        let balance = ledger::read_balance(&self.edge.store, member.id, now).or_status()?;
        Ok(wire::MemberRow {
            member: Some(convert::accounts::member(member)),
            available_credits: balance.available,
            reserved_credits: balance.reserved,
            job_count: self.edge.jobs.count(member.id).or_status()?,
        })
    }
}

#[tonic::async_trait]
impl Service for AdminService {
    async fn list_members(
        &self,
        request: Request<wire::ListMembersRequest>,
    ) -> Reply<wire::ListMembersResponse> {
        let caller = self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let listed = self.edge.accounts.members(&caller, &request.search, &page).or_status()?;
        let members = listed.items.iter().map(|member| self.row(member)).collect::<Result<_, _>>()?;
        Ok(Response::new(wire::ListMembersResponse { members, next_page_token: listed.next }))
    }

    async fn adjust_credits(
        &self,
        request: Request<wire::AdjustCreditsRequest>,
    ) -> Reply<wire::AdjustCreditsResponse> {
        let why = reason(&request.get_ref().reason)?.to_owned();
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, &why).await?;
        let request = request.into_inner();
        let member = self.edge.accounts.find(&request.member).or_status()?;
        let (id, name) = (member.id, member.name.clone());
        credits::adjust(&self.edge.store, act, id, name, request.change_credits).await.or_status()?;
        Ok(Response::new(wire::AdjustCreditsResponse { member: Some(self.row(&member)?) }))
    }

    async fn list_member_transfers(
        &self,
        request: Request<wire::ListMemberTransfersRequest>,
    ) -> Reply<wire::ListMemberTransfersResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let member = self.edge.accounts.find(&request.member).or_status()?;
        let filter = TransferFilter::default();
        let (transfers, next_page_token) =
            self.edge.transfers(member.id, &filter, request.page_size, &request.page_token)?;
        Ok(Response::new(wire::ListMemberTransfersResponse { transfers, next_page_token }))
    }

    async fn set_role(&self, request: Request<wire::SetRoleRequest>) -> Reply<wire::SetRoleResponse> {
        let (caller, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let role = convert::accounts::from_role(request.role)?;
        let member =
            self.edge.accounts.set_role(&caller, act.request, &request.member, role).await.or_status()?;
        Ok(Response::new(wire::SetRoleResponse { member: Some(convert::accounts::member(&member)) }))
    }

    async fn set_suspended(
        &self,
        request: Request<wire::SetSuspendedRequest>,
    ) -> Reply<wire::SetSuspendedResponse> {
        let why = reason(&request.get_ref().reason)?.to_owned();
        let (caller, act) = self.gate.admin(&request, &request.get_ref().request_id, &why).await?;
        let request = request.into_inner();
        let member = self
            .edge
            .accounts
            .set_suspended(&caller, act.request, &request.member, request.suspended, &why)
            .await
            .or_status()?;
        Ok(Response::new(wire::SetSuspendedResponse { member: Some(convert::accounts::member(&member)) }))
    }

    async fn create_member(
        &self,
        request: Request<wire::CreateMemberRequest>,
    ) -> Reply<wire::CreateMemberResponse> {
        let (caller, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let name = &request.get_ref().name;
        let (member, code) =
            self.edge.accounts.create_member(&caller, act.request, name).await.or_status()?;
        Ok(Response::new(wire::CreateMemberResponse {
            member: Some(convert::accounts::member(&member)),
            code: code.code.expose_secret().to_owned(),
            expires_at: Some(convert::time(code.expires_at)),
        }))
    }

    async fn reset_password(
        &self,
        request: Request<wire::ResetPasswordRequest>,
    ) -> Reply<wire::ResetPasswordResponse> {
        let (caller, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let code = self
            .edge
            .accounts
            .reset_password(&caller, act.request, &request.get_ref().member)
            .await
            .or_status()?;
        Ok(Response::new(wire::ResetPasswordResponse {
            code: code.code.expose_secret().to_owned(),
            expires_at: Some(convert::time(code.expires_at)),
        }))
    }

    async fn create_invitation(
        &self,
        request: Request<wire::CreateInvitationRequest>,
    ) -> Reply<wire::CreateInvitationResponse> {
        let (caller, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let valid = std::time::Duration::from_secs(request.valid_s.into());
        let uses = request.uses.max(1);
        let invitation =
            self.edge.accounts.create_invitation(&caller, act.request, uses, valid).await.or_status()?;
        Ok(Response::new(wire::CreateInvitationResponse {
            invitation: invitation.code.expose_secret().to_owned(),
            expires_at: Some(convert::time(invitation.expires_at)),
        }))
    }

    async fn list_all_jobs(
        &self,
        request: Request<wire::ListAllJobsRequest>,
    ) -> Reply<wire::ListAllJobsResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let filter = convert::jobs::filter(request.kind, request.state)?;
        let member = match request.member.as_str() {
            "" => None,
            member => Some(self.edge.accounts.find(member).or_status()?.id),
        };
        let listed = self.edge.jobs.list(member, filter, &page).or_status()?;
        let ahead = self.edge.jobs.ahead();
        let jobs = listed.items.iter().map(|job| self.edge.job_with_owner(job, &ahead)).collect();
        Ok(Response::new(wire::ListAllJobsResponse { jobs, next_page_token: listed.next }))
    }

    async fn retry_member_job(
        &self,
        request: Request<wire::RetryMemberJobRequest>,
    ) -> Reply<wire::RetryMemberJobResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let id = convert::id(&request.get_ref().job_id, JobError::NotFound)?;
        let job = self.edge.jobs.get_any(id).or_status()?;
        let job = job.ok_or(JobError::NotFound).or_status()?;
        if !matches!(job.state.name().word(), "failed" | "cancelled") {
            return Err(Status::failed_precondition(
                "only a failed or cancelled job can be run again for its owner",
            ));
        }
        let owner = self.edge.accounts.find(&job.member.to_string()).or_status()?;
        let again = self.edge.resubmit(&owner, act.request, &job, false).await?;
        let entry =
            act.entry("job.retry", &job.id.to_string(), job.state.name().word(), &again.id.to_string());
        let digest = Digest::of("job.retry_member", &[job.id.as_bytes()]);
        let written = self.edge.store.transact(move |tx| {
            // Asked again, it is the same job, and one act.
            if once::answered(tx, act.member, act.request, &digest)?.is_none() {
                audit::append(tx, &entry)?;
                once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
            }
            Ok::<_, OnceError>(())
        });
        written.await.or_status()?;
        Ok(Response::new(wire::RetryMemberJobResponse {
            job: Some(self.edge.job_with_owner(&again, &self.edge.jobs.ahead())),
        }))
    }

    async fn refund_job(&self, request: Request<wire::RefundJobRequest>) -> Reply<wire::RefundJobResponse> {
        let why = reason(&request.get_ref().reason)?.to_owned();
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, &why).await?;
        let id = convert::id(&request.get_ref().job_id, JobError::NotFound)?;
        let (job, refunded_credits) = self.edge.jobs.refund(act, id).await.or_status()?;
        let job = Some(self.edge.job_with_owner(&job, &self.edge.jobs.ahead()));
        Ok(Response::new(wire::RefundJobResponse { job, refunded_credits }))
    }

    async fn list_all_algorithms(
        &self,
        request: Request<wire::ListAllAlgorithmsRequest>,
    ) -> Reply<wire::ListAllAlgorithmsResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let algorithms = catalogue::list(&self.edge.store, true).or_status()?;
        let algorithms = algorithms.iter().map(convert::jobs::algorithm).collect();
        Ok(Response::new(wire::ListAllAlgorithmsResponse { algorithms }))
    }

    async fn set_algorithm_state(
        &self,
        request: Request<wire::SetAlgorithmStateRequest>,
    ) -> Reply<wire::SetAlgorithmStateResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let state = convert::jobs::from_algorithm_state(request.state)?;
        let algorithm =
            catalogue::set_state(&self.edge.store, act, request.algorithm, state).await.or_status()?;
        let algorithm = Some(convert::jobs::algorithm(&algorithm));
        Ok(Response::new(wire::SetAlgorithmStateResponse { algorithm }))
    }

    async fn set_algorithm_price(
        &self,
        request: Request<wire::SetAlgorithmPriceRequest>,
    ) -> Reply<wire::SetAlgorithmPriceResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let algorithm = catalogue::set_price(&self.edge.store, act, request.algorithm, request.price_credits)
            .await
            .or_status()?;
        let algorithm = Some(convert::jobs::algorithm(&algorithm));
        Ok(Response::new(wire::SetAlgorithmPriceResponse { algorithm }))
    }

    async fn create_algorithm(
        &self,
        request: Request<wire::CreateAlgorithmRequest>,
    ) -> Reply<wire::CreateAlgorithmResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let kind = convert::jobs::from_kind(request.kind)?;
        let kind = kind.ok_or_else(|| Status::invalid_argument("kind: is missing; say what it makes"))?;
        let defaults = convert::painting::from_defaults(request.defaults.unwrap_or_default())?;
        let key = ModelKey { model: request.model.clone(), loras: defaults.loras.clone() };
        self.edge.residency.check(&key).or_status()?;
        let new = NewAlgorithm {
            name: request.algorithm,
            kind,
            model: request.model,
            summary: request.summary,
            price_credits: request.price_credits,
            defaults,
        };
        let algorithm = catalogue::create(&self.edge.store, act, new).await.or_status()?;
        let algorithm = Some(convert::jobs::algorithm(&algorithm));
        Ok(Response::new(wire::CreateAlgorithmResponse { algorithm }))
    }

    async fn edit_algorithm(
        &self,
        request: Request<wire::EditAlgorithmRequest>,
    ) -> Reply<wire::EditAlgorithmResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let wire::EditAlgorithmRequest { algorithm, summary, defaults, .. } = request.into_inner();
        let defaults = defaults.map(convert::painting::from_defaults).transpose()?;
        if let Some(defaults) = defaults.as_ref().filter(|defaults| !defaults.loras.is_empty()) {
            let model = catalogue::read(&self.edge.store, &algorithm).or_status()?.model;
            let key = ModelKey { model, loras: defaults.loras.clone() };
            // What paints without a model takes no defaults at all, which is said below.
            if !key.model.is_empty() {
                self.edge.residency.check(&key).or_status()?;
            }
        }
        let algorithm =
            catalogue::edit(&self.edge.store, act, algorithm, summary, defaults).await.or_status()?;
        let algorithm = Some(convert::jobs::algorithm(&algorithm));
        Ok(Response::new(wire::EditAlgorithmResponse { algorithm }))
    }

    async fn verify_ledger(
        &self,
        request: Request<wire::VerifyLedgerRequest>,
    ) -> Reply<wire::VerifyLedgerResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let store = self.edge.store.clone();
        let began = self.gate.clock.now();
        let journal = journal_of(&self.edge.config.data);
        let verified = tokio::task::spawn_blocking(move || {
            let jobs = store.clone();
            let report = ledger::verify(&store, move |job| end_state(&jobs, job))?;
            Ok((report, ledger::compare_with_store(&journal, &store)?))
        });
        let (report, mismatch) = verified
            .await
            .unwrap_or_else(|_| Err(LedgerError::Damaged("the verification broke down".to_owned())))
            .or_status()?;
        let mut findings: Vec<_> = report.faults.iter().map(ToString::to_string).collect();
        findings.extend(mismatch.map(|mismatch| mismatch.to_string()));
        Ok(Response::new(wire::VerifyLedgerResponse {
            sound: findings.is_empty(),
            transfer_count: report.transfers,
            account_count: report.accounts as u64,
            findings,
            took_ms: convert::millis(self.gate.clock.now().since(began)),
        }))
    }

    async fn list_audit(&self, request: Request<wire::ListAuditRequest>) -> Reply<wire::ListAuditResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let listed = audit::list(&self.edge.store, &page, &request.action).or_status()?;
        let entries = listed.items.into_iter().map(|entry| wire::AuditEntry {
            number: entry.number,
            at: Some(convert::time(entry.at)),
            actor: entry.actor,
            action: entry.action,
            entity: entry.entity,
            old_value: entry.old,
            new_value: entry.new,
            address: entry.address,
            client: entry.client,
            reason: entry.reason,
        });
        Ok(Response::new(wire::ListAuditResponse {
            entries: entries.collect(),
            next_page_token: listed.next,
        }))
    }
}
