//! The daemon's own command line.
