//! From a conversation to one intent.
//!
//! [`builtin`] is the interpreter by rules that every installation has; a language model behind an address, or one on this
//! machine, can be asked first. A [`Chain`] asks in order. Each takes the same [`Conversation`] and answers with the same [`Intent`], so the faces
//! and the daemon need not know which spoke. Only `endpoint`, `local` and what asks them do IO or know the time.

pub mod builtin;
mod chain;
mod config;
mod conversation;
mod endpoint;
mod fields;
mod intent;
mod local;
mod prompt;
mod report;
mod schema;
mod score;

pub use builtin::{Span, explain, understand};
pub use chain::{Chain, Source, Understood};
pub use config::{EndpointConfig, InterpreterConfig, LocalConfig};
pub use conversation::{Conversation, Speaker, Turn};
pub use fields::{Aspect, Format, IntentName, RefuseReason, RequestMode, Resolution, TryonMode, VideoMode};
pub use intent::{
    Changes, Clarify, ImageWords, Intent, PortraitWords, ThumbnailWords, TryonWords, VideoWords,
};
pub use report::{ReportError, ReportOptions, understand_lines};
pub use schema::{Invalid, schema, validate};
pub use score::{Tally, Totals, Verdict, score};

#[cfg(test)]
mod tests;
