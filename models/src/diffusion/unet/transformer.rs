//! The transformer behind a residual block: pixels attend to each other and to the text.

use candle_core::{DType, Tensor};

use crate::{
    Error,
    diffusion::ask::{Ask, go_on},
    nn::{GroupNorm, LayerNorm, Linear, Mask, attention, geglu},
    weights::Weights,
};

/// Added to the variance by the norm before the tokens, whatever the network's own is.
const GROUP_EPSILON: f64 = 1e-6;
/// Added to the variance by the norms of tokens.
const LAYER_EPSILON: f64 = 1e-5;
/// The hidden layer of the perceptron, as a multiple of the channels.
const EXPANSION: usize = 4;

/// Sizes of a [`Transformer`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) channels: usize,
    pub(super) heads: usize,
    /// Number of layers.
    pub(super) depth: usize,
    /// Width of the text's embedding.
    pub(super) context: usize,
    pub(super) groups: usize,
    /// Whether the projections are stored as matrices, not as 1×1 convolutions.
    pub(super) linear_projection: bool,
    /// Whether attention is counted in f32 on devices that otherwise count in 16 bits (Stable Diffusion 2.1, whose
    /// scores go beyond the range of f16).
    pub(super) upcast: bool,
}

/// Spatial transformer (Rombach et al. 2022, section 3.3).
#[derive(Debug)]
pub(super) struct Transformer {
    norm: GroupNorm,
    enter: Linear,
    layers: Vec<Layer>,
    leave: Linear,
}

impl Transformer {
    /// Reads `norm`, `proj_in`, `transformer_blocks` and `proj_out`.
    pub(super) fn load(weights: &Weights, shape: &Shape) -> Result<Self, Error> {
        let Shape { channels, depth, groups, linear_projection, .. } = *shape;
        let projection = |name| {
            let load = if linear_projection { Linear::load } else { Linear::load_pointwise };
            load(&weights.pp(name), channels, channels)
        };
        Ok(Self {
            norm: GroupNorm::load(&weights.pp("norm"), groups, channels, GROUP_EPSILON)?,
            enter: projection("proj_in")?,
            layers: (0..depth)
                .map(|layer| Layer::load(&weights.pp("transformer_blocks").pp(layer), shape))
                .collect::<Result<_, _>>()?,
            leave: projection("proj_out")?,
        })
    }

    /// `[batch, channels, height, width]`, changed in the light of itself and of `context`
    /// `[batch, tokens, width]`.
    pub(super) fn forward(&self, x: &Tensor, context: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let mut tokens = self.enter.from_picture(&self.norm.forward(x)?)?;
        for layer in &self.layers {
            go_on(ask)?;
            tokens = layer.forward(&tokens, context)?;
        }
        self.leave.to_picture_add(&tokens, x)
    }
}

#[derive(Debug)]
struct Layer {
    norm1: LayerNorm,
    within: Attention,
    norm2: LayerNorm,
    across: Attention,
    norm3: LayerNorm,
    expand: Linear,
    contract: Linear,
}

impl Layer {
    /// Reads `attn1`, `attn2`, `ff.net` and the norms before them.
    fn load(weights: &Weights, shape: &Shape) -> Result<Self, Error> {
        let channels = shape.channels;
        let hidden = EXPANSION * channels;
        let norm = |name| LayerNorm::load(&weights.pp(name), channels, LAYER_EPSILON);
        let feed = weights.pp("ff").pp("net");
        Ok(Self {
            norm1: norm("norm1")?,
            within: Attention::load(&weights.pp("attn1"), shape, channels)?,
            norm2: norm("norm2")?,
            across: Attention::load(&weights.pp("attn2"), shape, shape.context)?,
            norm3: norm("norm3")?,
            expand: Linear::load(&feed.pp("0").pp("proj"), channels, 2 * hidden)?,
            contract: Linear::load(&feed.pp("2"), hidden, channels)?,
        })
    }

    fn forward(&self, x: &Tensor, context: &Tensor) -> Result<Tensor, Error> {
        let own = self.norm1.forward(x)?;
        let x = self.within.forward_add(&own, &own, x)?;
        let x = self.across.forward_add(&self.norm2.forward(&x)?, context, &x)?;
        let hidden = geglu(&self.expand.forward(&self.norm3.forward(&x)?)?)?;
        self.contract.forward_add(&hidden, &x)
    }
}

#[derive(Debug)]
struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    heads: usize,
    upcast: bool,
}

impl Attention {
    /// Reads `to_q`, `to_k` and `to_v`, which have no bias, and `to_out.0`. Keys and values have `inputs` elements.
    fn load(weights: &Weights, shape: &Shape, inputs: usize) -> Result<Self, Error> {
        let channels = shape.channels;
        Ok(Self {
            query: Linear::load_no_bias(&weights.pp("to_q"), channels, channels)?,
            key: Linear::load_no_bias(&weights.pp("to_k"), inputs, channels)?,
            value: Linear::load_no_bias(&weights.pp("to_v"), inputs, channels)?,
            out: Linear::load(&weights.pp("to_out").pp("0"), channels, channels)?,
            heads: shape.heads,
            upcast: shape.upcast,
        })
    }

    /// What the tokens of `x` find in those of `source`, added to `residual`.
    fn forward_add(&self, x: &Tensor, source: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        let (q, k, v) = (self.query.forward(x)?, self.key.forward(source)?, self.value.forward(source)?);
        let found = if self.upcast && q.dtype() != DType::F32 {
            let wide = |x: &Tensor| x.to_dtype(DType::F32);
            attention(&wide(&q)?, &wide(&k)?, &wide(&v)?, self.heads, Mask::None)?.to_dtype(q.dtype())?
        } else {
            attention(&q, &k, &v, self.heads, Mask::None)?
        };
        self.out.forward_add(&found, residual)
    }
}
