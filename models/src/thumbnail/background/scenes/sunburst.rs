//! Rays from the focus and halftone dots that swell towards the corners.

use super::super::canvas::{Canvas, Ink};
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let reach = frame.w.hypot(frame.h);
    let base = Ink::radial(
        frame.focus,
        reach * 0.8,
        &[(0.0, look.tone(0.78), 1.0), (0.5, look.tone(0.5), 1.0), (1.0, look.tone(0.16), 1.0)],
    );
    canvas.fill(shape::rect(0.0, 0.0, frame.w, frame.h), &base);
    rays(canvas, look, dice, reach);
    dots(canvas, look);
    canvas.glow(frame.focus, unit * 46.0, unit * 42.0, look.tone(0.95), 0.75 * look.glow);
    burst(canvas, look, dice);
    for _ in 0..(26.0 * look.busy) as u32 {
        shard(canvas, look, dice);
    }
}

fn rays(canvas: &mut Canvas, look: &Look, dice: &mut Dice, reach: f32) {
    let (x, y) = canvas.frame.focus;
    let count = 22;
    let turn = dice.range(0.0, 0.28);
    let (dark, pale) = (look.tone(0.3), look.tone(0.9));
    for i in 0..count {
        let middle = turn + i as f32 / count as f32 * std::f32::consts::TAU;
        let half = 0.082 * dice.range(0.75, 1.2);
        let tip = |a: f32| (x + reach * a.cos(), y + reach * a.sin());
        let points = [(x, y), tip(middle - half), tip(middle + half)];
        let stops = [(0.0, pale, 0.0), (0.12, pale, 0.55), (0.45, look.tone(0.66), 0.45), (1.0, dark, 0.25)];
        canvas.fill(shape::polygon(&points), &Ink::radial((x, y), reach * 0.75, &stops));
    }
}

fn dots(canvas: &mut Canvas, look: &Look) {
    let frame = canvas.frame;
    let pitch = frame.unit * 2.5;
    let ink = Ink::flat(look.tone(0.05), 0.3);
    let light = Ink::flat(look.tone(0.95), 0.26);
    let (columns, rows) = ((frame.w / pitch) as i32 + 2, (frame.h / pitch) as i32 + 2);
    for row in 0..rows {
        for column in 0..columns {
            let shift = if row % 2 == 0 { 0.0 } else { pitch / 2.0 };
            let (x, y) = (column as f32 * pitch + shift, row as f32 * pitch);
            // Dark dots grow to one lower corner, light ones to the corner opposite.
            let (u, v) = (x / frame.w, y / frame.h);
            let side = if frame.focus.0 > frame.w / 2.0 { 1.0 - u } else { u };
            let low = ((side + v) / 2.0 - 0.56) * 2.6;
            let high = ((1.0 - side + 1.0 - v) / 2.0 - 0.64) * 2.6;
            if low > 0.05 {
                canvas.fill(shape::circle(x, y, pitch * 0.56 * low.min(1.0)), &ink);
            } else if high > 0.05 {
                canvas.fill(shape::circle(x, y, pitch * 0.5 * high.min(1.0)), &light);
            }
        }
    }
}

/// A jagged bubble behind the prop, in print with an offset shadow.
fn burst(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let Some(area) = frame.prop else { return };
    let (x, y) = (area.x + area.w / 2.0, area.y + area.h * 0.52);
    let (rx, ry) = (area.w * 0.5, area.h.min(area.w) * 0.5);
    let teeth = 17;
    let mut points = Vec::new();
    for i in 0..teeth * 2 {
        let a = i as f32 / (teeth * 2) as f32 * std::f32::consts::TAU;
        let r = if i % 2 == 0 { dice.range(0.94, 1.14) } else { dice.range(0.72, 0.8) };
        points.push((x + rx * r * a.cos(), y + ry * r * a.sin()));
    }
    let off = frame.unit * 1.3;
    let under: Vec<(f32, f32)> = points.iter().map(|(a, b)| (a + off, b + off)).collect();
    canvas.fill(shape::polygon(&under), &Ink::flat(look.tone(0.02), 0.4));
    let ink = Ink::radial((x, y), rx, &[(0.0, look.accent.lift(0.1), 1.0), (1.0, look.accent, 1.0)]);
    canvas.fill(shape::polygon(&points), &ink);
    canvas.stroke(shape::polygon(&points), frame.unit * 0.45, &Ink::flat(look.tone(0.02), 0.85));
}

fn shard(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let angle = dice.range(0.0, std::f32::consts::TAU);
    let d = frame.unit * dice.range(34.0, 95.0);
    let (x, y) = (frame.focus.0 + d * angle.cos(), frame.focus.1 + d * angle.sin());
    let calm = 1.0 - 0.8 * frame.calmness(x, y);
    let (long, slim) = (frame.unit * dice.range(2.0, 6.0), frame.unit * dice.range(0.3, 0.9));
    let (sin, cos) = angle.sin_cos();
    let points = [
        (x, y),
        (x + cos * long - sin * slim, y + sin * long + cos * slim),
        (x + cos * long * 1.25, y + sin * long * 1.25),
        (x + cos * long + sin * slim, y + sin * long - cos * slim),
    ];
    let colour = if dice.chance(0.5) { look.accent } else { look.tone(0.97) };
    canvas.fill(shape::polygon(&points), &Ink::flat(colour, 0.85 * calm));
}
