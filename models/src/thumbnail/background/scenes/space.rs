//! Nebula, stars and a planet with its rim of air.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::{lerp, smoothstep};
use super::super::look::Look;
use super::super::noise::{Dice, Field};
use super::super::shape;
use super::elements;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.08), 1.0), (0.6, look.tone(0.0), 1.0), (1.0, look.tone(0.12), 1.0)];
    canvas.wash((0.0, 0.0), (frame.w, frame.h), &stops);
    nebula(canvas, look, dice);
    elements::stars(canvas, look, dice, frame.h * 1.5, 4.5);
    canvas.glow(frame.focus, unit * 90.0, unit * 66.0, look.tone(0.55), 0.3 * look.glow);
    let side = if frame.focus.0 > frame.w / 2.0 { 1.0 } else { -1.0 };
    let radius = unit * dice.range(38.0, 52.0);
    let centre = (frame.focus.0 + side * unit * 14.0, frame.h + radius * 0.52);
    planet(canvas, look, dice, centre, radius);
    let moon = (frame.w / 2.0 - side * unit * dice.range(30.0, 38.0), frame.h * dice.range(0.16, 0.26));
    small_moon(canvas, look, moon, unit * dice.range(3.0, 4.6), frame.focus);
}

fn nebula(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let (gas, dust, warp) = (dice.noise(), dice.noise(), dice.noise());
    let scale = frame.unit * 42.0;
    let slope = dice.range(0.25, 0.5) * dice.sign();
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let (u, v) = (x / scale, y / scale);
        let bend = warp.fbm(u * 1.3, v * 1.3, 2) * 1.0;
        let cloud = gas.fbm(u + bend, v + bend * 0.7, 5);
        // A diagonal band, as the Milky Way crosses a photograph.
        let off = (y - frame.focus.1) + slope * (x - frame.focus.0);
        let band = (-(off / (frame.unit * 32.0)).powi(2)).exp();
        let lanes = 1.0 - 0.75 * smoothstep(0.45, 0.72, dust.ridged(u * 1.4 + bend, v * 1.4, 4));
        smoothstep(0.18, 0.95, cloud) * (0.34 + 0.95 * band) * lanes
    });
    let stops = [
        (0.0, look.tone(0.2), 0.0),
        (0.25, look.tone(0.35), 0.4),
        (0.55, look.tone(0.58), 0.75),
        (0.85, look.tone(0.8), 0.85),
        (1.0, look.tone(1.0), 0.9),
    ];
    canvas.cloud(&field, &stops, true);
    let second = dice.noise();
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        smoothstep(0.5, 0.85, second.fbm(x / scale * 0.8, y / scale * 0.8, 4)) * 0.8
    });
    canvas.cloud(&field, &[(0.0, look.accent, 0.0), (1.0, look.accent, 0.4)], true);
}

fn planet(canvas: &mut Canvas, look: &Look, dice: &mut Dice, (x, y): (f32, f32), r: f32) {
    let unit = canvas.frame.unit;
    let air = look.accent.mix(look.light, 0.35);
    let halo = [(0.0, air, 0.0), (0.86, air, 0.0), (0.875, air, 0.6), (0.92, air, 0.22), (1.0, air, 0.0)];
    let outer = r / 0.875;
    canvas.fill(shape::circle(x, y, outer), &Ink::radial((x, y), outer, &halo).screen());
    let (dark, lit) = (look.tone(0.03), look.tone(0.5));
    let body = [(0.0, dark, 1.0), (0.72, dark, 1.0), (0.93, look.tone(0.22), 1.0), (1.0, lit, 1.0)];
    canvas.fill(shape::circle(x, y, r), &Ink::radial((x, y), r, &body));
    // Weather bands follow the curve of the rim.
    for _ in 0..26 {
        let depth = dice.range(0.02, 0.3);
        let radius = r * (1.0 - depth);
        let (from, sweep) = (dice.range(3.5, 5.6), dice.range(0.06, 0.28));
        let points: Vec<(f32, f32)> = (0..12)
            .map(|i| from + sweep * i as f32 / 11.0)
            .map(|a| (x + radius * a.cos(), y + radius * a.sin()))
            .collect();
        let ink = Ink::flat(look.tone(0.75), 0.12 * (1.0 - depth * 2.5)).screen();
        canvas.stroke(shape::polyline(&points), unit * lerp(0.3, 1.6, depth * 2.0), &ink);
    }
    let rim = [(0.0, look.light, 0.0), (0.5, look.light, 0.95), (1.0, look.light, 0.0)];
    let ink = Ink::line((x - r * 0.8, 0.0), (x + r * 0.5, 0.0), &rim);
    let arc: Vec<(f32, f32)> = (0..64)
        .map(|i| 3.6 + 2.2 * i as f32 / 63.0)
        .map(|a: f32| (x + r * a.cos(), y + r * a.sin()))
        .collect();
    canvas.stroke(shape::polyline(&arc), unit * 0.3, &ink);
    canvas.glow((x - r * 0.25, y - r * 0.96), unit * 26.0, unit * 9.0, air, 0.7 * look.glow);
}

fn small_moon(canvas: &mut Canvas, look: &Look, (x, y): (f32, f32), r: f32, sun: (f32, f32)) {
    let d = (sun.0 - x).hypot(sun.1 - y).max(1.0);
    let towards = (x + (sun.0 - x) / d * r * 0.75, y + (sun.1 - y) / d * r * 0.75);
    let stops = [(0.0, look.tone(0.88), 1.0), (0.45, look.tone(0.5), 1.0), (1.0, look.tone(0.06), 1.0)];
    canvas.fill(shape::circle(x, y, r), &Ink::radial(towards, r * 1.7, &stops));
}
