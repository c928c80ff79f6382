//! The words the rules know, one table per kind and file, folded as [`super::tokens::fold`] does.

pub(super) mod around_changes;
pub(super) mod around_commands;
pub(super) mod around_looks;
pub(super) mod around_policy;
pub(super) mod around_requests;
pub(super) mod around_titles;
pub(super) mod around_videos;
pub(super) mod asking;
pub(super) mod clothes;
pub(super) mod colours;
pub(super) mod commands;
pub(super) mod kinds;
pub(super) mod moods;
pub(super) mod numbers;
pub(super) mod pictures;
pub(super) mod platforms;
pub(super) mod policy;
pub(super) mod titles;
pub(super) mod videos;
