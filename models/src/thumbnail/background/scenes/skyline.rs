//! A city: towers behind towers, lit windows, light rising from the streets, water before it.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::mood::Time;
use super::super::noise::Dice;
use super::super::shape;
use super::elements;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let shore = lerp(frame.horizon, frame.h, 0.52);
    elements::sky(canvas, look, shore);
    if look.time == Time::Night {
        elements::stars(canvas, look, dice, frame.horizon * 0.6, 0.5);
    }
    let cloud = look.tone(0.8);
    elements::streaks(canvas, dice, shore * 0.5, shore * 0.42, &[(0.0, cloud, 0.0), (0.7, cloud, 0.4)]);
    elements::sun(canvas, look, (frame.focus.0, shore - unit * 20.0), unit * 3.0);

    for layer in 0..4 {
        let near = layer as f32 / 3.0;
        towers(canvas, look, dice, shore, near);
        canvas.haze(shore, unit * lerp(24.0, 9.0, near), look.tone(0.8), 0.5 * (1.0 - near) + 0.08);
    }
    canvas.glow((frame.focus.0, shore), unit * 55.0, unit * 17.0, look.light, 0.3 * look.glow);
    water(canvas, look, dice, shore);
}

fn towers(canvas: &mut Canvas, look: &Look, dice: &mut Dice, shore: f32, near: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let body = lerp(0.6, 0.05, near.powf(0.7));
    let mut x = -unit * dice.range(0.0, 5.0);
    while x < frame.w {
        let width = unit * dice.range(4.0, 8.5) * lerp(0.7, 1.25, near);
        // Taller towards the focus: the city has a centre.
        let centre = 1.0 - ((x + width / 2.0 - frame.focus.0) / frame.w).abs().min(1.0);
        let height = unit * lerp(27.0, 15.0, near) * dice.range(0.4, 1.0) * (0.45 + centre * centre);
        let (left, top) = (x, shore - height);
        let face = look.tone(body);
        let ink = Ink::fade(top, shore, face, look.tone(body + 0.2 * (1.0 - near * 0.6)));
        canvas.fill(shape::rect(left, top, width, height + 2.0), &ink);
        roof(canvas, dice, (left, top), width, &Ink::flat(face, 1.0));
        let side = if left + width / 2.0 < frame.focus.0 { left + width * 0.72 } else { left };
        let lit = Ink::down(top, shore, &[(0.0, look.light, 0.2), (1.0, look.light, 0.02)]);
        canvas.fill(shape::rect(side, top, width * 0.28, height), &lit.screen());
        if near > 0.3 {
            windows(canvas, look, dice, (left, top), (width, height), near);
        }
        x += width + unit * dice.range(-0.6, lerp(0.8, 3.5, near));
    }
}

fn roof(canvas: &mut Canvas, dice: &mut Dice, (x, y): (f32, f32), width: f32, ink: &Ink) {
    let unit = canvas.frame.unit;
    match dice.whole(0, 4) {
        0 => {
            let (w, h) = (width * 0.5, unit * 1.6);
            canvas.fill(shape::rect(x + width * 0.25, y - h, w, h + 1.0), ink);
            canvas.fill(shape::rect(x + width * 0.49, y - h - unit * 4.0, unit * 0.2, unit * 4.0), ink);
        }
        1 => canvas
            .fill(shape::polygon(&[(x, y + 1.0), (x + width, y + 1.0), (x + width, y - unit * 2.4)]), ink),
        2 => canvas.fill(shape::rect(x + width * 0.15, y - unit, width * 0.3, unit * 1.1), ink),
        _ => {}
    }
}

fn windows(
    canvas: &mut Canvas,
    look: &Look,
    dice: &mut Dice,
    (x, y): (f32, f32),
    (width, height): (f32, f32),
    near: f32,
) {
    let unit = canvas.frame.unit;
    let share = match look.time {
        Time::Day => 0.12,
        Time::Golden => 0.25,
        Time::Dusk => 0.42,
        Time::Night => 0.5,
    } * look.busy.clamp(0.5, 1.2);
    let (pitch_x, pitch_y) = (unit * 1.15, unit * 1.45);
    let warm = look.accent.mix(look.light, 0.55);
    let cool = look.tone(0.85);
    let rows = ((height - unit * 1.5) / pitch_y) as u32;
    let columns = ((width - unit) / pitch_x) as u32;
    let inset = (width - columns as f32 * pitch_x) / 2.0 + unit * 0.25;
    for row in 0..rows {
        // Whole floors work late together.
        let floor = if dice.chance(0.2) { 1.7 } else { 0.8 };
        for column in 0..columns {
            if !dice.chance(share * floor) {
                continue;
            }
            let at = (x + inset + column as f32 * pitch_x, y + unit * 1.2 + row as f32 * pitch_y);
            let colour = if dice.chance(0.75) { warm } else { cool };
            let alpha = dice.range(0.25, 0.95) * lerp(0.45, 1.0, near);
            canvas.fill(shape::rect(at.0, at.1, unit * 0.6, unit * 0.8), &Ink::flat(colour, alpha));
        }
    }
}

fn water(canvas: &mut Canvas, look: &Look, dice: &mut Dice, shore: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let ink = Ink::fade(shore, frame.h, look.tone(0.3), look.tone(0.03));
    canvas.fill(shape::rect(0.0, shore, frame.w, frame.h - shore + 1.0), &ink);
    canvas.fill(shape::rect(0.0, shore - unit * 0.5, frame.w, unit * 0.7), &Ink::flat(look.tone(0.02), 0.9));
    canvas.glow(
        (frame.focus.0, shore + unit),
        unit * 42.0,
        (frame.h - shore) * 0.8,
        look.light,
        0.32 * look.glow,
    );
    for _ in 0..(70.0 * look.busy) as u32 {
        let x = dice.range(0.0, frame.w);
        let colour = if dice.chance(0.6) { look.accent.mix(look.light, 0.5) } else { look.tone(0.8) };
        let near = 1.0 - ((x - frame.focus.0) / frame.w).abs();
        let length = (frame.h - shore) * dice.range(0.25, 0.8) * near;
        let top = shore + unit * 0.4;
        let stops = [(0.0, colour, 0.3 * near), (1.0, colour, 0.0)];
        let ink = Ink::down(top, top + length, &stops).screen();
        canvas.fill(shape::rect(x, top, unit * dice.range(0.25, 0.8), length), &ink);
    }
    for _ in 0..46 {
        let t = dice.range(0.0, 1.0);
        let y = lerp(shore + unit, frame.h, t);
        let (x, length) = (dice.range(0.0, frame.w), unit * lerp(2.0, 12.0, t));
        let ink = Ink::flat(look.tone(0.02), 0.35);
        canvas.fill(shape::ellipse(x, y, length, unit * lerp(0.08, 0.25, t)), &ink);
    }
}
