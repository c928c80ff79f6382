//! Beams through haze over a stage, a crowd with raised hands before it.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let floor = frame.h * 0.84;
    let stops = [(0.0, look.tone(0.06), 1.0), (0.55, look.tone(0.22), 1.0), (1.0, look.tone(0.5), 1.0)];
    canvas.sky(floor, &stops);
    canvas.glow(
        (frame.focus.0, floor - unit * 8.0),
        unit * 75.0,
        unit * 52.0,
        look.tone(0.72),
        0.75 * look.glow,
    );
    let noise = dice.noise();
    let field = super::super::noise::Field::new(frame.w as usize, frame.h as usize, |x, y| {
        noise.fbm(x / (unit * 24.0), y / (unit * 13.0), 4)
    });
    let smoke = look.tone(0.62);
    canvas.cloud(&field, &[(0.3, smoke, 0.0), (1.0, smoke, 0.6)], true);
    truss(canvas, look, dice, floor);
    canvas.glow((frame.focus.0, floor), unit * 45.0, unit * 26.0, look.light, 0.7 * look.glow);
    for _ in 0..(40.0 * look.busy) as u32 {
        let at = (dice.range(0.0, frame.w), dice.range(0.1, 0.85) * frame.h);
        canvas.bokeh(at, unit * dice.range(0.3, 1.6), look.light, dice.range(0.1, 0.4), 0.4);
    }
    crowd(canvas, look, dice, floor);
}

fn truss(canvas: &mut Canvas, look: &Look, dice: &mut Dice, floor: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let y = unit * 5.0;
    let bar = Ink::flat(look.tone(0.02), 0.95);
    canvas.fill(shape::rect(0.0, y - unit * 2.6, frame.w, unit * 0.5), &bar);
    canvas.fill(shape::rect(0.0, y - unit * 0.4, frame.w, unit * 0.5), &bar);
    let mut x = 0.0;
    while x < frame.w {
        canvas.stroke(
            shape::polyline(&[(x, y), (x + unit * 1.6, y - unit * 2.4), (x + unit * 3.2, y)]),
            unit * 0.25,
            &bar,
        );
        x += unit * 3.2;
    }
    let lamps = (frame.w / (unit * 15.0)) as u32 + 1;
    for i in 0..lamps {
        let x = (i as f32 + 0.5) / lamps as f32 * frame.w;
        let colour = match i % 3 {
            0 => look.accent,
            1 => look.tone(0.78),
            _ => look.second,
        };
        let aim = lerp(x, frame.focus.0, dice.range(0.15, 0.75)) + unit * dice.range(-12.0, 12.0);
        let calm = 1.0 - 0.5 * frame.calmness(x, floor * 0.5);
        for (spread, strength) in [(13.0, 0.28), (4.5, 0.34)] {
            let half = unit * spread;
            let points = [
                (x - unit * 0.6, y),
                (x + unit * 0.6, y),
                (aim + half, floor + unit * 6.0),
                (aim - half, floor + unit * 6.0),
            ];
            let stops = [
                (0.0, colour.mix(look.light, 0.3), strength * 1.6 * calm),
                (0.6, colour, strength * 0.6 * calm),
                (1.0, colour, 0.0),
            ];
            canvas.fill(shape::polygon(&points), &Ink::down(y, floor + unit * 4.0, &stops).screen());
        }
        canvas.fill(shape::rounded(x - unit * 1.1, y - unit * 0.6, unit * 2.2, unit * 2.4, unit * 0.5), &bar);
        canvas.glow((x, y + unit * 1.6), unit * 8.0, unit * 7.0, colour, 0.9 * calm);
        canvas.glow((x, y + unit * 1.6), unit * 2.4, unit * 2.4, look.light, 1.0);
    }
}

fn crowd(canvas: &mut Canvas, look: &Look, dice: &mut Dice, floor: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for row in 0..3 {
        let near = row as f32 / 2.0;
        let base = lerp(floor + unit * 3.0, frame.h + unit * 1.0, near);
        let head = unit * lerp(1.2, 2.5, near);
        let ink = Ink::flat(look.tone(lerp(0.2, 0.0, near)), 1.0);
        let mut x = -head + dice.range(0.0, head);
        while x < frame.w + head {
            let y = base - head * dice.range(0.2, 1.2);
            canvas.fill(shape::ellipse(x, y, head * 0.78, head), &ink);
            canvas
                .fill(shape::rounded(x - head * 1.5, y + head * 0.85, head * 3.0, frame.h, head * 0.9), &ink);
            let rim = Ink::flat(look.light, lerp(0.45, 0.2, near));
            let cap: Vec<(f32, f32)> = (0..8)
                .map(|i| -2.6 + 2.05 * i as f32 / 7.0)
                .map(|a: f32| (x + head * 0.74 * a.cos(), y + head * 0.96 * a.sin()))
                .collect();
            canvas.stroke(shape::polyline(&cap), unit * 0.14, &rim);
            if dice.chance(0.22) {
                let shoulder = x + head * dice.sign() * 1.2;
                hand(canvas, dice, (shoulder, y + head), head, &ink);
            }
            x += head * dice.range(2.1, 3.2);
        }
        let front = shape::rect(0.0, base + head, frame.w, frame.h);
        canvas.fill(front, &ink);
        canvas.haze(base - head * 2.0, unit * 5.0, look.tone(0.6), 0.18 * (1.0 - near));
    }
}

fn hand(canvas: &mut Canvas, dice: &mut Dice, (x, y): (f32, f32), head: f32, ink: &Ink) {
    let (lean, reach) = (head * dice.range(-0.8, 0.8), head * dice.range(3.2, 5.0));
    let wrist = (x + lean, y - reach);
    canvas.stroke(shape::polyline(&[(x, y), (x + lean * 0.2, y - reach * 0.5), wrist]), head * 0.5, ink);
    canvas.fill(shape::ellipse(wrist.0, wrist.1 - head * 0.3, head * 0.36, head * 0.46), ink);
    for finger in 0..4 {
        let fan = (finger as f32 - 1.5) * 0.22;
        let tip = (wrist.0 + head * fan * 1.9, wrist.1 - head * 1.15);
        canvas.stroke(
            shape::polyline(&[(wrist.0 + head * fan, wrist.1 - head * 0.4), tip]),
            head * 0.17,
            ink,
        );
    }
}
