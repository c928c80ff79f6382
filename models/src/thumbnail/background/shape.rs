//! Outlines: the few ways in which scenes and props describe a shape.

use tiny_skia::{Path, PathBuilder, Rect};

/// A polygon through `points`; nothing when there are fewer than three or they are not finite.
pub(super) fn polygon(points: &[(f32, f32)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    trace(&mut builder, points)?;
    builder.close();
    builder.finish()
}

/// An open line through `points`.
pub(super) fn polyline(points: &[(f32, f32)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    trace(&mut builder, points)?;
    builder.finish()
}

fn trace(builder: &mut PathBuilder, points: &[(f32, f32)]) -> Option<()> {
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    Some(())
}

/// A round curve through `points`; closed, it is a blob.
pub(super) fn curve(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let count = points.len();
    if count < 3 {
        return None;
    }
    let at = |i: isize| {
        let last = count as isize;
        let index = if closed { i.rem_euclid(last) } else { i.clamp(0, last - 1) };
        points[index as usize]
    };
    let mut builder = PathBuilder::new();
    builder.move_to(points[0].0, points[0].1);
    let pieces = if closed { count } else { count - 1 };
    for i in 0..pieces as isize {
        let (before, from, to, after) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        builder.cubic_to(
            from.0 + (to.0 - before.0) / 6.0,
            from.1 + (to.1 - before.1) / 6.0,
            to.0 - (after.0 - from.0) / 6.0,
            to.1 - (after.1 - from.1) / 6.0,
            to.0,
            to.1,
        );
    }
    if closed {
        builder.close();
    }
    builder.finish()
}

/// The area below the height line `y(x)`, down to `bottom`.
pub(super) fn ground(width: f32, bottom: f32, step: f32, mut y: impl FnMut(f32) -> f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(-step, bottom);
    let mut x = -step;
    while x <= width + step {
        builder.line_to(x, y(x));
        x += step;
    }
    builder.line_to(x, bottom);
    builder.close();
    builder.finish()
}

/// A circle.
pub(super) fn circle(x: f32, y: f32, r: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, r)
}

/// An ellipse by its centre and half axes.
pub(super) fn ellipse(x: f32, y: f32, rx: f32, ry: f32) -> Option<Path> {
    Rect::from_xywh(x - rx, y - ry, 2.0 * rx, 2.0 * ry).and_then(PathBuilder::from_oval)
}

/// A rectangle by its upper left corner and size.
pub(super) fn rect(x: f32, y: f32, w: f32, h: f32) -> Option<Path> {
    Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect)
}

/// A rectangle with round corners.
pub(super) fn rounded(x: f32, y: f32, w: f32, h: f32, r: f32) -> Option<Path> {
    let r = r.min(w / 2.0).min(h / 2.0);
    // How far a cubic's handles reach along a quarter circle.
    let k = r * 0.447_7;
    let (right, bottom) = (x + w, y + h);
    let mut b = PathBuilder::new();
    b.move_to(x + r, y);
    b.line_to(right - r, y);
    b.cubic_to(right - k, y, right, y + k, right, y + r);
    b.line_to(right, bottom - r);
    b.cubic_to(right, bottom - k, right - k, bottom, right - r, bottom);
    b.line_to(x + r, bottom);
    b.cubic_to(x + k, bottom, x, bottom - k, x, bottom - r);
    b.line_to(x, y + r);
    b.cubic_to(x, y + k, x + k, y, x + r, y);
    b.close();
    b.finish()
}

/// An outline in the letters of SVG paths: absolute `M`, `L`, `Q`, `C` and `Z`, numbers set off by spaces.
pub(super) fn outline(letters: &str) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let mut tokens = letters.split_whitespace().peekable();
    while let Some(letter) = tokens.next() {
        loop {
            let mut number = || tokens.next()?.parse::<f32>().ok();
            match letter {
                "M" => builder.move_to(number()?, number()?),
                "L" => builder.line_to(number()?, number()?),
                "Q" => builder.quad_to(number()?, number()?, number()?, number()?),
                "C" => {
                    builder.cubic_to(number()?, number()?, number()?, number()?, number()?, number()?);
                }
                "Z" => builder.close(),
                _ => return None,
            }
            let repeats = letter != "Z" && tokens.peek().is_some_and(|next| next.parse::<f32>().is_ok());
            if !repeats {
                break;
            }
        }
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_read() {
        for (letters, good) in [
            ("M 0 0 L 10 0 10 10 Z", true),
            ("M 0 0 C 1 1 2 2 3 0 Q 4 4 5 5 Z", true),
            ("M 0 0 L 10", false),
            ("M 0 0 X 1 1", false),
            ("", false),
        ] {
            assert_eq!(outline(letters).is_some(), good, "{letters}");
        }
    }
}
