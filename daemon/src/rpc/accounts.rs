//! `atelier.v1.Accounts`.

use atelier_proto::v1::{self as wire, accounts_server::Accounts as Service};
use secrecy::{ExposeSecret as _, SecretString};
use tonic::{Request, Response, Status};

use super::{convert, gate::Gate, status::OrStatus as _};
use crate::accounts::{AccountsError, Credential, Logout, NewApiKey, Permission};

pub(super) struct AccountsService {
    pub(super) gate: Gate,
}

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Service for AccountsService {
    async fn register(&self, request: Request<wire::RegisterRequest>) -> Reply<wire::RegisterResponse> {
        let origin = self.gate.origin(&request)?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let (password, invitation) =
            (SecretString::from(request.password), SecretString::from(request.invitation));
        let (member, tokens) = self
            .gate
            .accounts
            .register(act, &request.name, &password, &invitation, &origin)
            .await
            .or_status()?;
        Ok(Response::new(wire::RegisterResponse {
            member: Some(convert::accounts::member(&member)),
            tokens: Some(convert::accounts::tokens(&tokens)),
        }))
    }

    async fn login(&self, request: Request<wire::LoginRequest>) -> Reply<wire::LoginResponse> {
        let origin = self.gate.origin(&request)?;
        let request = request.into_inner();
        let password = SecretString::from(request.password);
        let (member, tokens) =
            self.gate.accounts.login(&request.name, &password, &request.device, &origin).await.or_status()?;
        Ok(Response::new(wire::LoginResponse {
            member: Some(convert::accounts::member(&member)),
            tokens: Some(convert::accounts::tokens(&tokens)),
        }))
    }

    async fn refresh(&self, request: Request<wire::RefreshRequest>) -> Reply<wire::RefreshResponse> {
        let origin = self.gate.origin(&request)?;
        let token = SecretString::from(request.into_inner().refresh_token);
        let tokens = self.gate.accounts.refresh(&token, &origin).await.or_status()?;
        Ok(Response::new(wire::RefreshResponse { tokens: Some(convert::accounts::tokens(&tokens)) }))
    }

    async fn logout(&self, request: Request<wire::LogoutRequest>) -> Reply<wire::LogoutResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        // Ending a session twice is the same as once, so the id is only checked for its form.
        convert::request_id(&request.request_id)?;
        let which = match (request.everywhere, request.session_id.as_str()) {
            (true, _) => Logout::Everywhere,
            (false, "") => Logout::Current,
            (false, session) => Logout::One(convert::id(session, AccountsError::NotFound("session"))?),
        };
        let ended = self.gate.accounts.logout(&caller, which).await.or_status()?;
        Ok(Response::new(wire::LogoutResponse { ended: u32::try_from(ended).unwrap_or(u32::MAX) }))
    }

    async fn who_am_i(&self, request: Request<wire::WhoAmIRequest>) -> Reply<wire::WhoAmIResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let api_key_name = match caller.credential {
            Credential::ApiKey { name, .. } => name,
            Credential::LocalOwner | Credential::Session { .. } => String::new(),
        };
        let member = Some(convert::accounts::member(&caller.member));
        Ok(Response::new(wire::WhoAmIResponse { member, api_key_name }))
    }

    async fn change_password(
        &self,
        request: Request<wire::ChangePasswordRequest>,
    ) -> Reply<wire::ChangePasswordResponse> {
        // With a one-time code nobody is logged in; whoever is may leave the name out.
        let caller = match request.metadata().get("authorization") {
            Some(_) => Some(self.gate.caller(&request, Permission::Read).await?),
            None => None,
        };
        let origin = self.gate.origin(&request)?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let (current, new) = (SecretString::from(request.current), SecretString::from(request.new_password));
        let (_, tokens) = self
            .gate
            .accounts
            .change_password(act, caller.as_ref(), &request.name, &current, &new, &origin)
            .await
            .or_status()?;
        Ok(Response::new(wire::ChangePasswordResponse { tokens: Some(convert::accounts::tokens(&tokens)) }))
    }

    async fn list_sessions(
        &self,
        request: Request<wire::ListSessionsRequest>,
    ) -> Reply<wire::ListSessionsResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let sessions = self.gate.accounts.sessions(&caller).or_status()?;
        let current = caller.session();
        let sessions = sessions.iter().map(|session| convert::accounts::session(session, current)).collect();
        Ok(Response::new(wire::ListSessionsResponse { sessions }))
    }

    async fn create_api_key(
        &self,
        request: Request<wire::CreateApiKeyRequest>,
    ) -> Reply<wire::CreateApiKeyResponse> {
        let caller = self.gate.caller(&request, Permission::ManageOwn).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let new = NewApiKey {
            name: request.name,
            scopes: convert::accounts::from_scopes(&request.scopes)?,
            expires_at: request.expires_at.map(convert::from_time),
        };
        let (key, secret) = self.gate.accounts.create_api_key(&caller, act, new).await.or_status()?;
        Ok(Response::new(wire::CreateApiKeyResponse {
            key: Some(convert::accounts::api_key(&key)),
            secret: secret.expose_secret().to_owned(),
        }))
    }

    async fn list_api_keys(
        &self,
        request: Request<wire::ListApiKeysRequest>,
    ) -> Reply<wire::ListApiKeysResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let keys = self.gate.accounts.api_keys(&caller).or_status()?;
        let keys = keys.iter().map(convert::accounts::api_key).collect();
        Ok(Response::new(wire::ListApiKeysResponse { keys }))
    }

    async fn regenerate_api_key(
        &self,
        request: Request<wire::RegenerateApiKeyRequest>,
    ) -> Reply<wire::RegenerateApiKeyResponse> {
        let caller = self.gate.caller(&request, Permission::ManageOwn).await?;
        let request = request.into_inner();
        // Asked again, it makes yet another secret: the one before was shown once and is kept nowhere.
        convert::request_id(&request.request_id)?;
        let id = convert::id(&request.key_id, AccountsError::NotFound("API key"))?;
        let (key, secret) = self.gate.accounts.regenerate_api_key(&caller, id).await.or_status()?;
        Ok(Response::new(wire::RegenerateApiKeyResponse {
            key: Some(convert::accounts::api_key(&key)),
            secret: secret.expose_secret().to_owned(),
        }))
    }

    async fn revoke_api_key(
        &self,
        request: Request<wire::RevokeApiKeyRequest>,
    ) -> Reply<wire::RevokeApiKeyResponse> {
        let caller = self.gate.caller(&request, Permission::ManageOwn).await?;
        let request = request.into_inner();
        convert::request_id(&request.request_id)?;
        let id = convert::id(&request.key_id, AccountsError::NotFound("API key"))?;
        self.gate.accounts.revoke_api_key(&caller, id).await.or_status()?;
        Ok(Response::new(wire::RevokeApiKeyResponse {}))
    }
}
