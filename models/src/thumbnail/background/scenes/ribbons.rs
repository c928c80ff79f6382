//! Sweeping ribbons, each made of hair-thin strokes like a loaded brush.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::noise::Noise;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let dark = look.is_dark();
    let (near, far) = if dark { (0.34, 0.03) } else { (0.98, 0.8) };
    let stops = [(0.0, look.tone(near), 1.0), (1.0, look.tone(far), 1.0)];
    canvas.wash(frame.focus, (frame.w - frame.focus.0, frame.h), &stops);
    canvas.glow(frame.focus, unit * 70.0, unit * 50.0, look.tone(0.7), 0.5 * look.glow);
    let noise = dice.noise();
    let count = 6;
    for i in 0..count {
        let t = i as f32 / (count - 1) as f32;
        let accent = i == 3;
        ribbon(canvas, look, dice, noise, t, accent);
    }
    canvas.glow(
        (frame.focus.0, frame.focus.1 + unit * 8.0),
        unit * 36.0,
        unit * 22.0,
        look.light,
        0.35 * look.glow,
    );
}

fn ribbon(canvas: &mut Canvas, look: &Look, dice: &mut Dice, noise: Noise, t: f32, accent: bool) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let base = lerp(frame.h * 0.3, frame.h * 1.06, t);
    let swing = unit * dice.range(13.0, 22.0);
    let shift = dice.range(0.0, 3.0) + t * 0.6;
    let width = unit * dice.range(10.0, 19.0);
    // Thin over the copy space, full at the focus; it twists where its width passes through zero.
    let spine = |x: f32, lane: f32| {
        let u = x / frame.w;
        let towards = 1.0 - ((x - frame.focus.0) / frame.w).abs();
        let y = base
            + swing * (u * 4.2 + shift).sin()
            + swing * 1.3 * (noise.at(u * 2.0 + t * 3.0, t * 9.0) - 0.5);
        let twist = (u * 5.4 + shift * 1.7).sin() * 0.5 + 0.62;
        y + (lane - 0.5) * width * twist * (0.35 + towards)
    };
    let edge = |lane: f32| {
        (0..=48).map(move |i| i as f32 / 48.0).map(move |u| u * 1.08 - 0.04).map(move |u| (u * frame.w, lane))
    };
    let outline = |grow: f32, drop: f32| {
        let mut points: Vec<(f32, f32)> =
            edge(0.0 - grow).map(|(x, lane)| (x, spine(x, lane) + drop)).collect();
        points.extend(
            edge(1.0 + grow)
                .map(|(x, lane)| (x, spine(x, lane) + drop))
                .collect::<Vec<_>>()
                .into_iter()
                .rev(),
        );
        shape::polygon(&points)
    };
    for (drop, alpha) in [(2.4, 0.08), (1.6, 0.1), (0.9, 0.12)] {
        canvas.fill(outline(0.04, unit * drop), &Ink::flat(look.tone(0.0), alpha));
    }
    let (dark, body, pale) = if accent {
        (look.accent.lift(-0.22), look.accent, look.accent.lift(0.12))
    } else {
        (look.tone(lerp(0.42, 0.1, t)), look.tone(lerp(0.72, 0.42, t)), look.tone(lerp(0.95, 0.72, t)))
    };
    let from = (frame.focus.0 - unit * 75.0, 0.0);
    let to = (frame.focus.0 + unit * 75.0, 0.0);
    let stops = [(0.0, dark, 1.0), (0.3, body, 1.0), (0.5, pale, 1.0), (0.72, body, 1.0), (1.0, dark, 1.0)];
    canvas.fill(outline(0.0, 0.0), &Ink::line(from, to, &stops));
    for hair in 0..8 {
        let lane = (hair as f32 + dice.range(0.1, 0.9)) / 8.0;
        let points: Vec<(f32, f32)> = edge(lane).map(|(x, lane)| (x, spine(x, lane))).collect();
        let light = dice.chance(0.55);
        let colour = if light { pale.lift(0.08) } else { dark };
        let stops = [(0.0, colour, 0.02), (0.5, colour, dice.range(0.1, 0.4)), (1.0, colour, 0.02)];
        canvas.stroke(shape::polyline(&points), unit * dice.range(0.08, 0.5), &Ink::line(from, to, &stops));
    }
    let rim: Vec<(f32, f32)> = edge(0.0).map(|(x, lane)| (x, spine(x, lane))).collect();
    let glint = [(0.0, look.light, 0.0), (0.5, look.light, 0.75), (1.0, look.light, 0.0)];
    canvas.stroke(shape::polyline(&rim), unit * 0.16, &Ink::line(from, to, &glint));
}
