//! Props: the one thing that tells at a glance what a thumbnail is about.

mod arts;
mod beings;
mod drives;
mod eats;
mod machines;
mod marks;
mod sports;

use super::canvas::Canvas;
use super::colour::{Lch, lch};
use super::frame::Area;
use super::look::Look;
use super::sprite::Pen;

/// Everything that can stand beside the title; each is the thing of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Prop {
    Bread,
    Coffee,
    Cake,
    Pot,
    Camera,
    Laptop,
    Phone,
    Controller,
    Headphones,
    Microphone,
    Guitar,
    Palette,
    Football,
    Dumbbell,
    Trophy,
    Rocket,
    Car,
    Plane,
    Tent,
    Tree,
    Cat,
    Pumpkin,
    Book,
    Bulb,
    Coins,
    Heart,
    Gift,
    Clock,
}

impl Prop {
    /// Every prop.
    #[cfg(test)]
    pub(super) const ALL: [Self; 28] = [
        Self::Bread,
        Self::Coffee,
        Self::Cake,
        Self::Pot,
        Self::Camera,
        Self::Laptop,
        Self::Phone,
        Self::Controller,
        Self::Headphones,
        Self::Microphone,
        Self::Guitar,
        Self::Palette,
        Self::Football,
        Self::Dumbbell,
        Self::Trophy,
        Self::Rocket,
        Self::Car,
        Self::Plane,
        Self::Tent,
        Self::Tree,
        Self::Cat,
        Self::Pumpkin,
        Self::Book,
        Self::Bulb,
        Self::Coins,
        Self::Heart,
        Self::Gift,
        Self::Clock,
    ];

    /// Draws the prop into its part of the picture; a picture without one stays as it is.
    pub(super) fn paint(self, canvas: &mut Canvas, look: &Look) {
        let Some(area) = canvas.frame.prop else { return };
        let Area { x, y, w, .. } = area.standing_square();
        let Some(mut pen) = Pen::new(w, look) else { return };
        match self {
            Self::Bread => eats::bread(&mut pen),
            Self::Coffee => eats::coffee(&mut pen),
            Self::Cake => eats::cake(&mut pen),
            Self::Pot => eats::pot(&mut pen),
            Self::Camera => machines::camera(&mut pen),
            Self::Laptop => machines::laptop(&mut pen),
            Self::Phone => machines::phone(&mut pen),
            Self::Controller => machines::controller(&mut pen),
            Self::Headphones => arts::headphones(&mut pen),
            Self::Microphone => arts::microphone(&mut pen),
            Self::Guitar => arts::guitar(&mut pen),
            Self::Palette => arts::palette(&mut pen),
            Self::Football => sports::football(&mut pen),
            Self::Dumbbell => sports::dumbbell(&mut pen),
            Self::Trophy => sports::trophy(&mut pen),
            Self::Rocket => drives::rocket(&mut pen),
            Self::Car => drives::car(&mut pen),
            Self::Plane => drives::plane(&mut pen),
            Self::Tent => drives::tent(&mut pen),
            Self::Tree => beings::tree(&mut pen),
            Self::Cat => beings::cat(&mut pen),
            Self::Pumpkin => beings::pumpkin(&mut pen),
            Self::Book => marks::book(&mut pen),
            Self::Bulb => marks::bulb(&mut pen),
            Self::Coins => marks::coins(&mut pen),
            Self::Heart => marks::heart(&mut pen),
            Self::Gift => marks::gift(&mut pen),
            Self::Clock => marks::clock(&mut pen),
        }
        let towards = if canvas.frame.focus.0 >= canvas.frame.w / 2.0 { 1.0 } else { -1.0 };
        let stands = !matches!(self, Self::Rocket | Self::Plane | Self::Heart | Self::Headphones);
        pen.place(canvas, (x, y), towards, stands);
    }
}

/// Almost black, for lenses, tyres and keys.
const INK: Lch = lch(0.2, 0.02, 265.0);
/// Almost white, for paper, cream and labels.
const PAPER: Lch = lch(0.96, 0.015, 85.0);
/// Brushed metal.
const STEEL: Lch = lch(0.74, 0.012, 250.0);
/// Gold.
const GOLD: Lch = lch(0.8, 0.14, 84.0);

/// Three wisps of steam over `(x, y)`.
fn steam(pen: &mut Pen<'_>, x: f32, y: f32) {
    for (dx, height, alpha) in [(-9.0, 20.0, 0.32), (0.0, 28.0, 0.45), (9.0, 22.0, 0.32)] {
        let left = x + dx;
        let letters = format!(
            "M {left} {y} C {} {} {} {} {left} {} C {} {} {} {} {} {}",
            left - 7.0,
            y - height * 0.2,
            left + 7.0,
            y - height * 0.35,
            y - height * 0.55,
            left - 6.0,
            y - height * 0.7,
            left + 5.0,
            y - height * 0.85,
            left + 1.0,
            y - height
        );
        for (width, share) in [(4.5, 0.25), (2.4, 0.4)] {
            pen.line(&letters, width, PAPER, alpha * share);
        }
    }
}
