//! Above the clouds, towards the light.

use super::super::canvas::Canvas;
use super::super::colour::lerp;
use super::super::look::Look;

use super::super::colour::smoothstep;
use super::super::mood::Time;
use super::super::noise::{CELL, Dice, Field};
use super::elements;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    elements::sky(canvas, look, frame.horizon * 1.1);
    if matches!(look.time, Time::Dusk | Time::Night) {
        elements::stars(canvas, look, dice, frame.horizon, 0.8);
    }
    let sun = (frame.focus.0, frame.horizon - unit * 12.0);
    elements::sun(canvas, look, sun, unit * 4.0);
    let wisp = look.tone(0.97);
    elements::streaks(canvas, dice, frame.h * 0.18, frame.h * 0.2, &[(0.0, wisp, 0.0), (1.0, wisp, 0.5)]);
    let banks = 4;
    for bank in 0..banks {
        let near = bank as f32 / (banks - 1) as f32;
        heap(canvas, look, dice, near, sun);
        canvas.glow(sun, unit * 62.0, unit * 30.0, look.light, 0.16 * look.glow * (1.0 - near));
    }
}

/// One bank: billows from noise, lit where they rise towards the sun.
fn heap(canvas: &mut Canvas, look: &Look, dice: &mut Dice, near: f32, sun: (f32, f32)) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let noise = dice.noise();
    let scale = unit * lerp(15.0, 36.0, near);
    let top = lerp(frame.horizon - unit * 3.0, frame.h * 0.9, near);
    let puffs = |x: f32, y: f32| smoothstep(0.22, 0.78, noise.fbm(x / scale, y / (scale * 0.72), 5));
    let reach = unit * lerp(9.0, 17.0, near);
    let line: Vec<f32> = (0..frame.w as usize / CELL + 3)
        .map(|column| (column * CELL) as f32)
        .map(|x| top - reach * noise.fbm(x / (scale * 1.7), 50.0, 3) * 1.6)
        .collect();
    let crest = |x: f32| line[((x / CELL as f32).max(0.0) as usize).min(line.len() - 1)];
    let density =
        |x: f32, y: f32, puff: f32| smoothstep(0.0, 0.55, (y - crest(x)) / reach + (puff - 0.55) * 0.9);
    let step = unit * 3.4;
    let cover = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        if y < crest(x) - reach * 0.5 {
            return 0.0;
        }
        let puff = puffs(x, y);
        let body = density(x, y, puff);
        if body <= 0.0 {
            return 0.0;
        }
        let (dx, dy) = (sun.0 - x, sun.1 - y);
        let d = dx.hypot(dy).max(1.0);
        let (nx, ny) = (x + dx / d * step, y + dy / d * step - step * 0.8);
        let next = puffs(nx, ny);
        // The first half of the scale fades the bright edge in, the second half walks into the shade.
        let lit = 0.4 + (body - density(nx, ny, next)) * 0.9 + (puff - next) * 1.5 + (puff - 0.5) * 0.35;
        body * 0.5 + 0.5 * (1.0 - lit.clamp(0.0, 1.0)) * smoothstep(0.6, 1.0, body)
    });
    let shade = look.tone(lerp(0.74, 0.34, near));
    let bright = look.tone(lerp(0.98, 0.93, near)).mix(look.light, 0.35);
    let stops = [
        (0.0, bright, 0.0),
        (0.3, bright, 0.6),
        (0.5, bright, 1.0),
        (0.72, look.tone(lerp(0.88, 0.62, near)), 1.0),
        (1.0, shade, 1.0),
    ];
    canvas.cloud(&cover, &stops, false);
}
