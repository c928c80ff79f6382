//! Thumbnails: layout, background, subject, title, encode.

mod background;
mod brief;
