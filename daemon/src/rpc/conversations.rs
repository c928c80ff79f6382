//! `atelier.v1.Conversations`.

use std::pin::Pin;

use atelier_proto::v1::{self as wire, conversations_server::Conversations as Service};
use futures::{Stream, StreamExt as _};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::IntoStatus as _, status::OrStatus as _};
use crate::{
    accounts::{Caller, Permission},
    assets::AssetError,
    conversations::{Card, ConversationError, Speaker, starters},
    page::Page,
};

pub(super) struct ConversationsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;
type Streamed<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl ConversationsService {
    fn speaker(&self, caller: &Caller, confirm: bool) -> Result<Speaker, Status> {
        let (payer, algorithm) = self.edge.paying(caller)?;
        let (actor, ends_for_others) = (caller.actor(), caller.may_end_for_others());
        Ok(Speaker { payer, actor, algorithm, confirm, ends_for_others })
    }

    /// The cards of an answer, until it is complete or the caller may not hear it any more.
    fn cards<T: Send + 'static>(
        &self,
        caller: Caller,
        cards: tokio::sync::mpsc::Receiver<Result<Card, ConversationError>>,
        wrap: impl Fn(wire::Card) -> T + Send + 'static,
    ) -> Streamed<T> {
        let edge = self.edge.clone();
        let ending = edge.clone();
        let until = Box::pin(async move { super::jobs::ended_by(&ending, &caller).await });
        let cards = ReceiverStream::new(cards).map(move |card| match card {
            Ok(card) => Ok(wrap(convert::cards::card(card, &edge.jobs.ahead()))),
            Err(error) => Err(error.into_status()),
        });
        // After the reason to end, nothing more is sent.
        let state = Some((Box::pin(cards), until));
        Box::pin(futures::stream::unfold(state, |state| async {
            let (mut cards, mut until) = state?;
            tokio::select! {
                biased;
                card = cards.next() => card.map(|card| (card, Some((cards, until)))),
                reason = &mut until => Some((Err(reason), None)),
            }
        }))
    }
}

#[tonic::async_trait]
impl Service for ConversationsService {
    async fn create_conversation(
        &self,
        request: Request<wire::CreateConversationRequest>,
    ) -> Reply<wire::CreateConversationResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let id = convert::request_id(&request.request_id)?;
        let conversation =
            self.edge.conversations.create(caller.member.id, id, request.title).await.or_status()?;
        let conversation = Some(convert::cards::conversation(&conversation));
        Ok(Response::new(wire::CreateConversationResponse { conversation }))
    }

    async fn list_conversations(
        &self,
        request: Request<wire::ListConversationsRequest>,
    ) -> Reply<wire::ListConversationsResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let listed = self.edge.conversations.list(caller.member.id, &page).or_status()?;
        Ok(Response::new(wire::ListConversationsResponse {
            conversations: listed.items.iter().map(convert::cards::conversation).collect(),
            next_page_token: listed.next,
        }))
    }

    async fn get_conversation(
        &self,
        request: Request<wire::GetConversationRequest>,
    ) -> Reply<wire::GetConversationResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let id = convert::id(&request.conversation_id, ConversationError::NotFound)?;
        let conversation = self.edge.conversations.get(caller.member.id, id).or_status()?;
        let listed = self.edge.conversations.messages(&conversation, &page).or_status()?;
        let ahead = self.edge.jobs.ahead();
        let newest_first = listed.items.into_iter();
        let messages = newest_first
            .rev()
            .map(|(number, message, card)| convert::cards::message(number, &message, card, &ahead))
            .collect();
        Ok(Response::new(wire::GetConversationResponse {
            conversation: Some(convert::cards::conversation(&conversation)),
            messages,
            previous_page_token: listed.next,
        }))
    }

    async fn get_message(
        &self,
        request: Request<wire::GetMessageRequest>,
    ) -> Reply<wire::GetMessageResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let (member, conversations) = (caller.member.id, &self.edge.conversations);
        let (number, message, card) = if request.token.is_empty() {
            let id = convert::id(&request.conversation_id, ConversationError::NotFound)?;
            let (message, card) = conversations.message(member, id, request.number).or_status()?;
            (request.number, message, card)
        } else {
            conversations.message_of(member, &request.token).or_status()?
        };
        let message = convert::cards::message(number, &message, card, &self.edge.jobs.ahead());
        Ok(Response::new(wire::GetMessageResponse { message: Some(message) }))
    }

    async fn rename_conversation(
        &self,
        request: Request<wire::RenameConversationRequest>,
    ) -> Reply<wire::RenameConversationResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        convert::request_id(&request.request_id)?;
        let id = convert::id(&request.conversation_id, ConversationError::NotFound)?;
        let conversation =
            self.edge.conversations.rename(caller.member.id, id, request.title).await.or_status()?;
        let conversation = Some(convert::cards::conversation(&conversation));
        Ok(Response::new(wire::RenameConversationResponse { conversation }))
    }

    async fn delete_conversation(
        &self,
        request: Request<wire::DeleteConversationRequest>,
    ) -> Reply<wire::DeleteConversationResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let id = convert::id(&request.conversation_id, ConversationError::NotFound)?;
        self.edge.conversations.delete(caller.member.id, act, id).await.or_status()?;
        Ok(Response::new(wire::DeleteConversationResponse {}))
    }

    async fn list_starters(
        &self,
        request: Request<wire::ListStartersRequest>,
    ) -> Reply<wire::ListStartersResponse> {
        self.gate.caller(&request, Permission::Read).await?;
        Ok(Response::new(wire::ListStartersResponse { starters: starters() }))
    }

    type SayStream = Streamed<wire::SayResponse>;

    async fn say(&self, request: Request<wire::SayRequest>) -> Reply<Self::SayStream> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let id = convert::id(&request.conversation_id, ConversationError::NotFound)?;
        let pictures = request.asset_ids.iter().map(|asset| convert::id(asset, AssetError::NotFound));
        let pictures = pictures.collect::<Result<Vec<_>, _>>()?;
        let speaker = self.speaker(&caller, request.confirm)?;
        let cards =
            self.edge.conversations.say(speaker, act, id, request.text, pictures).await.or_status()?;
        let cards = self.cards(caller, cards, |card| wire::SayResponse { card: Some(card) });
        Ok(Response::new(cards))
    }

    type PressStream = Streamed<wire::PressResponse>;

    async fn press(&self, request: Request<wire::PressRequest>) -> Reply<Self::PressStream> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let act = convert::request_id(&request.request_id)?;
        let speaker = self.speaker(&caller, false)?;
        let (pressed, cards) =
            self.edge.conversations.press(speaker, act, &request.token, request.text).await.or_status()?;
        let (conversation, message) = (pressed.conversation.to_string(), pressed.message.to_string());
        let cards = self.cards(caller, cards, move |card| wire::PressResponse {
            card: Some(card),
            conversation_id: conversation.clone(),
            pressed_card_id: message.clone(),
        });
        Ok(Response::new(cards))
    }
}
