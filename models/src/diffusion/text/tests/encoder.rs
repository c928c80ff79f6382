//! Whole prompts against diffusers, and what it does not do: weights, long prompts, notes.

use candle_core::Tensor;
use proptest::prelude::*;

use super::{
    super::{
        Depth, Note, Prompt, PromptEncoder, Token,
        chunk::{Frame, Item},
    },
    assert_near, expected, sd, sdxl, tower,
};
use crate::Error;

/// As in `make_text.py`.
const PROMPT: &str = "A photo of the red cat!";
const NEGATIVE: &str = "red, ugly thing";

fn numbers(tensor: &Tensor) -> Vec<u32> {
    tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap().into_iter().map(f32::to_bits).collect()
}

#[test]
fn whole_prompts_are_those_of_diffusers() {
    let (sd, sdxl) = (sd(), sdxl(true));
    assert_eq!((sd.width(), sd.pooled_width()), (32, None));
    assert_eq!((sdxl.width(), sdxl.pooled_width()), (64, Some(24)));
    for (name, negative, skip) in
        [("plain", "", None), ("negative", NEGATIVE, None), ("skip", NEGATIVE, Some(1))]
    {
        let prompts = [Prompt::positive(PROMPT), Prompt::negative(negative)];
        let found = sd.encode(&prompts, skip).unwrap();
        assert_near(&format!("sd {name}"), &found.context, &expected(&format!("sd.prompt.{name}")));
        assert!(found.pooled.is_none() && found.notes.is_empty());
        let found = sdxl.encode(&prompts, skip).unwrap();
        assert_near(&format!("xl {name}"), &found.context, &expected(&format!("xl.prompt.{name}")));
        assert_near(
            &format!("xl {name} pooled"),
            &found.pooled.unwrap(),
            &expected(&format!("xl.pooled.{name}")),
        );
        assert!(found.notes.is_empty());
    }
}

#[test]
fn an_empty_negative_is_zeros_only_where_the_checkpoint_says_so() {
    let prompts = [Prompt::negative(" "), Prompt::positive(PROMPT), Prompt::positive("")];
    let zeros = |encoder: &PromptEncoder| {
        let found = encoder.encode(&prompts, None).unwrap();
        let zero = |x: &Tensor, row| numbers(&x.get(row).unwrap()).iter().all(|value| *value == 0);
        let pooled = found.pooled.unwrap();
        [0, 1, 2].map(|row| (zero(&found.context, row), zero(&pooled, row)))
    };
    assert_eq!(zeros(&sdxl(true)), [(true, true), (false, false), (false, false)]);
    assert_eq!(zeros(&sdxl(false)), [(false, false); 3]);
}

#[test]
fn a_plain_prompt_is_bit_for_bit_what_the_encoder_says() {
    let tower = tower("sd/tokenizer", "sd/text_encoder");
    let ids = tower.tokenizer.encode_padded(PROMPT, 77).unwrap();
    let ids: Vec<_> = ids.into_iter().map(Token::Word).collect();
    let plain = tower.model.forward(&[ids.clone(), ids], Depth { skip: 0, norm: true }).unwrap();
    let encoder = PromptEncoder::one(tower);
    let same = "(A photo [of the) red cat]!";
    for prompt in [PROMPT, same] {
        let found = encoder.encode(&[Prompt::positive(prompt), Prompt::positive(PROMPT)], None).unwrap();
        assert_eq!(found.context.dims(), [2, 77, 32]);
        let second = |x: &Tensor| numbers(&x.get(1).unwrap());
        assert_eq!(second(&found.context), second(&plain.hidden), "beside {prompt}");
        assert_eq!(prompt == PROMPT, numbers(&found.context) == numbers(&plain.hidden));
    }
}

#[test]
fn weights_keep_the_mean_of_the_chunk() {
    let found = sd().encode(&[Prompt::positive("a photo of (the red cat:1.3)")], None).unwrap();
    assert_near("weighted", &found.context, &expected("sd.prompt.weighted"));
}

#[test]
fn long_prompts_go_on_in_further_chunks() {
    let long = "the red cat, ".repeat(25);
    let found = sd().encode(&[Prompt::positive(&long), Prompt::negative("red")], None).unwrap();
    assert_eq!(found.context.dims(), [2, 154, 32]);
    assert_near("long", &found.context.narrow(0, 0, 1).unwrap(), &expected("sd.prompt.long"));
    let alone = sd().encode(&[Prompt::negative("red BREAK")], None).unwrap();
    assert_near("short", &found.context.narrow(0, 1, 1).unwrap().narrow(1, 0, 77).unwrap(), &alone.context);
    let empty = sd().encode(&[Prompt::negative("")], None).unwrap();
    assert_near("filled", &found.context.narrow(0, 1, 1).unwrap().narrow(1, 77, 77).unwrap(), &empty.context);
    let pooled = |prompt: &str| sdxl(true).encode(&[Prompt::positive(prompt)], None).unwrap().pooled.unwrap();
    assert_near("the first chunk is the summary", &pooled("red BREAK cat"), &pooled("red"));
}

#[test]
fn what_was_not_used_is_said() {
    let long = "red ".repeat(75 * 8 + 5);
    let prompts =
        [Prompt::positive("a <lora:x:1> <unknown> < b > <|endoftext|> 1<2"), Prompt::negative(&long)];
    let unknown = |word: &str| Note::Unknown { prompt: 0, word: word.to_owned() };
    let wanted = [unknown("<lora:x:1>"), unknown("<unknown>"), Note::Cut { prompt: 1, tokens: 5 }];
    for encoder in [sd(), sdxl(true)] {
        let found = encoder.encode(&prompts, None).unwrap();
        assert_eq!(found.notes, wanted);
        assert_eq!(found.context.dim(1).unwrap(), 77 * 8);
    }
    assert_eq!(wanted[2].to_string(), "the prompt is too long; its last 5 tokens were left out");
}

#[test]
fn what_cannot_be_encoded_is_refused() {
    let huge = "a".repeat((16 << 10) + 1);
    let cases: [(&[Prompt<'_>], Option<u32>, &str); 4] = [
        (&[], None, "at least one"),
        (&[Prompt::positive(&huge)], None, "at most 16384"),
        (&[Prompt::positive("a")], Some(4), "has 3"),
        (&[Prompt::positive("a")], Some(u32::MAX), "has 3"),
    ];
    for (prompts, skip, wanted) in cases {
        for encoder in [sd(), sdxl(true)] {
            let error = encoder.encode(prompts, skip).unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{error}");
            assert!(error.to_string().contains(wanted), "{error}");
        }
    }
    let plain = || tower("sdxl/tokenizer", "sdxl/text_encoder");
    let error = PromptEncoder::two(plain(), plain(), true).unwrap_err().to_string();
    assert!(error.contains("text_projection.weight"), "{error}");
}

#[test]
fn chunks_are_laid_as_the_table_says() {
    let tokenizer = tower("sdxl/tokenizer_2", "sdxl/text_encoder_2").tokenizer;
    let frame = Frame::new(&tokenizer, 5);
    // A number stands for that many tokens that stay together, 0 for a break; then words per chunk, and what was cut.
    let table: &[(&[usize], &[usize], usize)] = &[
        (&[], &[0], 0),
        (&[1, 1, 1], &[3], 0),
        (&[1, 1, 1, 1], &[3, 1], 0),
        (&[2, 2], &[2, 2], 0),
        (&[3, 0], &[3], 0),
        (&[3, 0, 1], &[3, 1], 0),
        (&[0, 1], &[0, 1], 0),
        (&[1, 0, 0, 1], &[1, 0, 1], 0),
        (&[1, 4], &[1, 3], 1),
        (&[1, 1, 1, 2, 0, 0, 1, 1], &[3, 2, 0], 2),
    ];
    for (items, words, cut) in table {
        let items: Vec<_> = items
            .iter()
            .map(|count| match count {
                0 => Item::Break,
                count => Item::Tokens(vec![Token::Word(7); *count], 1.5),
            })
            .collect();
        let found = frame.lay(&items, 3);
        let laid: Vec<_> =
            found.chunks.iter().map(|chunk| chunk.weights.iter().filter(|it| **it == 1.5).count()).collect();
        assert_eq!((laid.as_slice(), found.cut), (*words, *cut), "{items:?}");
        for (chunk, words) in found.chunks.iter().zip(*words) {
            let mut tokens = vec![Token::Word(525)];
            tokens.extend(vec![Token::Word(7); *words]);
            tokens.push(Token::Word(526));
            tokens.resize(5, Token::Word(0));
            assert_eq!((&chunk.tokens, chunk.weights.len()), (&tokens, 5));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_prompt_can_be_encoded(prompt in r"([a-c ()\[\]:.0-9<>-]|BREAK|.){0,300}") {
        let found = sdxl(true).encode(&[Prompt::positive(&prompt), Prompt::negative("")], None).unwrap();
        let finite = found.context.flatten_all().unwrap().to_vec1::<f32>().unwrap().iter().all(|it| it.is_finite());
        prop_assert!(finite);
        prop_assert_eq!(found.context.dim(1).unwrap() % 77, 0);
    }
}
