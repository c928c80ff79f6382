//! Words of what the moderation policy turns away.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Nudity and sex.
#[rustfmt::skip]
pub(in super::super) const SEXUAL: &[&str] = &[
    "nude", "nudes", "naked", "undress", "undressed", "nsfw", "porn", "porno", "pornographic", "topless",
    "bottomless", "xxx", "erotic", "hentai", "sex scene", "having sex", "sexual", "clothes off",
    "her clothes off", "without clothes", "without any clothes", "no clothes", "remove her clothes",
    "remove his clothes", "remove the clothes", "remove her top", "remove her bra", "remove her shirt",
    "take off her", "take off his clothes", "strip her", "strip him", "take her top off",
    "take her shirt off", "take her bra off", "take her dress off", "see through", "boobs", "tits",
    "genitals", "penis", "vagina", "nipples", "fully exposed", "butt naked", "blowjob", "orgy",
    "deepnude", "nudify", "x ray her", "desnud*", "sin ropa", "pelad*", "sem roupa", "nue", "nues",
    "a poil", "deshabill*", "nackt*", "ausziehen", "zieh sie aus", "zieh ihn aus", "голая", "голую",
    "голый", "голого", "голым", "голые", "раздень", "раздеть", "без одежды", "порно", "ciplak", "soyun*",
    "soyar*", "telanjang", "bugil", "tanpa baju", "tanpa busana", "nangi", "nanga", "kapde utar*",
    "bina kapdo*", "sexy nude",
];

/// Scant clothes: only a matter where a child wears them.
#[rustfmt::skip]
pub(in super::super) const SCANT: &[&str] = &[
    "bikini", "lingerie", "underwear", "swimsuit", "bra", "panties", "thong", "sexy", "seductive",
    "sensual", "hot", "provocative", "bathing suit", "swimwear", "bathtub", "shower", "shirtless",
    "biquini", "lenceria", "sexi", "купальник*", "белье", "mayo", "dessous", "stockings", "negligee",
];

/// Children.
#[rustfmt::skip]
pub(in super::super) const CHILDREN: &[&str] = &[
    "child", "children", "kid", "kids", "minor", "underage", "teen", "teens", "teenage", "teenager",
    "schoolgirl", "schoolboy", "school girl", "little girl", "little boy", "toddler", "preteen", "loli",
    "shota", "young girl", "young boy", "year old girl", "year old boy", "my daughter", "my niece",
    "my little sister", "high school girl", "middle school", "nina", "nino", "menina", "crianca",
    "fillette", "enfant", "kind", "madchen", "школьниц*", "ребен*", "девочк*", "подрост*", "cocuk",
    "anak kecil", "anak sd", "bachi", "bachchi", "high schooler", "middle schooler", "baby",
];

/// Gore for its own sake.
#[rustfmt::skip]
pub(in super::super) const VIOLENCE: &[&str] = &[
    "gory", "gore", "goriest", "torture scene", "tortured", "torturing", "torture", "beheading",
    "beheaded", "behead", "decapitat*", "dismember*", "mutilat*", "disembowel*", "entrails", "intestines",
    "guts spilling", "snuff", "severed head", "severed heads", "severed limbs", "corpse pile",
    "mangled corpse", "skinned alive", "burned alive", "burning alive", "blood everywhere", "brains out",
    "execution video", "lynching", "self harm", "slitting", "cutting wrists", "hanging himself",
    "suicide method", "school shooting", "how to make a bomb", "stabbing her", "stabbing him",
    "beating a woman", "animal cruelty", "killing a dog", "kill my", "sangriento y", "tripas",
    "decapita*", "degolla*", "enthaupt*", "verstummel*", "gefoltert*", "расчлен*", "отрезанн* голов*",
    "пытк*", "kafa kesme", "kafasi kesil*", "iskence", "mutilasi", "penyiksaan", "gorok", "sar kata",
    "eviscerat*", "bloody corpse", "mutilated", "graphic violence",
];

/// Groups of people.
#[rustfmt::skip]
pub(in super::super) const GROUPS: &[&str] = &[
    "immigrants", "immigrant", "migrants", "refugees", "jews", "jewish", "muslims", "muslim",
    "christians", "hindus", "black people", "blacks", "white people", "asians", "mexicans", "arabs",
    "gays", "gay people", "gay", "lesbians", "trans people", "trans", "transgender", "women",
    "disabled people", "disabled", "roma", "gypsies", "africans", "chinese", "indians", "foreigners",
    "homosexuals", "turks", "kurds", "russians", "ukrainians", "pakistanis", "blind people",
    "inmigrantes", "judios", "musulmanes", "migrantes", "imigrantes", "juifs", "immigres", "musulmans",
    "juden", "auslander", "fluchtlinge", "евре*", "мигрант*", "yahudi*", "multeci*", "suriyeli*",
    "orang cina", "yahudi", "musalman*", "dalit*", "poor people", "fat people", "homeless people",
    "israelis", "palestinians", "latinos", "natives", "a race",
];

/// Contempt.
#[rustfmt::skip]
pub(in super::super) const CONTEMPT: &[&str] = &[
    "vermin", "rats", "cockroaches", "subhuman", "subhumans", "inferior", "parasites", "scum", "filth",
    "trash", "animals", "deserve to die", "should die", "must die", "should be killed", "exterminate",
    "exterminated", "gas the", "go back", "go home", "plague", "disease", "pigs", "monkeys", "apes",
    "criminals", "invaders", "savages", "should be banned", "don't belong", "dont belong",
    "should not exist", "shouldn't exist", "stupid", "ratas", "alimanas", "basura", "ratten",
    "ungeziefer", "abschaum", "vermine", "rats", "паразит*", "крыс*", "hasere*", "pislik", "sampah",
    "keede", "evil", "dirty", "less than human", "ruin everything", "should be deported", "mocking",
    "making fun of", "caricature", "are thieves", "all thieves", "lazy",
];

/// Contempt that needs no group beside it.
#[rustfmt::skip]
pub(in super::super) const HATE: &[&str] = &[
    "white power", "white supremacy", "white supremacist", "heil hitler", "sieg heil", "nazi propaganda",
    "nazi poster", "pro nazi", "glorifying nazi", "glorify hitler", "glorifying hitler",
    "praising hitler", "hitler was right", "kkk poster", "kkk recruit*", "kkk", "ethnic cleansing is",
    "race war", "death to", "gas chamber joke", "swastika flag", "kill all", "1488", "blackface",
    "antisemitic", "racist", "homophobic", "islamophobic", "master race", "holocaust was",
    "holocaust didn't",
];

/// Real people of public life.
#[rustfmt::skip]
pub(in super::super) const PUBLIC: &[&str] = &[
    "president", "prime minister", "chancellor", "senator", "minister", "mayor", "governor", "politician",
    "candidate", "pope", "king", "queen", "celebrity", "trump", "biden", "putin", "obama", "macron",
    "modi", "erdogan", "zelensky", "merkel", "musk", "elon", "zuckerberg", "taylor swift", "kanye",
    "harris", "sunak", "starmer", "lula", "bolsonaro", "milei", "scholz", "xi jinping", "netanyahu",
    "ceo", "my boss", "my ex", "my teacher", "my neighbor", "my neighbour", "my coworker", "my colleague",
    "judge", "news anchor", "bbc", "cnn", "presidente", "primer ministro", "kanzler", "president*",
    "президент*", "министр*", "cumhurbaskan*", "basbakan", "presiden", "pradhan mantri", "opponent",
    "the actor", "the actress", "a famous", "doctor fauci", "police chief", "bill gates", "tom cruise",
    "my landlord", "my classmate",
];

/// Deeds put into somebody's mouth or hands.
#[rustfmt::skip]
pub(in super::super) const DEEDS: &[&str] = &[
    "admitting", "admits", "admit", "confessing", "confesses", "confess", "announcing", "announces",
    "announce", "declaring", "saying he", "saying she", "saying that", "resigning", "taking a bribe",
    "taking bribes", "accepting a bribe", "getting arrested", "being arrested", "arrested",
    "in handcuffs", "stealing", "endorsing", "endorses", "promoting", "cheating", "kissing", "drunk",
    "shooting", "hitting", "using drugs", "taking drugs", "doing drugs", "snorting", "robbing", "dead",
    "surrendering", "surrender", "rigged", "telling people", "calling for", "insulting",
    "crypto giveaway", "fake statement", "speech he never", "speech where", "caught", "shoplifting",
    "admitiendo", "confesando", "admitindo", "avouant", "zugibt", "gesteht", "призна*", "itiraf*",
    "mengaku", "kabool*", "bribe", "invest in my",
];

/// Said by those who want to deceive.
#[rustfmt::skip]
pub(in super::super) const DECEIT: &[&str] = &[
    "deepfake", "deep fake", "look real", "looks real", "looking real", "think it's real",
    "think its real", "think it is real", "believe it", "believe it's real", "believe he", "believe she",
    "so people think", "so ppl think", "so people believe", "so everyone thinks", "so everyone believes",
    "so they think", "so ppl share", "so people share", "pass as real", "pass it off",
    "as if it were real", "as real news", "fake news", "breaking news clip", "fool people",
    "fool everyone", "fool my", "trick people", "trick my", "fake evidence", "fake video of",
    "fake photo of", "fake picture of", "fake a photo", "fake proof", "make it convincing", "convincing",
    "so it goes viral", "leaked", "impersonate", "impersonating", "using his voice", "her real voice",
    "cctv", "que parezca real", "parezca real", "pareca real", "pareca verdade", "l'air vrai",
    "echt aussieht", "echt aussehen", "как настоящ*", "gercek gibi", "terlihat asli", "kelihatan asli",
    "asli lage", "asli jaisa", "blackmail", "frame him", "frame her", "frame my",
];
