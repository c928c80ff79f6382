//! Names of tensors, one row each.

use crate::diffusion::lora::{
    Part,
    spelling::{Piece, Spelled, take_apart},
};

const UNET: Part = Part::Unet;
const TEXT: Part = Part::TextEncoder;
const SECOND: Part = Part::SecondTextEncoder;

#[test]
fn every_spelling_is_read() {
    let to_q = "down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
    let to_out = "mid_block_attentions_0_transformer_blocks_0_attn2_to_out_0";
    let q_proj = "text_model_encoder_layers_0_self_attn_q_proj";
    let out_proj = "text_model_encoder_layers_0_self_attn_out_proj";
    let fc1 = "text_model_encoder_layers_0_mlp_fc1";
    for (name, part, layer, piece) in [
        // kohya
        (&*format!("lora_unet_{to_q}.lora_down.weight"), UNET, to_q, Piece::Down),
        (&*format!("lora_unet_{to_q}.lora_up.weight"), UNET, to_q, Piece::Up),
        (&*format!("lora_unet_{to_q}.alpha"), UNET, to_q, Piece::Alpha),
        (&*format!("lora_te_{q_proj}.lora_up.weight"), TEXT, q_proj, Piece::Up),
        (&*format!("lora_te1_{fc1}.lora_down.weight"), TEXT, fc1, Piece::Down),
        (&*format!("lora_te2_{fc1}.alpha"), SECOND, fc1, Piece::Alpha),
        (
            "lora_unet_input_blocks_4_1_transformer_blocks_0_ff_net_2.lora_up.weight",
            UNET,
            "input_blocks_4_1_transformer_blocks_0_ff_net_2",
            Piece::Up,
        ),
        // PEFT
        (
            "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
            UNET,
            to_q,
            Piece::Down,
        ),
        (
            "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0.lora_B.style.weight",
            UNET,
            to_out,
            Piece::Up,
        ),
        (
            "base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.default.weight",
            UNET,
            to_q,
            Piece::Down,
        ),
        ("unet.base_model.model.conv_in.lora_B.weight", UNET, "conv_in", Piece::Up),
        ("unet.conv_in.alpha", UNET, "conv_in", Piece::Alpha),
        ("text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_B.weight", TEXT, fc1, Piece::Up),
        ("text_encoder_2.text_model.encoder.layers.0.mlp.fc1.lora_A.weight", SECOND, fc1, Piece::Down),
        (
            "base_model.model.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight",
            TEXT,
            q_proj,
            Piece::Down,
        ),
        // diffusers before PEFT
        (
            "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight",
            UNET,
            to_q,
            Piece::Down,
        ),
        (
            "mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_out_lora.up.weight",
            UNET,
            to_out,
            Piece::Up,
        ),
        (
            "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0.lora.up.weight",
            UNET,
            to_out,
            Piece::Up,
        ),
        ("unet.conv_in.lora.down.weight", UNET, "conv_in", Piece::Down),
        (
            "text_encoder.text_model.encoder.layers.0.self_attn.to_q_lora.down.weight",
            TEXT,
            q_proj,
            Piece::Down,
        ),
        (
            "text_encoder.text_model.encoder.layers.0.self_attn.to_out_lora.up.weight",
            TEXT,
            out_proj,
            Piece::Up,
        ),
        (
            "text_encoder.text_model.encoder.layers.0.self_attn.out_proj.lora_linear_layer.up.weight",
            TEXT,
            out_proj,
            Piece::Up,
        ),
        (
            "text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.down.weight",
            TEXT,
            fc1,
            Piece::Down,
        ),
    ] {
        assert_eq!(take_apart(name), Ok(Spelled { part, layer: layer.to_owned(), piece }), "{name}");
    }
}

#[test]
fn other_kinds_are_refused_by_name() {
    for (name, kind) in [
        ("lora_unet_mid_block_attentions_0_proj_in.hada_w1_a", "LoHa"),
        ("lora_unet_mid_block_attentions_0_proj_in.lokr_w2", "LoKr"),
        ("lora_unet_mid_block_attentions_0_proj_in.oft_blocks", "OFT"),
        ("lora_unet_mid_block_attentions_0_proj_in.dora_scale", "DoRA"),
        ("unet.mid_block.attentions.0.proj_in.lora_magnitude_vector", "DoRA"),
        ("unet.mid_block.attentions.0.proj_in.lora_magnitude_vector.default.weight", "DoRA"),
        ("lora_unet_mid_block_resnets_0_conv1.lora_mid.weight", "Tucker"),
        ("lora_unet_mid_block_resnets_0_norm1.w_norm", "norms"),
        ("lora_unet_conv_in.diff", "full difference"),
        ("lora_unet_conv_in.diff_b", "full difference"),
        ("lora_unet_mid_block_attentions_0_proj_in.on_input", "(IA)³"),
        ("bundle_emb.word.string_to_param.*", "textual inversion"),
        ("unet.conv_in.lora_B.bias", "biases"),
        ("lora_te3_encoder_block_0.lora_up.weight", "a network that Stable Diffusion 1, 2 and XL don't have"),
        ("lora_transformer_x.alpha", "a network that Stable Diffusion 1, 2 and XL don't have"),
        ("model.diffusion_model.out.2.weight", "nothing that a LoRA has"),
        ("unet.mid_block.attentions.0.proj_in.down.weight", "nothing that a LoRA has"),
        ("unet.conv_in.lora_A.one.two.weight", "nothing that a LoRA has"),
        ("", "nothing that a LoRA has"),
    ] {
        let problem = take_apart(name).unwrap_err();
        assert!(problem.contains(kind), "{name}: {problem}");
    }
}
