//! Bread, coffee, cake and a pot.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{ellipse, outline};
use super::super::sprite::Pen;
use super::{INK, PAPER, STEEL, steam};

pub(super) fn bread(pen: &mut Pen<'_>) {
    let crust = lch(0.63, 0.13, 61.0);
    let flour = lch(0.95, 0.03, 85.0);
    steam(pen, 50.0, 46.0);
    pen.part(
        "M 3 91 C 2 87 8 86 14 86 L 86 86 C 92 86 98 87 97 91 C 97 96 92 96 88 96 L 12 96 C 8 96 3 96 3 91 Z",
        lch(0.45, 0.08, 52.0),
    );
    pen.line("M 9 91 C 30 90 60 92 92 90.5", 0.5, INK, 0.3);
    pen.line("M 14 93.5 C 40 92.5 66 94.5 86 93", 0.4, INK, 0.25);
    pen.tint(ellipse(50.0, 88.0, 44.0, 3.5), INK, 0.5);
    let loaf = "M 7 75 C 6 58 24 44 50 44 C 76 44 94 58 93 75 C 93 85 86 88.5 76 88.5 L 24 88.5 C 14 88.5 7 85 7 75 Z";
    pen.part(loaf, crust);
    pen.tint(
        outline(
            "M 7 75 C 8 82 20 81 50 81 C 80 81 92 82 93 75 C 94 90 86 89 76 89 L 24 89 C 14 89 6 90 7 75 Z",
        ),
        lch(0.3, 0.07, 42.0),
        0.5,
    );
    pen.tint(
        outline("M 16 62 C 24 51 38 47 50 47 C 64 47 76 51 84 60 C 72 54 62 52 50 52 C 38 52 26 55 16 62 Z"),
        lch(0.82, 0.1, 72.0),
        0.5,
    );
    for (x, lean) in [(24.0, 5.0), (40.0, 7.0), (57.0, 7.0), (73.0, 5.0)] {
        let top = 49.5 + (x - 49.0_f32).abs() * 0.14;
        let cut = format!(
            "M {} {top} C {} {} {} {} {} 77 C {} {} {} {} {} {top} Z",
            x + lean,
            x + lean + 4.0,
            top + 9.0,
            x + 3.0,
            70.0,
            x - lean + 1.0,
            x - lean - 5.0,
            68.0,
            x - 2.0,
            top + 8.0,
            x + lean
        );
        pen.tint(outline(&cut), lch(0.34, 0.08, 45.0), 0.55);
        let crumb = format!(
            "M {} {} C {} {} {} {} {} 75 C {} {} {} {} {} {} Z",
            x + lean,
            top + 1.0,
            x + lean + 2.6,
            top + 9.0,
            x + 2.0,
            69.0,
            x - lean + 1.0,
            x - lean - 3.0,
            67.0,
            x - 1.0,
            top + 8.0,
            x + lean,
            top + 1.0
        );
        pen.tint(outline(&crumb), lch(0.86, 0.075, 80.0), 0.95);
        pen.line(
            &format!(
                "M {} {} C {} {} {} {} {} 76",
                x + lean,
                top + 0.8,
                x + lean + 3.6,
                top + 9.0,
                x + 3.0,
                70.0,
                x - lean + 1.0
            ),
            0.9,
            lch(0.9, 0.07, 80.0),
            0.7,
        );
    }
    for (x, y, r) in [
        (30.0, 58.0, 1.0),
        (46.0, 55.0, 0.8),
        (64.0, 60.0, 1.1),
        (82.0, 68.0, 0.9),
        (17.0, 70.0, 0.8),
        (49.0, 66.0, 0.7),
        (66.0, 72.0, 0.7),
    ] {
        pen.tint(ellipse(x, y, r * 1.6, r), flour, 0.6);
    }
    for (x, tip) in [(88.0, 60.0), (94.0, 66.0)] {
        pen.line(
            &format!("M {} 93 C {} 84 {x} 76 {x} {tip}", x - 12.0, x - 6.0),
            0.8,
            lch(0.74, 0.11, 85.0),
            1.0,
        );
        for i in 0..6 {
            let y = tip + i as f32 * 3.2;
            for side in [-1.0, 1.0] {
                let ear = format!(
                    "M {x} {y} C {} {} {} {} {x} {} Z",
                    x + side * 4.0,
                    y - 1.0,
                    x + side * 4.0,
                    y - 4.5,
                    y - 5.0
                );
                pen.part(&ear, lch(0.78, 0.13, 82.0));
            }
        }
    }
}

pub(super) fn coffee(pen: &mut Pen<'_>) {
    let china = pen.main(PAPER);
    steam(pen, 44.0, 38.0);
    pen.body(ellipse(46.0, 90.0, 44.0, 7.5), china.lift(-0.04));
    pen.tint(ellipse(46.0, 88.4, 31.0, 4.4), INK, 0.35);
    let handle = "M 74 52 C 94 48 96 76 69 77";
    pen.line(handle, 8.0, china.lift(-0.1), 1.0);
    pen.line(handle, 5.0, china.lift(0.02), 1.0);
    pen.part("M 12 43 L 80 43 C 80 66 74 86 60 89 L 32 89 C 18 86 12 66 12 43 Z", china);
    pen.tint(outline("M 62 43 L 80 43 C 80 66 74 86 60 89 L 50 89 C 60 80 63 62 62 43 Z"), INK, 0.2);
    pen.tint(outline("M 18 50 C 19 64 23 76 29 83 C 22 76 17 64 16 50 Z"), PAPER, 0.85);
    pen.body(ellipse(46.0, 43.0, 34.0, 8.0), china.lift(0.02));
    pen.body(ellipse(46.0, 43.8, 30.5, 6.4), lch(0.36, 0.07, 50.0));
    let crema = lch(0.72, 0.09, 68.0);
    pen.tint(
        outline("M 22 44 C 24 39 40 38 46 41 C 52 38 68 39 70 44 C 66 49 52 50 46 50 C 40 50 26 49 22 44 Z"),
        crema,
        0.75,
    );
    let foam = lch(0.93, 0.04, 82.0);
    pen.tint(outline("M 46 48.6 C 36 46 33 42.6 37 41.4 C 41 40.4 44 41.6 46 43 C 48 41.6 51 40.4 55 41.4 C 59 42.6 56 46 46 48.6 Z"), foam, 0.95);
    for (x, y) in [(88.0, 93.0), (95.0, 89.0), (83.0, 96.0)] {
        pen.body(ellipse(x, y, 4.4, 3.0), lch(0.36, 0.065, 48.0));
        pen.line(
            &format!(
                "M {} {} C {} {} {} {} {} {}",
                x - 3.4,
                y + 0.6,
                x - 1.0,
                y - 1.2,
                x + 1.0,
                y + 1.0,
                x + 3.4,
                y - 0.8
            ),
            0.8,
            INK,
            0.8,
        );
    }
}

pub(super) fn cake(pen: &mut Pen<'_>) {
    let sponge = lch(0.74, 0.1, 72.0);
    let cream = pen.main(lch(0.88, 0.075, 5.0));
    let plate = PAPER;
    pen.body(ellipse(50.0, 92.0, 46.0, 6.0), plate.lift(-0.06));
    pen.body(ellipse(50.0, 90.5, 40.0, 4.4), plate);
    pen.part("M 16 60 L 84 60 L 84 86 C 84 94 16 94 16 86 Z", sponge);
    pen.part("M 16 70 C 30 78 70 78 84 70 L 84 76 C 70 84 30 84 16 76 Z", cream);
    pen.part("M 26 42 L 74 42 L 74 62 C 74 68 26 68 26 62 Z", sponge.lift(-0.02));
    pen.part("M 14 58 C 14 48 86 48 86 58 C 86 66 82 70 79 65 C 77 74 69 74 68 66 C 65 78 56 77 55 68 C 52 76 44 76 43 68 C 40 80 31 77 31 67 C 28 73 22 72 21 65 C 17 69 14 65 14 58 Z", cream);
    pen.part("M 24 41 C 24 32 76 32 76 41 C 76 48 72 51 70 47 C 68 55 61 54 60 48 C 57 58 50 56 49 49 C 46 56 39 55 38 48 C 35 54 30 53 29 47 C 26 50 24 47 24 41 Z", cream.lift(0.04));
    for (x, y) in [(31.0, 36.0), (43.0, 34.0), (57.0, 34.0), (69.0, 36.0)] {
        pen.body(ellipse(x, y, 4.8, 4.4), lch(0.52, 0.19, 22.0));
        pen.tint(ellipse(x - 1.4, y - 1.6, 1.4, 1.0), PAPER, 0.8);
    }
    for (x, hue) in [(37.0, 230.0), (50.0, 95.0), (63.0, 160.0)] {
        pen.part(
            &format!("M {} 34 L {} 17 L {} 17 L {} 34 Z", x - 1.5, x - 1.5, x + 1.5, x + 1.5),
            lch(0.78, 0.11, hue),
        );
        let flame = [
            (0.0, lch(0.97, 0.08, 95.0), 0.9),
            (0.4, lch(0.84, 0.16, 75.0), 0.5),
            (1.0, lch(0.75, 0.17, 55.0), 0.0),
        ];
        pen.fill(ellipse(x, 12.0, 7.0, 8.0), &Ink::radial((x, 12.0), 8.0, &flame));
        pen.part(
            &format!(
                "M {x} 6 C {} 11 {} 16 {x} 16 C {} 16 {} 11 {x} 6 Z",
                x + 4.0,
                x + 3.0,
                x - 3.0,
                x - 4.0
            ),
            lch(0.92, 0.14, 90.0),
        );
    }
    for (i, x) in [22.0, 33.0, 47.0, 60.0, 71.0, 79.0].into_iter().enumerate() {
        pen.tint(ellipse(x, 58.0 + (i % 2) as f32 * 3.0, 1.5, 0.8), lch(0.75, 0.14, i as f32 * 70.0), 0.9);
    }
}

pub(super) fn pot(pen: &mut Pen<'_>) {
    let enamel = pen.main(lch(0.54, 0.17, 28.0));
    steam(pen, 50.0, 34.0);
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        let handle = format!("M {} 56 C {} 54 {} 68 {} 68", x(36.0), x(50.0), x(50.0), x(36.0));
        pen.line(&handle, 5.0, enamel.lift(-0.16), 1.0);
        pen.line(&handle, 2.4, enamel.lift(0.06), 1.0);
    }
    pen.part("M 14 48 L 86 48 L 84 84 C 83 93 76 95 70 95 L 30 95 C 24 95 17 93 16 84 Z", enamel);
    pen.tint(outline("M 20 53 L 26 53 L 29 88 C 24 88 22 86 21.6 82 Z"), PAPER, 0.35);
    pen.tint(outline("M 14 48 L 86 48 L 85.6 55 L 14.4 55 Z"), INK, 0.28);
    pen.part("M 12 47 C 12 35 32 31 50 31 C 68 31 88 35 88 47 C 88 50 12 50 12 47 Z", enamel.lift(0.03));
    pen.tint(outline("M 20 42 C 26 35 40 33.5 50 33.5 C 40 36 28 39 22 44 Z"), PAPER, 0.55);
    pen.line("M 12.5 48 L 87.5 48", 1.4, STEEL, 0.9);
    pen.body(ellipse(50.0, 28.5, 6.0, 4.0), STEEL);
    pen.part("M 46 31 L 54 31 L 53 34 L 47 34 Z", STEEL.lift(-0.2));
}
