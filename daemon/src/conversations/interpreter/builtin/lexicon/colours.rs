//! Colour words, and the words that tell that a colour is one of the layout.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Colour words of every language to the English name.
#[rustfmt::skip]
pub(in super::super) const COLOURS: &[(&str, &str)] = &[
    ("red", "red"), ("orange", "orange"), ("yellow", "yellow"), ("green", "green"), ("blue", "blue"),
    ("purple", "purple"), ("violet", "violet"), ("pink", "pink"), ("brown", "brown"), ("black", "black"),
    ("white", "white"), ("grey", "grey"), ("gray", "gray"), ("gold", "gold"), ("golden", "gold"),
    ("silver", "silver"), ("teal", "teal"), ("cyan", "cyan"), ("magenta", "magenta"),
    ("turquoise", "turquoise"), ("mint", "mint"), ("beige", "beige"), ("cream", "cream"),
    ("ivory", "ivory"), ("navy", "navy"), ("navy blue", "navy blue"), ("maroon", "maroon"),
    ("burgundy", "burgundy"), ("crimson", "crimson"), ("scarlet", "scarlet"), ("lavender", "lavender"),
    ("lilac", "lilac"), ("indigo", "indigo"), ("olive", "olive"), ("lime", "lime"),
    ("lime green", "lime green"), ("coral", "coral"), ("salmon", "salmon"), ("peach", "peach"),
    ("mustard", "mustard"), ("rust", "rust"), ("copper", "copper"), ("bronze", "bronze"),
    ("charcoal", "charcoal"), ("tan", "tan"), ("khaki", "khaki"), ("sand", "sand"),
    ("terracotta", "terracotta"), ("emerald", "emerald"), ("sage", "sage"), ("fuchsia", "fuchsia"),
    ("amber", "amber"), ("plum", "plum"), ("mauve", "mauve"), ("aqua", "aqua"), ("ochre", "ochre"),
    ("forest green", "forest green"), ("sky blue", "sky blue"), ("baby blue", "baby blue"),
    ("royal blue", "royal blue"), ("electric blue", "electric blue"), ("neon green", "neon green"),
    ("neon pink", "neon pink"), ("neon yellow", "neon yellow"), ("hot pink", "hot pink"),
    ("off white", "off white"), ("rose gold", "rose gold"), ("midnight blue", "midnight blue"),
    // es, pt
    ("rojo", "red"), ("roja", "red"), ("rojos", "red"), ("naranja", "orange"), ("amarill*", "yellow"),
    ("verde", "green"), ("verdes", "green"), ("azul", "blue"), ("azules", "blue"), ("azuis", "blue"),
    ("morado", "purple"), ("morada", "purple"), ("rosa", "pink"), ("marron", "brown"), ("negro", "black"),
    ("negra", "black"), ("blanco", "white"), ("blanca", "white"), ("gris", "grey"), ("dorado", "gold"),
    ("plateado", "silver"), ("turquesa", "turquoise"), ("vermelh*", "red"), ("laranja", "orange"),
    ("amarel*", "yellow"), ("roxo", "purple"), ("roxa", "purple"), ("marrom", "brown"),
    ("preto", "black"), ("preta", "black"), ("branco", "white"), ("branca", "white"), ("cinza", "grey"),
    ("dourado", "gold"), ("azul marino", "navy"), ("azul oscuro", "dark blue"),
    ("azul escuro", "dark blue"), ("azul claro", "light blue"), ("rojo oscuro", "dark red"),
    // fr
    ("rouge", "red"), ("rouges", "red"), ("jaune", "yellow"), ("jaunes", "yellow"), ("vert", "green"),
    ("verte", "green"), ("bleu", "blue"), ("bleue", "blue"), ("bleus", "blue"), ("noir", "black"),
    ("noire", "black"), ("blanc", "white"), ("blanche", "white"), ("rose", "pink"), ("dore", "gold"),
    ("argent", "silver"), ("bleu marine", "navy"), ("bleu fonce", "dark blue"),
    ("bleu clair", "light blue"),
    // de
    ("rot", "red"), ("rote*", "red"), ("gelb*", "yellow"), ("grun", "green"), ("grune*", "green"),
    ("blau", "blue"), ("blaue*", "blue"), ("lila", "purple"), ("braun*", "brown"), ("schwarz*", "black"),
    ("weiss*", "white"), ("grau", "grey"), ("graue*", "grey"), ("turkis*", "turquoise"),
    ("dunkelblau*", "dark blue"), ("dunkelrot*", "dark red"), ("dunkelgrun*", "dark green"),
    ("hellblau*", "light blue"), ("hellgrun*", "light green"),
    // ru
    ("красн*", "red"), ("оранжев*", "orange"), ("желт*", "yellow"), ("зелен*", "green"), ("син*", "blue"),
    ("голуб*", "light blue"), ("фиолетов*", "purple"), ("розов*", "pink"), ("коричнев*", "brown"),
    ("черн*", "black"), ("бел*", "white"), ("серый", "grey"), ("серая", "grey"), ("серое", "grey"),
    ("золот*", "gold"), ("бирюзов*", "turquoise"), ("темно син*", "dark blue"),
    // tr
    ("kirmizi", "red"), ("turuncu", "orange"), ("sari", "yellow"), ("yesil", "green"), ("mavi", "blue"),
    ("mor", "purple"), ("pembe", "pink"), ("kahverengi", "brown"), ("siyah", "black"), ("beyaz", "white"),
    ("gri", "grey"), ("lacivert", "navy"), ("altin", "gold"), ("koyu mavi", "dark blue"),
    ("acik mavi", "light blue"), ("turkuaz", "turquoise"),
    // id
    ("merah", "red"), ("oranye", "orange"), ("kuning", "yellow"), ("hijau", "green"), ("biru", "blue"),
    ("ungu", "purple"), ("coklat", "brown"), ("hitam", "black"), ("putih", "white"), ("abu abu", "grey"),
    ("emas", "gold"), ("biru tua", "dark blue"), ("biru muda", "light blue"), ("merah muda", "pink"),
    // hi-Latn
    ("laal", "red"), ("peela", "yellow"), ("pila", "yellow"), ("hara", "green"), ("neela", "blue"),
    ("nila", "blue"), ("kaala", "black"), ("kala", "black"), ("safed", "white"), ("gulabi", "pink"),
    ("narangi", "orange"), ("baingani", "purple"), ("sunehra", "gold"),
];

/// Shades that stay with the English colour they are said with.
#[rustfmt::skip]
pub(in super::super) const SHADES: &[&str] = &[
    "dark", "light", "bright", "deep", "pale", "soft", "pastel", "neon", "burnt", "muted", "warm",
    "dusty", "electric", "hot",
];

/// What colours of the layout are said of, or the word for colour itself.
#[rustfmt::skip]
pub(in super::super) const LAYOUT: &[&str] = &[
    "background", "bg", "backdrop", "backgrounds", "tone", "tones", "toned", "letter", "letters",
    "lettering", "font", "text", "title", "colour", "colours", "color", "colors", "coloured", "colored",
    "colorway", "palette", "scheme", "hue", "hues", "theme", "accent", "accents", "border", "shades",
    "gradient", "highlights", "words", "writing", "caption", "headline", "typography", "outline", "fondo",
    "color", "colores", "letras", "texto", "tonos", "titulo", "cor", "cores", "tons", "fundo", "fond",
    "couleur", "couleurs", "lettres", "tons", "texte", "titre", "hintergrund", "farbe", "farben",
    "schrift", "buchstaben", "tonen", "фон*", "цвет*", "тон*", "букв*", "текст*", "шрифт*", "палитр*",
    "arka", "plan", "fon", "zemin", "renk", "renkler", "renkli", "tonlari", "tonlar", "harf", "harfler",
    "latar", "belakang", "latarnya", "backgroundnya", "warna", "warnanya", "nuansa", "huruf", "tulisan",
    "rang",
];
