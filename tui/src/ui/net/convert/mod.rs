//! The wire's types turned into plain ones. Words are cleaned of what a terminal would obey.

mod admin;
mod card;
mod job;

use std::time::Duration;

use super::super::model::{Fault, FaultKind, Page};

pub(super) use self::{
    admin::{
        audit, member, member_row, role_on_the_wire, studio, transfer, transfer_kind_on_the_wire,
        verification, wallet,
    },
    card::{card, conversation, message},
    job::{job, job_state_on_the_wire, progress},
};

/// What an answer's status means, without naming its type: this crate does not depend on the transport.
macro_rules! fault {
    ($status:expr) => {{
        let retry_after_ms = $status
            .metadata()
            .get(atelier_proto::RETRY_AFTER_MS)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<u64>().ok());
        $crate::ui::net::convert::fault_of(i32::from($status.code()), $status.message(), retry_after_ms)
    }};
}

/// Asks with a request that is the same each time it is repeated.
macro_rules! call {
    ($client:expr, $service:ident, $method:ident, $request:expr) => {{
        let request = &$request;
        $client
            .call(|client| {
                let request = request.clone();
                async move { client.$service().$method(request).await }
            })
            .await
            .map_err(|status| $crate::ui::net::convert::fault!(status))
    }};
}

/// A moment on the wire as a plain one; nothing when it was not said.
macro_rules! moment {
    ($at:expr) => {
        $at.and_then(|at| jiff::Timestamp::new(at.seconds, at.nanos).ok())
    };
}

pub(super) use {call, fault, moment};

/// What a status code means to a person.
pub(super) fn fault_of(code: i32, message: &str, retry_after_ms: Option<u64>) -> Fault {
    let kind = match code {
        // DEADLINE_EXCEEDED, UNAVAILABLE; and what a transport that broke off says.
        1 | 4 | 14 => FaultKind::Unreachable,
        16 => FaultKind::SignedOut,
        7 => FaultKind::NotAllowed,
        5 => FaultKind::NotFound,
        9 => FaultKind::Precondition,
        8 => FaultKind::Full,
        3 | 6 | 11 => FaultKind::Invalid,
        _ => FaultKind::Internal,
    };
    let mut text = clean(message);
    if text.is_empty() {
        "The daemon gave no reason".clone_into(&mut text);
    }
    Fault { kind, text: sentence(&text), retry_after: retry_after_ms.map(Duration::from_millis) }
}

/// With a capital and a full stop, as everything that is said.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Without control characters; tabs become spaces.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|letter| if letter == '\t' { ' ' } else { letter })
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .collect()
}

/// A page of the wire as a plain one.
pub(super) fn page<W, P>(rows: Vec<W>, next: String, convert: impl Fn(W) -> P) -> Page<P> {
    Page { rows: rows.into_iter().map(convert).collect(), next: (!next.is_empty()).then_some(next) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_what_to_do() {
        for (code, kind) in [
            (14, FaultKind::Unreachable),
            (16, FaultKind::SignedOut),
            (9, FaultKind::Precondition),
            (8, FaultKind::Full),
            (13, FaultKind::Internal),
        ] {
            assert_eq!(fault_of(code, "x", None).kind, kind, "{code}");
        }
        assert_eq!(fault_of(3, "the title is too long", None).text, "The title is too long.");
        assert_eq!(fault_of(8, "busy", Some(2_000)).advice(), "Try again in 2 s.");
    }

    #[test]
    fn words_can_not_drive_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\tc\nd\u{9b}e"), "a[2Jb c\nde");
    }
}
