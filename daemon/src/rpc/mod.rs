//! The gRPC edge: one file per service, who is calling ([`gate`]), errors to codes (`status`), and between the
//! wire's types and ours (`convert`). Generated types go no further than this folder.

mod accounts;
mod admin;
mod assets;
mod catalogue;
mod chats;
mod conversations;
mod convert;
mod counting;
mod credits;
mod decoding;
mod finishing;
mod gate;
mod jobs;
mod models;
mod serve;
mod status;
mod system;

pub(crate) use self::serve::{Edge, serve_tcp, serve_unix};
