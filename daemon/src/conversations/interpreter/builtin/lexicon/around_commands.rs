//! Words around commands, by which they are told from topics.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Before a wish to stop, in the same clause.
#[rustfmt::skip]
pub(in super::super) const BEFORE_CANCEL: &[&str] = &[
    "hmm", "wait", "no", "ugh", "ya", "na", "oi", "ey", "bhai", "rehne", "lütfen", "lutfen",
];

/// After `history` where it is a topic.
#[rustfmt::skip]
pub(in super::super) const NOT_OWN_HISTORY: &[&str] = &[
    "of", "lesson", "de", "teacher", "book", "channel", "exam", "class", "opening", "wall",
];

/// Words of wanting to see something again.
#[rustfmt::skip]
pub(in super::super) const ASKS_TO_SEE: &[&str] = &[
    "bring", "pull", "dig",
    "show", "what", "list", "see", "where", "which", "find", "everything", "all", "display", "open",
    "view", "give", "stuff", "things", "can", "look", "browse", "pull", "get",
];

/// What is paid for.
#[rustfmt::skip]
pub(in super::super) const WALLET: &[&str] = &[
    "credit*", "credito*", "kredi*", "кредит*", "pack", "package", "balance", "account", "wallet",
    "saldo", "guthaben", "pay", "solde", "bakiye", "баланс", "tokens", "coins", "kredit", "them",
];

/// Beginnings of a wish to pay that need no word for credits.
#[rustfmt::skip]
pub(in super::super) const PAYS_PLAINLY: &[&str] = &[
    "top", "topup", "recharge", "refill", "reload", "where", "how", "let", "more", "add", "get", "order",
    "want", "wanna", "payment", "load", "i'll", "recargar", "recarga*", "aufladen", "пополни*", "yukle",
    "isi", "give", "pay",
];

/// After the number of credits.
#[rustfmt::skip]
pub(in super::super) const CREDIT_NOUNS: &[&str] = &[
    "credit*", "credito*", "kredi*", "кредит*", "more", "kredit", "mas", "mais", "weitere",
];

/// Beginnings of a question.
#[rustfmt::skip]
pub(in super::super) const OPENS_QUESTION: &[&str] = &[
    "what", "how", "which", "do", "does", "is", "are", "can", "who", "why", "whats", "what's", "when",
    "where", "cuanto", "quanto", "combien", "was", "wie", "сколько", "berapa", "kitna", "kitne", "ne",
];

/// Beginnings of a question for an ability.
#[rustfmt::skip]
pub(in super::super) const CAN_YOU: &[&str] = &[
    "can you do", "can you make", "can u do", "can u make", "can you also do", "can you also make",
    "can you create", "can you generate", "could you do", "can it do", "can it make", "puedes hacer",
    "voce faz", "kannst du auch", "bisa bikin", "tu fais", "kya aap", "can you edit", "can you handle",
    "can you upscale", "can you animate",
];

/// After "can you make" where a thing is asked for and not an ability.
#[rustfmt::skip]
pub(in super::super) const ONE_THING: &[&str] = &[
    "a", "an", "me", "some", "the", "my", "it", "this", "that", "one", "us", "few", "couple",
];

/// Verbs of linking that come after what is linked.
#[rustfmt::skip]
pub(in super::super) const LINKS_LAST: &[&str] = &[
    "привяз*", "связать", "bagla*", "hubungkan", "verbind*", "verknupf*", "vincula*", "jodo", "jod",
    "relier", "lier",
];

/// The studio asks for something rather than delivers it.
#[rustfmt::skip]
pub(in super::super) const ASKS_BACK: &[&str] = &[
    "?", "please send", "send me", "tell me", "need a photo", "need the", "what is it about", "envía",
    "envia", "schick", "пришли", "отправь", "gönder", "kirim", "envoie", "bhejo", "describe", "i need",
    "which ",
];
