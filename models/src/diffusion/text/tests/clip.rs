//! Hidden states, pooling and projection; both spellings of names; configurations and inputs that lie.

use std::collections::BTreeMap;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView, serialize_to_file};

use super::{
    super::{ClipText, ClipTextConfig, Depth, EndRule, Token},
    assert_near, expected, file, fixture, model, relative,
};
use crate::{
    Error,
    device::Placement,
    weights::{TensorFile, Weights},
};

/// As in `make_text.py`.
const ROWS: [[u32; 8]; 3] = [
    [525, 70, 520, 521, 526, 526, 526, 526],
    [525, 64, 65, 66, 67, 513, 526, 0],
    [525, 526, 0, 0, 0, 0, 0, 0],
];

fn rows() -> Vec<Vec<Token>> {
    ROWS.iter().map(|row| row.iter().copied().map(Token::Word).collect()).collect()
}

fn depth(skip: usize, norm: bool) -> Depth {
    Depth { skip, norm }
}

#[test]
fn every_hidden_state_is_that_of_transformers() {
    for (name, folder) in [("sd", "sd/text_encoder"), ("xl_2", "sdxl/text_encoder_2")] {
        let model = model(folder);
        for skip in 0..=3 {
            let found = model.forward(&rows(), depth(skip, false)).unwrap();
            let name = format!("{name}.hidden.{}", 3 - skip);
            assert_near(&name, &found.hidden, &expected(&name));
        }
        let found = model.forward(&rows(), depth(0, true)).unwrap();
        assert_near("last", &found.hidden, &expected(&format!("{name}.last")));
        if name == "sd" {
            assert_near("pooled", &found.pooled, &expected("sd.pooled"));
            assert!(found.projected.is_none());
        } else {
            assert_near("projected", &found.projected.unwrap(), &expected("xl_2.projected"));
        }
    }
}

#[test]
fn a_text_means_the_same_alone() {
    let model = model("sdxl/text_encoder_2");
    for (place, row) in rows().into_iter().enumerate() {
        let alone = model.forward(&[row], depth(1, false)).unwrap();
        let wanted = expected("xl_2.hidden.2").narrow(0, place, 1).unwrap();
        assert_near("alone", &alone.hidden, &wanted);
    }
}

#[test]
fn both_spellings_of_names_are_read() {
    let cases = [("sd/text_encoder", true), ("sdxl/text_encoder", false), ("sdxl/text_encoder_2", true)];
    for (folder, prefixed) in cases {
        let file = file(folder);
        let tensors: BTreeMap<_, _> = file
            .names()
            .map(|name| {
                let other = match name.strip_prefix("text_model.") {
                    Some(bare) => bare.to_owned(),
                    None if name == "text_projection.weight" => name.to_owned(),
                    None => format!("text_model.{name}"),
                };
                (other, (file.clone(), name.to_owned()))
            })
            .collect();
        assert_eq!(tensors.contains_key("final_layer_norm.bias"), prefixed, "{folder}: the other spelling");
        let config = ClipTextConfig::open(&fixture(folder).join("config.json")).unwrap();
        let weights = Weights::from_parts(folder, tensors, BTreeMap::new(), Placement::cpu());
        let other = ClipText::load(&config, &weights).unwrap().forward(&rows(), depth(0, true)).unwrap();
        let same = model(folder).forward(&rows(), depth(0, true)).unwrap();
        assert_near(folder, &other.hidden, &same.hidden);
    }
}

/// The same file in 16 bits: rows of the token table are widened, the rest is loaded like any layer.
#[test]
fn half_precision_files_are_read() {
    let wide = file("sd/text_encoder");
    let config = ClipTextConfig::open(&fixture("sd/text_encoder/config.json")).unwrap();
    let texts = rows();
    let wanted = model("sd/text_encoder").forward(&texts, depth(0, true)).unwrap().hidden;
    // Half the distance between neighbours, 2⁻¹¹ and 2⁻⁸, through three blocks.
    for (kind, bound) in [(Dtype::F16, 1e-3), (Dtype::BF16, 8e-3)] {
        let names = wide.names().filter(|name| !name.ends_with("position_ids"));
        let narrow: Vec<(&str, Vec<usize>, Vec<u8>)> = names
            .map(|name| {
                let parameter = wide.parameter(name).unwrap();
                let values = parameter.values().to_f32();
                let bytes = values.into_iter().flat_map(|value| match kind {
                    Dtype::F16 => f16::from_f32(value).to_le_bytes(),
                    _ => bf16::from_f32(value).to_le_bytes(),
                });
                (name, parameter.shape().to_vec(), bytes.collect())
            })
            .collect();
        let views = narrow
            .iter()
            .map(|(name, shape, bytes)| (*name, TensorView::new(kind, shape.clone(), bytes).unwrap()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        serialize_to_file(views.collect::<Vec<_>>(), None, &path).unwrap();
        let files = [TensorFile::open(&path).unwrap()];
        let weights = Weights::new("half", &files, Placement::cpu()).unwrap();
        let found = ClipText::load(&config, &weights).unwrap().forward(&texts, depth(0, true)).unwrap();
        let error = relative(&found.hidden, &wanted);
        assert!((1e-5..bound).contains(&error), "{kind:?}: {error:e}");
    }
}

#[test]
fn tensors_that_have_no_place_are_refused() {
    let file = file("sd/text_encoder");
    let mut tensors: BTreeMap<_, _> =
        file.names().map(|name| (name.to_owned(), (file.clone(), name.to_owned()))).collect();
    let spare = tensors["text_model.final_layer_norm.bias"].clone();
    tensors.insert("text_model.encoder.layers.3.layer_norm1.bias".to_owned(), spare);
    let config = ClipTextConfig::open(&fixture("sd/text_encoder/config.json")).unwrap();
    let weights = Weights::from_parts("sd", tensors, BTreeMap::new(), Placement::cpu());
    let error = ClipText::load(&config, &weights).unwrap_err().to_string();
    assert!(error.contains("no place for text_model.encoder.layers.3.layer_norm1.bias"), "{error}");
}

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let model = model("sd/text_encoder");
    let long = vec![Token::Word(0); 78];
    let cases = [
        (vec![], depth(0, true), "one length"),
        (vec![vec![]], depth(0, true), "one length"),
        (vec![long], depth(0, true), "one length"),
        (vec![vec![Token::Word(0)], vec![Token::Word(0); 2]], depth(0, true), "one length"),
        (vec![vec![Token::Word(527)]], depth(0, true), "not in the table"),
        (vec![vec![Token::Word(u32::MAX)]], depth(0, true), "not in the table"),
        (vec![vec![Token::Learned(0)]], depth(0, true), "not in the table"),
        (vec![vec![Token::Learned(usize::MAX)]], depth(0, true), "not in the table"),
        (rows(), depth(4, true), "has 3"),
        (rows(), depth(usize::MAX, true), "has 3"),
    ];
    for (texts, depth, wanted) in cases {
        let error = model.forward(&texts, depth).unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error}");
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[test]
fn configurations_are_read_and_checked() {
    let config = ClipTextConfig::parse("config.json", "{}").unwrap();
    assert_eq!((config.hidden_size, config.vocab_size, config.end), (512, 49408, EndRule::Id(49407)));
    let config = ClipTextConfig::parse("config.json", r#"{"eos_token_id": 2}"#).unwrap();
    assert_eq!(config.end, EndRule::Highest);
    let refused = [
        ("[]", "does not describe"),
        (r#"{"hidden_act": "relu"}"#, "does not describe"),
        (r#"{"hidden_size": -1}"#, "does not describe"),
        (r#"{"hidden_size": 0}"#, "hidden_size is 0"),
        (r#"{"hidden_size": 18446744073709551615}"#, "1 to 8192"),
        (r#"{"intermediate_size": 70000}"#, "intermediate_size"),
        (r#"{"num_hidden_layers": 1000000000}"#, "num_hidden_layers"),
        (r#"{"num_attention_heads": 0}"#, "num_attention_heads"),
        (r#"{"num_attention_heads": 7}"#, "do not divide"),
        (r#"{"max_position_embeddings": 2}"#, "max_position_embeddings"),
        (r#"{"vocab_size": 2000000}"#, "vocab_size"),
        (r#"{"projection_dim": 0}"#, "projection_dim"),
        (r#"{"layer_norm_eps": 0}"#, "layer_norm_eps"),
        (r#"{"use_attention_mask": true}"#, "use_attention_mask"),
    ];
    for (json, wanted) in refused {
        let error = ClipTextConfig::parse("config.json", json).unwrap_err().to_string();
        assert!(error.starts_with("config.json: ") && error.contains(wanted), "{json}: {error}");
    }
}
