//! The colour script of each family: five tones from shadow to light, an accent and a light.

use super::colour::{Lch, lch};
use super::hours::{desert, forest, outdoors, room, winter};
use super::look::light;
use super::mood::Time;
use super::noise::Dice;
use super::scenes::Family;

/// Colours before palette and mood.
pub(super) struct Grade {
    /// Dark to light.
    pub tones: [Lch; 5],
    /// Stands out.
    pub accent: Lch,
    /// The light.
    pub light: Lch,
}

/// The times of day that suit a family when none was asked for.
pub(super) fn times(family: Family) -> &'static [Time] {
    use Time::{Day, Dusk, Golden, Night};
    match family {
        Family::Mountains | Family::Road => &[Golden, Golden, Day, Dusk],
        Family::Skyline => &[Dusk, Night, Dusk, Golden],
        Family::Ocean | Family::Desert => &[Golden, Day, Golden, Dusk],
        Family::Forest => &[Golden, Day],
        Family::Winter => &[Day, Dusk, Golden],
        Family::Clouds => &[Day, Golden, Dusk],
        Family::Room => &[Dusk, Golden, Night],
        Family::Space
        | Family::Neon
        | Family::Circuit
        | Family::Stadium
        | Family::Stage
        | Family::Haunted => &[Night],
        Family::Tabletop
        | Family::Blackboard
        | Family::Sunburst
        | Family::PaperCut
        | Family::Mesh
        | Family::Ribbons
        | Family::Market
        | Family::Studio => &[Day],
    }
}

/// The colours of a family at a time of day.
pub(super) fn grade(family: Family, time: Time, dice: &mut Dice) -> Grade {
    let swing = dice.range(-9.0, 9.0);
    let free = dice.range(0.0, 6.0) as usize;
    let mut grade = match family {
        Family::Mountains | Family::Skyline | Family::Ocean | Family::Road | Family::Clouds => outdoors(time),
        Family::Desert => desert(time),
        Family::Winter => winter(time),
        Family::Forest => forest(time),
        Family::Tabletop => tones(
            [
                (0.16, 0.035, 45.0),
                (0.33, 0.065, 50.0),
                (0.54, 0.095, 57.0),
                (0.77, 0.10, 70.0),
                (0.94, 0.05, 85.0),
            ],
            lch(0.74, 0.16, 55.0),
            80.0,
        ),
        Family::Room => room(time),
        Family::Space => match free % 3 {
            0 => tones(
                [
                    (0.07, 0.03, 280.0),
                    (0.20, 0.09, 285.0),
                    (0.42, 0.17, 310.0),
                    (0.68, 0.16, 350.0),
                    (0.93, 0.06, 60.0),
                ],
                lch(0.80, 0.13, 195.0),
                70.0,
            ),
            1 => tones(
                [
                    (0.07, 0.03, 262.0),
                    (0.19, 0.07, 262.0),
                    (0.42, 0.12, 245.0),
                    (0.69, 0.12, 205.0),
                    (0.95, 0.04, 190.0),
                ],
                lch(0.78, 0.16, 45.0),
                200.0,
            ),
            _ => tones(
                [
                    (0.07, 0.03, 290.0),
                    (0.18, 0.08, 300.0),
                    (0.40, 0.15, 350.0),
                    (0.68, 0.16, 40.0),
                    (0.94, 0.07, 80.0),
                ],
                lch(0.78, 0.13, 220.0),
                75.0,
            ),
        },
        Family::Neon => tones(
            [
                (0.09, 0.04, 285.0),
                (0.22, 0.11, 288.0),
                (0.45, 0.22, 318.0),
                (0.70, 0.21, 350.0),
                (0.92, 0.10, 70.0),
            ],
            lch(0.84, 0.14, 205.0),
            340.0,
        ),
        Family::Circuit => tones(
            [
                (0.10, 0.03, 240.0),
                (0.21, 0.055, 235.0),
                (0.40, 0.09, 225.0),
                (0.68, 0.13, 200.0),
                (0.93, 0.07, 190.0),
            ],
            lch(0.83, 0.16, if free.is_multiple_of(2) { 165.0 } else { 60.0 }),
            200.0,
        ),
        Family::Stadium => tones(
            [
                (0.10, 0.03, 250.0),
                (0.24, 0.06, 235.0),
                (0.44, 0.10, 165.0),
                (0.68, 0.12, 150.0),
                (0.97, 0.03, 110.0),
            ],
            lch(0.84, 0.16, 90.0),
            220.0,
        ),
        Family::Stage => tones(
            [
                (0.08, 0.03, 290.0),
                (0.21, 0.10, 295.0),
                (0.44, 0.20, 325.0),
                (0.70, 0.18, 15.0),
                (0.95, 0.06, 70.0),
            ],
            lch(0.78, 0.14, 220.0),
            60.0,
        ),
        Family::Blackboard => tones(
            [
                (0.17, 0.02, 170.0),
                (0.28, 0.03, 168.0),
                (0.38, 0.035, 165.0),
                (0.66, 0.025, 150.0),
                (0.95, 0.015, 100.0),
            ],
            lch(0.85, 0.14, 88.0),
            95.0,
        ),
        Family::Haunted => tones(
            [
                (0.07, 0.02, 255.0),
                (0.18, 0.04, 240.0),
                (0.36, 0.055, 215.0),
                (0.60, 0.06, 190.0),
                (0.93, 0.04, 120.0),
            ],
            lch(0.72, 0.18, 48.0),
            110.0,
        ),
        Family::Sunburst => {
            let h = [40.0, 255.0, 330.0, 20.0, 190.0, 290.0][free % 6];
            tones(
                [
                    (0.30, 0.14, h - 20.0),
                    (0.48, 0.18, h - 8.0),
                    (0.64, 0.19, h),
                    (0.79, 0.15, h + 22.0),
                    (0.95, 0.08, h + 45.0),
                ],
                lch(0.88, 0.17, if h < 120.0 { 215.0 } else { 95.0 }),
                90.0,
            )
        }
        Family::PaperCut | Family::Ribbons | Family::Mesh | Family::Studio => abstract_tones(free),
        Family::Market => tones(
            [
                (0.11, 0.035, 258.0),
                (0.21, 0.06, 258.0),
                (0.38, 0.09, 252.0),
                (0.66, 0.13, 190.0),
                (0.95, 0.05, 170.0),
            ],
            lch(0.82, 0.18, 155.0),
            180.0,
        ),
    };
    grade.tones = grade.tones.map(|tone| tone.turn(swing));
    grade
}

/// A script from plain numbers.
pub(super) fn tones(tones: [(f32, f32, f32); 5], accent: Lch, hue_of_light: f32) -> Grade {
    Grade { tones: tones.map(|(l, c, h)| lch(l, c, h)), accent, light: light(hue_of_light) }
}

fn abstract_tones(free: usize) -> Grade {
    match free {
        0 => tones(
            [
                (0.22, 0.10, 285.0),
                (0.40, 0.18, 295.0),
                (0.60, 0.19, 340.0),
                (0.77, 0.14, 30.0),
                (0.95, 0.06, 70.0),
            ],
            lch(0.85, 0.13, 195.0),
            60.0,
        ),
        1 => tones(
            [
                (0.21, 0.07, 255.0),
                (0.40, 0.13, 250.0),
                (0.61, 0.13, 225.0),
                (0.82, 0.09, 195.0),
                (0.96, 0.04, 170.0),
            ],
            lch(0.74, 0.17, 45.0),
            190.0,
        ),
        2 => tones(
            [
                (0.20, 0.05, 190.0),
                (0.38, 0.075, 190.0),
                (0.59, 0.09, 185.0),
                (0.82, 0.07, 165.0),
                (0.96, 0.04, 110.0),
            ],
            lch(0.74, 0.15, 50.0),
            100.0,
        ),
        3 => tones(
            [
                (0.25, 0.09, 10.0),
                (0.45, 0.15, 20.0),
                (0.66, 0.15, 38.0),
                (0.83, 0.10, 62.0),
                (0.96, 0.04, 85.0),
            ],
            lch(0.60, 0.10, 200.0),
            70.0,
        ),
        4 => tones(
            [
                (0.17, 0.03, 265.0),
                (0.31, 0.045, 268.0),
                (0.52, 0.06, 275.0),
                (0.78, 0.05, 290.0),
                (0.95, 0.02, 300.0),
            ],
            lch(0.74, 0.17, 55.0),
            290.0,
        ),
        _ => tones(
            [
                (0.22, 0.09, 320.0),
                (0.41, 0.16, 335.0),
                (0.63, 0.17, 355.0),
                (0.82, 0.10, 15.0),
                (0.96, 0.04, 50.0),
            ],
            lch(0.84, 0.14, 90.0),
            40.0,
        ),
    }
}
