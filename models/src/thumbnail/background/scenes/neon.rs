//! A glowing grid that runs to the horizon under a striped sun.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let horizon = frame.horizon;
    let stops = [
        (0.0, look.tone(0.02), 1.0),
        (0.45, look.tone(0.2), 1.0),
        (0.8, look.tone(0.42), 1.0),
        (1.0, look.tone(0.62), 1.0),
    ];
    canvas.sky(horizon, &stops);
    elements::stars(canvas, look, dice, horizon * 0.85, 0.9);
    striped_sun(canvas, look, (frame.focus.0, horizon - unit * 12.0), unit * 17.0);
    ranges(canvas, look, dice, horizon);
    let floor = [(0.0, look.tone(0.3), 1.0), (0.25, look.tone(0.1), 1.0), (1.0, look.tone(0.0), 1.0)];
    let ground = shape::rect(0.0, horizon, frame.w, frame.h - horizon + 1.0);
    canvas.fill(ground, &Ink::down(horizon, frame.h, &floor));
    grid(canvas, look, horizon);
    canvas.glow((frame.focus.0, horizon), unit * 60.0, unit * 9.0, look.tone(0.85), 0.75 * look.glow);
    let line = shape::rect(0.0, horizon - unit * 0.14, frame.w, unit * 0.28);
    canvas.fill(line, &Ink::flat(look.light.mix(look.accent, 0.4), 0.95));
    canvas.haze(horizon, unit * 2.2, look.accent, 0.35);
}

fn striped_sun(canvas: &mut Canvas, look: &Look, (x, y): (f32, f32), r: f32) {
    canvas.glow((x, y), r * 3.0, r * 2.4, look.tone(0.68), 0.8 * look.glow);
    canvas.glow((x, y), r * 1.6, r * 1.6, look.tone(0.8), 0.5 * look.glow);
    // Bands with gaps that widen towards the foot, each a slice of the disc.
    let bands = 9;
    let slice = |top: f32, bottom: f32| {
        let angle = |height: f32| ((height - y) / r).clamp(-1.0, 1.0).asin();
        let (from, to) = (angle(top), angle(bottom));
        let at = |i: i32| lerp(from, to, i as f32 / 40.0);
        let mut points: Vec<(f32, f32)> =
            (0..=40).map(|i| (x + r * at(i).cos(), y + r * at(i).sin())).collect();
        points.extend((0..=40).rev().map(|i| (x - r * at(i).cos(), y + r * at(i).sin())));
        shape::polygon(&points)
    };
    let ink = Ink::down(
        y - r,
        y + r,
        &[(0.0, look.tone(1.0), 1.0), (0.45, look.tone(0.84), 1.0), (1.0, look.tone(0.62), 1.0)],
    );
    canvas.fill(slice(y - r, y - r * 0.06), &ink);
    for band in 0..bands {
        let t = band as f32 / bands as f32;
        let top = lerp(y - r * 0.06, y + r, t);
        let pitch = r * 1.06 / bands as f32;
        let gap = pitch * lerp(0.12, 0.7, t);
        canvas.fill(slice(top + gap, top + pitch), &ink);
    }
}

fn ranges(canvas: &mut Canvas, look: &Look, dice: &mut Dice, horizon: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for (rise, body) in [(15.0, 0.24), (10.0, 0.1)] {
        let noise = dice.noise();
        let ridge = Ridge { base: horizon + unit * 2.0, rise: 1.0, scale: unit * 24.0, sharp: true };
        // Low before the sun, high at the sides.
        let line = |x: f32| {
            let off = ((x - frame.focus.0) / (frame.w * 0.5)).abs().min(1.2);
            horizon + unit * 1.5
                - (ridge.base - ridge.line(noise, x)) * unit * rise * (0.12 + 0.8 * off * off)
        };
        let ink = Ink::fade(horizon - unit * rise, horizon, look.tone(body), look.tone(body + 0.16));
        canvas.fill(shape::ground(frame.w, horizon + 2.0, 4.0, line), &ink);
        let points: Vec<(f32, f32)> =
            (0..=240).map(|i| i as f32 / 240.0 * frame.w).map(|x| (x, line(x))).collect();
        let edge = Ink::flat(look.tone(0.75), 0.6).screen();
        canvas.stroke(shape::polyline(&points), unit * 0.16, &edge);
    }
}

fn grid(canvas: &mut Canvas, look: &Look, horizon: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let depth = frame.h - horizon;
    let line = look.accent;
    let stops = [(0.0, line, 0.85), (0.3, line, 0.65), (1.0, line, 0.95)];
    for pass in [(1.1, 0.22), (0.2, 1.0)] {
        let (width, strength) = pass;
        let faded = stops.map(|(at, colour, alpha)| (at, colour, alpha * strength));
        let ink = Ink::down(horizon, frame.h, &faded).screen();
        for i in -26..=26 {
            let far = (frame.focus.0 + i as f32 * unit * 2.6, horizon);
            let near = (frame.focus.0 + i as f32 * unit * 15.0, frame.h);
            let w = unit * width;
            let points = [
                (far.0 - w * 0.15, far.1),
                (far.0 + w * 0.15, far.1),
                (near.0 + w, near.1),
                (near.0 - w, near.1),
            ];
            canvas.fill(shape::polygon(&points), &ink);
        }
        for i in 1..16 {
            // Rows at equal steps of depth come closer together with 1/z.
            let t = 1.0 / (1.0 + (16 - i) as f32 * 0.42);
            let y = horizon + depth * (t - 0.12).max(0.0) / 0.6;
            let w = unit * width * lerp(0.5, 1.9, t);
            canvas.fill(shape::rect(0.0, y - w / 2.0, frame.w, w), &ink);
        }
    }
}
