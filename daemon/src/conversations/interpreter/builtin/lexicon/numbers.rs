//! Number words.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Cardinal words to their value.
#[rustfmt::skip]
pub(in super::super) const CARDINALS: &[(&str, u32)] = &[
    ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7),
    ("eight", 8), ("nine", 9), ("ten", 10), ("twelve", 12), ("fifteen", 15), ("twenty", 20),
    ("thirty", 30), ("forty", 40), ("forty five", 45), ("fifty", 50), ("sixty", 60), ("ninety", 90),
    ("hundred", 100), ("dozen", 12), ("couple", 2), ("few", 3), ("uno", 1), ("una", 1), ("un", 1),
    ("dos", 2), ("tres", 3), ("cuatro", 4), ("cinco", 5), ("seis", 6), ("siete", 7), ("ocho", 8),
    ("diez", 10), ("quince", 15), ("veinte", 20), ("treinta", 30), ("dois", 2), ("duas", 2),
    ("quatro", 4), ("sete", 7), ("oito", 8), ("dez", 10), ("vinte", 20), ("trinta", 30), ("une", 1),
    ("deux", 2), ("trois", 3), ("quatre", 4), ("cinq", 5), ("sept", 7), ("huit", 8), ("dix", 10),
    ("quinze", 15), ("vingt", 20), ("trente", 30), ("soixante", 60), ("ein", 1), ("eine", 1),
    ("einen", 1), ("zwei", 2), ("drei", 3), ("vier", 4), ("funf", 5), ("sechs", 6), ("sieben", 7),
    ("acht", 8), ("zehn", 10), ("zwanzig", 20), ("dreissig", 30), ("один", 1), ("одну", 1), ("два", 2),
    ("две", 2), ("три", 3), ("четыре", 4), ("пять", 5), ("шесть", 6), ("семь", 7), ("восемь", 8),
    ("десять", 10), ("двадцать", 20), ("тридцать", 30), ("пару", 2), ("пара", 2), ("bir", 1), ("iki", 2),
    ("uc", 3), ("dort", 4), ("bes", 5), ("alti", 6), ("yedi", 7), ("sekiz", 8), ("on", 10), ("yirmi", 20),
    ("otuz", 30), ("satu", 1), ("dua", 2), ("tiga", 3), ("empat", 4), ("lima", 5), ("enam", 6),
    ("tujuh", 7), ("delapan", 8), ("sepuluh", 10), ("ek", 1), ("teen", 3), ("char", 4), ("chaar", 4),
    ("paanch", 5), ("panch", 5), ("chhe", 6),
];

/// Ordinal words to their value; 0 stands for the last one.
#[rustfmt::skip]
pub(in super::super) const ORDINALS: &[(&str, u8)] = &[
    ("first", 1), ("1st", 1), ("second", 2), ("2nd", 2), ("third", 3), ("3rd", 3), ("fourth", 4),
    ("4th", 4), ("fifth", 5), ("5th", 5), ("sixth", 6), ("6th", 6), ("seventh", 7), ("7th", 7),
    ("eighth", 8), ("8th", 8), ("last", 0), ("other", 2), ("primera", 1), ("primero", 1), ("primer", 1),
    ("segunda", 2), ("segundo", 2), ("tercera", 3), ("tercero", 3), ("cuarta", 4), ("ultima", 0),
    ("ultimo", 0), ("primeira", 1), ("primeiro", 1), ("terceira", 3), ("terceiro", 3), ("quarta", 4),
    ("quarto", 4), ("premiere", 1), ("premier", 1), ("deuxieme", 2), ("seconde", 2), ("troisieme", 3),
    ("quatrieme", 4), ("derniere", 0), ("dernier", 0), ("erste", 1), ("ersten", 1), ("erstes", 1),
    ("zweite", 2), ("zweiten", 2), ("zweites", 2), ("dritte", 3), ("dritten", 3), ("vierte", 4),
    ("vierten", 4), ("letzte", 0), ("letzten", 0), ("перв*", 1), ("втор*", 2), ("треть*", 3),
    ("трети*", 3), ("четверт*", 4), ("последн*", 0), ("birinci", 1), ("ilk", 1), ("ikinci", 2),
    ("ikinciyi", 2), ("ucuncu", 3), ("ucuncuyu", 3), ("dorduncu", 4), ("dorduncuyu", 4), ("sonuncu", 0),
    ("sonuncuyu", 0), ("pertama", 1), ("kedua", 2), ("ketiga", 3), ("keempat", 4), ("terakhir", 0),
    ("pehla", 1), ("pehli", 1), ("pehle", 1), ("dusra", 2), ("dusri", 2), ("doosra", 2), ("doosri", 2),
    ("dusre", 2), ("teesra", 3), ("teesri", 3), ("tisra", 3), ("chautha", 4), ("aakhri", 0),
];

/// Things that are counted when results are.
#[rustfmt::skip]
pub(in super::super) const RESULTS: &[&str] = &[
    "of em",
    "versions", "version", "variants", "variant", "variations", "variation", "options", "option", "ideas",
    "takes", "alternatives", "designs", "of them", "of these", "of those", "of it", "pieces", "pcs",
    "more", "copies", "different ones", "different versions", "results", "concepts", "drafts", "samples",
    "choices", "in total", "total", "different", "tane", "adet", "varianten", "versionen", "stuck",
    "variante", "variantes", "opciones", "opcoes", "versiones", "versoes", "propositions", "idees",
    "ideas", "вариант*", "штук*", "шт", "верси*", "buah", "biji", "versi", "ya", "opsi", "pilihan",
    "varian", "alag", "versions chahiye", "mas", "mais", "de plus", "autres", "otras", "outras",
    "weitere", "mehr", "lagi", "aur", "daha", "еще",
];

/// Units of seconds and minutes.
#[rustfmt::skip]
pub(in super::super) const TIME_UNITS: &[(&str, u32)] = &[
    ("s", 1), ("sec", 1), ("secs", 1), ("second", 1), ("seconds", 1), ("min", 60), ("mins", 60),
    ("minute", 60), ("minutes", 60), ("m", 60), ("segundo", 1), ("segundos", 1), ("minuto", 60),
    ("minutos", 60), ("seconde", 1), ("secondes", 1), ("sekunde*", 1), ("sek", 1), ("minuten", 60),
    ("секунд*", 1), ("сек", 1), ("минут*", 60), ("мин", 60), ("saniye*", 1), ("sn", 1), ("dakika*", 60),
    ("dk", 60), ("detik", 1), ("menit", 60), ("second ka", 1), ("sekend", 1),
];
