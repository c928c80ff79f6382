//! Textual inversion: the three spellings of files, and words in prompts.

use safetensors::tensor::{Dtype, TensorView, serialize_to_file};

use super::{
    super::{
        Inversion, Prompt,
        inversion::{Stretch, Words},
    },
    assert_near, expected, fixture, sd, sdxl,
};
use crate::Error;

/// Names and shapes.
type Tensors<'a> = &'a [(&'a str, &'a [usize])];

/// Reads a file of this name with these tensors, all of them ones.
fn open(name: &str, tensors: Tensors<'_>) -> Result<Inversion, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.safetensors"));
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, shape)| 1f32.to_le_bytes().repeat(shape.iter().product())).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|((name, shape), bytes)| (*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap()));
    serialize_to_file(views.collect::<Vec<_>>(), None, &path).unwrap();
    Inversion::open(&path)
}

#[test]
fn a_learned_word_is_that_of_diffusers() {
    let mut encoder = sd();
    let toy = Inversion::open(&fixture("toy.safetensors")).unwrap();
    assert_eq!((toy.word(), toy.tables()[0].shape()), ("<toy>", &[3, 32][..]));
    let prompt = [Prompt::positive("a photo of <toy>, red")];
    assert_eq!(encoder.encode(&prompt, None).unwrap().notes.len(), 1, "it is not known yet");
    encoder.learn(&toy).unwrap();
    let found = encoder.encode(&prompt, None).unwrap();
    assert_eq!(found.notes, []);
    assert_near("inversion", &found.context, &expected("sd.prompt.inversion"));
}

#[test]
fn files_name_their_words_in_three_ways() {
    let cases: &[(&str, Tensors<'_>, &str, &[[usize; 2]])] = &[
        ("one", &[("<cat-toy>", &[32])], "<cat-toy>", &[[1, 32]]),
        ("easy-negative", &[("emb_params", &[2, 32])], "easy-negative", &[[2, 32]]),
        ("pair", &[("clip_g", &[4, 32]), ("clip_l", &[4, 24])], "pair", &[[4, 24], [4, 32]]),
    ];
    for (name, tensors, word, shapes) in cases {
        let found = open(name, tensors).unwrap();
        assert_eq!(found.word(), *word);
        let found: Vec<_> = found.tables().iter().map(|table| table.shape().to_vec()).collect();
        assert_eq!(found, *shapes, "{name}");
    }
}

#[test]
fn files_that_are_something_else_are_refused() {
    let cases: &[(&str, Tensors<'_>, &str)] = &[
        ("lora", &[("a", &[1]), ("b", &[1])], "holds 2 tensors"),
        ("nothing", &[], "holds 0 tensors"),
        ("cube", &[("w", &[1, 2, 3])], "not [vectors, width]"),
        ("none", &[("w", &[0, 32])], "has 0 vectors"),
        ("many", &[("w", &[76, 32])], "has 76 vectors"),
        ("uneven", &[("clip_g", &[1, 32]), ("clip_l", &[2, 24])], "different numbers"),
        ("brackets", &[("a(b)", &[1, 32])], "cannot be called"),
        ("BREAK", &[("emb_params", &[1, 32])], "cannot be called"),
    ];
    for (name, tensors, wanted) in cases {
        let error = open(name, tensors).unwrap_err().to_string();
        assert!(error.contains(wanted), "{name}: {error}");
    }
}

#[test]
fn files_for_another_kind_of_model_are_refused() {
    let one = open("for-one", &[("emb_params", &[1, 32])]).unwrap();
    let wide = open("wide", &[("emb_params", &[1, 1024])]).unwrap();
    let pair = open("for-two", &[("clip_g", &[2, 32]), ("clip_l", &[2, 32])]).unwrap();
    let swapped = open("swapped", &[("clip_g", &[1, 32]), ("clip_l", &[1, 64])]).unwrap();
    let (mut sd, mut sdxl) = (sd(), sdxl(true));
    let cases = [
        (sd.learn(&wide), "of width 1024"),
        (sd.learn(&pair), "is for SDXL"),
        (sdxl.learn(&one), "is for Stable Diffusion 1 or 2"),
        (sdxl.learn(&swapped), "of width 64"),
    ];
    for (found, wanted) in cases {
        let error = found.unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
    sd.learn(&one).unwrap();
    sd.learn(&one.clone().called("other").unwrap()).unwrap();
    assert!(sd.learn(&one.called("OTHER").unwrap()).unwrap_err().to_string().contains("known already"));
    sdxl.learn(&pair).unwrap();
    let found = sdxl.encode(&[Prompt::positive("a for-two, (For-Two:1.2)")], None).unwrap();
    assert_eq!((found.context.dims(), found.notes), (&[1, 77, 64][..], vec![]));
}

#[test]
fn words_are_found_in_any_case_and_not_inside_others() {
    let mut words = Words::default();
    words.add("cat", 0..1);
    words.add("cat-toy", 1..3);
    words.add("<é>", 3..4);
    let learned = |rows| Stretch::Learned(rows);
    let plain = Stretch::Plain;
    let cases = [
        ("", vec![]),
        ("cat", vec![learned(0..1)]),
        ("a Cat-Toy!", vec![plain("a "), learned(1..3), plain("!")]),
        ("concat cats cat2 éCat", vec![plain("concat cats cat2 éCat")]),
        ("cat cat-toy", vec![learned(0..1), plain(" "), learned(1..3)]),
        ("x<é>x", vec![plain("x"), learned(3..4), plain("x")]),
    ];
    for (text, wanted) in cases {
        assert_eq!(words.split(text), wanted, "{text:?}");
    }
}
