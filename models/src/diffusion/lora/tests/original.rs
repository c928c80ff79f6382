//! The original code's names for a UNet's layers.

use crate::diffusion::lora::{Part, layers::Layers, original::Numbers};

/// Layers of SDXL's UNet that number its blocks: two resnets to a block, attention in the lower two.
fn sdxl() -> Vec<String> {
    let mut layers = Vec::new();
    for block in 0..3 {
        for (way, resnets) in [("down_blocks", 2), ("up_blocks", 3)] {
            let attends = if way == "down_blocks" { block > 0 } else { block < 2 };
            for index in 0..resnets {
                layers.push(format!("{way}.{block}.resnets.{index}.conv1"));
                if attends {
                    layers.push(format!("{way}.{block}.attentions.{index}.proj_in"));
                }
            }
        }
    }
    layers.extend(
        ["down_blocks.0.downsamplers.0.conv", "down_blocks.1.downsamplers.0.conv"].map(str::to_owned),
    );
    layers.extend(["up_blocks.0.upsamplers.0.conv", "up_blocks.1.upsamplers.0.conv"].map(str::to_owned));
    layers
}

#[test]
fn the_original_numbers_sdxl() {
    let layers = sdxl();
    let numbers = Numbers::of(layers.iter().map(String::as_str));
    for (layer, original) in [
        ("conv_in", "input_blocks.0.0"),
        ("conv_out", "out.2"),
        ("time_embedding.linear_2", "time_embed.2"),
        ("add_embedding.linear_1", "label_emb.0.0"),
        ("down_blocks.0.resnets.0.conv1", "input_blocks.1.0.in_layers.2"),
        ("down_blocks.0.resnets.1.time_emb_proj", "input_blocks.2.0.emb_layers.1"),
        ("down_blocks.0.downsamplers.0.conv", "input_blocks.3.0.op"),
        ("down_blocks.1.resnets.0.conv_shortcut", "input_blocks.4.0.skip_connection"),
        ("down_blocks.1.attentions.0.proj_in", "input_blocks.4.1.proj_in"),
        (
            "down_blocks.2.attentions.1.transformer_blocks.9.attn1.to_out.0",
            "input_blocks.8.1.transformer_blocks.9.attn1.to_out.0",
        ),
        ("mid_block.resnets.0.conv2", "middle_block.0.out_layers.3"),
        ("mid_block.attentions.0.proj_out", "middle_block.1.proj_out"),
        ("mid_block.resnets.1.conv1", "middle_block.2.in_layers.2"),
        ("up_blocks.0.attentions.0.proj_in", "output_blocks.0.1.proj_in"),
        ("up_blocks.0.upsamplers.0.conv", "output_blocks.2.2.conv"),
        ("up_blocks.1.resnets.2.conv1", "output_blocks.5.0.in_layers.2"),
        ("up_blocks.1.upsamplers.0.conv", "output_blocks.5.2.conv"),
        ("up_blocks.2.resnets.2.conv1", "output_blocks.8.0.in_layers.2"),
    ] {
        assert_eq!(numbers.original(layer).as_deref(), Some(original), "{layer}");
    }
}

#[test]
fn doubling_without_attention_comes_second() {
    let layers =
        ["up_blocks.0.resnets.0.conv1", "up_blocks.0.resnets.1.conv1", "up_blocks.0.upsamplers.0.conv"];
    let numbers = Numbers::of(layers.into_iter());
    assert_eq!(numbers.original(layers[2]).as_deref(), Some("output_blocks.1.1.conv"));
}

#[test]
fn what_the_original_has_not_is_none() {
    let layers = sdxl();
    let numbers = Numbers::of(layers.iter().map(String::as_str));
    for layer in [
        "",
        "conv_in.more",
        "mid_block",
        "mid_block.resnets.2.conv1",
        "mid_block.attentions.1.proj_in",
        "down_blocks.0",
        "down_blocks.9.resnets.0.conv1",
        "down_blocks.0.resnets.0.unknown",
        "down_blocks.0.resnets.99999999999999999999.conv1",
        "down_blocks.99999999999999999999.resnets.0.conv1",
        "up_blocks.0.motion_modules.0.proj_in",
    ] {
        assert_eq!(numbers.original(layer), None, "{layer}");
    }
}

#[test]
fn layers_are_found_by_every_name_and_only_by_one() {
    let names = ["up_blocks.0.resnets.0.conv1.weight", "a.b.weight", "a_b.weight", "conv_in.bias"];
    let layers = Layers::of(Part::Unet, names.into_iter());
    assert_eq!(layers.find("up_blocks_0_resnets_0_conv1"), Some("up_blocks.0.resnets.0.conv1"));
    assert_eq!(layers.find("output_blocks_0_0_in_layers_2"), Some("up_blocks.0.resnets.0.conv1"));
    assert_eq!(layers.find("a_b"), None, "it could be either");
    assert_eq!(layers.find("conv_in"), None, "it has no weight");

    for stored in ["text_model.encoder.layers.0.mlp.fc1", "encoder.layers.0.mlp.fc1"] {
        let name = format!("{stored}.weight");
        let layers = Layers::of(Part::TextEncoder, [name.as_str()].into_iter());
        assert_eq!(layers.find("text_model_encoder_layers_0_mlp_fc1"), Some(stored));
        assert_eq!(layers.find("encoder_layers_0_mlp_fc1"), Some(stored));
    }
}
