//! Fixed things to show.

use std::{io::Cursor, sync::Arc};

use image::{ImageFormat, Rgb, RgbImage};

use super::{ago, member};
use crate::ui::model::{
    AuditEntry, Body, Button, Card, Conversation, Entry, Job, JobKind, JobState, MemberRow, Page, Picture,
    Pocket, Progress, Quote, Role, Said, Stage, Transfer, TransferKind, TransferPhase, Verification, Wallet,
};

pub(super) const REQUEST: &str =
    "thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours";

pub(super) fn starters() -> Vec<String> {
    [
        "thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours",
        "a calm 9:16 cover about learning to sail, title \"First Wind\"",
        "three square pictures of a night train, title \"LATE\", blue and violet",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub(super) fn page<T>(rows: Vec<T>) -> Page<T> {
    Page { rows, next: None }
}

/// A loaf on a warm background: light and dark enough to be seen in half blocks.
pub(super) fn jpeg() -> Arc<[u8]> {
    let picture = RgbImage::from_fn(160, 90, |x, y| {
        let (dx, dy) = (x as f32 - 80.0, (y as f32 - 55.0) * 1.8);
        if dx.hypot(dy) < 45.0 { Rgb([240, 200, 120]) } else { Rgb([120 - y as u8, 40, 20]) }
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes.into()
}

pub(super) fn job(number: u32, state: JobState) -> Job {
    Job {
        id: format!("01935b2e-7a10-7c3e-9d42-00000000{number:04}"),
        kind: JobKind::Thumbnail,
        state,
        subject: "baking sourdough".to_owned(),
        title: "CRUST!".to_owned(),
        style: vec!["warm".to_owned(), "big title".to_owned()],
        size: (1280, 720),
        count: 1,
        seed: Some(42),
        algorithm: "draft-1".to_owned(),
        price: 4,
        charged: if state == JobState::Succeeded { 4 } else { 0 },
        created_at: ago(130),
        started_at: ago(20),
        ended_at: state.has_ended().then(|| ago(12)).flatten(),
        attempts: 1,
        message: String::new(),
        pictures: Vec::new(),
        last_event: 2,
        queue_ahead: 0,
        member: String::new(),
        refunded: false,
    }
}

pub(super) fn finished(number: u32, title: &str, subject: &str, count: u32) -> Job {
    let pictures = (0..count).map(|at| picture(number, at)).collect();
    Job {
        title: title.to_owned(),
        subject: subject.to_owned(),
        count,
        pictures,
        ..job(number, JobState::Succeeded)
    }
}

fn picture(number: u32, at: u32) -> Picture {
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Picture {
        asset_id: format!("asset-{number}-{at}"),
        media_type: "image/jpeg".to_owned(),
        width: 1280,
        height: 720,
        size_bytes: 312_400,
        seed: u64::from(42 + at),
        settings: vec![
            setting("layout", "title left, subject right"),
            setting("font", "Anton"),
            setting("contrast", "7.1"),
        ],
    }
}

pub(super) fn button(label: &str, key: char) -> Button {
    Button {
        label: label.to_owned(),
        token: format!("token-{}", label.to_lowercase()),
        key: Some(key),
        destructive: matches!(label, "Cancel" | "Delete"),
        asks: label.starts_with("Change"),
    }
}

pub(super) fn quote_card() -> Card {
    let quote = Quote {
        price: 4,
        available: 120,
        wait_ms: 9_000,
        run_ms: 6_000,
        queue_ahead: 2,
        algorithm: "draft-1".to_owned(),
        algorithm_summary: "built-in, tiny: procedural background, typeset title".to_owned(),
    };
    let buttons = vec![button("Confirm", 'c'), button("Cancel", 'x')];
    let summary = "Thumbnail 16:9, title “CRUST!”, warm colours".to_owned();
    Card { id: "c1".to_owned(), body: Body::Quote { summary, quote, buttons } }
}

pub(super) fn progress_card(state: JobState) -> Card {
    let summary = "Thumbnail 16:9, title “CRUST!”, warm colours".to_owned();
    let body = Body::Progress { job: job(1, state), summary, buttons: vec![button("Cancel", 'x')] };
    Card { id: "c2".to_owned(), body }
}

pub(super) fn progress(fraction: f32) -> Progress {
    Progress {
        stage: Stage::Background,
        fraction,
        variant: 0,
        preview: None,
        queue_ahead: 0,
        remaining_ms: 3_200,
        steps: (0, 0),
    }
}

pub(super) fn result_card(count: u32) -> Card {
    let body = Body::Result {
        job: finished(1, "CRUST!", "baking sourdough", count),
        summary: "Thumbnail “CRUST!” by draft-1, the built-in, tiny model".to_owned(),
        notes: vec!["“crunchy” could not be used.".to_owned()],
        buttons: vec![button("Again", 'r'), button("Vary", 'v'), button("Delete", 'd')],
    };
    Card { id: "c2".to_owned(), body }
}

pub(super) fn error_card() -> Card {
    let body = Body::Error {
        text: "The title has 130 characters; at most 120 fit.".to_owned(),
        advice: "Say it again with a shorter title.".to_owned(),
        charged: false,
        buttons: vec![button("Edit", 'e')],
    };
    Card { id: "c4".to_owned(), body }
}

pub(super) fn question_card() -> Card {
    let body = Body::Question {
        text: "Which shape shall it have?".to_owned(),
        buttons: vec![button("Wide 16:9", 'w'), button("Tall 9:16", 't'), button("Square", 's')],
    };
    Card { id: "c5".to_owned(), body }
}

pub(super) fn text_card() -> Card {
    let text = "Thumbnails are what I can make here. Say what it shows and which words shall stand on it.";
    Card { id: "c6".to_owned(), body: Body::Text { text: text.to_owned(), buttons: Vec::new() } }
}

pub(super) fn person(text: &str) -> Entry {
    let said = Said::Person { text: text.to_owned(), pictures: Vec::new(), by: None };
    Entry { said_at: ago(130), said }
}

pub(super) fn said(card: Card) -> Entry {
    Entry { said_at: ago(120), said: Said::Card(card) }
}

pub(super) fn conversation(id: &str, title: &str, seconds: i64) -> Conversation {
    Conversation { id: id.to_owned(), title: title.to_owned(), updated_at: ago(seconds) }
}

pub(super) fn conversations() -> Page<Conversation> {
    page(vec![
        conversation("k1", "thumbnail for my video about baking sourdough", 120),
        conversation("k2", "cover for the sailing series", 7200),
        conversation("k3", "night train, three squares", 200_000),
    ])
}

pub(super) fn wallet() -> Wallet {
    let pocket = |name: &str, available, expires: Option<i64>| Pocket {
        name: name.to_owned(),
        available,
        expires_at: expires.and_then(|seconds| ago(-seconds)),
    };
    Wallet {
        available: 1_120,
        reserved: 4,
        pockets: vec![
            pocket("daily", 16, Some(30_000)),
            pocket("bonus", 104, Some(600_000)),
            pocket("purchased", 1_000, None),
        ],
        daily_free: 20,
        next_reset_at: ago(-30_000),
        auto_confirm: 3,
    }
}

pub(super) fn transfers() -> Page<Transfer> {
    let transfer = |change: i64, kind, phase, pocket: &str, reference: &str, note: &str, seconds| Transfer {
        id: format!("t{seconds}"),
        kind,
        phase,
        change,
        balance_after: (1_000 + change).unsigned_abs(),
        pocket: pocket.to_owned(),
        reference: reference.to_owned(),
        actor: "system".to_owned(),
        at: ago(seconds),
        note: note.to_owned(),
    };
    use TransferKind as Kind;
    use TransferPhase as Phase;
    page(vec![
        transfer(-4, Kind::Usage, Phase::Pending, "daily", "01935b2e", "", 20),
        transfer(-4, Kind::Usage, Phase::Captured, "daily", "01935b11", "", 400),
        transfer(4, Kind::Usage, Phase::Released, "daily", "01935aff", "the engine stopped", 4_000),
        transfer(20, Kind::Free, Phase::Posted, "daily", "", "today's free credits", 40_000),
        transfer(1_000, Kind::Purchase, Phase::Posted, "purchased", "pi_3Q", "", 300_000),
        transfer(100, Kind::Coupon, Phase::Posted, "bonus", "HELLO", "welcome", 900_000),
    ])
}

pub(super) fn members() -> Page<MemberRow> {
    let row = |name: &str, role, suspended, available, jobs, seen: Option<i64>| {
        let mut member = member(name, role);
        member.suspended = suspended;
        member.last_login_at = seen.and_then(ago);
        MemberRow { member, available, reserved: jobs % 7, jobs }
    };
    page(vec![
        row("anna", Role::Owner, false, 1_120, 214, Some(60)),
        row("ben", Role::Member, false, 16, 3, Some(7_300)),
        row("discord", Role::Bot, false, 0, 1_204, Some(30)),
        row("mallory", Role::Member, true, 0, 88, Some(3_000_000)),
        row("noor", Role::Moderator, false, 260, 0, None),
    ])
}

pub(super) fn all_jobs() -> Page<Job> {
    let of = |member: &str, job: Job| Job { member: member.to_owned(), ..job };
    let mut failed = job(4, JobState::Failed);
    failed.message = "The engine failed three times: out of memory. Nothing was charged.".to_owned();
    page(vec![
        of("ben", job(5, JobState::Running)),
        of("mallory", failed),
        of("anna", finished(3, "LATE", "a night train", 3)),
        of("anna", Job { refunded: true, ..finished(2, "First Wind", "learning to sail", 1) }),
        of("noor", job(1, JobState::Cancelled)),
    ])
}

pub(super) fn results() -> Page<Job> {
    page(vec![
        finished(1, "CRUST!", "baking sourdough", 1),
        finished(2, "First Wind", "learning to sail", 1),
        finished(3, "LATE", "a night train", 3),
        finished(4, "", "a lighthouse in fog", 1),
    ])
}

pub(super) fn verification(sound: bool) -> Verification {
    let findings = [
        "member ben, pocket daily: 16 stored, 12 replayed",
        "reservation 01935b2e is neither open nor ended",
    ];
    Verification {
        sound,
        transfers: 18_204,
        accounts: 61,
        findings: if sound { Vec::new() } else { findings.map(str::to_owned).to_vec() },
        took_ms: 340,
    }
}

pub(super) fn audit() -> Page<AuditEntry> {
    let entry = |number, action: &str, entity: &str, old: &str, new: &str, reason: &str| AuditEntry {
        number,
        at: ago((130 - i64::try_from(number).unwrap()) * 600),
        actor: "anna".to_owned(),
        action: action.to_owned(),
        entity: entity.to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
        address: "127.0.0.1".to_owned(),
        client: "atelier 0.1.0".to_owned(),
        reason: reason.to_owned(),
    };
    page(vec![
        entry(128, "credits.adjust", "ben", "12", "16", "the picture of Tuesday was blank"),
        entry(127, "member.suspend", "mallory", "active", "suspended", "bought with a stolen card"),
        entry(126, "role.set", "noor", "member", "moderator", ""),
        entry(125, "algorithm.price", "draft-1", "3", "4", ""),
        entry(124, "ledger.verify", "ledger", "", "sound", ""),
    ])
}
