//! A pitch under floodlights, the stands a shimmer behind it.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let pitch = lerp(frame.horizon, frame.h, 0.22);
    let stops = [(0.0, look.tone(0.03), 1.0), (0.6, look.tone(0.2), 1.0), (1.0, look.tone(0.4), 1.0)];
    canvas.sky(pitch, &stops);
    stands(canvas, look, dice, pitch);
    field(canvas, look, dice, pitch);
    let y = unit * 9.0 + frame.h * 0.04;
    for (i, share) in [0.06, 0.34, 0.66, 0.94].into_iter().enumerate() {
        let lift = if i == 0 || i == 3 { 0.0 } else { unit * 4.0 };
        floodlight(canvas, look, dice, (frame.w * share, y + lift), pitch);
    }
    canvas.haze(pitch, unit * 18.0, look.tone(0.75), 0.3);
    canvas.glow((frame.focus.0, pitch), unit * 60.0, unit * 22.0, look.light, 0.45 * look.glow);
}

fn stands(canvas: &mut Canvas, look: &Look, dice: &mut Dice, pitch: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let (top, roof) = (pitch - unit * 21.0, pitch - unit * 25.0);
    // The bowl is lower in the middle, as a wide lens sees it.
    let rim = |x: f32, y: f32| y + unit * 9.0 * (1.0 - ((x / frame.w - 0.5) * 2.0).powi(2));
    let path = shape::ground(frame.w, pitch + 2.0, 12.0, |x| rim(x, top));
    canvas.fill(path, &Ink::fade(top, pitch, look.tone(0.08), look.tone(0.24)));
    for _ in 0..(1500.0 * look.busy) as u32 {
        let (x, t) = (dice.range(0.0, frame.w), dice.range(0.0, 1.0));
        let y = lerp(rim(x, top) + unit, pitch - unit * 1.5, t);
        let colour = match dice.whole(0, 9) {
            0 => look.accent,
            1 => look.light,
            _ => look.tone(dice.range(0.2, 0.62)),
        };
        let r = unit * lerp(0.16, 0.3, t);
        canvas.fill(shape::rect(x - r, y - r, r * 2.0, r * 2.2), &Ink::flat(colour, dice.range(0.15, 0.6)));
    }
    for _ in 0..(34.0 * look.busy) as u32 {
        let x = dice.range(0.0, frame.w);
        let at = (x, lerp(rim(x, top) + unit, pitch - unit * 2.0, dice.range(0.0, 1.0)));
        canvas.glow(at, unit * 1.4, unit * 1.4, look.light, dice.range(0.4, 1.0));
    }
    let mut upper: Vec<(f32, f32)> =
        (0..=40).map(|i| i as f32 / 40.0 * frame.w).map(|x| (x, rim(x, roof))).collect();
    upper.extend((0..=40).rev().map(|i| i as f32 / 40.0 * frame.w).map(|x| (x, rim(x, roof + unit * 3.4))));
    canvas
        .fill(shape::polygon(&upper), &Ink::fade(roof, roof + unit * 12.0, look.tone(0.02), look.tone(0.2)));
    let edge: Vec<(f32, f32)> =
        (0..=40).map(|i| i as f32 / 40.0 * frame.w).map(|x| (x, rim(x, roof + unit * 3.4))).collect();
    canvas.stroke(shape::polyline(&edge), unit * 0.35, &Ink::flat(look.light, 0.75));
    let boards = shape::rect(0.0, pitch - unit * 2.2, frame.w, unit * 2.4);
    let glow = [(0.0, look.accent, 0.55), (0.5, look.second, 0.75), (1.0, look.accent, 0.55)];
    canvas.fill(boards, &Ink::line((0.0, 0.0), (frame.w, 0.0), &glow));
}

fn field(canvas: &mut Canvas, look: &Look, dice: &mut Dice, pitch: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let depth = frame.h - pitch;
    let stops = [(0.0, look.tone(0.64), 1.0), (0.3, look.tone(0.5), 1.0), (1.0, look.tone(0.2), 1.0)];
    canvas.fill(shape::rect(0.0, pitch, frame.w, depth + 1.0), &Ink::down(pitch, frame.h, &stops));
    let vanish = (frame.w / 2.0, pitch - depth * 0.7);
    let far = |x: f32| vanish.0 + (x - vanish.0) * (pitch - vanish.1) / (frame.h - vanish.1);
    let stripe = unit * 26.0;
    for i in -12..12 {
        if i % 2 != 0 {
            continue;
        }
        let (left, right) = (vanish.0 + i as f32 * stripe, vanish.0 + (i + 1) as f32 * stripe);
        let points = [(far(left), pitch), (far(right), pitch), (right, frame.h + 1.0), (left, frame.h + 1.0)];
        canvas.fill(shape::polygon(&points), &Ink::flat(look.tone(0.05), 0.16));
    }
    let chalk = look.tone(1.0);
    let ring = shape::ellipse(frame.w / 2.0, pitch + depth * 0.52, unit * 34.0, depth * 0.24);
    canvas.stroke(ring, unit * 0.45, &Ink::flat(chalk, 0.5));
    canvas.fill(shape::rect(0.0, pitch + depth * 0.52, frame.w, unit * 0.4), &Ink::flat(chalk, 0.45));
    for _ in 0..260 {
        let t = dice.range(0.0, 1.0);
        let (x, y) = (dice.range(0.0, frame.w), lerp(pitch, frame.h, t));
        let h = unit * lerp(0.15, 1.2, t);
        canvas.fill(shape::rect(x, y - h, unit * 0.12, h), &Ink::flat(look.tone(0.72), 0.18));
    }
    canvas.haze(frame.h * 1.03, depth * 0.6, look.tone(0.02), 0.6);
}

fn floodlight(canvas: &mut Canvas, look: &Look, dice: &mut Dice, (x, y): (f32, f32), pitch: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let calm = 1.0 - 0.55 * frame.calmness(x, y);
    let aim = lerp(x, frame.w / 2.0, dice.range(0.5, 0.9));
    let beam = [
        (x - unit * 3.0, y),
        (x + unit * 3.0, y),
        (aim + unit * 34.0, pitch + unit * 12.0),
        (aim - unit * 34.0, pitch + unit * 12.0),
    ];
    let stops = [(0.0, look.light, 0.24 * look.glow * calm), (1.0, look.light, 0.0)];
    canvas.fill(shape::polygon(&beam), &Ink::down(y, pitch + unit * 10.0, &stops).screen());
    canvas.glow((x, y), unit * 34.0, unit * 28.0, look.tone(0.8), 0.6 * calm * look.glow);
    canvas.fill(
        shape::rounded(x - unit * 5.4, y - unit * 2.6, unit * 10.8, unit * 5.2, unit * 0.6),
        &Ink::flat(look.tone(0.05), 1.0),
    );
    for row in 0..3 {
        for column in 0..6 {
            let lamp = (x + (column as f32 - 2.5) * unit * 1.7, y + (row as f32 - 1.0) * unit * 1.6);
            canvas.fill(shape::circle(lamp.0, lamp.1, unit * 0.62), &Ink::flat(look.light.lift(0.03), calm));
        }
    }
    canvas.glow((x, y), unit * 13.0, unit * 9.0, look.light, 0.85 * calm);
    canvas.glow((x, y), unit * 58.0, unit * 0.9, look.light, 0.55 * calm * look.glow);
}
