//! Words around titles.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Words before a quotation that make it the name of what the picture is about.
#[rustfmt::skip]
pub(in super::super) const NAMES: &[&str] = &[
    "called", "named", "of", "about", "on", "video", "vid", "song", "film", "movie", "episode", "game",
    "book", "series", "show", "album", "track", "novel", "review", "reviewing", "cover", "playing",
    "reading", "watching", "from", "vs", "tutorial", "chamado", "chamada", "llamado", "llamada",
    "cancion", "pelicula", "sobre", "libro", "de", "do", "filme", "musica", "livro", "appele", "chanson",
    "livre", "sur", "lied", "buch", "uber", "namens", "song", "про", "песн*", "фильм*", "книг*", "игр*",
    "adli", "sarki", "filmi", "lagu", "tentang", "berjudul", "gaana", "titled",
];

/// Between an announcement and a quotation.
#[rustfmt::skip]
pub(in super::super) const BETWEEN_CUE: &[&str] = &[
    "just", "only", "the", "something", "like", "a", "with", "in", "it", "on", "should", "be", "is", "as",
    "to", "words", "big", "put", "be",
];

/// Before an announcement, and gone with it.
#[rustfmt::skip]
pub(in super::super) const PUTS: &[&str] = &[
    "with", "the", "put", "add", "that", "and", "que", "con", "com", "avec", "mit", "с",
];

/// Verbs of setting words.
#[rustfmt::skip]
pub(in super::super) const SET_VERBS: &[&str] = &[
    "put", "add", "slap", "pon", "ponle", "mets", "coloca", "bota", "schreib", "setze", "добавь",
    "поставь", "koy", "ekle", "tambahkan", "kasih", "pasang", "likho", "set", "title",
];

/// Between an announcement and unquoted words.
#[rustfmt::skip]
pub(in super::super) const CONNECTS: &[&str] = &[
    "on it", "is", "should be", "should say", "says", "saying", "reads", "to", "just", "over it", "as",
    "be", "the words", "will be", "hai", "olsun", "olarak", "ist", "es", "est", "sea", "soll", "on top",
    "that says", "drauf", "jadi", "ho",
];

/// After `and` where the next wish begins.
#[rustfmt::skip]
pub(in super::super) const NEXT_WISH: &[&str] = &[
    "make", "use", "put", "add", "with", "give", "my", "in", "some", "i", "keep", "maybe", "have", "a",
    "2", "3", "4",
];

/// Lower-case words that end a title in capitals.
#[rustfmt::skip]
pub(in super::super) const TITLE_TAIL: &[&str] = &[
    "in", "with", "and", "on", "at", "using", "but", "for", "style", "as", "make", "over", "y", "con",
    "en", "e", "em", "com", "et", "avec", "und", "mit", "и", "в", "на", "ve", "dan", "dengan", "aur",
    "yazsin", "style", "background", "fondo", "fundo",
];
