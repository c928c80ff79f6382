//! How people speak of the pictures they send.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// A picture.
#[rustfmt::skip]
pub(in super::super) const PICTURE: &[&str] = &[
    "pic", "pics", "photo", "photos", "picture", "pictures", "image", "images", "img", "one", "selfie",
    "attachment", "shot", "foto", "fotos", "imagen", "imagem", "bild", "фото", "фотк*", "картинк*",
    "снимок", "resim", "fotograf*", "gorsel*", "gambar", "tasveer", "fotoda", "fotodaki", "fotografta*",
    "snap", "file",
];

/// The person of a picture.
#[rustfmt::skip]
pub(in super::super) const PERSON: &[&str] = &[
    "me", "my", "i", "i'm", "im", "myself", "he", "he's", "hes", "him", "his", "she", "she's", "shes",
    "her", "guy", "girl", "man", "woman", "lady", "boy", "person", "people", "selfie", "bf", "gf",
    "boyfriend", "girlfriend", "wife", "husband", "friend", "model", "mom", "mum", "dad", "sister",
    "brother", "son", "daughter", "body", "mannequin", "face", "someone", "yo", "mi", "soy", "novio",
    "novia", "chica", "chico", "mujer", "hombre", "persona", "eu", "mim", "minha", "meu", "sou", "pessoa",
    "namorado", "namorada", "moi", "je", "suis", "personne", "copain", "copine", "femme", "homme", "ich",
    "mich", "mir", "mein", "freund", "freundin", "mann", "frau", "я", "меня", "мне", "мной", "моя", "мое",
    "мой", "муж", "жен*", "парень", "девушк*", "человек*", "ben", "benim", "bana", "beni", "benimki",
    "kisi", "sevgilim", "esim", "aku", "saya", "ku", "gue", "gw", "orang", "pacar", "pacarku", "meri",
    "mera", "main", "mujh*", "hum", "ladki", "ladka",
];

/// A sign of the maker.
#[rustfmt::skip]
pub(in super::super) const LOGO: &[&str] = &[
    "logo", "logos", "логотип*", "лого", "logom", "logomu", "logomuz*", "logoyu", "logosu", "logoku",
    "logonya", "watermark", "emblem", "brand mark",
];

/// Words that turn a clause of a thumbnail request into one about attached pictures.
#[rustfmt::skip]
pub(in super::super) const REFERENCE: &[&str] = &[
    "pic", "pics", "photo", "photos", "picture", "pictures", "selfie", "attached", "attachment",
    "attaching", "my face", "logo", "face in it", "his face", "her face", "our logo", "foto", "cara",
    "visage", "gesicht", "фото", "фотк*", "лицо", "logom*", "yuzum*", "fotografim*", "wajah*", "logoku",
    "chehra", "mi cara", "meu rosto", "image i sent", "image above", "photo above", "face",
];

/// A picture that does not count any more.
#[rustfmt::skip]
pub(in super::super) const DISCARD: &[&str] = &[
    "wrong pic", "wrong photo", "wrong picture", "wrong image", "wrong one", "ignore that", "ignore the",
    "ignore it", "not that one", "disregard", "forget that pic", "forget that one", "sent the wrong",
    "not this one", "scratch that", "my mistake", "foto equivocada", "foto errada", "mauvaise photo",
    "falsches bild", "falsches foto", "не то фото", "не та*", "yanlis foto*", "salah foto", "salah kirim",
    "galat photo",
];

/// The picture of this very message is the person.
#[rustfmt::skip]
pub(in super::super) const THIS_IS_ME: &[&str] = &[
    "this is me", "that's me", "thats me", "here's me", "heres me", "here is me", "it's me", "its me",
    "me here", "my photo", "photo of me", "pic of me", "picture of me", "me in this pic", "here i am",
    "this is my wife", "this is my husband", "this is my friend", "this is my", "my selfie",
    "here's my photo", "my pic", "me in the pic", "i'm in the photo", "this one is me", "selfie",
    "este soy yo", "esta soy yo", "soy yo", "sou eu", "minha foto", "esse sou eu", "essa sou eu",
    "mi foto", "c'est moi", "ma photo", "das bin ich", "mein foto", "это я", "мое фото", "bu benim",
    "benim fotografim", "fotografim", "ini aku", "ini saya", "fotoku", "foto saya", "foto aku",
    "ye main hoon", "meri photo", "meri pic", "ye main hu", "myself", "photo of myself",
];

/// Changes of an attached picture.
#[rustfmt::skip]
pub(in super::super) const BASE: &[&str] = &[
    "redo this", "use this as", "as a base", "as base", "as a starting", "as a reference",
    "starting from this", "based on this", "from this photo", "from this picture", "turn this",
    "turn it into", "make this", "change this", "edit this", "this photo", "this picture", "this image",
    "this pic", "this drawing", "this sketch", "my sketch", "my drawing", "restyle", "transform this",
    "make it", "repaint", "this room", "my photo", "the attached", "convert this", "esta foto",
    "esta imagen", "essa foto", "cette photo", "cette image", "dieses bild", "dieses foto", "это фото",
    "эту фотографию", "эту картинку", "bu fotograf*", "bu resm*", "bu resim*", "bu foto*", "foto ini",
    "gambar ini", "is photo", "is pic", "iss photo", "like this one", "in the style of this",
    "the background", "my living", "my room",
];
