//! The wire's values in words.

use atelier_proto::v1::{
    AlgorithmState, Aspect, JobFailure, JobState, PictureFormat, Registration, Role, Scope, Stage,
    TransferKind, TransferPhase,
};
use jiff::{Timestamp, tz::TimeZone};

/// The stable word for a state; `--json` and `--state` use it too.
pub(crate) fn state(state: JobState) -> &'static str {
    match state {
        JobState::Unspecified => "unknown",
        JobState::Queued => "queued",
        JobState::Running => "running",
        JobState::Succeeded => "succeeded",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    }
}

/// What is being done.
pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Unspecified => "starting",
        Stage::Prepare => "choosing the layout",
        Stage::Background => "painting the background",
        Stage::Subject => "placing the photo",
        Stage::Title => "setting the title",
        Stage::Encode => "compressing the file",
        Stage::Load => "loading the model",
        Stage::Denoise => "painting",
        Stage::Decode => "developing the picture",
    }
}

pub(crate) fn failure(failure: JobFailure) -> Option<&'static str> {
    match failure {
        JobFailure::Unspecified => None,
        JobFailure::Invalid => Some("invalid"),
        JobFailure::Exhausted => Some("exhausted"),
        JobFailure::Internal => Some("internal"),
    }
}

pub(crate) fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Unspecified | Aspect::Wide169 => "16:9",
        Aspect::Tall916 => "9:16",
        Aspect::Square11 => "1:1",
        Aspect::Portrait45 => "4:5",
    }
}

pub(crate) fn format(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Unspecified | PictureFormat::Jpeg => "jpeg",
        PictureFormat::Png => "png",
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Unspecified => "unknown",
        Role::Guest => "guest",
        Role::Member => "member",
        Role::Moderator => "moderator",
        Role::Admin => "admin",
        Role::Owner => "owner",
        Role::Bot => "bot",
    }
}

pub(crate) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Unspecified => "unknown",
        Scope::Read => "read",
        Scope::Generate => "generate",
        Scope::Admin => "admin",
    }
}

pub(crate) fn algorithm_state(state: AlgorithmState) -> &'static str {
    match state {
        AlgorithmState::Unspecified => "unknown",
        AlgorithmState::Available => "available",
        AlgorithmState::Active => "active",
        AlgorithmState::Retired => "retired",
    }
}

pub(crate) fn registration(registration: Registration) -> &'static str {
    match registration {
        Registration::Unspecified => "unknown",
        Registration::Open => "open",
        Registration::Invite => "invite",
        Registration::Closed => "closed",
    }
}

pub(crate) fn transfer_kind(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Unspecified => "unknown",
        TransferKind::Usage => "usage",
        TransferKind::Purchase => "purchase",
        TransferKind::Plan => "plan",
        TransferKind::Free => "free",
        TransferKind::Trial => "trial",
        TransferKind::Coupon => "coupon",
        TransferKind::Referral => "referral",
        TransferKind::Gift => "gift",
        TransferKind::Refund => "refund",
        TransferKind::AdminAdjustment => "admin_adjustment",
        TransferKind::Merge => "merge",
        TransferKind::Expiry => "expiry",
    }
}

pub(crate) fn transfer_phase(phase: TransferPhase) -> &'static str {
    match phase {
        TransferPhase::Unspecified => "unknown",
        TransferPhase::Posted => "posted",
        TransferPhase::Pending => "pending",
        TransferPhase::Capture => "captured",
        TransferPhase::Release => "released",
    }
}

/// `1 credit`, `1,200 credits`.
pub(crate) fn credits(count: u64) -> String {
    format!("{} credit{}", number(count), if count == 1 { "" } else { "s" })
}

/// With a comma at every thousand.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `640 B`, `182 kB`, `1.4 MB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `under a second`, `8 s`, `2 min`, `3 h`.
pub(crate) fn duration(milliseconds: u64) -> String {
    match milliseconds.div_ceil(1_000) {
        0 | 1 if milliseconds < 1_000 => "under a second".to_owned(),
        seconds @ 0..100 => format!("{seconds} s"),
        seconds @ 100..6_000 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3_600)),
    }
}

/// A moment of the wire.
pub(crate) fn moment(at: Option<&prost_types::Timestamp>) -> Option<Timestamp> {
    at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
}

/// For people: local, to the minute; a dash for never.
pub(crate) fn when(at: Option<&prost_types::Timestamp>, zone: &TimeZone) -> String {
    match moment(at) {
        Some(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        None => "–".to_owned(),
    }
}

/// For programs: RFC 3339 in UTC.
pub(crate) fn iso(at: Option<&prost_types::Timestamp>) -> Option<String> {
    moment(at).map(|at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_units() {
        assert_eq!(
            [credits(0), credits(1), credits(1_234_567)],
            ["0 credits", "1 credit", "1,234,567 credits"]
        );
        assert_eq!([size(640), size(181_400), size(1_440_000)], ["640 B", "182 kB", "1.4 MB"]);
        assert_eq!(
            [0, 900, 7_200, 130_000, 9_000_000].map(duration),
            ["under a second", "under a second", "8 s", "3 min", "3 h"]
        );
    }
}
