//! Headphones, microphone, guitar and a painter's palette.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline, rect, rounded};
use super::super::sprite::Pen;
use super::{GOLD, INK, PAPER, STEEL};

pub(super) fn headphones(pen: &mut Pen<'_>) {
    let shell = pen.main(pen.look.accent);
    let band = "M 14 62 C 8 20 32 8 50 8 C 68 8 92 20 86 62";
    pen.line(band, 8.5, INK.lift(0.06), 1.0);
    pen.line(band, 5.0, shell.lift(-0.05), 1.0);
    pen.line("M 17 44 C 18 22 34 12 50 12 C 60 12 70 15 76 23", 1.3, PAPER, 0.55);
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        pen.body(rounded(x(33.0) - 7.5, 50.0, 15.0, 38.0, 7.5), INK.lift(0.02));
        pen.body(ellipse(x(40.0), 69.0, 9.0, 19.0), shell);
        pen.body(ellipse(x(42.0), 69.0, 5.4, 13.0), shell.lift(-0.14));
        pen.body(ellipse(x(42.6), 69.0, 3.4, 8.4), STEEL);
        pen.tint(ellipse(x(40.0) - 3.0, 58.0, 1.6, 5.0), PAPER, 0.6);
    }
}

pub(super) fn microphone(pen: &mut Pen<'_>) {
    let ring = pen.main(GOLD);
    pen.body(ellipse(50.0, 94.0, 24.0, 4.0), INK.lift(0.08));
    pen.body(rounded(47.6, 66.0, 4.8, 28.0, 1.0), STEEL.lift(-0.12));
    let yoke = "M 25 40 C 25 76 75 76 75 40";
    pen.line(yoke, 4.6, INK.lift(0.1), 1.0);
    pen.line(yoke, 1.6, STEEL, 0.65);
    pen.body(rounded(31.0, 4.0, 38.0, 60.0, 19.0), STEEL.lift(-0.05));
    for i in 0..9 {
        let y = 12.0 + i as f32 * 3.4;
        pen.tint(rect(31.0, y, 38.0, 1.5), INK, 0.72);
    }
    for x in [36.0, 41.5, 47.0, 52.5, 58.0, 63.5] {
        pen.tint(rect(x, 4.0, 0.9, 38.0), INK, 0.45);
    }
    pen.tint(
        outline("M 34 20 C 34 11 41 6 48 5.6 C 41 10 39 20 39 60 L 36 56 C 34 48 34 30 34 20 Z"),
        PAPER,
        0.6,
    );
    pen.tint(outline("M 60 6 C 68 12 69 22 69 40 L 69 60 L 60 64 C 64 48 64 22 60 6 Z"), INK, 0.4);
    pen.body(rounded(30.0, 41.0, 40.0, 7.0, 2.0), ring);
    pen.tint(rounded(32.0, 42.2, 20.0, 1.3, 0.6), PAPER, 0.7);
    pen.body(circle(50.0, 57.0, 2.2), pen.look.accent);
}

pub(super) fn guitar(pen: &mut Pen<'_>) {
    let wood = pen.main(lch(0.6, 0.13, 55.0));
    let dark = lch(0.32, 0.06, 45.0);
    let neck = "M 62.5 40 L 84.5 11 L 89 14.5 L 67.5 43.5 Z";
    let shape = "M 63 36 C 71 33 79 41 74 50 C 71 55 66 57 65 63 C 64 70 70 78 60 88 C 48 99 24 98 14 86 C 4 74 8 56 20 49 C 29 44 36 47 43 44 C 49 42 56 38 63 36 Z";
    pen.part(shape, dark.lift(-0.04));
    pen.part("M 62 38.5 C 69 36 76 42 71.6 49 C 69 53 63.6 56 62.6 62 C 61.6 70 67 77 58 86 C 47 96 26 95.6 16 84 C 7 73 10.6 58 21.4 51.6 C 30 47 37 49.4 44 46.4 C 50 44 56 40.4 62 38.5 Z", wood);
    pen.tint(outline("M 14 62 C 18 54 28 50 38 50 C 30 54 22 60 20 74 C 15 72 12 68 14 62 Z"), PAPER, 0.28);
    pen.body(circle(45.0, 63.0, 11.0), lch(0.75, 0.11, 75.0));
    pen.body(circle(45.0, 63.0, 9.6), INK.lift(-0.1));
    pen.part(neck, dark);
    pen.part("M 44 58 L 49 62.5 L 69 43.5 L 62.5 38.6 Z", dark);
    pen.part("M 83 11.5 L 90.5 2 C 92 0.6 98.6 5.4 97.6 7.4 L 90 16.4 Z", dark.lift(0.06));
    pen.part("M 23 78 L 31 87 L 33.4 84.6 L 25.4 75.6 Z", dark);
    for i in 0..8 {
        let t = i as f32 / 8.0;
        let (x, y) = (64.0 + 20.0 * t, 40.0 - 27.0 * t);
        pen.line(&format!("M {x} {y} L {} {}", x + 4.4, y + 3.4), 0.45, STEEL, 0.8);
    }
    for i in 0..4 {
        let s = i as f32 * 1.25;
        pen.line(
            &format!("M {} {} L {} {}", 25.4 + s, 77.6 + s * 1.15, 84.8 + s * 0.85, 12.2 + s * 0.75),
            0.34,
            PAPER,
            0.9,
        );
    }
    for (x, y) in [(88.0, 3.6), (85.6, 7.0), (98.4, 10.4), (95.4, 14.0)] {
        pen.body(circle(x, y, 1.7), STEEL);
    }
    pen.tint(outline("M 50 70 C 58 70 62 74 60 82 C 56 86 50 84 48 78 Z"), lch(0.3, 0.06, 30.0), 0.75);
}

pub(super) fn palette(pen: &mut Pen<'_>) {
    let wood = pen.main(lch(0.73, 0.09, 68.0));
    let board = "M 8 62 C 8 38 30 24 55 26 C 80 28 96 44 93 64 C 91 76 80 74 72 74 C 64 74 62 80 66 86 C 70 93 62 96 52 96 C 28 96 8 84 8 62 Z";
    pen.part(board, wood);
    for (i, d) in [36.0, 44.0, 53.0, 62.0, 71.0, 80.0].into_iter().enumerate() {
        let bow = 3.0 - (i % 3) as f32 * 1.6;
        let path = format!(
            "M 4 {d} C 30 {} 66 {} 98 {d} L 98 {} C 66 {} 30 {} 4 {} Z",
            d - bow,
            d + bow,
            d + 0.5,
            d + bow + 0.5,
            d - bow + 0.5,
            d + 0.5
        );
        pen.tint(outline(&path), lch(0.45, 0.08, 55.0), 0.3);
    }
    let paints = [
        (24.0, 52.0, 25.0),
        (38.0, 40.0, 58.0),
        (56.0, 37.0, 95.0),
        (73.0, 44.0, 145.0),
        (80.0, 60.0, 250.0),
        (25.0, 72.0, 320.0),
        (40.0, 84.0, 200.0),
    ];
    for (x, y, hue) in paints {
        let paint = lch(0.66, 0.18, hue);
        pen.tint(ellipse(x + 0.8, y + 1.8, 8.2, 6.2), INK, 0.3);
        pen.part(&format!("M {} {y} C {} {} {} {} {x} {} C {} {} {} {} {} {y} C {} {} {} {} {x} {} C {} {} {} {} {} {y} Z",
            x - 8.0, x - 8.0, y - 5.0, x - 3.0, y - 7.0, y - 5.4, x + 5.0, y - 7.0, x + 9.0, y - 3.0, x + 7.6,
            x + 8.0, y + 4.0, x + 4.0, y + 6.4, y + 5.4, x - 4.0, y + 6.6, x - 8.4, y + 4.0, x - 8.0), paint);
        pen.tint(ellipse(x - 2.4, y - 2.2, 2.6, 1.3), PAPER, 0.65);
    }
    pen.fill(ellipse(56.0, 62.0, 7.0, 5.4), &Ink::flat(pen.look.tone(0.08), 0.85));
    pen.part("M 60 58 L 90 9 C 92 7 95 9 94 11 L 64.5 60.5 Z", lch(0.45, 0.1, 35.0));
    pen.part("M 57 63 L 60.4 57.4 L 65 60.4 L 61.6 65.8 Z", STEEL);
    pen.part("M 47 78 C 50 74 54 68 57 63 L 61.6 65.8 C 59 71 54 77 47 78 Z", pen.look.accent);
}
