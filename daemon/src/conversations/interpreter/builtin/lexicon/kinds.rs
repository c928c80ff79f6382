//! The things that can be asked for.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// A picture that presents something.
#[rustfmt::skip]
pub(in super::super) const THUMBNAIL: &[&str] = &[
    "thumbnail", "thumbnails", "thumb", "thumbs", "thumbnial", "thumbnaill", "tumbnail", "thumbail",
    "thumbnal", "youtube banner", "channel banner", "twitch banner", "facebook banner", "linkedin banner",
    "banner", "banners", "youtube cover", "video cover", "episode cover", "podcast cover", "podcast art",
    "podcast artwork", "podcast cover art", "episode art", "channel art", "facebook cover", "fb cover",
    "tiktok cover", "reel cover", "reels cover", "shorts cover", "instagram post", "insta post",
    "ig post", "linkedin post", "facebook post", "fb post", "twitter post", "social post", "end screen",
    "title card", "cover image", "cover picture", "cover photo", "cover art", "cover for", "cover of",
    "cover", "a cover", "covers", "header", "blog header", "twitter header", "stream overlay",
    "promo image", "flyer", "poster", "playlist cover", "key art", "preview image", "video art",
    "miniatura", "miniaturas", "portada", "portadas", "caratula", "capa", "capas", "miniature",
    "miniatures", "vignette", "vignettes", "couverture", "vorschaubild*", "titelbild*", "kapak", "kapagi",
    "kapak resmi", "kucuk resim", "обложк*", "превью", "превьюшк*", "баннер*", "афиш*", "sampul",
    "thumbnailnya", "cartel", "cartaz", "plakat", "affiche", "afis", "poster*", "thumbnailler",
    "banniere",
];

/// Words after which `cover` and `poster` are about something else.
#[rustfmt::skip]
pub(in super::super) const NOT_A_COVER: &[&str] = &[
    "song", "songs", "version", "band", "letter", "up", "charge", "your", "the", "it", "everything",
];

/// Moving pictures.
#[rustfmt::skip]
pub(in super::super) const VIDEO: &[&str] = &[
    "video", "videos", "vid", "vids", "clip", "clips", "short film", "film", "movie", "animation",
    "animated", "animate", "animation of", "gif", "gifs", "webm", "mp4", "loop", "looping", "timelapse",
    "time lapse", "footage", "explainer", "turntable", "orbit", "360 spin", "360", "fly through",
    "flyover", "flythrough", "b roll", "cinemagraph", "boomerang", "lyric video", "reel", "clipe",
    "animacion", "animacao", "animar", "anima", "animer", "anime cette", "animiere*", "lernvideo",
    "erklarvideo", "kurzfilm", "ролик*", "видео", "видос*", "видеоролик*", "гифк*", "анимаци*",
    "анимируй*", "оживи*", "мультфильм", "мультик", "videosu", "videosunu", "animasyon", "hareketlendir",
    "canlandir", "animasi", "gifka", "corto", "cortometraje", "curta", "court metrage", "videonya",
    "film", "pelicula", "klip",
];

/// Any other picture.
#[rustfmt::skip]
pub(in super::super) const IMAGE: &[&str] = &[
    "image", "images", "picture", "pictures", "pic", "pics", "photo", "photos", "photograph", "drawing",
    "drawings", "draw", "sketch", "painting", "paint", "illustration", "illustrations", "illustrate",
    "wallpaper", "wallpapers", "icon", "icons", "sticker", "stickers", "avatar", "avatars", "pfp",
    "profile picture", "render", "artwork", "album art", "album cover", "concept art", "logo", "emoji",
    "emote", "coloring page", "tattoo design", "mascot", "pattern", "texture", "background image",
    "lock screen", "portrait of", "imagen", "imagenes", "foto", "fotos", "dibujo", "dibuja", "dibujame",
    "ilustracion", "fondo de pantalla", "imagem", "imagens", "desenho", "desenha", "desenhe",
    "ilustracao", "papel de parede", "image d'un", "image d'une", "dessin", "dessine", "dessine moi",
    "illustration", "fond d'ecran", "peins", "bild", "bilder", "zeichne", "zeichnung", "male",
    "hintergrundbild", "illustriere", "картинк*", "изображени*", "нарисуй*", "рисунок", "рисунк*",
    "иллюстраци*", "обои", "фото", "иконк*", "стикер*", "аватарк*", "ciz", "cizim", "resim", "resmi",
    "gorsel", "gorseli", "fotograf", "duvar kagidi", "gambar", "gambarkan", "gambarin", "lukisan",
    "lukis", "ilustrasi", "tasveer", "photo banao", "chitra", "logosu", "avatari", "pixel art",
];

/// New pictures of a person.
#[rustfmt::skip]
pub(in super::super) const PORTRAIT: &[&str] = &[
    "headshot", "headshots", "portrait", "portraits", "selfie as", "picture of me", "pictures of me",
    "photo of me", "photos of me", "pic of me", "pics of me", "image of me", "images of me",
    "shots of me", "version of me", "me as", "turn me into", "make me into", "make me a", "make me an",
    "make me look", "put me in", "put me on", "put me at", "put me into", "imagine me", "show me as",
    "with my face as", "same face", "keep my face", "keep the face", "avatar of me", "myself as",
    "him as", "her as", "us as", "my wife as", "my husband as", "my son as", "my daughter as",
    "my dad as", "my mom as", "my mum as", "same person", "this person as", "this guy as",
    "this woman as", "dating profile", "passport photo", "linkedin photo", "profile photo of me",
    "virtual influencer", "influencer", "draw me as", "paint me as", "me in a", "me in an", "me on a",
    "me at the", "photoshoot", "retrato", "retratos", "retrato mio", "ponme", "conviertame",
    "conviertemen", "conviertete", "conviertame", "conviertme", "mi cara", "foto mia", "fotos mias",
    "retrato meu", "foto minha", "fotos minhas", "me transforma", "me coloca", "minha cara", "moi en",
    "transforme moi", "portrait de moi", "photo de moi", "mets moi", "portrait von mir",
    "bewerbungsfoto*", "bild von mir", "bilder von mir", "fotos von mir", "mach mich", "mich als",
    "портрет*", "меня как", "меня в", "сделай меня", "преврати меня", "мои фото", "мое фото в", "beni",
    "benim portrem", "portrem", "portre", "vesikalik", "fotoku jadi", "aku jadi", "jadikan aku", "potret",
    "mujhe", "meri photo", "meri pic", "mera portrait",
];

/// Before a thing that is not wanted: "not a thumbnail".
#[rustfmt::skip]
pub(in super::super) const NEGATIONS: &[&str] = &[
    "not", "no", "isn't", "isnt", "instead of", "rather than", "n't", "don't", "without",
];
