//! The accounts as a whole.
