//! Against diffusers' `UNet2DConditionModel`, and what is refused.

use std::ops::ControlFlow;

use candle_core::Tensor;
use serde_json::{Value, json};

use super::{
    Added, AddedConfig, Unet, UnetConfig,
    levels::{Level, Middle},
};
use crate::{
    Error,
    diffusion::fixture::{Fixture, assert_strict, distance, never, zeros},
};

const SHAPES: [&str; 7] = ["sd15", "sd21", "sdxl", "inpaint", "lcm", "ssd", "switches"];
/// Most that an answer may differ from that of diffusers, as ‖a − b‖ / ‖b‖.
const BOUND: f64 = 1e-5;

fn load(fixture: &Fixture) -> Unet {
    let config = UnetConfig::parse("config.json", &fixture.config()).unwrap();
    Unet::load(&config, &fixture.weights()).unwrap()
}

/// Run `run` of a fixture. `None` after the last.
fn answer(fixture: &Fixture, unet: &Unet, run: usize) -> Option<(Tensor, Tensor)> {
    let get = |name: &str| fixture.run_if_any(&format!("{run}.{name}"));
    let steps: Vec<f64> = get("timesteps")?.to_vec1::<f32>().unwrap().into_iter().map(f64::from).collect();
    let added = get("pooled").map(|pooled| Added { pooled, time_ids: get("time_ids").unwrap() });
    let (sample, context, guidance) = (get("sample")?, get("context")?, get("guidance"));
    let found = unet.forward(&sample, &steps, &context, added.as_ref(), guidance.as_ref(), &mut never);
    Some((found.unwrap(), get("output")?))
}

#[test]
fn answers_as_diffusers_does() {
    for name in SHAPES {
        let fixture = Fixture::open(&format!("unet/{name}"));
        let unet = load(&fixture);
        let mut runs = 0;
        while let Some((found, wanted)) = answer(&fixture, &unet, runs) {
            let distance = distance(&found, &wanted);
            println!("{name} {runs}: {distance:.1e}");
            assert!(distance < BOUND, "{name}, run {runs}: {distance:e}");
            runs += 1;
        }
        assert_eq!(runs, 4, "{name}");
    }
}

#[test]
fn refuses_a_checkpoint_that_is_another_network() {
    for (shape, tensor) in [
        ("sd15", "up_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight"),
        ("sd15", "down_blocks.0.downsamplers.0.conv.bias"),
        ("sd21", "mid_block.attentions.0.proj_in.weight"),
        ("sdxl", "add_embedding.linear_1.bias"),
        ("inpaint", "conv_in.weight"),
        ("lcm", "time_embedding.cond_proj.weight"),
    ] {
        let fixture = Fixture::open(&format!("unet/{shape}"));
        let config = UnetConfig::parse("config.json", &fixture.config()).unwrap();
        assert_strict(&fixture, tensor, |weights| Unet::load(&config, weights));
    }
}

/// The configuration of `shape` with `option` set to `value`.
fn with(shape: &str, option: &str, value: Value) -> Result<UnetConfig, Error> {
    let json = Fixture::open(&format!("unet/{shape}")).config();
    let mut config: Value = serde_json::from_str(&json).unwrap();
    config[option] = value;
    UnetConfig::parse("config.json", &config.to_string())
}

#[test]
fn refuses_options_that_are_not_built_or_out_of_bounds() {
    for (option, value) in [
        ("_class_name", json!("UNet3DConditionModel")),
        ("act_fn", json!("gelu")),
        ("addition_embed_type", json!("text_image")),
        ("addition_time_embed_dim", json!(5)),
        ("attention_head_dim", json!(3)),
        ("attention_head_dim", json!(0)),
        ("attention_head_dim", json!([1, 2])),
        ("attention_type", json!("gated")),
        ("block_out_channels", json!([])),
        ("block_out_channels", json!([4, 4, 1_000_000_000_000_u64])),
        ("block_out_channels", json!([4, 4, -8])),
        ("block_out_channels", json!([4, 4, 7])),
        ("class_embed_type", json!("timestep")),
        ("class_embeddings_concat", json!(true)),
        ("conv_in_kernel", json!(1)),
        ("cross_attention_dim", json!([6, 6, 8])),
        ("cross_attention_norm", json!("group_norm")),
        ("down_block_types", json!(["DownBlock2D", "DownBlock2D", "SimpleCrossAttnDownBlock2D"])),
        ("down_block_types", json!(["DownBlock2D"])),
        ("down_block_types", json!(null)),
        ("downsample_padding", json!(2)),
        ("dual_cross_attention", json!(true)),
        ("encoder_hid_dim_type", json!("text_proj")),
        ("layers_per_block", json!(4_000_000_000_u64)),
        ("layers_per_block", json!(0)),
        ("mid_block_scale_factor", json!(1.5)),
        ("mid_block_type", json!("UNetMidBlock2DSimpleCrossAttn")),
        ("norm_eps", json!(-1.0)),
        ("norm_num_groups", json!(3)),
        ("norm_num_groups", json!(0)),
        ("num_attention_heads", json!(16)),
        ("num_class_embeds", json!(10)),
        ("only_cross_attention", json!([false, true, false])),
        ("projection_class_embeddings_input_dim", json!(24)),
        ("resnet_time_scale_shift", json!("scale_shift")),
        ("time_embedding_type", json!("fourier")),
        ("timestep_post_act", json!("silu")),
        ("transformer_layers_per_block", json!([0, [1], [2]])),
        ("transformer_layers_per_block", json!([0, 1, 65])),
        ("up_block_types", json!(["UpBlock2D", "UpBlock2D", "AttnUpBlock2D"])),
        ("something_new", json!(true)),
    ] {
        match with("sdxl", option, value.clone()) {
            Err(Error::Checkpoint { problem, .. }) => {
                assert!(problem.contains(option), "{option} {value}: {problem}");
            }
            other => panic!("{option} {value}: {other:?}"),
        }
    }
    let long = " ".repeat(2 << 20) + "{}";
    for (index, text) in ["", "[]", "null", "{\"norm_eps\":", &long].into_iter().enumerate() {
        let found = UnetConfig::parse("config.json", text);
        assert!(matches!(found, Err(Error::Checkpoint { .. })), "text {index}: {found:?}");
    }
}

#[test]
fn reads_a_list_of_equal_values_as_one() {
    let plain = with("sdxl", "only_cross_attention", json!(false)).unwrap();
    assert_eq!(with("sdxl", "cross_attention_dim", json!([6, 6, 6])).unwrap(), plain);
    assert_eq!(with("sdxl", "only_cross_attention", json!([false, false, false])).unwrap(), plain);
    assert_eq!(with("sdxl", "layers_per_block", json!([1, 1, 1])).unwrap(), plain);
    assert_eq!(with("sdxl", "num_attention_heads", json!([1, 2, 4])).unwrap(), plain);
    assert_eq!(with("sdxl", "something_new", json!(null)).unwrap(), plain);
}

#[test]
fn reads_the_configurations_of_published_checkpoints() {
    let parse = |config: Value| UnetConfig::parse("config.json", &config.to_string()).unwrap();
    let down = "DownBlock2D";
    let (across_down, across_up, up) = ("CrossAttnDownBlock2D", "CrossAttnUpBlock2D", "UpBlock2D");
    // Heads and depths per level, down, middle and up.
    let blocks = |config: &UnetConfig| {
        let level = |level: &Level| level.attention.as_ref().map(|it| (it.heads, it.depths.clone()));
        let all = |levels: &[Level]| levels.iter().map(level).collect::<Vec<_>>();
        (all(&config.levels.down), config.levels.middle.clone(), all(&config.levels.up))
    };
    let same = |heads: usize, depth: usize, layers: usize| Some((heads, vec![depth; layers]));

    let first = parse(json!({
        "_class_name": "UNet2DConditionModel", "_diffusers_version": "0.6.0", "act_fn": "silu",
        "attention_head_dim": 8, "block_out_channels": [320, 640, 1280, 1280], "center_input_sample": false,
        "cross_attention_dim": 768, "down_block_types": [across_down, across_down, across_down, down],
        "downsample_padding": 1, "flip_sin_to_cos": true, "freq_shift": 0, "in_channels": 4,
        "layers_per_block": 2, "mid_block_scale_factor": 1, "norm_eps": 1e-05, "norm_num_groups": 32,
        "out_channels": 4, "sample_size": 64, "up_block_types": [up, across_up, across_up, across_up]
    }));
    assert_eq!((first.in_channels, first.context, first.time.width), (4, 768, 1280));
    let (eight_down, eight_up) = (same(8, 1, 2), same(8, 1, 3));
    assert_eq!(
        blocks(&first),
        (
            vec![eight_down.clone(), eight_down.clone(), eight_down, None],
            Some(Middle::Attention { heads: 8, depth: 1 }),
            vec![None, eight_up.clone(), eight_up.clone(), eight_up],
        )
    );

    let xl = parse(json!({
        "_class_name": "UNet2DConditionModel", "addition_embed_type": "text_time",
        "addition_embed_type_num_heads": 64, "addition_time_embed_dim": 256, "attention_head_dim": [5, 10, 20],
        "block_out_channels": [320, 640, 1280], "cross_attention_dim": 2048,
        "down_block_types": [down, across_down, across_down], "layers_per_block": 2,
        "mid_block_only_cross_attention": null, "only_cross_attention": false,
        "projection_class_embeddings_input_dim": 2816, "transformer_layers_per_block": [1, 2, 10],
        "up_block_types": [across_up, across_up, up], "upcast_attention": null, "use_linear_projection": true
    }));
    assert_eq!(xl.added, Some(AddedConfig { pooled: 1280, time: 256 }));
    assert_eq!(
        blocks(&xl),
        (
            vec![None, same(10, 2, 2), same(20, 10, 2)],
            Some(Middle::Attention { heads: 20, depth: 10 }),
            vec![same(20, 10, 3), same(10, 2, 3), None],
        )
    );
}

#[test]
fn says_which_parameter_does_not_fit() {
    let unet = |shape: &str| load(&Fixture::open(&format!("unet/{shape}")));
    let (sd, lcm, sdxl) = (unet("sd15"), unet("lcm"), unet("sdxl"));
    let (x, text) = (zeros(&[2, 4, 4, 4]), zeros(&[2, 5, 6]));
    let added = |pooled: &[usize], ids: &[usize]| Added { pooled: zeros(pooled), time_ids: zeros(ids) };
    let fine = added(&[2, 6], &[2, 6]);
    let cases: [(&str, Result<Tensor, Error>); 12] = [
        ("latents", sd.forward(&zeros(&[2, 9, 4, 4]), &[1.0], &text, None, None, &mut never)),
        ("latents", sd.forward(&zeros(&[2, 4, 0, 4]), &[1.0], &text, None, None, &mut never)),
        ("latents", sd.forward(&zeros(&[4, 4, 4]), &[1.0], &text, None, None, &mut never)),
        ("context", sd.forward(&x, &[1.0], &zeros(&[2, 5, 7]), None, None, &mut never)),
        ("context", sd.forward(&x, &[1.0], &zeros(&[1, 5, 6]), None, None, &mut never)),
        ("timesteps", sd.forward(&x, &[1.0, 2.0, 3.0], &text, None, None, &mut never)),
        ("timesteps", sd.forward(&x, &[f64::NAN], &text, None, None, &mut never)),
        ("guidance", sd.forward(&x, &[1.0], &text, None, Some(&zeros(&[2, 10])), &mut never)),
        ("guidance", lcm.forward(&x, &[1.0], &text, None, Some(&zeros(&[2, 9])), &mut never)),
        ("added", sd.forward(&x, &[1.0], &text, Some(&fine), None, &mut never)),
        ("added", sdxl.forward(&x, &[1.0], &text, None, None, &mut never)),
        ("time_ids", sdxl.forward(&x, &[1.0], &text, Some(&added(&[2, 6], &[2, 5])), None, &mut never)),
    ];
    for (index, (wanted, found)) in cases.into_iter().enumerate() {
        match found {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, wanted, "case {index}"),
            other => panic!("case {index}, {wanted}: {other:?}"),
        }
    }
    assert!(sdxl.forward(&x, &[1.0], &text, Some(&fine), None, &mut never).is_ok());
    assert!(lcm.forward(&x, &[1.0], &text, None, None, &mut never).is_ok(), "guidance may be left out");
}

#[test]
fn stops_wherever_it_is_told_to() {
    let unet = load(&Fixture::open("unet/sd15"));
    let run = |last: usize| {
        let mut asked = 0;
        let answer = unet.forward(&zeros(&[1, 4, 4, 4]), &[1.0], &zeros(&[1, 5, 6]), None, None, &mut || {
            asked += 1;
            if asked > last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (answer, asked)
    };
    let (whole, times) = run(usize::MAX);
    assert!(whole.is_ok());
    // Once at the start, before 10 residual blocks and before 7 transformer layers.
    assert_eq!(times, 1 + 10 + 7);
    for last in 0..times {
        assert!(matches!(run(last).0, Err(Error::Cancelled)), "at {last}");
    }
}
