//! Chalk on a board in a wooden frame: formulas, figures and dust.

use super::super::canvas::{Canvas, Ink};
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::colour::{lch, smoothstep};
use super::super::noise::Field;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.56), 1.0), (0.5, look.tone(0.34), 1.0), (1.0, look.tone(0.1), 1.0)];
    let away = (frame.w - frame.focus.0, frame.h);
    canvas.wash((frame.focus.0, 0.0), away, &stops);
    let (dust, wipe) = (dice.noise(), dice.noise());
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let (u, v) = (x / unit, y / unit);
        let stroke = wipe.fbm((u + v * 0.5) / 30.0, (v - u * 0.35) / 5.0, 4);
        smoothstep(0.3, 0.85, stroke) * (0.35 + 0.65 * dust.fbm(u / 22.0, v / 22.0, 3))
    });
    let chalk = look.tone(0.92);
    canvas.cloud(&field, &[(0.0, chalk, 0.0), (1.0, chalk, 0.17)], false);
    canvas.glow((frame.focus.0, frame.h * 0.2), unit * 70.0, unit * 55.0, look.light, 0.28 * look.glow);
    // One figure to a cell, so that they never lie over each other.
    let cell = unit * 15.0;
    let (columns, rows) = ((frame.w / cell) as u32, (frame.h * 0.86 / cell) as u32);
    for i in 0..columns * rows {
        let middle = ((i % columns) as f32 + 0.5, (i / columns) as f32 + 0.5);
        let at = (
            middle.0 * frame.w / columns as f32 + unit * dice.range(-3.0, 3.0),
            middle.1 * frame.h * 0.88 / rows as f32 + unit * dice.range(-2.5, 2.5),
        );
        let calm = 1.0 - 0.75 * frame.calmness(at.0, at.1);
        if dice.chance(0.85 * look.busy) {
            doodle(canvas, look, dice, at, 0.75 * calm);
        }
    }
    ledge(canvas, look, dice);
}

fn doodle(canvas: &mut Canvas, look: &Look, dice: &mut Dice, (x, y): (f32, f32), strength: f32) {
    let unit = canvas.frame.unit;
    let s = unit * dice.range(3.0, 5.5);
    let colour = if dice.chance(0.2) { look.accent } else { look.tone(0.95) };
    let alpha = strength * dice.range(0.35, 0.8);
    let line = |canvas: &mut Canvas, points: &[(f32, f32)], round: bool| {
        let placed: Vec<(f32, f32)> = points.iter().map(|(a, b)| (x + a * s, y + b * s)).collect();
        let path = || if round { shape::curve(&placed, false) } else { shape::polyline(&placed) };
        canvas.stroke(path(), unit * 0.42, &Ink::flat(colour, alpha * 0.35));
        canvas.stroke(path(), unit * 0.24, &Ink::flat(colour, alpha));
    };
    match dice.whole(0, 6) {
        0 => {
            line(canvas, &[(-1.6, -1.4), (-1.6, 1.2), (1.8, 1.2)], false);
            line(canvas, &[(-1.4, 0.9), (-0.6, 0.5), (0.1, -0.3), (0.8, -0.4), (1.6, -1.5)], true);
        }
        1 => {
            line(canvas, &[(-1.4, 1.0), (1.4, 1.0), (0.6, -1.1), (-1.4, 1.0)], false);
            line(canvas, &[(0.6, -1.1), (0.6, 1.0)], false);
        }
        2 => {
            let ring: Vec<(f32, f32)> = (0..=16)
                .map(|i| i as f32 / 16.0 * std::f32::consts::TAU)
                .map(|a| (a.cos(), a.sin()))
                .collect();
            line(canvas, &ring, true);
            line(canvas, &[(-1.4, 0.0), (1.4, 0.0)], false);
            line(canvas, &[(0.0, -1.4), (0.0, 1.4)], false);
        }
        3 => {
            // An integral and its terms.
            line(canvas, &[(-0.9, -1.5), (-1.2, -1.2), (-1.3, 0.0), (-1.4, 1.2), (-1.7, 1.5)], true);
            line(canvas, &[(-0.7, -0.4), (0.0, 0.5)], false);
            line(canvas, &[(0.0, -0.4), (-0.7, 0.5)], false);
            line(canvas, &[(0.5, -0.1), (1.3, -0.1)], false);
            line(canvas, &[(0.5, 0.3), (1.3, 0.3)], false);
        }
        4 => {
            for i in 0..3 {
                let turn = i as f32 * 1.047;
                let orbit: Vec<(f32, f32)> = (0..=20)
                    .map(|k| k as f32 / 20.0 * std::f32::consts::TAU)
                    .map(|a| (1.6 * a.cos(), 0.55 * a.sin()))
                    .map(|(a, b)| (a * turn.cos() - b * turn.sin(), a * turn.sin() + b * turn.cos()))
                    .collect();
                line(canvas, &orbit, true);
            }
        }
        5 => {
            for row in 0..3 {
                let v = row as f32 * 0.8 - 0.8;
                let points: Vec<(f32, f32)> = (0..18)
                    .map(|i| (-1.8 + i as f32 * 0.2, v + 0.16 * ((i * 7 + row * 3) as f32 * 1.3).sin()))
                    .collect();
                line(canvas, &points, true);
            }
        }
        _ => {
            line(canvas, &[(-1.6, 0.6), (-0.3, -0.5), (1.3, -0.9)], true);
            line(canvas, &[(0.7, -1.25), (1.35, -0.9), (0.95, -0.3)], false);
        }
    }
}

fn ledge(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let y = frame.h - unit * 5.0;
    let wood = look.natural(lch(0.5, 0.085, 60.0));
    canvas.veil((frame.w / 2.0, y), frame.w * 0.8, unit * 4.0, look.tone(0.0), 0.6);
    let stops = [(0.0, wood.lift(0.16), 1.0), (0.12, wood, 1.0), (1.0, wood.lift(-0.28), 1.0)];
    canvas.fill(shape::rect(0.0, y, frame.w, unit * 5.5), &Ink::down(y, frame.h, &stops));
    for _ in 0..30 {
        let (x, v) = (dice.range(-0.1, 1.0) * frame.w, y + unit * dice.range(0.8, 5.0));
        let grain = [(x, v), (x + unit * 9.0, v + unit * dice.range(-0.2, 0.2)), (x + unit * 20.0, v)];
        canvas.stroke(shape::curve(&grain, false), unit * 0.12, &Ink::flat(wood.lift(-0.2), 0.35));
    }
    for i in 0..3 {
        let x = frame.w - frame.focus.0 + unit * (i as f32 * 6.0 - 8.0);
        let chalk = if i == 1 { look.accent } else { look.tone(0.96) };
        let stick = shape::rounded(x, y - unit * 1.0, unit * 4.6, unit * 1.1, unit * 0.5);
        canvas.fill(stick, &Ink::fade(y - unit, y, chalk, chalk.lift(-0.2)));
    }
}
