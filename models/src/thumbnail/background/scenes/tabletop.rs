//! A wooden table in window light; behind it a kitchen far out of focus.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let edge = lerp(frame.horizon, frame.h, 0.36);
    let side = if frame.focus.0 >= frame.w / 2.0 { 1.0 } else { -1.0 };
    let (near, far) = (frame.w * (0.5 + 0.5 * side), frame.w * (0.5 - 0.5 * side));
    let stops = [(0.0, look.tone(0.66), 1.0), (0.5, look.tone(0.4), 1.0), (1.0, look.tone(0.16), 1.0)];
    canvas.wash((near, 0.0), (far, frame.h * 0.4), &stops);
    kitchen(canvas, look, dice, edge);
    canvas.glow((near, frame.h * 0.12), unit * 80.0, unit * 60.0, look.light, 0.75 * look.glow);
    lights(canvas, look, dice, edge);
    table(canvas, look, dice, edge);
    canvas.glow((frame.focus.0, edge + unit * 4.0), unit * 52.0, unit * 22.0, look.light, 0.5 * look.glow);
    canvas.rays(
        (near + side * unit * 8.0, -unit * 12.0),
        unit * 130.0,
        look.light,
        0.32 * look.glow,
        dice.noise(),
    );
}

/// Shelves, jars and a window, as a lens sees them far behind the focus.
fn kitchen(canvas: &mut Canvas, look: &Look, dice: &mut Dice, edge: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for shelf in 0..2 {
        let y = edge * (0.42 + 0.42 * shelf as f32);
        canvas.veil((frame.w * 0.5, y), frame.w * 0.62, unit * 2.4, look.tone(0.1), 0.7);
        let mut x = dice.range(0.0, 8.0) * unit;
        while x < frame.w {
            let (w, h) = (unit * dice.range(4.0, 9.0), unit * dice.range(7.0, 17.0));
            let tone = dice.range(0.14, 0.62);
            let hue = if dice.chance(0.3) {
                look.second.at(look.tone(tone).l).mix(look.tone(tone), 0.6)
            } else {
                look.tone(tone)
            };
            if dice.chance(0.72) {
                canvas.veil((x + w / 2.0, y - h * 0.5), w * 0.95, h * 0.85, hue, 0.75);
                canvas.glow((x + w * 0.62, y - h * 0.6), w * 0.4, h * 0.5, look.light, 0.22);
            }
            x += w + unit * dice.range(1.0, 6.0);
        }
    }
    canvas.haze(edge - unit * 2.0, unit * 12.0, look.tone(0.16), 0.5);
}

fn lights(canvas: &mut Canvas, look: &Look, dice: &mut Dice, edge: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for _ in 0..(34.0 * look.busy) as u32 {
        let at = (dice.range(0.0, frame.w), edge * dice.range(0.02, 0.86));
        let calm = 1.0 - 0.55 * frame.calmness(at.0, at.1);
        let colour = match dice.whole(0, 5) {
            0 => look.accent,
            1 => look.second,
            _ => look.tone(0.85).mix(look.light, 0.4),
        };
        canvas.bokeh(at, unit * dice.range(1.6, 5.2), colour, dice.range(0.1, 0.5) * calm, 0.12);
    }
}

fn table(canvas: &mut Canvas, look: &Look, dice: &mut Dice, edge: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let depth = frame.h - edge;
    let top = shape::rect(0.0, edge, frame.w, depth + 1.0);
    let stops = [(0.0, look.tone(0.62), 1.0), (0.1, look.tone(0.5), 1.0), (1.0, look.tone(0.2), 1.0)];
    canvas.fill(top, &Ink::down(edge, frame.h, &stops));
    // Boards run away from us to a point behind the table.
    let vanish = (frame.focus.0, edge - depth * 1.7);
    let at = |foot: f32, t: f32| {
        let (far, y) =
            (vanish.0 + (foot - vanish.0) * (edge - vanish.1) / (frame.h - vanish.1), lerp(edge, frame.h, t));
        (lerp(far, foot, t), y)
    };
    let board = unit * 15.0;
    let first = -(frame.w * 0.6 / board).ceil() as i32;
    let last = (frame.w * 1.6 / board).ceil() as i32;
    for i in first..last {
        let (left, right) = (i as f32 * board, (i + 1) as f32 * board);
        let tone = look.tone(dice.range(0.12, 0.75));
        let points = [at(left, 0.0), at(right, 0.0), at(right, 1.0), at(left, 1.0)];
        canvas.fill(shape::polygon(&points), &Ink::flat(tone, 0.2));
        for _ in 0..9 {
            let lane = dice.range(left, right);
            let (from, to) = (dice.range(0.0, 0.7), dice.range(0.3, 1.0));
            let bend = dice.range(-0.5, 0.5) * unit;
            let line = [at(lane, from), at(lane + bend, (from + to) / 2.0), at(lane, to.max(from + 0.1))];
            let dark = if dice.chance(0.7) { look.tone(0.08) } else { look.tone(0.8) };
            canvas.stroke(shape::curve(&line, false), unit * dice.range(0.08, 0.3), &Ink::flat(dark, 0.13));
        }
        let seam = [
            at(left - 0.2 * unit, 0.0),
            at(left + 0.1 * unit, 0.0),
            at(left + 0.25 * unit, 1.0),
            at(left - 0.25 * unit, 1.0),
        ];
        canvas.fill(shape::polygon(&seam), &Ink::flat(look.tone(0.04), 0.55));
    }
    let rim = Ink::line(
        (frame.focus.0 - unit * 60.0, 0.0),
        (frame.focus.0 + unit * 60.0, 0.0),
        &[(0.0, look.light, 0.05), (0.5, look.light, 0.75), (1.0, look.light, 0.05)],
    );
    canvas.fill(shape::rect(0.0, edge - unit * 0.1, frame.w, unit * 0.35), &rim);
    canvas.haze(frame.h * 1.02, depth * 0.7, look.tone(0.04), 0.55);
}
