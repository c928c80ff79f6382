//! End-to-end tests, one binary. Each module says what belongs into it.

mod accounts;
mod admin;
mod assets;
mod bad_input;
mod bad_owners;
mod bad_pictures;
mod bad_tokens;
mod bots;
mod cards;
mod command_line;
mod conversation;
mod crash;
mod health;
mod images;
mod jobs;
mod keys;
mod layout;
mod ledger;
mod limits;
mod models;
mod processes;
mod restarts;
mod streams;
mod terminal;
mod tls;
mod tree;
