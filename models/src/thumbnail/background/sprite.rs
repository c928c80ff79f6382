//! A prop on its own small canvas, and how it is lit and stood into the picture: the same light for every prop.

use tiny_skia::{BlendMode, FilterQuality, Path, Pixmap, PixmapPaint, Transform};

use super::canvas::{self, Canvas, Ink};
use super::colour::Lch;
use super::look::Look;
use super::shape;

/// Draws a prop in a square of 100 by 100, its foot at the bottom.
pub(super) struct Pen<'a> {
    pixmap: Pixmap,
    scale: f32,
    /// The colours of the picture.
    pub look: &'a Look,
}

impl<'a> Pen<'a> {
    /// An empty square of `side` pixels; none when there is no memory for it.
    pub(super) fn new(side: f32, look: &'a Look) -> Option<Self> {
        let pixels = side.round().max(8.0) as u32;
        Some(Self { pixmap: Pixmap::new(pixels, pixels)?, scale: pixels as f32 / 100.0, look })
    }

    /// Fills a shape.
    pub(super) fn fill(&mut self, path: Option<Path>, ink: &Ink) {
        canvas::fill(&mut self.pixmap, path, ink, Transform::from_scale(self.scale, self.scale));
    }

    /// Draws along a shape.
    pub(super) fn stroke(&mut self, path: Option<Path>, width: f32, ink: &Ink) {
        canvas::stroke(&mut self.pixmap, path, width, ink, Transform::from_scale(self.scale, self.scale));
    }

    /// Fills a shape with a colour of the world as the light rounds it: bright above, deep below.
    pub(super) fn body(&mut self, path: Option<Path>, colour: Lch) {
        let Some(path) = path else { return };
        let colour = self.look.natural(colour);
        let bounds = path.bounds();
        let (from, to) = ((bounds.left(), bounds.top()), (bounds.right(), bounds.bottom()));
        let stops = [
            (0.0, colour.lift(0.11).turn(6.0), 1.0),
            (0.4, colour, 1.0),
            (1.0, colour.lift(-0.17).turn(-8.0), 1.0),
        ];
        self.fill(Some(path), &Ink::line(from, to, &stops));
    }

    /// Fills a shape described by path letters like [`Pen::body`].
    pub(super) fn part(&mut self, letters: &str, colour: Lch) {
        self.body(shape::outline(letters), colour);
    }

    /// Draws a line described by path letters.
    pub(super) fn line(&mut self, letters: &str, width: f32, colour: Lch, alpha: f32) {
        let ink = Ink::flat(self.look.natural(colour), alpha);
        self.stroke(shape::outline(letters), width, &ink);
    }

    /// A highlight or shadow on what is already drawn.
    pub(super) fn tint(&mut self, path: Option<Path>, colour: Lch, alpha: f32) {
        let ink = Ink::flat(self.look.natural(colour), alpha).inside();
        self.fill(path, &ink);
    }

    /// The prop's main colour: the one that the subject named, or this.
    pub(super) fn main(&self, usual: Lch) -> Lch {
        self.look.body.unwrap_or(usual)
    }

    /// Lights the prop from above on the side `towards` (-1 or 1) and stands it on the picture with its upper
    /// left corner at `(x, y)`.
    pub(super) fn place(mut self, canvas: &mut Canvas, (x, y): (f32, f32), towards: f32, stands: bool) {
        let side = self.pixmap.width() as usize;
        let alpha: Vec<f32> = self.pixmap.data().chunks_exact(4).map(|p| f32::from(p[3]) / 255.0).collect();
        self.light(&alpha, towards);
        let unit = canvas.frame.unit;
        let pixels = side as f32;
        let centre = (x + pixels / 2.0, y + pixels / 2.0);
        // A pool of light behind the prop parts it from the scene.
        let pool = self.look.light.mix(self.look.tone(0.72), 0.5);
        canvas.glow(centre, pixels * 0.85, pixels * 0.8, pool, 0.42 * self.look.glow);
        let dark = self.look.tone(0.0).lift(-0.05);
        if stands {
            let foot = (centre.0 - towards * pixels * 0.06, y + pixels * 0.955);
            canvas.veil(foot, pixels * 0.62, pixels * 0.1, dark, 0.6);
            canvas.veil(foot, pixels * 0.44, pixels * 0.05, dark, 0.75);
        }
        let shadow = self.shadow(&alpha, dark);
        let paint =
            PixmapPaint { opacity: 1.0, blend_mode: BlendMode::SourceOver, quality: FilterQuality::Nearest };
        let (left, top) = (x.round() as i32, y.round() as i32);
        let shift = (unit * 1.1).round() as i32;
        if let Some(shadow) = shadow {
            let aside = if towards > 0.0 { -shift } else { shift };
            canvas.pixmap.draw_pixmap(
                left + aside,
                top + shift,
                shadow.as_ref(),
                &paint,
                Transform::identity(),
                None,
            );
        }
        canvas.pixmap.draw_pixmap(left, top, self.pixmap.as_ref(), &paint, Transform::identity(), None);
    }

    fn shadow(&self, alpha: &[f32], dark: Lch) -> Option<Pixmap> {
        let side = self.pixmap.width() as usize;
        let soft = blurred(alpha, side, side / 36 + 1);
        let rgb = dark.rgb();
        let mut out = Pixmap::new(side as u32, side as u32)?;
        for (pixel, alpha) in out.data_mut().chunks_exact_mut(4).zip(&soft) {
            let alpha = alpha * 0.5;
            for i in 0..3 {
                pixel[i] = (rgb[i] * alpha) as u8;
            }
            pixel[3] = (255.0 * alpha) as u8;
        }
        Some(out)
    }

    /// A rim of light on the bright side, shade on the other.
    fn light(&mut self, alpha: &[f32], towards: f32) {
        let side = self.pixmap.width() as usize;
        let wide_soft = blurred(alpha, side, side / 24 + 1);
        let light = self.look.light.rgb();
        let shade = self.look.tone(0.0).rgb();
        let offset = |by: f32| ((by * towards * 0.6) as isize, (-by * 0.8) as isize);
        let near = offset(side as f32 * 0.009 + 1.0);
        let far = offset(side as f32 * -0.05);
        let read = |map: &[f32], x: usize, y: usize, by: (isize, isize)| {
            let (x, y) = (x as isize + by.0, y as isize + by.1);
            let inside = (0..side as isize).contains(&x) && (0..side as isize).contains(&y);
            if inside { map[y as usize * side + x as usize] } else { 0.0 }
        };
        for (i, pixel) in self.pixmap.data_mut().chunks_exact_mut(4).enumerate() {
            let own = alpha[i];
            if own <= 0.0 {
                continue;
            }
            let (x, y) = (i % side, i / side);
            let rim = (own * (1.0 - read(alpha, x, y, near))) * 0.75;
            let dim = (own * (1.0 - read(&wide_soft, x, y, far))) * 0.5;
            for channel in 0..3 {
                let value = f32::from(pixel[channel]);
                let shaded = value + (shade[channel] * own - value) * dim;
                pixel[channel] =
                    (shaded + (light[channel] * own - shaded) * rim).clamp(0.0, 255.0 * own) as u8;
            }
        }
    }
}

/// Two passes of a running mean, `2 * radius + 1` wide, in both directions.
fn blurred(map: &[f32], side: usize, radius: usize) -> Vec<f32> {
    let mut now = map.to_vec();
    let mut next = vec![0.0; map.len()];
    let share = 1.0 / (2 * radius + 1) as f32;
    for _ in 0..2 {
        for (from, to) in now.chunks_exact(side).zip(next.chunks_exact_mut(side)) {
            let mut sum: f32 = from.iter().take(radius).sum();
            for (i, out) in to.iter_mut().enumerate() {
                sum += from.get(i + radius).copied().unwrap_or(0.0);
                sum -= if i > radius { from[i - radius - 1] } else { 0.0 };
                *out = sum * share;
            }
        }
        // Downwards all columns move together, row by row: the memory is read in order.
        let mut sums = vec![0.0_f32; side];
        for row in next.chunks_exact(side).take(radius) {
            sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v);
        }
        for (y, out) in now.chunks_exact_mut(side).enumerate() {
            if let Some(row) = next.chunks_exact(side).nth(y + radius) {
                sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v);
            }
            if y > radius {
                let row = &next[(y - radius - 1) * side..(y - radius) * side];
                sums.iter_mut().zip(row).for_each(|(sum, v)| *sum -= v);
            }
            out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = (sum * share).clamp(0.0, 1.0));
        }
    }
    now
}
