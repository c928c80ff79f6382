//! A full moon, fog, bare trees and a crooked house on a hill.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

use super::super::colour::smoothstep;
use super::super::noise::Field;
use super::elements::{self, Ridge};

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let stops = [(0.0, look.tone(0.04), 1.0), (0.5, look.tone(0.26), 1.0), (1.0, look.tone(0.5), 1.0)];
    canvas.sky(frame.h * 0.9, &stops);
    elements::stars(canvas, look, dice, frame.h * 0.5, 0.4);
    let moon = (frame.focus.0, frame.focus.1 - unit * 4.0);
    full_moon(canvas, look, dice, moon, unit * 13.0);
    let cloud = look.tone(0.1);
    elements::streaks(
        canvas,
        dice,
        moon.1 + unit * 8.0,
        unit * 17.0,
        &[(0.0, cloud, 0.0), (0.7, cloud, 0.8)],
    );
    for layer in 0..3 {
        let near = layer as f32 / 2.0;
        let noise = dice.noise();
        let hill = Ridge {
            base: lerp(frame.h * 0.8, frame.h * 1.0, near),
            rise: unit * lerp(13.0, 11.0, near),
            scale: unit * lerp(32.0, 40.0, near),
            sharp: false,
        };
        let body = lerp(0.34, 0.0, near);
        if layer == 1 {
            let x = moon.0 + unit * 6.0;
            house(canvas, look, (x, hill.line(noise, x) + unit), body);
        }
        hill.paint(canvas, noise, look.tone(body), look.tone(body * 0.6));
        let trees = [5, 6, 4][layer];
        for i in 0..trees {
            let x = (i as f32 + dice.range(0.1, 0.9)) / trees as f32 * frame.w;
            if near > 0.9 && (x - frame.focus.0).abs() < unit * 24.0 {
                continue;
            }
            let foot = (x, hill.line(noise, x) + unit);
            let size = unit * lerp(5.0, 16.0, near) * dice.range(0.7, 1.2);
            let lean = -1.57 + dice.range(-0.2, 0.2);
            // A far tree needs fewer twigs.
            let forks = 5 + layer.min(1) as u32;
            branch(canvas, dice, foot, lean, size, forks, &Ink::flat(look.tone(body), 1.0));
        }
        fog(canvas, look, dice, hill.base - unit * 2.0, 0.75 * (1.0 - near * 0.55));
    }
    bats(canvas, look, dice, moon);
}

fn full_moon(canvas: &mut Canvas, look: &Look, dice: &mut Dice, (x, y): (f32, f32), r: f32) {
    let unit = canvas.frame.unit;
    canvas.glow((x, y), r * 6.0, r * 5.0, look.tone(0.72), 0.65 * look.glow);
    canvas.glow((x, y), r * 2.2, r * 2.2, look.light, 0.6 * look.glow);
    let disc = Ink::radial(
        (x - r * 0.3, y - r * 0.3),
        r * 1.5,
        &[(0.0, look.light.lift(0.03), 1.0), (1.0, look.tone(0.78), 1.0)],
    );
    canvas.fill(shape::circle(x, y, r), &disc);
    for _ in 0..16 {
        let (a, d) = (dice.range(0.0, std::f32::consts::TAU), r * dice.range(0.0, 0.72));
        let size = r * dice.range(0.05, 0.22);
        let at = (x + d * a.cos(), y + d * a.sin());
        canvas.fill(
            shape::circle(at.0, at.1, size),
            &Ink::radial(
                at,
                size,
                &[(0.0, look.tone(0.62), 0.3), (0.8, look.tone(0.62), 0.2), (1.0, look.tone(0.62), 0.0)],
            ),
        );
    }
    canvas.stroke(shape::circle(x, y, r), unit * 0.15, &Ink::flat(look.light, 0.5));
}

fn house(canvas: &mut Canvas, look: &Look, (x, y): (f32, f32), body: f32) {
    let unit = canvas.frame.unit;
    let ink = Ink::flat(look.tone(body * 0.55), 1.0);
    for (left, width, height, roof) in [(-6.0, 6.0, 8.0, 5.0), (-0.5, 4.0, 13.0, 7.0), (3.0, 5.0, 6.0, 4.0)] {
        let (l, w, h) = (x + left * unit, width * unit, height * unit);
        canvas.fill(shape::rect(l, y - h, w, h + unit * 3.0), &ink);
        let gable =
            [(l - unit * 0.8, y - h), (l + w * 0.55, y - h - roof * unit), (l + w + unit * 0.8, y - h)];
        canvas.fill(shape::polygon(&gable), &ink);
    }
    for (dx, dy) in [(-4.4, 6.0), (-2.2, 6.0), (0.9, 11.0), (0.9, 6.5), (4.8, 4.2)] {
        let (wx, wy) = (x + dx * unit, y - dy * unit);
        canvas.glow(
            (wx + unit * 0.5, wy + unit * 0.8),
            unit * 4.0,
            unit * 4.0,
            look.accent,
            0.55 * look.glow,
        );
        canvas.fill(
            shape::rounded(wx, wy, unit, unit * 1.6, unit * 0.5),
            &Ink::flat(look.accent.mix(look.light, 0.3), 0.95),
        );
    }
}

/// A limb and, at its end, two or three thinner ones.
fn branch(
    canvas: &mut Canvas,
    dice: &mut Dice,
    foot: (f32, f32),
    angle: f32,
    length: f32,
    depth: u32,
    ink: &Ink,
) {
    let bend = angle + dice.range(-0.25, 0.25);
    let tip = (foot.0 + length * bend.cos(), foot.1 + length * bend.sin());
    let (wide, slim) =
        (length * 0.1 * (0.4 + depth as f32 * 0.12), length * 0.075 * (0.3 + depth as f32 * 0.1));
    let (sin, cos) = bend.sin_cos();
    let points = [
        (foot.0 - sin * wide, foot.1 + cos * wide),
        (foot.0 + sin * wide, foot.1 - cos * wide),
        (tip.0 + sin * slim, tip.1 - cos * slim),
        (tip.0 - sin * slim, tip.1 + cos * slim),
    ];
    canvas.fill(shape::polygon(&points), ink);
    if depth == 0 {
        return;
    }
    let limbs = if depth > 4 { 3 } else { 2 };
    for limb in 0..limbs {
        let fan = (limb as f32 / (limbs - 1) as f32 - 0.5) * dice.range(0.9, 1.5);
        let shorter = length * dice.range(0.6, 0.8);
        branch(canvas, dice, tip, bend + fan, shorter, depth - 1, ink);
    }
}

fn fog(canvas: &mut Canvas, look: &Look, dice: &mut Dice, y: f32, strength: f32) {
    let frame = canvas.frame;
    let noise = dice.noise();
    let reach = frame.unit * 15.0;
    let field = Field::new(frame.w as usize, frame.h as usize, |px, py| {
        let band = (1.0 - ((py - y) / reach).powi(2)).max(0.0);
        if band == 0.0 {
            return 0.0;
        }
        band * smoothstep(0.2, 0.8, noise.fbm(px / (frame.unit * 28.0), py / (frame.unit * 9.0), 4))
    });
    let mist = look.tone(0.62);
    canvas.cloud(&field, &[(0.0, mist, 0.0), (1.0, mist, strength)], false);
}

fn bats(canvas: &mut Canvas, look: &Look, dice: &mut Dice, moon: (f32, f32)) {
    let unit = canvas.frame.unit;
    for _ in 0..(7.0 * look.busy) as u32 {
        let (x, y) = (moon.0 + unit * dice.range(-26.0, 20.0), moon.1 + unit * dice.range(-14.0, 12.0));
        let s = unit * dice.range(0.9, 2.1);
        let up = dice.range(0.2, 0.7);
        let wing = [
            (-2.0, -up),
            (-1.1, -up * 0.7),
            (-0.3, 0.0),
            (0.0, -0.25),
            (0.3, 0.0),
            (1.1, -up * 0.7),
            (2.0, -up),
            (1.3, 0.25),
            (0.8, 0.1),
            (0.4, 0.5),
            (0.0, 0.3),
            (-0.4, 0.5),
            (-0.8, 0.1),
            (-1.3, 0.25),
        ];
        let points: Vec<(f32, f32)> = wing.iter().map(|(a, b)| (x + a * s, y + b * s)).collect();
        canvas.fill(shape::polygon(&points), &Ink::flat(look.tone(0.0), 0.95));
    }
}
