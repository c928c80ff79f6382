//! `atelier.v1.Credits`.

use atelier_proto::v1::{self as wire, credits_server::Credits as Service};
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    id::MemberId,
    ledger::{self, TransferFilter},
    page::Page,
};

pub(super) struct CreditsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

impl Edge {
    /// A page of a member's transfers.
    pub(super) fn transfers(
        &self,
        member: MemberId,
        filter: &TransferFilter,
        page_size: u32,
        page_token: &str,
    ) -> Result<(Vec<wire::Transfer>, String), Status> {
        // The token is the sequence of the last transfer shown: it grows with the ledger and is not a secret.
        let before = match page_token {
            "" => None,
            token => Some(token.parse().map_err(|_| {
                Status::invalid_argument("page_token: is not one of this list; leave it empty to begin anew")
            })?),
        };
        let limit = Page::parse(page_size, "").or_status()?.size();
        let listed =
            ledger::transfers(&self.store, member, filter, ledger::Page { before, limit }).or_status()?;
        let transfers =
            listed.transfers.iter().map(|transfer| convert::credits::transfer(transfer, member)).collect();
        Ok((transfers, listed.next.map(|next| next.to_string()).unwrap_or_default()))
    }
}

#[tonic::async_trait]
impl Service for CreditsService {
    async fn get_balance(
        &self,
        request: Request<wire::GetBalanceRequest>,
    ) -> Result<Response<wire::GetBalanceResponse>, Status> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let payer = self.edge.payer(&caller.member);
        let balance = self.edge.jobs.balance(payer).await.or_status()?;
        let day = self.edge.days.day(self.gate.clock.now()).or_status()?;
        let pockets = convert::credits::pockets(&balance);
        let daily = pockets.iter().find(|pocket| pocket.name == "daily");
        Ok(Response::new(wire::GetBalanceResponse {
            available_credits: balance.available,
            reserved_credits: balance.reserved,
            daily_free_credits: payer.daily_credits,
            next_reset_at: Some(convert::time(day.end)),
            auto_confirm_credits: payer
                .auto_confirm_credits
                .unwrap_or(daily.map_or(0, |pocket| pocket.available_credits)),
            pockets,
        }))
    }

    async fn list_transfers(
        &self,
        request: Request<wire::ListTransfersRequest>,
    ) -> Result<Response<wire::ListTransfersResponse>, Status> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let filter = TransferFilter {
            kind: convert::credits::from_kind(request.kind)?,
            from: request.from.map(convert::from_time),
            to: request.until.map(convert::from_time),
        };
        let (transfers, next_page_token) =
            self.edge.transfers(caller.member.id, &filter, request.page_size, &request.page_token)?;
        Ok(Response::new(wire::ListTransfersResponse { transfers, next_page_token }))
    }
}
