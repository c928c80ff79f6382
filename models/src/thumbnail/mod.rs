//! Thumbnails: layout, background, subject, title, encode.
