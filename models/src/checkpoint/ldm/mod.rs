//! The names of the original code (CompVis' latent-diffusion and Stability's releases), as rules to diffusers' names.
//!
//! Every rule takes one name and answers with what becomes of it, or none when the original code writes no such name.

pub(super) mod text;
pub(crate) mod unet;
pub(super) mod vae;

/// The number between the first two dots of what follows `prefix`, and the rest: `("down.", "down.3.block.0")` is
/// `(3, "block.0")`.
fn numbered<'a>(name: &'a str, prefix: &str) -> Option<(usize, &'a str)> {
    let (number, rest) = name.strip_prefix(prefix)?.split_once('.')?;
    Some((number.parse().ok()?, rest))
}

/// `name` with its beginning replaced by the first row that it begins with.
fn replaced(name: &str, rows: &[(&str, &str)]) -> Option<String> {
    rows.iter().find_map(|(from, to)| name.strip_prefix(from).map(|rest| format!("{to}{rest}")))
}
