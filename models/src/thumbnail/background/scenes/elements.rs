//! What several scenes share: suns, stars, ridges, firs, weather.

use super::super::canvas::{Canvas, Ink, Stop};
use super::super::colour::{Lch, lerp, smoothstep};
use super::super::look::Look;
use super::super::mood::{Time, Weather};
use super::super::noise::{Dice, Field, Noise};
use super::super::shape;

/// The usual sky: deep above, bright at the horizon.
pub(super) fn sky(canvas: &mut Canvas, look: &Look, horizon: f32) {
    let deep = if look.time == Time::Night { 0.06 } else { 0.3 };
    let bright = if look.time == Time::Night { 0.62 } else { 0.95 };
    let stops: Vec<Stop> = [0.0, 0.35, 0.65, 0.88, 1.0]
        .into_iter()
        .zip([0.0, 0.3, 0.58, 0.85, 1.0])
        .map(|(at, height)| (at, look.tone(lerp(deep, bright, height)), 1.0))
        .collect();
    canvas.sky(horizon, &stops);
}

/// A sun (a moon at night) of radius `r`, with the light around it.
pub(super) fn sun(canvas: &mut Canvas, look: &Look, at: (f32, f32), r: f32) {
    let light = look.light;
    let warm = look.tone(0.8).mix(light, 0.4);
    canvas.glow(at, r * 14.0, r * 11.0, warm, 0.5 * look.glow);
    canvas.glow(at, r * 5.5, r * 5.0, light, 0.6 * look.glow);
    canvas.glow(at, r * 2.4, r * 2.4, light, 0.8);
    let stops = [(0.0, light.lift(0.03), 1.0), (0.9, light, 1.0), (1.0, light, 0.0)];
    canvas.fill(shape::circle(at.0, at.1, r), &Ink::radial(at, r, &stops));
}

/// Stars above `bottom`, small and many, few and bright.
pub(super) fn stars(canvas: &mut Canvas, look: &Look, dice: &mut Dice, bottom: f32, share: f32) {
    let frame = canvas.frame;
    let count = (260.0 * share * look.busy) as u32;
    for _ in 0..count {
        let x = dice.range(0.0, frame.w);
        let y = dice.range(0.0, bottom);
        let size = dice.range(0.0, 1.0).powi(6);
        let fading = 1.0 - smoothstep(bottom * 0.55, bottom, y);
        let calm = 1.0 - 0.6 * frame.calmness(x, y);
        let colour = look.light.mix(look.tone(0.85), dice.range(0.0, 1.0));
        let r = frame.unit * lerp(0.075, 0.2, size);
        let alpha = lerp(0.25, 1.0, size) * fading * calm;
        canvas.fill(shape::circle(x, y, r), &Ink::flat(colour, alpha).screen());
        if size > 0.72 {
            canvas.glow((x, y), r * 9.0, r * 9.0, colour, 0.55 * fading * calm);
        }
    }
}

/// Clouds as streaks, densest near height `y`.
pub(super) fn streaks(canvas: &mut Canvas, dice: &mut Dice, y: f32, reach: f32, stops: &[Stop]) {
    let noise = dice.noise();
    let (w, h, unit) = (canvas.frame.w as usize, canvas.frame.h as usize, canvas.frame.unit);
    let field = Field::new(w, h, |px, py| {
        let band = 1.0 - ((py - y) / reach).powi(2);
        if band <= 0.0 {
            return 0.0;
        }
        let v = noise.fbm(px / (unit * 34.0), py / (unit * 7.5), 4);
        smoothstep(0.45, 0.8, v) * band
    });
    canvas.cloud(&field, stops, false);
}

/// One ridge of hills or mountains.
pub(super) struct Ridge {
    /// Height of the line where it is lowest.
    pub base: f32,
    /// How far it rises.
    pub rise: f32,
    /// Width of a bump in pixels.
    pub scale: f32,
    /// Sharp crests instead of round ones.
    pub sharp: bool,
}

impl Ridge {
    /// The height line at `x`.
    pub(super) fn line(&self, noise: Noise, x: f32) -> f32 {
        let v = if self.sharp {
            noise.ridged(x / self.scale, 3.7, 5) * 0.75 + noise.fbm(x / self.scale * 0.5, 9.1, 3) * 0.35
        } else {
            noise.fbm(x / self.scale, 3.7, 3)
        };
        self.base - self.rise * v
    }

    /// Fills it, `crest` above fading to `foot` below.
    pub(super) fn paint(&self, canvas: &mut Canvas, noise: Noise, crest: Lch, foot: Lch) {
        let frame = canvas.frame;
        let step = if self.sharp { 2.0 } else { 4.0 };
        let path = shape::ground(frame.w, frame.h + 4.0, step, |x| self.line(noise, x));
        let ink = Ink::fade(self.base - self.rise * 0.8, self.base + self.rise * 0.35, crest, foot);
        canvas.fill(path, &ink);
    }
}

/// A fir with ragged branches, its foot at `(x, y)`.
pub(super) fn fir(canvas: &mut Canvas, dice: &mut Dice, (x, y): (f32, f32), height: f32, ink: &Ink) {
    let tiers = 7;
    let mut left = Vec::new();
    let mut right = Vec::new();
    for tier in 0..tiers {
        let t = (tier + 1) as f32 / tiers as f32;
        let half = height * 0.21 * t * dice.range(0.8, 1.15);
        let drop = y - height * (1.0 - t * 0.93);
        let notch = half * 0.5;
        left.push((x - half, drop));
        left.push((x - notch, drop - height * 0.025));
        right.push((x + half * dice.range(0.85, 1.1), drop));
        right.push((x + notch, drop - height * 0.025));
    }
    let mut points = vec![(x, y - height)];
    points.extend(right);
    points.push((x + height * 0.02, y));
    points.push((x - height * 0.02, y));
    points.extend(left.into_iter().rev());
    canvas.fill(shape::polygon(&points), ink);
}

/// Rain, snow, mist or thunderclouds over a finished scene.
pub(super) fn weather(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let noise = dice.noise();
    match look.weather {
        Weather::Clear => {}
        Weather::Fog => {
            let (w, h) = (frame.w as usize, frame.h as usize);
            let field = Field::new(w, h, |x, y| {
                let low = smoothstep(0.2 * frame.h, 0.85 * frame.h, y);
                noise.fbm(x / (frame.unit * 30.0), y / (frame.unit * 12.0), 3) * low
            });
            let mist = look.tone(0.7);
            canvas.cloud(&field, &[(0.1, mist, 0.0), (0.8, mist, 0.8)], false);
        }
        Weather::Rain | Weather::Storm => {
            thunderheads(canvas, look, noise);
            let drop = look.tone(0.9);
            for _ in 0..(240.0 * look.busy) as u32 {
                let (x, y) = (dice.range(-0.1, 1.05) * frame.w, dice.range(-0.05, 1.0) * frame.h);
                let length = frame.unit * dice.range(2.0, 6.5);
                let path = shape::polyline(&[(x, y), (x + length * 0.22, y + length)]);
                let ink = Ink::flat(drop, dice.range(0.08, 0.3));
                canvas.stroke(path, frame.unit * dice.range(0.06, 0.16), &ink);
            }
        }
        Weather::Snow => {
            let flake = look.tone(1.0);
            for _ in 0..(220.0 * look.busy) as u32 {
                let at = (dice.range(0.0, frame.w), dice.range(0.0, frame.h));
                let near = dice.range(0.0, 1.0).powi(7);
                let r = frame.unit * lerp(0.14, 1.3, near);
                canvas.bokeh(at, r.max(1.2), flake, lerp(0.75, 0.3, near), 0.7);
            }
        }
    }
}

fn thunderheads(canvas: &mut Canvas, look: &Look, noise: Noise) {
    let frame = canvas.frame;
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let high = 1.0 - smoothstep(0.1 * frame.h, 0.62 * frame.h, y);
        noise.fbm(x / (frame.unit * 26.0), y / (frame.unit * 13.0), 4) * high
    });
    let (dark, rim) = (look.tone(0.12), look.tone(0.45));
    canvas.cloud(&field, &[(0.12, rim, 0.0), (0.4, rim, 0.5), (0.75, dark, 0.9)], false);
}
