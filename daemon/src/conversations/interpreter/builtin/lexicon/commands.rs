//! Words that need no work from a model.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

/// Stop the job.
#[rustfmt::skip]
pub(in super::super) const CANCEL: &[&str] = &[
    "stop making it", "stop generating", "stop rendering",
    "cancel", "cancel it", "cancel that", "cancel this", "stop", "stop it", "stop that", "abort", "nvm",
    "nevermind", "never mind", "forget it", "forget that", "forget about it", "scrap it", "scrap that",
    "kill it", "kill that", "kill the job", "don't bother", "dont bother", "drop it", "leave it",
    "don't do it", "dont do it", "i changed my mind", "changed my mind", "call it off", "no longer need",
    "don't need it", "dont need it anymore", "don't want it anymore", "halt", "quit it", "end the job",
    "hold on stop", "pull the plug", "discard it", "cancela*", "para ya", "detente", "olvidalo", "dejalo",
    "ya no", "cancele", "pare", "para tudo", "deixa pra la", "esquece", "annule*", "arrete",
    "laisse tomber", "oublie", "abbrechen", "brich ab", "brich das ab", "stopp", "abbruch", "vergiss es",
    "lass es", "отмен*", "стоп", "останови*", "не надо", "забудь", "iptal", "iptal et", "vazgectim",
    "durdur", "dur", "bosver", "batal*", "batalkan", "stop dulu", "hentikan", "gak jadi", "ga jadi",
    "nggak jadi", "gajadi", "rehne do", "ruko", "band karo", "cancel karo", "mat banao", "chhodo",
];

/// How far is it.
#[rustfmt::skip]
pub(in super::super) const STATUS: &[&str] = &[
    "what's happening with", "whats happening with", "what's going on with", "whats going on with", "check on my", "check on the", "hows that", "how's that coming", "been waiting", "done rendering", "finished rendering", "number am i", "still cooking",
    "status", "progress", "eta", "is it done", "is it ready", "is my", "done yet", "ready yet",
    "finished yet", "are you done", "are you finished", "is that done", "is it finished", "still working",
    "still waiting", "how long till", "how long until", "how long til", "how much longer",
    "how long left", "how long is left", "how long will it", "how long does it", "how long more",
    "how far", "when will it", "when will", "idea when", "when are my", "when my", "when can i",
    "place in line", "my place", "my turn", "still running", "is my job", "hows it going", "how's it going", "my job", "when will my",
    "when's it", "when is it", "when is my", "when do i get", "in the queue", "in queue",
    "queue position", "my position", "what's taking", "whats taking", "taking so long", "taking forever",
    "any update", "any updates", "update?", "any news", "where is my", "where's my", "wheres my",
    "wheres the", "where's the", "almost done", "almost ready", "nearly done", "did it work",
    "did it finish", "has it finished", "has it started", "is it stuck", "stuck", "what happened to",
    "is it still", "how's it going with", "hows it coming", "how's it coming", "how is it coming",
    "hows my", "how's my", "are we there", "how many ahead", "jobs ahead", "did you start",
    "have you started", "is it coming", "where are we", "ya esta", "esta listo", "esta lista",
    "cuanto falta", "cuanto tarda", "falta mucho", "como va", "estado", "ja ta pronto", "ta pronto",
    "ta pronta", "esta pronto", "ja esta", "quanto falta", "falta muito", "falta quanto", "vai demorar",
    "cade", "c'est pret", "c'est fini", "combien de temps", "ou en est", "ou en sommes", "ca avance",
    "bientot", "wie lange", "schon fertig", "ist es fertig", "fertig", "wie weit", "wann ist", "готов*",
    "сколько ждать", "сколько еще", "долго еще", "когда будет", "как там", "статус", "очеред*",
    "hazir mi", "bitti mi", "ne zaman", "ne kadar kaldi", "ne durumda", "kacinci sirada*", "sirada",
    "durum", "sudah jadi", "udah jadi", "udah selesai", "sudah selesai", "berapa lama", "masih lama",
    "sampai mana", "kapan jadi", "ho gaya", "bana kya", "kitna time", "kitni der", "kab tak",
    "kab milega", "ban gaya", "ban gayi",
];

/// One's own credits.
#[rustfmt::skip]
pub(in super::super) const BALANCE: &[&str] = &[
    "balance", "my credits", "still have credits", "have credits", "have any credits", "credit is left", "credits are left", "is left on my", "credit do i",
    "credits left", "credit left", "credits do i have", "credits have i", "credits remaining",
    "remaining credits", "credits remain", "do i have enough", "have enough left", "have enough credits",
    "got enough", "enough credits", "can i afford", "how much do i have", "how many do i have",
    "do i have left", "have i got left", "have left", "i got left", "my wallet", "wallet", "any credits",
    "out of credits", "credits am i", "did i use", "credits did i", "credits have i used", "have i spent",
    "did i spend", "credits do i still", "credit balance", "am i broke", "is my account empty",
    "credits i have", "credits i got", "mi saldo", "saldo", "cuantos creditos tengo",
    "creditos me quedan", "me quedan", "quantos creditos", "creditos eu tenho", "meus creditos",
    "me restam", "meu saldo", "mon solde", "solde", "combien de credits", "credits il me reste",
    "me reste", "guthaben", "wie viele credits", "wieviele credits", "wie viel guthaben", "kontostand",
    "credits hab ich", "credits habe ich", "баланс", "сколько кредитов", "сколько у меня", "мои кредиты",
    "осталось кредитов", "кредитов осталось", "bakiye*", "kac kredim", "ne kadar kredim", "kredim",
    "kalan kredi", "saldo saya", "saldoku", "sisa kredit", "kredit saya", "sisa saldo", "berapa kredit",
    "kitne credits", "kitne credit", "mere credits", "kitna balance", "credits bache", "paise bache",
];

/// Paying for more.
#[rustfmt::skip]
pub(in super::super) const BUY: &[&str] = &[
    "buy", "purchase", "top up", "topup", "top me up", "top my account up", "top up my", "more credits",
    "add credits", "get credits", "get some credits", "recharge", "reload", "refill", "where do i pay",
    "how do i pay", "how can i pay", "let me pay", "pay for", "want to pay", "wanna pay", "pay now",
    "i'll take the", "order credits", "payment link", "give me credits", "checkout", "load up", "comprar",
    "compro", "recargar", "recarga*", "anadir creditos", "mas creditos", "mais creditos", "acheter",
    "achete*", "recharger", "plus de credits", "kaufen", "kauf", "aufladen", "lade auf", "mehr credits",
    "купить", "куплю", "пополни*", "оплатить", "докупить", "satin al*", "kredi almak", "kredi al",
    "kredi yukle*", "yukle", "beli", "isi ulang", "top up kredit", "isi saldo", "kharid*",
    "credits chahiye", "credit chahiye", "recharge karo",
];

/// What was made before.
#[rustfmt::skip]
pub(in super::super) const HISTORY: &[&str] = &[
    "from last", "from yesterday",
    "history", "my history", "show history", "my gallery", "gallery", "my previous",
    "previous thumbnails", "previous jobs", "previous pictures", "previous images", "previous videos",
    "previous results", "past jobs", "past thumbnails", "past pictures", "past images", "past videos",
    "past requests", "my past", "my old", "old jobs", "old thumbnails", "old pictures", "old videos",
    "earlier thumbnails", "earlier pictures", "earlier jobs", "my earlier", "my recent", "recent jobs",
    "my last", "last jobs", "last thumbnails", "last few", "last five", "last ten", "did i ask", "list everything", "everything from", "from this month", "from this week", "i made",
    "i've made", "ive made", "did i make", "have i made", "we made", "you made for me", "you made me",
    "i generated", "i've generated", "did i generate", "i asked for", "i created", "all my jobs",
    "my jobs", "list my", "list all my", "my creations", "made so far", "everything i", "my thumbnails",
    "all my thumbnails", "my pictures", "my results", "my requests", "my library", "from last week",
    "from yesterday", "last week's", "yesterday's", "mi historial", "historial", "mis trabajos",
    "mis miniaturas", "mis imagenes", "mis videos", "que hice", "he hecho", "historico", "meu historico",
    "minhas thumbs", "minhas imagens", "que eu fiz", "meus trabalhos", "historique", "mes miniatures",
    "mes images", "que j'ai fait", "j'ai fait", "verlauf", "meine bilder", "meine thumbnails",
    "meine letzten", "bisherigen", "hab ich gemacht", "истори*", "мои работы", "мои картинки",
    "что я делал*", "прошлые", "мои обложки", "gecmis*", "onceki islerim", "yaptiklarim", "eski islerim",
    "yaptigim*", "riwayat", "riwayat saya", "hasil sebelumnya", "yang kemarin", "pernah aku buat",
    "pehle wale", "purane", "purani", "maine kya", "ab tak kya",
];

/// The same once more.
#[rustfmt::skip]
pub(in super::super) const AGAIN: &[&str] = &[
    "do over", "start over", "from scratch", "again", "once more", "one more", "one more time", "another", "another one", "another try",
    "another go", "another round", "another batch", "reroll", "re roll", "redo", "redo it", "retry",
    "regenerate", "regen", "rerun", "re run", "try again", "do it again", "do that again", "same again",
    "run it again", "give it another", "new seed", "different seed", "more of these", "more of those",
    "more like this", "more like that", "more like these", "some more", "a few more", "few more",
    "more please", "more pls", "more", "same thing", "same", "the same", "roll again", "spin again",
    "shuffle", "fresh one", "other versions", "different versions", "another version", "different one",
    "other options", "more options", "more versions", "more variations", "new version", "repeat",
    "repeat that", "encore une fois", "otra vez", "otra", "otro", "de nuevo", "una mas", "uno mas",
    "repite*", "intentalo de nuevo", "mas", "de novo", "mais um", "mais uma", "outra vez", "outra",
    "repete", "tenta de novo", "encore", "encore un", "encore une", "une autre", "un autre", "refais*",
    "recommence", "nochmal", "noch mal", "noch einmal", "noch ein", "noch eins", "noch eine",
    "noch einen", "neu", "erneut", "wiederhol*", "еще", "еще раз", "еще одну", "еще один", "еще одна",
    "снова", "повтори*", "заново", "tekrar", "bir daha", "bir tane daha", "yeniden", "tane daha", "daha",
    "coba lagi", "lagi", "sekali lagi", "satu lagi", "ulang", "ulangi", "ek aur", "aur ek", "phir se",
    "dobara", "fir se", "aur banao", "ek aur banao",
];

/// A larger picture.
#[rustfmt::skip]
pub(in super::super) const UPSCALE: &[&str] = &[
    "upscale", "upscaled", "upscale it", "upsize", "up scale", "enlarge", "enlarged", "high res",
    "hi res", "highres", "hires", "high resolution", "higher resolution", "higher res", "full res",
    "full resolution", "full size", "biggest size", "bigger size", "larger size", "max size",
    "large version", "larger version", "bigger version", "in 4k", "4k version", "print size",
    "print quality", "for print", "make it bigger", "blow up", "blow it up", "make it larger",
    "bigger file", "best quality", "max quality", "original size", "highest resolution", "highest res",
    "max resolution", "bigger", "larger", "embiggen", "2x", "supersize", "ampliar", "amplia", "ampliala",
    "agrandar", "agranda", "mas grande", "mas resolucion", "alta resolucion", "mayor resolucion",
    "aumenta", "aumentar", "maior", "alta resolucao", "agrandis", "agrandir", "haute resolution",
    "haute def", "plus grand*", "hochskalier*", "vergrosser*", "grosser", "hohe auflosung",
    "hoher auflosung", "hoherer auflosung", "увелич*", "высоком разрешении", "большом разрешении",
    "апскейл*", "побольше", "buyut", "buyuk hali", "yuksek cozunurluk*", "buyutur*", "perbesar",
    "resolusi tinggi", "besarin", "gedein", "bada karo", "bada kar do", "hd mein", "hd me",
];

/// Questions about prices and abilities.
#[rustfmt::skip]
pub(in super::super) const HELP: &[&str] = &[
    "how long does it usually", "how long does it normally", "how long does it take to", "how good", "how well", "what happens if", "tell me about yourself", "what is this", "does it cost", "can i download", "can i try", "what are your", "are my photos", "free credits", "credits expire", "is it safe", "is there a limit", "limits",
    "help", "help me understand", "what can you do", "what can u do", "what do you do",
    "what else can you", "what are you", "who are you", "who made you", "who built you", "who runs", "how do", "how do i", "how do you", "how does",
    "how can i", "how to use", "how should i", "what is the difference", "what's the difference",
    "whats the difference", "difference between", "do you do", "do u do", "do you support", "do you have",
    "do you offer", "do you also", "do you make", "do you accept", "do you take", "do you speak",
    "do you keep", "do you store", "do you work", "are you able", "is there a", "is there an",
    "is there any", "are there", "is it free", "are you free", "is this free", "free plan", "free trial",
    "how much", "how much is", "how much are", "how much does", "how much would", "how much for",
    "how many credits does", "how many credits is", "how many credits for", "how many credits would",
    "what does", "what would", "cost", "costs", "price", "prices", "pricing", "subscription", "subscribe",
    "unsubscribe", "refund", "refunds", "plan", "plans", "monthly", "per month", "which formats",
    "what formats", "what sizes", "which sizes", "what models", "which model", "which models",
    "what model", "what languages", "which languages", "what styles", "which styles", "what's the max",
    "whats the max", "what is the max", "maximum", "how long can", "how many can", "how big",
    "can you also", "can you handle", "are you a bot", "are you human", "what commands", "commands",
    "instructions", "tutorial on how to use", "guide", "faq", "is it possible to upload", "can i upload",
    "can i use", "can i send", "can i pay", "can i change", "can i get a refund", "can i sell",
    "commercial", "commercially", "copyright", "who owns", "what happens to my", "privacy", "my data",
    "delete my photos", "how long does a", "how long do", "how fast", "what file", "what's a", "whats a",
    "what is a", "what kind of", "what kinds of", "explain how you", "how it works", "how this works",
    "does it work", "does this work", "do i need", "do i have to", "allowed", "ayuda", "que puedes hacer",
    "que sabes hacer", "como funciona", "cuanto cuesta", "cuanto vale", "precio*", "puedes hacer videos",
    "como puedo", "como hago", "haces", "ajuda", "o que voce faz", "o que voce pode", "quanto custa",
    "preco*", "como eu", "voce faz", "aide", "que peux tu faire", "que sais tu faire", "qu'est ce que tu",
    "combien coute", "combien ca coute", "prix", "comment ca marche", "comment faire",
    "tu peux faire quoi", "hilfe", "was kannst du", "was kostet", "wie viel kostet", "wieviel kostet",
    "wie funktioniert", "preis*", "gibt es", "kannst du auch", "wie kann ich", "помощь", "помоги",
    "что ты умеешь", "что умеешь", "сколько стоит", "цена", "цены", "как это работает", "как мне",
    "как пользоваться", "умеешь", "yardim", "ne yapabilirsin", "neler yapabil*", "ne kadar tutar",
    "fiyat*", "kac kredi", "kac para", "nasil", "ucreti", "bantuan", "bisa apa", "kamu bisa apa",
    "berapa harga*", "harga*", "berapa biaya*", "biaya*", "gimana cara*", "bagaimana cara*", "cara pakai",
    "madad", "kya kar sakte", "kya kya", "kitne ka", "kitna lagega", "kitne paise", "kaise",
    "kitna charge",
];

/// Joining accounts.
#[rustfmt::skip]
pub(in super::super) const LINK_VERBS: &[&str] = &[
    "link", "connect", "pair", "join", "merge", "linking", "sync", "attach", "vincula*", "conecta*",
    "enlaza*", "vincule", "conecte", "lier", "relier", "connecte*", "associe*", "verbind*", "verknupf*",
    "koppel*", "привяж*", "привяз*", "связать", "свяжи", "подключ*", "bagla*", "esle*", "hubungkan",
    "sambungkan", "tautkan", "jodo", "jod", "log into", "linked", "lie", "add",
];

/// What accounts are called.
#[rustfmt::skip]
pub(in super::super) const LINK_OBJECTS: &[&str] = &[
    "account", "accounts", "discord", "telegram", "tg", "login", "profile", "terminal", "cuenta",
    "cuentas", "conta", "contas", "compte", "comptes", "konto", "konten", "аккаунт*", "телеграм*",
    "дискорд*", "учетк*", "hesap", "hesab*", "akun", "akunku", "khata",
];

/// Said with a code or asking for one.
#[rustfmt::skip]
pub(in super::super) const LINK_CODES: &[&str] = &[
    "link code", "my code is", "linking code", "pairing code", "code is", "the code", "here's the code",
    "heres the code", "link codigo", "codigo", "mi codigo", "kode", "код", "kodum", "code de liaison",
    "link my", "send me a link code", "login code", "verification code", "connect code", "code",
    "account link", "link accounts", "my link code",
];

/// Nothing is asked for.
#[rustfmt::skip]
pub(in super::super) const CHAT: &[&str] = &[
    "thanks", "thank you", "thank u", "thx", "ty", "tysm", "cheers", "love it", "perfect", "great",
    "awesome", "nice", "cool", "wow", "amazing", "beautiful", "hi", "hey", "hello", "good morning",
    "good night", "good evening", "bye", "goodbye", "see you", "lol", "haha", "ok", "okay", "looks good",
    "looks great", "looks amazing", "sick", "dope", "fire", "brilliant", "well done", "good job",
    "nice one", "you rock", "sweet", "excellent", "how are you", "whats up", "what's up", "sorry",
    "my bad", "oops", "gracias", "genial", "hola", "buenos dias", "perfecto", "obrigado", "obrigada",
    "valeu", "oi", "bom dia", "merci", "parfait", "super", "bonjour", "salut", "danke", "toll", "perfekt",
    "hallo", "guten morgen", "спасибо", "супер", "круто", "привет", "отлично", "класс", "доброе утро",
    "tesekkur*", "sagol", "harika", "merhaba", "selam", "gunaydin", "super olmus", "makasih",
    "terima kasih", "mantap", "keren", "halo", "shukriya", "dhanyavad", "badhiya", "mast", "namaste",
    "that's perfect", "thats perfect", "exactly what i wanted", "i love it", "love this", "so good",
    "impressive",
];
