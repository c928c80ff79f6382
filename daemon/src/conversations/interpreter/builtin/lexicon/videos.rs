//! What is said of moving pictures only.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

use crate::conversations::interpreter::{Format, Resolution};

/// Lines.
#[rustfmt::skip]
pub(in super::super) const RESOLUTIONS: &[(&str, Resolution)] = &[
    ("720p", Resolution::Hd), ("720", Resolution::Hd), ("hd", Resolution::Hd),
    ("1080p", Resolution::FullHd), ("1080", Resolution::FullHd), ("full hd", Resolution::FullHd),
    ("fullhd", Resolution::FullHd), ("fhd", Resolution::FullHd), ("4k", Resolution::Uhd),
    ("uhd", Resolution::Uhd), ("2160p", Resolution::Uhd), ("ultra hd", Resolution::Uhd),
    ("in full hd", Resolution::FullHd), ("in hd", Resolution::Hd), ("in 4k", Resolution::Uhd),
    ("in 1080p", Resolution::FullHd), ("in 720p", Resolution::Hd), ("1080i", Resolution::FullHd),
    ("1920x1080", Resolution::FullHd), ("1280x720", Resolution::Hd), ("3840x2160", Resolution::Uhd),
];

/// File kinds.
#[rustfmt::skip]
pub(in super::super) const FORMATS: &[(&str, Format)] = &[
    ("gif", Format::Gif), ("gifs", Format::Gif), ("as a gif", Format::Gif), ("animated gif", Format::Gif),
    ("гиф", Format::Gif), ("гифк*", Format::Gif), ("webm", Format::Webm), ("as webm", Format::Webm),
    ("mp4", Format::Mp4), ("as mp4", Format::Mp4), ("as an mp4", Format::Mp4), ("in mp4", Format::Mp4),
    ("as a webm", Format::Webm), ("gif format", Format::Gif), ("mp4 file", Format::Mp4),
    ("als gif", Format::Gif), ("en gif", Format::Gif), ("gif olarak", Format::Gif),
];

/// A voice.
#[rustfmt::skip]
pub(in super::super) const VOICES: &[&str] = &[
    "narration", "narrated", "narrator", "voiceover", "voice over", "voice", "a voice", "spoken",
    "narrate", "narrate it", "with sound", "talking", "speaker", "narracion", "narrador", "voz",
    "voz en off", "narracao", "narrado", "locucao", "voix", "voix off", "narrateur", "sprecher",
    "sprecherin", "stimme", "erzahler", "vertont", "озвучк*", "голос*", "диктор*", "закадров*",
    "seslendirme*", "anlatim", "anlatici*", "sesli", "narasi", "suara", "dengan suara", "narator",
    "awaaz", "awaz", "aawaz", "voices", "vo",
];

/// Words to read along.
#[rustfmt::skip]
pub(in super::super) const CAPTIONS: &[&str] = &[
    "captions", "caption", "captioned", "subtitles", "subtitle", "subs", "subtitled", "closed captions",
    "subtitulos", "legendas", "legenda", "sous titres", "sous titre", "untertitel*", "субтитр*", "титр*",
    "altyazi*", "teks terjemahan", "takarir", "subtitlenya",
];

/// Before what is not wanted.
#[rustfmt::skip]
pub(in super::super) const WITHOUT: &[&str] = &[
    "no", "without", "not", "minus", "w/o", "remove", "drop", "lose", "don't", "dont", "skip", "cut",
    "sin", "sem", "sans", "ohne", "kein", "keine", "keinen", "без", "tanpa", "bina", "pas", "mute",
    "delete", "turn", "off", "kill", "nix", "any",
];

/// After what is not wanted.
#[rustfmt::skip]
pub(in super::super) const WITHOUT_AFTER: &[&str] = &[
    "olmasin", "olmadan", "off", "nahi", "mat", "no", "nein", "yok", "not",
];

/// A plot told over scenes.
#[rustfmt::skip]
pub(in super::super) const STORY: &[&str] = &[
    "story", "a story", "story video", "short film", "tell the story", "story about", "story of",
    "fairy tale", "fairytale", "tale", "tale of", "tale about", "bedtime story", "narrative", "in scenes",
    "scenes", "plot", "fable", "cuento", "historia", "cortometraje", "curta metragem", "historia sobre",
    "conte", "histoire", "court metrage", "geschichte", "marchen", "kurzfilm", "сказк*", "историю",
    "история", "короткометраж*", "hikaye*", "masal*", "kisa film", "cerita", "dongeng", "film pendek",
    "kahani", "comic story", "mini movie", "short movie", "mini film", "movie about",
];

/// Something is explained.
#[rustfmt::skip]
pub(in super::super) const STUDY: &[&str] = &[
    "explain", "explains", "explaining", "explainer", "explained", "explanation", "teach", "teach me",
    "teaches", "teaching", "study", "study video", "lesson", "lecture", "educational", "tutorial video",
    "learn", "learning video", "revision video", "crash course", "walk me through", "walk through",
    "summarize", "summarise", "summary video", "help me study", "for my exam", "for my test", "for class",
    "educativo", "explique", "explica*", "ensena*", "aula", "ensine", "estudo", "explicativo",
    "explique moi", "apprends", "cours", "explicatif", "lernvideo*", "erklarvideo*", "erklare*", "erklar",
    "lehrvideo*", "lern*", "объясни*", "обучающ*", "учебн*", "урок", "anlat", "anlatan", "ogret*",
    "egitim", "ders", "egitici", "acikla*", "jelaskan", "jelasin", "menjelaskan", "belajar", "edukasi",
    "ajari", "penjelasan", "samjhao", "samjha", "samjhane", "sikhao", "padhai",
];

/// Around a thing.
#[rustfmt::skip]
pub(in super::super) const ORBIT: &[&str] = &[
    "orbit", "orbiting", "orbits", "orbit shot", "orbit video", "turntable", "turn table", "360",
    "360 spin", "360 view", "360 video", "360 degree", "360 degrees", "spin", "spinning", "rotating",
    "rotate", "rotation", "circle around", "circle", "circling", "go around", "goes around", "around it",
    "all around", "all sides", "every side", "camera around", "giro", "gira*", "girando", "orbita",
    "tourne*", "autour", "rundum", "drehen*", "dreht", "rotiere*", "umkreis*", "вращени*", "вращ*",
    "вокруг", "крути*", "облет", "etrafinda", "donen", "donsun", "donduren", "360 derece", "berputar",
    "putar*", "keliling", "ghumao", "ghumta", "around this",
];

/// A photo that moves.
#[rustfmt::skip]
pub(in super::super) const ANIMATE: &[&str] = &[
    "animate", "animated", "animate this", "animating", "bring to life", "to life", "come alive",
    "come to life", "make it move", "moving", "move", "set in motion", "in motion", "living photo",
    "live photo", "turn this photo into", "turn this picture into", "turn this pic into",
    "turn this into", "turn it into", "from this photo", "from this picture", "from this pic",
    "from this image", "this photo into", "this picture into", "anima*", "animar", "dar vida", "da vida",
    "anime", "animer", "donne vie", "animier*", "beweg*", "lebendig", "анимир*", "оживи*", "оживить",
    "hareketlendir*", "canlandir*", "hareket", "animasikan", "gerakin", "gerakkan", "hidupkan",
    "bergerak", "jaan", "hilao", "chalao",
];

/// What an animated photo is called: dropped from what moves.
#[rustfmt::skip]
pub(in super::super) const ANIMATE_FRAME: &[&str] = &[
    "animate", "animated", "bring", "to", "life", "alive", "come", "make", "move", "moving", "this",
    "that", "the", "my", "photo", "picture", "pic", "image", "foto", "it", "turn", "into", "of", "a",
    "video", "clip", "so", "where", "with", "have", "let", "just", "esta", "este", "essa", "anima",
    "cette", "anime", "mein", "das", "bild", "animiere", "фото", "оживи", "анимируй", "это", "fotografi",
    "bu", "canlandir", "ini", "still", "shot", "from", "please", "selfie", "drawing", "set", "motion",
    "in", "gif", "short",
];
