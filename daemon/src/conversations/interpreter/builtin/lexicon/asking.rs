//! Words of asking: around a request, never part of what it shows.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Words that mean that something is asked for.
#[rustfmt::skip]
pub(in super::super) const ASKS: &[&str] = &[
    "make", "create", "need", "want", "wanna", "gimme", "give me", "generate", "design", "can you",
    "can u", "could you", "could u", "can i get", "can i have", "can we", "could i get", "could i have",
    "i'd like", "id like", "would like", "would love", "i'd love", "looking for", "please", "pls", "plz",
    "do me", "do a", "do an", "whip up", "cook up", "produce", "build", "draw", "render", "get me",
    "is it possible", "may i", "help me", "let's do", "lets do", "let's make", "lets make", "try a",
    "draft", "mock up", "prepare", "put together", "turn", "put", "use", "animate", "explain", "teach",
    "show", "necesito", "quiero", "quisiera", "haz", "hazme", "crea", "creame", "me haces", "puedes",
    "genera", "dame", "preciso", "quero", "faz", "faca", "cria", "crie", "queria", "gera", "je veux",
    "je voudrais", "j'aimerais", "fais", "cree", "peux tu", "pourrais tu", "il me faut", "il me faudrait",
    "besoin", "genere", "brauch*", "mach", "mache", "mach mir", "erstell*", "ich mochte", "hatte gern",
    "kannst du", "konntest du", "ich will", "generier*", "gib mir", "сделай*", "нужн*", "хочу", "создай*",
    "нарисуй*", "сгенерируй*", "можешь", "можно", "надо", "lazim", "yap", "yapar misin",
    "yapabilir misin", "hazirla*", "olustur*", "istiyorum", "ciz", "gerek", "bikin*", "buat*", "tolong",
    "minta", "pengen", "mau", "butuh", "bana do", "banao", "banado", "chahiye", "bana", "banana",
    "banaiye",
];

/// Words stripped from the beginning of a clause.
#[rustfmt::skip]
pub(in super::super) const FRAME: &[&str] = &[
    "hi", "hey", "hello", "yo", "hiya", "heya", "sup", "greetings", "good", "morning", "afternoon",
    "evening", "again", "ok", "okay", "so", "well", "alright", "oh", "ah", "um", "uh", "hmm", "sure",
    "yes", "yeah", "yep", "yup", "nice", "cool", "great", "love", "perfect", "thanks", "now", "next",
    "actually", "also", "and", "but", "then", "bro", "dude", "man", "mate", "guys", "team", "there",
    "pls", "please", "plz", "kindly", "quick", "quickly", "asap", "today", "time", "can", "could",
    "would", "will", "may", "might", "shall", "should", "i", "i'm", "im", "i'd", "id", "i'll", "ill",
    "i've", "ive", "we", "we're", "you", "u", "me", "us", "my", "our", "your", "it", "its", "it's",
    "that", "that's", "thats", "this", "is", "are", "be", "was", "a", "an", "the", "some", "any", "one",
    "like", "just", "only", "also", "maybe", "make", "making", "create", "creating", "generate", "design",
    "do", "doing", "get", "give", "gimme", "need", "needs", "want", "wanna", "wants", "looking",
    "possible", "produce", "build", "draw", "sketch", "paint", "illustrate", "render", "show", "showing",
    "prepare", "draft", "put", "together", "try", "use", "turn", "have", "had", "let's", "lets", "help",
    "with", "whip", "cook", "mock", "up", "out", "go", "see", "working", "work", "filming", "recording",
    "uploading", "editing", "posting", "shooting", "posted", "made", "filmed", "recorded", "dropping",
    "releasing", "for", "4", "of", "about", "on", "to", "from", "in", "as", "at", "where", "which", "w",
    "into", "featuring", "feat", "depicting", "titled", "called", "named", "by", "covering", "regarding",
    "tho", "new", "another", "different", "quick", "simple", "topic", "subject", "theme", "content",
    "depicts", "shows", "topics", "idea", "concept", "description", "prompt", "scene", "basically",
    "video", "vid", "vids", "videos", "video's", "vid's", "clip", "youtube", "yt", "channel", "upload",
    "type", "thing", "something", "picture", "pic", "image", "images", "pictures", "photo", "photos",
    "photograph", "gif", "words", "text", "title", "long",
    // es, pt, fr, de
    "hola", "oi", "ola", "salut", "bonjour", "coucou", "moin", "hallo", "buenas", "servus", "necesito",
    "quiero", "quisiera", "haz", "hazme", "crea", "creame", "puedes", "podrias", "hacer", "hacerme",
    "genera", "dame", "me", "un", "una", "unos", "para", "pra", "pro", "sobre", "de", "del", "do", "da",
    "mi", "mis", "el", "la", "que", "con", "en", "preciso", "quero", "queria", "faz", "faca", "fazer",
    "cria", "crie", "voce", "pode", "meu", "minha", "um", "uma", "com", "favor", "por", "nuevo", "nueva",
    "tema", "es", "se", "trata", "gera", "ai", "pfv", "je", "veux", "voudrais", "j'aimerais", "fais",
    "fait", "cree", "peux", "pourrais", "tu", "moi", "il", "faut", "faudrait", "une", "des", "du", "pour",
    "ma", "mon", "sur", "le", "les", "l", "d'une", "d'un", "sujet", "avec", "besoin", "j'ai", "genere",
    "stp", "svp", "plait", "s'il", "te", "vous", "dessine", "montre", "ich", "brauch", "brauche",
    "brauchen", "mach", "mache", "mir", "erstell", "erstelle", "kannst", "konntest", "du", "bitte", "mal",
    "ein", "eine", "einen", "einem", "fur", "mein", "meine", "meinen", "uber", "mit", "zum", "zu", "das",
    "der", "die", "dem", "und", "hatte", "gern", "gerne", "mochte", "will", "thema", "von", "vom",
    "zeichne", "generiere", "gib",
    // ru, tr, id, hi-Latn
    "привет", "здравствуй*", "сделай*", "нужн*", "хочу", "создай*", "нарисуй*", "сгенерируй*", "можешь",
    "можно", "мне", "для", "про", "о", "об", "на", "с", "моего", "моему", "моей", "мое", "мой", "видео",
    "ролик*", "видос*", "пожалуйста", "плиз", "надо", "тема", "и", "в", "к", "фото", "картинк*",
    "изображени*", "нарисовать", "сделать", "канала", "selam", "merhaba", "slm", "bana", "bir", "icin",
    "lazim", "yap", "yapar", "yapabilir", "misin", "mısın", "hazirla", "olustur", "istiyorum", "ciz",
    "konu", "konusu", "videom", "videoma", "videomuz", "videosu", "videosuna", "ve", "lutfen", "gerek",
    "halo", "hai", "tolong", "minta", "bikin", "bikinin", "bikinkan", "buat", "buatin", "buatkan", "dong",
    "untuk", "tentang", "soal", "yang", "video", "videoku", "mau", "pengen", "butuh", "aku", "saya",
    "kak", "bang", "min", "ya", "temanya", "topiknya", "gambar", "gambarin", "bhai", "yaar", "ek", "bana",
    "banao", "banado", "banana", "banaiye", "mujhe", "chahiye", "mera", "mere", "meri", "ke", "liye",
    "ka", "ki", "namaste", "par", "pe", "do", "dijiye",
];

/// Frame words that may also stand at the end of a clause.
#[rustfmt::skip]
pub(in super::super) const TAIL: &[&str] = &[
    "machen", "erstellen", "hacer", "fazer", "faire", "video", "vid", "vids", "videos", "video's", "clip", "please", "pls", "plz", "and", "with", "on",
    "in", "it", "to", "for", "of", "as", "the", "a", "an", "is", "w", "too", "also", "so", "that", "like",
    "look", "style", "vibe", "thing", "make", "say", "says", "saying", "it's", "its", "but", "then", "if",
    "possible", "you", "can", "could", "me", "want", "i", "by", "or", "my", "from", "have", "has",
    "title", "text", "from", "add", "use", "put", "write", "kinda", "give", "be", "at", "com", "con",
    "con", "y", "e", "et", "mit", "und", "avec", "для", "с", "и", "в", "ile", "olsun", "lazim", "yap",
    "yapar", "misin", "hazirla", "dengan", "dan", "dong", "ya", "wala", "wale", "wali", "video", "ke",
    "liye", "chahiye", "bana", "do", "banao", "de", "em", "en", "para", "fondo", "fundo", "background",
    "bg", "titulo", "que", "titel", "titre", "judul", "yazsin", "icin", "videosu", "ve", "olarak",
    "istiyorum", "bitte", "надпись", "надписью", "on", "sur", "auf", "im", "thing", "just", "need",
    "really", "should",
];

/// Courtesy and laughter: dropped wherever they stand.
#[rustfmt::skip]
pub(in super::super) const COURTESY: &[&str] = &[
    "please", "pls", "plz", "plsss", "thanks", "thank you", "thx", "ty", "tysm", "thank u", "cheers",
    "lol", "lmao", "haha", "hahaha", "hehe", "btw", "rn", "asap", "tbh", "ngl", "idk", "imo", "xd",
    "thanks in advance", "if possible", "if you can", "por favor", "porfa", "gracias", "obrigado",
    "obrigada", "merci", "s'il te plait", "s'il vous plait", "stp", "svp", "bitte", "danke", "пожалуйста",
    "спасибо", "плиз", "lutfen", "tesekkurler", "tolong", "makasih", "terima kasih", "dong", "kak",
    "bhai", "yaar", "shukriya", "dhanyavad", "bro", "dude", "mate", "valeu", "pfv", "kinda", "i guess",
    "or something", "you know", "ok", "okay",
];

/// Phrases that announce the topic: what stands before them says nothing of it.
#[rustfmt::skip]
pub(in super::super) const TOPICS: &[&str] = &[
    "video is about", "vid is about", "video's about", "vid's about", "is about", "it's about",
    "its about", "all about", "is on", "topic is", "topic", "subject is", "subject", "video's on",
    "vid's on", "video about", "vid about", "video on", "vid on", "videos about", "episode about",
    "episode on", "stream about", "thumbnail about", "thumb about", "thumbnail on", "thumb on",
    "that's about", "thats about", "deals with", "talks about", "is called", "video called", "vid called",
    "episode called", "video titled", "vid titled", "theme is", "konu", "konusu", "tema", "el tema es",
    "trata de", "trata sobre", "se trata de", "thema", "thema ist", "es geht um", "sujet", "le sujet",
    "parle de", "video sobre", "video sur", "video uber", "видео про", "видео о", "ролика про",
    "ролик про", "видео об", "тема", "temanya", "topiknya", "video tentang", "video soal", "topik",
];

/// Statements about what one watches or does: no request in themselves.
#[rustfmt::skip]
pub(in super::super) const TALK: &[&str] = &[
    "used to",
    "watched", "watching", "saw", "seen", "i love", "i hate", "i like", "love how", "hate how", "i think",
    "i read", "i heard", "did you see", "did you know", "have you seen", "my friend", "my brother",
    "remember", "i finished", "finished editing", "i uploaded", "uploaded", "i posted", "got views",
    "views", "went viral", "subscribers", "i wonder", "crazy how", "funny how", "spent", "vi un",
    "assisti", "ich habe", "j'ai vu", "смотрел*", "посмотрел*", "izledim", "nonton", "dekha", "everyone",
    "people say", "nowadays", "these days",
];
