//! Pictures of latents that may still be noisy, and what they may cost.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use candle_core::DType;
use image::RgbImage;

use super::{
    latents::Latents,
    picture,
    vae::{Approximate, TinyVae, TinyVaeConfig, VaeConfig},
};
use crate::{
    Error,
    checkpoint::{Family, TinyCheckpoint},
    device::Placement,
    encode,
};

/// Side of the corner that is drawn to learn what a preview costs.
const SAMPLE: usize = 8;

const UNKNOWN: u64 = u64::MAX;

/// Draws previews with a tiny autoencoder where there is one, and else by a linear map of the latents' channels.
#[derive(Debug)]
pub(crate) struct Previewer {
    approximate: Approximate,
    tiny: Option<TinyVae>,
    placement: Placement,
    /// The least that one latent number ever cost, in picoseconds; [`UNKNOWN`] until one was drawn. Not the last: the
    /// one that a busy machine held up would forbid all that follow.
    cost: AtomicU64,
}

impl Previewer {
    /// For latents of `family` and of the autoencoder that `vae` describes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when `tiny` can't be used, [`Error::Invalid`] when it is for latents of another depth.
    pub(crate) fn open(
        family: Family,
        tiny: Option<&TinyCheckpoint>,
        vae: &VaeConfig,
        placement: &Placement,
    ) -> Result<Self, Error> {
        let approximate = match family {
            Family::Sd1 | Family::Sd2 => Approximate::Sd1,
            Family::Sdxl => Approximate::Sdxl,
        };
        let tiny = tiny.map(|tiny| tiny_vae(tiny, vae, placement)).transpose()?;
        Ok(Self { approximate, tiny, placement: placement.clone(), cost: AtomicU64::new(UNKNOWN) })
    }

    /// Colours by `approximate` where there is no tiny autoencoder.
    pub(super) fn approximate_by(&mut self, approximate: Approximate) {
        self.approximate = approximate;
    }

    pub(super) fn has_tiny(&self) -> bool {
        self.tiny.is_some()
    }

    /// The picture of a batch of one.
    pub(super) fn picture(&self, latents: &Latents) -> Result<RgbImage, Error> {
        let tensor = latents.to_tensor(&self.placement.device, DType::F32)?;
        let colours = match &self.tiny {
            Some(tiny) => tiny.decode(&tensor, &mut || std::ops::ControlFlow::Continue(()))?,
            None => self.approximate.decode(&tensor)?,
        };
        picture::from_tensor(&colours)
    }

    /// The picture as a small JPEG, and what it cost.
    pub(crate) fn jpeg(&self, latents: &Latents) -> Result<(Vec<u8>, Duration), Error> {
        let began = Instant::now();
        let jpeg = encode::preview(&self.picture(latents)?);
        let took = began.elapsed();
        let each = took.as_nanos().saturating_mul(1_000) / latents.values.len().max(1) as u128;
        self.cost.fetch_min(u64::try_from(each).unwrap_or(UNKNOWN - 1), Ordering::Relaxed);
        Ok((jpeg, took))
    }

    /// About what the preview of `latents` will cost, by what others did for as many numbers. Before the first one, its
    /// corner is drawn to find out.
    pub(super) fn expected(&self, latents: &Latents) -> Result<Duration, Error> {
        if self.cost.load(Ordering::Relaxed) == UNKNOWN {
            self.jpeg(&latents.corner(SAMPLE))?;
        }
        let each = u128::from(self.cost.load(Ordering::Relaxed));
        let whole = each.saturating_mul(latents.values.len() as u128) / 1_000;
        Ok(Duration::from_nanos(u64::try_from(whole).unwrap_or(u64::MAX)))
    }
}

fn tiny_vae(tiny: &TinyCheckpoint, vae: &VaeConfig, placement: &Placement) -> Result<TinyVae, Error> {
    let (config, weights) = tiny.network(placement)?;
    let config = TinyVaeConfig::parse("config.json", config)?;
    let (own, wanted) = (config.latent_channels, vae.latent_channels);
    if own != wanted {
        let problem = format!("the tiny autoencoder has {own} latents per pixel, this checkpoint {wanted}");
        return Err(Error::Invalid { field: "previews", problem });
    }
    TinyVae::load(&config, &weights)
}

/// What the previews of one run may cost: a share of the time that it has taken so far.
#[derive(Debug)]
pub(super) struct Allowance {
    share: f64,
    spent: Duration,
}

impl Allowance {
    /// `share` is above 0 where there shall be previews at all.
    pub(super) fn new(share: f64) -> Self {
        Self { share, spent: Duration::ZERO }
    }

    /// Whether one that will cost `expected` keeps within the share of `elapsed`.
    pub(super) fn affords(&self, expected: Duration, elapsed: Duration) -> bool {
        (self.spent + expected).as_secs_f64() <= self.share * elapsed.as_secs_f64()
    }

    /// Notes what one did cost.
    pub(super) fn spend(&mut self, took: Duration) {
        self.spent += took;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many previews a run of `steps` shows that asks at every step, and which share of it they cost in the end.
    fn run(share: f64, steps: u32, step_ms: u64, preview_ms: u64) -> (u32, f64) {
        let (step, preview) = (Duration::from_millis(step_ms), Duration::from_millis(preview_ms));
        let mut allowance = Allowance::new(share);
        let (mut elapsed, mut made) = (Duration::ZERO, 0);
        for _ in 0..steps {
            elapsed += step;
            if allowance.affords(preview, elapsed) {
                allowance.spend(preview);
                elapsed += preview;
                made += 1;
            }
        }
        (made, allowance.spent.as_secs_f64() / elapsed.as_secs_f64())
    }

    #[test]
    fn previews_never_cost_more_than_their_share() {
        for (share, steps, step_ms, preview_ms, most) in [
            (0.03, 30, 5_000, 470, 10),
            (0.03, 30, 5_000, 4, 30),
            (0.03, 4, 2_500, 470, 0),
            (0.03, 150, 20, 470, 0),
            (0.0, 30, 5_000, 4, 0),
            (1.0, 10, 10, 9, 10),
        ] {
            let (made, cost) = run(share, steps, step_ms, preview_ms);
            assert!(cost <= share, "{steps} × {step_ms} ms: {cost}");
            assert!(made <= most, "{steps} × {step_ms} ms: {made}");
            assert_eq!(made > 0, most > 0, "{steps} × {step_ms} ms");
        }
    }
}
