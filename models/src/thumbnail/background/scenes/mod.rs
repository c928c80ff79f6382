//! The scene families: one file each, chosen by a closed enum.

mod abstracts;
mod blackboard;
mod circuit;
mod clouds;
mod desert;
mod elements;
mod forest;
mod haunted;
mod market;
mod mountains;
mod neon;
mod ocean;
mod paper;
mod ribbons;
mod road;
mod room;
mod skyline;
mod space;
mod stadium;
mod stage;
mod studio;
mod sunburst;
mod tabletop;
mod winter;

use super::canvas::Canvas;
use super::look::Look;
use super::noise::Dice;

/// What a background shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    /// A wooden table before lights out of focus.
    Tabletop,
    /// Ridges behind ridges.
    Mountains,
    /// A city with lit windows.
    Skyline,
    /// The sea under a low sun.
    Ocean,
    /// Nebula, stars and a planet.
    Space,
    /// A glowing grid under a striped sun.
    Neon,
    /// Conductors and nodes out of focus.
    Circuit,
    /// Trunks in shafts of light.
    Forest,
    /// Dunes.
    Desert,
    /// Snowy hills with firs.
    Winter,
    /// A desk corner with a window or lamps.
    Room,
    /// A road to the horizon.
    Road,
    /// A pitch under floodlights.
    Stadium,
    /// Beams over a crowd.
    Stage,
    /// Chalk on a board.
    Blackboard,
    /// Moon, fog and bare trees.
    Haunted,
    /// Rays and halftone dots.
    Sunburst,
    /// Layers of cut paper.
    PaperCut,
    /// Soft lights flowing into each other.
    Mesh,
    /// Sweeping brush ribbons.
    Ribbons,
    /// Above the clouds.
    Clouds,
    /// Candles and a rising line.
    Market,
    /// A studio backdrop with a podium.
    Studio,
}

impl Family {
    /// Every family.
    #[cfg(test)]
    pub(super) const ALL: [Self; 23] = [
        Self::Tabletop,
        Self::Mountains,
        Self::Skyline,
        Self::Ocean,
        Self::Space,
        Self::Neon,
        Self::Circuit,
        Self::Forest,
        Self::Desert,
        Self::Winter,
        Self::Room,
        Self::Road,
        Self::Stadium,
        Self::Stage,
        Self::Blackboard,
        Self::Haunted,
        Self::Sunburst,
        Self::PaperCut,
        Self::Mesh,
        Self::Ribbons,
        Self::Clouds,
        Self::Market,
        Self::Studio,
    ];

    /// The name that the settings of a result carry.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tabletop => "tabletop",
            Self::Mountains => "mountains",
            Self::Skyline => "skyline",
            Self::Ocean => "ocean",
            Self::Space => "space",
            Self::Neon => "neon grid",
            Self::Circuit => "circuit",
            Self::Forest => "forest",
            Self::Desert => "desert",
            Self::Winter => "winter",
            Self::Room => "room",
            Self::Road => "road",
            Self::Stadium => "stadium",
            Self::Stage => "stage",
            Self::Blackboard => "blackboard",
            Self::Haunted => "haunted",
            Self::Sunburst => "sunburst",
            Self::PaperCut => "paper cut",
            Self::Mesh => "gradient mesh",
            Self::Ribbons => "ribbons",
            Self::Clouds => "clouds",
            Self::Market => "market",
            Self::Studio => "studio",
        }
    }

    /// Whether weather falls in this scene.
    fn outdoors(self) -> bool {
        matches!(
            self,
            Self::Mountains
                | Self::Skyline
                | Self::Ocean
                | Self::Forest
                | Self::Desert
                | Self::Winter
                | Self::Road
                | Self::Stadium
                | Self::Haunted
                | Self::Clouds
        )
    }

    /// Paints the scene over the whole canvas.
    pub(super) fn paint(self, canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
        match self {
            Self::Tabletop => tabletop::paint(canvas, look, dice),
            Self::Mountains => mountains::paint(canvas, look, dice),
            Self::Skyline => skyline::paint(canvas, look, dice),
            Self::Ocean => ocean::paint(canvas, look, dice),
            Self::Space => space::paint(canvas, look, dice),
            Self::Neon => neon::paint(canvas, look, dice),
            Self::Circuit => circuit::paint(canvas, look, dice),
            Self::Forest => forest::paint(canvas, look, dice),
            Self::Desert => desert::paint(canvas, look, dice),
            Self::Winter => winter::paint(canvas, look, dice),
            Self::Room => room::paint(canvas, look, dice),
            Self::Road => road::paint(canvas, look, dice),
            Self::Stadium => stadium::paint(canvas, look, dice),
            Self::Stage => stage::paint(canvas, look, dice),
            Self::Blackboard => blackboard::paint(canvas, look, dice),
            Self::Haunted => haunted::paint(canvas, look, dice),
            Self::Sunburst => sunburst::paint(canvas, look, dice),
            Self::PaperCut => paper::paint(canvas, look, dice),
            Self::Mesh => abstracts::paint(canvas, look, dice),
            Self::Ribbons => ribbons::paint(canvas, look, dice),
            Self::Clouds => clouds::paint(canvas, look, dice),
            Self::Market => market::paint(canvas, look, dice),
            Self::Studio => studio::paint(canvas, look, dice),
        }
        if self.outdoors() {
            elements::weather(canvas, look, dice);
        }
    }
}
