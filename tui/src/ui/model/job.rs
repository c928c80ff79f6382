//! Jobs, their progress and what they made.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobState {
    /// Paid for and waiting.
    Queued,
    /// Being worked on.
    Running,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// Ended by somebody.
    Cancelled,
}

impl JobState {
    /// Every state, in the order of the filter.
    pub(crate) const ALL: [Self; 5] =
        [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// Whether it will not change any more.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What a job makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobKind {
    /// A thumbnail with a title.
    Thumbnail,
    /// A plain picture.
    Image,
}

/// The part of the work that is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Not begun.
    Waiting,
    /// Reading pictures, choosing the layout.
    Prepare,
    /// Painting the background.
    Background,
    /// Placing the photo.
    Subject,
    /// Setting the title.
    Title,
    /// Compressing the file.
    Encode,
    /// Reading a model's weights.
    Load,
    /// Taking noise away, step by step.
    Denoise,
    /// Turning what was painted into pixels.
    Decode,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "starting",
            Self::Prepare => "choosing the layout",
            Self::Background => "painting the background",
            Self::Subject => "placing the photo",
            Self::Title => "setting the title",
            Self::Encode => "writing the file",
            Self::Load => "loading the model",
            Self::Denoise => "painting",
            Self::Decode => "developing the picture",
        })
    }
}

/// The newest word on a job under way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    /// What is being done.
    pub(crate) stage: Stage,
    /// Share that is done, 0 to 1.
    pub(crate) fraction: f32,
    /// Which picture, from 0.
    pub(crate) variant: u32,
    /// The picture as it stands.
    pub(crate) preview: Option<Arc<[u8]>>,
    /// Jobs ahead, while queued.
    pub(crate) queue_ahead: u32,
    /// Until it ends.
    pub(crate) remaining_ms: u32,
    /// Denoising steps done and wanted; both 0 where there are none.
    pub(crate) steps: (u32, u32),
}

impl Progress {
    /// What is being done, with the steps where there are any.
    pub(crate) fn doing(&self) -> String {
        match self.steps {
            (_, 0) => self.stage.to_string(),
            (done, total) => format!("{}, step {done}/{total}", self.stage),
        }
    }
}

/// A price before it is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quote {
    /// For all variants.
    pub(crate) price: u64,
    /// What can be spent now.
    pub(crate) available: u64,
    /// Until it begins.
    pub(crate) wait_ms: u32,
    /// Once begun.
    pub(crate) run_ms: u32,
    /// Jobs ahead.
    pub(crate) queue_ahead: u32,
    /// What would make it.
    pub(crate) algorithm: String,
    /// What that honestly is.
    pub(crate) algorithm_summary: String,
}

/// One finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// The file.
    pub(crate) asset_id: String,
    /// Its type, such as `image/jpeg`.
    pub(crate) media_type: String,
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// Size of the file.
    pub(crate) size_bytes: u64,
    /// Makes exactly this one again.
    pub(crate) seed: u64,
    /// What was decided and measured, one `name: value` a line.
    pub(crate) settings: Vec<(String, String)>,
}

impl Picture {
    /// The usual ending of a file of this type.
    pub(crate) fn extension(&self) -> &'static str {
        match self.media_type.as_str() {
            "image/png" => "png",
            "image/webp" => "webp",
            "image/gif" => "gif",
            _ => "jpg",
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// What it makes.
    pub(crate) kind: JobKind,
    /// Where it stands.
    pub(crate) state: JobState,
    /// What was asked for, as free text.
    pub(crate) subject: String,
    /// The words that are set on the picture.
    pub(crate) title: String,
    /// Looks, moods and colours.
    pub(crate) style: Vec<String>,
    /// Width and height of its pictures.
    pub(crate) size: (u32, u32),
    /// How many pictures.
    pub(crate) count: u32,
    /// The seed that was taken.
    pub(crate) seed: Option<u64>,
    /// Which algorithm makes it.
    pub(crate) algorithm: String,
    /// Reserved at submit.
    pub(crate) price: u64,
    /// Charged in the end.
    pub(crate) charged: u64,
    /// When it was submitted.
    pub(crate) created_at: Option<Timestamp>,
    /// When the last attempt began.
    pub(crate) started_at: Option<Timestamp>,
    /// When it ended.
    pub(crate) ended_at: Option<Timestamp>,
    /// How many attempts were begun.
    pub(crate) attempts: u32,
    /// What a person should know about the end.
    pub(crate) message: String,
    /// What it made.
    pub(crate) pictures: Vec<Picture>,
    /// Number of the newest event.
    pub(crate) last_event: u64,
    /// Jobs ahead, while queued.
    pub(crate) queue_ahead: u32,
    /// Whose it is; empty unless an admin looks.
    pub(crate) member: String,
    /// Whether the price was given back later.
    pub(crate) refunded: bool,
}

impl Job {
    /// What is made, in one line.
    pub(crate) fn headline(&self) -> String {
        if self.kind == JobKind::Image {
            return format!("Picture · {}", self.subject);
        }
        match (self.title.is_empty(), self.subject.is_empty()) {
            (false, false) => format!("“{}” · {}", self.title, self.subject),
            (false, true) => format!("“{}”", self.title),
            (true, _) => self.subject.clone(),
        }
    }

    /// The request again in words, to be changed and sent.
    pub(crate) fn prompt(&self) -> String {
        if self.kind == JobKind::Image {
            return format!("picture of {}", self.subject);
        }
        let mut words = format!("thumbnail of {}", self.subject);
        if !self.title.is_empty() {
            words.push_str(&format!(", title \"{}\"", self.title));
        }
        for style in &self.style {
            words.push_str(", ");
            words.push_str(style);
        }
        words
    }

    /// The first characters of the id: enough to tell jobs apart. Ids begin with a time, so the end differs first.
    pub(crate) fn short_id(&self) -> &str {
        self.id.rsplit('-').next().unwrap_or(&self.id)
    }
}
