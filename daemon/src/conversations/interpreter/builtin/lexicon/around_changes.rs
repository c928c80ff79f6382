//! Words around changes of an earlier request.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Sizes that mean a larger picture only of a result.
#[rustfmt::skip]
pub(in super::super) const SIZES: &[&str] = &[
    "bigger", "larger", "mas", "plus", "maior", "grosser", "побольше", "make", "best", "in", "hd", "2x",
];

/// Results that are counted.
#[rustfmt::skip]
pub(in super::super) const COUNTED_THINGS: &[&str] = &[
    "thumb*", "pictures", "images", "pics", "photos", "covers", "portraits", "headshots", "miniaturas",
    "miniatures", "bilder", "other",
];

/// After a word for more of the same.
#[rustfmt::skip]
pub(in super::super) const AFTER_AGAIN: &[&str] = &[
    "please", "pls", "plz", "of", "dong", "ya", "por", "bitte", "thumb*", "pictures", "images", "time",
    "times", "versions", "options",
];

/// Verbs of taking away that come after what goes.
#[rustfmt::skip]
pub(in super::super) const REMOVE_LAST: &[&str] = &[
    "kaldir*", "sil", "cikar*", "hata*", "hapus*", "hilang*", "убери*", "weg", "nikal*",
];

/// Phrases of a title that goes.
#[rustfmt::skip]
pub(in super::super) const TITLE_GONE: &[&str] = &[
    "text weg", "titel weg", "schrift weg", "text off", "title off", "text out", "text away",
    "title away", "words off", "words out", "text gone", "title gone",
];

/// A title in capitals.
#[rustfmt::skip]
pub(in super::super) const ALL_CAPS: &[&str] = &[
    "all caps", "in caps", "uppercase", "upper case", "capital letters", "all capitals", "caps lock",
    "mayusculas", "grossbuchstaben",
];

/// Words of correcting.
#[rustfmt::skip]
pub(in super::super) const CORRECTS: &[&str] = &[
    "typo", "spelled", "spelt", "spelling", "misspelled", "should be", "not", "meant", "wrote", "wrong",
    "it's", "its", "with a", "error", "falta", "correct", "fix", "se escribe", "schreibfehler", "faute",
    "ошибк*", "опечатк*", "yanlis", "typonya", "salah",
];

/// Words by which a revision brings or swaps content.
#[rustfmt::skip]
pub(in super::super) const BRINGS: &[&str] = &[
    "with", "add", "put", "include", "show", "have", "place", "in", "on", "wearing", "holding", "as",
    "give", "more", "agrega*", "anade*", "pon*", "con", "adiciona*", "coloca*", "com", "ajoute*", "avec",
    "mets", "fug*", "mit", "добавь*", "с", "ekle*", "koy", "tambah*", "kasih", "daalo", "add", "extra",
    "plus", "another", "turn", "make", "let", "hinzu", "at", "during", "from", "inside", "under", "next",
    "behind", "surrounded", "instead", "change", "replace", "swap", "switch", "use",
];

/// Beginnings of clauses that bring content.
#[rustfmt::skip]
pub(in super::super) const BRING_FRAME: &[&str] = &[
    "add", "include", "show", "change", "replace", "swap", "switch", "but", "instead", "same", "keep",
    "nice", "more", "place", "version", "thumb*", "agrega*", "anade*", "pon*", "ponle", "adiciona*",
    "coloca*", "ajoute*", "mets", "добавь*", "tambah*", "kasih", "not", "no", "good", "great", "hmm",
    "maybe", "turn", "let", "version",
];

/// Phrases that bring another subject altogether.
#[rustfmt::skip]
pub(in super::super) const ANEW: &[&str] = &[
    "make it about", "make it all about", "about", "new topic", "new subject", "change the subject to",
    "change the topic to", "sobre", "uber", "про", "tentang",
];

/// Before a thing that is swapped.
#[rustfmt::skip]
pub(in super::super) const BEFORE_SWAPPED: &[&str] = &[
    "the", "a", "an", "make", "it", "use", "with", "be", "have",
];
