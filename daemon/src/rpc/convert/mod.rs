//! Between the wire's types and the daemon's own: parsing comes in, plain translation goes out.

pub(super) mod accounts;
pub(super) mod cards;
pub(super) mod chats;
pub(super) mod credits;
pub(super) mod jobs;
pub(super) mod painting;

use std::str::FromStr;

use prost_types::Timestamp as WireTime;
use tonic::Status;

use super::status::IntoStatus;
use crate::{clock::Timestamp, id::RequestId};

/// A point in time for the wire.
pub(super) fn time(at: Timestamp) -> WireTime {
    let millis = at.as_millis();
    WireTime {
        seconds: millis.div_euclid(1_000),
        nanos: i32::try_from(millis.rem_euclid(1_000) * 1_000_000).unwrap_or(0),
    }
}

/// A point in time from the wire; what lies outside of the calendar is the nearest that does not.
pub(super) fn from_time(at: WireTime) -> Timestamp {
    let nanos = i64::from(at.nanos.clamp(0, 999_999_999));
    Timestamp::from_millis(at.seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000))
}

/// An id; what is none can't belong to anything, so it is answered like one that is `absent`, in the same words.
pub(super) fn id<T: FromStr>(text: &str, absent: impl IntoStatus) -> Result<T, Status> {
    text.parse().map_err(|_| absent.into_status())
}

/// The caller's id of an act.
pub(super) fn request_id(text: &str) -> Result<RequestId, Status> {
    text.parse().map_err(|_| {
        Status::invalid_argument(
            "request_id: must be a UUID, made before sending and kept while trying again",
        )
    })
}

/// A duration in whole milliseconds that fits the wire.
pub(super) fn millis(span: std::time::Duration) -> u32 {
    u32::try_from(span.as_millis()).unwrap_or(u32::MAX)
}
