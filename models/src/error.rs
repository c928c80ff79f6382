//! The one error type of this crate.

/// Why no picture came out. The text is meant for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request breaks a rule; asking again in the same words will fail again.
    #[error("{field}: {problem}")]
    Invalid {
        /// Name of the offending field, as in the request.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A checkpoint cannot be used as it is; another try will fail again.
    #[error("{file}: {problem}")]
    Checkpoint {
        /// The file or folder, as it was given.
        file: String,
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// The observer answered "stop".
    #[error("stopped")]
    Cancelled,
    /// Something that may go better on another try (memory, device).
    #[error("{0}")]
    Transient(String),
    /// A defect of this program or of its bundled data.
    #[error("{0}")]
    Internal(String),
}

impl From<candle_core::Error> for Error {
    /// Shapes and types are checked before candle sees them, so what it refuses is a defect or a lack of memory.
    fn from(error: candle_core::Error) -> Self {
        match plain(error) {
            error @ (candle_core::Error::Cuda(_) | candle_core::Error::Metal(_)) => {
                Self::Transient(error.to_string())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

/// The error itself: candle wraps it into a backtrace where `RUST_BACKTRACE` is set.
pub(crate) fn plain(error: candle_core::Error) -> candle_core::Error {
    match error {
        candle_core::Error::WithBacktrace { inner, .. } => plain(*inner),
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backtrace_does_not_hide_what_went_wrong() {
        let wrapped = |inner| candle_core::Error::WithBacktrace {
            inner: Box::new(inner),
            backtrace: Box::new(std::backtrace::Backtrace::force_capture()),
        };
        let lost = candle_core::Error::Cuda("out of memory".into());
        assert_eq!(Error::from(wrapped(wrapped(lost))), Error::Transient("out of memory".to_owned()));
        let other = candle_core::Error::msg("shapes differ");
        assert!(matches!(Error::from(wrapped(other)), Error::Internal(text) if text == "shapes differ"));
    }
}
