//! Checks the tensors that callers hand to a network, before a layer would fail on them with less to say.

use candle_core::Tensor;

use crate::Error;

/// The dimensions of `x`, which must be as many as `wanted` and agree with those that it names.
pub(super) fn dims<const N: usize>(
    field: &'static str,
    x: &Tensor,
    wanted: [Option<usize>; N],
) -> Result<[usize; N], Error> {
    let found = x.dims();
    let named: Vec<String> =
        wanted.iter().map(|size| size.map_or_else(|| "any".to_owned(), |size| size.to_string())).collect();
    let refuse = || Error::Invalid {
        field,
        problem: format!("has shape {found:?}; [{}] is needed", named.join(", ")),
    };
    let found: [usize; N] = found.try_into().map_err(|_| refuse())?;
    let fits = found
        .iter()
        .zip(wanted)
        .all(|(&found, wanted)| found > 0 && wanted.is_none_or(|wanted| wanted == found));
    if fits { Ok(found) } else { Err(refuse()) }
}
