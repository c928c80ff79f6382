//! Layouts as plain data: where the title goes, where the photo goes, where the background stays calm.
//!
//! All measures are shares of the picture's width and height. The tables differ per shape because a side by
//! side of 16:9 is a one above the other of 9:16.

mod tables;

use crate::Aspect;

use super::brief::CopySpace;

/// A box, in shares of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Frame {
    /// The same box in pixels.
    pub(super) fn pixels(self, width: u32, height: u32) -> Frame {
        let (width, height) = (width as f32, height as f32);
        Frame { x: self.x * width, y: self.y * height, w: self.w * width, h: self.h * height }
    }
}

/// How lines stand in the title box, from side to side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Where the block of lines stands in the title box, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Top,
    Middle,
    Bottom,
}

/// What is done with a photo that has no transparency of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Treatment {
    /// Fills its box and fades into the scene on the side of the title.
    Fade(Side),
    /// A white card, turned by so many degrees.
    Card(f32),
    /// A disc with a ring in the accent colour.
    Disc,
    /// Fills its box to a slanted edge on the side of the title.
    Slant(Side),
    /// Fills the picture; darkened towards the title.
    Full,
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// A surface in the accent colour under the title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Panel {
    /// The side of the picture that it covers.
    pub side: Side,
    /// How far it reaches, in shares of the picture.
    pub reach: f32,
}

/// One arrangement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub name: &'static str,
    pub title: Frame,
    pub align: Align,
    pub anchor: Anchor,
    pub photo: Frame,
    pub treatment: Treatment,
    pub panel: Option<Panel>,
    pub copy_space: CopySpace,
    /// For which requests this looks right.
    pub fits: Fits,
}

/// The requests that a layout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    /// With a photo or without.
    Any,
    /// Only with a photo: without one a hole would stay.
    Photo,
    /// Only without a photo: it would be hidden.
    Scene,
    /// Only without a title: the photo takes the room.
    Untitled,
}

/// Everything about a request that the choice of its layout needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    pub aspect: Aspect,
    pub has_title: bool,
    pub has_photo: bool,
    /// Whether the photo is a cut-out, which needs a place of its own.
    pub cut_out: bool,
    pub subject: &'a str,
    pub style: &'a [String],
    pub seed: u64,
}

/// The layout for `wish`. Neighbouring seeds get different ones, as long as there are any.
pub(super) fn choose(wish: &Wish) -> &'static Layout {
    let fitting: Vec<_> = of(wish.aspect).iter().filter(|layout| layout.suits(wish)).collect();
    let wanted: Vec<_> = fitting.iter().copied().filter(|layout| layout.is_asked_for(wish.style)).collect();
    let choice = if wanted.is_empty() { fitting } else { wanted };
    // The subject shifts the order, so that seed 0 is not the same arrangement for everyone.
    let turn = wish.seed.wrapping_add(fnv(wish.subject));
    choice[(turn % choice.len() as u64) as usize]
}

/// Every layout of a shape.
pub(super) fn of(aspect: Aspect) -> &'static [Layout] {
    match aspect {
        Aspect::Wide => &tables::WIDE,
        Aspect::Tall => &tables::TALL,
        Aspect::Square => &tables::SQUARE,
        Aspect::Portrait => &tables::PORTRAIT,
    }
}

/// The part of a picture that players cover with the running time, in pixels. Only 16:9 has one. The tables are
/// drawn around it; tests hold them and every drawn title against it.
#[cfg(test)]
pub(super) fn badge_zone(aspect: Aspect) -> Option<Frame> {
    (aspect == Aspect::Wide).then_some(Frame { x: 1024.0, y: 612.0, w: 256.0, h: 108.0 })
}

impl Layout {
    fn suits(&self, wish: &Wish) -> bool {
        if wish.cut_out && wish.has_title && self.treatment == Treatment::Full {
            return false;
        }
        match self.fits {
            Fits::Any => wish.has_title,
            Fits::Photo => wish.has_title && wish.has_photo,
            Fits::Scene => wish.has_title && !wish.has_photo,
            Fits::Untitled => !wish.has_title,
        }
    }

    fn is_asked_for(&self, style: &[String]) -> bool {
        style.iter().any(|word| {
            LAYOUT_WORDS
                .iter()
                .any(|(asked, part)| word.trim().eq_ignore_ascii_case(asked) && self.name.contains(part))
        })
    }
}

/// Style words that ask for an arrangement, and the part of its name that answers.
const LAYOUT_WORDS: [(&str, &str); 9] = [
    ("split", "split"),
    ("split screen", "split"),
    ("framed", "framed"),
    ("frame", "framed"),
    ("photo frame", "framed"),
    ("centred", "centre"),
    ("centered", "centre"),
    ("big type", "big-type"),
    ("circle", "disc"),
];

/// Whether `word` is a style word that this module understands.
pub(super) fn understands(word: &str) -> bool {
    LAYOUT_WORDS.iter().any(|(asked, _)| word.trim().eq_ignore_ascii_case(asked))
}

/// FNV-1a: stable over builds and machines, unlike the hashers of the standard library.
pub(super) fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn wish(aspect: Aspect, has_photo: bool, seed: u64) -> Wish<'static> {
        Wish { aspect, has_title: true, has_photo, cut_out: false, subject: "bread", style: &[], seed }
    }

    #[test]
    fn every_shape_offers_six_or_more_with_and_without_photo() {
        for aspect in Aspect::ALL {
            for has_photo in [false, true] {
                let names: BTreeSet<_> =
                    (0..8).map(|seed| choose(&wish(aspect, has_photo, seed)).name).collect();
                assert!(names.len() >= 6, "{aspect:?} photo {has_photo}: {names:?}");
            }
        }
    }

    #[test]
    fn boxes_stay_in_the_picture_and_out_of_the_badge() {
        for aspect in Aspect::ALL {
            let (width, height) = aspect.size();
            for layout in of(aspect) {
                let title = layout.title;
                assert!(title.x >= 0.03 && title.y >= 0.03, "{}", layout.name);
                assert!(title.x + title.w <= 0.97 && title.y + title.h <= 0.97, "{}", layout.name);
                if let Some(badge) = badge_zone(aspect) {
                    let title = title.pixels(width, height);
                    let clear = title.x + title.w <= badge.x || title.y + title.h <= badge.y;
                    assert!(clear, "{} covers the badge", layout.name);
                }
            }
        }
    }

    #[test]
    fn style_words_choose() {
        let style = ["Split".to_owned()];
        for seed in 0..8 {
            assert!(choose(&Wish { style: &style, ..wish(Aspect::Wide, true, seed) }).name.contains("split"));
        }
    }

    #[test]
    fn the_last_seed_works() {
        choose(&wish(Aspect::Tall, false, u64::MAX));
    }
}
