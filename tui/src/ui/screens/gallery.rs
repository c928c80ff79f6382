//! Results.

use super::{
    super::model::{Job, Picture},
    List, Remote,
};

/// The contact sheet.
#[derive(Debug, Default)]
pub(crate) struct Gallery {
    /// Finished jobs, newest first.
    pub(crate) jobs: Remote<Job>,
    /// Which picture is selected.
    pub(crate) list: List,
    /// Pictures to a line; drawing tells.
    pub(crate) columns: usize,
    /// Only those whose words contain this.
    pub(crate) search: String,
}

/// One picture of the contact sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile<'a> {
    /// Who made it.
    pub(crate) job: &'a Job,
    /// The picture.
    pub(crate) picture: &'a Picture,
    /// Its number among the job's pictures, from 0.
    pub(crate) number: usize,
}

impl Gallery {
    /// The pictures that are shown: not those about to be deleted, and only those that were searched for.
    pub(crate) fn tiles<'a>(&'a self, hidden: &'a [String]) -> impl Iterator<Item = Tile<'a>> {
        let wanted = self.search.to_lowercase();
        self.jobs.rows.iter().filter(move |job| !hidden.contains(&job.id) && matches(job, &wanted)).flat_map(
            |job| job.pictures.iter().enumerate().map(move |(number, picture)| Tile { job, picture, number }),
        )
    }

    /// The selected picture.
    pub(crate) fn tile<'a>(&'a self, hidden: &'a [String]) -> Option<Tile<'a>> {
        self.tiles(hidden).nth(self.list.selected)
    }
}

fn matches(job: &Job, wanted: &str) -> bool {
    wanted.is_empty()
        || [&job.subject, &job.title, &job.algorithm, &job.id]
            .iter()
            .any(|words| words.to_lowercase().contains(wanted))
}
