//! Camera, laptop, phone and game controller.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline, polygon, rect, rounded};
use super::super::sprite::Pen;
use super::{INK, PAPER, STEEL};

pub(super) fn camera(pen: &mut Pen<'_>) {
    let shell = pen.main(lch(0.33, 0.015, 265.0));
    let leather = lch(0.24, 0.012, 260.0);
    pen.part("M 36 30 L 40 20 C 41 18 59 18 60 20 L 64 30 Z", shell.lift(0.05));
    pen.body(rounded(15.0, 25.0, 13.0, 7.0, 2.0), STEEL);
    pen.body(rounded(72.0, 24.0, 14.0, 8.0, 2.0), STEEL.lift(-0.06));
    pen.body(rounded(5.0, 29.0, 90.0, 66.0, 8.0), shell);
    pen.body(rounded(5.0, 45.0, 90.0, 38.0, 1.0), leather);
    pen.tint(rect(5.0, 44.2, 90.0, 0.9), STEEL, 0.7);
    pen.tint(rect(5.0, 83.0, 90.0, 0.7), INK, 0.8);
    pen.body(rounded(73.0, 34.0, 15.0, 7.5, 2.0), lch(0.86, 0.03, 95.0));
    pen.body(circle(14.0, 37.5, 2.4), pen.look.accent);
    for (r, colour) in
        [(29.5, STEEL.lift(-0.1)), (27.5, INK), (25.0, lch(0.3, 0.01, 260.0)), (21.0, INK.lift(-0.08))]
    {
        pen.body(circle(47.0, 62.0, r), colour);
    }
    for i in 0..40 {
        let a = i as f32 * 0.157;
        let at = |r: f32| (47.0 + r * a.cos(), 62.0 + r * a.sin());
        let (from, to) = (at(25.4), at(27.2));
        pen.line(&format!("M {} {} L {} {}", from.0, from.1, to.0, to.1), 0.5, STEEL, 0.35);
    }
    let glass = [
        (0.0, lch(0.75, 0.12, 220.0), 1.0),
        (0.4, lch(0.42, 0.15, 280.0), 1.0),
        (0.75, lch(0.22, 0.09, 290.0), 1.0),
        (1.0, lch(0.1, 0.03, 270.0), 1.0),
    ];
    pen.fill(circle(47.0, 62.0, 17.5), &Ink::radial((40.0, 54.0), 28.0, &glass));
    pen.tint(outline("M 34 55 C 38 47 47 45 54 48 C 47 49 41 52 37 60 Z"), PAPER, 0.65);
    pen.tint(circle(54.0, 69.5, 2.4), pen.look.accent, 0.7);
    pen.tint(circle(50.0, 66.0, 1.1), PAPER, 0.7);
    pen.tint(rounded(7.0, 30.5, 86.0, 1.4, 0.7), PAPER, 0.4);
}

pub(super) fn laptop(pen: &mut Pen<'_>) {
    let metal = pen.main(lch(0.72, 0.012, 255.0));
    pen.body(rounded(12.0, 26.0, 76.0, 54.0, 3.5), metal.lift(-0.2));
    pen.body(rounded(13.4, 27.4, 73.2, 51.0, 2.6), INK);
    let (deep, mid) = (pen.look.tone(0.12), pen.look.accent.mix(pen.look.tone(0.4), 0.5));
    let screen = [(0.0, mid, 1.0), (0.55, deep.mix(mid, 0.4), 1.0), (1.0, deep, 1.0)];
    pen.fill(rounded(15.6, 29.6, 68.8, 45.0, 1.0), &Ink::line((84.0, 29.0), (16.0, 76.0), &screen));
    let ink = [pen.look.accent, pen.look.light, pen.look.second];
    for (row, pieces) in [
        &[(0.0, 9.0), (11.0, 15.0)][..],
        &[(4.0, 12.0), (18.0, 8.0), (28.0, 10.0)],
        &[(4.0, 7.0), (13.0, 18.0)],
        &[(8.0, 20.0), (30.0, 6.0)],
        &[(8.0, 10.0), (20.0, 16.0)],
        &[(4.0, 5.0)],
        &[(0.0, 14.0), (16.0, 9.0)],
    ]
    .iter()
    .enumerate()
    {
        let y = 34.0 + row as f32 * 5.4;
        for (i, (x, w)) in pieces.iter().enumerate() {
            let colour = ink[(row + i) % 3].lift(0.05);
            pen.fill(rounded(20.0 + x, y, *w, 1.9, 0.9), &Ink::flat(colour, 0.95));
        }
    }
    for (i, h) in [7.0, 12.0, 9.0, 17.0, 22.0].into_iter().enumerate() {
        let x = 63.0 + i as f32 * 3.8;
        let bar = Ink::fade(70.0 - h, 70.0, ink[0].lift(0.06), ink[0].lift(-0.2));
        pen.fill(rounded(x, 70.0 - h, 2.5, h, 0.6), &bar);
    }
    let sheen = [(0.0, PAPER, 0.22), (1.0, PAPER, 0.02)];
    pen.fill(
        polygon(&[(52.0, 29.6), (84.4, 29.6), (84.4, 52.0)]),
        &Ink::line((70.0, 29.0), (80.0, 60.0), &sheen).inside(),
    );
    pen.part("M 13 80 L 87 80 L 99 92 L 1 92 Z", metal);
    pen.part("M 1 92 L 99 92 C 99 95 97 96 94 96 L 6 96 C 3 96 1 95 1 92 Z", metal.lift(-0.2));
    for row in 0..3 {
        let y = 81.6 + row as f32 * 2.3;
        let inset = 4.2 - row as f32 * 2.1;
        for key in 0..12 {
            let w = (68.0 + row as f32 * 4.4) / 12.0;
            let x = 12.0 + inset + key as f32 * w;
            pen.fill(rounded(x, y, w - 0.8, 1.7, 0.4), &Ink::flat(INK, 0.75));
        }
    }
    pen.fill(polygon(&[(39.0, 89.2), (61.0, 89.2), (63.0, 91.6), (37.0, 91.6)]), &Ink::flat(INK, 0.25));
}

pub(super) fn phone(pen: &mut Pen<'_>) {
    let shell = pen.main(lch(0.4, 0.02, 265.0));
    pen.body(rounded(26.0, 3.0, 48.0, 94.0, 9.0), shell.lift(0.12));
    pen.body(rounded(27.4, 4.4, 45.2, 91.2, 8.0), INK.lift(-0.06));
    let (a, b, c) = (pen.look.accent, pen.look.second, pen.look.tone(0.14));
    let paper = [(0.0, a, 1.0), (0.45, b, 1.0), (1.0, c, 1.0)];
    pen.fill(rounded(29.4, 6.6, 41.2, 86.8, 6.2), &Ink::line((30.0, 6.0), (72.0, 92.0), &paper));
    pen.fill(rounded(42.0, 8.8, 16.0, 3.8, 1.9), &Ink::flat(INK.lift(-0.1), 1.0));
    for row in 0..3 {
        for column in 0..4 {
            let (x, y) = (33.0 + column as f32 * 9.0, 34.0 + row as f32 * 12.0);
            let colour = [PAPER, a.lift(0.08), b.lift(0.12), pen.look.light][(row * 3 + column) % 4];
            pen.body(rounded(x, y, 7.0, 7.0, 1.9), colour);
        }
    }
    pen.fill(rounded(33.0, 17.0, 34.0, 12.0, 2.5), &Ink::flat(PAPER, 0.28));
    pen.fill(circle(39.0, 23.0, 3.6), &Ink::flat(PAPER, 0.9));
    for (y, w) in [(20.6, 19.0), (24.2, 13.0)] {
        pen.fill(rounded(45.0, y, w, 1.7, 0.8), &Ink::flat(PAPER, 0.8));
    }
    pen.fill(rounded(32.0, 78.0, 36.0, 11.0, 4.0), &Ink::flat(PAPER, 0.24));
    for i in 0..4 {
        pen.body(rounded(34.4 + i as f32 * 8.3, 80.2, 6.6, 6.6, 1.8), [a, PAPER, b, pen.look.light][i]);
    }
    let sheen = [(0.0, PAPER, 0.2), (1.0, PAPER, 0.0)];
    pen.fill(
        polygon(&[(29.4, 7.0), (62.0, 7.0), (29.4, 70.0)]),
        &Ink::line((30.0, 7.0), (50.0, 50.0), &sheen).inside(),
    );
}

pub(super) fn controller(pen: &mut Pen<'_>) {
    let shell = pen.main(lch(0.34, 0.03, 275.0));
    for x in [18.0, 64.0] {
        pen.body(rounded(x, 34.0, 18.0, 9.0, 4.0), shell.lift(-0.1));
    }
    let body = "M 26 39 C 34 37 66 37 74 39 C 87 41 93 56 96 74 C 98 88 92 95 85 93 C 77 91 73 81 67 78 C 60 76 40 76 33 78 C 27 81 23 91 15 93 C 8 95 2 88 4 74 C 7 56 13 41 26 39 Z";
    pen.part(body, shell);
    pen.tint(outline("M 26 39 C 34 37 66 37 74 39 C 82 40 87 47 90 54 C 80 44 66 43 50 43 C 34 43 20 44 10 54 C 13 47 18 40 26 39 Z"), PAPER, 0.22);
    let pad = pen.look.tone(0.1);
    pen.body(rounded(39.0, 42.0, 22.0, 13.0, 2.5), pad.lift(0.12));
    pen.fill(rounded(40.5, 43.0, 19.0, 0.9, 0.4), &Ink::flat(pen.look.accent, 0.95));
    for x in [34.0, 66.0] {
        pen.body(circle(x, 67.0, 8.6), shell.lift(-0.14));
        pen.body(circle(x, 66.2, 6.4), INK.lift(0.1));
        pen.body(ellipse(x, 65.4, 4.4, 3.8), INK.lift(0.2));
    }
    pen.part("M 20.5 47 L 25.5 47 L 25.5 51.5 L 30 51.5 L 30 56.5 L 25.5 56.5 L 25.5 61 L 20.5 61 L 20.5 56.5 L 16 56.5 L 16 51.5 L 20.5 51.5 Z", INK);
    let buttons = [(77.0, 47.5, 145.0), (84.0, 54.0, 25.0), (70.0, 54.0, 255.0), (77.0, 60.5, 90.0)];
    for (x, y, hue) in buttons {
        pen.body(circle(x, y, 3.7), INK);
        pen.body(circle(x, y - 0.4, 2.9), lch(0.72, 0.15, hue));
        pen.tint(ellipse(x - 0.8, y - 1.6, 1.2, 0.8), PAPER, 0.7);
    }
    for x in [34.5, 63.0] {
        pen.body(rounded(x, 45.0, 2.5, 4.0, 1.2), STEEL.lift(-0.2));
    }
}
