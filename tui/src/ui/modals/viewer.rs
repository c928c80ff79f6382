//! A picture that fills the screen.

/// Pictures, one of them shown.
#[derive(Debug)]
pub(crate) struct Viewer {
    /// All that can be gone through.
    pub(crate) pictures: Vec<Shown>,
    /// Which one is shown.
    pub(crate) index: usize,
}

/// A picture and what to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The file.
    pub(crate) asset_id: String,
    /// The job that made it.
    pub(crate) job_id: String,
    /// What it shows.
    pub(crate) caption: String,
    /// How it was made.
    pub(crate) details: String,
    /// Ending of its file name.
    pub(crate) extension: &'static str,
}

impl Viewer {
    /// The picture that is shown.
    pub(crate) fn shown(&self) -> Option<&Shown> {
        self.pictures.get(self.index)
    }
}
