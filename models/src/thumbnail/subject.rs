//! Placing the photo: cut-outs by their silhouette, others faded in, framed or clipped; and panels.

use image::{RgbaImage, imageops};
use tiny_skia::{
    FillRule, FilterQuality, Path, PathBuilder, Pattern, Pixmap, PremultipliedColorU8, Rect, SpreadMode,
    Stroke, Transform,
};

use super::colour::{Rgb, WHITE, ink, luminance, mix, vivid};
use super::composite::{self, paint};
use super::crop::{self, Closeness, Part};
use super::layout::{Frame, Layout, Panel, Side, Treatment};

/// Share of its box over which a photo may fade into the scene, if it has enough to spare.
const FADE: f32 = 0.38;
/// How far the fade reaches into the part that holds the subject, as a share of the photo.
const SOLID_FADE: f32 = 0.12;
/// Share of the picture by which a panel's edge leans to either side.
const LEAN: f32 = 0.04;

/// Colours that frames and panels are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accents {
    pub accent: Rgb,
    pub dark: Rgb,
    pub panel: Rgb,
}

impl Accents {
    pub(super) fn new(palette: &[Rgb], accent: Rgb, seed: u64) -> Self {
        let dark = ink(palette.first().copied().unwrap_or([20, 20, 24]));
        let accent = vivid(accent);
        // Bright accents turn muddy when they are darkened for a light panel, so they get a dark one.
        let light = if luminance(accent) > 0.3 { mix(dark, accent, 0.06) } else { [250, 248, 244] };
        let panel = [accent, mix(dark, accent, 0.12), light][(seed / 2 % 3) as usize];
        Self { accent, dark, panel }
    }
}

/// Draws photo and panel of `layout`, and says what was done with the photo.
pub(super) fn place(
    canvas: &mut Pixmap,
    photo: Option<&RgbaImage>,
    layout: &Layout,
    accents: Accents,
) -> Option<&'static str> {
    let frame = layout.photo.pixels(canvas.width(), canvas.height());
    let cut_out = photo.and_then(|photo| Some((photo, crop::cut_out(photo)?)));
    if let (Some(photo), None) = (photo, cut_out) {
        let treated = whole(canvas, photo, layout.treatment, frame, accents);
        panel(canvas, layout.panel, accents);
        return Some(treated);
    }
    let below = layout.panel.is_some_and(|panel| panel.side == Side::Bottom);
    if !below {
        panel(canvas, layout.panel, accents);
    }
    let done = cut_out.map(|(photo, part)| {
        let frame = clear_of(frame, layout.title.pixels(canvas.width(), canvas.height()));
        // Who stands behind a panel ends there; others reach the edge of the picture.
        let edge = if below { frame.y + frame.h } else { canvas.height() as f32 };
        silhouette(canvas, photo, part, layout.treatment, frame, edge, accents)
    });
    if below {
        panel(canvas, layout.panel, accents);
    }
    done
}

/// The part of `frame` below or above a title that lies over it from side to side; a fade may run under
/// letters, a head may not.
fn clear_of(frame: Frame, title: Frame) -> Frame {
    let beside = title.x >= frame.x + frame.w * 0.5 || title.x + title.w <= frame.x + frame.w * 0.5;
    let end = title.y + title.h;
    if beside || title.y >= frame.y + frame.h || end <= frame.y {
        frame
    } else if title.y + title.h / 2.0 < frame.y + frame.h / 2.0 {
        Frame { y: end, h: (frame.y + frame.h - end).max(1.0), ..frame }
    } else {
        Frame { h: (title.y - frame.y).max(1.0), ..frame }
    }
}

/// A photo with transparency stands in its box, with a white rim and a shadow.
fn silhouette(
    canvas: &mut Pixmap,
    photo: &RgbaImage,
    part: Part,
    treatment: Treatment,
    frame: Frame,
    edge: f32,
    accents: Accents,
) -> &'static str {
    let stands_on_edge = part.y + part.h >= photo.height();
    let bottom = if stands_on_edge { edge } else { frame.y + frame.h };
    let room = Frame { y: frame.y, h: bottom - frame.y, ..frame };
    let scale = (room.w / part.w as f32).min(room.h / part.h as f32);
    let (width, height) = (scaled(part.w, scale), scaled(part.h, scale));
    let rim = (canvas.width().min(canvas.height()) as f32 * 0.011).max(3.0);
    let left = frame.x + (frame.w - width as f32) / 2.0;
    // Who was cut at the waist stands on the edge of the picture; whole things float in their box.
    let top =
        if stands_on_edge { bottom - height as f32 + rim } else { room.y + (room.h - height as f32) / 2.0 };
    if let Treatment::Disc | Treatment::Card(_) = treatment {
        disc(canvas, frame, accents.accent);
    }
    // Room around the silhouette, so that the rim is not cut at the edge of the photo.
    let margin = (rim * 2.0).ceil() as u32;
    let mut cut = RgbaImage::new(width + 2 * margin, height + 2 * margin);
    imageops::replace(&mut cut, &resized(photo, part, width, height), i64::from(margin), i64::from(margin));
    let corner = (left as i32 - margin as i32, top as i32 - margin as i32);
    composite::soft_silhouette(
        canvas,
        &cut,
        (corner.0, corner.1 + rim as i32),
        rim * 5.0,
        accents.dark,
        0.75,
    );
    let rimmed = pixmap(&rimmed(&cut, rim));
    if let Some(rimmed) = rimmed {
        canvas.draw_pixmap(
            corner.0,
            corner.1,
            rimmed.as_ref(),
            &tiny_skia::PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }
    "cut-out"
}

/// `cut` with a white rim around everything that is not clear.
fn rimmed(cut: &RgbaImage, rim: f32) -> RgbaImage {
    let alpha =
        image::GrayImage::from_fn(cut.width(), cut.height(), |x, y| image::Luma([cut.get_pixel(x, y)[3]]));
    let spread = imageops::fast_blur(&alpha, rim * 0.6);
    let mut out = cut.clone();
    for (pixel, spread) in out.pixels_mut().zip(spread.pixels()) {
        // The blur falls off smoothly; a steep ramp over its foot makes a firm, smooth edge.
        let white = ((f32::from(spread[0]) - 18.0) * 9.0).clamp(0.0, 255.0) / 255.0;
        let own = f32::from(pixel[3]) / 255.0;
        let all = own + white * (1.0 - own);
        if all > 0.0 {
            for channel in 0..3 {
                let value = f32::from(pixel[channel]) * own + 255.0 * white * (1.0 - own);
                pixel[channel] = (value / all).round() as u8;
            }
            pixel[3] = (all * 255.0).round() as u8;
        }
    }
    out
}

/// A photo without transparency.
fn whole(
    canvas: &mut Pixmap,
    photo: &RgbaImage,
    treatment: Treatment,
    frame: Frame,
    accents: Accents,
) -> &'static str {
    let (frame, part, fading) = match treatment {
        Treatment::Fade(side) => {
            let (frame, part, depth) = faded_part(photo, frame, side);
            (frame, part, Some((side, depth)))
        }
        Treatment::Full => (frame, crop::part(photo, frame.w / frame.h, Closeness::Whole), None),
        _ => (frame, crop::part(photo, frame.w / frame.h, Closeness::Subject), None),
    };
    let (width, height) = ((frame.w.ceil() as u32).max(1), (frame.h.ceil() as u32).max(1));
    let mut small = resized(photo, part, width, height);
    if let Some((side, depth)) = fading {
        fade(&mut small, side, depth);
    }
    let Some(small) = pixmap(&small) else { return "none" };
    let box_path = rectangle(frame);
    match treatment {
        Treatment::Fade(_) => {
            through(canvas, box_path.as_ref(), &small, Transform::from_translate(frame.x, frame.y));
            "fade"
        }
        Treatment::Slant(_) | Treatment::Full => {
            through(canvas, box_path.as_ref(), &small, Transform::from_translate(frame.x, frame.y));
            "fill"
        }
        Treatment::Card(degrees) => {
            card(canvas, frame, &small, degrees, accents);
            "card"
        }
        Treatment::Disc => {
            disc(canvas, frame, accents.accent);
            let radius = frame.w.min(frame.h) / 2.0 * 0.94;
            let circle = PathBuilder::from_circle(frame.x + frame.w / 2.0, frame.y + frame.h / 2.0, radius);
            through(canvas, circle.as_ref(), &small, Transform::from_translate(frame.x, frame.y));
            "disc"
        }
    }
}

/// The subject is cropped for the part of `frame` that stays solid; what the photo has beyond it on the fading
/// side is added, so that the fade never eats the subject. Gives the box that is filled, the part of the photo,
/// and the share of the box that fades.
fn faded_part(photo: &RgbaImage, frame: Frame, side: Side) -> (Frame, Part, f32) {
    let upright = matches!(side, Side::Top | Side::Bottom);
    let (solid_w, solid_h) =
        if upright { (frame.w, frame.h * (1.0 - FADE)) } else { (frame.w * (1.0 - FADE), frame.h) };
    let core = crop::part(photo, solid_w / solid_h, Closeness::Whole);
    let scale = solid_w / core.w as f32;
    let (room, spare) = match side {
        Side::Left => (frame.w - solid_w, core.x),
        Side::Right => (frame.w - solid_w, photo.width() - core.x - core.w),
        Side::Top => (frame.h - solid_h, core.y),
        Side::Bottom => (frame.h - solid_h, photo.height() - core.y - core.h),
    };
    let more = ((room / scale) as u32).min(spare);
    let grown = more as f32 * scale;
    let (frame, part) = match side {
        Side::Left => (
            Frame { x: frame.x + room - grown, w: solid_w + grown, ..frame },
            Part { x: core.x - more, w: core.w + more, ..core },
        ),
        Side::Right => (Frame { w: solid_w + grown, ..frame }, Part { w: core.w + more, ..core }),
        Side::Top => (
            Frame { y: frame.y + room - grown, h: solid_h + grown, ..frame },
            Part { y: core.y - more, h: core.h + more, ..core },
        ),
        Side::Bottom => (Frame { h: solid_h + grown, ..frame }, Part { h: core.h + more, ..core }),
    };
    let length = if upright { frame.h } else { frame.w };
    (frame, part, grown / length + SOLID_FADE)
}

/// Makes the pixels towards `side` ever clearer, over `depth` of the photo.
fn fade(photo: &mut RgbaImage, side: Side, depth: f32) {
    let (width, height) = (photo.width() as f32, photo.height() as f32);
    for (x, y, pixel) in photo.enumerate_pixels_mut() {
        let (x, y) = ((x as f32 + 0.5) / width, (y as f32 + 0.5) / height);
        let inwards = match side {
            Side::Left => x,
            Side::Right => 1.0 - x,
            Side::Top => y,
            Side::Bottom => 1.0 - y,
        };
        let share = (inwards / depth).min(1.0);
        let smooth = share * share * (3.0 - 2.0 * share);
        pixel[3] = (f32::from(pixel[3]) * smooth) as u8;
    }
}

fn card(canvas: &mut Pixmap, frame: Frame, photo: &Pixmap, degrees: f32, accents: Accents) {
    let (x, y) = (frame.x + frame.w / 2.0, frame.y + frame.h / 2.0);
    let turn = Transform::from_rotate_at(degrees, x, y);
    let border = canvas.width().min(canvas.height()) as f32 * 0.018;
    // Turning makes the card wider; the scale keeps its corners in its box.
    let (sin, cos) = degrees.to_radians().sin_cos();
    let fit = ((frame.w / (frame.w * cos + frame.h * sin.abs()))
        .min(frame.h / (frame.h * cos + frame.w * sin.abs())))
    .min(1.0);
    let turn =
        Transform::from_scale(fit, fit).post_translate(x * (1.0 - fit), y * (1.0 - fit)).post_concat(turn);
    let inner = Frame {
        x: frame.x + border,
        y: frame.y + border,
        w: (frame.w - 2.0 * border).max(1.0),
        h: (frame.h - 2.0 * border).max(1.0),
    };
    let (Some(outer), Some(inside)) = (
        rectangle(frame).and_then(|path| path.transform(turn)),
        rectangle(inner).and_then(|path| path.transform(turn)),
    ) else {
        return;
    };
    if let Some(fallen) = outer.clone().transform(Transform::from_translate(border * 0.4, border * 0.9)) {
        composite::soft(canvas, &fallen, border * 2.4, accents.dark, 0.75);
    }
    canvas.fill_path(&outer, &paint(WHITE), FillRule::Winding, Transform::identity(), None);
    through(canvas, Some(&inside), photo, Transform::from_translate(frame.x, frame.y).post_concat(turn));
}

fn disc(canvas: &mut Pixmap, frame: Frame, colour: Rgb) {
    let (x, y) = (frame.x + frame.w / 2.0, frame.y + frame.h / 2.0);
    if let Some(circle) = PathBuilder::from_circle(x, y, frame.w.min(frame.h) / 2.0) {
        composite::soft(canvas, &circle, frame.w * 0.06, ink(colour), 0.6);
        canvas.fill_path(&circle, &paint(colour), FillRule::Winding, Transform::identity(), None);
    }
}

/// A surface of one colour with a leaning edge and a bright line along it.
fn panel(canvas: &mut Pixmap, panel: Option<Panel>, accents: Accents) {
    let Some(Panel { side, reach }) = panel else { return };
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let ((x1, y1), (x2, y2), corners) = match side {
        Side::Left => ((reach + LEAN, 0.0), (reach - LEAN, 1.0), [(0.0, 1.0), (0.0, 0.0)]),
        Side::Right => ((1.0 - reach + LEAN, 0.0), (1.0 - reach - LEAN, 1.0), [(1.0, 1.0), (1.0, 0.0)]),
        Side::Top => ((0.0, reach + LEAN / 2.0), (1.0, reach - LEAN / 2.0), [(1.0, 0.0), (0.0, 0.0)]),
        Side::Bottom => {
            ((0.0, 1.0 - reach + LEAN / 2.0), (1.0, 1.0 - reach - LEAN / 2.0), [(1.0, 1.0), (0.0, 1.0)])
        }
    };
    let mut surface = PathBuilder::new();
    let mut edge = PathBuilder::new();
    edge.move_to(x1 * width, y1 * height);
    edge.line_to(x2 * width, y2 * height);
    surface.move_to(x1 * width, y1 * height);
    surface.line_to(x2 * width, y2 * height);
    for (x, y) in corners {
        surface.line_to(x * width, y * height);
    }
    surface.close();
    if let (Some(surface), Some(edge)) = (surface.finish(), edge.finish()) {
        composite::soft(canvas, &surface, width.min(height) * 0.05, accents.dark, 0.5);
        canvas.fill_path(&surface, &paint(accents.panel), FillRule::Winding, Transform::identity(), None);
        let line = if accents.panel == accents.accent { WHITE } else { accents.accent };
        let stroke = Stroke { width: width.min(height) * 0.016, ..Stroke::default() };
        canvas.stroke_path(&edge, &paint(line), &stroke, Transform::identity(), None);
    }
}

fn rectangle(frame: Frame) -> Option<Path> {
    Rect::from_xywh(frame.x, frame.y, frame.w, frame.h).map(PathBuilder::from_rect)
}

/// Draws `photo` where `path` is.
fn through(canvas: &mut Pixmap, path: Option<&Path>, photo: &Pixmap, at: Transform) {
    let Some(path) = path else { return };
    let shader = Pattern::new(photo.as_ref(), SpreadMode::Pad, FilterQuality::Bilinear, 1.0, at);
    let paint = tiny_skia::Paint { shader, ..tiny_skia::Paint::default() };
    canvas.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
}

fn resized(photo: &RgbaImage, part: Part, width: u32, height: u32) -> RgbaImage {
    let view = imageops::crop_imm(photo, part.x, part.y, part.w, part.h);
    // A box filter takes the large steps quickly; the last one is done with care.
    if part.w > width * 3 && part.h > height * 3 {
        let coarse = imageops::thumbnail(&*view, width * 2, height * 2);
        return imageops::resize(&coarse, width, height, imageops::FilterType::Triangle);
    }
    imageops::resize(&*view, width, height, imageops::FilterType::CatmullRom)
}

fn scaled(length: u32, scale: f32) -> u32 {
    ((length as f32 * scale).round() as u32).max(1)
}

fn pixmap(photo: &RgbaImage) -> Option<Pixmap> {
    let mut out = Pixmap::new(photo.width(), photo.height())?;
    for (to, from) in out.pixels_mut().iter_mut().zip(photo.pixels()) {
        let scaled = |value: u8| ((u16::from(value) * u16::from(from[3]) + 127) / 255) as u8;
        *to = PremultipliedColorU8::from_rgba(scaled(from[0]), scaled(from[1]), scaled(from[2]), from[3])?;
    }
    Some(out)
}
