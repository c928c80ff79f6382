//! The parameters of a checkpoint under LoRAs.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::{LoraFile, Part, file::Pair, layers::Layers};
use crate::{
    Error,
    weights::{Parameter, Weights},
};

/// The changed parameters by their names, for each network that is changed.
pub type Merged = BTreeMap<Part, BTreeMap<String, Parameter>>;

/// One term of a parameter's sum.
struct Term<'a> {
    lora: &'a LoraFile,
    pair: &'a Pair,
    factor: f64,
}

/// `W + Σ weight · alpha/rank · up · down` in f32, for every parameter of `networks` that a LoRA of a weight other
/// than 0 changes. Lay it over the originals with [`Weights::with_replaced`].
///
/// `networks` are all that the checkpoint has, each as a whole (no part of it by [`Weights::pp`]). Only what is
/// changed gets memory of its own: 4 bytes a parameter. Everything is checked before the first product is made.
///
/// # Errors
/// [`Error::Checkpoint`] that names the LoRA's tensor when the checkpoint has no such network or layer, the layer is of
/// another shape, alpha is absurd, or a sum is not finite.
pub fn merge(networks: &[(Part, &Weights)], loras: &[(&LoraFile, f32)]) -> Result<Merged, Error> {
    let layers: BTreeMap<Part, (&Weights, Layers)> = networks
        .iter()
        .map(|&(part, weights)| (part, (weights, Layers::of(part, weights.names()))))
        .collect();
    let mut plan: BTreeMap<(Part, String), Vec<Term<'_>>> = BTreeMap::new();
    for &(lora, weight) in loras {
        for (part, flat, pair) in lora.pairs() {
            let (layer, scale) = place(&layers, lora, part, flat, pair)?;
            if weight != 0.0 {
                let term = Term { lora, pair, factor: f64::from(weight) * scale };
                plan.entry((part, layer)).or_default().push(term);
            }
        }
    }
    let mut merged = Merged::new();
    for ((part, layer), terms) in plan {
        let Some((weights, _)) = layers.get(&part) else { continue };
        let name = format!("{layer}.weight");
        let parameter = sum(weights, &name, &terms)?;
        merged.entry(part).or_default().insert(name, parameter);
    }
    Ok(merged)
}

/// The layer that `pair` is for, and its scale.
fn place(
    layers: &BTreeMap<Part, (&Weights, Layers)>,
    lora: &LoraFile,
    part: Part,
    flat: &str,
    pair: &Pair,
) -> Result<(String, f64), Error> {
    let (tensor, shape) = pair.describe();
    let Some((weights, layers)) = layers.get(&part) else {
        return Err(lora.refuse(format!(
            "tensor {tensor} is for a {part}, which this checkpoint has not; the LoRA is made for another kind of model"
        )));
    };
    let Some(layer) = layers.find(flat) else {
        return Err(lora.refuse(format!(
            "tensor {tensor} is for a layer that this checkpoint's {part} has not; the LoRA is made for another kind \
             of model"
        )));
    };
    let own = weights.shape(&format!("{layer}.weight")).unwrap_or_default();
    if !pair.fits(own) {
        return Err(lora.refuse(format!(
            "tensor {tensor} is for a layer of shape {shape:?}, and this checkpoint's {part} has {own:?} there; the \
             LoRA is made for another kind of model"
        )));
    }
    Ok((layer.to_owned(), lora.scale(part, layer, pair)?))
}

/// The parameter `name` with all `terms` added.
fn sum(weights: &Weights, name: &str, terms: &[Term<'_>]) -> Result<Parameter, Error> {
    let shape = weights.shape(name).unwrap_or_default().to_vec();
    let mut values = weights.get(name, &shape)?.values().to_f32();
    for Term { lora, pair, factor } in terms {
        let (up, down) = lora.factors(pair)?;
        // The scale goes into the smaller factor, where it costs next to nothing.
        let scaled =
            up.values().to_f32().into_iter().map(|value| (f64::from(value) * factor) as f32).collect();
        let up = Tensor::from_vec::<_, f32>(scaled, up.shape(), &Device::Cpu)?;
        let down = Tensor::from_vec(down.values().to_f32(), down.shape(), &Device::Cpu)?;
        let product = up.matmul(&down)?.flatten_all()?.to_vec1::<f32>()?;
        values.par_iter_mut().zip(&product).for_each(|(value, change)| *value += change);
        if !values.par_iter().all(|value| value.is_finite()) {
            let (tensor, _) = pair.describe();
            return Err(lora.refuse(format!("tensor {tensor} makes {name} a number that is not finite")));
        }
    }
    Ok(Parameter::owned(values, shape))
}
