//! Rocket, car, plane and a tent.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline, rounded};
use super::super::sprite::Pen;
use super::{INK, PAPER, STEEL};

pub(super) fn rocket(pen: &mut Pen<'_>) {
    let mark = pen.main(lch(0.6, 0.2, 28.0));
    let fire = [
        (0.0, lch(0.96, 0.1, 95.0), 0.95),
        (0.3, lch(0.82, 0.17, 72.0), 0.75),
        (0.65, lch(0.66, 0.2, 40.0), 0.4),
        (1.0, lch(0.55, 0.18, 25.0), 0.0),
    ];
    pen.fill(
        outline("M 38 72 C 30 84 40 92 50 100 C 60 92 70 84 62 72 Z"),
        &Ink::radial((50.0, 73.0), 28.0, &fire),
    );
    pen.fill(
        outline("M 43 72 C 40 80 46 86 50 92 C 54 86 60 80 57 72 Z"),
        &Ink::fade(72.0, 92.0, lch(0.98, 0.05, 95.0), lch(0.84, 0.17, 80.0)),
    );
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        pen.part(
            &format!(
                "M {} 50 C {} 56 {} 70 {} 82 C {} 76 {} 72 {} 70 Z",
                x(15.0),
                x(27.0),
                x(31.0),
                x(28.0),
                x(22.0),
                x(18.0),
                x(13.0)
            ),
            mark.lift(if side > 0.0 { -0.1 } else { 0.0 }),
        );
    }
    pen.part(
        "M 50 2 C 66 16 70 34 67 54 C 66 62 63 69 61 72 L 39 72 C 37 69 34 62 33 54 C 30 34 34 16 50 2 Z",
        PAPER,
    );
    let side = [(0.0, INK, 0.28), (0.2, PAPER, 0.5), (0.4, PAPER, 0.0), (0.6, INK, 0.0), (1.0, INK, 0.5)];
    let hull =
        "M 50 2 C 66 16 70 34 67 54 C 66 62 63 69 61 72 L 39 72 C 37 69 34 62 33 54 C 30 34 34 16 50 2 Z";
    pen.fill(outline(hull), &Ink::line((33.0, 0.0), (67.0, 0.0), &side).inside());
    pen.tint(outline("M 50 1 C 60 9 64 18 66 25 C 56 22 44 22 34 25 C 36 18 40 9 50 1 Z"), mark, 0.95);
    pen.tint(outline("M 50 1 C 54 5 57 9 59 13 C 62 18 63 22 64 25 L 57 23.4 C 57 15 54 8 50 1 Z"), INK, 0.3);
    pen.tint(outline("M 34 60 C 44 63 56 63 66 60 L 65 64.5 C 56 67 44 67 35 64.5 Z"), mark, 0.95);
    pen.body(circle(50.0, 39.0, 9.6), STEEL);
    pen.body(circle(50.0, 39.0, 7.2), lch(0.5, 0.12, 240.0));
    pen.tint(
        outline("M 44.6 38 C 45 34 49 32.4 52 33.2 C 48.6 35 47 38 46.6 42 C 45.2 41.4 44.5 40 44.6 38 Z"),
        PAPER,
        0.8,
    );
    pen.part("M 48 52 L 52 52 C 53 62 53 74 50 84 C 47 74 47 62 48 52 Z", mark.lift(0.04));
    pen.body(rounded(41.0, 71.0, 18.0, 4.0, 1.4), INK.lift(0.14));
}

pub(super) fn car(pen: &mut Pen<'_>) {
    let paint = pen.main(lch(0.56, 0.2, 28.0));
    let body = "M 3 76 C 2 68 5 62 12 60 C 20 58 25 57 29 55 C 36 46 44 42 56 42 C 68 42 76 48 83 57 C 90 58 96 61 97 67 C 98 73 98 79 96 82 L 5 82 C 3 81 3 79 3 76 Z";
    pen.part(body, paint);
    pen.tint(outline("M 3 74 C 30 70 70 70 97.6 74 C 98 78 97 82 96 83 L 5 83 C 3 81 3 79 3 74 Z"), INK, 0.4);
    pen.tint(
        outline("M 6 65 C 20 60 34 59 50 59 C 68 59 84 60 95 64 C 80 62.4 66 62 50 62 C 34 62 18 63 6 67 Z"),
        PAPER,
        0.6,
    );
    pen.part("M 33 56 C 39 48 45 45.4 54 45 L 54 57.5 L 31 58.5 Z", lch(0.32, 0.04, 240.0));
    pen.part("M 57 45 C 67 45 73 50 78 57 L 57 57.6 Z", lch(0.3, 0.04, 240.0));
    pen.tint(outline("M 38 52 C 42 48 46 46.6 50 46 L 43 57.6 L 35 58 Z"), lch(0.88, 0.04, 220.0), 0.5);
    pen.tint(outline("M 60 45.4 C 64 45.8 67 47 69 48.6 L 65 57.4 L 60 57.4 Z"), lch(0.88, 0.04, 220.0), 0.3);
    pen.line("M 55.4 58 L 55 80", 0.6, INK, 0.6);
    pen.line("M 60 63.5 L 66 63.2", 1.3, STEEL, 0.9);
    pen.tint(outline("M 94 63 C 97 65 98 68 97.6 70 L 91 68.6 Z"), lch(0.62, 0.22, 25.0), 1.0);
    pen.tint(outline("M 4 66 C 7 62.4 12 62 15 63 C 13 66.4 9 68.4 3.6 69.4 Z"), lch(0.98, 0.05, 95.0), 1.0);
    let beam = [(0.0, lch(0.97, 0.07, 95.0), 0.9), (1.0, lch(0.97, 0.07, 95.0), 0.0)];
    pen.fill(circle(8.0, 66.0, 12.0), &Ink::radial((8.0, 66.0), 12.0, &beam).screen());
    for x in [23.0, 77.0] {
        pen.fill(
            outline(&format!("M {} 83 C {} 64 {} 64 {} 83 Z", x - 14.0, x - 12.0, x + 12.0, x + 14.0)),
            &Ink::flat(INK.lift(-0.12), 0.9),
        );
        pen.body(circle(x, 82.0, 11.6), INK.lift(0.02));
        pen.body(circle(x, 82.0, 7.6), STEEL);
        pen.body(circle(x, 82.0, 6.4), STEEL.lift(-0.3));
        for i in 0..5 {
            let a = i as f32 * 1.256_6 - 1.57;
            pen.line(&format!("M {x} 82 L {} {}", x + 6.4 * a.cos(), 82.0 + 6.4 * a.sin()), 2.0, STEEL, 1.0);
        }
        pen.body(circle(x, 82.0, 1.7), INK);
    }
    pen.tint(outline("M 36 47 C 44 42.6 60 41.4 70 46.4 C 60 43.6 46 44 38 48 Z"), PAPER, 0.7);
}

pub(super) fn plane(pen: &mut Pen<'_>) {
    let mark = pen.main(pen.look.accent);
    let skin = PAPER;
    pen.part("M 46 46 L 30 12 L 37 11 L 64 44 Z", skin.lift(-0.14));
    pen.part("M 12 48 L 3 26 L 11 25 L 24 45 Z", mark);
    pen.part("M 9 52 L 1 46 L 6 45 L 20 50 Z", skin.lift(-0.16));
    let hull = "M 8 47 C 26 40 62 38 82 42 C 92 44 98 48 98 51 C 98 55 90 59 80 60 C 60 62 30 61 14 55 C 9 53 6 49 8 47 Z";
    pen.part(hull, skin);
    pen.tint(
        outline("M 8 49 C 26 54 70 55 98 51 C 98 55 90 59 80 60 C 60 62 30 61 14 55 C 10 53 8 51 8 49 Z"),
        lch(0.5, 0.04, 250.0),
        0.45,
    );
    pen.tint(outline("M 8 49 C 30 53.6 70 54.4 97.6 50 L 97.8 51.6 C 70 56 30 55.4 9 50.6 Z"), mark, 0.95);
    pen.tint(
        outline("M 85 43.4 C 89 44.4 92 45.8 93.6 47.2 L 86 47.6 C 84.6 46.4 84.4 44.8 85 43.4 Z"),
        INK,
        0.85,
    );
    for i in 0..13 {
        pen.tint(rounded(27.0 + i as f32 * 4.1, 45.2, 1.9, 2.7, 0.9), lch(0.42, 0.06, 245.0), 0.9);
    }
    pen.part("M 58 53 L 30 92 L 39 92 L 74 55 Z", skin.lift(-0.02));
    pen.tint(outline("M 58 53 L 30 92 L 33 92 L 64 54 Z"), INK, 0.3);
    pen.part("M 55 70 C 60 67 68 68 69 71 C 68 75 60 76 55 75 Z", STEEL.lift(-0.1));
    pen.tint(ellipse(68.0, 71.4, 1.2, 2.6), INK, 0.9);
    pen.tint(outline("M 20 44.4 C 40 40.4 64 39.8 80 42.4 C 62 41.4 40 42.4 22 46 Z"), PAPER, 0.9);
}

pub(super) fn tent(pen: &mut Pen<'_>) {
    let cloth = pen.main(lch(0.7, 0.16, 60.0));
    pen.line("M 50 22 L 98 92", 0.6, PAPER, 0.7);
    pen.line("M 50 22 L 3 92", 0.6, PAPER, 0.7);
    pen.part("M 50 18 L 90 92 L 74 95 Z", cloth.lift(-0.2));
    pen.part("M 50 18 L 10 92 L 74 95 Z", cloth);
    pen.tint(outline("M 50 18 L 10 92 L 22 92.6 Z"), PAPER, 0.28);
    pen.part("M 48 34 C 44 56 36 76 30 93 L 62 94.4 C 58 76 52 54 48 34 Z", INK);
    let lamp = [
        (0.0, lch(0.96, 0.1, 90.0), 1.0),
        (0.45, lch(0.82, 0.16, 72.0), 0.75),
        (1.0, lch(0.55, 0.14, 50.0), 0.1),
    ];
    pen.fill(
        outline("M 48 34 C 44 56 36 76 30 93 L 62 94.4 C 58 76 52 54 48 34 Z"),
        &Ink::radial((46.0, 82.0), 44.0, &lamp).inside(),
    );
    pen.part("M 48 34 C 42 52 30 70 22 92.6 L 32 93 C 38 76 45 56 48 34 Z", cloth.lift(0.06));
    pen.part("M 48 34 C 53 54 60 72 70 95 L 60 94.4 C 56 76 51 54 48 34 Z", cloth.lift(-0.1));
    pen.line("M 50 18 L 50 10", 1.2, STEEL, 1.0);
    pen.part("M 50 8 L 62 11.6 L 50 15.4 Z", pen.look.accent);
    pen.body(ellipse(46.0, 87.0, 3.0, 4.0), lch(0.95, 0.1, 90.0));
    for x in [3.0, 10.0, 74.0, 90.0, 97.0] {
        pen.line(&format!("M {x} 91 L {} 97", x + 1.0), 1.0, STEEL, 0.9);
    }
}
