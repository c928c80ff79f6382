//! Thumbnails: layout, background, subject, title, encode.

mod background;
mod brief;

use std::ops::ControlFlow;

use background::Procedural;
use brief::{Background as _, Brief, CopySpace};

use crate::Error;

/// One procedural background without a title, and what it says about itself: to look at scenes alone.
///
/// # Errors
/// [`Error::Transient`] when there is no memory for a picture of this size.
#[doc(hidden)]
pub fn bare_background(
    subject: &str,
    style: &[String],
    palette: &[String],
    (width, height): (u32, u32),
    seed: u64,
) -> Result<(image::RgbImage, String), Error> {
    const SPACES: [CopySpace; 6] = [
        CopySpace::Left,
        CopySpace::Right,
        CopySpace::Centre,
        CopySpace::Top,
        CopySpace::Bottom,
        CopySpace::Whole,
    ];
    let copy_space = SPACES[(seed % 6) as usize];
    let brief = Brief { subject, style, palette, width, height, copy_space, seed };
    let painted = Procedural::new().paint(&brief, &mut |_| ControlFlow::Continue(()))?;
    let (palette, accent, ignored) = (painted.palette, painted.accent, painted.ignored);
    let told = format!("{}: {palette:?}, accent {accent:?}, ignored {ignored:?}", painted.name);
    Ok((painted.pixels, told))
}
