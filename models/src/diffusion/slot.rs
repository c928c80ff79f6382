//! A UNet that can leave a GPU while something else needs its memory, and come back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::unet::{Unet, UnetConfig};
use crate::{Error, weights::Weights};

/// The place of a checkpoint's UNet.
#[derive(Debug)]
pub(super) struct Slot {
    config: UnetConfig,
    held: Mutex<Option<Arc<Unet>>>,
    /// What it is read from again; none where LoRAs were merged into it, whose sums would have to be kept beside it.
    again: Option<Weights>,
    device_bytes: u64,
}

/// How latents become a picture within a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Whole, and the UNet stays.
    Beside,
    /// Whole, in the memory that the UNet leaves.
    Instead,
    /// In tiles.
    Tiles,
}

impl Room {
    /// For a picture that takes `needed` bytes where there are `budget`, and `unet` more without the UNet.
    pub(super) fn of(needed: u64, budget: u64, unet: u64) -> Self {
        match needed {
            _ if needed <= budget => Self::Beside,
            _ if needed <= budget.saturating_add(unet) => Self::Instead,
            _ => Self::Tiles,
        }
    }
}

impl Slot {
    /// Reads the UNet of `config`. `merged` says that LoRAs changed its parameters.
    pub(super) fn load(config: UnetConfig, weights: &Weights, merged: bool) -> Result<Self, Error> {
        let unet = Unet::load(&config, weights)?;
        let placement = weights.placement();
        let shapes = weights.names().filter_map(|name| weights.shape(name));
        let numbers: usize = shapes.map(|shape| shape.iter().product::<usize>()).sum();
        let device_bytes = (numbers * placement.activation().size_in_bytes()) as u64;
        // Its numbers have been looked at now.
        let again = (!merged).then(|| weights.with_unread());
        Ok(Self { config, held: Mutex::new(Some(Arc::new(unet))), again, device_bytes })
    }

    pub(super) fn config(&self) -> &UnetConfig {
        &self.config
    }

    /// The UNet, read again where it had to leave.
    pub(super) fn get(&self) -> Result<Arc<Unet>, Error> {
        let mut held = self.held();
        match (&*held, &self.again) {
            (Some(unet), _) => Ok(Arc::clone(unet)),
            (None, Some(weights)) => {
                Ok(Arc::clone(held.insert(Arc::new(Unet::load(&self.config, weights)?))))
            }
            (None, None) => Err(Error::Internal("a UNet left that can't come back".to_owned())),
        }
    }

    /// Bytes that leave a GPU with it. On a processor its weights lie in their file's map, which the system takes back
    /// by itself when memory is short: nothing is gained there.
    pub(super) fn droppable_bytes(&self) -> u64 {
        match &self.again {
            Some(weights) if !weights.placement().device.is_cpu() => self.device_bytes,
            _ => 0,
        }
    }

    /// Lets the UNet go until it is wanted next. False when another run works with it now.
    pub(super) fn let_go(&self) -> bool {
        let mut held = self.held();
        let in_use = held.as_ref().is_some_and(|unet| Arc::strong_count(unet) > 1);
        if !in_use && self.again.is_some() {
            *held = None;
        }
        held.is_none()
    }

    fn held(&self) -> MutexGuard<'_, Option<Arc<Unet>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unet_goes_only_where_that_makes_room() {
        for (needed, budget, unet, room) in [
            (100, 100, 0, Room::Beside),
            (101, 100, 0, Room::Tiles),
            (101, 100, 50, Room::Instead),
            (150, 100, 50, Room::Instead),
            (151, 100, 50, Room::Tiles),
            (u64::MAX, 1, u64::MAX, Room::Instead),
        ] {
            assert_eq!(Room::of(needed, budget, unet), room, "{needed} of {budget} and {unet}");
        }
    }
}
