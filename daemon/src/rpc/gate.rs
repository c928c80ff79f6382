//! Who is calling, whether they may, and whether they call too often.

use atelier_proto::ON_BEHALF_OF;
use tonic::{Extensions, Request, Status, metadata::MetadataMap, transport::server::UdsConnectInfo};

use super::{convert, status::OrStatus as _};
use crate::{
    accounts::{Accounts, Caller, ChatIdentity, Origin, Permission},
    act::AdminAct,
    clock::Clock,
    limits::Limits,
};

/// What every service asks first.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) accounts: Accounts,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
}

impl Gate {
    /// The caller of `request`, who has what it `needs`.
    pub(super) async fn caller<T>(&self, request: &Request<T>, needs: Permission) -> Result<Caller, Status> {
        let caller = self.identified(request).await?;
        caller.require(needs).or_status()?;
        self.limits.check(&caller).or_status()?;
        Ok(caller)
    }

    /// The caller of a download. Only failures count against the limit of its address: a gallery asks for many
    /// small pictures at once, and what they weigh is bounded by the quota of the files, not by their number.
    pub(super) async fn downloader<T>(&self, request: &Request<T>) -> Result<Caller, Status> {
        let caller = self.identified(request).await?;
        caller.require(Permission::Read).or_status()?;
        Ok(caller)
    }

    /// Who calls. Whoever can't show it counts against the limit of the address.
    async fn identified<T>(&self, request: &Request<T>) -> Result<Caller, Status> {
        let origin = origin(request.metadata(), request.remote_addr());
        match self.known(request.metadata(), request.extensions(), &origin).await {
            Ok(caller) => Ok(caller),
            Err(status) => {
                self.limits.check_address(&origin).or_status()?;
                Err(status)
            }
        }
    }

    /// Where a call comes from that needs no account. Counts against the limit of its address.
    pub(super) fn origin<T>(&self, request: &Request<T>) -> Result<Origin, Status> {
        let origin = origin(request.metadata(), request.remote_addr());
        self.limits.check_address(&origin).or_status()?;
        Ok(origin)
    }

    /// An admin, and what the audit log has to know of the act.
    pub(super) async fn admin<T>(
        &self,
        request: &Request<T>,
        request_id: &str,
        reason: &str,
    ) -> Result<(Caller, AdminAct), Status> {
        let caller = self.caller(request, Permission::Administer).await?;
        let act = AdminAct {
            member: caller.member.id,
            request: convert::request_id(request_id)?,
            actor: caller.actor(),
            at: self.clock.now(),
            reason: reason.trim().to_owned(),
        };
        Ok((caller, act))
    }

    /// Who calls, whatever they may do.
    async fn known(
        &self,
        metadata: &MetadataMap,
        extensions: &Extensions,
        origin: &Origin,
    ) -> Result<Caller, Status> {
        let caller = match metadata.get("authorization") {
            Some(value) => {
                let text = value.to_str().ok();
                let bearer = text.and_then(|text| text.strip_prefix("Bearer ")).ok_or_else(|| {
                    Status::unauthenticated("the authorization must be `Bearer <access token or API key>`")
                })?;
                self.accounts.authenticate(bearer, origin).or_status()?
            }
            None if is_owner(extensions) => self.accounts.local_owner(origin).or_status()?,
            None => {
                return Err(Status::unauthenticated(
                    "who are you? Log in with `atelier login`, or send an API key as `authorization: Bearer <key>`",
                ));
            }
        };
        match metadata.get(ON_BEHALF_OF) {
            None => Ok(caller),
            Some(identity) => {
                let text = identity.to_str().unwrap_or_default();
                let identity: ChatIdentity = text.parse().map_err(|_| {
                    Status::invalid_argument(format!(
                        "{ON_BEHALF_OF}: write it as <platform>:<user> or <platform>:<user>:<channel>"
                    ))
                })?;
                self.accounts.act_for(&caller, identity).await.or_status()
            }
        }
    }
}

/// Whether the call came over the Unix socket from the owner of this process, or from root.
fn is_owner(extensions: &Extensions) -> bool {
    let peer = extensions.get::<UdsConnectInfo>().and_then(|info| info.peer_cred);
    peer.is_some_and(|peer| peer.uid() == rustix::process::getuid().as_raw() || peer.uid() == 0)
}

fn origin(metadata: &MetadataMap, address: Option<std::net::SocketAddr>) -> Origin {
    let client = metadata.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin::new(address.map(|address| address.ip()), client)
}
