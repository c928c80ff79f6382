//! Members, sessions, keys.

use atelier_proto::v1 as wire;
use tonic::Status;

use super::time;
use crate::{
    accounts::{ApiKey, Member, Role, Scope, Session, Tokens},
    config::FREE_PLAN,
    id::SessionId,
};

pub(in crate::rpc) fn role(role: Role) -> wire::Role {
    match role {
        Role::Guest => wire::Role::Guest,
        Role::Member => wire::Role::Member,
        Role::Moderator => wire::Role::Moderator,
        Role::Admin => wire::Role::Admin,
        Role::Owner => wire::Role::Owner,
        Role::Bot => wire::Role::Bot,
    }
}

pub(in crate::rpc) fn from_role(number: i32) -> Result<Role, Status> {
    Ok(match wire::Role::try_from(number) {
        Ok(wire::Role::Guest) => Role::Guest,
        Ok(wire::Role::Member) => Role::Member,
        Ok(wire::Role::Moderator) => Role::Moderator,
        Ok(wire::Role::Admin) => Role::Admin,
        Ok(wire::Role::Owner) => Role::Owner,
        Ok(wire::Role::Bot) => Role::Bot,
        Ok(wire::Role::Unspecified) | Err(_) => {
            return Err(Status::invalid_argument(format!("role: {number} is no role; see the enum Role")));
        }
    })
}

pub(in crate::rpc) fn from_scopes(numbers: &[i32]) -> Result<Vec<Scope>, Status> {
    numbers
        .iter()
        .map(|number| match wire::Scope::try_from(*number) {
            Ok(wire::Scope::Read) => Ok(Scope::Read),
            Ok(wire::Scope::Generate) => Ok(Scope::Generate),
            Ok(wire::Scope::Admin) => Ok(Scope::Admin),
            Ok(wire::Scope::Unspecified) | Err(_) => {
                Err(Status::invalid_argument(format!("scopes: {number} is no scope; see the enum Scope")))
            }
        })
        .collect()
}

pub(in crate::rpc) fn member(member: &Member) -> wire::Member {
    wire::Member {
        member_id: member.id.to_string(),
        name: member.name.clone(),
        role: role(member.role).into(),
        suspended: member.suspended,
        created_at: Some(time(member.created_at)),
        last_login_at: member.last_login_at.map(time),
        plan: FREE_PLAN.to_owned(),
    }
}

pub(in crate::rpc) fn tokens(tokens: &Tokens) -> wire::Tokens {
    use secrecy::ExposeSecret as _;
    wire::Tokens {
        access_token: tokens.access.expose_secret().to_owned(),
        access_expires_at: Some(time(tokens.access_expires_at)),
        refresh_token: tokens.refresh.expose_secret().to_owned(),
        refresh_expires_at: Some(time(tokens.refresh_expires_at)),
    }
}

pub(in crate::rpc) fn session(session: &Session, current: Option<SessionId>) -> wire::Session {
    wire::Session {
        session_id: session.id.to_string(),
        device: session.device.clone(),
        address: session.address.clone(),
        created_at: Some(time(session.created_at)),
        last_used_at: Some(time(session.last_used_at)),
        current: current == Some(session.id),
    }
}

pub(in crate::rpc) fn api_key(key: &ApiKey) -> wire::ApiKey {
    let scope = |scope: &Scope| match scope {
        Scope::Read => wire::Scope::Read,
        Scope::Generate => wire::Scope::Generate,
        Scope::Admin => wire::Scope::Admin,
    };
    wire::ApiKey {
        key_id: key.id.to_string(),
        name: key.name.clone(),
        prefix: key.prefix.clone(),
        scopes: key.scopes.iter().map(|each| scope(each).into()).collect(),
        created_at: Some(time(key.created_at)),
        expires_at: key.expires_at.map(time),
        last_used_at: key.last_used_at.map(time),
        call_count: key.call_count,
        revoked: key.revoked,
    }
}
