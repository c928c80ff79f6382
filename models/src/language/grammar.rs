//! What a model may say next, so that what it has said in the end is JSON of a schema.

use std::sync::Arc;

use llguidance::{
    Matcher, ParserFactory,
    api::TopLevelGrammar,
    toktrie::{ApproximateTokEnv, TokEnv, TokRxInfo, TokTrie},
};
use serde_json::{Value, json};

use super::vocabulary::Vocabulary;
use crate::Error;

/// Makes grammars for one vocabulary.
pub(super) struct Grammars {
    factory: ParserFactory,
}

/// What has been said so far, and what may follow.
pub(super) struct Grammar {
    matcher: Matcher,
}

impl Grammars {
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, Error> {
        let words = vocabulary.bytes();
        let info = TokRxInfo::new(words.len() as u32, vocabulary.end());
        let tokens: TokEnv = Arc::new(ApproximateTokEnv::new(TokTrie::from(&info, words)));
        let mut factory = ParserFactory::new_simple(&tokens).map_err(internal)?;
        factory.quiet();
        // An error would hold a person's words.
        factory.limits_mut().verbose_errors = false;
        Ok(Self { factory })
    }

    /// The grammar of `schema`, at its beginning. JSON is written without spaces, so that no model can go on with them
    /// for ever.
    pub(super) fn of(&self, schema: &Value) -> Result<Grammar, Error> {
        let mut schema = schema.clone();
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("x-guidance".to_owned(), json!({"whitespace_flexible": false}));
        }
        let matcher = Matcher::new(self.factory.create_parser(TopLevelGrammar::from_json_schema(schema)));
        match matcher.get_error() {
            Some(error) => Err(Error::Internal(format!("the schema makes no grammar: {error}"))),
            None => Ok(Grammar { matcher: matcher.deep_clone() }),
        }
    }
}

impl Grammar {
    /// The same again, to be gone on with by itself.
    pub(super) fn again(&self) -> Self {
        Self { matcher: self.matcher.deep_clone() }
    }

    /// The likeliest token of those that may follow.
    pub(super) fn choose(&mut self, likely: &[f32]) -> Result<u32, Error> {
        let allowed = self.matcher.compute_mask().map_err(internal)?;
        let mut best: Option<(u32, f32)> = None;
        allowed.iter_set_entries(|token| {
            let Some(&score) = likely.get(token) else { return };
            if best.is_none_or(|(_, best)| score > best || best.is_nan()) {
                best = Some((token as u32, score));
            }
        });
        best.map(|(token, _)| token).ok_or_else(|| Error::Internal("no token may follow".to_owned()))
    }

    /// Goes on by `token`.
    pub(super) fn go_on(&mut self, token: u32) -> Result<(), Error> {
        self.matcher.consume_token(token).map_err(internal)
    }

    /// Whether everything is said.
    pub(super) fn is_complete(&mut self) -> Result<bool, Error> {
        Ok(self.matcher.is_stopped() || self.matcher.is_accepting().map_err(internal)?)
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("the grammar of the answer: {error}"))
}
