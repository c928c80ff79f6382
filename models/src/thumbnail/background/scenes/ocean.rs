//! The sea: a low sun, its path of glitter, swell and foam.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::{lerp, smoothstep};
use super::super::look::Look;
use super::super::mood::Time;
use super::super::noise::{Dice, Field};
use super::super::shape;
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let horizon = frame.horizon * 0.97;
    elements::sky(canvas, look, horizon);
    if look.time == Time::Night {
        elements::stars(canvas, look, dice, horizon * 0.8, 0.8);
    }
    let (bright, shade) = (look.tone(0.95), look.tone(0.55));
    let stops = [(0.0, shade, 0.0), (0.35, shade, 0.35), (1.0, bright, 0.75)];
    elements::streaks(canvas, dice, horizon * 0.55, horizon * 0.5, &stops);
    let sun = (frame.focus.0, horizon - unit * dice.range(4.0, 9.0));
    elements::sun(canvas, look, sun, unit * 4.0);

    let noise = dice.noise();
    let land = Ridge { base: horizon + unit, rise: unit * 8.0, scale: unit * 45.0, sharp: false };
    if dice.chance(0.7) {
        land.paint(canvas, noise, look.tone(0.5), look.tone(0.62));
        canvas.haze(horizon, unit * 5.0, look.tone(0.85), 0.4);
    }
    sea(canvas, look, dice, horizon);
    glitter(canvas, look, dice, sun.0, horizon);
    canvas.haze(horizon, unit * 3.0, look.tone(0.95), 0.5);
    swell(canvas, look, dice, horizon);
}

fn sea(canvas: &mut Canvas, look: &Look, dice: &mut Dice, horizon: f32) {
    let frame = canvas.frame;
    let stops = [
        (0.0, look.tone(0.68), 1.0),
        (0.18, look.tone(0.44), 1.0),
        (0.6, look.tone(0.2), 1.0),
        (1.0, look.tone(0.06), 1.0),
    ];
    let water = shape::rect(0.0, horizon, frame.w, frame.h - horizon + 1.0);
    canvas.fill(water, &Ink::down(horizon, frame.h, &stops));
    // Ripples are finer with distance: the rows of noise shrink towards the horizon.
    let noise = dice.noise();
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let depth = (y - horizon) / (frame.h - horizon);
        if depth <= 0.01 {
            return 0.0;
        }
        let scale = frame.unit * lerp(5.0, 26.0, depth);
        let v = noise.fbm((x - frame.w / 2.0) / scale + 40.0, 30.0 / (depth + 0.12), 3);
        smoothstep(0.45, 0.8, v) * smoothstep(0.0, 0.15, depth)
    });
    let crest = look.tone(0.75);
    canvas.cloud(&field, &[(0.0, crest, 0.0), (1.0, crest, 0.4)], true);
}

fn glitter(canvas: &mut Canvas, look: &Look, dice: &mut Dice, x: f32, horizon: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let reach = frame.h - horizon;
    canvas.glow((x, horizon + unit), unit * 26.0, reach * 0.9, look.light, 0.45 * look.glow);
    for _ in 0..(340.0 * look.busy) as u32 {
        let t = dice.range(0.0, 1.0).powf(1.4);
        let spread = unit * lerp(2.5, 15.0, t);
        let from_middle = dice.range(-1.0, 1.0) * dice.range(0.2, 1.0);
        let at = (x + from_middle * spread, horizon + reach * t);
        let alpha = (1.0 - from_middle.abs()) * lerp(0.9, 0.35, t);
        let (rx, ry) = (unit * lerp(0.5, 2.6, t) * dice.range(0.4, 1.2), unit * lerp(0.07, 0.26, t));
        canvas.fill(shape::ellipse(at.0, at.1, rx, ry), &Ink::flat(look.light, alpha));
    }
}

fn swell(canvas: &mut Canvas, look: &Look, dice: &mut Dice, horizon: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for wave in 0..3 {
        let t = 0.66 + wave as f32 * 0.13;
        let noise = dice.noise();
        let y = lerp(horizon, frame.h, t);
        let line = |x: f32| y + unit * 2.6 * (noise.fbm(x / (unit * 30.0), 1.0, 3) - 0.5) * 2.0;
        let (dark, deep) = (look.tone(0.22 - wave as f32 * 0.05), look.tone(0.03));
        let stops = [(0.0, dark, 0.75), (1.0, deep, 0.5)];
        canvas.fill(
            shape::ground(frame.w, frame.h + 2.0, 6.0, line),
            &Ink::down(y - unit * 2.0, y + unit * 9.0, &stops),
        );
        let points: Vec<(f32, f32)> =
            (0..=64).map(|i| i as f32 / 64.0 * frame.w).map(|x| (x, line(x))).collect();
        let from = (frame.focus.0 - unit * 45.0, 0.0);
        let to = (frame.focus.0 + unit * 45.0, 0.0);
        let crest = look.tone(0.88);
        let stops = [(0.0, crest, 0.08), (0.5, look.light, 0.7), (1.0, crest, 0.08)];
        canvas.stroke(shape::polyline(&points), unit * 0.22, &Ink::line(from, to, &stops));
    }
}
