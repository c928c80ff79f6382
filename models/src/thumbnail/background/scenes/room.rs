//! A desk corner: a window by day, lamps and a light strip by night.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::mood::Time;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let desk = lerp(frame.horizon, frame.h, 0.5);
    let bright = matches!(look.time, Time::Day | Time::Golden);
    let wall = if bright { [0.8, 0.66, 0.4] } else { [0.5, 0.26, 0.08] };
    let away = if frame.focus.0 > frame.w / 2.0 { 0.0 } else { frame.w };
    let stops =
        [(0.0, look.tone(wall[0]), 1.0), (0.45, look.tone(wall[1]), 1.0), (1.0, look.tone(wall[2]), 1.0)];
    canvas.wash(frame.focus, (away, frame.h * 0.75), &stops);
    if bright {
        window_light(canvas, look);
    } else {
        light_strip(canvas, look, desk);
    }
    shelf(canvas, look, dice, bright);
    desktop(canvas, look, desk, bright);
    plant(canvas, look, dice, desk);
    lamp(canvas, look, bright);
    if !bright {
        for _ in 0..(16.0 * look.busy) as u32 {
            let at = (dice.range(0.0, frame.w), dice.range(0.1, 0.6) * frame.h);
            let colour = if dice.chance(0.5) { look.accent } else { look.light };
            canvas.bokeh(at, unit * dice.range(1.0, 3.4), colour, dice.range(0.06, 0.2), 0.2);
        }
    }
}

/// Panes of sun on the wall, slanted by the hour.
fn window_light(canvas: &mut Canvas, look: &Look) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let (x, y) = (frame.focus.0 - unit * 26.0, unit * 6.0);
    for column in 0..3 {
        for row in 0..3 {
            let left = x + column as f32 * unit * 16.0 - row as f32 * unit * 4.5;
            let top = y + row as f32 * unit * 13.0 + column as f32 * unit * 2.0;
            let points = [
                (left, top),
                (left + unit * 14.4, top + unit * 1.8),
                (left + unit * 10.4, top + unit * 13.6),
                (left - unit * 4.0, top + unit * 11.8),
            ];
            canvas.fill(shape::polygon(&points), &Ink::flat(look.light, 0.62 * look.glow.min(1.3)));
        }
    }
    canvas.glow((frame.focus.0, unit * 24.0), unit * 60.0, unit * 46.0, look.light, 0.28 * look.glow);
}

fn light_strip(canvas: &mut Canvas, look: &Look, desk: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    canvas.glow((frame.focus.0, desk), unit * 90.0, unit * 42.0, look.accent, 0.75 * look.glow);
    canvas.glow(
        (frame.w - frame.focus.0, desk * 0.3),
        unit * 60.0,
        unit * 40.0,
        look.second,
        0.4 * look.glow,
    );
    // Acoustic panels catch the light on their upper edges.
    let side = unit * 11.0;
    for column in 0..4 {
        for row in 0..3 {
            let (x, y) = (
                frame.focus.0 + (column as f32 - 2.0) * (side + unit),
                unit * 5.0 + row as f32 * (side + unit),
            );
            let stops = [(0.0, look.tone(0.36), 0.75), (1.0, look.tone(0.1), 0.75)];
            canvas.fill(
                shape::rounded(x, y, side, side, unit),
                &Ink::line((x, y), (x + side, y + side), &stops),
            );
            canvas
                .fill(shape::rect(x + unit, y, side - unit * 2.0, unit * 0.14), &Ink::flat(look.accent, 0.5));
        }
    }
}

fn shelf(canvas: &mut Canvas, look: &Look, dice: &mut Dice, bright: bool) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let side = if frame.focus.0 > frame.w / 2.0 { 0.0 } else { 1.0 };
    let (x, w) = (lerp(unit * 5.0, frame.w - unit * 43.0, side), unit * 38.0);
    let y = frame.h * 0.34;
    canvas.veil((x + w / 2.0, y + unit * 3.0), w * 0.6, unit * 5.0, look.tone(0.02), 0.55);
    let board = look.tone(if bright { 0.34 } else { 0.14 });
    let mut at = x + unit * 2.0;
    while at < x + w - unit * 4.0 {
        let (thick, tall) = (unit * dice.range(1.0, 2.3), unit * dice.range(6.0, 10.0));
        let tone = look.tone(dice.range(0.15, 0.75));
        let cover = if dice.chance(0.25) { look.accent.at(tone.l) } else { tone };
        let ink = Ink::line(
            (at, 0.0),
            (at + thick, 0.0),
            &[(0.0, cover.lift(-0.06), 1.0), (0.4, cover.lift(0.06), 1.0), (1.0, cover.lift(-0.1), 1.0)],
        );
        canvas.fill(shape::rounded(at, y - tall, thick, tall, unit * 0.15), &ink);
        at += thick + unit * if dice.chance(0.15) { 3.0 } else { 0.12 };
    }
    canvas.fill(
        shape::rounded(x, y, w, unit * 1.3, unit * 0.2),
        &Ink::fade(y, y + unit * 1.3, board.lift(0.12), board),
    );
}

fn desktop(canvas: &mut Canvas, look: &Look, desk: f32, bright: bool) {
    let frame = canvas.frame;
    let unit = frame.unit;
    canvas.haze(desk, unit * 7.0, look.tone(0.05), 0.4);
    let (top, front) = if bright { (0.52, 0.2) } else { (0.3, 0.03) };
    let ink = Ink::fade(desk, frame.h, look.tone(top), look.tone(front));
    canvas.fill(shape::rect(0.0, desk, frame.w, frame.h - desk + 1.0), &ink);
    canvas.glow((frame.focus.0, desk), unit * 62.0, unit * 14.0, look.light, 0.5 * look.glow);
    let stops = [(0.0, look.light, 0.1), (0.5, look.light, 0.75), (1.0, look.light, 0.1)];
    let edge = Ink::line((frame.focus.0 - unit * 55.0, 0.0), (frame.focus.0 + unit * 55.0, 0.0), &stops);
    canvas.fill(shape::rect(0.0, desk, frame.w, unit * 0.3), &edge);
}

fn plant(canvas: &mut Canvas, look: &Look, dice: &mut Dice, desk: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let left = frame.focus.0 > frame.w / 2.0;
    let x = if left { unit * 9.0 } else { frame.w - unit * 9.0 };
    let pot = look.tone(0.75);
    let points = [
        (x - unit * 3.4, desk - unit * 5.0),
        (x + unit * 3.4, desk - unit * 5.0),
        (x + unit * 2.5, desk + unit * 1.5),
        (x - unit * 2.5, desk + unit * 1.5),
    ];
    for i in 0..13 {
        let angle = lerp(-2.75, -0.4, i as f32 / 12.0) + dice.range(-0.1, 0.1);
        let reach = unit * dice.range(8.0, 15.0);
        let foot = (x, desk - unit * 4.5);
        let tip = (x + reach * angle.cos(), foot.1 + reach * angle.sin());
        let side = (-angle.sin() * reach * 0.13, angle.cos() * reach * 0.13);
        let middle = ((foot.0 + tip.0) / 2.0, (foot.1 + tip.1) / 2.0 - unit);
        let leaf =
            [foot, (middle.0 + side.0, middle.1 + side.1), tip, (middle.0 - side.0, middle.1 - side.1)];
        let green = look.natural(super::super::colour::lch(dice.range(0.34, 0.58), 0.09, 145.0));
        canvas.fill(
            shape::curve(&leaf, true),
            &Ink::line(foot, tip, &[(0.0, green.lift(-0.14), 1.0), (1.0, green.lift(0.08), 1.0)]),
        );
    }
    canvas.fill(
        shape::polygon(&points),
        &Ink::line(
            (x - unit * 3.0, 0.0),
            (x + unit * 3.0, 0.0),
            &[(0.0, pot.lift(-0.08), 1.0), (1.0, pot.lift(-0.22), 1.0)],
        ),
    );
}

fn lamp(canvas: &mut Canvas, look: &Look, bright: bool) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let x = lerp(frame.w / 2.0, frame.focus.0, 0.25);
    let y = unit * 15.0;
    canvas.fill(
        shape::rect(x - unit * 0.12, 0.0, unit * 0.24, y - unit * 4.0),
        &Ink::flat(look.tone(0.05), 0.9),
    );
    let shade = [
        (x - unit * 1.2, y - unit * 4.4),
        (x + unit * 1.2, y - unit * 4.4),
        (x + unit * 5.4, y),
        (x - unit * 5.4, y),
    ];
    canvas.fill(shape::polygon(&shade), &Ink::fade(y - unit * 4.0, y, look.tone(0.08), look.tone(0.3)));
    let strength = if bright { 0.3 } else { 0.9 };
    canvas.fill(shape::ellipse(x, y, unit * 5.2, unit * 0.55), &Ink::flat(look.light, strength));
    canvas.glow((x, y + unit * 3.0), unit * 30.0, unit * 26.0, look.light, strength * 0.55 * look.glow);
}
