//! Dunes: a lit flank, a shaded flank and a sharp crest between them.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::elements;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let horizon = frame.horizon;
    elements::sky(canvas, look, horizon * 1.05);
    let cloud = look.tone(0.95);
    elements::streaks(canvas, dice, horizon * 0.4, horizon * 0.4, &[(0.0, cloud, 0.0), (1.0, cloud, 0.5)]);
    elements::sun(canvas, look, (frame.focus.0, horizon - unit * dice.range(12.0, 18.0)), unit * 4.2);
    for layer in 0..5 {
        let near = layer as f32 / 4.0;
        dune(canvas, look, dice, near);
        canvas.haze(lerp(horizon, frame.h, near * 0.6), unit * 8.0, look.tone(0.9), 0.3 * (1.0 - near));
    }
    canvas.glow((frame.focus.0, horizon), unit * 60.0, unit * 18.0, look.light, 0.3 * look.glow);
}

fn dune(canvas: &mut Canvas, look: &Look, dice: &mut Dice, near: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let noise = dice.noise();
    let base = lerp(frame.horizon + unit, frame.h * 0.93, near);
    let rise = unit * lerp(7.0, 17.0, near);
    let scale = unit * lerp(38.0, 62.0, near);
    let crest = |x: f32| base - rise * (noise.fbm(x / scale, 2.0, 2) * 1.5 - 0.35);
    let sunlit = look.tone(lerp(0.8, 0.62, near));
    let foot = look.tone(lerp(0.66, 0.34, near));
    let body = shape::ground(frame.w, frame.h + 3.0, 4.0, crest);
    canvas.fill(body, &Ink::fade(base - rise, base + rise * 1.5, sunlit, foot));
    shade(canvas, look, dice, near, (base, rise, scale), &crest);
    let points: Vec<(f32, f32)> =
        (0..=120).map(|i| i as f32 / 120.0 * frame.w).map(|x| (x, crest(x))).collect();
    let stops = [(0.0, look.light, 0.0), (0.5, look.light, 0.8), (1.0, look.light, 0.0)];
    let reach = unit * 60.0;
    let ink = Ink::line((frame.focus.0 - reach, 0.0), (frame.focus.0 + reach, 0.0), &stops);
    canvas.stroke(shape::polyline(&points), unit * lerp(0.12, 0.24, near), &ink);
    if near > 0.4 {
        for row in 0..7 {
            let depth = unit * (2.2 + row as f32 * 2.4) * near;
            let points: Vec<(f32, f32)> = (0..=90)
                .map(|i| i as f32 / 90.0 * frame.w)
                .map(|x| (x, crest(x) + depth + unit * 1.4 * noise.at(x / (unit * 5.0), row as f32 * 0.7)))
                .collect();
            canvas.stroke(shape::polyline(&points), unit * 0.3, &Ink::flat(look.tone(0.3), 0.1));
        }
    }
}

/// The flank that turns away from the sun begins at the crest and winds down from each summit.
fn shade(
    canvas: &mut Canvas,
    look: &Look,
    dice: &mut Dice,
    near: f32,
    (base, rise, scale): (f32, f32, f32),
    crest: &dyn Fn(f32) -> f32,
) {
    let frame = canvas.frame;
    let step = frame.unit * 0.8;
    let dark = look.tone(lerp(0.56, 0.1, near));
    let mut x = -scale * 0.3;
    while x < frame.w + scale {
        let summit = crest(x) < crest(x - step) && crest(x) <= crest(x + step);
        if summit {
            let away = if x < frame.focus.0 { -1.0 } else { 1.0 };
            let reach = scale * dice.range(0.75, 1.1);
            let mut points: Vec<(f32, f32)> = (0..=24)
                .map(|i| x + away * reach * i as f32 / 24.0)
                .map(|at| (at, crest(at) - 0.5))
                .collect();
            let deep = base + rise * 1.9;
            for i in (0..24).rev() {
                let t = i as f32 / 24.0;
                let at = x + away * reach * lerp(0.41, 1.0, t);
                points.push((at, lerp(deep, crest(at), t.powf(0.6))));
            }
            for i in (0..=10).rev() {
                let t = i as f32 / 10.0;
                let swing = (t * 4.4).sin() * 0.13 + t * 0.28;
                points.push((x + away * reach * swing, lerp(crest(x), deep, t)));
            }
            let ink = Ink::down(base - rise, deep, &[(0.0, dark, 0.85), (0.6, dark, 0.5), (1.0, dark, 0.0)]);
            canvas.fill(shape::polygon(&points), &ink);
        }
        x += step;
    }
}
