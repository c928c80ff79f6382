//! Where things may be: the calm part of a picture, the place of its prop and the point of its light.

use super::super::brief::CopySpace;

/// An upright rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// The measures of one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// Width in pixels.
    pub w: f32,
    /// Height in pixels.
    pub h: f32,
    /// A hundredth of the geometric mean side: sizes of things are given in it, so that they look alike in all shapes.
    pub unit: f32,
    /// Kept calm.
    pub calm: Area,
    /// Where a prop may stand; none when the whole picture is to stay calm.
    pub prop: Option<Area>,
    /// Where the light of the scene is: behind the prop, so that the eye ends there.
    pub focus: (f32, f32),
    /// Height of the horizon, for scenes that have one.
    pub horizon: f32,
}

impl Frame {
    /// The measures of a picture of this size that keeps `copy_space` calm.
    pub(super) fn new(width: u32, height: u32, copy_space: CopySpace) -> Self {
        let (w, h) = (width as f32, height as f32);
        let area =
            |x: f32, y: f32, across: f32, down: f32| Area { x: x * w, y: y * h, w: across * w, h: down * h };
        let tall = h > w * 1.1;
        let (calm, prop, focus) = match copy_space {
            CopySpace::Left => (area(0.0, 0.0, 0.56, 1.0), Some(area(0.57, 0.14, 0.41, 0.77)), (0.77, 0.4)),
            CopySpace::Right => (area(0.44, 0.0, 0.56, 1.0), Some(area(0.02, 0.14, 0.41, 0.77)), (0.23, 0.4)),
            CopySpace::Centre if tall => {
                (area(0.0, 0.2, 1.0, 0.5), Some(area(0.2, 0.72, 0.6, 0.27)), (0.5, 0.42))
            }
            CopySpace::Centre => (area(0.16, 0.14, 0.62, 0.68), Some(area(0.79, 0.5, 0.2, 0.48)), (0.5, 0.4)),
            CopySpace::Top => (area(0.0, 0.0, 1.0, 0.48), Some(area(0.14, 0.5, 0.72, 0.48)), (0.5, 0.56)),
            CopySpace::Bottom => (area(0.0, 0.52, 1.0, 0.48), Some(area(0.14, 0.06, 0.72, 0.46)), (0.5, 0.3)),
            CopySpace::Whole => (area(0.0, 0.0, 1.0, 1.0), None, (0.5, 0.38)),
        };
        let horizon = h * match copy_space {
            CopySpace::Top => 0.66,
            CopySpace::Bottom => 0.46,
            CopySpace::Left | CopySpace::Right | CopySpace::Centre | CopySpace::Whole => 0.6,
        };
        Self { w, h, unit: (w * h).sqrt() / 100.0, calm, prop, focus: (focus.0 * w, focus.1 * h), horizon }
    }

    /// How calm a point must be kept: 1 inside the copy space, 0 well outside.
    pub(super) fn calmness(&self, x: f32, y: f32) -> f32 {
        let soft = self.unit * 34.0;
        // An edge of the copy space on the edge of the picture does not fade.
        let side = |distance: f32, on_edge: bool| {
            if on_edge { 1.0 } else { (distance / soft + 0.62).clamp(0.0, 1.0) }
        };
        let area = self.calm;
        let (right, bottom) = (area.x + area.w, area.y + area.h);
        let across = side(x - area.x, area.x <= 0.5) * side(right - x, right >= self.w - 0.5);
        let down = side(y - area.y, area.y <= 0.5) * side(bottom - y, bottom >= self.h - 0.5);
        let t = across * down;
        t * t * (3.0 - 2.0 * t)
    }
}

impl Area {
    /// The largest square that stands centred on the bottom of this area.
    pub(super) fn standing_square(self) -> Self {
        let side = self.w.min(self.h);
        Self { x: self.x + (self.w - side) / 2.0, y: self.y + self.h - side, w: side, h: side }
    }
}
