//! A dark glass wall of figures: grid, candles and one bright rising line.

use super::super::canvas::{Canvas, Ink};
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.34), 1.0), (0.5, look.tone(0.15), 1.0), (1.0, look.tone(0.0), 1.0)];
    canvas.wash(frame.focus, (frame.w - frame.focus.0, frame.h), &stops);
    canvas.glow(frame.focus, unit * 75.0, unit * 58.0, look.tone(0.5), 0.65 * look.glow);
    grid(canvas, look);
    for _ in 0..(22.0 * look.busy) as u32 {
        let at = (dice.range(0.0, frame.w), dice.range(0.0, frame.h));
        let colour = if dice.chance(0.3) { look.accent } else { look.tone(0.7) };
        canvas.bokeh(at, unit * dice.range(1.5, 6.0), colour, dice.range(0.04, 0.13), 0.2);
    }
    let noise = dice.noise();
    let rising = frame.focus.0 > frame.w * 0.4;
    let level = |x: f32| {
        let along = (x / frame.w).max(0.0);
        let u = if rising { along } else { 0.35 + 0.65 * along };
        let trend = u.powf(1.7) * 0.62;
        let swing = (noise.fbm(x / (unit * 15.0), 3.0, 3) - 0.5) * 0.26;
        frame.h * (0.86 - trend - swing)
    };
    candles(canvas, look, dice, &level);
    curve(canvas, look, &level);
    canvas.haze(frame.h * 1.02, unit * 22.0, look.tone(0.0), 0.6);
}

fn grid(canvas: &mut Canvas, look: &Look) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let pitch = unit * 9.0;
    let stops = [(0.0, look.tone(0.7), 0.22), (1.0, look.tone(0.7), 0.02)];
    let ink = Ink::radial(frame.focus, unit * 90.0, &stops);
    let mut x = frame.focus.0 % pitch;
    while x < frame.w {
        canvas.fill(shape::rect(x, 0.0, unit * 0.12, frame.h), &ink);
        x += pitch;
    }
    let mut y = frame.focus.1 % pitch;
    while y < frame.h {
        canvas.fill(shape::rect(0.0, y, frame.w, unit * 0.12), &ink);
        y += pitch;
    }
}

fn candles(canvas: &mut Canvas, look: &Look, dice: &mut Dice, level: &dyn Fn(f32) -> f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let pitch = unit * 4.4;
    let mut x = pitch * 0.4;
    while x < frame.w {
        let up = level(x + pitch) < level(x) || dice.chance(0.2);
        let y = level(x) + unit * dice.range(2.0, 5.0);
        let body = unit * dice.range(2.5, 8.0);
        let colour = if up { look.accent } else { look.second.mix(look.tone(0.45), 0.4) };
        let calm = 1.0 - 0.55 * frame.calmness(x, y);
        let wick = shape::rect(x + unit * 1.1, y - unit * 2.2, unit * 0.22, body + unit * 4.6);
        canvas.fill(wick, &Ink::flat(colour, 0.55 * calm));
        let stops = [(0.0, colour.lift(0.08), 0.8 * calm), (1.0, colour.lift(-0.2), 0.45 * calm)];
        canvas.fill(shape::rounded(x, y, unit * 2.4, body, unit * 0.35), &Ink::down(y, y + body, &stops));
        let volume = unit * dice.range(2.0, 9.0);
        let bar = shape::rect(x, frame.h - volume, unit * 2.4, volume);
        canvas.fill(bar, &Ink::flat(look.tone(0.6), 0.16));
        x += pitch;
    }
}

fn curve(canvas: &mut Canvas, look: &Look, level: &dyn Fn(f32) -> f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let at = |x: f32| (level(x - unit * 3.0) + level(x) + level(x + unit * 3.0)) / 3.0 - unit * 4.0;
    let points: Vec<(f32, f32)> = (-2..=66).map(|i| i as f32 / 64.0 * frame.w).map(|x| (x, at(x))).collect();
    let area = shape::ground(frame.w, frame.h + 2.0, 8.0, at);
    canvas.fill(
        area,
        &Ink::down(frame.h * 0.2, frame.h, &[(0.0, look.accent, 0.4), (1.0, look.accent, 0.0)]).screen(),
    );
    let fade = |strength: f32| [(0.0, look.accent, strength * 0.25), (1.0, look.accent.lift(0.06), strength)];
    let (from, to) =
        if frame.focus.0 > frame.w * 0.4 { (0.0, frame.focus.0) } else { (frame.w, frame.focus.0) };
    for (width, strength) in [(2.6, 0.1), (1.4, 0.18), (0.5, 1.0)] {
        let ink = Ink::line((from, 0.0), (to, 0.0), &fade(strength));
        canvas.stroke(shape::curve(&points, false), unit * width, &ink);
    }
    let tip = (frame.focus.0, at(frame.focus.0));
    canvas.glow(tip, unit * 11.0, unit * 11.0, look.accent, 0.9 * look.glow);
    canvas.fill(shape::circle(tip.0, tip.1, unit * 0.9), &Ink::flat(look.light, 1.0));
}
