//! The words the rules know, one table per kind and file, folded as [`super::tokens::fold`] does.

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
