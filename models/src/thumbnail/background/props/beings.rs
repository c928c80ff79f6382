//! Tree, cat and pumpkin.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline};
use super::super::sprite::Pen;
use super::{INK, PAPER};

pub(super) fn tree(pen: &mut Pen<'_>) {
    let leaf = pen.main(lch(0.55, 0.13, 140.0));
    pen.part("M 44 96 C 47 82 46 70 40 58 L 45 56 C 48 62 49 64 50 66 C 52 60 54 54 60 48 L 63 51 C 56 60 54 72 57 96 C 60 97 41 97 44 96 Z", lch(0.4, 0.07, 50.0));
    let crowns = [
        (30.0, 54.0, 19.0, -0.14),
        (70.0, 54.0, 18.0, -0.16),
        (50.0, 58.0, 17.0, -0.17),
        (22.0, 40.0, 17.0, -0.06),
        (78.0, 40.0, 16.0, -0.1),
        (50.0, 44.0, 22.0, -0.05),
        (35.0, 26.0, 18.0, 0.03),
        (64.0, 26.0, 18.0, 0.0),
        (48.0, 18.0, 15.0, 0.08),
    ];
    for (x, y, r, lift) in crowns {
        let colour = pen.look.natural(leaf.lift(lift));
        let stops = [
            (0.0, colour.lift(0.13).turn(-12.0), 1.0),
            (0.6, colour, 1.0),
            (1.0, colour.lift(-0.12).turn(14.0), 1.0),
        ];
        pen.fill(circle(x, y, r), &Ink::radial((x - r * 0.35, y - r * 0.45), r * 1.5, &stops));
        for i in 0..9 {
            let a = i as f32 * 0.698 + x;
            let d = r * (0.45 + 0.5 * ((i * 5) % 9) as f32 / 9.0);
            let (u, v) = (x + d * a.cos(), y + d * a.sin());
            let high = v < y;
            let fleck = if high { leaf.lift(lift + 0.16) } else { leaf.lift(lift - 0.12) };
            pen.tint(ellipse(u, v, r * 0.16, r * 0.1), fleck, 0.6);
        }
    }
    for (x, y) in [(28.0, 46.0), (66.0, 44.0), (45.0, 34.0), (74.0, 52.0), (38.0, 60.0)] {
        pen.body(circle(x, y, 2.6), pen.look.accent);
    }
}

pub(super) fn cat(pen: &mut Pen<'_>) {
    let fur = pen.main(lch(0.62, 0.1, 62.0));
    let tail = "M 72 90 C 96 92 98 70 88 62 C 84 58 80 62 83 66";
    pen.line(tail, 9.0, fur.lift(-0.12), 1.0);
    pen.line("M 74 88 C 92 90 94 72 87 64", 3.0, fur.lift(0.06), 0.8);
    pen.part("M 30 94 C 22 80 26 58 38 50 L 62 50 C 74 58 78 80 70 94 C 66 97 34 97 30 94 Z", fur);
    pen.part("M 40 60 C 38 72 40 84 50 88 C 60 84 62 72 60 60 Z", lch(0.92, 0.03, 80.0));
    for x in [40.0, 60.0] {
        pen.part(
            &format!(
                "M {} 72 C {} 82 {} 92 {} 96 L {} 96 C {} 92 {} 82 {} 72 Z",
                x - 5.0,
                x - 6.0,
                x - 7.0,
                x - 6.0,
                x + 6.0,
                x + 7.0,
                x + 6.0,
                x + 5.0
            ),
            fur.lift(0.03),
        );
        pen.body(ellipse(x, 94.0, 6.6, 3.6), lch(0.92, 0.03, 80.0));
        for toe in [-2.0, 2.0] {
            pen.line(&format!("M {} 92.6 L {} 95.6", x + toe, x + toe), 0.6, INK, 0.5);
        }
    }
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        pen.part(
            &format!(
                "M {} 30 C {} 18 {} 8 {} 3 C {} 6 {} 12 {} 18 Z",
                x(28.0),
                x(28.0),
                x(27.0),
                x(24.0),
                x(18.0),
                x(10.0),
                x(6.0)
            ),
            fur,
        );
        pen.part(
            &format!(
                "M {} 25 C {} 18 {} 12 {} 9 C {} 12 {} 16 {} 19 Z",
                x(24.0),
                x(25.0),
                x(24.6),
                x(23.0),
                x(18.0),
                x(14.0),
                x(11.0)
            ),
            lch(0.74, 0.08, 15.0),
        );
    }
    pen.part(
        "M 50 13 C 72 13 82 26 81 39 C 80 53 66 60 50 60 C 34 60 20 53 19 39 C 18 26 28 13 50 13 Z",
        fur.lift(0.02),
    );
    for (a, b, c) in [(42.0, 41.0, 44.0), (50.0, 50.0, 50.0), (58.0, 59.0, 56.0)] {
        pen.tint(
            outline(&format!(
                "M {a} 14 C {} 20 {} 22 {c} 25 C {} 20 {} 18 {} 14 Z",
                b - 1.4,
                b - 1.0,
                b + 1.4,
                b + 1.6,
                a + 2.6
            )),
            INK,
            0.4,
        );
    }
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        for y in [40.0, 45.0] {
            pen.tint(
                outline(&format!("M {} {y} L {} {} L {} {} Z", x(31.0), x(23.0), y + 1.0, x(30.0), y + 2.6)),
                INK,
                0.35,
            );
        }
        pen.body(ellipse(x(14.0), 36.0, 7.2, 7.6), lch(0.82, 0.15, 110.0));
        pen.fill(ellipse(x(14.0), 36.0, 3.4, 6.6), &Ink::flat(INK.lift(-0.1), 1.0));
        pen.fill(circle(x(14.0) - 1.8, 33.0, 1.9), &Ink::flat(PAPER, 0.95));
        pen.fill(circle(x(14.0) + 1.6, 39.4, 0.9), &Ink::flat(PAPER, 0.6));
        pen.body(ellipse(x(5.6), 50.0, 7.2, 5.4), lch(0.93, 0.03, 80.0));
        for (dy, tip) in [(-1.5, -4.0), (1.0, 0.5), (3.2, 5.0)] {
            pen.line(
                &format!(
                    "M {} {} C {} {} {} {} {} {}",
                    x(9.0),
                    50.0 + dy,
                    x(20.0),
                    49.0 + dy,
                    x(28.0),
                    49.0 + tip,
                    x(38.0),
                    51.0 + tip
                ),
                0.5,
                PAPER,
                0.85,
            );
        }
    }
    pen.part(
        "M 46 45 C 48 44 52 44 54 45 C 53 48 51 49.6 50 49.6 C 49 49.6 47 48 46 45 Z",
        lch(0.62, 0.11, 12.0),
    );
    pen.line("M 50 49.6 C 50 53 46 54.4 43.6 53", 0.8, INK, 0.75);
    pen.line("M 50 49.6 C 50 53 54 54.4 56.4 53", 0.8, INK, 0.75);
    pen.part("M 33 57.4 C 42 62.6 58 62.6 67 57.4 L 66 62 C 57 67 43 67 34 62 Z", pen.look.accent);
    pen.body(circle(50.0, 66.4, 3.6), lch(0.84, 0.14, 88.0));
}

pub(super) fn pumpkin(pen: &mut Pen<'_>) {
    let skin = pen.main(lch(0.66, 0.17, 52.0));
    for (x, rx, lift) in [
        (18.0, 17.0, -0.15),
        (82.0, 17.0, -0.18),
        (31.0, 20.0, -0.06),
        (69.0, 20.0, -0.09),
        (50.0, 20.0, 0.02),
    ] {
        let colour = pen.look.natural(skin.lift(lift));
        let stops = [
            (0.0, colour.lift(0.14).turn(14.0), 1.0),
            (0.5, colour, 1.0),
            (1.0, colour.lift(-0.2).turn(-12.0), 1.0),
        ];
        pen.fill(ellipse(x, 62.0, rx, 33.0), &Ink::radial((x - rx * 0.3, 46.0), 46.0, &stops));
        pen.tint(
            outline(&format!(
                "M {} 40 C {} 52 {} 72 {} 84 C {} 72 {} 52 {} 40 Z",
                x - rx * 0.4,
                x - rx * 0.75,
                x - rx * 0.75,
                x - rx * 0.4,
                x - rx * 0.6,
                x - rx * 0.58,
                x - rx * 0.3
            )),
            PAPER,
            0.2,
        );
    }
    pen.part("M 45 32 C 46 24 44 18 36 14 L 42 8 C 52 14 55 22 55 32 Z", lch(0.46, 0.09, 125.0));
    let lamp = [
        (0.0, lch(0.96, 0.12, 95.0), 1.0),
        (0.5, lch(0.85, 0.17, 78.0), 1.0),
        (1.0, lch(0.66, 0.19, 48.0), 1.0),
    ];
    let light = Ink::radial((50.0, 72.0), 40.0, &lamp);
    for face in [
        "M 24 56 L 33 42 L 43 57 C 36 60 30 60 24 56 Z",
        "M 57 57 L 67 42 L 76 56 C 70 60 64 60 57 57 Z",
        "M 46 66 L 50 59 L 54 66 Z",
        "M 18 68 C 26 73 30 73 34 73 L 37 79 L 42 74.6 C 48 75.4 52 75.4 58 74.6 L 63 79 L 66 73 C 70 73 74 73 82 68 C 78 82 70 89 62 90.6 L 58 84 L 52 91.6 C 50 92 48 92 46 91.6 L 41 84.6 L 37 90.4 C 28 88 21 81 18 68 Z",
    ] {
        pen.stroke(outline(face), 2.0, &Ink::flat(lch(0.3, 0.09, 40.0), 0.9));
        pen.fill(outline(face), &light);
    }
}
