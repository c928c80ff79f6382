//! Against diffusers' `AutoencoderKL` and `AutoencoderTiny`, and what is refused.

use std::{collections::BTreeMap, ops::ControlFlow};

use candle_core::{Device, Tensor};
use serde_json::{Value, json};

use super::{Approximate, Tile, TinyVae, TinyVaeConfig, Vae, VaeConfig};
use crate::{
    Error,
    device::{Placement, Precision},
    diffusion::fixture::{Changed, Fixture, assert_strict, distance, never, zeros},
    weights::{Parameter, Weights},
};

const SHAPES: [&str; 2] = ["sd", "plain"];
/// Most that an answer may differ from that of diffusers, as ‖a − b‖ / ‖b‖.
const BOUND: f64 = 1e-5;

fn config(fixture: &Fixture) -> VaeConfig {
    VaeConfig::parse("config.json", &fixture.config()).unwrap()
}

fn load(fixture: &Fixture) -> Vae {
    Vae::load(&config(fixture), &fixture.weights()).unwrap()
}

/// Latents of the fixture as the UNet has them.
fn scaled(fixture: &Fixture, name: &str) -> Tensor {
    (fixture.run(name) * config(fixture).scaling_factor).unwrap()
}

fn assert_near(what: &str, found: &Tensor, wanted: &Tensor) {
    let distance = distance(found, wanted);
    println!("{what}: {distance:.1e}");
    assert!(distance < BOUND, "{what}: {distance:e}");
}

#[test]
fn answers_as_diffusers_does() {
    for name in SHAPES {
        let fixture = Fixture::open(&format!("vae/{name}"));
        let vae = load(&fixture);
        let posterior = vae.encode(&fixture.run("picture"), None, &mut never).unwrap();
        assert_near(&format!("{name} mean"), &posterior.mean, &fixture.run("mean"));
        assert_near(&format!("{name} log variance"), &posterior.log_variance, &fixture.run("log_variance"));
        let decoded = vae.decode(&scaled(&fixture, "latents"), None, &mut never).unwrap();
        assert_near(&format!("{name} decoded"), &decoded, &fixture.run("decoded"));
    }
}

#[test]
fn tiles_as_diffusers_does() {
    for name in SHAPES {
        let fixture = Fixture::open(&format!("vae/{name}"));
        let vae = load(&fixture);
        assert_eq!(vae.tile(), Tile::new(8).unwrap());
        let (large, picture) = (scaled(&fixture, "large_latents"), fixture.run("large_picture"));
        let decoded = vae.decode(&large, Some(vae.tile()), &mut never).unwrap();
        assert_near(&format!("{name} tiled decode"), &decoded, &fixture.run("large_decoded"));
        let posterior = vae.encode(&picture, Some(vae.tile()), &mut never).unwrap();
        assert_near(&format!("{name} tiled encode"), &posterior.mean, &fixture.run("large_mean"));
        // What fits into one tile is not cut.
        let whole = vae.decode(&large, None, &mut never).unwrap();
        let one = vae.decode(&large, Some(Tile::new(16).unwrap()), &mut never).unwrap();
        assert_eq!(distance(&one, &whole), 0.0);
    }
}

#[test]
fn reads_the_names_and_shapes_of_first_checkpoints() {
    let fixture = Fixture::open("vae/sd");
    for pointwise in [false, true] {
        let weights = fixture.changed(|changed| {
            for half in ["encoder", "decoder"] {
                for (new, old) in
                    [("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")]
                {
                    rename_projection(
                        changed,
                        &format!("{half}.mid_block.attentions.0"),
                        new,
                        old,
                        pointwise,
                    );
                }
            }
        });
        let vae = Vae::load(&config(&fixture), &weights).unwrap();
        let decoded = vae.decode(&scaled(&fixture, "latents"), None, &mut never).unwrap();
        assert_near("first names", &decoded, &fixture.run("decoded"));
        let mean = vae.encode(&fixture.run("picture"), None, &mut never).unwrap().mean;
        assert_near("first names", &mean, &fixture.run("mean"));
    }
}

/// Gives a projection its first name and, if `pointwise`, the shape of a 1×1 convolution.
fn rename_projection(changed: &mut Changed, part: &str, new: &str, old: &str, pointwise: bool) {
    changed.rename(&format!("{part}.{new}.bias"), &format!("{part}.{old}.bias"));
    let (new, old) = (format!("{part}.{new}.weight"), format!("{part}.{old}.weight"));
    if pointwise {
        let (file, name) = changed.tensors.remove(&new).unwrap();
        let matrix = file.parameter(&name).unwrap();
        let shape = [matrix.shape(), &[1, 1]].concat();
        changed.made.insert(old, matrix.reshaped(&shape));
    } else {
        changed.rename(&new, &old);
    }
}

#[test]
fn samples_what_it_knows_of_a_picture() {
    let fixture = Fixture::open("vae/sd");
    let vae = load(&fixture);
    let posterior = vae.encode(&fixture.run("picture"), None, &mut never).unwrap();
    let noise = Tensor::ones(posterior.mean.shape(), candle_core::DType::F32, &Device::Cpu).unwrap();
    let deviation = (fixture.run("log_variance") / 2.0).unwrap().exp().unwrap();
    let wanted = ((fixture.run("mean") + deviation).unwrap() * vae.config().scaling_factor).unwrap();
    assert_near("one deviation off", &posterior.sample(&noise).unwrap(), &wanted);
    let wanted = (fixture.run("mean") * vae.config().scaling_factor).unwrap();
    assert_near("most likely", &posterior.latents().unwrap(), &wanted);
    assert!(matches!(posterior.sample(&zeros(&[1, 4, 6, 5])), Err(Error::Invalid { field: "noise", .. })));
}

#[test]
fn tiny_answers_as_diffusers_does() {
    let fixture = Fixture::open("vae/tiny");
    let config = TinyVaeConfig::parse("config.json", &fixture.config()).unwrap();
    let vae = TinyVae::load(&config, &fixture.weights()).unwrap();
    assert_near(
        "tiny encoded",
        &vae.encode(&fixture.run("picture"), &mut never).unwrap(),
        &fixture.run("encoded"),
    );
    assert_near(
        "tiny decoded",
        &vae.decode(&fixture.run("latents"), &mut never).unwrap(),
        &fixture.run("decoded"),
    );
    let odd = vae.encode(&zeros(&[1, 3, 8, 6]), &mut never);
    assert!(matches!(odd, Err(Error::Invalid { field: "picture", .. })));
    let stopped = vae.decode(&fixture.run("latents"), &mut || ControlFlow::Break(()));
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_strict(&fixture, "decoder.layers.5.weight", |weights| TinyVae::load(&config, weights));
    assert_strict(&fixture, "encoder.layers.1.conv.2.bias", |weights| TinyVae::load(&config, weights));
}

#[test]
fn refuses_a_checkpoint_that_is_another_network() {
    let fixture = Fixture::open("vae/sd");
    for tensor in [
        "decoder.conv_norm_out.weight",
        "decoder.up_blocks.2.resnets.0.conv1.weight",
        "encoder.mid_block.attentions.0.to_k.bias",
        "post_quant_conv.weight",
    ] {
        assert_strict(&fixture, tensor, |weights| Vae::load(&config(&fixture), weights));
    }
}

/// The text of a fixture's configuration with `option` set to `value`.
fn with(fixture: &str, option: &str, value: &Value) -> String {
    let mut config: Value = serde_json::from_str(&Fixture::open(fixture).config()).unwrap();
    config[option] = value.clone();
    config.to_string()
}

#[test]
fn refuses_options_that_are_not_built_or_out_of_bounds() {
    for (option, value) in [
        ("_class_name", json!("AutoencoderKLTemporalDecoder")),
        ("act_fn", json!("relu")),
        ("block_out_channels", json!([4, 8, 99_999_999_999_u64])),
        ("block_out_channels", json!([4, 4, 4, 4, 4, 4, 4, 4, 4])),
        ("down_block_types", json!(["DownEncoderBlock2D"])),
        ("up_block_types", json!(["UpDecoderBlock2D", "UpDecoderBlock2D", "AttnUpDecoderBlock2D"])),
        ("latent_channels", json!(0)),
        ("latents_mean", json!([0.1, 0.2])),
        ("layers_per_block", json!(1000)),
        ("sample_size", json!(0)),
        ("scaling_factor", json!(0.0)),
        ("shift_factor", json!(0.1159)),
        ("something_new", json!(1)),
    ] {
        match VaeConfig::parse("config.json", &with("vae/sd", option, &value)) {
            Err(Error::Checkpoint { problem, .. }) => {
                assert!(problem.contains(option), "{option} {value}: {problem}");
            }
            other => panic!("{option} {value}: {other:?}"),
        }
    }
    for (option, value) in [
        ("act_fn", json!("silu")),
        ("upsampling_scaling_factor", json!(3)),
        ("upsample_fn", json!("bilinear")),
        ("encoder_block_out_channels", json!([5, 5, 6])),
        ("num_decoder_blocks", json!([1, 1])),
        ("num_encoder_blocks", json!([1, 1, 1000])),
        ("shift_factor", json!(0.5)),
        ("something_new", json!(1)),
    ] {
        match TinyVaeConfig::parse("config.json", &with("vae/tiny", option, &value)) {
            Err(Error::Checkpoint { problem, .. }) => {
                let named = option.trim_start_matches("num_").trim_end_matches("_blocks");
                assert!(problem.contains(named), "{option} {value}: {problem}");
            }
            other => panic!("{option} {value}: {other:?}"),
        }
    }
}

#[test]
fn says_which_parameter_does_not_fit() {
    let vae = load(&Fixture::open("vae/sd"));
    let field = |found: Error| match found {
        Error::Invalid { field, .. } => field,
        other => panic!("{other:?}"),
    };
    for shape in [vec![1, 3, 10, 8], vec![1, 4, 8, 8], vec![3, 8, 8], vec![1, 3, 0, 8]] {
        assert_eq!(field(vae.encode(&zeros(&shape), None, &mut never).unwrap_err()), "picture", "{shape:?}");
    }
    assert_eq!(field(vae.decode(&zeros(&[1, 3, 8, 8]), None, &mut never).unwrap_err()), "latents");
    assert_eq!(field(Tile::new(0).unwrap_err()), "tile");
    assert_eq!(field(Tile::new(6).unwrap_err()), "tile");
    let stopped = vae.decode(&zeros(&[1, 4, 16, 16]), Some(vae.tile()), &mut || ControlFlow::Break(()));
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

#[test]
fn counts_in_f32_where_f16_is_too_small() {
    for (name, wanted) in [("sd", Precision::F32), ("plain", Precision::F16)] {
        let fixture = Fixture::open(&format!("vae/{name}"));
        let placement = Placement { precision: Precision::F16, ..Placement::cpu() };
        let mut tensors = BTreeMap::new();
        fixture.changed(|changed| tensors = changed.tensors.clone());
        let weights = Weights::from_parts("fixture", tensors, BTreeMap::<_, Parameter>::new(), placement);
        let vae = Vae::load(&config(&fixture), &weights).unwrap();
        assert_eq!(vae.placement.precision, wanted, "{name}");
    }
}

#[test]
fn knows_about_how_much_memory_it_needs() {
    let vae = load(&Fixture::open("vae/sd"));
    // Three times 8 channels of 4 bytes for each pixel.
    assert_eq!(vae.decode_bytes(512, 768), 512 * 768 * 3 * 8 * 4);
    assert_eq!(vae.encode_bytes(512, 768), 512 * 768 * 3 * 4 * 4);
    assert_eq!(vae.decode_bytes(usize::MAX, usize::MAX), u64::MAX);
    assert_eq!(Tile::holding(512, 8).latents(), 64);
    assert_eq!(Tile::holding(32, 8).latents(), 4);
    assert_eq!(Tile::holding(1, 8).latents(), 4);
}

#[test]
fn approximates_colours() {
    let latents = |values: [f32; 4]| Tensor::from_slice(&values, (1, 4, 1, 1), &Device::Cpu).unwrap();
    let colours = |fit: Approximate, values| {
        let colours = fit.decode(&latents(values)).unwrap();
        assert_eq!(colours.dims(), [1, 3, 1, 1]);
        colours.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    let near = |found: Vec<f32>, wanted: [f32; 3]| {
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {wanted:?}");
    };
    near(colours(Approximate::Sd1, [1.0, 0.0, -1.0, 0.0]), [0.6636, -0.1128, -0.1433]);
    near(colours(Approximate::Sd1, [0.0, 0.0, 0.0, 9.0]), [-1.0, -1.0, -1.0]);
    near(colours(Approximate::Sdxl, [0.0; 4]), [150.0, 140.0, 130.0].map(|c: f32| c / 127.5 - 1.0));
    near(
        colours(Approximate::Sdxl, [0.0, 1.0, 0.0, -0.5]),
        [125.0, 160.0, 157.5].map(|c: f32| c / 127.5 - 1.0),
    );
    let wrong = Approximate::Sd1.decode(&zeros(&[1, 16, 2, 2]));
    assert!(matches!(wrong, Err(Error::Invalid { field: "latents", .. })));
}

#[test]
fn a_fit_finds_the_colours_that_it_was_made_of() {
    let latents =
        |seed: usize| std::array::from_fn(|channel| ((seed * 7 + channel * 5) % 11) as f32 / 4.0 - 1.0);
    let colour =
        |[one, two, three, four]: [f32; 4]| [0.1 * one - 0.2 * two, 0.3 * three + 0.1, 0.2 * four - 0.05];
    let samples = (0..40).map(|seed| (latents(seed), colour(latents(seed))));
    let fit = Approximate::fitted(samples);
    let asked = [0.5, -0.25, 1.0, -1.0];
    let x = Tensor::from_slice(&asked, (1, 4, 1, 1), &Device::Cpu).unwrap();
    let found: Vec<f32> = fit.decode(&x).unwrap().flatten_all().unwrap().to_vec1().unwrap();
    for (found, wanted) in found.iter().zip(colour(asked)) {
        assert!((found - wanted).abs() < 1e-4, "{found} for {wanted}");
    }
    // Nothing to fit is grey, not a number that is none.
    let Approximate::Own(_) = Approximate::fitted([]) else { panic!("a fit of one's own") };
}
