//! The last passes over a picture: calm in the copy space, vignette, grain, and its palette.

use image::RgbImage;

use super::canvas::{Canvas, TILE};
use super::colour::{Lch, Rgb, lerp};
use super::look::Look;

/// Picture pixels per cell of the soft copy.
const BLOCK: usize = 8;
/// Share of the soft copy where the calm is greatest.
const SOFT: f32 = 0.8;

impl Canvas {
    /// Softens the copy space as a lens would, then lays a scrim of the palette over it.
    pub(super) fn calm(&mut self, look: &Look) {
        let (soft, columns) = self.soft_copy();
        let frame = self.frame;
        let scrim = look.scrim().rgb();
        let width = self.pixmap.width() as usize;
        let tile = &self.tile;
        let mut line = vec![[0.0_f32; 3]; columns];
        for (y, row) in self.pixmap.data_mut().chunks_exact_mut(width * 4).enumerate() {
            let fy = (y as f32 + 0.5) / BLOCK as f32 + 0.5;
            let (cell, part) = (fy as usize * columns, fy.fract());
            let (above, below) = (&soft[cell..cell + columns], &soft[cell + columns..cell + 2 * columns]);
            for ((out, a), b) in line.iter_mut().zip(above).zip(below) {
                *out = [lerp(a[0], b[0], part), lerp(a[1], b[1], part), lerp(a[2], b[2], part)];
            }
            let tile = &tile[(y % TILE) * TILE..(y % TILE + 1) * TILE];
            for (column, pixels) in row.chunks_mut(4 * BLOCK).enumerate() {
                let x = column * BLOCK;
                let here = frame.calmness(x as f32, y as f32);
                let there = frame.calmness((x + BLOCK) as f32, y as f32);
                if here + there <= 0.0 {
                    continue;
                }
                for (k, pixel) in pixels.chunks_exact_mut(4).enumerate() {
                    let along = k as f32 / BLOCK as f32;
                    let calm = lerp(here, there, along);
                    // The first half of a block lies between its own cell and the one before.
                    let (left, tx) = (column + k * 2 / BLOCK, (along + 0.5 + 0.5 / BLOCK as f32).fract());
                    let (from, to) = (line[left], line[left + 1]);
                    let noise = tile[(x + k) % TILE] + 0.5;
                    for i in 0..3 {
                        let own = f32::from(pixel[i]);
                        let softened = own + (lerp(from[i], to[i], tx) - own) * calm * SOFT;
                        pixel[i] =
                            (softened + (scrim[i] - softened) * calm * look.scrim_strength + noise) as u8;
                    }
                }
            }
        }
    }

    /// The picture in coarse cells, blurred, with one spare cell on every side.
    fn soft_copy(&self) -> (Vec<Rgb>, usize) {
        let (width, height) = (self.pixmap.width() as usize, self.pixmap.height() as usize);
        let (columns, rows) = (width.div_ceil(BLOCK) + 3, height.div_ceil(BLOCK) + 3);
        let mut cells = vec![[0.0; 3]; columns * rows];
        let data = self.pixmap.data();
        for row in 0..rows {
            let y = (row.saturating_sub(1) * BLOCK).min(height.saturating_sub(BLOCK));
            for column in 0..columns {
                let x = (column.saturating_sub(1) * BLOCK).min(width.saturating_sub(BLOCK));
                let mut sum = [0.0; 3];
                let mut count = 0.0;
                for py in (y..(y + BLOCK).min(height)).step_by(2) {
                    let line = &data[(py * width + x) * 4..(py * width + (x + BLOCK).min(width)) * 4];
                    for pixel in line.chunks_exact(4) {
                        for i in 0..3 {
                            sum[i] += f32::from(pixel[i]);
                        }
                        count += 1.0;
                    }
                }
                cells[row * columns + column] = sum.map(|v| v / f32::max(count, 1.0));
            }
        }
        for _ in 0..5 {
            cells = blur(&cells, columns, rows, 1, columns);
            cells = blur(&cells, rows, columns, columns, 1);
        }
        (cells, columns)
    }

    /// Vignette and film grain, and the hand-over as an ordinary picture.
    pub(super) fn develop(self, look: &Look) -> RgbImage {
        let (width, height) = (self.pixmap.width() as usize, self.pixmap.height() as usize);
        let frame = self.frame;
        let (fx, fy) = (lerp(frame.w / 2.0, frame.focus.0, 0.4), lerp(frame.h / 2.0, frame.focus.1, 0.4));
        let dark = look.tone(0.0).rgb();
        let grain = look.grain * 9.0;
        let mut out = vec![0_u8; width * height * 3];
        let rows = self.pixmap.data().chunks_exact(width * 4).zip(out.chunks_exact_mut(width * 3));
        for (y, (from, to)) in rows.enumerate() {
            let dy = (y as f32 - fy) / frame.h;
            let shift = (y / TILE) * 29 + y;
            let tile = &self.tile[(y % TILE) * TILE..(y % TILE + 1) * TILE];
            for (x, (pixel, target)) in from.chunks_exact(4).zip(to.chunks_exact_mut(3)).enumerate() {
                let dx = (x as f32 - fx) / frame.w;
                let edge = ((dx * dx + dy * dy) * 1.7 - 0.12).clamp(0.0, 1.0) * look.vignette;
                let noise = tile[(x + shift) % TILE] * grain;
                for i in 0..3 {
                    let value = f32::from(pixel[i]);
                    target[i] = (value + (dark[i] - value) * edge + noise + 0.5) as u8;
                }
            }
        }
        RgbImage::from_raw(width as u32, height as u32, out).unwrap_or_default()
    }
}

/// One pass of a box blur five cells wide over `lines` lines of `count` cells.
fn blur(cells: &[Rgb], count: usize, lines: usize, step: usize, line_step: usize) -> Vec<Rgb> {
    let mut out = cells.to_vec();
    for line in 0..lines {
        for i in 0..count {
            let mut sum = [0.0; 3];
            for k in 0..5 {
                let at = (i + k).saturating_sub(2).min(count - 1);
                let cell = cells[line * line_step + at * step];
                for channel in 0..3 {
                    sum[channel] += cell[channel] / 5.0;
                }
            }
            out[line * line_step + i * step] = sum;
        }
    }
    out
}

/// The five dominant colours of a picture, dark to light.
pub(super) fn dominant(pixels: &RgbImage) -> Vec<[u8; 3]> {
    const COLOURS: usize = 5;
    let step = (pixels.width().max(pixels.height()) / 48).max(1) as usize;
    let mut samples: Vec<Lch> = Vec::new();
    for y in (0..pixels.height()).step_by(step) {
        for x in (0..pixels.width()).step_by(step) {
            samples.push(Lch::from_rgb8(pixels.get_pixel(x, y).0));
        }
    }
    let lab = |c: &Lch| {
        let (sin, cos) = c.h.to_radians().sin_cos();
        [c.l, c.c * cos, c.c * sin]
    };
    let mut points: Vec<[f32; 3]> = samples.iter().map(lab).collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut centres: Vec<[f32; 3]> = (0..COLOURS)
        .filter_map(|i| points.get(points.len() * (2 * i + 1) / (2 * COLOURS)).copied())
        .collect();
    for _ in 0..6 {
        let mut sums = vec![([0.0_f32; 3], 0.0_f32); centres.len()];
        for point in &points {
            let distance = |c: &[f32; 3]| (0..3).map(|i| (c[i] - point[i]).powi(2)).sum::<f32>();
            let nearest =
                (0..centres.len()).min_by(|a, b| distance(&centres[*a]).total_cmp(&distance(&centres[*b])));
            if let Some(sum) = nearest.and_then(|i| sums.get_mut(i)) {
                for (total, part) in sum.0.iter_mut().zip(point) {
                    *total += part;
                }
                sum.1 += 1.0;
            }
        }
        for (centre, (sum, count)) in centres.iter_mut().zip(&sums) {
            if *count > 0.0 {
                *centre = sum.map(|v| v / count);
            }
        }
    }
    centres.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let back =
        |[l, a, b]: &[f32; 3]| Lch { l: *l, c: a.hypot(*b), h: b.atan2(*a).to_degrees().rem_euclid(360.0) };
    centres.iter().map(|centre| back(centre).rgb8()).collect()
}
