//! The layouts of each shape.
//!
//! 16:9 keeps its lower right corner free for the badge; 9:16 keeps its lower fifth free, where apps lay their
//! own buttons.

use super::{Align, Anchor, CopySpace, Fits, Frame, Layout, Panel, Side, Treatment};

const fn frame(x: f32, y: f32, w: f32, h: f32) -> Frame {
    Frame { x, y, w, h }
}

/// A layout whose photo, if there is one, fills the picture.
const fn layout(name: &'static str, title: Frame, align: Align, anchor: Anchor) -> Layout {
    Layout {
        name,
        title,
        align,
        anchor,
        photo: frame(0.0, 0.0, 1.0, 1.0),
        treatment: Treatment::Full,
        panel: None,
        copy_space: CopySpace::Whole,
        fits: Fits::Any,
    }
}

impl Layout {
    const fn photo(mut self, photo: Frame, treatment: Treatment) -> Self {
        self.photo = photo;
        self.treatment = treatment;
        self
    }

    const fn panel(mut self, side: Side, reach: f32) -> Self {
        self.panel = Some(Panel { side, reach });
        self
    }

    const fn calm(mut self, copy_space: CopySpace) -> Self {
        self.copy_space = copy_space;
        self
    }

    const fn only(mut self, fits: Fits) -> Self {
        self.fits = fits;
        self
    }
}

pub(super) static WIDE: [Layout; 16] = [
    layout("subject-right", frame(0.04, 0.06, 0.52, 0.88), Align::Left, Anchor::Middle)
        .photo(frame(0.46, 0.0, 0.54, 1.0), Treatment::Fade(Side::Left))
        .calm(CopySpace::Left),
    layout("subject-left", frame(0.46, 0.06, 0.5, 0.75), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 0.54, 1.0), Treatment::Fade(Side::Right))
        .calm(CopySpace::Right),
    layout("subject-centre", frame(0.05, 0.05, 0.9, 0.35), Align::Centre, Anchor::Top)
        .photo(frame(0.29, 0.42, 0.42, 0.54), Treatment::Card(2.0))
        .calm(CopySpace::Top),
    layout("big-type", frame(0.05, 0.07, 0.9, 0.75), Align::Centre, Anchor::Middle).only(Fits::Scene),
    layout("split-left", frame(0.035, 0.07, 0.42, 0.86), Align::Left, Anchor::Middle)
        .photo(frame(0.4, 0.0, 0.6, 1.0), Treatment::Slant(Side::Left))
        .panel(Side::Left, 0.5)
        .calm(CopySpace::Left),
    layout("split-right", frame(0.57, 0.07, 0.395, 0.74), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 0.6, 1.0), Treatment::Slant(Side::Right))
        .panel(Side::Right, 0.5)
        .calm(CopySpace::Right),
    layout("framed-right", frame(0.04, 0.07, 0.5, 0.86), Align::Left, Anchor::Middle)
        .photo(frame(0.58, 0.07, 0.37, 0.72), Treatment::Card(4.0))
        .calm(CopySpace::Left)
        .only(Fits::Photo),
    layout("framed-left", frame(0.46, 0.07, 0.5, 0.74), Align::Left, Anchor::Middle)
        .photo(frame(0.05, 0.09, 0.37, 0.8), Treatment::Card(-4.0))
        .calm(CopySpace::Right)
        .only(Fits::Photo),
    layout("disc-right", frame(0.04, 0.07, 0.52, 0.86), Align::Left, Anchor::Middle)
        .photo(frame(0.6, 0.08, 0.37, 0.7), Treatment::Disc)
        .calm(CopySpace::Left)
        .only(Fits::Photo),
    layout("lower-third", frame(0.04, 0.52, 0.74, 0.43), Align::Left, Anchor::Bottom).calm(CopySpace::Bottom),
    layout("top-left", frame(0.04, 0.06, 0.66, 0.52), Align::Left, Anchor::Top)
        .calm(CopySpace::Top)
        .only(Fits::Scene),
    layout("centre-line", frame(0.06, 0.16, 0.88, 0.62), Align::Centre, Anchor::Middle)
        .calm(CopySpace::Centre)
        .only(Fits::Scene),
    layout("whole", frame(0.04, 0.06, 0.52, 0.75), Align::Left, Anchor::Middle)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("framed-centre", frame(0.04, 0.06, 0.52, 0.75), Align::Left, Anchor::Middle)
        .photo(frame(0.2, 0.08, 0.58, 0.74), Treatment::Card(-3.0))
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("subject-right-untitled", frame(0.04, 0.06, 0.52, 0.75), Align::Left, Anchor::Middle)
        .photo(frame(0.4, 0.0, 0.6, 1.0), Treatment::Fade(Side::Left))
        .calm(CopySpace::Right)
        .only(Fits::Untitled),
    layout("subject-left-untitled", frame(0.04, 0.06, 0.52, 0.75), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 0.6, 1.0), Treatment::Fade(Side::Right))
        .calm(CopySpace::Left)
        .only(Fits::Untitled),
];

pub(super) static TALL: [Layout; 15] = [
    layout("subject-below", frame(0.05, 0.1, 0.9, 0.34), Align::Centre, Anchor::Top)
        .photo(frame(0.0, 0.36, 1.0, 0.64), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("subject-above", frame(0.05, 0.46, 0.9, 0.34), Align::Centre, Anchor::Bottom)
        .photo(frame(0.0, 0.0, 1.0, 0.6), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom),
    layout("subject-below-left", frame(0.05, 0.1, 0.84, 0.34), Align::Left, Anchor::Top)
        .photo(frame(0.0, 0.32, 1.0, 0.68), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("big-type", frame(0.05, 0.14, 0.9, 0.62), Align::Centre, Anchor::Middle).only(Fits::Scene),
    layout("split-top", frame(0.05, 0.1, 0.9, 0.32), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.4, 1.0, 0.6), Treatment::Slant(Side::Top))
        .panel(Side::Top, 0.48)
        .calm(CopySpace::Top),
    layout("split-bottom", frame(0.05, 0.49, 0.9, 0.31), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.52), Treatment::Slant(Side::Bottom))
        .panel(Side::Bottom, 0.56)
        .calm(CopySpace::Bottom),
    layout("framed-below", frame(0.05, 0.1, 0.9, 0.3), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.46, 0.76, 0.4), Treatment::Card(3.0))
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("framed-above", frame(0.05, 0.52, 0.9, 0.28), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.08, 0.76, 0.38), Treatment::Card(-3.0))
        .calm(CopySpace::Bottom)
        .only(Fits::Photo),
    layout("disc-below", frame(0.05, 0.1, 0.9, 0.3), Align::Centre, Anchor::Middle)
        .photo(frame(0.14, 0.46, 0.72, 0.42), Treatment::Disc)
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("lower-third", frame(0.05, 0.46, 0.9, 0.34), Align::Left, Anchor::Bottom).calm(CopySpace::Bottom),
    layout("top-line", frame(0.05, 0.1, 0.9, 0.42), Align::Left, Anchor::Top)
        .calm(CopySpace::Top)
        .only(Fits::Scene),
    layout("whole", frame(0.05, 0.1, 0.9, 0.34), Align::Left, Anchor::Middle)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("framed-centre", frame(0.05, 0.1, 0.9, 0.34), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.18, 0.8, 0.6), Treatment::Card(-3.0))
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("disc-centre", frame(0.05, 0.1, 0.9, 0.34), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.15, 0.8, 0.65), Treatment::Disc)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("subject-above-untitled", frame(0.05, 0.1, 0.9, 0.34), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.75), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom)
        .only(Fits::Untitled),
];

pub(super) static SQUARE: [Layout; 15] = [
    layout("subject-below", frame(0.05, 0.05, 0.9, 0.42), Align::Centre, Anchor::Top)
        .photo(frame(0.0, 0.36, 1.0, 0.64), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("subject-above", frame(0.05, 0.53, 0.9, 0.42), Align::Centre, Anchor::Bottom)
        .photo(frame(0.0, 0.0, 1.0, 0.67), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom),
    layout("subject-below-left", frame(0.05, 0.05, 0.84, 0.42), Align::Left, Anchor::Top)
        .photo(frame(0.0, 0.32, 1.0, 0.68), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("big-type", frame(0.05, 0.09, 0.9, 0.82), Align::Centre, Anchor::Middle).only(Fits::Scene),
    layout("split-top", frame(0.05, 0.05, 0.9, 0.4), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.4, 1.0, 0.6), Treatment::Slant(Side::Top))
        .panel(Side::Top, 0.5)
        .calm(CopySpace::Top),
    layout("split-bottom", frame(0.05, 0.56, 0.9, 0.39), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.59), Treatment::Slant(Side::Bottom))
        .panel(Side::Bottom, 0.49)
        .calm(CopySpace::Bottom),
    layout("framed-below", frame(0.05, 0.05, 0.9, 0.38), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.45, 0.76, 0.48), Treatment::Card(3.0))
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("framed-above", frame(0.05, 0.59, 0.9, 0.36), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.05, 0.76, 0.48), Treatment::Card(-3.0))
        .calm(CopySpace::Bottom)
        .only(Fits::Photo),
    layout("disc-below", frame(0.05, 0.05, 0.9, 0.38), Align::Centre, Anchor::Middle)
        .photo(frame(0.14, 0.46, 0.72, 0.5), Treatment::Disc)
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("lower-third", frame(0.05, 0.53, 0.9, 0.42), Align::Left, Anchor::Bottom).calm(CopySpace::Bottom),
    layout("top-line", frame(0.05, 0.05, 0.9, 0.5), Align::Left, Anchor::Top)
        .calm(CopySpace::Top)
        .only(Fits::Scene),
    layout("whole", frame(0.05, 0.05, 0.9, 0.42), Align::Left, Anchor::Middle)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("framed-centre", frame(0.05, 0.05, 0.9, 0.42), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.18, 0.8, 0.64), Treatment::Card(-3.0))
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("disc-centre", frame(0.05, 0.05, 0.9, 0.42), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.15, 0.8, 0.65), Treatment::Disc)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("subject-above-untitled", frame(0.05, 0.05, 0.9, 0.42), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.75), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom)
        .only(Fits::Untitled),
];

pub(super) static PORTRAIT: [Layout; 15] = [
    layout("subject-below", frame(0.05, 0.05, 0.9, 0.38), Align::Centre, Anchor::Top)
        .photo(frame(0.0, 0.36, 1.0, 0.64), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("subject-above", frame(0.05, 0.57, 0.9, 0.38), Align::Centre, Anchor::Bottom)
        .photo(frame(0.0, 0.0, 1.0, 0.71), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom),
    layout("subject-below-left", frame(0.05, 0.05, 0.84, 0.38), Align::Left, Anchor::Top)
        .photo(frame(0.0, 0.32, 1.0, 0.68), Treatment::Fade(Side::Top))
        .calm(CopySpace::Top),
    layout("big-type", frame(0.05, 0.09, 0.9, 0.82), Align::Centre, Anchor::Middle).only(Fits::Scene),
    layout("split-top", frame(0.05, 0.05, 0.9, 0.36), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.4, 1.0, 0.6), Treatment::Slant(Side::Top))
        .panel(Side::Top, 0.48)
        .calm(CopySpace::Top),
    layout("split-bottom", frame(0.05, 0.6, 0.9, 0.35), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.63), Treatment::Slant(Side::Bottom))
        .panel(Side::Bottom, 0.45)
        .calm(CopySpace::Bottom),
    layout("framed-below", frame(0.05, 0.05, 0.9, 0.34), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.46, 0.76, 0.48), Treatment::Card(3.0))
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("framed-above", frame(0.05, 0.63, 0.9, 0.32), Align::Centre, Anchor::Middle)
        .photo(frame(0.12, 0.05, 0.76, 0.5), Treatment::Card(-3.0))
        .calm(CopySpace::Bottom)
        .only(Fits::Photo),
    layout("disc-below", frame(0.05, 0.05, 0.9, 0.34), Align::Centre, Anchor::Middle)
        .photo(frame(0.14, 0.46, 0.72, 0.5), Treatment::Disc)
        .calm(CopySpace::Top)
        .only(Fits::Photo),
    layout("lower-third", frame(0.05, 0.57, 0.9, 0.38), Align::Left, Anchor::Bottom).calm(CopySpace::Bottom),
    layout("top-line", frame(0.05, 0.05, 0.9, 0.46), Align::Left, Anchor::Top)
        .calm(CopySpace::Top)
        .only(Fits::Scene),
    layout("whole", frame(0.05, 0.05, 0.9, 0.38), Align::Left, Anchor::Middle)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("framed-centre", frame(0.05, 0.05, 0.9, 0.38), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.18, 0.8, 0.6), Treatment::Card(-3.0))
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("disc-centre", frame(0.05, 0.05, 0.9, 0.38), Align::Left, Anchor::Middle)
        .photo(frame(0.1, 0.15, 0.8, 0.65), Treatment::Disc)
        .calm(CopySpace::Centre)
        .only(Fits::Untitled),
    layout("subject-above-untitled", frame(0.05, 0.05, 0.9, 0.38), Align::Left, Anchor::Middle)
        .photo(frame(0.0, 0.0, 1.0, 0.75), Treatment::Fade(Side::Bottom))
        .calm(CopySpace::Bottom)
        .only(Fits::Untitled),
];
