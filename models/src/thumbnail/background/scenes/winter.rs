//! Snowy hills in low light, firs with snow on their branches, a cabin's worth of warmth.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::mood::{Time, Weather};
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let horizon = frame.horizon;
    elements::sky(canvas, look, horizon * 1.1);
    if matches!(look.time, Time::Dusk | Time::Night) {
        elements::stars(canvas, look, dice, horizon, 0.7);
    }
    elements::sun(canvas, look, (frame.focus.0, horizon - unit * 14.0), unit * 3.0);
    for layer in 0..2 {
        let near = layer as f32;
        let noise = dice.noise();
        let ridge = Ridge {
            base: horizon + unit * 4.0 * near,
            rise: unit * lerp(24.0, 15.0, near),
            scale: unit * 48.0,
            sharp: true,
        };
        ridge.paint(canvas, noise, look.tone(lerp(0.72, 0.55, near)), look.tone(0.86));
        canvas.haze(ridge.base, unit * 12.0, look.tone(0.92), 0.5);
    }
    for layer in 0..4 {
        let near = layer as f32 / 3.0;
        hill(canvas, look, dice, near);
    }
    if look.weather == Weather::Clear && look.busy > 0.5 {
        for _ in 0..90 {
            let at = (dice.range(0.0, frame.w), dice.range(0.0, frame.h));
            let size = dice.range(0.0, 1.0).powi(6);
            canvas.bokeh(
                at,
                (unit * lerp(0.16, 1.1, size)).max(1.2),
                look.tone(1.0),
                lerp(0.7, 0.3, size),
                0.8,
            );
        }
    }
}

fn hill(canvas: &mut Canvas, look: &Look, dice: &mut Dice, near: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let noise = dice.noise();
    let hill = Ridge {
        base: lerp(frame.horizon + unit * 5.0, frame.h * 1.0, near),
        rise: unit * lerp(8.0, 15.0, near),
        scale: unit * lerp(26.0, 48.0, near),
        sharp: false,
    };
    hill.paint(canvas, noise, look.tone(0.97), look.tone(lerp(0.78, 0.62, near)));
    // A blue shadow lies on each hill where the next one keeps the sun off.
    let shadow = Ridge { base: hill.base + unit * 5.0, ..hill };
    let other = dice.noise();
    let path =
        shape::ground(frame.w, frame.h + 3.0, 5.0, |x| shadow.line(other, x).max(hill.line(noise, x) + unit));
    let tone = look.tone(0.6);
    canvas.fill(
        path,
        &Ink::down(
            hill.base - hill.rise,
            hill.base + hill.rise,
            &[(0.0, tone, 0.0), (0.5, tone, 0.4), (1.0, tone, 0.1)],
        ),
    );
    let step = unit * lerp(1.4, 9.0, near) / look.busy.clamp(0.6, 1.4);
    let mut x = -unit * 2.0;
    while x < frame.w + unit * 2.0 {
        let off = ((x - frame.focus.0) / (unit * 60.0)).abs();
        let grows = dice.chance(lerp(0.75, 0.6, near)) && (near < 0.6 || off > 0.5);
        if grows {
            let height = unit * lerp(4.0, 24.0, near * near) * dice.range(0.6, 1.2);
            snowy_fir(canvas, look, dice, (x, hill.line(noise, x) + unit * 0.8), height, near);
        }
        x += step * dice.range(0.6, 1.5);
    }
    canvas.haze(hill.base - unit * 2.0, unit * 8.0, look.tone(0.95), 0.35 * (1.0 - near));
}

fn snowy_fir(canvas: &mut Canvas, look: &Look, dice: &mut Dice, (x, y): (f32, f32), height: f32, near: f32) {
    let unit = canvas.frame.unit;
    canvas.veil((x + height * 0.1, y), height * 0.4, height * 0.07, look.tone(0.35), 0.5);
    let body = look.tone(lerp(0.5, 0.08, near));
    let ink = Ink::fade(y - height, y, look.tone(lerp(0.56, 0.2, near)), body);
    elements::fir(canvas, dice, (x, y), height, &ink);
    if near < 0.3 {
        return;
    }
    let lit = if x < canvas.frame.focus.0 { 1.0 } else { -1.0 };
    for tier in 1..7 {
        let t = tier as f32 / 7.0;
        let half = height * 0.17 * t;
        let drop = y - height * (1.0 - t * 0.93);
        let points = [
            (x + lit * half * 0.05, drop - height * 0.11),
            (x + lit * half * 1.05, drop - height * 0.008),
            (x + lit * half * 0.45, drop - height * 0.03),
            (x - lit * half * 0.25, drop - height * 0.045),
        ];
        canvas.fill(shape::curve(&points, true), &Ink::flat(look.tone(0.97), 0.85));
    }
    canvas.fill(shape::circle(x, y - height, unit * 0.2), &Ink::flat(look.tone(0.97), 0.8));
}
