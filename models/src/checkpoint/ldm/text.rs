//! OpenCLIP's names, in which q, k and v are one stacked matrix and the projection stands on the other side.

use super::{numbered, replaced};
use crate::checkpoint::part::Change;

const OUTSIDE: &[(&str, &str)] = &[
    ("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
    ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
    ("ln_final.", "text_model.final_layer_norm."),
];

const LAYER: &[(&str, &str)] = &[
    ("ln_1.", "layer_norm1."),
    ("ln_2.", "layer_norm2."),
    ("attn.out_proj.", "self_attn.out_proj."),
    ("mlp.c_fc.", "mlp.fc1."),
    ("mlp.c_proj.", "mlp.fc2."),
];

/// What becomes of a tensor.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::checkpoint) enum Becomes {
    /// A parameter, as it is.
    Same(String),
    /// These parameters.
    Made(Vec<(String, Change)>),
}

/// What becomes of the tensor `name` of OpenCLIP's text encoder.
pub(in crate::checkpoint) fn rename(name: &str) -> Option<Becomes> {
    if name == "text_projection" {
        return Some(Becomes::Made(vec![("text_projection.weight".to_owned(), Change::Turned)]));
    }
    let Some((layer, rest)) = numbered(name, "transformer.resblocks.") else {
        return replaced(name, OUTSIDE).map(Becomes::Same);
    };
    let layer = format!("text_model.encoder.layers.{layer}");
    match rest.strip_prefix("attn.in_proj_") {
        Some(end @ ("weight" | "bias")) => {
            let thirds = ["q", "k", "v"].into_iter().enumerate();
            let made = thirds
                .map(|(third, it)| (format!("{layer}.self_attn.{it}_proj.{end}"), Change::Third(third)));
            Some(Becomes::Made(made.collect()))
        }
        _ => Some(Becomes::Same(format!("{layer}.{}", replaced(rest, LAYER)?))),
    }
}

/// The number of the layer that the tensor `name` belongs to.
pub(in crate::checkpoint) fn layer(name: &str) -> Option<usize> {
    Some(numbered(name, "transformer.resblocks.")?.0)
}
