//! Colour in OKLCH, where equal steps look equal: mixing, grading and the way back to sRGB.

/// A colour as lightness (0 to 1), chroma (0 to about 0.37) and hue in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lch {
    /// Perceived lightness.
    pub l: f32,
    /// Colourfulness.
    pub c: f32,
    /// Hue in degrees: 30 red, 70 orange, 110 yellow, 145 green, 200 teal, 260 blue, 305 violet, 350 pink.
    pub h: f32,
}

/// sRGB in 0 to 255, not yet rounded: the raster passes blend and dither in it.
pub(super) type Rgb = [f32; 3];

/// Short for a colour literal.
pub(super) const fn lch(l: f32, c: f32, h: f32) -> Lch {
    Lch { l, c, h }
}

impl Lch {
    /// The colour of these sRGB bytes.
    pub(super) fn from_rgb8(rgb: [u8; 3]) -> Self {
        let [r, g, b] = rgb.map(|v| to_linear(f32::from(v) / 255.0));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        let light = 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s;
        let a = 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s;
        let b = 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s;
        Self { l: light, c: a.hypot(b), h: b.atan2(a).to_degrees().rem_euclid(360.0) }
    }

    /// This colour in sRGB. Chroma that the screen cannot show is given up; lightness and hue stay.
    pub(super) fn rgb(self) -> Rgb {
        let l = self.l.clamp(0.0, 1.0);
        let wanted = linear(l, self.c, self.h);
        let fits = |rgb: &[f32; 3]| rgb.iter().all(|v| (-0.002..=1.002).contains(v));
        let mut found = wanted;
        if !fits(&wanted) {
            let (mut low, mut high) = (0.0, self.c);
            for _ in 0..9 {
                let middle = (low + high) / 2.0;
                if fits(&linear(l, middle, self.h)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found = linear(l, low, self.h);
        }
        found.map(|v| from_linear(v.clamp(0.0, 1.0)) * 255.0)
    }

    /// This colour in sRGB bytes.
    pub(super) fn rgb8(self) -> [u8; 3] {
        self.rgb().map(|v| v.round() as u8)
    }

    /// The same hue at another lightness; chroma shrinks towards black and white, as pigments do.
    pub(super) fn at(self, l: f32) -> Self {
        let room = |l: f32| (4.0 * l * (1.0 - l)).clamp(0.02, 1.0).powf(0.4);
        Self { l: l.clamp(0.0, 1.0), c: self.c * (room(l) / room(self.l)).min(1.6), h: self.h }
    }

    /// Lighter by `by` (darker when negative).
    pub(super) fn lift(self, by: f32) -> Self {
        self.at((self.l + by).clamp(0.02, 0.99))
    }

    /// Chroma times `by`.
    pub(super) fn vivid(self, by: f32) -> Self {
        Self { c: (self.c * by).min(0.34), ..self }
    }

    /// Hue turned by `degrees`.
    pub(super) fn turn(self, degrees: f32) -> Self {
        Self { h: (self.h + degrees).rem_euclid(360.0), ..self }
    }

    /// Hue pulled towards `h` by the share `t`, the short way round.
    pub(super) fn towards_hue(self, h: f32, t: f32) -> Self {
        self.turn(arc(self.h, h) * t)
    }

    /// From `self` at 0 to `other` at 1. Hues travel round the wheel so that the middle keeps its colour, but
    /// not through green: between, say, teal and orange a painter goes through grey, and so do we.
    pub(super) fn mix(self, other: Self, t: f32) -> Self {
        let t = t.clamp(0.0, 1.0);
        if self.c < 0.012 || other.c < 0.012 {
            let hue = if self.c < other.c { other.h } else { self.h };
            return Self { l: lerp(self.l, other.l, t), c: lerp(self.c, other.c, t), h: hue };
        }
        let turn = arc(self.h, other.h);
        let middle = (self.h + turn / 2.0).rem_euclid(360.0);
        if turn.abs() < 75.0 || !(85.0..215.0).contains(&middle) {
            let c = lerp(self.c, other.c, t);
            return Self { l: lerp(self.l, other.l, t), c, h: (self.h + turn * t).rem_euclid(360.0) };
        }
        let (a0, b0) = self.ab();
        let (a1, b1) = other.ab();
        let (a, b) = (lerp(a0, a1, t), lerp(b0, b1, t));
        Self { l: lerp(self.l, other.l, t), c: a.hypot(b), h: b.atan2(a).to_degrees().rem_euclid(360.0) }
    }

    fn ab(self) -> (f32, f32) {
        let (sin, cos) = self.h.to_radians().sin_cos();
        (self.c * cos, self.c * sin)
    }
}

/// From `a` at 0 to `b` at 1.
pub(super) fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// 0 below `a`, 1 above `b`, an S between.
pub(super) fn smoothstep(a: f32, b: f32, x: f32) -> f32 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Signed degrees of the short way from one hue to another.
pub(super) fn arc(from: f32, to: f32) -> f32 {
    (to - from + 540.0).rem_euclid(360.0) - 180.0
}

fn linear(l: f32, c: f32, h: f32) -> [f32; 3] {
    let (sin, cos) = h.to_radians().sin_cos();
    let (a, b) = (c * cos, c * sin);
    let long = (l + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let medium = (l - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let short = (l - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_93 * short,
        -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_4 * short,
        -0.004_196_086_3 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
    ]
}

fn to_linear(v: f32) -> f32 {
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

fn from_linear(v: f32) -> f32 {
    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_survives_the_round_trip() {
        for rgb in [[0, 0, 0], [255, 255, 255], [255, 0, 0], [12, 200, 90], [30, 60, 250], [128, 128, 128]] {
            let back = Lch::from_rgb8(rgb).rgb8();
            for (was, is) in rgb.iter().zip(back) {
                assert!(was.abs_diff(is) <= 1, "{rgb:?} came back as {back:?}");
            }
        }
    }

    #[test]
    fn impossible_chroma_keeps_its_lightness() {
        for h in 0..36 {
            let asked = lch(0.6, 0.5, h as f32 * 10.0);
            let shown = Lch::from_rgb8(asked.rgb8());
            assert!((shown.l - 0.6).abs() < 0.02, "{asked:?} became {shown:?}");
        }
    }

    #[test]
    fn teal_to_orange_does_not_pass_through_green() {
        let middle = lch(0.6, 0.12, 200.0).mix(lch(0.7, 0.15, 60.0), 0.5);
        assert!(middle.c < 0.08, "{middle:?}");
        let sunset = lch(0.3, 0.12, 285.0).mix(lch(0.7, 0.15, 50.0), 0.5);
        assert!(sunset.c > 0.12 && (330.0..360.0).contains(&sunset.h), "{sunset:?}");
    }
}
