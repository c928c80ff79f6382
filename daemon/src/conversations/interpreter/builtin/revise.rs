//! Changes to the last request.

use super::kind::{Part, garments};
use super::lexicon::commands::{AGAIN, CHAT, UPSCALE};
use super::lexicon::numbers::RESULTS;
use super::lexicon::titles::{REMOVE, TITLE_NOUNS};
use super::looks::{self, Reach};
use super::phrases::{any_at, find, has, is_word};
use super::pictures::{Role, Sent, roles};
use super::subject::{References, has_content};
use super::title::TitleWords;
use super::tokens::{Reading, Taken};
use super::{counts, shapes, subject, video};
use crate::conversations::interpreter::{Changes, Intent, RequestMode, TryonMode, TryonWords};

/// The larger picture that is asked for, if one is.
pub(super) fn upscale(reading: &Reading, last: &Intent) -> Option<Intent> {
    let (index, len) = find(reading, UPSCALE)?;
    let which = counts::which(reading);
    let word = reading.word(index);
    let film = matches!(last, Intent::Video(_));
    let sure = is_word(
        word,
        &["upscale", "upscaled", "upsize", "enlarge", "enlarged", "hochskalier*", "апскейл*", "embiggen"],
    );
    if film && !sure {
        return None;
    }
    let size = is_word(
        word,
        &[
            "bigger",
            "larger",
            "mas",
            "plus",
            "maior",
            "grosser",
            "побольше",
            "make",
            "best",
            "in",
            "hd",
            "2x",
        ],
    );
    let titles = (1..=2).any(|near| {
        is_word(reading.word(index + len - 1 + near), TITLE_NOUNS)
            || is_word(reading.before(index, near), TITLE_NOUNS)
    });
    let of_it = which.is_some()
        || is_word(reading.word(index + len), &["please", "pls", "version", "of", "file"])
        || reading.is_wall(index + len);
    if titles || (size && !of_it) {
        return None;
    }
    let number = which.map(|(_, number)| match number {
        0 => count_of(last).unwrap_or(1),
        n => n,
    });
    Some(Intent::Upscale { which: number })
}

fn count_of(last: &Intent) -> Option<u8> {
    match last {
        Intent::Thumbnail(words) => words.count,
        Intent::Image(words) => words.count,
        Intent::Portrait(words) => words.count,
        Intent::Tryon(words) => words.count,
        _ => None,
    }
}

/// The changes or the wish for the same again; `None` where the words want neither.
pub(super) fn read(
    reading: &mut Reading,
    title: &TitleWords,
    last: &Intent,
    sent: &[Sent],
) -> Option<Intent> {
    if let Intent::Tryon(words) = last
        && let Some(changes) = clothes(reading, words, sent)
    {
        return Some(Intent::Revise(Box::new(changes)));
    }
    let mut changes = Changes::default();
    pictures(reading, last, sent, &mut changes);
    titles(reading, title, last, &mut changes);
    if matches!(last, Intent::Video(_)) {
        let film = video::film(reading);
        changes.seconds = film.seconds;
        changes.resolution = film.resolution;
        changes.format = film.format;
        changes.narration = film.narration;
        changes.captions = film.captions;
    }
    let again = take_again(reading);
    changes.count = counts::count(reading, |_| false, true).or_else(|| plural_count(reading));
    changes.aspect = shapes::aspect(reading, |_| false);
    let found = looks::read(reading, Reach::Change, |_| false);
    set_looks(found, last, &mut changes);
    content(reading, again, last, &mut changes);
    if !changes.only_count() {
        return Some(Intent::Revise(Box::new(changes)));
    }
    (again || changes.count.is_some()).then_some(Intent::Again { count: changes.count })
}

fn set_looks(found: looks::Looks, last: &Intent, changes: &mut Changes) {
    match last {
        Intent::Image(_) => {
            changes.negative = Some(found.without.join(", ")).filter(|text| !text.is_empty());
            changes.style = found.style;
            changes.style.extend(found.palette);
        }
        Intent::Video(words) => {
            let mut look = found.style;
            look.extend(found.palette);
            look.extend(found.without.iter().map(|thing| format!("no {thing}")));
            if !look.is_empty() {
                changes.prompt = Some(format!("{}, {}", words.prompt, look.join(", ")));
            }
        }
        Intent::Thumbnail(_) => {
            changes.style = found.style;
            changes.style.extend(found.without.iter().map(|thing| format!("no {thing}")));
            changes.palette = found.palette;
        }
        _ => {
            changes.style = found.style;
            changes.style.extend(found.palette);
            changes.style.extend(found.without.iter().map(|thing| format!("no {thing}")));
        }
    }
}

/// "2 more thumbnails", "4 pictures": a number with the name of the thing.
fn plural_count(reading: &mut Reading) -> Option<u8> {
    let things = [
        "thumb*",
        "pictures",
        "images",
        "pics",
        "photos",
        "covers",
        "portraits",
        "headshots",
        "miniaturas",
        "miniatures",
        "bilder",
        "other",
    ];
    for index in 0..reading.tokens.len() {
        if let Some((len, value)) = counts::number_at(reading, index)
            && value > 1
            && (0..=2).any(|skip| is_word(reading.word(index + len + skip), &things))
        {
            reading.take(index..index + len, Taken::Field);
            return Some(value.min(8) as u8);
        }
    }
    None
}

fn take_again(reading: &mut Reading) -> bool {
    let mut again = false;
    for index in 0..reading.tokens.len() {
        if let Some(len) = any_at(reading, index, AGAIN) {
            let word = reading.word(index);
            let comparing = len == 1
                && matches!(
                    word,
                    "more" | "mas" | "mais" | "daha" | "lagi" | "еще" | "neu" | "encore" | "aur"
                );
            let counted = counts::number_at(reading, index.saturating_sub(1)).is_some() && index > 0;
            let ends = reading.is_wall(index + len)
                || is_word(
                    reading.word(index + len),
                    &[
                        "please", "pls", "plz", "of", "dong", "ya", "por", "bitte", "thumb*", "pictures",
                        "images", "time", "times", "versions", "options",
                    ],
                );
            if comparing && !ends {
                continue;
            }
            again = true;
            if !(counted && comparing) {
                reading.take(index..index + len, Taken::Field);
            }
        }
    }
    again
}

fn titles(reading: &mut Reading, title: &TitleWords, last: &Intent, changes: &mut Changes) {
    let Intent::Thumbnail(words) = last else { return };
    if let Some(text) = &title.text {
        changes.title = Some(text.clone());
        return;
    }
    if title.unwanted || takes_title_away(reading) {
        changes.title = Some(String::new());
        return;
    }
    if let Some(old) = &words.title {
        changes.title = corrected(reading, old);
    }
}

/// "lose the text", "take the words off".
fn takes_title_away(reading: &mut Reading) -> bool {
    for index in 0..reading.tokens.len() {
        let Some(len) = any_at(reading, index, REMOVE) else { continue };
        let noun = (0..=3).find(|skip| is_word(reading.word(index + len + skip), TITLE_NOUNS));
        if let Some(skip) = noun
            && !is_word(reading.word(index + len + skip + 1), &["shadow", "box", "color", "colour", "from"])
        {
            reading.take(index..index + len + skip + 1, Taken::Wall);
            return true;
        }
        let before = (1..=3).any(|back| is_word(reading.before(index, back), TITLE_NOUNS));
        if before
            && is_word(
                reading.word(index),
                &["kaldir*", "sil", "cikar*", "hata*", "hapus*", "hilang*", "убери*", "weg", "nikal*"],
            )
        {
            reading.take(reading.clause_of(index), Taken::Wall);
            return true;
        }
    }
    let weg = find(
        reading,
        &[
            "text weg",
            "titel weg",
            "schrift weg",
            "text off",
            "title off",
            "text out",
            "text away",
            "title away",
            "words off",
            "words out",
            "text gone",
            "title gone",
        ],
    );
    if let Some((index, len)) = weg {
        reading.take(index..index + len, Taken::Wall);
    }
    weg.is_some()
}

/// A correction of the old title: a word put right, or its case.
fn corrected(reading: &mut Reading, old: &str) -> Option<String> {
    for (phrases, upper) in [
        (
            [
                "all caps",
                "in caps",
                "uppercase",
                "upper case",
                "capital letters",
                "all capitals",
                "caps lock",
                "mayusculas",
                "grossbuchstaben",
            ]
            .as_slice(),
            true,
        ),
        (
            ["lowercase", "lower case", "no caps", "small letters", "minusculas", "kleinbuchstaben"]
                .as_slice(),
            false,
        ),
    ] {
        if let Some((index, _)) = find(reading, phrases) {
            reading.take(reading.clause_of(index), Taken::Wall);
            return Some(if upper { old.to_uppercase() } else { old.to_lowercase() });
        }
    }
    for (phrases, sign) in
        [(["exclamation mark", "exclamation point"].as_slice(), '!'), (["question mark"].as_slice(), '?')]
    {
        if let Some((index, _)) = find(reading, phrases) {
            let clause = reading.clause_of(index);
            let away = clause.clone().any(|at| {
                is_word(
                    reading.word(at),
                    &["no", "remove", "without", "drop", "lose", "take", "delete", "off"],
                )
            });
            reading.take(clause, Taken::Wall);
            let bare = old.trim_end_matches(sign);
            return Some(if away { bare.to_owned() } else { format!("{bare}{sign}") });
        }
    }
    let words: Vec<&str> = old.split_whitespace().collect();
    let is_near = |candidate: &str, word: &str| {
        let (a, b) = (
            super::tokens::fold(candidate),
            super::tokens::fold(word.trim_matches(|c: char| !c.is_alphanumeric())),
        );
        candidate != word
            && a.chars().count() > 2
            && (a == b || distance(&a, &b) <= 2 && a.chars().count() > 3)
    };
    let cue = has(
        reading,
        &[
            "typo",
            "spelled",
            "spelt",
            "spelling",
            "misspelled",
            "should be",
            "not",
            "meant",
            "wrote",
            "wrong",
            "it's",
            "its",
            "with a",
            "error",
            "falta",
            "correct",
            "fix",
            "se escribe",
            "schreibfehler",
            "faute",
            "ошибк*",
            "опечатк*",
            "yanlis",
            "typonya",
            "salah",
        ],
    );
    let (index, place) = (0..reading.tokens.len()).filter(|_| cue).find_map(|index| {
        let raw = reading.raw(index);
        let at = words.iter().position(|word| is_near(raw, word))?;
        let known = words.iter().any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()) == raw);
        (!known && !is_word(reading.before(index, 1), &["not"]) && !reading.word(index).is_empty())
            .then_some((index, at))
    })?;
    let new = reading.raw(index).to_owned();
    let mut clauses: Vec<std::ops::Range<usize>> = reading.clauses();
    clauses.retain(|clause| {
        clause.contains(&index)
            || clause.clone().any(|at| is_word(reading.word(at), &["typo", "spelling", "oops"]))
    });
    for clause in clauses {
        reading.take(clause, Taken::Wall);
    }
    let word = words.get(place)?;
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    Some(
        words
            .iter()
            .enumerate()
            .map(|(at, word)| if at == place { word.replacen(core, &new, 1) } else { (*word).to_owned() })
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// Edits between two short words; long ones are never near.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(24).collect(), b.chars().take(24).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let up = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let best = (left + 1).min(up + 1).min(diagonal + usize::from(x != y));
            diagonal = up;
            left = best;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
        }
    }
    row.last().copied().unwrap_or(0)
}

fn pictures(reading: &mut Reading, last: &Intent, sent: &[Sent], changes: &mut Changes) {
    let Some(newest) = sent.last() else { return };
    match last {
        Intent::Thumbnail(_) => {
            let known = roles(reading, sent);
            let logo =
                (0..reading.tokens.len()).any(|at| is_word(reading.word(at), super::lexicon::pictures::LOGO));
            if logo || known.iter().any(|(index, role)| *index == newest.index && *role == Role::Logo) {
                changes.logo_image = Some(newest.index);
            } else {
                changes.subject_image = Some(newest.index);
            }
        }
        Intent::Image(_) => changes.init_image = Some(newest.index),
        Intent::Portrait(_) => changes.identity_images = sent.iter().map(|p| p.index).collect(),
        Intent::Video(words) if words.document.is_some() => changes.document = Some(newest.index),
        Intent::Video(_) => changes.image = Some(newest.index),
        _ => {}
    }
    for clause in reading.clauses() {
        if clause.clone().any(|at| any_at(reading, at, super::lexicon::pictures::REFERENCE).is_some())
            && clause.len() <= 10
        {
            reading.take(clause, Taken::Wall);
        }
    }
}

/// Another garment, another person.
fn clothes(reading: &Reading, last: &TryonWords, sent: &[Sent]) -> Option<Changes> {
    let newest = sent.last()?;
    let mut changes = Changes::default();
    let known =
        roles(reading, sent).into_iter().find(|(index, _)| *index == newest.index).map(|(_, role)| role);
    let spoken = garments(reading).last().map(|(_, part)| Role::Garment(part));
    let usual = match last.mode {
        Some(TryonMode::Bottom) => Part::Bottom,
        Some(TryonMode::Dress) => Part::Dress,
        _ => Part::Top,
    };
    let role = known.or(spoken).unwrap_or_else(|| {
        if has(reading, super::lexicon::pictures::THIS_IS_ME) { Role::Person } else { Role::Garment(usual) }
    });
    let mode = match role {
        Role::Person | Role::Logo => {
            changes.person_image = Some(newest.index);
            last.mode
        }
        Role::Garment(Part::Top) => {
            changes.top_image = Some(newest.index);
            Some(if last.bottom_image.is_some() { TryonMode::Full } else { TryonMode::Top })
        }
        Role::Garment(Part::Bottom) => {
            changes.bottom_image = Some(newest.index);
            Some(if last.top_image.is_some() { TryonMode::Full } else { TryonMode::Bottom })
        }
        Role::Garment(Part::Dress) => {
            changes.dress_image = Some(newest.index);
            Some(TryonMode::Dress)
        }
    };
    changes.mode = mode.filter(|mode| Some(*mode) != last.mode).map(RequestMode::Tryon);
    Some(changes)
}

/// Words by which a revision brings or swaps content.
const BRINGS: &[&str] = &[
    "with",
    "add",
    "put",
    "include",
    "show",
    "have",
    "place",
    "in",
    "on",
    "wearing",
    "holding",
    "as",
    "give",
    "more",
    "agrega*",
    "anade*",
    "pon*",
    "con",
    "adiciona*",
    "coloca*",
    "com",
    "ajoute*",
    "avec",
    "mets",
    "fug*",
    "mit",
    "добавь*",
    "с",
    "ekle*",
    "koy",
    "tambah*",
    "kasih",
    "daalo",
    "add",
    "extra",
    "plus",
    "another",
    "turn",
    "make",
    "let",
    "hinzu",
    "at",
    "during",
    "from",
    "inside",
    "under",
    "next",
    "behind",
    "surrounded",
    "instead",
    "change",
    "replace",
    "swap",
    "switch",
    "use",
];

/// What is to be seen otherwise: the whole subject anew.
fn content(reading: &mut Reading, again: bool, last: &Intent, changes: &mut Changes) {
    let old = match last {
        Intent::Thumbnail(words) => &words.subject,
        Intent::Image(words) => &words.prompt,
        Intent::Portrait(words) => &words.prompt,
        Intent::Video(words) if changes.prompt.is_none() => &words.prompt,
        _ => return,
    };
    let brings = (0..reading.tokens.len()).find(|at| reading.free(*at) && is_word(reading.word(*at), BRINGS));
    let Some(from) = brings else { return };
    let fillers = [
        "add",
        "include",
        "show",
        "change",
        "replace",
        "swap",
        "switch",
        "but",
        "instead",
        "same",
        "keep",
        "nice",
        "more",
        "place",
        "version",
        "thumb*",
        "agrega*",
        "anade*",
        "pon*",
        "ponle",
        "adiciona*",
        "coloca*",
        "ajoute*",
        "mets",
        "добавь*",
        "tambah*",
        "kasih",
        "not",
        "no",
        "good",
        "great",
        "hmm",
        "maybe",
        "turn",
        "let",
        "version",
    ];
    let anew = find(
        reading,
        &[
            "make it about",
            "make it all about",
            "about",
            "new topic",
            "new subject",
            "change the subject to",
            "change the topic to",
            "sobre",
            "uber",
            "про",
            "tentang",
        ],
    )
    .filter(|(at, _)| *at <= 4);
    reading.take(0..anew.map_or(from, |(at, len)| at + len), Taken::Field);
    while let Some((at, len)) =
        find(reading, &["instead", "stattdessen", "en vez"]).filter(|_| anew.is_some())
    {
        reading.take(at..at + len, Taken::Field);
    }
    let swap = swapped(reading, old);
    let text = swap.clone().unwrap_or_else(|| subject::read(reading, References::Keep, &fillers));
    let vague = has(reading, CHAT) && !again && changes.only_count() && text.split_whitespace().count() <= 1;
    let counted = has(reading, RESULTS) && text.split_whitespace().count() <= 1;
    if !has_content(&text) || vague || counted {
        return;
    }
    let whole = if swap.is_some() || anew.is_some() { text } else { format!("{old}, {text}") };
    match last {
        Intent::Thumbnail(_) => changes.subject = Some(whole),
        _ => changes.prompt = Some(whole),
    }
}

/// "change the dog to a cat", "a cat instead of the dog": the old words with that one exchanged.
fn swapped(reading: &Reading, old: &str) -> Option<String> {
    let trim = |from: usize, to: usize| {
        let mut from = from;
        while from < to
            && (is_word(reading.word(from), &["the", "a", "an", "make", "it", "use", "with", "be", "have"])
                || !reading.free(from))
        {
            from += 1;
        }
        (from < to).then(|| reading.slice(from, to - 1).to_owned())
    };
    let (first, middle, away_first) =
        if let Some((at, len)) = find(reading, &["change", "replace", "swap", "switch", "turn"]) {
            let middle = (at + len..reading.tokens.len())
                .find(|i| is_word(reading.word(*i), &["to", "with", "for", "into"]))?;
            (at + len, middle..middle + 1, true)
        } else {
            let (at, len) = find(reading, &["instead of", "rather than"])?;
            (reading.clause_of(at).start, at..at + len, false)
        };
    let end = reading.clause_of(middle.end).end;
    let (left, right) = (trim(first, middle.start)?, trim(middle.end, end)?);
    let (away, new) = if away_first { (left, right) } else { (right, left) };
    let at = super::tokens::fold(old).find(&super::tokens::fold(&away))?;
    let range = at..at + away.len();
    (old.get(range.clone())?.to_lowercase() == away.to_lowercase()).then(|| {
        let mut text = old.to_owned();
        text.replace_range(range, &new);
        text
    })
}
