//! Which blocks a UNet has at each level of resolution, from the options that say it per level.

use crate::{
    Error,
    diffusion::options::{OneOrMany, Options},
};

/// Most residual blocks at a level. Published checkpoints have 2.
const LAYERS: usize = 16;
/// Most transformer layers behind one residual block. Published checkpoints have up to 10.
const DEPTH: usize = 64;
/// Most attention heads.
const HEADS: usize = 1024;

/// The blocks of a UNet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Levels {
    /// From the highest resolution to the lowest.
    pub(super) down: Vec<Level>,
    /// At the lowest resolution.
    pub(super) middle: Option<Middle>,
    /// From the lowest resolution to the highest.
    pub(super) up: Vec<Level>,
}

/// One level of resolution on the way down or up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) channels: usize,
    /// Number of residual blocks.
    pub(super) layers: usize,
    /// Attention behind each of them.
    pub(super) attention: Option<Heads>,
    /// Whether the level ends by changing the resolution.
    pub(super) resamples: bool,
}

/// Attention behind residual blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heads {
    pub(super) heads: usize,
    /// Transformer layers behind each residual block.
    pub(super) depths: Vec<usize>,
}

/// The blocks at the lowest resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Middle {
    /// One residual block.
    Plain,
    /// Two residual blocks with attention between them.
    Attention {
        heads: usize,
        /// Transformer layers.
        depth: usize,
    },
}

/// Transformer layers at a level: one number for all its residual blocks, or one each.
type Depth = OneOrMany<usize>;

/// Reads the blocks of a network with these channels per level.
pub(super) fn resolve(options: &mut Options, channels: &[usize]) -> Result<Levels, Error> {
    let count = channels.len();
    let layers = options.counts_per_level("layers_per_block", 2, count, 1..=LAYERS)?;
    let heads = heads(options, count)?;
    let (down_depths, up_depths) = depths(options, count)?;
    let down_kinds = kinds(options, "down_block_types", ["DownBlock2D", "CrossAttnDownBlock2D"], count)?;
    let up_kinds = kinds(options, "up_block_types", ["UpBlock2D", "CrossAttnUpBlock2D"], count)?;
    // Level `level`, the `place`th on its way, with `layers` residual blocks.
    let build = |options: &Options, level: usize, place: usize, layers, attends, depth: &Depth| {
        let attention = match attends {
            true => Some(Heads {
                heads: fitting(options, heads[level], channels[level])?,
                depths: per_layer(options, depth, layers)?,
            }),
            false => None,
        };
        Ok::<_, Error>(Level { channels: channels[level], layers, attention, resamples: place + 1 < count })
    };
    let down = (0..count)
        .map(|level| build(options, level, level, layers[level], down_kinds[level], &down_depths[level]));
    let down = down.collect::<Result<_, _>>()?;
    let up = (0..count).map(|place| {
        let level = count - 1 - place;
        build(options, level, place, layers[level] + 1, up_kinds[place], &up_depths[place])
    });
    let up = up.collect::<Result<_, _>>()?;
    let lowest = count - 1;
    let middle = match middle(options, heads[lowest], &down_depths[lowest])? {
        Some(Middle::Attention { heads, depth }) => {
            Some(Middle::Attention { heads: fitting(options, heads, channels[lowest])?, depth })
        }
        other => other,
    };
    Ok(Levels { down, middle, up })
}

/// Heads per level. `attention_head_dim` is the number of heads, not the width of one: a slip of the first
/// checkpoints that all later ones repeat (diffusers issue 2011).
fn heads(options: &mut Options, levels: usize) -> Result<Vec<usize>, Error> {
    let historic = options.counts_per_level("attention_head_dim", 8, levels, 1..=HEADS)?;
    let named: Option<OneOrMany<usize>> = options.take("num_attention_heads")?;
    let Some(named) = named else { return Ok(historic) };
    let named = named.spread(levels);
    let named =
        named.ok_or_else(|| options.refuse(format!("num_attention_heads is not a list of {levels}")))?;
    named.into_iter().map(|heads| options.within("num_attention_heads", heads, 1..=HEADS)).collect()
}

/// `heads`, if `channels` fall into as many.
fn fitting(options: &Options, heads: usize, channels: usize) -> Result<usize, Error> {
    if channels.is_multiple_of(heads) {
        return Ok(heads);
    }
    Err(options.refuse(format!(
        "{channels} channels do not fall into the {heads} heads of attention_head_dim or num_attention_heads"
    )))
}

/// Transformer layers per level, on the way down and on the way up.
fn depths(options: &mut Options, levels: usize) -> Result<(Vec<Depth>, Vec<Depth>), Error> {
    let (name, reversed) = ("transformer_layers_per_block", "reverse_transformer_layers_per_block");
    let spread = |options: &Options, name, value: OneOrMany<Depth>| {
        value.spread(levels).ok_or_else(|| options.refuse(format!("{name} is not a list of {levels}")))
    };
    let down = options.take_or(name, OneOrMany::One(OneOrMany::One(1)))?;
    let down = spread(options, name, down)?;
    let up = match options.take(reversed)? {
        Some(up) => spread(options, reversed, up)?,
        None if down.iter().any(|depth| matches!(depth, OneOrMany::Many(_))) => {
            return Err(options.refuse(format!("{reversed} is needed beside lists in {name}")));
        }
        None => down.iter().rev().cloned().collect(),
    };
    Ok((down, up))
}

/// Transformer layers behind each of `layers` residual blocks.
fn per_layer(options: &Options, depth: &Depth, layers: usize) -> Result<Vec<usize>, Error> {
    let depths = depth.clone().spread(layers).ok_or_else(|| {
        options.refuse(format!("transformer_layers_per_block has {depth:?} for a level of {layers} blocks"))
    })?;
    depths.into_iter().map(|depth| options.within("transformer_layers_per_block", depth, 0..=DEPTH)).collect()
}

/// Whether each level attends; its kind is one of `[without, with]` attention.
fn kinds(options: &mut Options, name: &str, kinds: [&str; 2], levels: usize) -> Result<Vec<bool>, Error> {
    let [without, with] = kinds;
    let Some(named) = options.take::<Vec<String>>(name)? else {
        return Err(options.refuse(format!("{name} is missing")));
    };
    if named.len() != levels {
        return Err(options.refuse(format!("{name} is {named:?}; a list of {levels} is needed")));
    }
    named
        .into_iter()
        .map(|kind| match kind {
            kind if kind == with => Ok(true),
            kind if kind == without => Ok(false),
            other => Err(options.refuse(format!("{name} has {other}; only {without} and {with} can be run"))),
        })
        .collect()
}

fn middle(options: &mut Options, heads: usize, depth: &Depth) -> Result<Option<Middle>, Error> {
    let name = "mid_block_type";
    // Here null has a meaning of its own, and absent has another.
    let absent = !options.contains(name);
    match options.take::<String>(name)?.as_deref() {
        None if absent => attention(options, heads, depth),
        None => Ok(None),
        Some("UNetMidBlock2DCrossAttn") => attention(options, heads, depth),
        Some("UNetMidBlock2D") => Ok(Some(Middle::Plain)),
        Some(other) => Err(options.refuse(format!(
            "{name} is {other}; only UNetMidBlock2DCrossAttn, UNetMidBlock2D and null can be run"
        ))),
    }
}

fn attention(options: &Options, heads: usize, depth: &Depth) -> Result<Option<Middle>, Error> {
    let depth = match depth {
        OneOrMany::One(depth) => *depth,
        OneOrMany::Many(depths) => depths.first().copied().unwrap_or_default(),
    };
    let depth = options.within("transformer_layers_per_block", depth, 0..=DEPTH)?;
    Ok(Some(Middle::Attention { heads, depth }))
}
