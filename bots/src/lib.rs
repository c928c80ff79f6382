//! Atelier in chats: one platform-neutral conversation for Discord and Telegram.
//!
//! The daemon speaks in cards and holds all state that must outlive a restart. This crate turns a card into a
//! message that every platform can show ([`render`]) and says for whom a bot acts ([`identity`]). Everything here
//! is pure: no network, no clock, no platform's library. The adapters of the platforms will translate, nothing more.
#![warn(missing_docs)]

pub mod identity;
pub mod render;
