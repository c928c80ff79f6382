//! Words around looks and colours, by which those of the whole are told from those of a thing.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Before what there should be less of.
#[rustfmt::skip]
pub(in super::super) const TOO_MUCH: &[&str] = &[
    "less", "too", "too much", "too many", "way too", "way too much", "a bit too", "not so", "not as",
    "not too", "nothing too", "isn't so", "fewer", "tone down the", "menos", "demasiado", "muito",
    "moins de", "moins", "trop", "trop de", "weniger", "zu", "zu viel", "nicht so", "меньше", "слишком",
    "не так", "не такой", "daha az", "cok fazla", "kurang", "jangan terlalu", "terlalu", "kam", "zyada",
    "not that",
];

/// After `too` and `less` where no quality follows.
#[rustfmt::skip]
pub(in super::super) const NOT_A_QUALITY: &[&str] = &[
    "of", "to", "big", "small", "late", "long", "short", "bad", "a", "the", "much", "many",
];

/// What lettering is called.
#[rustfmt::skip]
pub(in super::super) const LETTERING_NOUNS: &[&str] = &[
    "title", "text", "words", "letters", "lettering", "font", "headline", "caption", "titulo", "texto",
    "letras", "titre", "texte", "titel", "schrift", "текст*", "заголов*", "надпис*", "шрифт*", "букв*",
    "yazi*", "baslik", "basligi", "judul*", "teks*", "tulisan*",
];

/// Large, of lettering.
#[rustfmt::skip]
pub(in super::super) const BIG: &[&str] = &[
    "bigger", "big", "larger", "large", "huge", "massive", "giant", "enormous", "biggest", "mas grande",
    "grande", "maior", "plus gros", "plus grand", "gros", "grosser", "grosse", "больше", "побольше",
    "крупнее", "крупн*", "buyuk", "daha buyuk", "besar", "gede", "lebih besar", "bada", "huge",
];

/// Small, of lettering.
#[rustfmt::skip]
pub(in super::super) const SMALL: &[&str] = &[
    "smaller", "small", "tiny", "tinier", "mas pequeno", "pequeno", "menor", "plus petit", "petit",
    "kleiner", "kleine", "меньше", "поменьше", "kucuk", "daha kucuk", "kecil", "lebih kecil", "chhota",
];

/// Before what must not be there.
#[rustfmt::skip]
pub(in super::super) const LEAVE_OUT: &[&str] = &[
    "no", "without", "take the", "without any", "get rid of", "get rid of the", "remove the", "remove", "lose the",
    "take out the", "delete the", "drop the", "take away the", "minus the", "w o", "don't show any",
    "don't show", "dont show", "don't include", "dont include", "avoid", "and no", "not any", "sin",
    "quita", "quita el", "quita la", "quita los", "quita las", "sem", "tira o", "tira a", "tira os",
    "tira as", "sans", "enleve le", "enleve la", "enleve les", "ohne", "kein", "keine", "keinen",
    "entferne die", "entferne den", "entferne das", "без", "убери", "tanpa", "hapus", "hilangkan", "bina",
    "pas de",
];

/// Ends of what must not be there.
#[rustfmt::skip]
pub(in super::super) const ENDS_LEFT_OUT: &[&str] = &[
    "and", "but", "just", "please", "pls", "plz", "in", "on", "with", "at", "it", "only", "y", "e", "et",
    "und", "и", "dan", "or", "for", "from", "instead", "as", "make", "anywhere", "though",
];

/// Before a `no` that is a wish.
#[rustfmt::skip]
pub(in super::super) const OPENS_NO: &[&str] = &[
    "and", "but", "with", "please", "has", "have", "there's", "should", "be", "y", "e", "et", "und", "и",
];

/// After a `no` that is not a wish.
#[rustfmt::skip]
pub(in super::super) const IDLE_NO: &[&str] = &[
    "wait", "thanks", "need", "rush", "idea", "problem", "matter", "way", "one", "worries", "longer",
    "more", "it", "i", "you", "that", "this", "yes", "not", "name", "clue", "make", "spoilers", "sorry",
    "don't", "let",
];

/// Fillers of a clause of looks beside the words of degree.
#[rustfmt::skip]
pub(in super::super) const WITHOUT_PLAIN: &[&str] = &[
    "on", "the", "to", "letters", "go", "give", "me", "is", "my", "also", "then", "now", "little",
    "different", "change", "switch", "turn", "instead", "everything", "prefer", "mainly", "mostly",
    "feels", "should",
];

/// Between two looks.
#[rustfmt::skip]
pub(in super::super) const JOINS_LOOKS: &[&str] = &[
    "and", "&", "n", "y", "e", "et", "und", "и", "ve", "dan",
];

/// Before a look, and gone with it.
#[rustfmt::skip]
pub(in super::super) const BELONGS_BEFORE_LOOK: &[&str] = &[
    "in", "with", "very", "really", "kinda", "more", "a", "bit", "something", "en", "em", "im", "com",
    "con", "on", "using", "against", "thoda", "etwas", "в", "avec", "mit", "dengan",
];

/// Between two moods of one whole.
#[rustfmt::skip]
pub(in super::super) const JOINS_MOODS: &[&str] = &[
    "and", "&", "n", "but", "y", "e", "et", "und", "и", "ve", "dan",
];

/// Before a mood, on the way to what decides about it.
#[rustfmt::skip]
pub(in super::super) const BACK_OVER_MOODS: &[&str] = &[
    "very", "really", "kinda", "a", "bit", "more", "little", "thoda", "etwas", "bem", "muy", "and", "&",
    "sehr", "tres",
];

/// Between two colours.
#[rustfmt::skip]
pub(in super::super) const JOINS_COLOURS: &[&str] = &[
    "and", "&", "n", "y", "e", "et", "und", "и", "ve", "dan", "on", "aur",
];

/// Before a colour, on the way to what it is said of.
#[rustfmt::skip]
pub(in super::super) const BACK_OVER_COLOURS: &[&str] = &[
    "is", "in", "and", "&", "n", "the", "a", "be", "should", "bitte", "please", "of", "to", "ve", "dan",
    "y", "e", "et", "und", "и", "mostly",
];

/// Before `style` and `look` where no look is named.
#[rustfmt::skip]
pub(in super::super) const NOT_A_LOOK: &[&str] = &[
    "same", "that", "different", "other", "whatever", "life", "free", "hair", "how", "look", "how",
];

/// After the name of a look.
#[rustfmt::skip]
pub(in super::super) const LOOK_SINGULAR: &[&str] = &[
    "style", "look", "vibe", "vibes", "aesthetic", "aesthetics", "feel", "mood", "stil", "tarzi",
    "tarzinda", "stilinde",
];

/// Before the name of a look.
#[rustfmt::skip]
pub(in super::super) const OPENS_NAMED_LOOK: &[&str] = &[
    "in", "a", "an", "with", "kinda", "that", "the", "like", "of", "and", "more", "give", "it",
];
