//! From arguments to a daemon that answers: where it is, who is calling, and how tokens are kept.

mod connect;
pub(crate) mod embedded;
mod face;
pub(crate) mod folders;
mod heir;
mod place;
mod sign_in;
mod tokens;

pub(crate) use self::{
    connect::{ConnectError, Session, api_key, open},
    face::{Farewell, open_for_face},
    sign_in::{sign_in, sign_up},
    tokens::FileTokens,
};
