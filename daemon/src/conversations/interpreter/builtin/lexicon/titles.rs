//! How people say that words are to be set, and that they are not.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Before the words to set, quoted or not.
#[rustfmt::skip]
pub(in super::super) const BEFORE: &[&str] = &[
    "swap the title for", "swap the title to", "swap the title with", "replace the title with", "replace the text with", "swap the text for", "change the words to", "switch the title to", "switch the text to",
    "title", "titled", "title should be", "title is", "title should say", "title says", "title it",
    "titles", "text", "text on it", "text should be", "text should say", "text says", "text saying",
    "text is", "text that says", "text reads", "text reading", "text over it", "text on top", "caption",
    "caption says", "headline", "headline says", "heading", "words", "the words", "the word", "wording",
    "word", "says", "say", "say just", "just say", "saying", "should say", "to say", "that says", "reads",
    "reading", "that reads", "should read", "write", "written", "writing", "lettering", "slogan",
    "tagline", "put the words", "big letters saying", "overlay", "overlay text", "label",
    "change the title to", "change the text to", "change title to", "change text to", "title to",
    "text to", "title be", "rename it to", "make the title", "make the text say", "make it say",
    "have it say", "quote", "subtitle", "titulo", "el titulo", "texto", "el texto", "letras", "frase",
    "palabra", "palabras", "que diga", "que ponga", "que dice", "que diz", "diga", "ponga",
    "con el texto", "con el titulo", "com o texto", "com o titulo", "escrito", "escrita", "escreve",
    "escreva", "pon", "escribe", "que lea", "titre", "le titre", "texte", "le texte", "avec le texte",
    "avec le titre", "avec les mots", "ecris", "ecrit", "qui dit", "marque", "titel", "mit dem titel",
    "mit dem text", "aufschrift", "mit der aufschrift", "text drauf", "schriftzug", "uberschrift",
    "schreib", "schreib drauf", "надпись", "надписью", "с надписью", "с текстом", "текст", "заголовок",
    "заголовком", "напиши", "название", "слова", "слово", "baslik", "basligi", "baslik olarak", "yazi",
    "ustunde", "uzerinde", "ustune", "uzerine", "judul", "judulnya", "tulisan", "tulisannya", "teks",
    "teksnya", "tulis", "likho", "title hai", "likha ho", "shirshak",
];

/// After the words to set.
#[rustfmt::skip]
pub(in super::super) const AFTER: &[&str] = &[
    "on it", "on top", "on top of it", "over it", "across it", "across the top", "at the top",
    "at the bottom", "as the title", "as title", "as a title", "as text", "as the text", "in big letters",
    "in large letters", "in bold letters", "in huge letters", "in caps", "in the corner", "in big text",
    "in big", "in bold", "in large text", "in block letters", "on the image", "on the picture",
    "on the thumbnail", "on the thumb", "written on it", "big on it", "on there", "on the left",
    "on the right", "text", "title", "big and bold", "please", "pls", "plz", "thanks", "yazsin", "yaz",
    "yazsin ustunde", "yazan", "yazili", "likhna", "likh do", "likho", "likha ho", "en grande", "grande",
    "bien grande", "en gros", "gross", "drauf", "em cima", "em destaque", "arriba", "encima", "dessus",
    "en haut", "in gross", "ditulis", "besar", "gede", "crupno", "крупно", "сверху", "por favor", "bitte",
    "lutfen",
];

/// After `title` or `text`, these mean that the words themselves are not coming.
#[rustfmt::skip]
pub(in super::super) const NOT_WORDS: &[&str] = &[
    "is", "on", "in", "bigger", "smaller", "larger", "too", "to", "should", "off", "out", "away", "more",
    "less", "big", "small", "color", "colour", "and", "with", "at", "a", "bit", "needs", "for", "but",
    "as", "please", "pls", "it", "the", "that", "style", "size", "position", "looks", "can", "or", "font",
    "left", "right", "top", "bottom", "same", "different", "darker", "brighter", "readable", "legible",
    "stand", "pop", "red", "yellow", "white", "black", "blue", "green", "orange", "pink", "you", "i",
    "was", "there", "if", "so", "instead", "again", "stays", "keep", "isn't", "isnt", "be", "of",
    "overlay", "large", "huge", "mas", "mais", "plus", "en", "em", "auf", "grosser", "kleiner", "grande",
    "pequeno", "побольше", "больше", "меньше", "buyuk", "daha", "lebih",
];

/// No words on it.
#[rustfmt::skip]
pub(in super::super) const NONE: &[&str] = &[
    "no text", "no words", "no title", "no caption", "no lettering", "no letters", "no writing",
    "without the words", "without the text", "without the title", "without text", "without words", "without a title", "without any text", "without any words",
    "without title", "without writing", "textless", "text free", "wordless", "don't need text",
    "don't add text", "dont add text", "don't put text", "no need for text", "no need for a title",
    "skip the text", "skip the title", "no text on it", "no words on it", "no words at all",
    "no text at all", "not any text", "zero text", "leave out the text", "no typography",
    "not need any text", "sin texto", "sin letras", "sin titulo", "sem texto", "sem titulo", "sem letras",
    "sem escrita", "sans texte", "sans titre", "pas de texte", "sans ecriture", "ohne text", "ohne titel",
    "ohne schrift", "kein text", "keinen text", "без текста", "без надписи", "без надписей", "без букв",
    "yazisiz", "yazi olmasin", "metinsiz", "yazi olmadan", "baslik olmasin", "tanpa teks",
    "tanpa tulisan", "tanpa judul", "bina text", "bina title", "koi text nahi", "text nahi", "text mat",
];

/// Verbs that take something away.
#[rustfmt::skip]
pub(in super::super) const REMOVE: &[&str] = &[
    "remove", "lose", "delete", "drop", "take off", "take out", "take away", "take", "get rid of",
    "ditch", "kill", "erase", "strip", "cut", "scrap", "hide", "clear", "leave out", "lose the", "quita*",
    "elimina*", "borra*", "saca", "tira*", "remove*", "apaga*", "enleve*", "supprime*", "retire*",
    "entfern*", "losch*", "nimm", "weg mit", "убери*", "удали*", "сними", "kaldir*", "sil", "cikar*",
    "hapus*", "hilangkan", "hilangin", "buang", "hata*", "nikal*", "hatao",
];

/// What is taken away when the title is.
#[rustfmt::skip]
pub(in super::super) const TITLE_NOUNS: &[&str] = &[
    "text", "title", "words", "word", "caption", "lettering", "letters", "writing", "headline", "texto",
    "titulo", "letras", "texte", "titre", "schrift", "titel", "текст*", "надпис*", "заголов*", "yazi*",
    "basli*", "metni", "metin", "teks*", "judul*", "tulisan*",
];

/// Capital words that are names of things, not words to set.
#[rustfmt::skip]
pub(in super::super) const ACRONYMS: &[&str] = &[
    "DIY", "AI", "USA", "US", "UK", "EU", "NASA", "PS4", "PS5", "RTX", "GTX", "GPU", "CPU", "PC", "TV",
    "GTA", "SQL", "CSS", "HTML", "API", "DJ", "BBQ", "VHS", "HD", "UHD", "MP4", "GIF", "WEBM", "HDR",
    "FPS", "RPG", "NFL", "NBA", "NHL", "F1", "CEO", "IKEA", "BMW", "LED", "UFO", "USB", "VR", "AR", "XR",
    "3D", "2D", "SUV", "YT", "IG", "OK", "LOL", "PLS", "ASAP", "BTW", "IMO", "ASMR", "MMA", "UFC", "FIFA",
    "HIIT", "ADHD", "WWII", "WW2", "NYC", "SEO", "RC", "POV", "FAQ", "QA", "KDE", "NPC", "MMO", "MOBA",
    "PVP", "CNC", "PDF", "WIFI", "DSLR", "4K", "8K", "HTTP", "JSON", "YAML", "BTC", "ETH", "NFT", "PHD",
    "MBA", "SAT", "DNA", "PCB", "CS", "CSGO", "LOTR", "OMG", "TBH", "THX", "TY", "AWS", "CRM", "B2B",
    "IPA", "DND",
];

/// Announcements that are common words as well: without a sign or a capital they announce nothing.
#[rustfmt::skip]
pub(in super::super) const WEAK: &[&str] = &[
    "write", "writing", "written", "words", "word", "say", "to say", "label", "quote", "overlay",
    "reading", "marque", "ustunde", "uzerinde", "ustune", "uzerine", "heading", "subtitle", "slogan",
    "caption", "reads", "wording", "lettering", "frase", "palabra", "palabras", "letras", "pon",
    "escribe", "escreve", "слово", "слова", "название", "напиши", "schreib", "ecris", "tulis", "titles",
    "text to", "title to", "yazi", "texto", "texte", "escrito", "escrita",
];
