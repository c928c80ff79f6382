//! Scenes of one chat, and that no sequence of anything leads to a dead end.

mod cards;
mod scenes;
mod walk;
mod world;
