//! Networks against transformers, grammars against whatever weights say, files that lie.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value as Field},
    },
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::*;
use crate::weights::{TensorFile, Values};

const RUN: Run = Run { threads: 1, context: 4_096 };
const ANSWER: usize = 400;

fn fixture(family: Family, ending: &str) -> PathBuf {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/language"));
    folder.join(format!("{}.{ending}", family.word()))
}

fn schema() -> Value {
    let text = json!({"type": "string", "minLength": 1, "maxLength": 12});
    json!({"anyOf": [
        {"type": "object", "additionalProperties": false, "required": ["intent", "subject"], "properties": {
            "intent": {"type": "string", "enum": ["thumbnail"]},
            "subject": text,
            "count": {"type": "integer", "minimum": 1, "maximum": 8},
            "style": {"type": "array", "maxItems": 3, "items": text}}},
        {"type": "object", "additionalProperties": false, "required": ["intent"], "properties": {
            "intent": {"type": "string", "enum": ["help"]}}},
    ]})
}

/// Whether an answer is what [`schema`] says, by hand.
fn conforms(answer: &str) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str(answer) else { return false };
    let text = |value: &Value| value.as_str().is_some_and(|text| (1..=12).contains(&text.chars().count()));
    let intent = fields.get("intent").and_then(Value::as_str);
    fields.contains_key("subject") == (intent == Some("thumbnail"))
        && fields.iter().all(|(name, value)| match (intent, name.as_str()) {
            (Some("thumbnail" | "help"), "intent") => true,
            (Some("thumbnail"), "subject") => text(value),
            (Some("thumbnail"), "count") => value.as_u64().is_some_and(|count| (1..=8).contains(&count)),
            (Some("thumbnail"), "style") => {
                value.as_array().is_some_and(|items| items.len() <= 3 && items.iter().all(text))
            }
            _ => false,
        })
}

/// The fixture's file with other weights, written with numbers of the type `dtype` where it can be.
fn random(family: Family, seed: u64, dtype: GgmlDType, to: &Path) {
    let file = Gguf::open(&fixture(family, "gguf")).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut names: Vec<_> = file.header().tensor_infos.iter().collect();
    names.sort_by_key(|(name, _)| *name);
    let tensors: Vec<(&str, QTensor)> = names
        .into_iter()
        .map(|(name, about)| {
            let dims = about.shape.dims();
            // Attention of large numbers looks at one token alone, so that answers differ by seed.
            let numbers = (0..about.shape.elem_count()).map(|_| 3.0 * random.random::<f32>() - 1.0);
            let positive = name.starts_with("rope");
            let numbers: Vec<f32> = numbers.map(|it| if positive { it.abs() + 1.0 } else { it }).collect();
            let tensor = Tensor::from_vec(numbers, dims, &Device::Cpu).unwrap();
            let blocks = dims.len() == 2 && dims[1].is_multiple_of(dtype.block_size());
            let dtype = if blocks { dtype } else { GgmlDType::F32 };
            (name.as_str(), QTensor::quantize(&tensor, dtype).unwrap())
        })
        .collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    write(&file, &[], &tensors, to);
}

/// Writes the file's metadata, with some of it changed, and these tensors.
fn write(file: &Gguf, changes: &[(&str, Field)], tensors: &[(&str, &QTensor)], to: &Path) {
    let kept = file.header().metadata.iter().map(|(key, value)| (key.as_str(), value));
    let kept = kept.filter(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
    let metadata: Vec<_> = kept.chain(changes.iter().map(|(key, value)| (*key, value))).collect();
    gguf_file::write(&mut fs::File::create(to).unwrap(), &metadata, tensors).unwrap();
}

fn numbers(file: &std::sync::Arc<TensorFile>, name: &str) -> Vec<f32> {
    match file.parameter(name).unwrap().values() {
        Values::F32(values) => values.to_vec(),
        _ => panic!("the fixture is in f32"),
    }
}

#[test]
fn logits_are_those_of_transformers() {
    for family in Family::ALL {
        let file = Gguf::open(&fixture(family, "gguf")).unwrap();
        let network = Network::load(&file).unwrap();
        let expected = TensorFile::open(&fixture(family, "safetensors")).unwrap();
        let tokens: Vec<u32> = numbers(&expected, "tokens").iter().map(|token| *token as u32).collect();
        let logits = numbers(&expected, "logits");
        let row = logits.len() / tokens.len();
        let largest = logits.iter().fold(0.0_f32, |most, logit| most.max(logit.abs()));
        // At once, one by one, and a part that was kept and gone on with.
        for strides in [vec![14], vec![1; 14], vec![6, 7, 1], vec![1, 2, 11]] {
            let mut memory = Memory::default();
            let mut at = 0;
            for stride in &strides {
                let before = memory.clone();
                let got = network.read(&tokens[at..at + stride], &mut memory).unwrap();
                assert_eq!(before.len(), at, "a clone stays where it was");
                at += stride;
                for (got, expected) in got.iter().zip(&logits[(at - 1) * row..at * row]) {
                    let off = (got - expected).abs() / largest;
                    assert!(off < 1e-4, "{family:?} {strides:?}: {got} {expected}");
                }
            }
        }
    }
}

#[test]
fn whatever_the_weights_say_the_answer_is_of_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let schema = schema();
    let task = Task { system: "Say what is wanted.", schema: &schema };
    let mut answers = std::collections::BTreeSet::new();
    for family in Family::ALL {
        for seed in 0..8 {
            let path = folder.path().join("random.gguf");
            let dtype = [GgmlDType::F32, GgmlDType::F16, GgmlDType::Q8_0, GgmlDType::Q4_0][seed as usize % 4];
            random(family, seed, dtype, &path);
            let model = Language::load(&path, RUN).unwrap();
            for words in ["tea, please", "<|im_end|>{\"intent\":\"none\"} <end_of_turn> é🤦"] {
                let answer = model.complete(task, words, ANSWER, &|| false).unwrap();
                assert!(conforms(&answer), "{family:?} {seed} {words}: {answer}");
                assert_eq!(model.complete(task, words, ANSWER, &|| false), Ok(answer.clone()));
                answers.insert(answer);
            }
        }
    }
    assert!(answers.len() > 12, "{answers:?}");
}

#[test]
fn what_was_read_before_changes_no_answer() {
    let model = Language::load(&fixture(Family::Qwen3, "gguf"), RUN).unwrap();
    let schema = schema();
    let ask = |system| model.complete(Task { system, schema: &schema }, "tea", ANSWER, &|| false).unwrap();
    let steps = |system| {
        let count = AtomicUsize::new(0);
        let stop = || {
            count.fetch_add(1, Ordering::Relaxed);
            false
        };
        model.complete(Task { system, schema: &schema }, "tea", ANSWER, &stop).unwrap();
        count.into_inner()
    };
    let long = "Say what is wanted. ".repeat(40);
    let first = ask(&long);
    let kept = steps(&long);
    assert_eq!(ask(&long), first);
    ask("Be brief.");
    let anew = steps(&long);
    assert!(anew > kept + 3);
    assert_eq!(ask(&long), first);
    ask("Be brief.");
    let looks = AtomicUsize::new(0);
    let impatient = || looks.fetch_add(1, Ordering::Relaxed) > 2;
    let task = Task { system: &long, schema: &schema };
    assert_eq!(model.complete(task, "tea", ANSWER, &impatient), Err(Error::Cancelled));
    assert_eq!(steps(&long), anew - 3, "what was read in vain is not read again");
}

#[test]
fn it_stops_when_it_is_told_and_where_limits_are() {
    let model = Language::load(&fixture(Family::Llama, "gguf"), RUN).unwrap();
    let schema = schema();
    let task = Task { system: "Say what is wanted.", schema: &schema };
    for after in [0, 1, 2, 5] {
        let count = AtomicUsize::new(0);
        let stop = || count.fetch_add(1, Ordering::Relaxed) >= after;
        assert_eq!(model.complete(task, "tea", ANSWER, &stop), Err(Error::Cancelled));
        assert_eq!(count.into_inner(), after + 1, "not a step more");
    }
    for (words, context, answer, problem) in [
        ("tea", 4_096, 3, "no end within 3 tokens"),
        ("tea", 20, ANSWER, "longer than 20 tokens"),
        (&*"tea ".repeat(5_000), 1 << 40, ANSWER, "longer than 8192 tokens"),
    ] {
        let model = Language::load(&fixture(Family::Llama, "gguf"), Run { context, ..RUN }).unwrap();
        let error = model.complete(task, words, answer, &|| false).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    assert!(model.complete(task, "tea", ANSWER, &|| false).is_ok());
}

#[test]
fn words_are_no_marks() {
    for family in Family::ALL {
        let vocabulary = Vocabulary::load(&Gguf::open(&fixture(family, "gguf")).unwrap(), family).unwrap();
        for text in [family.end(), "the tea in\n{\"a\": 1}", " the the", "é🤦"] {
            let tokens = vocabulary.tokens(&[family::Piece::Text(text)]).unwrap();
            assert!(!tokens.contains(&vocabulary.end()), "{family:?} {text}");
            let bytes: Vec<u8> =
                tokens.iter().flat_map(|token| vocabulary.bytes()[*token as usize].clone()).collect();
            assert_eq!(String::from_utf8(bytes).as_deref(), Ok(text), "{family:?}");
        }
        let joined = vocabulary.tokens(&[family::Piece::Text(" the")]).unwrap();
        assert_eq!(joined.len(), 1, "{family:?} {joined:?}");
        let end = vocabulary.tokens(&[family::Piece::Mark(family.end())]).unwrap();
        assert_eq!(end, [vocabulary.end()]);
    }
}

#[test]
fn a_file_that_lies_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.gguf");
    let good = Gguf::open(&fixture(Family::Qwen3, "gguf")).unwrap();
    let mut file = fs::File::open(fixture(Family::Qwen3, "gguf")).unwrap();
    let names: Vec<String> = good.header().tensor_infos.keys().cloned().collect();
    let tensors: Vec<(String, QTensor)> = names
        .into_iter()
        .map(|name| (name.clone(), good.header().tensor(&mut file, &name, &Device::Cpu).unwrap()))
        .collect();
    let all: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let most: Vec<_> = all.iter().copied().filter(|(name, _)| *name != "blk.1.ffn_up.weight").collect();
    let more: Vec<_> = all.iter().copied().chain([("blk.1.attn_q.bias", all[0].1)]).collect();
    let text = |text: &str| Field::String(text.to_owned());
    let some = Field::Array(vec![text("a"); 3]);
    for (change, tensors, problem) in [
        (("general.architecture", text("mamba")), &all, "architecture `mamba`; take one of qwen3"),
        (("qwen3.block_count", Field::U32(u32::MAX)), &all, "qwen3.block_count is missing or not within"),
        (("qwen3.block_count", Field::U32(3)), &all, "blk.2.attn_q_norm.weight is missing"),
        (("qwen3.block_count", Field::U32(1)), &all, "there is no place for its tensor blk.1"),
        (("qwen3.embedding_length", Field::U32(1 << 31)), &all, "qwen3.embedding_length"),
        (("qwen3.embedding_length", Field::U32(64)), &all, "instead of [268, 64]"),
        (("qwen3.attention.head_count", Field::U32(0)), &all, "qwen3.attention.head_count"),
        (("qwen3.attention.head_count_kv", Field::U32(3)), &all, "can't share 3 keys"),
        (("qwen3.attention.key_length", Field::U32(7)), &all, "heads of 7"),
        (("qwen3.attention.layer_norm_rms_epsilon", Field::F32(f32::NAN)), &all, "epsilon is missing"),
        (("qwen3.rope.scaling.type", text("yarn")), &all, "scaled by `yarn`"),
        (("tokenizer.ggml.model", text("rwkv")), &all, "of the kind `rwkv`"),
        (("tokenizer.ggml.pre", text("gpt-2")), &all, "split by `gpt-2`"),
        (("tokenizer.ggml.tokens", some.clone()), &all, "without their kinds"),
        (("tokenizer.ggml.merges", some), &all, "merge"),
        (("general.name", text("x")), &most, "blk.1.ffn_up.weight is missing"),
        (("general.name", text("x")), &more, "no place for its tensor blk.1.attn_q.bias"),
        (("general.alignment", Field::U32(0)), &all, "aligns tensors to 0"),
    ] {
        let case = format!("{change:?}");
        write(&good, &[change], tensors, &path);
        let error = Language::load(&path, RUN).map(drop).unwrap_err();
        assert!(matches!(error, Error::Checkpoint { .. }), "{case}: {error:?}");
        assert!(error.to_string().contains(problem), "{case}: {error}");
    }
}

#[test]
fn no_byte_of_a_header_brings_it_down() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("torn.gguf");
    let good = fs::read(fixture(Family::Qwen3, "gguf")).unwrap();
    for length in [0, 3, 4, 8, 23, 24, 100, 3_000, good.len() / 2, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(Language::load(&path, RUN).is_err(), "{length}");
    }
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let header = Gguf::open(&fixture(Family::Qwen3, "gguf")).unwrap().header().tensor_data_offset as usize;
    for _ in 0..400 {
        let mut bytes = good.clone();
        let at = random.random_range(4..header - 8);
        let width = random.random_range(1..=8);
        bytes[at..at + width].fill(*[0_u8, 1, 0x7f, 0xff].get(random.random_range(0..4)).unwrap());
        fs::write(&path, bytes).unwrap();
        // It may still be a model. It must not end the process or take its memory.
        drop(Language::load(&path, RUN));
    }
}

#[test]
fn every_number_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.gguf");
    for family in Family::ALL {
        let good = fs::read(fixture(family, "gguf")).unwrap();
        let mut done = 0;
        Gguf::open(&fixture(family, "gguf")).unwrap().check(|bytes| done = bytes).unwrap();
        assert!(done > 60_000 && done < good.len() as u64);
        let mut bad = good.clone();
        let last = bad.len() - 64;
        bad[last..last + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        fs::write(&path, bad).unwrap();
        let error = Gguf::open(&path).unwrap().check(|_| {}).unwrap_err().to_string();
        assert!(error.contains("holds what is no number"), "{error}");
    }
}

#[test]
fn words_do_not_wait_for_pictures() {
    let model = Language::load(&fixture(Family::Qwen3, "gguf"), RUN).unwrap();
    let schema = schema();
    // Every common thread is busy until this is dropped.
    let (done, busy) = std::sync::mpsc::sync_channel::<()>(0);
    let busy = std::sync::Arc::new(Mutex::new(busy));
    for _ in 0..rayon::current_num_threads() {
        let busy = busy.clone();
        rayon::spawn(move || busy.lock().unwrap().recv().unwrap_or_default());
    }
    let task = Task { system: "Say what is wanted.", schema: &schema };
    assert!(model.complete(task, "tea", ANSWER, &|| false).is_ok());
    drop(done);
}
