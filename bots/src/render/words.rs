//! Cards in words.

use atelier_proto::v1::{ErrorCard, JobState, Progress, ProgressCard, Quote, QuoteCard, ResultCard, Stage};
use unicode_segmentation::UnicodeSegmentation as _;

/// For a card of a daemon that is newer than this bot.
pub const UNKNOWN: &str = "Atelier says something that this bot is too old to show.";
/// Platforms refuse empty messages.
pub(super) const NOTHING: &str = "…";

/// Squares of a progress bar.
const SQUARES: usize = 10;

/// A progress bar with its share in words, such as `▰▰▰▰▱▱▱▱▱▱ 40%`. It says 100% only of what is done.
#[must_use]
pub fn progress_bar(fraction: f32) -> String {
    let percent = if fraction >= 1.0 { 100 } else { percent(fraction).min(99) };
    let full = percent * SQUARES / 100;
    let empty = SQUARES - full;
    format!("{}{} {percent}%", "▰".repeat(full), "▱".repeat(empty))
}

#[expect(clippy::cast_sign_loss, reason = "clamped; what is not a number becomes 0")]
fn percent(fraction: f32) -> usize {
    (fraction.clamp(0.0, 1.0) * 100.0) as usize
}

/// Cut to `longest` UTF-16 units between letters as people see them, with an ellipsis for what is gone.
#[must_use]
pub fn shorten(text: &str, longest: usize) -> String {
    let units = |text: &str| text.encode_utf16().count();
    if units(text) <= longest {
        return text.to_owned();
    }
    let room = longest.saturating_sub(units(NOTHING));
    let mut used = 0;
    let letters = text.graphemes(true).take_while(|letter| {
        used += units(letter);
        used <= room
    });
    let mut kept: String = letters.collect();
    kept.truncate(kept.trim_end().len());
    kept.push_str(NOTHING);
    kept
}

pub(super) fn quote(card: &QuoteCard) -> String {
    let Some(quote) = &card.quote else { return card.summary.clone() };
    // What was answered long ago keeps its price; balance and wait are no longer true.
    let open = !card.actions.is_empty();
    let price = if open { open_price(quote) } else { credits(quote.price_credits) };
    lines([card.summary.as_str(), &price])
}

fn open_price(quote: &Quote) -> String {
    let price = format!("{} of the {} you have", credits(quote.price_credits), quote.available_credits);
    let takes = quote.wait_ms.saturating_add(quote.run_ms);
    let time = if takes == 0 { String::new() } else { format!("Ready in {}.", about(takes)) };
    let by = match (quote.algorithm.as_str(), quote.algorithm_summary.as_str()) {
        ("", _) => String::new(),
        (name, "") => format!("By {name}."),
        (name, summary) => format!("By {name}: {summary}"),
    };
    lines([price.as_str(), &time, &by])
}

pub(super) fn progress(card: &ProgressCard, news: Option<&Progress>) -> String {
    let job = card.job.as_ref();
    let queued = job.is_none_or(|job| job.state() == JobState::Queued);
    let now = match news {
        Some(news) if !queued || news.stage() != Stage::Unspecified => running(news),
        Some(news) => waiting(news.queue_ahead),
        None if queued => waiting(job.map_or(0, |job| job.queue_ahead)),
        None => "Working on it…".to_owned(),
    };
    lines([card.summary.as_str(), &now])
}

fn waiting(ahead: u32) -> String {
    match ahead {
        0 => "Next in the queue".to_owned(),
        1 => "Waiting: 1 job ahead".to_owned(),
        ahead => format!("Waiting: {ahead} jobs ahead"),
    }
}

fn running(news: &Progress) -> String {
    let bar = progress_bar(news.fraction);
    let doing = match news.stage() {
        Stage::Unspecified => "starting",
        Stage::Prepare => "choosing the layout",
        Stage::Background => "painting the background",
        Stage::Subject => "placing the photo",
        Stage::Title => "setting the title",
        Stage::Encode => "compressing the file",
        Stage::Load => "loading the model",
        Stage::Denoise => "painting",
        Stage::Decode => "developing the picture",
    };
    let steps = match news.steps_total {
        0 => String::new(),
        total => format!(", step {}/{total}", news.steps_done),
    };
    match news.remaining_ms {
        0 => format!("{bar} · {doing}{steps}"),
        left => format!("{bar} · {doing}{steps} · {} left", about(left)),
    }
}

pub(super) fn result(card: &ResultCard, most_pictures: usize) -> String {
    let job = card.job.as_ref();
    let charged = job.filter(|job| job.charged_credits > 0).map(|job| credits(job.charged_credits));
    let unseen = job.map_or(0, |job| job.results.len().saturating_sub(most_pictures));
    let more = if unseen == 0 { String::new() } else { format!("{unseen} more in the gallery") };
    let notes: Vec<_> = card.notes.iter().map(|note| format!("• {note}")).collect();
    lines([card.summary.as_str(), &notes.join("\n"), &more, &charged.unwrap_or_default()])
}

pub(super) fn error(card: &ErrorCard) -> String {
    // Nothing is taken for what failed, and the daemon says so itself where it matters.
    let charged = if card.charged { "Credits were taken." } else { "" };
    lines([card.text.as_str(), &card.advice, charged])
}

fn credits(count: u64) -> String {
    if count == 1 { "1 credit".to_owned() } else { format!("{count} credits") }
}

fn about(ms: u32) -> String {
    let seconds = ms.div_ceil(1000);
    if seconds < 100 { format!("about {seconds} s") } else { format!("about {} min", seconds.div_ceil(60)) }
}

/// One line each, without the empty ones.
fn lines<const N: usize>(parts: [&str; N]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n")
}
