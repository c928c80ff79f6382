//! Passes over pixels: skies, glows, clouds, lens discs. All round through the dither tile.

use tiny_skia::Pixmap;

use super::canvas::{Canvas, Stop, TILE};
use super::colour::{Lch, Rgb, lerp, smoothstep};
use super::noise::{CELL, Field, Noise};

/// Entries of a colour ramp table.
const RAMP: usize = 512;

impl Canvas {
    /// Covers everything with a gradient from `from` to `to`.
    pub(super) fn wash(&mut self, from: (f32, f32), to: (f32, f32), stops: &[Stop]) {
        let table = ramp(stops);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let scale = (RAMP - 1) as f32 / (dx * dx + dy * dy).max(1.0);
        let width = self.pixmap.width() as usize;
        let tile = &self.tile;
        for (y, row) in self.pixmap.data_mut().chunks_exact_mut(width * 4).enumerate() {
            let dither = dither_row(tile, y);
            let start = ((y as f32 - from.1) * dy - from.0 * dx) * scale;
            for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
                let at = (start + x as f32 * dx * scale).clamp(0.0, (RAMP - 1) as f32);
                let (rgb, _) = table[at as usize];
                let noise = dither[x % TILE] + 0.5;
                for i in 0..3 {
                    pixel[i] = (rgb[i] + noise) as u8;
                }
                pixel[3] = 255;
            }
        }
    }

    /// A sky: a gradient straight down to `bottom`.
    pub(super) fn sky(&mut self, bottom: f32, stops: &[Stop]) {
        self.wash((0.0, 0.0), (0.0, bottom), stops);
    }

    /// Light around a point, as wide as `rx` and as high as `ry`, brightest in the middle.
    pub(super) fn glow(&mut self, centre: (f32, f32), rx: f32, ry: f32, colour: Lch, strength: f32) {
        self.spot(centre, rx, ry, colour, strength, true);
    }

    /// Colour around a point that covers what is below: mist, shadow.
    pub(super) fn veil(&mut self, centre: (f32, f32), rx: f32, ry: f32, colour: Lch, strength: f32) {
        self.spot(centre, rx, ry, colour, strength, false);
    }

    fn spot(&mut self, centre: (f32, f32), rx: f32, ry: f32, colour: Lch, strength: f32, screen: bool) {
        let rgb = colour.rgb();
        let tile = &self.tile;
        each_in_box(&mut self.pixmap, centre, rx, ry, |x, y, pixel| {
            let (dx, dy) = ((x as f32 - centre.0) / rx, (y as f32 - centre.1) / ry);
            let inside = (1.0 - dx * dx - dy * dy).max(0.0);
            if inside == 0.0 {
                return;
            }
            let alpha = strength * inside * inside * inside;
            let noise = tile[(y % TILE) * TILE + x % TILE] + 0.5;
            for i in 0..3 {
                let below = f32::from(pixel[i]);
                let room = if screen { rgb[i] * (255.0 - below) / 255.0 } else { rgb[i] - below };
                pixel[i] = (below + room * alpha + noise) as u8;
            }
        });
    }

    /// A point of light out of focus: a disc with a faint rim.
    pub(super) fn bokeh(
        &mut self,
        centre: (f32, f32),
        radius: f32,
        colour: Lch,
        strength: f32,
        softness: f32,
    ) {
        let rgb = colour.rgb();
        let tile = &self.tile;
        let edge = (softness * radius).max(1.0) / radius;
        each_in_box(&mut self.pixmap, centre, radius, radius, |x, y, pixel| {
            let (dx, dy) = ((x as f32 - centre.0) / radius, (y as f32 - centre.1) / radius);
            let d = (dx * dx + dy * dy).sqrt();
            let body = ((1.0 - d) / edge).clamp(0.0, 1.0);
            let rim = 0.62 + 0.38 * d * d * d;
            let alpha = strength * body * rim;
            let noise = tile[(y % TILE) * TILE + x % TILE] + 0.5;
            for i in 0..3 {
                let below = f32::from(pixel[i]);
                pixel[i] = (below + rgb[i] * (255.0 - below) / 255.0 * alpha + noise) as u8;
            }
        });
    }

    /// Lays colours over everything by a field: its numbers 0 to 1 walk along `stops`, whose opacity counts.
    pub(super) fn cloud(&mut self, field: &Field, stops: &[Stop], screen: bool) {
        let table = ramp(stops);
        let width = self.pixmap.width() as usize;
        let tile = &self.tile;
        let mut line = vec![0.0_f32; field.width];
        for (y, row) in self.pixmap.data_mut().chunks_exact_mut(width * 4).enumerate() {
            let (cell, part) = (y / CELL, (y % CELL) as f32 / CELL as f32);
            let above = &field.cells[cell * field.width..(cell + 1) * field.width];
            let below = &field.cells[(cell + 1) * field.width..(cell + 2) * field.width];
            for ((out, a), b) in line.iter_mut().zip(above).zip(below) {
                *out = lerp(*a, *b, part) * (RAMP - 1) as f32;
            }
            let dither = dither_row(tile, y);
            for (column, pixels) in row.chunks_mut(4 * CELL).enumerate() {
                let (left, step) = (line[column], (line[column + 1] - line[column]) / CELL as f32);
                for (k, pixel) in pixels.chunks_exact_mut(4).enumerate() {
                    let at = (left + step * k as f32).clamp(0.0, (RAMP - 1) as f32);
                    let (rgb, alpha) = table[at as usize];
                    let noise = dither[(column * CELL + k) % TILE] + 0.5;
                    for i in 0..3 {
                        let under = f32::from(pixel[i]);
                        let room = if screen { rgb[i] * (255.0 - under) / 255.0 } else { rgb[i] - under };
                        pixel[i] = (under + room * alpha + noise) as u8;
                    }
                }
            }
        }
    }

    /// Shafts of light from a point, in the directions where `noise` is bright.
    pub(super) fn rays(&mut self, from: (f32, f32), reach: f32, colour: Lch, strength: f32, noise: Noise) {
        let (w, h) = (self.frame.w as usize, self.frame.h as usize);
        let field = Field::new(w, h, |x, y| {
            let (dx, dy) = (x - from.0, y - from.1);
            let d = dx.hypot(dy) / reach;
            let (sin, cos) = (dy / dx.hypot(dy).max(1.0), dx / dx.hypot(dy).max(1.0));
            let shaft = smoothstep(0.35, 0.8, noise.fbm(cos * 5.0 + 9.0, sin * 5.0 + 9.0, 2));
            (1.0 - d).max(0.0) * smoothstep(0.08, 0.35, d) * shaft
        });
        self.cloud(&field, &[(0.0, colour, 0.0), (1.0, colour, strength)], true);
    }

    /// A band of haze, densest at height `y`.
    pub(super) fn haze(&mut self, y: f32, reach: f32, colour: Lch, strength: f32) {
        let rgb = colour.rgb();
        let width = self.pixmap.width() as usize;
        let tile = &self.tile;
        for (row_y, row) in self.pixmap.data_mut().chunks_exact_mut(width * 4).enumerate() {
            let d = (row_y as f32 - y) / reach;
            let inside = (1.0 - d * d).max(0.0);
            let alpha = strength * inside * inside;
            if alpha <= 0.0 {
                continue;
            }
            let dither = dither_row(tile, row_y);
            for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
                for i in 0..3 {
                    let below = f32::from(pixel[i]);
                    pixel[i] = (below + (rgb[i] - below) * alpha + dither[x % TILE] + 0.5) as u8;
                }
            }
        }
    }
}

fn dither_row(tile: &[f32], y: usize) -> &[f32] {
    &tile[(y % TILE) * TILE..(y % TILE + 1) * TILE]
}

fn each_in_box(
    pixmap: &mut Pixmap,
    centre: (f32, f32),
    rx: f32,
    ry: f32,
    mut f: impl FnMut(usize, usize, &mut [u8]),
) {
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    // Casting saturates, so a box outside the picture becomes empty.
    let left = (centre.0 - rx).floor().max(0.0) as usize;
    let right = ((centre.0 + rx).ceil().max(0.0) as usize).min(width);
    let top = (centre.1 - ry).floor().max(0.0) as usize;
    let bottom = ((centre.1 + ry).ceil().max(0.0) as usize).min(height);
    if left >= right {
        return;
    }
    for y in top..bottom {
        let start = y * width;
        let row = &mut pixmap.data_mut()[(start + left) * 4..(start + right) * 4];
        for (x, pixel) in (left..right).zip(row.chunks_exact_mut(4)) {
            f(x, y, pixel);
        }
    }
}

fn ramp(stops: &[Stop]) -> Vec<(Rgb, f32)> {
    (0..RAMP)
        .map(|i| {
            let t = i as f32 / (RAMP - 1) as f32;
            let next = stops.iter().position(|(at, ..)| *at >= t).unwrap_or(stops.len().saturating_sub(1));
            let (Some(high), Some(low)) = (stops.get(next), stops.get(next.saturating_sub(1))) else {
                return ([0.0; 3], 0.0);
            };
            let part = if high.0 > low.0 { (t - low.0) / (high.0 - low.0) } else { 1.0 };
            let part = part.clamp(0.0, 1.0);
            (low.1.mix(high.1, part).rgb(), lerp(low.2, high.2, part))
        })
        .collect()
}
