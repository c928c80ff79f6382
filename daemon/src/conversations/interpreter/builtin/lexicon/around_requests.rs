//! Words around requests, pictures, numbers and places.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Before a bare number of results.
#[rustfmt::skip]
pub(in super::super) const COUNT_VERBS: &[&str] = &[
    "meant", "just",
    "make", "me", "get", "do", "want", "need", "like", "mach", "dame", "haz", "give", "another", "gib",
    "mir", "fais", "faz", "send", "try", "have", "moi", "ще", "сделай", "дай", "bana", "buat", "bikin",
];

/// After a bare number of results.
#[rustfmt::skip]
pub(in super::super) const AFTER_COUNT: &[&str] = &[
    "not", "rather",
    "please", "pls", "plz", "then", "this", "instead", "now", "ya", "dong", "of", "too", "bitte", "por",
    "tane", "thanks", "no",
];

/// Words that no longer belong to the thing counted.
#[rustfmt::skip]
pub(in super::super) const NO_ADJECTIVES: &[&str] = &[
    "of", "for", "in", "on", "about", "to", "a", "and", "with", "my", "the", "vs",
];

/// Before the number of one result.
#[rustfmt::skip]
pub(in super::super) const BEFORE_WHICH: &[&str] = &[
    "number", "no", "nr", "num", "pic", "photo", "picture", "image", "upscale", "version", "option",
    "enlarge", "numero", "nummer", "номер", "numara", "nomor", "variant", "foto", "bild", "imagen",
    "thumbnail", "thumb", "result", "u", "one", "amplia", "agrandis",
];

/// Prepositions of what a thing is for.
#[rustfmt::skip]
pub(in super::super) const PURPOSES: &[&str] = &[
    "for", "4", "para", "pra", "pro", "fur", "pour", "для", "untuk", "buat", "from", "in", "on", "до",
    "про", "about",
];

/// Before a video that one has already.
#[rustfmt::skip]
pub(in super::super) const OWN_VIDEO: &[&str] = &[
    "my", "the", "our", "mein", "new", "meu", "mi", "ma", "next",
];

/// Beginnings of portrait phrases that mean a portrait only beside a photo.
#[rustfmt::skip]
pub(in super::super) const WEAK_PORTRAITS: &[&str] = &[
    "make", "put", "beni", "mujhe", "turn", "show", "me", "imagine", "draw", "paint",
];

/// Portrait words that mean a portrait only beside a photo.
#[rustfmt::skip]
pub(in super::super) const BARE_PORTRAITS: &[&str] = &[
    "portrait", "portraits", "retrato", "retratos", "портрет*", "portre", "potret", "photoshoot",
    "influencer",
];

/// Drawing words: where they come first, a later `film` is only the topic.
#[rustfmt::skip]
pub(in super::super) const DRAWN: &[&str] = &[
    "draw", "image", "picture", "drawing", "painting", "sketch", "illustration", "photo", "paint",
    "wallpaper", "icon", "illustrate",
];

/// Before a picture that was sent.
#[rustfmt::skip]
pub(in super::super) const POINTS_AT_SENT: &[&str] = &[
    "this", "that", "first", "second", "third", "1st", "2nd", "3rd", "the", "these", "my", "other",
    "selfie", "last", "attached", "esta", "essa", "segunda", "primera", "cette", "dieses", "diesem",
    "это", "эту", "этом", "bu", "pehli", "dusri", "wrong",
];

/// Phrases that mean a try-on whatever stands beside them.
#[rustfmt::skip]
pub(in super::super) const STRONG_TRIES: &[&str] = &[
    "tryon", "try on", "try it on", "try this on", "virtual try", "outfit check", "fitting room",
    "dress me", "dress me up",
];

/// Before a thing that is the one of the last request.
#[rustfmt::skip]
pub(in super::super) const POINTS_AT_LAST: &[&str] = &[
    "the", "this", "that", "my", "same", "as", "of", "el", "la", "das", "le", "o", "it", "these", "those",
];

/// After a thing, before what it is about.
#[rustfmt::skip]
pub(in super::super) const OPENS_TOPIC: &[&str] = &[
    "about", "for", "of", "on", "4", "sobre", "para", "uber", "fur", "про", "для", "sur", "pour",
    "tentang", "buat", "untuk",
];

/// Between a picture and who is on it.
#[rustfmt::skip]
pub(in super::super) const IS: &[&str] = &[
    "is", "=", "es", "e", "est", "ist", "это", "one", "are",
];

/// Before a bare ordinal.
#[rustfmt::skip]
pub(in super::super) const ARTICLES: &[&str] = &[
    "the", "la", "el", "a", "le", "der", "die", "das", "во", "на",
];

/// Before the number of a picture.
#[rustfmt::skip]
pub(in super::super) const NUMBERED: &[&str] = &[
    "pic", "photo", "picture", "image", "img", "foto", "imagen", "imagem", "bild", "фото", "gambar",
    "resim", "no", "number", "person", "top", "bottom", "dress", "garment",
];

/// Before a garment of which a picture is there.
#[rustfmt::skip]
pub(in super::super) const SHOWN: &[&str] = &[
    "this", "these", "that", "those", "the", "este", "esta", "essa", "esse", "cette", "ce", "diese",
    "dieses", "diesen", "этот", "эту", "эта", "эти", "bu", "ye", "is", "und", "and",
];

/// Names of things that are more often part of a subject.
#[rustfmt::skip]
pub(in super::super) const IN_SUBJECTS: &[&str] = &[
    "cover", "covers", "poster", "posters", "header", "banner", "flyer", "make", "put", "draw", "paint",
    "sketch", "influencer", "logo", "pattern", "texture",
];

/// After `video` where it is part of a name.
#[rustfmt::skip]
pub(in super::super) const VIDEO_COMPOUNDS: &[&str] = &[
    "game", "games", "call", "calls", "store", "editor", "editing", "card", "codec", "doorbell",
];

/// The video that a thumbnail is for.
#[rustfmt::skip]
pub(in super::super) const VIDEO_WORDS: &[&str] = &[
    "video", "vid", "vids", "videos", "video's", "vid's", "videom", "videom*", "видео", "видоса",
    "ролика", "videoku", "vidéo",
];

/// Before `template` where its name is over.
#[rustfmt::skip]
pub(in super::super) const NOT_A_TEMPLATE: &[&str] = &[
    "the", "use", "a", "my", "your", "using", "with", "from", "that", "la", "usa", "die", "in", "on",
    "and", "same", "this", "one", "of", "new",
];

/// A face of one's own.
#[rustfmt::skip]
pub(in super::super) const FACES: &[&str] = &[
    "face", "selfie", "cara", "rosto", "visage", "gesicht", "лицо", "wajah", "yuzum*", "chehra",
];

/// Beginnings of clauses of an image request.
#[rustfmt::skip]
pub(in super::super) const IMAGE_FRAME: &[&str] = &[
    "wallpaper", "wallpapers", "icon", "avatar", "sticker", "illustration", "artwork", "render",
    "drawing", "painting", "sketch", "pfp", "redo", "based", "base", "this", "use", "edit", "change",
    "restyle", "repaint", "transform", "just", "not", "thumbnail", "paint", "draw", "dibuja*", "dibujo",
    "imagen", "foto", "imagem", "desenh*", "dessin*", "image", "bild", "zeichn*", "gorsel*", "resim",
    "resmi", "gambar*", "нарисуй*", "картин*", "photograph", "album", "art", "wallpaper", "background",
    "fondo", "pantalla", "illustrate", "обои", "рисунок",
];

/// Phrases that only point at the picture to begin from.
#[rustfmt::skip]
pub(in super::super) const POINTS_AT_BASE: &[&str] = &[
    "use this as a base and", "use this as a base", "use this as base", "use this as", "as a base",
    "redo this photo of", "redo this photo", "this photo of", "this picture of", "this photo",
    "this picture", "this image", "this pic", "this drawing", "this sketch", "my sketch", "my drawing",
    "the attached", "turn this into", "turn it into", "make it", "make this", "based on", "into a",
    "into an", "esta foto", "cette photo", "dieses foto", "это фото", "bu fotografi", "foto ini",
];

/// Beginnings of clauses of a portrait request.
#[rustfmt::skip]
pub(in super::super) const PORTRAIT_FRAME: &[&str] = &[
    "portrait", "portraits", "of", "me", "myself", "my", "wife", "husband", "dad", "mom", "mum", "son",
    "daughter", "friend", "girlfriend", "boyfriend", "as", "into", "same", "face", "person", "guy",
    "woman", "man", "beni", "bu", "fotodaki", "fotograftaki", "olarak", "turn", "put", "imagine",
    "selfie", "selfies", "меня", "портрет*", "ponme", "retrato", "retratos", "em", "mich", "als", "moi",
    "mets", "transforme", "jadikan", "aku", "jadi", "mujhe", "our", "how", "look", "he", "she", "him",
    "her", "them",
];

/// Phrases that only say whom the photos show.
#[rustfmt::skip]
pub(in super::super) const SHOWS_PERSON: &[&str] = &[
    "same face", "same person", "keep my face", "keep the face", "these are", "this is me", "here's me",
    "here are", "selfies of me", "selfie of me", "photos of me", "use my face", "virtual influencer",
    "my selfies", "with my face",
];

/// After a shape.
#[rustfmt::skip]
pub(in super::super) const SHAPE_NOUNS: &[&str] = &[
    "format", "version", "orientation", "ratio", "aspect", "formato", "mode", "sized", "size", "crop",
];

/// After a word for a place where it is something else.
#[rustfmt::skip]
pub(in super::super) const NOT_A_PLACE: &[&str] = &[
    "film", "story", "video", "clip", "stories", "movie", "about", "case", "cases", "review", "repair",
];

/// Before a place that is meant.
#[rustfmt::skip]
pub(in super::super) const MINE: &[&str] = &[
    "for", "my", "our", "the", "insta", "ig", "para", "pour", "fur", "для", "untuk", "buat", "it", "make",
    "a",
];

/// After a place that is meant.
#[rustfmt::skip]
pub(in super::super) const SHAPED: &[&str] = &[
    "format", "version", "orientation", "mode", "please", "pls", "thumbnail", "thumb", "image", "picture",
    "cover", "size", "sized", "format",
];

/// Things a place can stand before.
#[rustfmt::skip]
pub(in super::super) const PLACE_THINGS: &[&str] = &[
    "format", "version", "cover", "video", "vid", "clip", "thumbnail", "thumb", "size",
];

/// Small talk within a request.
#[rustfmt::skip]
pub(in super::super) const CHATTER: &[&str] = &[
    "surprise me", "you know", "up to you", "whatever you", "your choice", "you decide", "thank you",
    "no rush", "no clickbait", "i trust you", "go crazy", "go wild", "be creative", "let me know",
    "if that's ok", "hope that", "that's it", "thats it", "that's all", "thats all", "that's the",
    "thats the", "i will add", "i'll add", "ill add", "because", "since it", "cause", "clicks",
    "my channel is", "first time", "not sure", "i dont know", "i don't know", "something like that",
    "long story", "hurry", "in a hurry", "deadline", "for tomorrow", "need it", "how are you",
];

/// Before a garment that is pointed at.
#[rustfmt::skip]
pub(in super::super) const THIS: &[&str] = &[
    "this", "these", "that", "those", "este", "esta", "essa", "cette", "diese*", "этот", "эту", "bu",
    "ye",
];
