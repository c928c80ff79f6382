//! Whatever bytes come: an answer, in bounded memory, and never a panic.

use proptest::prelude::*;

use super::*;
use crate::weights::TensorFile;

fn open_bytes(bytes: &[u8]) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    fs::write(&path, bytes).unwrap();
    outcome(&path)
}

fn header_length() -> usize {
    let bytes = fs::read(fixture("sd1.safetensors")).unwrap();
    u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_no_model(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(open_bytes(&bytes).is_err());
    }

    #[test]
    fn random_headers_are_no_model(header in "\\{(\"[a-z._]{1,20}\":\\{\"dtype\":\"(F32|F16|I64|F8_E4M3)\",\"shape\":\\[[0-9]{0,20}(,[0-9]{1,20})?\\],\"data_offsets\":\\[[0-9]{1,20},[0-9]{1,20}\\]\\},?){0,3}\\}") {
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 64]].concat();
        prop_assert!(open_bytes(&bytes).is_err());
    }

    /// A bit of the header or of the first numbers flips: most are refused, some are another number, none panics.
    #[test]
    fn flipped_bits_do_not_panic(place in 0.0..1.0_f64, bit in 0..8_u32, numbers in any::<bool>()) {
        let mut bytes = fs::read(fixture("sd1.safetensors")).unwrap();
        let header = 8 + header_length();
        let (from, to) = if numbers { (header, bytes.len()) } else { (0, header) };
        let at = from + ((to - from - 1) as f64 * place) as usize;
        bytes[at] ^= 1 << bit;
        let _answer = open_bytes(&bytes);
    }

    #[test]
    fn flipped_bits_of_an_index_do_not_panic(place in 0.0..1.0_f64, bit in 0..8_u32, name in 0..4_usize) {
        let name = ["model_index.json", "unet/config.json", "vae/config.json", "scheduler/scheduler_config.json"][name];
        let (_kept, path) = copy("sdxl");
        let mut bytes = fs::read(path.join(name)).unwrap();
        let at = ((bytes.len() - 1) as f64 * place) as usize;
        bytes[at] ^= 1 << bit;
        fs::write(path.join(name), bytes).unwrap();
        let _answer = outcome(&path);
    }

    #[test]
    fn cut_files_are_refused(place in 0.0..1.0_f64) {
        let bytes = fs::read(fixture("sd1.safetensors")).unwrap();
        let cut = (bytes.len() as f64 * place) as usize;
        prop_assert!(open_bytes(&bytes[..cut]).is_err());
    }
}

#[test]
fn a_header_of_many_tensors_is_read_once() {
    // 4,000 tensors that no rule knows: the answer names five.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.safetensors");
    let view = || safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![0], &[]).unwrap();
    let tensors =
        (0..4_000).map(|number| (format!("model.diffusion_model.input_blocks.{number}.9.w"), view()));
    let rest = [
        ("cond_stage_model.transformer.x".to_owned(), view()),
        ("model.diffusion_model.input_blocks.2.0.op.weight".to_owned(), view()),
    ];
    fs::write(&path, safetensors::serialize(tensors.chain(rest), None).unwrap()).unwrap();
    assert_eq!(TensorFile::open(&path).unwrap().names().count(), 4_002);
    assert!(refused(&path).contains("and 3995 more"));
}
