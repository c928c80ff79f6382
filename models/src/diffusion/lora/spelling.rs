//! How LoRA files name their tensors: which network, which layer, which of a layer's tensors.
//!
//! The three are spelled independently of each other by kohya's trainer (`lora_unet_mid_block_….lora_down.weight`),
//! PEFT (`unet.mid_block.….lora_A.weight`) and diffusers before PEFT (`unet.mid_block.….processor.to_q_lora.down.weight`,
//! `….lora.down.weight`), and tools that convert between them have mixed the three since.

use super::Part;

/// What PEFT puts before the names of the model that it wraps.
pub(super) const WRAPPER: &str = "base_model.model.";

/// What a tensor is to its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// The factor that is applied first: `[rank, in]`, for a convolution `[rank, in, k, k]`.
    Down,
    /// The factor that is applied second: `[out, rank]`, for a convolution `[out, rank, 1, 1]`.
    Up,
    /// The number whose share of the rank is the layer's scale.
    Alpha,
}

/// A tensor's name, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The network.
    pub(super) part: Part,
    /// The layer, with underscores for dots.
    pub(super) layer: String,
    /// What it is to the layer.
    pub(super) piece: Piece,
}

const PIECES: &[(&str, Piece)] = &[
    (".lora_down.weight", Piece::Down),
    (".lora_up.weight", Piece::Up),
    (".lora.down.weight", Piece::Down),
    (".lora.up.weight", Piece::Up),
    ("_lora.down.weight", Piece::Down),
    ("_lora.up.weight", Piece::Up),
    (".lora_linear_layer.down.weight", Piece::Down),
    (".lora_linear_layer.up.weight", Piece::Up),
    (".lora.alpha", Piece::Alpha),
    ("_lora.alpha", Piece::Alpha),
    (".lora_linear_layer.alpha", Piece::Alpha),
    (".alpha", Piece::Alpha),
];

const FLAT: &[(&str, Part)] = &[
    ("lora_unet_", Part::Unet),
    ("lora_te_", Part::TextEncoder),
    ("lora_te1_", Part::TextEncoder),
    ("lora_te2_", Part::SecondTextEncoder),
];

/// Also the prefixes of the settings that are kept in a file's notes.
pub(super) const DOTTED: &[(&str, Part)] = &[
    ("unet.", Part::Unet),
    ("text_encoder.", Part::TextEncoder),
    ("text_encoder_2.", Part::SecondTextEncoder),
];

/// Layers of a UNet by what diffusers' attention processors called them, where that differs.
const UNET_PROCESSOR: &[(&str, &str)] = &[(".to_out", ".to_out.0")];

/// Layers of a text encoder by the same.
const TEXT_PROCESSOR: &[(&str, &str)] =
    &[(".to_q", ".q_proj"), (".to_k", ".k_proj"), (".to_v", ".v_proj"), (".to_out", ".out_proj")];

/// Kinds of adapters that change a layer otherwise than by one product, by a part of the name of their tensors.
const OTHERS: &[(&str, &str)] = &[
    ("hada", "a LoHa (LyCORIS), which multiplies two products elementwise"),
    ("lokr", "a LoKr (LyCORIS), which is a Kronecker product"),
    ("oft", "an OFT, which turns the layer instead of adding to it"),
    ("dora", "a DoRA, which scales the layer's columns after adding"),
    ("lora_magnitude", "a DoRA, which scales the layer's columns after adding"),
    ("lora_mid", "a Tucker-decomposed LoCon (LyCORIS), which has three factors"),
    ("diff", "a full difference (LyCORIS), which has no factors"),
    ("w_norm", "a change of norms (LyCORIS), which has no factors"),
    ("b_norm", "a change of norms (LyCORIS), which has no factors"),
    ("on_input", "an (IA)³ (LyCORIS), which scales the layer"),
    ("bundle_emb", "a bundled textual inversion, which is words and not layers"),
    ("lora_embedding", "a LoRA of token embeddings, which Stable Diffusion's trainers don't make"),
    ("bias", "a LoRA with biases, which Stable Diffusion's trainers don't make"),
];

/// What the tensor `name` is; otherwise why it can't be used, in words that follow its name.
pub(super) fn take_apart(name: &str) -> Result<Spelled, String> {
    if let Some(kind) = other(name) {
        return Err(format!(
            "belongs to {kind}; only plain LoRA can be merged, so ask for that version of it"
        ));
    }
    let (owner, piece) = piece(name).ok_or("is nothing that a LoRA has; it is another kind of file")?;
    let (part, layer) = owner_of(owner);
    if layer.starts_with("lora_") {
        return Err("is for a network that Stable Diffusion 1, 2 and XL don't have".to_owned());
    }
    Ok(Spelled { part, layer: flatten(&layer), piece })
}

/// A layer's name as kohya's trainer writes it.
pub(super) fn flatten(layer: &str) -> String {
    layer.replace('.', "_")
}

/// The kind of adapter other than LoRA that a tensor of this name belongs to.
fn other(name: &str) -> Option<&'static str> {
    let is = |segment: &str, mark: &str| {
        segment.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    OTHERS.iter().find(|(mark, _)| name.split('.').any(|segment| is(segment, mark))).map(|(_, kind)| *kind)
}

fn piece(name: &str) -> Option<(&str, Piece)> {
    let fixed = PIECES.iter().find_map(|(end, piece)| Some((name.strip_suffix(end)?, *piece)));
    fixed.or_else(|| {
        // Between the mark and the end stands the name that the trainer gave its adapter, if any.
        let name = name.strip_suffix(".weight")?;
        [(".lora_A", Piece::Down), (".lora_B", Piece::Up)].into_iter().find_map(|(mark, piece)| {
            let (owner, adapter) = name.rsplit_once(mark)?;
            let is_adapter =
                adapter.is_empty() || adapter.strip_prefix('.').is_some_and(|it| !it.contains('.'));
            is_adapter.then_some((owner, piece))
        })
    })
}

/// The network and its layer, the layer as the network's own name where that has dots.
fn owner_of(owner: &str) -> (Part, String) {
    if let Some((part, layer)) = prefixed(owner, FLAT) {
        return (part, layer.to_owned());
    }
    let owner = owner.strip_prefix(WRAPPER).unwrap_or(owner);
    // A wrapped model, or diffusers' processors, were often saved without saying which network they are of.
    let (part, layer) = prefixed(owner, DOTTED).unwrap_or_else(|| {
        (if owner.starts_with("text_model.") { Part::TextEncoder } else { Part::Unet }, owner)
    });
    let layer = layer.strip_prefix(WRAPPER).unwrap_or(layer).replace(".processor.", ".");
    let renames = match part {
        Part::Unet => UNET_PROCESSOR,
        Part::TextEncoder | Part::SecondTextEncoder => TEXT_PROCESSOR,
    };
    let renamed = renames.iter().find_map(|(from, to)| Some(format!("{}{to}", layer.strip_suffix(from)?)));
    (part, renamed.unwrap_or(layer))
}

fn prefixed<'a>(name: &'a str, rows: &[(&str, Part)]) -> Option<(Part, &'a str)> {
    rows.iter().find_map(|(prefix, part)| Some((*part, name.strip_prefix(prefix)?)))
}
