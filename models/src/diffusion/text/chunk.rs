//! Lays the tokens of a prompt into chunks that fit the text encoder, each with a start and an end of its own.

use super::{clip::Token, tokenizer::Tokenizer};

/// What is laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// Tokens that stay in one chunk, which count alike.
    Tokens(Vec<Token>, f32),
    /// What follows begins a new chunk.
    Break,
}

/// A text of the encoder's full length: start, tokens, end, padding.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    pub tokens: Vec<Token>,
    /// How much each token counts; 1 for start, end and padding.
    pub weights: Vec<f32>,
}

/// A prompt in chunks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// At least one.
    pub chunks: Vec<Chunk>,
    /// Tokens that had no room.
    pub cut: usize,
}

/// The special tokens of chunks, and how long they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    start: Token,
    end: Token,
    pad: Token,
    length: usize,
}

impl Frame {
    /// Chunks of `length` tokens with their start and end, at least 3.
    pub(super) fn new(tokenizer: &Tokenizer, length: usize) -> Self {
        let [start, end, pad] = [tokenizer.start(), tokenizer.end(), tokenizer.pad()].map(Token::Word);
        Self { start, end, pad, length }
    }

    /// Lays `items` into at most `most` chunks. An empty chunk is kept where a `BREAK` asks for it.
    pub(super) fn lay(&self, items: &[Item], most: usize) -> Layout {
        let room = self.length - 2;
        let mut layout = Layout { chunks: Vec::new(), cut: 0 };
        let mut open: Vec<(Token, f32)> = Vec::with_capacity(room);
        for item in items {
            match item {
                Item::Break => self.close(&mut open, &mut layout, most),
                Item::Tokens(tokens, weight) => {
                    if open.len() + tokens.len() > room && !open.is_empty() {
                        self.close(&mut open, &mut layout, most);
                    }
                    open.extend(tokens.iter().map(|token| (*token, *weight)).take(room));
                    layout.cut += tokens.len().saturating_sub(room);
                }
            }
        }
        if !open.is_empty() || layout.chunks.is_empty() {
            self.close(&mut open, &mut layout, most);
        }
        layout
    }

    /// A chunk without words.
    pub(super) fn empty(&self) -> Chunk {
        self.fill(&[])
    }

    fn close(&self, open: &mut Vec<(Token, f32)>, layout: &mut Layout, most: usize) {
        if layout.chunks.len() < most {
            layout.chunks.push(self.fill(open));
        } else {
            layout.cut += open.len();
        }
        open.clear();
    }

    fn fill(&self, words: &[(Token, f32)]) -> Chunk {
        let mut tokens = vec![self.start];
        tokens.extend(words.iter().map(|(token, _)| token));
        tokens.push(self.end);
        tokens.resize(self.length, self.pad);
        let mut weights = vec![1.0];
        weights.extend(words.iter().map(|(_, weight)| weight));
        weights.resize(self.length, 1.0);
        Chunk { tokens, weights }
    }
}
