//! Layers of cut paper, each with its shadow on the one below.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::lerp;
use super::super::look::Look;
use super::super::noise::Dice;
use super::super::shape;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let (x, y) = frame.focus;
    let stops = [(0.0, look.tone(0.96), 1.0), (1.0, look.tone(0.8), 1.0)];
    canvas.wash((x, y), (frame.w - x, frame.h), &stops);
    canvas.glow((x, y), unit * 44.0, unit * 40.0, look.light, 0.6);
    let layers = 8;
    let reach = frame.w.hypot(frame.h) * 0.66;
    for layer in 0..layers {
        let t = (layer + 1) as f32 / layers as f32;
        // Each sheet has a hole around the focus; the nearest sheet has the widest one.
        let radius = lerp(unit * 20.0, reach, t.powf(1.25));
        let noise = dice.noise();
        let turn = dice.range(0.0, std::f32::consts::TAU);
        let hole: Vec<(f32, f32)> = (0..72)
            .map(|i| i as f32 / 72.0 * std::f32::consts::TAU)
            .map(|a| {
                let (u, v) = ((a + turn).cos() * 2.3, (a + turn).sin() * 2.3);
                let r = radius * (0.58 + 0.84 * noise.fbm(u + 5.0, v + 5.0, 2));
                (x + r * a.cos() * 1.12, y + r * a.sin() * 0.86)
            })
            .collect();
        sheet(canvas, look, &hole, lerp(0.8, 0.04, t.powf(0.85)));
    }
}

fn sheet(canvas: &mut Canvas, look: &Look, hole: &[(f32, f32)], body: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    // The sheet covers the outer half of each of these lines; the inner half is its shadow.
    let cast: Vec<(f32, f32)> = hole.iter().map(|(x, y)| (x + unit * 0.3, y + unit * 0.8)).collect();
    for (width, alpha) in [(5.4, 0.08), (3.6, 0.11), (2.0, 0.14)] {
        canvas.stroke(shape::curve(&cast, true), unit * width, &Ink::flat(look.tone(0.0), alpha));
    }
    let tone = look.tone(body);
    let ink = Ink::line(
        (0.0, 0.0),
        (frame.w * 0.4, frame.h),
        &[(0.0, look.tone(body + 0.06), 1.0), (1.0, tone.lift(-0.03), 1.0)],
    );
    canvas.fill(around(hole, frame.w, frame.h), &ink);
    let edge = Ink::down(
        0.0,
        frame.h,
        &[(0.0, tone.lift(0.02), 0.4), (0.5, tone.lift(0.12), 0.8), (1.0, tone.lift(0.25), 0.95)],
    );
    canvas.stroke(shape::curve(hole, true), unit * 0.14, &edge);
}

/// Everything but the hole.
fn around(hole: &[(f32, f32)], w: f32, h: f32) -> Option<tiny_skia::Path> {
    let inner = shape::curve(hole, true)?;
    let far = 8.0 * w.max(h);
    let mut builder = tiny_skia::PathBuilder::new();
    // The outer border runs against the hole's direction, so that the winding rule leaves the hole open.
    builder.move_to(-far, -far);
    builder.line_to(-far, far);
    builder.line_to(far, far);
    builder.line_to(far, -far);
    builder.close();
    builder.push_path(&inner);
    builder.finish()
}
