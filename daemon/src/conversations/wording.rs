//! What Atelier says in its own words. Pure.

use atelier_models::built_in::MADE_BY;

use super::interpreter::{Intent, IntentName, RefuseReason};
use crate::jobs::job::{Job, State, StateName};

/// What to say to a change that is none.
pub(super) const NO_CHANGE: &str =
    "I can't tell what to change. Say it like “bigger title”, “make it blue” or “title \"CRUST!\"”.";

/// What plain pictures are called.
const PICTURES: &str = "Plain pictures";

/// Sentences to begin with.
pub(super) const STARTERS: [&str; 4] = [
    "thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours",
    "3 thumbnails about hiking the Alps in winter, title \"-20°C\", cold and dramatic",
    "square cover for my podcast about space, title \"ORBIT\", dark neon",
    "tiktok cover: my first marathon, title \"42 KM\", bright",
];

/// Whether the words are a plain yes to a price.
#[must_use]
pub(super) fn is_yes(text: &str) -> bool {
    const YES: [&str; 24] = [
        "yes",
        "y",
        "yep",
        "yeah",
        "yes please",
        "sure",
        "ok",
        "okay",
        "go",
        "go ahead",
        "do it",
        "make it",
        "please do",
        "confirm",
        "sí",
        "si",
        "oui",
        "ja",
        "да",
        "sim",
        "evet",
        "haan",
        "ya",
        "tak",
    ];
    let plain = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    YES.contains(&plain.as_str())
}

/// What to say to something that asks for nothing.
#[must_use]
pub(super) fn smalltalk() -> (String, Vec<String>) {
    let text = "Hello! Tell me what your video is about and I make a thumbnail for it. \
                A title in quotes is set exactly as you write it."
        .to_owned();
    (text, vec![STARTERS[0].to_owned(), "what can you do?".to_owned()])
}

/// What to say to a question; plain pictures are made where somebody `paints` them.
#[must_use]
pub(super) fn help(price_credits: Option<u64>, paints: bool) -> (String, Vec<String>) {
    let price = match price_credits {
        Some(1) => "A picture costs 1 credit; you always see the price first.".to_owned(),
        Some(price) => format!("A picture costs {price} credits; you always see the price first."),
        None => "You always see the price first.".to_owned(),
    };
    let pictures = if paints {
        " Plain pictures too: “paint a castle on a floating island”; their price may differ."
    } else {
        ""
    };
    let text = format!(
        "I make thumbnails: say what the video is about, the title in quotes, colours and mood, and the shape \
         (16:9, 9:16 for shorts, 1:1, 4:5). Attach a photo and it goes on the picture.{pictures} Then say what to change: \
         “darker”, “bigger title”, “another one”, “give me 4”. “status”, “cancel”, “balance” and “history” work \
         too. {price} What fails or is cancelled costs nothing."
    );
    (text, vec![STARTERS[0].to_owned(), "balance".to_owned()])
}

/// What to say to a request that was understood but can't be made here.
#[must_use]
pub(super) fn not_installed(what: &str) -> String {
    let verb = if what.ends_with('s') { "are" } else { "is" };
    let remedy = match what {
        PICTURES => {
            " They need an image model. An admin installs one with `atelierd models` and offers it with \
             `atelier admin algorithms add NAME --model MODEL --kind image --activate`."
        }
        _ => "",
    };
    format!(
        "{what} {verb} not installed in this studio yet.{remedy} Thumbnails are: tell me what yours is about."
    )
}

/// The question for what is missing.
#[must_use]
pub(super) fn ask_for(missing: &[String]) -> String {
    match missing.first().map(String::as_str) {
        Some("subject") => "What is it about? A few words are enough.".to_owned(),
        Some("prompt") => "What shall it show? A few words are enough.".to_owned(),
        Some("title") => "Which words shall stand on it?".to_owned(),
        Some("subject_image") => "Which picture shall I use? Please send it.".to_owned(),
        Some(field) => format!("Please tell me more: {}.", field.replace('_', " ")),
        None => "Please tell me a little more.".to_owned(),
    }
}

/// What to say to a request that is turned away.
#[must_use]
pub(super) fn refuse(reason: RefuseReason) -> String {
    let what = match reason {
        RefuseReason::Sexual => "sexual pictures",
        RefuseReason::Minor => "such pictures of children",
        RefuseReason::Violence => "pictures of cruelty",
        RefuseReason::Hate => "hateful pictures",
        RefuseReason::RealPersonDeception => "pictures that deceive about real people",
    };
    format!("I don't make {what}. No credits were taken.")
}

/// What a finished picture's settings say that its owner should know: which words nothing understood, and that the
/// built-in model painted it.
#[must_use]
pub(super) fn notes_of(settings: &str) -> Vec<String> {
    /// Words that are named.
    const NAMED: usize = 8;
    #[derive(serde::Deserialize)]
    struct Settings {
        #[serde(default)]
        made_by: String,
        #[serde(default)]
        ignored: Vec<String>,
    }
    let Ok(Settings { made_by, ignored }) = serde_json::from_str(settings) else { return Vec::new() };
    let named: Vec<_> = ignored.iter().take(NAMED).map(|word| format!("“{word}”")).collect();
    let more = match ignored.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let unused = (!named.is_empty()).then(|| format!("{}{more} could not be used.", named.join(", ")));
    let mut letters = made_by.chars();
    let inside = made_by.contains(MADE_BY).then(|| {
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        format!("{}{}.", first.unwrap_or_default(), letters.as_str())
    });
    unused.into_iter().chain(inside).collect()
}

/// How a job stands, in a sentence.
#[must_use]
pub(super) fn status(job: &Job, ahead: u32) -> String {
    let what = job.work.summary();
    match &job.state {
        State::Queued { .. } if ahead == 0 => format!("{what}: it is next."),
        State::Queued { .. } if ahead == 1 => format!("{what}: waiting, 1 job is ahead."),
        State::Queued { .. } => format!("{what}: waiting, {ahead} jobs are ahead."),
        State::Running => format!("{what}: being made right now."),
        State::Succeeded => format!("{what}: done."),
        State::Failed { message, .. } => format!("{what}: it failed ({message}). No credits were taken."),
        State::Cancelled { .. } => format!("{what}: cancelled. No credits were taken."),
    }
}

/// The last jobs, a line each.
#[must_use]
pub(super) fn history(jobs: &[Job]) -> String {
    if jobs.is_empty() {
        return "Nothing has been made yet. Say what your video is about and I make a thumbnail.".to_owned();
    }
    let lines = jobs.iter().map(|job| {
        let state = match job.state.name() {
            StateName::Succeeded => "✓",
            StateName::Failed => "✗",
            StateName::Cancelled => "–",
            StateName::Queued | StateName::Running => "…",
        };
        format!("{state} {}", job.work.summary())
    });
    format!("The last {}:\n{}", jobs.len(), lines.collect::<Vec<_>>().join("\n"))
}

/// What the intent asks for, where that can't be had here; plain pictures can where somebody `paints` them.
#[must_use]
pub(super) fn foreign_request(intent: &Intent, paints: bool) -> Option<&'static str> {
    Some(match intent {
        Intent::Image(_) if paints => return None,
        Intent::Image(_) => PICTURES,
        Intent::Tryon(_) => "Virtual try-ons",
        Intent::Portrait(_) => "Portraits",
        Intent::Video(_) => "Videos",
        Intent::Upscale { .. } => "Upscaling",
        Intent::Buy { .. } => "Buying credits",
        Intent::LinkAccount => "Linking accounts",
        Intent::Clarify(clarify) => match clarify.intent_for {
            IntentName::Thumbnail => return None,
            IntentName::Image if paints => return None,
            IntentName::Image => PICTURES,
            IntentName::Tryon => "Virtual try-ons",
            IntentName::Portrait => "Portraits",
            IntentName::Video => "Videos",
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_say_what_could_not_be_used_and_who_painted() {
        let many: Vec<_> = (0..10).map(|word| format!("\"w{word}\"")).collect();
        let many = format!("{{\"ignored\":[{}]}}", many.join(","));
        let inside = format!(r#"{{"made_by":"painted by {MADE_BY}","ignored":["a cat","dogs"]}}"#);
        let by = format!("Painted by {MADE_BY}.");
        for (settings, notes) in [
            ("", vec![]),
            (r#"{"made_by":"procedural rules, no learned model"}"#, vec![]),
            (inside.as_str(), vec!["“a cat”, “dogs” could not be used.", by.as_str()]),
            (&many, vec!["“w0”, “w1”, “w2”, “w3”, “w4”, “w5”, “w6”, “w7” and 2 more could not be used."]),
        ] {
            assert_eq!(notes_of(settings), notes, "{settings}");
        }
    }
}
