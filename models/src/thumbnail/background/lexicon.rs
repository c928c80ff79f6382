//! From the words of a subject to a scene family and a prop.

use super::noise::Dice;
use super::props::Prop;
use super::scenes::Family;
use super::topics::{LOOKS, PLACES, Place, TOPICS};

/// What a subject asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scene {
    /// The background.
    pub family: Family,
    /// What stands before it.
    pub prop: Option<Prop>,
}

/// The words of a text: lower case, without marks.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The scene of a subject. A place in it (`in the mountains`) decides the background, a thing the prop. A style
/// entry that names a look (`comic`, `paper cut`) decides the background over both. Words that nobody knows get
/// an abstract background by chance.
pub(super) fn scene(subject: &[String], style: &[String], dark: bool, dice: &mut Dice) -> Scene {
    let place = find(subject, PLACES).map(|(_, family)| *family);
    let line = |word: &String| TOPICS.iter().position(|(words, ..)| holds(words, word));
    let topics: Vec<usize> = each(subject).filter_map(|word| line(&word)).collect();
    // The table goes from the particular to the general: bread says more than recipe, whichever comes first.
    let thing = topics.iter().copied().filter(|i| TOPICS[*i].2.is_some()).min();
    let topic = thing.or(topics.first().copied()).map(|i| &TOPICS[i]);
    let prop = topic.and_then(|(_, _, prop)| *prop);
    let look = style.iter().find_map(|entry| look(entry));
    let free = if dark {
        [Family::Mesh, Family::Ribbons, Family::Circuit, Family::Mesh, Family::PaperCut]
    } else {
        [Family::Mesh, Family::Ribbons, Family::PaperCut, Family::Studio, Family::Sunburst]
    };
    // Drawn in any case, so that the dice after it do not depend on the words.
    let chance = free[dice.whole(0, free.len() as u32 - 1) as usize];
    let family = look.or(place).or(topic.map(|(_, family, _)| *family)).unwrap_or(chance);
    Scene { family, prop }
}

/// The background that a style entry names.
pub(super) fn look(entry: &str) -> Option<Family> {
    find(&words(entry), LOOKS).map(|(_, family)| *family)
}

/// Whether a word of a subject is a thing or a place: `rust` is a language before it is a colour.
pub(super) fn knows(word: &str) -> bool {
    PLACES.iter().any(|(words, _)| holds(words, word)) || TOPICS.iter().any(|(words, ..)| holds(words, word))
}

fn find(subject: &[String], table: &'static [Place]) -> Option<&'static Place> {
    each(subject).find_map(|word| table.iter().find(|(words, _)| holds(words, &word)))
}

fn holds(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// Pairs run together, words, and words without the ending of a plural, in the order of the text.
fn each(subject: &[String]) -> impl Iterator<Item = String> + '_ {
    subject.iter().enumerate().flat_map(move |(i, word)| {
        let pair = subject.get(i + 1).map(|next| format!("{word}{next}"));
        let one = word.strip_suffix("es").map(str::to_owned);
        let single = word.strip_suffix('s').filter(|stem| stem.len() > 2).map(str::to_owned);
        pair.into_iter().chain([word.clone()]).chain(single).chain(one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(subject: &str) -> Scene {
        scene(&words(subject), &[], false, &mut Dice::new(1))
    }

    #[test]
    fn subjects_find_their_scene() {
        use Family as F;
        use Prop as P;
        let cases: &[(&str, Family, Option<Prop>)] = &[
            ("Baking sourdough bread", F::Tabletop, Some(P::Bread)),
            ("My morning coffee routine", F::Tabletop, Some(P::Coffee)),
            ("Birthday cake recipe", F::Tabletop, Some(P::Cake)),
            ("cooking soup for beginners", F::Tabletop, Some(P::Pot)),
            ("pasta in 10 minutes", F::Tabletop, Some(P::Pot)),
            ("Kuchen backen", F::Tabletop, Some(P::Cake)),
            ("receta de pan", F::Tabletop, Some(P::Bread)),
            ("Hiking the Alps", F::Mountains, None),
            ("mountain sunrise", F::Mountains, None),
            ("Camping in the forest", F::Forest, Some(P::Tent)),
            ("camping gear", F::Forest, Some(P::Tent)),
            ("New York city guide", F::Skyline, None),
            ("business strategy", F::Skyline, None),
            ("real estate market", F::Skyline, None),
            ("stock market crash", F::Market, Some(P::Coins)),
            ("How to invest money", F::Market, Some(P::Coins)),
            ("Bitcoin explained", F::Market, Some(P::Coins)),
            ("beach day", F::Ocean, None),
            ("surfing waves", F::Ocean, None),
            ("the deep ocean", F::Ocean, None),
            ("space travel", F::Space, Some(P::Rocket)),
            ("rocket launch", F::Space, Some(P::Rocket)),
            ("black hole", F::Space, None),
            ("AI news", F::Circuit, None),
            ("Learn Rust programming", F::Circuit, Some(P::Laptop)),
            ("python coding tutorial", F::Circuit, Some(P::Laptop)),
            ("best laptop 2025", F::Studio, Some(P::Laptop)),
            ("iPhone review", F::Studio, Some(P::Phone)),
            ("gaming setup", F::Neon, Some(P::Controller)),
            ("speedrun any%", F::Neon, Some(P::Controller)),
            ("minecraft castle", F::Neon, Some(P::Controller)),
            ("walk in the woods", F::Forest, None),
            ("garden in spring", F::Forest, Some(P::Tree)),
            ("plant a tree", F::Forest, Some(P::Tree)),
            ("Sahara expedition", F::Desert, None),
            ("winter wonderland", F::Winter, None),
            ("skiing lessons", F::Winter, None),
            ("christmas presents", F::Winter, Some(P::Gift)),
            ("home office makeover", F::Room, None),
            ("interior design", F::Room, None),
            ("morning study routine", F::Room, Some(P::Book)),
            ("red sports car", F::Road, Some(P::Car)),
            ("road trip", F::Road, Some(P::Car)),
            ("football highlights", F::Stadium, Some(P::Football)),
            ("champions league final", F::Stadium, Some(P::Trophy)),
            ("gym workout", F::Stadium, Some(P::Dumbbell)),
            ("live concert", F::Stage, None),
            ("guitar lesson", F::Stage, Some(P::Guitar)),
            ("our new podcast", F::Stage, Some(P::Microphone)),
            ("lo-fi beats to relax", F::Stage, Some(P::Headphones)),
            ("maths exam", F::Blackboard, None),
            ("history of Rome", F::Blackboard, Some(P::Book)),
            ("school tips", F::Blackboard, Some(P::Book)),
            ("horror story", F::Haunted, None),
            ("halloween ideas", F::Haunted, Some(P::Pumpkin)),
            ("cheap flights to Japan", F::Clouds, Some(P::Plane)),
            ("my cat is weird", F::Room, Some(P::Cat)),
            ("street photography", F::Skyline, Some(P::Camera)),
            ("camera review", F::Studio, Some(P::Camera)),
            ("painting with acrylics", F::Ribbons, Some(P::Palette)),
            ("10 great ideas", F::Sunburst, Some(P::Bulb)),
            ("dating advice", F::Mesh, Some(P::Heart)),
            ("time management", F::Studio, Some(P::Clock)),
            ("coffee in the mountains", F::Mountains, Some(P::Coffee)),
            ("Brot backen im Wald", F::Forest, Some(P::Bread)),
            ("voiture de course", F::Road, Some(P::Car)),
        ];
        assert!(cases.len() >= 60);
        for (subject, family, prop) in cases {
            assert_eq!(seen(subject), Scene { family: *family, prop: *prop }, "{subject}");
        }
    }

    #[test]
    fn unknown_subjects_get_an_abstract_scene_without_a_prop() {
        for subject in ["", "qwxyz", "Ωμέγα", "123"] {
            let scene = seen(subject);
            assert!(scene.prop.is_none(), "{subject}");
            let fitting = [Family::Mesh, Family::Ribbons, Family::PaperCut, Family::Studio, Family::Sunburst];
            assert!(fitting.contains(&scene.family), "{subject}: {scene:?}");
        }
    }

    #[test]
    fn things_are_not_colours() {
        for (word, known) in [("rust", true), ("chocolate", true), ("red", false), ("teal", false)] {
            assert_eq!(knows(word), known, "{word}");
        }
    }

    #[test]
    fn a_named_look_decides_the_background() {
        let style = ["comic".to_owned()];
        let found = scene(&words("bread"), &style, false, &mut Dice::new(1));
        assert_eq!(found, Scene { family: Family::Sunburst, prop: Some(Prop::Bread) });
    }
}
