//! Words around what is said of videos.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Before a voice or subtitles, and gone with them.
#[rustfmt::skip]
pub(in super::super) const VOICE_FILLERS: &[&str] = &[
    "a", "the", "with", "and", "add", "but", "any", "need", "off", "female", "male", "calm", "english",
    "mit", "con", "com", "avec", "с", "dengan", "it", "en", "burned", "in", "o", "w", "put", "please",
];

/// Words of owning or pointing.
#[rustfmt::skip]
pub(in super::super) const OWN: &[&str] = &[
    "my", "this", "our", "mi", "mein", "meine", "ma", "mon", "este", "esta", "diese*", "мой", "моя",
    "моей", "моего", "bu", "ini",
];

/// A photo that should move.
#[rustfmt::skip]
pub(in super::super) const OWN_PHOTO: &[&str] = &[
    "my photo", "this photo", "this picture", "my picture", "this pic", "this image", "my selfie",
    "a photo", "my pic", "old photo", "our photo", "mi foto", "esta foto", "minha foto", "essa foto",
    "ma photo", "cette photo", "mein foto", "mein bild", "dieses foto", "мое фото", "это фото",
    "fotografimi", "fotografi*", "fotoku", "foto ini", "meri photo", "is photo", "my drawing",
];

/// Beginnings of clauses of any video request.
#[rustfmt::skip]
pub(in super::super) const FILM_FRAME: &[&str] = &[
    "short", "long", "loop", "looping", "quick", "seamless", "where", "who", "bhejo", "pas",
];

/// Beginnings of clauses of a study video.
#[rustfmt::skip]
pub(in super::super) const STUDY_FRAME: &[&str] = &[
    "explain", "explains", "explaining", "explainer", "explained", "teach", "teaches", "teaching",
    "study", "educational", "tutorial", "lesson", "lecture", "learn", "learning", "course", "crash",
    "walk", "through", "summarize", "notes", "page", "textbook", "class", "exam", "how", "explica*",
    "lernvideo", "erklarvideo", "erklare*", "explique", "объясни*", "обучающ*", "учебн*", "урок", "anlat",
    "anlatan", "egitim", "jelaskan", "jelasin", "edukasi", "belajar", "samjhao", "samjhane", "aula",
    "educativo", "explicativo",
];

/// Beginnings of clauses of a story.
#[rustfmt::skip]
pub(in super::super) const STORY_FRAME: &[&str] = &[
    "story", "tale", "tell", "bedtime", "plot", "narrative", "historia", "cuento", "histoire", "conte",
    "geschichte", "сказк*", "истори*", "hikaye*", "masal*", "cerita", "dongeng", "kahani", "animated",
    "fairy",
];

/// Beginnings of clauses of an orbit.
#[rustfmt::skip]
pub(in super::super) const ORBIT_FRAME: &[&str] = &[
    "orbit", "orbiting", "shot", "turntable", "360", "spin", "spinning", "rotating", "rotate", "rotation",
    "circle", "circling", "camera", "around", "degree", "degrees", "view", "slow", "slowly", "this",
    "product", "all", "full", "gira*", "girando", "tourne*", "autour", "dreh*", "вокруг", "вращ*",
    "donen", "berputar", "drehung", "smooth",
];
