//! A sentence: said to the daemon as in every chat, its cards answered, until a job has begun.

use std::time::Duration;

use atelier_proto::{
    client::{Backoff, is_away},
    request_id,
    v1::{
        Act, Action, Card, CreateConversationRequest, ErrorCard, ErrorReason, GetBalanceRequest,
        PressRequest, QuestionCard, QuoteCard, SayRequest, card::Body,
    },
};
use futures::{StreamExt, stream::BoxStream};
use tonic::{Code, Status};

use super::{
    Begun, ThumbnailArgs,
    order::{Decision, decide, price_line, refused},
};
use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        prompt, words,
    },
    session::Session,
};

/// How often a conversation is taken up again that broke before a job had begun.
const ATTEMPTS: u32 = 6;
/// How long the last words of the daemon are waited for once the job has ended.
const LAST_WORDS: Duration = Duration::from_secs(2);

type Cards = BoxStream<'static, Result<Card, Status>>;

/// What is sent. Both may be repeated: they carry a request id.
#[derive(Debug, Clone)]
enum Utterance {
    Say(SayRequest),
    Press(PressRequest),
}

/// What a person's turn led to.
enum Turn {
    Begun(Begun),
    Answer(Utterance),
}

/// A conversation in which a job has begun.
pub(super) struct Talk {
    pub(super) conversation_id: String,
    /// The cards that follow, where the daemon has not said all.
    rest: Option<Cards>,
}

impl Talk {
    /// What a person should see beside the picture.
    pub(super) async fn notes(self) -> Vec<String> {
        let Some(mut cards) = self.rest else { return Vec::new() };
        let result = tokio::time::timeout(LAST_WORDS, async {
            while let Some(Ok(card)) = cards.next().await {
                if let Some(Body::Result(result)) = card.body {
                    return result.notes;
                }
            }
            Vec::new()
        });
        result.await.unwrap_or_default()
    }
}

pub(super) async fn begin(
    context: &Context,
    session: &Session,
    args: &ThumbnailArgs,
    photo: Option<String>,
) -> Result<Begun, Failure> {
    if let Some(most) = args.terms.max_price {
        bound_can_hold(session, most).await?;
    }
    let conversation_id = match &args.conversation {
        Some(id) => id.clone(),
        None => create(session).await?,
    };
    let mut utterance = Utterance::Say(SayRequest {
        request_id: request_id(),
        conversation_id: conversation_id.clone(),
        text: args.words(),
        asset_ids: photo.into_iter().collect(),
        // With a bound the price has to be seen first.
        confirm: args.terms.yes && args.terms.max_price.is_none(),
    });
    loop {
        match turn(context, session, args, &conversation_id, &utterance).await? {
            Turn::Begun(begun) => return Ok(begun),
            Turn::Answer(answer) => utterance = answer,
        }
    }
}

/// A sentence that costs little runs without a quote, so a bound below that can't be promised.
async fn bound_can_hold(session: &Session, most: u64) -> Result<(), Failure> {
    let balance = session
        .client
        .call(|client| async move { client.credits().get_balance(GetBalanceRequest {}).await })
        .await?;
    if most < balance.auto_confirm_credits {
        let message = format!(
            "here a sentence runs unasked up to {}, so --max-price {most} can't be promised for one; \
             with settings (such as --count 1) it can",
            words::credits(balance.auto_confirm_credits)
        );
        return Err(Failure::new(Exit::Usage, message));
    }
    Ok(())
}

async fn create(session: &Session) -> Result<String, Failure> {
    let request = CreateConversationRequest { request_id: request_id(), title: String::new() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.conversations().create_conversation(request).await }
        })
        .await?;
    let conversation = answer
        .conversation
        .ok_or_else(|| Failure::new(Exit::Failed, "the daemon answered without a conversation"))?;
    Ok(conversation.conversation_id)
}

/// Sends, and reads cards until one asks for something, a job has begun, or nothing more follows.
async fn turn(
    context: &Context,
    session: &Session,
    args: &ThumbnailArgs,
    conversation_id: &str,
    utterance: &Utterance,
) -> Result<Turn, Failure> {
    let mut backoff = Backoff::new();
    let mut said = Vec::new();
    for _ in 0..ATTEMPTS {
        let mut cards = open(session, utterance).await.map_err(|status| refused(&status))?;
        let broke = loop {
            let card = match cards.next().await {
                Some(Ok(card)) => card,
                Some(Err(status)) => break status,
                None => return Err(only_words(&said)),
            };
            match card.body {
                // An answer that is given again says the same again.
                Some(Body::Text(text)) if said.contains(&text.text) => {}
                Some(Body::Text(text)) => {
                    context.out.note(&text.text);
                    said.push(text.text);
                }
                Some(Body::Question(question)) => {
                    return answer(context, conversation_id, &question).await.map(Turn::Answer);
                }
                // What costs no more than the auto-confirm price goes on by itself.
                Some(Body::Quote(quote)) if quote.actions.is_empty() => {
                    let told = quote.quote.unwrap_or_default();
                    context.out.note(&format!("{}: {}", quote.summary, price_line(&told)));
                }
                Some(Body::Quote(quote)) => {
                    return agree(context, args, &quote).await.map(Turn::Answer);
                }
                Some(Body::Progress(progress)) => {
                    let job_id = progress.job.unwrap_or_default().job_id;
                    return Ok(begun(job_id, conversation_id, Some(cards)));
                }
                Some(Body::Result(result)) => {
                    for note in &result.notes {
                        context.out.note(note);
                    }
                    let job_id = result.job.unwrap_or_default().job_id;
                    return Ok(begun(job_id, conversation_id, None));
                }
                Some(Body::Error(error)) => return Err(error_of(&error)),
                None => {}
            }
        };
        let may_pass = matches!(broke.code(), Code::Unknown | Code::Internal | Code::Unauthenticated);
        if !(may_pass || is_away(&broke)) {
            return Err(refused(&broke));
        }
        tokio::time::sleep(backoff.next_pause()).await;
    }
    Err(Failure::new(Exit::NotConnected, "the connection broke again and again before the job had begun"))
}

fn begun(job_id: String, conversation_id: &str, rest: Option<Cards>) -> Turn {
    let talk = Talk { conversation_id: conversation_id.to_owned(), rest };
    Turn::Begun(Begun { job_id, talk: Some(talk) })
}

async fn open(session: &Session, utterance: &Utterance) -> Result<Cards, Status> {
    match utterance {
        Utterance::Say(request) => {
            let stream = session
                .client
                .call(|client| {
                    let request = request.clone();
                    async move { client.conversations().say(request).await }
                })
                .await?;
            Ok(stream.map(|answer| Ok(answer?.card.unwrap_or_default())).boxed())
        }
        Utterance::Press(request) => {
            let stream = session
                .client
                .call(|client| {
                    let request = request.clone();
                    async move { client.conversations().press(request).await }
                })
                .await?;
            Ok(stream.map(|answer| Ok(answer?.card.unwrap_or_default())).boxed())
        }
    }
}

async fn answer(
    context: &Context,
    conversation_id: &str,
    question: &QuestionCard,
) -> Result<Utterance, Failure> {
    if !context.out.asks {
        let choices: Vec<_> = question.choices.iter().map(|choice| choice.label.as_str()).collect();
        let message = match choices.as_slice() {
            [] => format!("Atelier asks: {}", question.text),
            choices => format!("Atelier asks: {} ({})", question.text, choices.join(", ")),
        };
        return Err(Failure::new(Exit::NeedsConfirmation, message));
    }
    context.out.note(&question.text);
    for (i, choice) in question.choices.iter().enumerate() {
        context.out.note(&format!("  {}  {}", i + 1, choice.label));
    }
    let typed = prompt::line(context.out, ">").await?;
    Ok(match chosen(&question.choices, &typed) {
        Some(choice) => press(choice),
        None => Utterance::Say(SayRequest {
            request_id: request_id(),
            conversation_id: conversation_id.to_owned(),
            text: typed,
            ..SayRequest::default()
        }),
    })
}

/// A choice is named by its number or by its words; anything else is an answer of its own.
fn chosen<'a>(choices: &'a [Action], typed: &str) -> Option<&'a Action> {
    let by_number = typed.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?));
    by_number.or_else(|| choices.iter().find(|choice| choice.label.eq_ignore_ascii_case(typed)))
}

async fn agree(context: &Context, args: &ThumbnailArgs, card: &QuoteCard) -> Result<Utterance, Failure> {
    let quote = card.quote.clone().unwrap_or_default();
    context.out.note(&format!("{}: {}", card.summary, price_line(&quote)));
    match decide(&quote, &args.terms, context.out.asks, false) {
        Decision::Run => {}
        Decision::Refuse(failure) => return Err(failure),
        Decision::Ask => {
            if !prompt::yes(context.out, "Make it?").await? {
                return Err(Failure::new(Exit::NeedsConfirmation, "not made; nothing was charged"));
            }
        }
    }
    match card.actions.iter().find(|action| action.act() == Act::Confirm) {
        Some(confirm) => Ok(press(confirm)),
        None => Err(Failure::new(Exit::Failed, "the daemon named a price but no way to agree to it")),
    }
}

fn press(action: &Action) -> Utterance {
    Utterance::Press(PressRequest {
        request_id: request_id(),
        token: action.token.clone(),
        text: String::new(),
    })
}

fn error_of(card: &ErrorCard) -> Failure {
    // The daemon's advice may say it already.
    let said = card.charged || card.advice.contains("No credits were taken");
    let untouched = if said { "" } else { "No credits were taken." };
    let parts = [card.text.trim(), card.advice.trim(), untouched];
    let message: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let exit = match card.reason() {
        ErrorReason::Credits => Exit::NotEnoughCredits,
        ErrorReason::Limit => Exit::TryLater,
        ErrorReason::Failed => Exit::JobFailed,
        ErrorReason::Unspecified => Exit::Failed,
    };
    Failure::new(exit, message.join(" "))
}

/// The daemon talked, but nothing was begun.
fn only_words(said: &[String]) -> Failure {
    let message = match said.last() {
        Some(last) => format!("no picture was begun: {last}"),
        None => "no picture was begun; say what the thumbnail shall show".to_owned(),
    };
    Failure::new(Exit::Failed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_named_by_number_or_words() {
        let choices = ["Left", "Right"].map(|label| Action { label: label.to_owned(), ..Action::default() });
        for (typed, wanted) in [
            ("1", Some("Left")),
            ("2", Some("Right")),
            ("right", Some("Right")),
            ("0", None),
            ("3", None),
            ("in the middle", None),
        ] {
            let got = chosen(&choices, typed).map(|choice| choice.label.as_str());
            assert_eq!(got, wanted, "{typed}");
        }
    }

    #[test]
    fn an_error_says_what_to_do_and_that_nothing_was_taken() {
        let card = ErrorCard {
            text: "The queue is full.".to_owned(),
            advice: "No credits were taken. Try again in a minute.".to_owned(),
            ..ErrorCard::default()
        };
        let failure = error_of(&card);
        assert_eq!(failure.message, "The queue is full. No credits were taken. Try again in a minute.");
    }
}
