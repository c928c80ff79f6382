//! `atelier.v1.Chats`.

use atelier_proto::v1::{self as wire, chats_server::Chats as Service};
use secrecy::{ExposeSecret as _, SecretString};
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::OrStatus as _};
use crate::{
    accounts::Permission,
    chats::{Binding, Place},
    conversations::ConversationError,
    jobs::JobError,
    page::Page,
};

pub(super) struct ChatsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Service for ChatsService {
    async fn enter_chat(&self, request: Request<wire::EnterChatRequest>) -> Reply<wire::EnterChatResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let conversation = self.edge.chats.enter(&caller, act, request.fresh).await.or_status()?;
        Ok(Response::new(wire::EnterChatResponse { conversation_id: conversation.id.to_string() }))
    }

    async fn bind_message(
        &self,
        request: Request<wire::BindMessageRequest>,
    ) -> Reply<wire::BindMessageResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        // Remembering twice is the same as once, so the id is only checked for its form.
        convert::request_id(&request.request_id)?;
        let asked = request.binding.ok_or_else(|| Status::invalid_argument("binding: is missing"))?;
        let number = asked.card_id.parse();
        let binding = Binding {
            identity: String::new(),
            conversation: convert::id(&asked.conversation_id, ConversationError::NotFound)?,
            number: number.map_err(|_| Status::invalid_argument("card_id: is not the id of a card"))?,
            job: convert::id(&asked.job_id, JobError::NotFound)?,
            language: asked.language,
        };
        let place = Place { chat: asked.chat, message: asked.message };
        self.edge.chats.bind(&caller, place, binding).await.or_status()?;
        Ok(Response::new(wire::BindMessageResponse {}))
    }

    async fn release_message(
        &self,
        request: Request<wire::ReleaseMessageRequest>,
    ) -> Reply<wire::ReleaseMessageResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        convert::request_id(&request.request_id)?;
        let place = Place { chat: request.chat, message: request.message };
        self.edge.chats.release(&caller, place).await.or_status()?;
        Ok(Response::new(wire::ReleaseMessageResponse {}))
    }

    async fn list_bindings(
        &self,
        request: Request<wire::ListBindingsRequest>,
    ) -> Reply<wire::ListBindingsResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let listed = self.edge.chats.bindings(&caller, &page).or_status()?;
        let bindings = listed.items.into_iter().map(|(place, binding)| wire::Binding {
            identity: binding.identity,
            chat: place.chat,
            message: place.message,
            conversation_id: binding.conversation.to_string(),
            card_id: binding.number.to_string(),
            job_id: binding.job.to_string(),
            language: binding.language,
        });
        Ok(Response::new(wire::ListBindingsResponse {
            bindings: bindings.collect(),
            next_page_token: listed.next,
        }))
    }

    async fn create_link_code(
        &self,
        request: Request<wire::CreateLinkCodeRequest>,
    ) -> Reply<wire::CreateLinkCodeResponse> {
        let caller = self.gate.caller(&request, Permission::ManageOwn).await?;
        // Asked again, it makes another code: the one before was shown once and is kept nowhere.
        convert::request_id(&request.into_inner().request_id)?;
        let made = self.edge.accounts.create_link_code(&caller).await.or_status()?;
        Ok(Response::new(wire::CreateLinkCodeResponse {
            code: made.code.expose_secret().to_owned(),
            expires_at: Some(convert::time(made.expires_at)),
        }))
    }

    async fn link_chat(&self, request: Request<wire::LinkChatRequest>) -> Reply<wire::LinkChatResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let joined =
            self.edge.chats.link(&caller, act, &SecretString::from(request.code)).await.or_status()?;
        Ok(Response::new(wire::LinkChatResponse {
            member: joined.member,
            moved_credits: joined.moved_credits,
            moved_items: joined.moved_items,
        }))
    }

    async fn unlink_chat(
        &self,
        request: Request<wire::UnlinkChatRequest>,
    ) -> Reply<wire::UnlinkChatResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let identity = match request.identity.as_str() {
            "" => None,
            text => Some(text.parse().or_status()?),
        };
        self.edge.accounts.unlink(&caller, act, identity).await.or_status()?;
        Ok(Response::new(wire::UnlinkChatResponse {}))
    }

    async fn list_links(&self, request: Request<wire::ListLinksRequest>) -> Reply<wire::ListLinksResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let identities = self.edge.accounts.links(caller.member.id).or_status()?;
        Ok(Response::new(wire::ListLinksResponse { identities }))
    }

    async fn forget_me(&self, request: Request<wire::ForgetMeRequest>) -> Reply<wire::ForgetMeResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let act = convert::request_id(&request.into_inner().request_id)?;
        let forgotten = self.edge.chats.forget(&caller, act).await.or_status()?;
        Ok(Response::new(wire::ForgetMeResponse {
            deleted_items: forgotten.items,
            stays: forgotten.stays.to_owned(),
        }))
    }

    async fn get_channel_rules(
        &self,
        request: Request<wire::GetChannelRulesRequest>,
    ) -> Reply<wire::GetChannelRulesResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let rules = self.edge.chats.rules(&request.platform, &request.channel).or_status()?;
        Ok(Response::new(wire::GetChannelRulesResponse { rules: rules.map(convert::chats::rules) }))
    }

    async fn set_channel_rules(
        &self,
        request: Request<wire::SetChannelRulesRequest>,
    ) -> Reply<wire::SetChannelRulesResponse> {
        let (_, act) = self.gate.admin(&request, &request.get_ref().request_id, "").await?;
        let request = request.into_inner();
        let rules = request.rules.map(convert::chats::from_rules).transpose()?;
        let (platform, channel) = (request.platform, request.channel);
        self.edge.chats.set_rules(act, &platform, &channel, rules.clone()).await.or_status()?;
        Ok(Response::new(wire::SetChannelRulesResponse { rules: rules.map(convert::chats::rules) }))
    }

    async fn list_channel_rules(
        &self,
        request: Request<wire::ListChannelRulesRequest>,
    ) -> Reply<wire::ListChannelRulesResponse> {
        self.gate.caller(&request, Permission::Administer).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let listed = self.edge.chats.channels(&page).or_status()?;
        let channels = listed.items.into_iter().map(|((platform, channel), rules)| wire::Channel {
            platform,
            channel,
            rules: Some(convert::chats::rules(rules)),
        });
        Ok(Response::new(wire::ListChannelRulesResponse {
            channels: channels.collect(),
            next_page_token: listed.next,
        }))
    }
}
