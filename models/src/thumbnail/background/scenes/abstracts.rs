//! Soft lights that flow into each other, with a few glassy rings.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::noise::Field;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let (bend, flow) = (dice.noise(), dice.noise());
    let scale = unit * 58.0;
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let (u, v) = (x / scale, y / scale);
        let (a, b) = (bend.at(u + 3.1, v + 7.7), bend.at(u + 11.3, v + 1.9));
        let wave = flow.fbm(u + a * 2.2, v + b * 2.2, 2);
        let d = ((x - frame.focus.0).hypot(y - frame.focus.1) / (unit * 95.0)).min(1.0);
        ((wave - 0.5) * 1.25 + 0.62 - d * 0.45).clamp(0.0, 1.0)
    });
    let stops: Vec<_> =
        (0..=8).map(|i| i as f32 / 8.0).map(|t| (t, look.tone(0.06 + t * 0.88), 1.0)).collect();
    canvas.cloud(&field, &stops, false);
    for pixel in canvas.pixmap.data_mut().chunks_exact_mut(4) {
        pixel[3] = 255;
    }
    let hot = (frame.focus.0 + unit * dice.range(-14.0, 14.0), frame.focus.1 + unit * dice.range(-8.0, 16.0));
    canvas.glow(hot, unit * 48.0, unit * 42.0, look.accent, 0.5 * look.glow);
    canvas.glow(
        (frame.focus.0, frame.focus.1 - unit * 16.0),
        unit * 40.0,
        unit * 34.0,
        look.light,
        0.35 * look.glow,
    );
    orbs(canvas, look, dice);
}

fn orbs(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for i in 0..(5.0 * look.busy) as u32 + 1 {
        let r = unit * if i == 0 { dice.range(15.0, 19.0) } else { dice.range(2.0, 8.5) };
        let spread = if i == 0 { 8.0 } else { 44.0 };
        let (x, y) = (
            frame.focus.0 + unit * dice.range(-spread, spread),
            frame.focus.1 + unit * dice.range(-spread * 0.4, spread * 0.8),
        );
        canvas.veil((x + r * 0.2, y + r * 0.9), r * 1.5, r * 1.1, look.tone(0.0), 0.4);
        let (lit, body, deep) = (look.tone(0.97), look.tone(0.68), look.tone(0.22));
        let stops = [
            (0.0, lit, 0.95),
            (0.35, body.mix(look.accent, 0.35), 0.95),
            (0.8, deep, 0.95),
            (1.0, look.tone(0.45), 0.95),
        ];
        canvas.fill(shape::circle(x, y, r), &Ink::radial((x - r * 0.35, y - r * 0.42), r * 1.5, &stops));
        let glint = (x + r * 0.2, y + r * 0.78);
        canvas.glow(glint, r * 0.75, r * 0.4, look.accent, 0.6);
        let width = lerp(0.1, 0.3, r / (unit * 19.0)) * unit;
        canvas.stroke(
            shape::circle(x, y, r),
            width,
            &Ink::down(y - r, y + r, &[(0.0, lit, 0.7), (0.6, lit, 0.0), (1.0, look.accent, 0.5)]),
        );
    }
}
