//! What needs no model: money, accounts, questions, the queue.

use super::lexicon::{
    ASKS_BALANCE, ASKS_TO_SEE, BALANCE, BEFORE_CANCEL, BUY, CAN_YOU, CANCEL, CREDIT_NOUNS, DEGREES, FRAME,
    HELP, HISTORY, LINK_CODES, LINK_OBJECTS, LINK_VERBS, LINKS_LAST, NOT_OWN_CREDITS, NOT_OWN_HISTORY,
    ONE_THING, ONES_OWN, OPENS_QUESTION, PAID_INTO, PAYS_IN, PAYS_PLAINLY, PRICES, PURSE, STATUS, WALLET,
};
use std::ops::Range;

use super::phrases::{any_at, find, has, is_word};
use super::tokens::Reading;
use crate::conversations::interpreter::Intent;

/// The command a message is, if it is one. `thing` is where a request is named, `content` whether it says of what.
/// `pictured` says that pictures came with it.
pub(super) fn read(
    reading: &Reading,
    thing: Option<usize>,
    content: bool,
    pictured: bool,
) -> Option<(Intent, Range<usize>)> {
    if let Some(intent) = slash(reading) {
        return Some((intent, 0..1));
    }
    let all = 0..reading.tokens.len();
    let words = reading.tokens.iter().filter(|t| !t.mark).count();
    let asked_before = |place: Option<(usize, usize)>| {
        place.filter(|(index, _)| thing.is_none_or(|thing| *index < thing || (!content && words <= 14)))
    };
    if thing.is_none() && links(reading, words) {
        return Some((Intent::LinkAccount, all));
    }
    let priced = has(reading, &PRICES);
    if can_you(reading, words) && !pictured {
        return Some((Intent::Help, all));
    }
    if words == 1 && is_word(reading.word(0), &["credits", "creditos", "kredi", "кредиты", "credit"]) {
        return Some((Intent::Balance, all));
    }
    let mut best: Option<(usize, usize, Intent)> = None;
    let mut offer = |place: Option<(usize, usize)>, intent: Intent| {
        if let Some((index, len)) = asked_before(place)
            && best.as_ref().is_none_or(|(at, known, _)| index < *at || (index == *at && len > *known))
        {
            best = Some((index, len, intent));
        }
    };
    offer(cancel(reading), Intent::Cancel);
    offer(guarded(reading, &STATUS, words, 14).or_else(|| finished(reading, words)), Intent::Status);
    // "How much credit is left" begins as a question about prices does.
    let rules = has(reading, &["expire", "expires", "refund", "refunds", "transfer", "worth"]);
    let balance = guarded(reading, &BALANCE, words, 24)
        .filter(|_| !rules)
        .map(|(index, len)| (index.saturating_sub(4), len + 4));
    offer(balance, Intent::Balance);
    offer(own_credits(reading, words).then_some((0, words)), Intent::Balance);
    offer(history(reading, words), Intent::History);
    offer(buy(reading, words), Intent::Buy { credits: credits(reading) });
    offer(help(reading, words, content).filter(|_| priced || !pictured), Intent::Help);
    best.map(|(index, len, intent)| (intent, index..index + len))
}

fn slash(reading: &Reading) -> Option<Intent> {
    Some(match reading.word(0) {
        "/balance" | "/wallet" | "/credits" => Intent::Balance,
        "/status" | "/queue" | "/jobs" => Intent::Status,
        "/cancel" | "/stop" => Intent::Cancel,
        "/history" | "/gallery" | "/show" => Intent::History,
        "/help" | "/privacy" | "/settings" | "/templates" => Intent::Help,
        "/buy" | "/topup" => Intent::Buy { credits: credits(reading) },
        "/link" => Intent::LinkAccount,
        "/again" | "/reroll" => Intent::Again { count: None },
        "/start" => Intent::Smalltalk,
        _ => return None,
    })
}

fn guarded(reading: &Reading, phrases: &[&str], words: usize, most: usize) -> Option<(usize, usize)> {
    (words <= most).then(|| find(reading, phrases)).flatten()
}

fn cancel(reading: &Reading) -> Option<(usize, usize)> {
    (0..reading.tokens.len()).find_map(|index| {
        let len = any_at(reading, index, &CANCEL)?;
        let clause = reading.clause_of(index);
        let opens = (clause.start..index).all(|at| {
            is_word(reading.word(at), &FRAME)
                || is_word(reading.word(at), &DEGREES)
                || is_word(reading.word(at), &BEFORE_CANCEL)
                || any_at(reading, at, &CANCEL).is_some()
        });
        let how = (clause.start..index).any(|at| {
            is_word(reading.word(at), &["how", "where", "do", "does"]) && reading.word(index) != "cancel"
                || is_word(reading.word(at), &["how"])
        });
        let other =
            is_word(reading.word(index + len), &["motion", "subscription", "by", "sign", "using", "smoking"])
                || (clause.start..clause.end).any(|at| {
                    is_word(reading.word(at), &["subscription", "membership", "plan", "abo", "text", "title"])
                });
        let ends = matches!(reading.word(index), "cancel" | "abort") || clause.end - index <= len + 7;
        ((opens || clause.end == index + len) && !how && !other && ends).then_some((index, len))
    })
}

/// "Is the … ready": whatever is asked after.
fn finished(reading: &Reading, words: usize) -> Option<(usize, usize)> {
    let opens = is_word(reading.word(0), &["is", "are", "did", "has", "so"]);
    let ends = find(reading, &["done", "ready", "finished", "through", "complete"]).is_some();
    (opens && ends && words <= 8).then_some((0, 1))
}

fn history(reading: &Reading, words: usize) -> Option<(usize, usize)> {
    let (index, len) = guarded(reading, &HISTORY, words, 16)?;
    let bare = len == 1
        && matches!(
            reading.word(index),
            "history" | "gallery" | "historial" | "historique" | "verlauf" | "historico"
        );
    let topic = is_word(reading.word(index + len), &NOT_OWN_HISTORY);
    let own = !is_word(reading.word(index), &["i", "my", "from"]) || asks(reading);
    (!(bare && (topic || words > 7)) && own).then_some((index, len))
}

/// Whether the message asks rather than tells.
fn asks(reading: &Reading) -> bool {
    let told = has(reading, &["views", "subscribers", "went viral", "likes", "will be done"]);
    let asked = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &ASKS_TO_SEE));
    !told && (asked || reading.text.contains('?'))
}

/// "How many credits have I got": a question about credits that are one's own.
fn own_credits(reading: &Reading, words: usize) -> bool {
    let any = |list: &[&str]| (0..reading.tokens.len()).any(|at| is_word(reading.word(at), list));
    let asks = reading.text.contains('?') || is_word(reading.word(0), &ASKS_BALANCE) || words <= 4;
    words <= 14 && asks && any(&PURSE) && any(&ONES_OWN) && !any(&NOT_OWN_CREDITS)
}

fn buy(reading: &Reading, words: usize) -> Option<(usize, usize)> {
    if words <= 16 && credits(reading).is_some() && has(reading, &PAYS_IN) && has(reading, &PAID_INTO) {
        return find(reading, &PAYS_IN);
    }
    let (index, len) = guarded(reading, &BUY, words, 20)?;
    let money = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &WALLET));
    let plain = is_word(reading.word(index), &PAYS_PLAINLY);
    let how = is_word(reading.word(index), &["how", "where"]);
    let question = !how && (0..index).any(|at| is_word(reading.word(at), &["much", "why", "before"]));
    let digits = credits(reading).is_some();
    let top = reading.word(index) == "top" || reading.word(index) == "topup";
    ((money || digits || (plain && (top || words <= 6))) && !question).then(|| {
        if how || index > 0 && is_word(reading.before(index, 1), &["i", "to", "can", "do"]) {
            (index.saturating_sub(4), len + 4)
        } else {
            (index, len)
        }
    })
}

/// The number of credits spoken of.
fn credits(reading: &Reading) -> Option<u32> {
    let numbers: Vec<(usize, u32)> = (0..reading.tokens.len())
        .filter_map(|index| {
            let word = reading.word(index);
            if let Some(thousands) = word.strip_suffix('k').and_then(|n| n.parse::<u32>().ok()) {
                return thousands.checked_mul(1000).map(|n| (index, n));
            }
            let digits = word.replace([',', '.'], "").parse::<u32>().ok();
            digits
                .or_else(|| super::counts::number_at(reading, index).map(|(_, n)| n).filter(|n| *n > 8))
                .map(|n| (index, n))
        })
        .collect();
    let named = numbers.iter().find(|(index, _)| is_word(reading.word(index + 1), &CREDIT_NOUNS));
    named.or(numbers.first()).map(|(_, n)| *n).filter(|n| *n > 0)
}

fn help(reading: &Reading, words: usize, content: bool) -> Option<(usize, usize)> {
    if words > 26 {
        return None;
    }
    (0..reading.tokens.len()).find_map(|index| {
        let len = any_at(reading, index, &HELP)?;
        let word = reading.word(index);
        let clause = reading.clause_of(index);
        let opens = (clause.start..index).all(|at| {
            is_word(reading.word(at), &FRAME)
                || any_at(reading, at, &HELP).is_some()
                || is_word(reading.word(at), &["e", "also", "wait", "and", "question"])
        });
        let question = reading.text.contains('?') || is_word(reading.word(clause.start), &OPENS_QUESTION);
        let fits = match word {
            "help" | "ayuda" | "ajuda" | "aide" | "hilfe" | "помощь" | "помоги" | "yardim" | "bantuan"
            | "madad"
                if len == 1 =>
            {
                clause.end == index + 1
                    || clause.len() <= 3 && !is_word(reading.word(index + 1), &["me", "make"])
                    || words <= 4
            }
            "how" | "what" | "what's" | "whats" | "do" | "are" | "is" | "which" | "who" | "does" | "can"
            | "nasil" | "como" | "haces" | "voce" | "kaise"
                if len <= 2 =>
            {
                opens && (question || words <= 8) && !(content && is_word(word, &["haces", "voce"]))
            }
            "cost" | "costs" | "price" | "prices" | "pricing" | "subscription" | "plans" | "plan"
            | "refund" | "refunds" | "monthly" | "commands" | "instructions" | "guide" | "faq"
            | "maximum" | "allowed" | "privacy" | "copyright" => question || words <= 6,
            _ => true,
        };
        fits.then_some((index, len))
    })
}

/// "Can you do gifs?": an ability is asked about, not a thing for.
fn can_you(reading: &Reading, words: usize) -> bool {
    let Some((index, len)) = find(reading, &CAN_YOU) else { return false };
    let plural = |at: usize| {
        let word = reading.word(at);
        word.ends_with('s')
            && word.len() > 3
            && !is_word(word, &["this", "versions", "variations", "thumbnails_"])
    };
    let first = index + len;
    let counted =
        super::counts::number_at(reading, first).is_some() || is_word(reading.word(first), &ONE_THING);
    let near = (first..first + 5).any(plural);
    let about = (first..reading.tokens.len())
        .any(|at| is_word(reading.word(at), &["of", "about", "for", "on", "where"]));
    index <= 2 && !counted && near && !about && words <= 10
}

fn links(reading: &Reading, words: usize) -> bool {
    if let Some((index, len)) = find(reading, &LINK_CODES) {
        let bare = len == 1;
        let object = (0..reading.tokens.len())
            .any(|at| is_word(reading.word(at), &LINK_OBJECTS) || is_word(reading.word(at), &["link"]));
        let digits =
            reading.tokens.iter().any(|t| t.folded.chars().filter(char::is_ascii_digit).count() >= 4);
        let link_my = reading.word(index) == "link" && reading.word(index + 1) == "my";
        let promo = (0..reading.tokens.len())
            .any(|at| is_word(reading.word(at), &["promo", "coupon", "discount", "qr"]));
        if !promo && words <= 20 && (digits || (object && (!bare || words <= 12)) || (len > 1 && !link_my)) {
            return true;
        }
    }
    (0..reading.tokens.len()).any(|index| {
        any_at(reading, index, &LINK_VERBS).is_some()
            && (1..=9).any(|near| {
                let object = is_word(reading.word(index + near), &LINK_OBJECTS);
                object && words <= 24 && (reading.word(index) != "add" || credits(reading).is_none())
            })
            || is_word(reading.word(index), &LINKS_LAST)
                && (0..index).any(|at| is_word(reading.word(at), &LINK_OBJECTS))
    })
}
