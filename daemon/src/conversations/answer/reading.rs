//! A conversation as the interpreter reads it. Pure.

use super::{Conversation, Message, Order, QuoteOutcome, Said, Turn, interpreter, wording};

/// The open quote that the newest message says yes to.
pub(super) fn agreed(messages: &[(u32, Message)]) -> Option<(u32, Order)> {
    let [.., (number, quote), (_, newest)] = messages else { return None };
    match (&quote.said, &newest.said) {
        (
            Said::Quote { work, notes, outcome: QuoteOutcome::Open, .. },
            Said::Person { text, pictures, about: None },
        ) if pictures.is_empty() && wording::is_yes(text) => {
            Some((*number, Order { wanted: work.clone().into(), notes: notes.clone() }))
        }
        _ => None,
    }
}

/// The conversation as the interpreter reads it, from what was turned away last: a request that was refused says nothing
/// of the next one. Pictures of before still count in its indexes, so they come first, without words, and with an
/// answer, so that they are not those of the newest words.
pub(super) fn reading(conversation: &Conversation, messages: &[(u32, Message)]) -> interpreter::Conversation {
    let refused = messages.iter().rposition(|(_, message)| refuses(message)).map_or(0, |at| at + 1);
    let mut turns: Vec<Turn> = messages.iter().skip(refused).map(|(_, message)| turn(message)).collect();
    let shown: usize = turns.iter().map(|turn| turn.images.len()).sum();
    let before = conversation.pictures.len().saturating_sub(shown);
    if before > 0 {
        let pictures = Turn { images: unknown(before), ..Turn::user("") };
        turns.splice(0..0, [pictures, Turn::atelier("")]);
    }
    interpreter::Conversation {
        turns,
        labels_visible: false,
        last_request: conversation.last_request.clone(),
    }
}

/// Whether it turns a request away.
fn refuses(message: &Message) -> bool {
    matches!(message.said, Said::Error { .. } | Said::Text { refusal: true, .. })
}

/// The message as the interpreter reads it.
fn turn(message: &Message) -> Turn {
    match &message.said {
        Said::Person { text, pictures, .. } => Turn { images: unknown(pictures.len()), ..Turn::user(text) },
        Said::Text { text, .. } | Said::Question { text } | Said::Error { text, .. } => Turn::atelier(text),
        Said::Job { summary, .. } => Turn::atelier(summary),
        Said::Quote { work, .. } => Turn::atelier(work.summary()),
    }
}

fn unknown(pictures: usize) -> Vec<String> {
    vec!["unknown".to_owned(); pictures]
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Intent, Reason, Source},
        *,
    };
    use crate::{
        clock::Timestamp,
        conversations::interpreter::{ThumbnailWords, understand},
        id::{AssetId, ConversationId, MemberId},
    };

    const PLAIN: &str = "thumbnail about baking sourdough, title \"CRUST!\"";

    fn conversation(pictures: u128, last_request: Option<Intent>) -> Conversation {
        let at = Timestamp::from_millis(1);
        Conversation {
            id: ConversationId::new(at),
            member: MemberId::new(at),
            title: String::new(),
            created_at: at,
            updated_at: at,
            messages: 0,
            pictures: (0..pictures).map(|id| AssetId::from_uuid(uuid::Uuid::from_u128(id))).collect(),
            last_request,
            last_job: None,
        }
    }

    fn talk(said: Vec<Said>) -> Vec<(u32, Message)> {
        let message =
            |said| Message { at: Timestamp::from_millis(1), said, understood_by: Source::default() };
        (0..).zip(said.into_iter().map(message)).collect()
    }

    fn person(text: &str, pictures: u128) -> Said {
        let pictures = (0..pictures).map(|id| AssetId::from_uuid(uuid::Uuid::from_u128(id))).collect();
        Said::Person { text: text.to_owned(), pictures, about: None }
    }

    #[test]
    fn what_was_turned_away_leaves_nothing_behind() {
        let refused = |text: String| Said::Text { text, suggestions: Vec::new(), refusal: true };
        let error = "which of these 5 is it? tell me".to_owned();
        let error = Said::Error { text: error, advice: String::new(), reason: Reason::Other };
        for (asked, pictures, answer) in [
            ("paint 5 foxes in the snow", 0, refused(wording::not_installed("Plain pictures"))),
            ("5 thumbnails about rye bread", 0, error),
            ("try these clothes on me", 2, refused(wording::not_installed("Virtual try-ons"))),
        ] {
            let messages = talk(vec![person(asked, pictures), answer, person(PLAIN, 0)]);
            let Intent::Thumbnail(words) = understand(&reading(&conversation(pictures, None), &messages))
            else {
                panic!("{asked}: no thumbnail");
            };
            assert_eq!((words.subject.as_str(), words.count), ("baking sourdough", None), "{asked}");
            assert_eq!(words.subject_image, None, "{asked}");
        }
        // An answer to a question still belongs to what was asked.
        let question = Said::Question { text: wording::ask_for(&["subject".to_owned()]) };
        let messages = talk(vec![person("3 thumbnails", 0), question, person("baking sourdough", 0)]);
        let Intent::Thumbnail(words) = understand(&reading(&conversation(0, None), &messages)) else {
            panic!("no thumbnail");
        };
        assert_eq!(words.count, Some(3));
    }

    #[test]
    fn pictures_of_before_are_not_those_of_the_newest_words() {
        let words = ThumbnailWords { subject: "rye bread".to_owned(), ..ThumbnailWords::default() };
        let conversation = conversation(2, Some(Intent::Thumbnail(words)));
        let Intent::Revise(changes) =
            understand(&reading(&conversation, &talk(vec![person("make it darker", 0)])))
        else {
            panic!("no change");
        };
        assert_eq!(changes.subject_image, None);
    }
}
