//! Trunks behind trunks, undergrowth, and shafts of light between them.

use super::super::canvas::{Canvas, Ink};
use super::super::colour::{lerp, smoothstep};
use super::super::look::Look;
use super::super::noise::{Dice, Field};
use super::super::shape;
use super::elements::Ridge;

pub(super) fn paint(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let floor = lerp(frame.horizon, frame.h, 0.3);
    let stops = [(0.0, look.tone(0.5), 1.0), (0.55, look.tone(0.82), 1.0), (1.0, look.tone(0.66), 1.0)];
    canvas.sky(floor, &stops);
    let light = (frame.focus.0, frame.h * 0.3);
    canvas.glow(light, unit * 75.0, unit * 60.0, look.light, 0.85 * look.glow);

    let layers = 5;
    for layer in 0..layers {
        let near = layer as f32 / (layers - 1) as f32;
        trunks(canvas, look, dice, near, floor);
        if layer == 1 || layer == 3 {
            leaves(canvas, look, dice, near);
        }
        let noise = dice.noise();
        let ground = Ridge {
            base: lerp(floor, frame.h * 1.02, near * 0.85) + unit * 2.0,
            rise: unit * lerp(4.0, 9.0, near),
            scale: unit * lerp(14.0, 22.0, near),
            sharp: false,
        };
        let body = lerp(0.6, 0.03, near.powf(0.7));
        ground.paint(canvas, noise, look.tone(body + 0.05), look.tone(body * 0.6));
        if layer + 1 < layers {
            canvas.haze(ground.base - unit * 2.0, unit * 16.0, look.tone(0.85), 0.35 * (1.0 - near));
            canvas.glow(light, unit * 46.0, unit * 38.0, look.light, 0.24 * look.glow * (1.0 - near * 0.6));
        }
    }
    grass(canvas, look, dice);
    canvas.rays(
        (light.0 + unit * 6.0, -unit * 18.0),
        unit * 120.0,
        look.light,
        0.5 * look.glow,
        dice.noise(),
    );
    for _ in 0..(34.0 * look.busy) as u32 {
        let at = (light.0 + dice.range(-45.0, 45.0) * unit, dice.range(0.25, 0.95) * frame.h);
        canvas.glow(at, unit * 1.1, unit * 1.1, look.light, dice.range(0.3, 0.9));
    }
}

fn trunks(canvas: &mut Canvas, look: &Look, dice: &mut Dice, near: f32, floor: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let count = (lerp(20.0, 5.0, near) * frame.w / (unit * 133.0) * look.busy.clamp(0.7, 1.2)) as u32 + 2;
    let body = lerp(0.64, 0.04, near.powf(0.65));
    for i in 0..count {
        let mut x = (i as f32 + dice.range(0.1, 0.9)) / count as f32 * frame.w;
        // The nearest trunks frame the light instead of standing before it.
        if near > 0.7 && (x - frame.focus.0).abs() < unit * 26.0 {
            x += unit * 34.0 * (x - frame.focus.0).signum();
        }
        let half = unit * lerp(0.5, 3.4, near * near) * dice.range(0.6, 1.25);
        let foot = lerp(floor, frame.h * 1.02, near * 0.85) + unit * 3.0;
        let lean = unit * dice.range(-2.5, 2.5) * (0.4 + near);
        let flare = half * 1.9;
        let points = [
            (x + lean - half * 0.55, -4.0),
            (x + lean + half * 0.55, -4.0),
            (x + half * 0.85, foot * 0.7),
            (x + half, foot - unit * 3.0 * (near + 0.2)),
            (x + flare, foot + unit * 2.0),
            (x - flare, foot + unit * 2.0),
            (x - half, foot - unit * 3.0 * (near + 0.2)),
            (x - half * 0.85, foot * 0.7),
        ];
        let dark = look.tone(body * 0.75);
        let lit = look.tone((body + 0.2).min(0.85));
        let (left, right) = if x > frame.focus.0 { (lit, dark) } else { (dark, lit) };
        // Far trunks are too slim to show their round.
        let ink = if near < 0.4 {
            Ink::flat(look.tone(body), 1.0)
        } else {
            Ink::line((x - half, 0.0), (x + half, 0.0), &[(0.0, left, 1.0), (1.0, right, 1.0)])
        };
        canvas.fill(shape::polygon(&points), &ink);
        for _ in 0..dice.whole(1, 4) {
            let y = dice.range(0.04, 0.5) * frame.h;
            let (side, reach) = (dice.sign(), unit * dice.range(4.0, 12.0) * (0.4 + near));
            let at = x + lean * (1.0 - y / foot);
            let branch =
                [(at, y), (at + side * reach * 0.5, y - reach * 0.25), (at + side * reach, y - reach * 0.7)];
            canvas.stroke(shape::curve(&branch, false), half * 0.28, &Ink::flat(look.tone(body * 0.8), 1.0));
        }
    }
}

/// Foliage hangs in from above.
fn leaves(canvas: &mut Canvas, look: &Look, dice: &mut Dice, near: f32) {
    let frame = canvas.frame;
    let unit = frame.unit;
    let noise = dice.noise();
    let scale = unit * lerp(9.0, 16.0, near);
    let field = Field::new(frame.w as usize, frame.h as usize, |x, y| {
        let high = 1.0 - smoothstep(-0.05, lerp(0.5, 0.3, near), y / frame.h);
        if high <= 0.0 {
            return 0.0;
        }
        let off = ((x - frame.focus.0) / (unit * 70.0)).abs().min(1.0);
        let open = lerp(0.45, 1.0, off);
        smoothstep(
            0.42,
            0.5,
            noise.fbm(x / scale, y / scale, 4)
                * (0.55 + 0.45 * high)
                * high.sqrt()
                * (0.7 + 0.6 * open)
                * 0.95,
        )
    });
    let body = look.tone(lerp(0.62, 0.06, near.powf(0.65)));
    canvas.cloud(&field, &[(0.0, body, 0.0), (1.0, body, 0.85)], false);
}

fn grass(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let frame = canvas.frame;
    let unit = frame.unit;
    for _ in 0..(170.0 * look.busy) as u32 {
        let x = dice.range(-0.02, 1.02) * frame.w;
        let height = unit * dice.range(3.0, 10.0);
        let lean = unit * dice.range(-4.0, 4.0);
        let (w, y) = (unit * 0.35, frame.h + unit);
        let points = [
            (x - w, y),
            (x + lean * 0.4 - w * 0.6, y - height * 0.6),
            (x + lean, y - height),
            (x + lean * 0.4 + w * 0.6, y - height * 0.6),
            (x + w, y),
        ];
        let tone = look.tone(dice.range(0.0, 0.12));
        canvas.fill(shape::polygon(&points), &Ink::flat(tone, 1.0));
    }
}
