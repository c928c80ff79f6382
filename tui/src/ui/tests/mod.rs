//! Tests of the whole interface.
