//! Clothes by the part of the body they belong to, and the words of trying them on.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Shirts, knitwear, coats.
#[rustfmt::skip]
pub(in super::super) const TOPS: &[&str] = &[
    "shirt", "shirts", "tshirt", "t shirt", "tee", "top", "blouse", "sweater", "jumper", "hoodie",
    "sweatshirt", "pullover", "cardigan", "jacket", "coat", "blazer", "vest", "waistcoat", "polo",
    "parka", "raincoat", "overcoat", "trench", "windbreaker", "bomber", "turtleneck", "tank top",
    "crop top", "tunic", "kurta", "kurti", "jersey", "fleece", "puffer", "suit jacket", "tuxedo jacket",
    "kimono top", "camisole", "poncho", "anorak", "henley", "flannel", "denim jacket", "leather jacket",
    "camisa", "camiseta", "chaqueta", "abrigo", "sueter", "jersey", "sudadera", "blusa", "jaqueta",
    "casaco", "moletom", "blusinha", "chemise", "veste", "manteau", "pull", "blouson", "t shirts", "hemd",
    "jacke", "mantel", "pulli", "bluse", "oberteil", "футболк*", "рубашк*", "куртк*", "пальто", "свитер*",
    "кофт*", "худи", "пиджак*", "блузк*", "толстовк*", "gomlek", "gomlegi", "tisort*", "ceket*", "mont*",
    "kazak*", "kazagi", "hirka*", "bluz*", "kaban*", "kemeja*", "kaos*", "jaket*", "baju*", "sweter*",
    "batik", "switer",
];

/// Trousers, skirts, shorts.
#[rustfmt::skip]
pub(in super::super) const BOTTOMS: &[&str] = &[
    "jeans", "trousers", "pants", "skirt", "skirts", "shorts", "leggings", "chinos", "slacks",
    "sweatpants", "joggers", "culottes", "miniskirt", "cargos", "cargo pants", "bottoms", "bottom",
    "tights", "corduroys", "kilt", "pantalon", "pantalones", "falda", "vaqueros", "calca", "saia",
    "bermuda", "jupe", "jean", "hose", "rock", "jeanshose", "брюк*", "джинс*", "юбк*", "штан*", "шорты",
    "pantolon*", "etek", "etegi", "sort", "celana*", "rok", "pajama", "salwar", "lehenga skirt",
];

/// Any one-piece garment.
#[rustfmt::skip]
pub(in super::super) const DRESSES: &[&str] = &[
    "dress", "gown", "jumpsuit", "romper", "overalls", "dungarees", "onesie", "sundress", "saree", "sari",
    "lehenga", "abaya", "kaftan", "kimono", "robe", "playsuit", "bodysuit", "swimsuit", "one piece",
    "wedding dress", "boilersuit", "bikini", "vestido", "mono", "macacao", "robe", "combinaison", "kleid",
    "overall", "плать*", "сарафан*", "комбинезон*", "elbise*", "tulum", "gaun", "gamis", "dress",
    "terusan", "kebaya",
];

/// Trying on.
#[rustfmt::skip]
pub(in super::super) const TRY: &[&str] = &[
    "try on", "tryon", "try it on", "try them on", "try this on", "try that on", "try these on",
    "trying on", "on me", "on him", "on her", "on my", "onto me", "onto him", "onto her", "onto my",
    "on the girl", "on the guy", "on the man", "on the woman", "on the lady", "on the model", "wear",
    "wearing", "suit me", "suits me", "fit me", "fits me", "look on me", "look good on", "see myself in",
    "see me in", "see my", "see him in", "see her in", "see how i", "dress me", "dress up", "dress him",
    "dress her", "swap the", "swap my", "replace my", "outfit check", "outfit", "works on me",
    "work on me", "virtual try", "fitting room", "how would it look", "how would i look", "how do i look",
    "how would this look", "how would that look", "would look", "try this", "try that", "try these",
    "try the", "change my", "in this", "combine", "probarme", "pruebame", "pruebamel*", "como me queda",
    "me queda*", "en mi", "ponme", "fica em mim", "ficaria em mim", "em mim", "experimentar", "provar",
    "me va", "m'irait", "sur moi", "essayer", "essaie", "steht mir", "an mir", "anprobieren", "anziehen",
    "на мне", "на меня", "примерь*", "примерить", "мне идет", "надень", "ustumde", "uzerimde", "ustume",
    "bana yakisir*", "giydir*", "dene", "denemek", "di aku", "di badanku", "cobain", "coba pakai",
    "pakaikan", "cocok", "mujhpe", "mujh par", "mujhe pehna*", "pehna*", "pehen*", "kaisa lagega",
    "kaisi lagegi", "kaisa lagunga", "kaisi lagungi",
];
