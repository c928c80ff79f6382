//! How the caller of a network stops it in the middle of a slow step.

use std::ops::ControlFlow;

use crate::Error;

/// Asked between the parts of a network; `Break` ends the run with [`Error::Cancelled`].
pub type Ask<'a> = dyn FnMut() -> ControlFlow<()> + 'a;

/// Asks once.
pub(super) fn go_on(ask: &mut Ask<'_>) -> Result<(), Error> {
    match ask() {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}
