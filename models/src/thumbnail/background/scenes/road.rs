//! A road to the horizon, with the light at its end.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::mood::Time;
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let horizon = frame.horizon;
    elements::sky(canvas, look, horizon);
    if look.time == Time::Night {
        elements::stars(canvas, look, dice, horizon * 0.9, 1.0);
    }
    let (bright, shade) = (look.tone(0.93), look.tone(0.5));
    elements::streaks(
        canvas,
        dice,
        horizon * 0.55,
        horizon * 0.45,
        &[(0.0, shade, 0.0), (0.4, shade, 0.3), (1.0, bright, 0.75)],
    );
    let end = (frame.focus.0, horizon);
    elements::sun(canvas, look, (end.0, horizon - unit * 5.0), unit * 4.0);
    for (rise, body) in [(14.0, 0.62), (9.0, 0.42)] {
        let noise = dice.noise();
        let ridge = Ridge { base: horizon + unit, rise: unit * rise, scale: unit * 40.0, sharp: true };
        ridge.paint(canvas, noise, look.tone(body), look.tone(body + 0.2));
        canvas.haze(horizon, unit * 7.0, look.tone(0.9), 0.45);
    }
    canvas.glow(end, unit * 42.0, unit * 26.0, look.light, 0.6 * look.glow);
    land(canvas, look, dice, horizon);
    tarmac(canvas, look, dice, end);
    posts(canvas, look, end);
    canvas.haze(horizon, unit * 2.4, look.tone(0.95).mix(look.light, 0.4), 0.55);
}

fn land(canvas: &mut Canvas, look: &Look, dice: &mut Dice, horizon: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.52), 1.0), (0.2, look.tone(0.33), 1.0), (1.0, look.tone(0.06), 1.0)];
    canvas.fill(
        shape::rect(0.0, horizon, frame.w, frame.h - horizon + 1.0),
        &Ink::down(horizon, frame.h, &stops),
    );
    for _ in 0..(150.0 * look.busy) as u32 {
        let t = dice.range(0.0, 1.0).powi(2);
        let at = (dice.range(0.0, frame.w), lerp(horizon, frame.h, t));
        let (rx, ry) = (unit * lerp(1.5, 14.0, t), unit * lerp(0.1, 0.8, t));
        let tone = if dice.chance(0.4) { look.tone(0.6) } else { look.tone(0.05) };
        canvas.fill(shape::ellipse(at.0, at.1, rx, ry), &Ink::flat(tone, 0.16));
    }
}

fn tarmac(canvas: &mut Canvas, look: &Look, dice: &mut Dice, end: (f32, f32)) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let half = unit * 50.0;
    let foot = lerp(end.0, frame.w / 2.0, 0.25);
    // A strip of the road between two offsets from its middle, in half widths, from depth `near` to `far`.
    let strip = |left: f32, right: f32, far: f32, near: f32| {
        let point = |offset: f32, t: f32| {
            (lerp(end.0, foot, t) + half * offset * t + offset * unit * 0.4, lerp(end.1, frame.h, t))
        };
        shape::polygon(&[point(left, far), point(right, far), point(right, near), point(left, near)])
    };
    let stops = [(0.0, look.tone(0.5), 1.0), (0.12, look.tone(0.27), 1.0), (1.0, look.tone(0.07), 1.0)];
    canvas.fill(strip(-1.0, 1.0, 0.0, 1.01), &Ink::down(end.1, frame.h, &stops));
    let sheen = [(0.0, look.light, 0.75), (0.35, look.light, 0.2), (1.0, look.light, 0.0)];
    canvas.fill(strip(-0.35, 0.35, 0.0, 1.01), &Ink::down(end.1, frame.h, &sheen).screen());
    for _ in 0..16 {
        let lane = dice.range(-0.9, 0.9);
        let width = dice.range(0.005, 0.05);
        canvas.fill(strip(lane, lane + width, 0.05, 1.01), &Ink::flat(look.tone(0.0), 0.12));
    }
    let paint = look.tone(0.95).mix(look.accent, 0.2);
    for side in [-1.0, 1.0] {
        canvas.fill(strip(side * 0.93 - 0.022, side * 0.93 + 0.022, 0.0, 1.01), &Ink::flat(paint, 0.85));
    }
    for dash in 0..11 {
        let depth = |z: f32| (1.0 / (1.0 + z * 0.62) - 0.08).max(0.0) / 0.92;
        let (near, far) = (depth(dash as f32), depth(dash as f32 + 0.5));
        canvas.fill(strip(-0.02, 0.02, far, near), &Ink::flat(look.accent.mix(paint, 0.3), 0.95));
    }
}

fn posts(canvas: &mut Canvas, look: &Look, end: (f32, f32)) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for i in (0..9).rev() {
        let t = 1.0 / (1.0 + i as f32 * 0.55);
        for side in [-1.0, 1.0] {
            let x = lerp(end.0, frame.w / 2.0, 0.25 * t) + side * unit * 58.0 * t;
            let y = lerp(end.1, frame.h, t * 0.92);
            let (w, h) = (unit * 0.8 * t, unit * 12.0 * t);
            canvas.fill(shape::rect(x - w / 2.0, y - h, w, h), &Ink::flat(look.tone(0.04), 0.95));
            canvas.fill(shape::rect(x - w / 2.0, y - h * 0.9, w, h * 0.13), &Ink::flat(look.accent, 0.95));
        }
    }
}
