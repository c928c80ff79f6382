//! Putting together what a network answers with a prompt and without one.

/// Classifier-free guidance (Ho & Salimans 2022, arXiv 2207.12598, as diffusers counts it): away from the answer
/// `without` a prompt, by `scale` times the way to the answer `with` it. 1 is the answer with the prompt. The slices
/// are as long as each other.
#[must_use]
pub fn guide(without: &[f32], with: &[f32], scale: f64) -> Vec<f32> {
    let guided = |(without, with): (&f32, &f32)| {
        let without = f64::from(*without);
        (without + scale * (f64::from(*with) - without)) as f32
    };
    without.iter().zip(with).map(guided).collect()
}

/// Gives the `guided` answer for one picture part of the contrast back that the answer `with` the prompt had
/// (Lin et al. 2023, arXiv 2305.08891, section 3.4). `share` is from 0, which changes nothing, to 1; 0.7 is theirs.
pub fn rescale(guided: &mut [f32], with: &[f32], share: f64) {
    let (wanted, found) = (deviation(with), deviation(guided));
    // Without contrast there is nothing to scale.
    if found <= 0.0 {
        return;
    }
    let factor = share * (wanted / found) + (1.0 - share);
    for value in guided {
        *value = (f64::from(*value) * factor) as f32;
    }
}

/// The standard deviation, with one degree of freedom taken by the mean.
fn deviation(values: &[f32]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}
