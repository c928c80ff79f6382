//! Atelier in chats: one platform-neutral conversation for Discord and Telegram.
//!
//! The daemon speaks in cards and holds all state that must outlive a restart. This crate turns a card into a
//! message that every platform can show ([`render`]), decides what is sent and edited when ([`dialogue`]), and carries
//! it out: [`desk`] runs one dialogue for each chat between the daemon and a [`platform`]. The adapters ([`telegram`], [`discord`])
//! translate, nothing more.
#![warn(missing_docs)]

pub mod daemon;
pub mod desk;
pub mod dialogue;
pub mod discord;
pub mod identity;
pub mod phrases;
mod pieces;
pub mod platform;
pub mod render;
pub mod run;
pub mod telegram;
