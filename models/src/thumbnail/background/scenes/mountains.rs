//! Ridges behind ridges, paler with distance, and a sun between them.

use super::super::canvas::Canvas;
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::mood::Time;
use super::super::noise::Dice;
use super::super::{canvas::Ink, shape};
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let (horizon, unit) = (frame.horizon, frame.unit);
    elements::sky(canvas, look, horizon * 1.08);
    if look.time == Time::Night || look.time == Time::Dusk {
        elements::stars(canvas, look, dice, horizon * 0.8, 0.7);
    }
    let cloud = look.tone(0.92);
    elements::streaks(canvas, dice, horizon * 0.45, horizon * 0.4, &[(0.0, cloud, 0.0), (0.6, cloud, 0.55)]);
    let sun = (frame.focus.0, horizon - unit * dice.range(13.0, 19.0));
    elements::sun(canvas, look, sun, unit * 3.4);

    let layers = 5;
    for layer in 0..layers {
        let near = layer as f32 / (layers - 1) as f32;
        let noise = dice.noise();
        let ridge = Ridge {
            base: horizon + (frame.h - horizon) * near.powf(1.2) * 0.85 + unit * 3.0,
            rise: unit * lerp(21.0, 15.0, near),
            scale: unit * lerp(52.0, 30.0, near),
            sharp: layer < 4,
        };
        let body = lerp(0.66, 0.03, near.powf(0.75));
        let crest = look.tone(body);
        let foot = look.tone((body + 0.26 * (1.0 - near)).min(1.0));
        ridge.paint(canvas, noise, crest, foot);
        if layer == 1 || layer == 2 {
            slopes(canvas, look, &ridge, noise, body);
        }
        if layer + 1 < layers {
            let mist = look.tone(0.86).mix(look.light, 0.2);
            canvas.haze(ridge.base + unit * 1.5, unit * 8.0, mist, 0.42 * (1.0 - near * 0.75));
            let at = (sun.0, ridge.base - ridge.rise * 0.3);
            canvas.glow(at, unit * 36.0, unit * 15.0, look.light, 0.2 * look.glow * (1.0 - near));
        } else {
            treeline(canvas, look, dice, &ridge, noise);
        }
    }
}

/// The sides of a ridge that look at the sun.
fn slopes(canvas: &mut Canvas, look: &Look, ridge: &Ridge, noise: super::super::noise::Noise, body: f32) {
    let frame = canvas.frame;
    let step = frame.unit * 0.5;
    let lit = look.tone(body + 0.3).mix(look.light, 0.35);
    let mut x = 0.0;
    while x < frame.w {
        let (here, next) = (ridge.line(noise, x), ridge.line(noise, x + step));
        let towards = if x < frame.focus.0 { here - next } else { next - here };
        if towards > step * 0.25 {
            let depth = ridge.rise * 0.3;
            let lean = if x < frame.focus.0 { -depth * 0.35 } else { depth * 0.35 };
            let points = [
                (x, here),
                (x + step * 1.1, next),
                (x + step * 1.1 + lean, next + depth),
                (x + lean, here + depth),
            ];
            let ink = Ink::down(here, here + depth, &[(0.0, lit, 0.26), (1.0, lit, 0.0)]);
            canvas.fill(shape::polygon(&points), &ink);
        }
        x += step;
    }
}

fn treeline(
    canvas: &mut Canvas,
    look: &Look,
    dice: &mut Dice,
    ridge: &Ridge,
    noise: super::super::noise::Noise,
) {
    let frame = canvas.frame;
    let ink = Ink::flat(look.tone(0.015), 1.0);
    let mut x = -frame.unit;
    while x < frame.w + frame.unit {
        let edge = ((x / frame.w - 0.5).abs() * 2.0).powf(1.5);
        let height = frame.unit * dice.range(3.0, 7.5) * lerp(0.5, 1.25, edge);
        elements::fir(canvas, dice, (x, ridge.line(noise, x) + frame.unit * 0.8), height, &ink);
        x += frame.unit * dice.range(0.9, 3.2) / look.busy.max(0.5);
    }
}
