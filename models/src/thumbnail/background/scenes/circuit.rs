//! Conductors and nodes on a board, sharp near the focus and soft away from it.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::{lerp, smoothstep};
use super::super::look::Look;
use super::super::noise::{Dice, Field};
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.0), 1.0), (0.55, look.tone(0.16), 1.0), (1.0, look.tone(0.04), 1.0)];
    canvas.wash((0.0, 0.0), (frame.w, frame.h), &stops);
    let noise = dice.noise();
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        smoothstep(0.35, 0.9, noise.fbm(x / (unit * 40.0), y / (unit * 40.0), 3))
    });
    canvas.cloud(&field, &[(0.0, look.tone(0.3), 0.0), (1.0, look.tone(0.45), 0.5)], true);
    canvas.glow(frame.focus, unit * 62.0, unit * 50.0, look.tone(0.55), 0.75 * look.glow);
    for _ in 0..(26.0 * look.busy) as u32 {
        let at = (dice.range(0.0, frame.w), dice.range(0.0, frame.h));
        let colour = if dice.chance(0.25) { look.accent } else { look.tone(0.68) };
        canvas.bokeh(at, unit * dice.range(1.5, 5.5), colour, dice.range(0.04, 0.16), 0.3);
    }
    traces(canvas, look, dice);
    chip(canvas, look, dice);
}

/// Conductors leave the chip in bundles, turn by 45 degrees and end in nodes.
fn traces(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let lanes = 15;
    for side in 0..4 {
        for lane in 0..lanes {
            if dice.chance(0.18) {
                continue;
            }
            let offset = (lane as f32 - (lanes - 1) as f32 / 2.0) * unit * 1.35;
            let fan = offset / (unit * 10.0);
            let (first, slant, last) = (
                unit * dice.range(12.0, 22.0),
                unit * dice.range(2.0, 16.0) * fan.abs().max(0.3),
                unit * dice.range(8.0, 60.0),
            );
            let along = [unit * 8.0, first, first + slant, first + slant + last];
            let across = [offset, offset, offset + slant * fan.signum(), offset + slant * fan.signum()];
            let points: Vec<(f32, f32)> =
                along.iter().zip(across).map(|(a, b)| turn(frame.focus, side, *a, b)).collect();
            let reach = unit * 85.0;
            let hot = dice.chance(0.3);
            let colour = if hot { look.accent } else { look.tone(0.66) };
            let strength = if hot { 0.95 } else { dice.range(0.3, 0.65) };
            let fade = [(0.0, colour, strength), (0.5, colour, strength * 0.55), (1.0, colour, 0.04)];
            let soft = fade.map(|(at, colour, alpha)| (at, colour, alpha * 0.22));
            canvas.stroke(
                shape::polyline(&points),
                unit * 0.9,
                &Ink::radial(frame.focus, reach, &soft).screen(),
            );
            canvas.stroke(
                shape::polyline(&points),
                unit * 0.22,
                &Ink::radial(frame.focus, reach, &fade).screen(),
            );
            if let Some(end) = points.last() {
                node(canvas, look, *end, hot);
            }
            if hot {
                let t = dice.range(0.1, 0.9);
                let pulse = (lerp(points[0].0, points[1].0, t), lerp(points[0].1, points[1].1, t));
                canvas.glow(pulse, unit * 2.6, unit * 2.6, look.light, 0.9);
            }
        }
    }
}

fn turn((x, y): (f32, f32), side: i32, along: f32, across: f32) -> (f32, f32) {
    match side {
        0 => (x + along, y + across),
        1 => (x - along, y + across),
        2 => (x + across, y + along),
        _ => (x + across, y - along),
    }
}

fn node(canvas: &mut Canvas, look: &Look, (x, y): (f32, f32), hot: bool) {
    let unit = canvas.frame.unit;
    let colour = if hot { look.accent } else { look.tone(0.72) };
    if hot {
        canvas.glow((x, y), unit * 4.0, unit * 4.0, colour, 0.8 * look.glow);
    }
    canvas.fill(shape::circle(x, y, unit * 0.62), &Ink::flat(colour, 0.9));
    canvas.fill(shape::circle(x, y, unit * 0.3), &Ink::flat(look.tone(0.05), 1.0));
}

fn chip(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let (x, y) = frame.focus;
    let half = unit * 9.0;
    canvas.veil((x, y + unit * 2.0), half * 2.1, half * 2.1, look.tone(0.0), 0.9);
    for (grow, tone) in [(1.18, 0.3), (1.0, 0.12), (0.66, 0.2)] {
        let side = half * grow;
        let ink = Ink::line(
            (x - side, y - side),
            (x + side, y + side),
            &[
                (0.0, look.tone(tone + 0.22), 1.0),
                (0.5, look.tone(tone), 1.0),
                (1.0, look.tone(tone * 0.4), 1.0),
            ],
        );
        canvas.fill(shape::rounded(x - side, y - side, side * 2.0, side * 2.0, unit * 1.2), &ink);
    }
    let edge = shape::rounded(x - half, y - half, half * 2.0, half * 2.0, unit * 1.2);
    canvas.stroke(edge, unit * 0.25, &Ink::flat(look.accent, 0.85));
    canvas.glow((x, y), half * 1.5, half * 1.5, look.accent, 0.45 * look.glow);
    let cells = 5;
    for i in 0..cells * cells {
        let (column, row) = ((i % cells) as f32 - 2.0, (i / cells) as f32 - 2.0);
        let alpha = dice.range(0.05, 0.6);
        let (cx, cy) = (x + column * unit * 2.1, y + row * unit * 2.1);
        let cell = shape::rounded(cx - unit * 0.8, cy - unit * 0.8, unit * 1.6, unit * 1.6, unit * 0.3);
        canvas.fill(cell, &Ink::flat(look.light.mix(look.accent, 0.4), alpha).screen());
    }
}
