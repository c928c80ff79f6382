//! How near an answer comes to a label: the rules by which labelled conversations are counted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// From this F1 on, free text and sets count as right.
const RIGHT_FROM: f64 = 0.6;

/// Words that carry no content in any of the languages of the labels.
const STOP_WORDS: &[&str] = &[
    "a an the of for to in on at by with from into onto as and or but if than then so too also",
    "i im me my mine we us our ours you your yours u ur he him his she her hers it its they them their theirs",
    "this that these those there here is are was were be been being am do does did have has had will would can could",
    "shall should may might must just please pls plz some any about over up out off who whom whose which what when where why how",
    "el la los las un una unos unas de del al y o en con por para que se su sus mi mis",
    "os um uma uns umas do da dos das em na nos nas com ao aos e meu minha",
    "le les du des une et à au aux dans sur par qui ma mon mes",
    "der das den dem ein eine einen einem einer und oder im in zu zum zur von vom mit für auf über mein meine",
    "ka ki ke ko me mein se hai ek ye yeh aur pe mera meri mere wala wali wale jisme ho",
    "bir ve ile için bu şu da de mi mı mu mü",
    "yang di ke dari dan untuk buat itu ini dengan pada yg",
    "и в во на с со из о об про для у к ко по за что это эту этот как пусть",
];

/// One conversation's outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The intent is the expected one.
    pub intent_right: bool,
    /// Every field the label names, and whether it is right.
    pub fields: Vec<(String, bool)>,
    /// The intent and every named field are right.
    pub solved: bool,
}

impl Verdict {
    /// The names of what is wrong.
    pub fn wrong(&self) -> Vec<&str> {
        let intent = (!self.intent_right).then_some("intent");
        let fields = self.fields.iter().filter(|(_, right)| !right).map(|(name, _)| name.as_str());
        intent.into_iter().chain(fields).collect()
    }
}

/// Counts over conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Conversations counted.
    pub conversations: usize,
    /// With the right intent.
    pub intents_right: usize,
    /// With everything right.
    pub solved: usize,
}

/// Counts over all conversations and for each expected intent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Totals {
    /// All together.
    #[serde(flatten)]
    pub all: Tally,
    /// By the intent that the label names.
    pub by_intent: BTreeMap<String, Tally>,
    /// By the language of the conversation.
    pub by_language: BTreeMap<String, Tally>,
    /// All the time that the answers took, in milliseconds.
    pub all_ms: f64,
    /// The longest that one took, in milliseconds.
    pub slowest_ms: f64,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict) {
        self.conversations += 1;
        self.intents_right += usize::from(verdict.intent_right);
        self.solved += usize::from(verdict.solved);
    }
}

impl Totals {
    /// Counts one conversation whose label is `expect`.
    pub fn add(&mut self, expect: &Value, language: &str, verdict: &Verdict) {
        self.all.add(verdict);
        self.by_language.entry(language.to_owned()).or_default().add(verdict);
        let intent = expect.get("intent").and_then(Value::as_str).unwrap_or_default();
        self.by_intent.entry(intent.to_owned()).or_default().add(verdict);
    }

    /// Counts the time of one answer.
    pub fn time(&mut self, milliseconds: f64) {
        self.all_ms += milliseconds;
        self.slowest_ms = self.slowest_ms.max(milliseconds);
    }
}

/// Compares an answer with a label. Only the fields that the label names are looked at.
pub fn score(expect: &Value, got: &Value) -> Verdict {
    let intent_right = expect.get("intent") == got.get("intent");
    let mut fields = Vec::new();
    for (name, wanted) in expect.as_object().into_iter().flatten() {
        match name.as_str() {
            "intent" => {}
            "absent" => {
                for name in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    fields.push((name.to_owned(), got.get(name).is_none_or(is_nothing)));
                }
            }
            _ => {
                let value = got.get(name).unwrap_or(&Value::Null);
                fields.push((name.clone(), field_right(name, wanted, value)));
            }
        }
    }
    let solved = intent_right && fields.iter().all(|(_, right)| *right);
    Verdict { intent_right, fields, solved }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn field_right(name: &str, wanted: &Value, got: &Value) -> bool {
    match name {
        "title" => wanted.as_str().map(str::trim) == got.as_str().map(str::trim),
        "subject" | "prompt" | "negative" | "template" => {
            let (wanted, got) = (wanted.as_str().unwrap_or_default(), got.as_str().unwrap_or_default());
            f1(content_words(wanted), content_words(got)) >= RIGHT_FROM
        }
        "style" | "palette" | "missing" => f1(set(wanted), set(got)) >= RIGHT_FROM,
        "identity_images" => indexes(wanted) == indexes(got),
        _ => wanted == got,
    }
}

/// The words free text is compared by.
pub(super) fn content_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('’', "'");
    let mut words = Vec::new();
    for chunk in lower.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let mut rest = chunk.strip_suffix("'s").unwrap_or(chunk);
        if let Some((before, after)) = rest.split_once('\'')
            && matches!(before, "l" | "d" | "qu" | "j" | "n" | "s" | "c" | "m" | "t")
            && after.chars().count() > 1
        {
            rest = after;
        }
        let word = rest.replace('\'', "");
        if !word.is_empty() && !is_stop_word(&word) {
            words.push(word);
        }
    }
    words
}

/// Whether a lower-case word carries no content.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.iter().any(|line| line.split(' ').any(|stop| stop == word))
}

fn set(value: &Value) -> Vec<String> {
    let mut items: Vec<String> =
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(set_item).collect();
    items.sort();
    items.dedup();
    items
}

fn set_item(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    match lower.strip_prefix('#') {
        Some(hex) if hex.chars().count() == 3 => {
            hex.chars().fold(String::from("#"), |long, digit| format!("{long}{digit}{digit}"))
        }
        _ => lower,
    }
}

fn indexes(value: &Value) -> Option<Vec<u64>> {
    let mut indexes: Vec<u64> = value.as_array()?.iter().filter_map(Value::as_u64).collect();
    indexes.sort_unstable();
    Some(indexes)
}

/// F1 with repetition; two empty sides agree.
fn f1(wanted: Vec<String>, mut got: Vec<String>) -> f64 {
    let (wanted_len, got_len) = (wanted.len(), got.len());
    if wanted_len + got_len == 0 {
        return 1.0;
    }
    let mut common = 0;
    for word in wanted {
        if let Some(at) = got.iter().position(|other| *other == word) {
            got.swap_remove(at);
            common += 1;
        }
    }
    2.0 * f64::from(common) / (wanted_len + got_len) as f64
}
