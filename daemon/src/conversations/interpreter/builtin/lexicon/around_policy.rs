//! Words around those of the policy.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Innocent uses of words of nudity.
#[rustfmt::skip]
pub(in super::super) const NUDE_INNOCENT: &[&str] = &[
    "nude lipstick", "nude makeup", "nude heels", "no nudity", "naked eye", "nude colors", "nude palette",
    "naked mole", "strip mall", "strip poker",
];

/// After an age.
#[rustfmt::skip]
pub(in super::super) const YEARS_OLD: &[&str] = &[
    "years old", "year old", "yo", "y o", "yr old", "yrs old", "anos", "ans", "jahre", "лет", "yasinda",
    "tahun", "saal",
];

/// Before an age.
#[rustfmt::skip]
pub(in super::super) const BEFORE_AGE: &[&str] = &[
    "she's", "shes", "he's", "hes", "is", "im", "i'm", "aged", "age", "only", "just", "turned",
];

/// Between a group and contempt for it.
#[rustfmt::skip]
pub(in super::super) const LINKS_CONTEMPT: &[&str] = &[
    "are", "as", "should", "like", "is", "all", "deserve", "must", "son", "sao", "sont", "sind", "это",
    "gibi", "adalah", "hai", "out", "to", "of", "don't", "dont", "the", "these",
];

/// Somebody who could be deceived with.
#[rustfmt::skip]
pub(in super::super) const A_PERSON: &[&str] = &[
    "him", "her", "my ex's", "real person", "someone", "neighbour", "neighbor", "boss", "coworker",
    "teacher", "face of",
];

/// Deception as a topic.
#[rustfmt::skip]
pub(in super::super) const ABOUT_DECEIT: &[&str] = &[
    "how deepfakes", "about deepfakes", "deepfakes", "spot a deepfake", "detect deepfakes", "dangers of",
    "cartoon of", "satire", "parody", "caricature",
];
