//! Football, dumbbell and trophy.

use super::super::canvas::Ink;
use super::super::colour::lch;
use super::super::shape::{circle, ellipse, outline, polygon, rect, rounded};
use super::super::sprite::Pen;
use super::{GOLD, INK, PAPER, STEEL};

pub(super) fn football(pen: &mut Pen<'_>) {
    let (x, y, r) = (50.0, 54.0, 42.0);
    let leather = pen.look.natural(PAPER);
    let stops = [
        (0.0, leather.lift(0.03), 1.0),
        (0.55, leather.lift(-0.06), 1.0),
        (0.85, leather.lift(-0.25), 1.0),
        (1.0, leather.lift(-0.42), 1.0),
    ];
    pen.fill(circle(x, y, r), &Ink::radial((x - 12.0, y - 16.0), 64.0, &stops));
    let patch = pen.main(INK);
    // A pentagon in the middle and five round it, foreshortened towards the rim.
    let pentagon = |cx: f32, cy: f32, size: f32, turn: f32, squash: f32, axis: f32| {
        let points: Vec<(f32, f32)> = (0..5)
            .map(|i| turn + i as f32 * 1.256_6)
            .map(|a| (size * a.cos(), size * a.sin()))
            .map(|(u, v)| {
                let (along, across) = (u * axis.cos() + v * axis.sin(), -u * axis.sin() + v * axis.cos());
                let along = along * squash;
                (cx + along * axis.cos() - across * axis.sin(), cy + along * axis.sin() + across * axis.cos())
            })
            .collect();
        points
    };
    let centre = pentagon(x - 2.0, y - 3.0, 14.0, -1.57, 1.0, 0.0);
    pen.tint(polygon(&centre), patch, 0.97);
    for (i, corner) in centre.iter().enumerate() {
        let a = -1.57 + i as f32 * 1.256_6;
        let (cx, cy) = (x + 35.5 * a.cos(), y + 35.5 * a.sin());
        let outer = pentagon(cx, cy, 14.0, a + std::f32::consts::PI, 0.55, a);
        pen.tint(polygon(&outer), patch, 0.97);
        let inner = (x + 28.0 * a.cos(), y + 28.0 * a.sin());
        let seam = lch(0.55, 0.01, 260.0);
        pen.line(&format!("M {} {} L {} {}", corner.0, corner.1, inner.0, inner.1), 0.9, seam, 0.8);
        let b = a + 0.628;
        let hub = (x + 30.0 * b.cos(), y + 30.0 * b.sin());
        let own = (x + 33.0 * (a + 0.24).cos(), y + 33.0 * (a + 0.24).sin());
        let other = (x + 33.0 * (a + 1.016).cos(), y + 33.0 * (a + 1.016).sin());
        for end in [own, other] {
            pen.line(&format!("M {} {} L {} {}", hub.0, hub.1, end.0, end.1), 0.9, seam, 0.7);
        }
        let rim = (x + 41.6 * b.cos(), y + 41.6 * b.sin());
        pen.line(&format!("M {} {} L {} {}", hub.0, hub.1, rim.0, rim.1), 0.9, seam, 0.7);
    }
    let shade = [(0.0, INK, 0.0), (0.6, INK, 0.0), (1.0, INK, 0.6)];
    pen.fill(circle(x, y, r), &Ink::radial((x - 10.0, y - 14.0), 60.0, &shade).inside());
    pen.tint(ellipse(x - 17.0, y - 24.0, 9.0, 5.0), PAPER, 0.45);
}

pub(super) fn dumbbell(pen: &mut Pen<'_>) {
    let rubber = lch(0.27, 0.012, 265.0);
    let mark = pen.main(pen.look.accent);
    pen.body(rounded(26.0, 62.0, 48.0, 8.0, 3.0), STEEL);
    for i in 0..11 {
        pen.tint(rect(37.0 + i as f32 * 2.4, 62.0, 0.9, 8.0), INK, 0.4);
    }
    for side in [-1.0, 1.0] {
        let x = |d: f32, w: f32| if side > 0.0 { 50.0 + d } else { 50.0 - d - w };
        pen.body(rounded(x(17.0, 5.0), 55.0, 5.0, 22.0, 1.5), STEEL.lift(-0.14));
        pen.body(rounded(x(21.0, 11.0), 36.0, 11.0, 60.0, 4.0), rubber.lift(0.05));
        pen.body(rounded(x(31.0, 10.0), 42.0, 10.0, 48.0, 4.0), rubber);
        pen.body(rounded(x(40.0, 6.0), 50.0, 6.0, 32.0, 3.0), rubber.lift(-0.04));
        pen.tint(rect(x(24.6, 2.2), 36.0, 2.2, 60.0), mark, 0.95);
        pen.tint(rounded(x(22.0, 1.3), 40.0, 1.3, 50.0, 0.6), PAPER, 0.4);
        pen.tint(rounded(x(32.0, 1.1), 46.0, 1.1, 38.0, 0.5), PAPER, 0.28);
        pen.body(rounded(x(46.0, 3.0), 62.0, 3.0, 8.0, 1.2), STEEL);
    }
    pen.tint(rounded(28.0, 63.0, 44.0, 1.4, 0.7), PAPER, 0.7);
}

pub(super) fn trophy(pen: &mut Pen<'_>) {
    let gold = pen.main(GOLD);
    for side in [-1.0, 1.0] {
        let x = |d: f32| 50.0 + side * d;
        let handle = format!("M {} 16 C {} 10 {} 44 {} 48", x(26.0), x(52.0), x(46.0), x(16.0));
        pen.line(&handle, 5.0, gold.lift(-0.2), 1.0);
        pen.line(&handle, 2.4, gold.lift(0.04), 1.0);
    }
    pen.part("M 22 8 L 78 8 C 78 36 72 54 56 60 L 44 60 C 28 54 22 36 22 8 Z", gold);
    let chrome = [
        (0.0, gold.lift(-0.25), 0.75),
        (0.18, PAPER, 0.6),
        (0.3, gold, 0.0),
        (0.62, gold, 0.0),
        (0.86, gold.lift(-0.35), 0.75),
        (1.0, gold.lift(-0.1), 0.4),
    ];
    pen.fill(
        outline("M 22 8 L 78 8 C 78 36 72 54 56 60 L 44 60 C 28 54 22 36 22 8 Z"),
        &Ink::line((24.0, 0.0), (78.0, 0.0), &chrome).inside(),
    );
    pen.body(ellipse(50.0, 8.5, 28.0, 4.2), gold.lift(0.06));
    pen.body(ellipse(50.0, 9.0, 24.5, 3.0), gold.lift(-0.32));
    pen.part("M 45 59 L 55 59 L 54 74 L 60 80 L 40 80 L 46 74 Z", gold.lift(-0.06));
    pen.body(ellipse(50.0, 66.0, 7.0, 2.6), gold.lift(0.03));
    pen.body(rounded(30.0, 79.0, 40.0, 17.0, 2.0), INK.lift(0.06));
    pen.body(rounded(38.0, 83.5, 24.0, 8.0, 1.0), gold.lift(-0.03));
    let star: Vec<(f32, f32)> = (0..10)
        .map(|i| (-1.57 + i as f32 * 0.628_3, if i % 2 == 0 { 11.0 } else { 4.6 }))
        .map(|(a, r): (f32, f32)| (50.0 + r * a.cos(), 31.0 + r * a.sin()))
        .collect();
    pen.tint(polygon(&star), gold.lift(-0.3), 0.8);
    pen.tint(
        polygon(&star.iter().map(|(x, y)| (x - 0.6, y - 0.9)).collect::<Vec<_>>()),
        gold.lift(0.13),
        0.95,
    );
}
