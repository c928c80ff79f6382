//! Atelier's wire.
//!
//! The schema lives in `proto/atelier/v1/`, its generated code in [`v1`], and [`client`] is the one typed client
//! that every face uses: it connects over TCP or a Unix socket, keeps tokens fresh, waits and tries again when
//! the daemon is away, and resumes streams where they broke.
#![warn(missing_docs)]

pub mod client;

/// Generated from `proto/atelier/v1/*.proto`; the comments there are its documentation.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    unreachable_pub,
    missing_docs,
    reason = "generated"
)]
pub mod v1 {
    tonic::include_proto!("atelier.v1");
}

/// The compiled schema, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Metadata key by which a bot names the chat identity that it acts for: `<platform>:<user>[:<channel>[:<parent>]]`; a
/// channel with a parent is a thread of it, where the parent's rules hold unless it has its own.
pub const ON_BEHALF_OF: &str = "atelier-on-behalf-of";

/// Metadata key of an answer that tells how long to wait before trying again, in milliseconds.
pub const RETRY_AFTER_MS: &str = "atelier-retry-after-ms";

/// Largest piece of a file in one message, in bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// A fresh `request_id`: make it before sending and keep it while trying again.
#[must_use]
pub fn request_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
