//! Colours as eyes see them: WCAG luminance and contrast, and colours moved until they contrast.

use std::sync::LazyLock;

/// sRGB, 8 bits each.
pub(super) type Rgb = [u8; 3];

/// The contrast that WCAG asks of body text (AA).
pub(super) const READABLE: f32 = 4.5;

pub(super) const WHITE: Rgb = [255, 255, 255];

static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let share = value as f32 / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
});

/// WCAG relative luminance, 0.0 to 1.0.
pub(super) fn luminance(colour: Rgb) -> f32 {
    let [red, green, blue] = colour.map(|value| LINEAR[usize::from(value)]);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// WCAG contrast ratio of two luminances, 1.0 to 21.0.
pub(super) fn ratio(one: f32, other: f32) -> f32 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG contrast ratio of two colours, 1.0 to 21.0.
pub(super) fn contrast(one: Rgb, other: Rgb) -> f32 {
    ratio(luminance(one), luminance(other))
}

/// `share` of the way from `from` to `to`.
pub(super) fn mix(from: Rgb, to: Rgb, share: f32) -> Rgb {
    std::array::from_fn(|channel| {
        let (from, to) = (f32::from(from[channel]), f32::from(to[channel]));
        (from + (to - from) * share).round() as u8
    })
}

/// How far a colour is from grey, 0.0 to 1.0.
pub(super) fn saturation(colour: Rgb) -> f32 {
    let most = f32::from(colour[0].max(colour[1]).max(colour[2]));
    let least = f32::from(colour[0].min(colour[1]).min(colour[2]));
    if most == 0.0 { 0.0 } else { (most - least) / most }
}

/// `colour`, moved towards white or black just as far as it takes to reach `wanted` against `ground`.
/// Whichever end can reach it is used; white on a tie. The better end itself when neither can.
pub(super) fn readable(colour: Rgb, ground: Rgb, wanted: f32) -> Rgb {
    let end = if luminance(ground) < 0.18 { WHITE } else { [0, 0, 0] };
    (0..=20)
        .map(|step| mix(colour, end, step as f32 / 20.0))
        .find(|candidate| contrast(*candidate, ground) >= wanted)
        .unwrap_or(end)
}

/// A near-black with a hint of the hue of `colour`: strokes and shadows look mixed from the scene.
pub(super) fn ink(colour: Rgb) -> Rgb {
    let brightest = f32::from(colour[0].max(colour[1]).max(colour[2])).max(1.0);
    colour.map(|value| (f32::from(value) / brightest * 26.0) as u8)
}

/// `colour` with full vigour: the brightest it can be at its hue, its greyness reduced.
pub(super) fn vivid(colour: Rgb) -> Rgb {
    let most = f32::from(colour[0].max(colour[1]).max(colour[2])).max(1.0);
    let least = f32::from(colour[0].min(colour[1]).min(colour[2]));
    if saturation(colour) < 0.12 {
        return [255, 214, 10];
    }
    // The least channel falls to a fifth of the brightest, so pastel accents still shout.
    let floor = (least * 0.5).min(most * 0.2);
    colour.map(|value| {
        let share = (f32::from(value) - least) / (most - least).max(1.0);
        ((floor + share * (most - floor)) / most * 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_matches_wcag() {
        for (one, other, wanted) in [
            ([0, 0, 0], WHITE, 21.0),
            (WHITE, WHITE, 1.0),
            ([119, 119, 119], WHITE, 4.48),
            ([255, 0, 0], WHITE, 4.0),
        ] {
            assert!((contrast(one, other) - wanted).abs() < 0.01, "{one:?} {other:?}");
        }
    }

    #[test]
    fn readable_always_reaches_body_contrast() {
        for ground in (0..=255).step_by(5) {
            for colour in [[255, 0, 0], [0, 90, 255], [128, 128, 128], [255, 214, 10]] {
                let ground = [ground as u8; 3];
                assert!(contrast(readable(colour, ground, READABLE), ground) >= READABLE);
            }
        }
    }
}
