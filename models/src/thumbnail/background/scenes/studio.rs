//! A studio: seamless backdrop, a round podium, an arch and two lamps.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let floor = lerp(frame.horizon, frame.h, 0.42);
    let stops = [(0.0, look.tone(0.84), 1.0), (0.5, look.tone(0.62), 1.0), (1.0, look.tone(0.34), 1.0)];
    canvas.wash(frame.focus, (frame.w - frame.focus.0, frame.h * 0.1), &stops);
    canvas.glow((frame.focus.0, frame.focus.1), unit * 55.0, unit * 50.0, look.light, 0.55 * look.glow);
    arches(canvas, look, floor);
    window(canvas, look, dice, floor);
    let ground = Ink::down(
        floor,
        frame.h,
        &[(0.0, look.tone(0.8), 1.0), (0.15, look.tone(0.7), 1.0), (1.0, look.tone(0.36), 1.0)],
    );
    canvas.fill(shape::rect(0.0, floor, frame.w, frame.h - floor + 1.0), &ground);
    // The backdrop curves into the floor: no hard line.
    canvas.haze(floor, unit * 5.0, look.tone(0.74), 0.5);
    canvas.glow((frame.focus.0, floor + unit * 4.0), unit * 56.0, unit * 14.0, look.light, 0.45 * look.glow);
    podium(canvas, look, floor);
    ball(canvas, look, (frame.focus.0 - unit * 27.0, floor + unit * 8.0), unit * 4.0, look.accent);
    ball(canvas, look, (frame.focus.0 - unit * 20.0, floor + unit * 13.0), unit * 2.0, look.tone(0.95));
}

fn arches(canvas: &mut Canvas, look: &Look, floor: f32) {
    let unit = canvas.frame.unit;
    let x = canvas.frame.focus.0;
    for (half, height, tone, off) in [(25.0, 54.0, 0.46, 0.0), (20.0, 46.0, 0.66, 3.0)] {
        let (w, h) = (unit * half, unit * height);
        let left = x - w + unit * off;
        let top = floor - h;
        canvas.veil((x + unit * (off + 3.0), floor - h * 0.45), w * 1.35, h * 0.72, look.tone(0.05), 0.35);
        let ink = Ink::line(
            (left, top),
            (left + w * 2.0, floor),
            &[(0.0, look.tone(tone + 0.16), 1.0), (1.0, look.tone(tone - 0.12), 1.0)],
        );
        canvas.fill(shape::rounded(left, top, w * 2.0, h + w, w), &ink);
        let edge =
            Ink::line((left, top), (left + w, floor), &[(0.0, look.light, 0.75), (1.0, look.light, 0.0)]);
        canvas.stroke(shape::rounded(left, top, w * 2.0, h + w, w), unit * 0.16, &edge);
    }
}

/// A slanted window of light on the wall.
fn window(canvas: &mut Canvas, look: &Look, dice: &mut Dice, floor: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let slant = dice.range(0.4, 0.7) * unit;
    let side = if frame.focus.0 > frame.w / 2.0 { -1.0 } else { 1.0 };
    for i in 0..3 {
        let x = frame.focus.0 + side * unit * (20.0 + i as f32 * 13.0);
        let points = [
            (x, 0.0),
            (x + unit * 9.0, 0.0),
            (x + unit * 9.0 - side * slant * 30.0, floor),
            (x - side * slant * 30.0, floor),
        ];
        let stops = [(0.0, look.light, 0.26), (1.0, look.light, 0.04)];
        canvas.fill(shape::polygon(&points), &Ink::down(0.0, floor, &stops).screen());
    }
}

fn podium(canvas: &mut Canvas, look: &Look, floor: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let x = frame.focus.0;
    let y =
        frame.prop.map_or(floor + unit * 8.0, |area| (area.y + area.h - unit * 3.4).max(floor + unit * 4.0));
    for (half, drop, tall) in [(26.0, 4.5, 4.5), (21.0, 0.0, 4.5)] {
        let (rx, ry, top, tall) = (unit * half, unit * half * 0.2, y + unit * drop, unit * tall);
        canvas.veil((x + unit * 4.0, top + tall + ry * 0.4), rx * 1.35, ry * 2.1, look.tone(0.0), 0.5);
        let side = Ink::line(
            (x - rx, 0.0),
            (x + rx, 0.0),
            &[(0.0, look.tone(0.72), 1.0), (0.3, look.tone(0.84), 1.0), (1.0, look.tone(0.26), 1.0)],
        );
        canvas.fill(shape::ellipse(x, top + tall, rx, ry), &side);
        canvas.fill(shape::rect(x - rx, top, rx * 2.0, tall), &side);
        let face = Ink::line(
            (x - rx, top - ry),
            (x + rx, top + ry),
            &[(0.0, look.tone(0.99), 1.0), (1.0, look.tone(0.66), 1.0)],
        );
        canvas.fill(shape::ellipse(x, top, rx, ry), &face);
        canvas.stroke(shape::ellipse(x, top, rx, ry), unit * 0.14, &Ink::flat(look.light, 0.7));
    }
}

fn ball(canvas: &mut Canvas, look: &Look, (x, y): (f32, f32), r: f32, colour: super::super::colour::Lch) {
    canvas.veil((x + r * 0.5, y + r * 0.9), r * 1.8, r * 0.6, look.tone(0.0), 0.55);
    let stops = [(0.0, colour.lift(0.16), 1.0), (0.5, colour, 1.0), (1.0, colour.lift(-0.3), 1.0)];
    canvas.fill(shape::circle(x, y, r), &Ink::radial((x - r * 0.35, y - r * 0.4), r * 1.6, &stops));
}
