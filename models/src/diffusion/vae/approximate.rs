//! A preview without a network: each pixel's colour is a linear function of its latents.

use candle_core::{DType, Tensor};

use crate::{Error, diffusion::shapes::dims};

/// Latents per pixel that the fits are made for.
const CHANNELS: usize = 4;

/// Linear fits of colours to latents: those that others have published, by the family of autoencoders, and one's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Approximate {
    /// Stable Diffusion 1 and 2. Fitted to version 1.5 by torridgristle, after keturn's and erucipe's for 1.4:
    /// <https://discuss.huggingface.co/t/decoding-latents-to-rgb-without-upscaling/23204>, published in InvokeAI
    /// (Apache-2.0).
    Sd1,
    /// Stable Diffusion XL. Fitted by Timothy Alexis Vass:
    /// <https://huggingface.co/blog/TimothyAlexisVass/explaining-the-sdxl-latent-space>, published in diffusers'
    /// guide to callbacks (Apache-2.0).
    Sdxl,
    /// Fitted to an autoencoder that nobody has published one for.
    Own(Fit),
}

/// Shares of red, green and blue per latent, what is added to them, and the grey and the white of its colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    shares: [[f32; 3]; CHANNELS],
    offsets: [f32; 3],
    grey: f64,
    white: f64,
}

const SD1: Fit = Fit {
    shares: [
        [0.3444, 0.1385, 0.0670],
        [0.1247, 0.4027, 0.1494],
        [-0.3192, 0.2513, 0.2103],
        [-0.1307, -0.1874, -0.7445],
    ],
    offsets: [0.0; 3],
    grey: 0.0,
    white: 1.0,
};

const SDXL: Fit = Fit {
    shares: [[60.0, 60.0, 60.0], [-60.0, -5.0, 10.0], [25.0, 15.0, -5.0], [-70.0, -50.0, -35.0]],
    offsets: [150.0, 140.0, 130.0],
    grey: 127.5,
    white: 255.0,
};

/// What a colour depends on: the latents, and what is the same everywhere.
const TERMS: usize = CHANNELS + 1;
/// Keeps the fit finite where latents say nothing.
const RIDGE: f64 = 1e-6;

impl Approximate {
    /// The fit that is nearest to these latents and their colours of −1 to 1, by least squares.
    #[must_use]
    pub fn fitted(samples: impl IntoIterator<Item = ([f32; CHANNELS], [f32; 3])>) -> Self {
        // The normal equations, with the three colours beside them.
        let mut rows = [[0.0_f64; TERMS + 3]; TERMS];
        for (latents, colour) in samples {
            let terms: [f64; TERMS] =
                std::array::from_fn(|term| latents.get(term).map_or(1.0, |latent| f64::from(*latent)));
            for (row, one) in rows.iter_mut().zip(terms) {
                let known = terms.into_iter().chain(colour.map(f64::from));
                row.iter_mut().zip(known).for_each(|(sum, other)| *sum += one * other);
            }
        }
        for (place, row) in rows.iter_mut().enumerate() {
            row[place] += RIDGE;
        }
        for pivot in 0..TERMS {
            let scale = rows[pivot][pivot];
            rows[pivot].iter_mut().for_each(|number| *number /= scale);
            let lead = rows[pivot];
            for row in rows.iter_mut().enumerate().filter(|(place, _)| *place != pivot).map(|(_, row)| row) {
                let share = row[pivot];
                row.iter_mut().zip(lead).for_each(|(number, other)| *number -= share * other);
            }
        }
        let colours: [[f32; 3]; TERMS] =
            rows.map(|row| std::array::from_fn(|colour| row[TERMS + colour] as f32));
        let [shares @ .., offsets] = colours;
        Self::Own(Fit { shares, offsets, grey: 0.0, white: 1.0 })
    }

    /// Colours of −1 to 1, cut off, for latents as the UNet has them: `[batch, 4, height, width]` →
    /// `[batch, 3, height, width]` in f32, an eighth of the picture's size in each direction.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are not four latents per pixel, otherwise when the device has no room.
    pub fn decode(self, latents: &Tensor) -> Result<Tensor, Error> {
        let [batch, _, height, width] = dims("latents", latents, [None, Some(CHANNELS), None, None])?;
        let Fit { shares, offsets, grey, white } = match self {
            Self::Sd1 => SD1,
            Self::Sdxl => SDXL,
            Self::Own(fit) => fit,
        };
        let device = latents.device();
        // Colours are rows, so that pixels stay in their planes.
        let shares = Tensor::new(&shares, device)?.t()?.contiguous()?;
        let offsets = Tensor::new(&offsets, device)?.reshape((3, 1))?;
        let planes = latents.to_dtype(DType::F32)?.reshape((batch, CHANNELS, height * width))?;
        let colours = shares.broadcast_left(batch)?.contiguous()?.matmul(&planes)?.broadcast_add(&offsets)?;
        let reach = white - grey;
        let colours = colours.affine(1.0 / reach, -grey / reach)?.clamp(-1.0, 1.0)?;
        Ok(colours.reshape((batch, 3, height, width))?)
    }
}
