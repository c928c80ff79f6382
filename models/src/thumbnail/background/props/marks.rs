//! Book, light bulb, coins, heart, gift and clock.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline, rect, rounded};
use super::super::sprite::Pen;
use super::{GOLD, INK, PAPER, STEEL};

pub(super) fn book(pen: &mut Pen<'_>) {
    let covers = [pen.main(lch(0.48, 0.13, 25.0)), lch(0.45, 0.1, 250.0), pen.look.accent.lift(-0.08)];
    let volumes = [(8.0, 80.0, 84.0, 15.0), (14.0, 66.0, 76.0, 14.0), (10.0, 53.0, 74.0, 13.0)];
    for ((x, y, w, h), cover) in volumes.into_iter().zip(covers) {
        pen.body(rounded(x, y, w, h, 2.4), cover);
        pen.body(rounded(x + 9.0, y + 2.2, w - 8.0, h - 4.4, 1.0), lch(0.9, 0.03, 85.0));
        for i in 0..4 {
            let line = y + 3.6 + i as f32 * (h - 6.0) / 4.0;
            pen.fill(rect(x + 10.0, line, w - 10.0, 0.45), &Ink::flat(lch(0.6, 0.04, 75.0), 0.55));
        }
        pen.tint(rounded(x + 1.0, y + 1.0, w * 0.9, 1.2, 0.6), PAPER, 0.35);
        for at in [3.0, 6.0] {
            pen.fill(rect(x + at, y, 0.9, h), &Ink::flat(GOLD, 0.85).inside());
        }
    }
    pen.part("M 50 52 C 42 45 26 44 12 48 L 12 16 C 26 12 42 13 50 20 Z", PAPER);
    pen.part("M 50 52 C 58 45 74 44 88 48 L 88 16 C 74 12 58 13 50 20 Z", PAPER.lift(-0.04));
    pen.tint(outline("M 50 20 C 46 17 43 16 41 15.6 L 41 47.6 C 44 48.6 48 50 50 52 Z"), INK, 0.22);
    pen.tint(outline("M 50 20 C 53 17.6 55 16.8 57 16.2 L 57 48 C 54 49 52 50.4 50 52 Z"), INK, 0.32);
    for row in 0..6 {
        let y = 21.0 + row as f32 * 4.2;
        let short = if row == 5 { 8.0 } else { 0.0 };
        pen.line(
            &format!("M 17 {y} C 26 {} 34 {} {} {}", y - 2.0, y - 1.6, 44.0 - short, y + 1.4),
            0.9,
            INK,
            0.4,
        );
        pen.line(
            &format!("M 56 {} C 64 {} 74 {} {} {y}", y + 1.4, y - 1.6, y - 2.0, 83.0 - short),
            0.9,
            INK,
            0.4,
        );
    }
    pen.part("M 70 13.4 L 76 13.4 L 76 31 L 73 27.4 L 70 31 Z", pen.look.accent);
}

pub(super) fn bulb(pen: &mut Pen<'_>) {
    let glow = pen.main(lch(0.93, 0.13, 90.0));
    let halo = [(0.0, glow, 0.75), (0.4, glow, 0.3), (1.0, glow, 0.0)];
    pen.fill(circle(50.0, 38.0, 50.0), &Ink::radial((50.0, 38.0), 50.0, &halo));
    let glass =
        "M 50 6 C 70 6 82 21 82 38 C 82 52 72 58 66 70 L 34 70 C 28 58 18 52 18 38 C 18 21 30 6 50 6 Z";
    let stops = [
        (0.0, lch(0.99, 0.04, 95.0), 1.0),
        (0.35, glow, 0.97),
        (0.8, glow.lift(-0.12).turn(-16.0), 0.92),
        (1.0, glow.lift(-0.24).turn(-24.0), 0.95),
    ];
    pen.fill(outline(glass), &Ink::radial((50.0, 40.0), 40.0, &stops));
    pen.tint(outline("M 27 38 C 27 24 36 14 47 12 C 38 18 33 28 33 42 C 33 48 28 46 27 38 Z"), PAPER, 0.8);
    pen.line("M 42 70 L 40 48 L 45 42 L 50 50 L 55 42 L 60 48 L 58 70", 3.2, lch(0.84, 0.17, 70.0), 0.5);
    pen.line("M 42 70 L 40 48 L 45 42 L 50 50 L 55 42 L 60 48 L 58 70", 1.2, lch(0.58, 0.16, 50.0), 0.95);
    pen.body(rounded(34.0, 69.0, 32.0, 19.0, 3.0), STEEL);
    for i in 0..3 {
        let y = 73.0 + i as f32 * 5.0;
        pen.line(&format!("M 34.4 {} L 65.6 {y}", y + 1.6), 1.5, INK, 0.5);
    }
    pen.tint(rounded(37.0, 69.0, 4.0, 18.0, 1.0), PAPER, 0.6);
    pen.part("M 38 88 L 62 88 C 61 94 56 97 50 97 C 44 97 39 94 38 88 Z", INK.lift(0.1));
}

pub(super) fn coins(pen: &mut Pen<'_>) {
    let gold = pen.main(GOLD);
    let stacks = [(17.0, 4), (39.0, 7), (61.0, 10), (83.0, 14)];
    for (x, count) in stacks {
        for i in 0..count {
            let y = 91.0 - i as f32 * 4.2;
            let off = x + [0.0, 0.7, -0.5, 0.3][i % 4];
            let (w, h) = (10.5, 3.4);
            let edge = [
                (0.0, gold.lift(-0.25), 1.0),
                (0.25, gold.lift(0.1), 1.0),
                (0.6, gold.lift(-0.1), 1.0),
                (1.0, gold.lift(-0.36), 1.0),
            ];
            let band = format!(
                "M {} {y} L {} {} C {} {} {} {} {} {} L {} {y} Z",
                off - w,
                off - w,
                y + 3.4,
                off - w * 0.7,
                y + h + 4.2,
                off + w * 0.7,
                y + h + 4.2,
                off + w,
                y + 3.4,
                off + w
            );
            pen.fill(outline(&band), &Ink::line((off - w, 0.0), (off + w, 0.0), &edge));
            for ridge in 0..9 {
                let at = off - 8.4 + ridge as f32 * 2.1;
                pen.fill(rect(at, y + 2.8, 0.5, 2.8), &Ink::flat(INK, 0.22));
            }
            pen.body(ellipse(off, y, w, h), gold.lift(0.04));
        }
        let top = 91.0 - (count - 1) as f32 * 4.2;
        pen.stroke(ellipse(x, top, 7.6, 2.2), 0.6, &Ink::flat(gold.lift(-0.25), 0.8));
        pen.tint(ellipse(x - 3.0, top - 0.8, 3.4, 0.9), PAPER, 0.6);
    }
    let arrow = "M 6 70 C 26 62 44 50 62 26 L 55.6 22.6 L 76 12 L 75 35 L 68.4 30.4 C 50 56 30 69 8 76 Z";
    pen.fill(
        outline(arrow),
        &Ink::line(
            (6.0, 76.0),
            (76.0, 12.0),
            &[
                (0.0, pen.look.accent, 0.0),
                (0.4, pen.look.accent, 0.95),
                (1.0, pen.look.accent.lift(0.08), 1.0),
            ],
        ),
    );
}

pub(super) fn heart(pen: &mut Pen<'_>) {
    let red = pen.main(lch(0.58, 0.21, 18.0));
    let shape = "M 50 90 C 22 70 4 52 6 32 C 8 16 20 8 32 10 C 41 11 47 17 50 25 C 53 17 59 11 68 10 C 80 8 92 16 94 32 C 96 52 78 70 50 90 Z";
    let colour = pen.look.natural(red);
    let stops = [
        (0.0, colour.lift(0.2), 1.0),
        (0.35, colour.lift(0.04), 1.0),
        (0.75, colour.lift(-0.1), 1.0),
        (1.0, colour.lift(-0.24), 1.0),
    ];
    pen.fill(outline(shape), &Ink::radial((30.0, 26.0), 82.0, &stops));
    pen.tint(outline("M 14 34 C 13 22 22 14 33 16 C 26 20 21 27 20 40 C 17 40 14.4 38 14 34 Z"), PAPER, 0.75);
    pen.tint(ellipse(22.0, 47.0, 2.4, 3.6), PAPER, 0.5);
    pen.tint(
        outline(
            "M 94 32 C 96 52 78 70 50 90 C 46 87 44 85.6 42 84 C 66 76 86 58 90 20 C 92.6 24 93.6 28 94 32 Z",
        ),
        lch(0.3, 0.14, 5.0),
        0.4,
    );
}

pub(super) fn gift(pen: &mut Pen<'_>) {
    let paper = pen.main(lch(0.55, 0.18, 25.0));
    let ribbon = if pen.look.body.is_some() { PAPER } else { GOLD };
    pen.body(rounded(12.0, 50.0, 76.0, 46.0, 2.0), paper);
    pen.tint(rect(12.0, 50.0, 76.0, 6.0), INK, 0.28);
    pen.body(rounded(7.0, 36.0, 86.0, 16.0, 2.4), paper.lift(0.05));
    pen.body(rect(43.0, 36.0, 14.0, 60.0), ribbon);
    pen.tint(rect(43.0, 52.0, 14.0, 4.0), INK, 0.3);
    for i in 0..12 {
        let (x, y) = (17.0 + (i % 6) as f32 * 13.0, 64.0 + (i / 6) as f32 * 16.0);
        if !(40.0..60.0).contains(&x) {
            pen.tint(circle(x, y, 1.8), PAPER, 0.5);
        }
    }
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        pen.part(
            &format!(
                "M 50 36 C {} 34 {} 26 {} 14 C {} 6 {} 8 {} 16 C {} 22 {} 30 50 36 Z",
                x(18.0),
                x(34.0),
                x(32.0),
                x(24.0),
                x(12.0),
                x(8.0),
                x(5.0),
                x(2.0)
            ),
            ribbon,
        );
        pen.tint(
            outline(&format!(
                "M {} 32 C {} 30 {} 24 {} 18 C {} 14 {} 14 {} 19 C {} 24 {} 28 {} 32 Z",
                x(5.0),
                x(16.0),
                x(26.0),
                x(26.0),
                x(20.0),
                x(14.0),
                x(11.0),
                x(9.0),
                x(7.0),
                x(5.0)
            )),
            INK,
            0.4,
        );
    }
    pen.body(rounded(43.0, 28.0, 14.0, 10.0, 4.0), ribbon.lift(0.02));
    pen.tint(rounded(10.0, 37.2, 80.0, 1.5, 0.7), PAPER, 0.45);
}

pub(super) fn clock(pen: &mut Pen<'_>) {
    let shell = pen.main(pen.look.accent);
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        pen.line(&format!("M {} 84 L {} 95", x(26.0), x(34.0)), 5.0, INK.lift(0.1), 1.0);
        pen.part(
            &format!(
                "M {} 20 C {} 6 {} 8 {} 14 C {} 22 {} 26 {} 28 Z",
                x(8.0),
                x(18.0),
                x(34.0),
                x(36.0),
                x(38.0),
                x(34.0),
                x(30.0)
            ),
            shell.lift(-0.06),
        );
    }
    pen.body(rounded(47.0, 6.0, 6.0, 12.0, 2.0), STEEL);
    pen.body(circle(50.0, 54.0, 40.0), shell);
    pen.body(circle(50.0, 54.0, 34.0), shell.lift(-0.22));
    pen.body(circle(50.0, 54.5, 32.6), PAPER);
    for i in 0..12 {
        let a = i as f32 * std::f32::consts::FRAC_PI_6;
        let long = if i % 3 == 0 { 22.5 } else { 25.5 };
        let at = |r: f32| (50.0 + r * a.cos(), 54.5 + r * a.sin());
        let (from, to) = (at(long), at(29.0));
        pen.line(
            &format!("M {} {} L {} {}", from.0, from.1, to.0, to.1),
            if i % 3 == 0 { 2.2 } else { 1.2 },
            INK,
            0.9,
        );
    }
    pen.line("M 50 54.5 L 36 42", 3.4, INK, 1.0);
    pen.line("M 50 54.5 L 64 34", 2.4, INK, 1.0);
    pen.line("M 46 60 L 60 78", 1.0, lch(0.58, 0.2, 27.0), 1.0);
    pen.body(circle(50.0, 54.5, 3.0), shell);
    pen.tint(outline("M 22 46 C 26 32 38 24 50 23.4 C 40 28 32 36 29 50 Z"), PAPER, 0.8);
}
