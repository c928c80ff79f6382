//! `atelierd infer`: a checkpoint paints one picture, without daemon, credits or queue.

use std::{
    io::IsTerminal as _,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context as _, bail};
use atelier_models::{
    checkpoint::Checkpoint,
    device::{DeviceChoice, Placement, Precision},
    diffusion::{
        Generation, GenerationSpec, Injected, Moment, Sources, StableDiffusion, Trace, TwoPass, lora::Lora,
        read_latents, read_values,
    },
    sampler::SamplerKind,
};

/// Memory above which a picture is decoded in tiles, in bytes.
const DECODE_BUDGET: u64 = 4 << 30;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "With --init-latents, --noise and --dump a run can be compared with another implementation \
    step by step; the README says how."
)]
pub(super) struct Arguments {
    /// A diffusers folder or a single .safetensors file.
    #[arg(long, value_name = "DIR|FILE")]
    model: PathBuf,
    /// What the picture shall show; (word:1.3) weighs a word.
    #[arg(long)]
    prompt: String,
    /// What it shall not show.
    #[arg(long, default_value = "")]
    negative: String,
    /// Width in pixels, a multiple of 8 from 64 to 2048.
    #[arg(long, default_value_t = 512)]
    width: u32,
    /// Height in pixels, a multiple of 8 from 64 to 2048.
    #[arg(long, default_value_t = 512)]
    height: u32,
    /// Denoising steps, 1 to 150.
    #[arg(long, default_value_t = 30)]
    steps: u32,
    /// Classifier-free guidance scale; up to 1 the negative prompt is not used.
    #[arg(long, default_value_t = 7.5)]
    guidance: f64,
    /// How far guidance's added contrast is taken back, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    guidance_rescale: f64,
    /// Sampler: ddim, pndm, euler, euler-a, heun, dpm++2m, dpm++2m-sde, unipc, lcm or tcd; the checkpoint's own
    /// when left out.
    #[arg(long)]
    sampler: Option<SamplerKind>,
    /// How much fresh noise ddim and tcd add in every step, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    eta: f64,
    /// Seed of the noise: the same seed gives the same noise on every device.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Last layers of the text encoder to leave out.
    #[arg(long, default_value_t = 0)]
    clip_skip: u32,
    /// A picture to change.
    #[arg(long, value_name = "IMG")]
    init: Option<PathBuf>,
    /// How much of --init is painted anew, above 0 up to 1.
    #[arg(long, default_value_t = 0.8)]
    strength: f64,
    /// White where --init is painted anew, black where it stays as it is.
    #[arg(long, value_name = "IMG", requires = "init")]
    mask: Option<PathBuf>,
    /// Paint at this share of the size first, 0.25 up to below 1, then enlarge and paint over with this strength.
    #[arg(long, value_name = "SHARE[:STRENGTH]", value_parser = two_pass)]
    two_pass: Option<TwoPass>,
    /// A LoRA file and its weight; may be given several times.
    #[arg(long, value_name = "FILE:WEIGHT")]
    lora: Vec<Lora>,
    /// Number format of products.
    #[arg(long, default_value = "f32", value_parser = precision)]
    dtype: Precision,
    /// Where to run: auto, cpu, cuda, cuda:N or metal.
    #[arg(long, default_value = "auto")]
    device: DeviceChoice,
    /// The first noise: tensor `latents` of unit variance.
    #[arg(long, value_name = "F.safetensors")]
    init_latents: Option<PathBuf>,
    /// The noise of stochastic samplers: tensor `noise`, steps first.
    #[arg(long, value_name = "F.safetensors")]
    noise: Option<PathBuf>,
    /// Writes text.safetensors, latents.safetensors and trace.safetensors here.
    #[arg(long, value_name = "DIR")]
    dump: Option<PathBuf>,
    /// The picture, PNG or JPEG by its ending.
    #[arg(long, short, value_name = "OUT.png")]
    output: PathBuf,
}

pub(super) fn precision(name: &str) -> Result<Precision, String> {
    match name {
        "f32" => Ok(Precision::F32),
        "bf16" => Ok(Precision::Bf16),
        "f16" => Ok(Precision::F16),
        other => Err(format!("{other} is not f32, bf16 or f16")),
    }
}

/// `0.5` or `0.5:0.6`.
fn two_pass(text: &str) -> Result<TwoPass, String> {
    let (scale, strength) = text.split_once(':').unwrap_or((text, "0.5"));
    match (scale.parse(), strength.parse()) {
        (Ok(scale), Ok(strength)) => Ok(TwoPass { scale, strength }),
        _ => Err(format!("{text} is no share with a strength; write it like 0.5 or 0.5:0.6")),
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let generation = generation(arguments)?;
    let injected = Injected {
        latents: arguments.init_latents.as_deref().map(|path| read_latents(path, "latents")).transpose()?,
        noise: arguments.noise.as_deref().map(|path| read_values(path, "noise")).transpose()?,
    };
    if let Some(folder) = &arguments.dump {
        std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    }
    let placement = Placement { device: arguments.device.open()?, precision: arguments.dtype };
    let begun = Instant::now();
    let model = StableDiffusion::load(
        &Checkpoint::open(&arguments.model)?,
        &arguments.lora,
        &placement,
        DECODE_BUDGET,
    )?;
    let mut teller = Teller::new(begun);
    teller.say(&format!("loaded in {:.1} s", begun.elapsed().as_secs_f32()));
    let mut trace = Trace::default();
    let mut kept = Ok(());
    let painted = model.paint(&generation, &injected, &mut |moment| {
        if let (Moment::Step(step), true) = (&moment, arguments.dump.is_some()) {
            kept = trace.keep(step.number, step.latents);
        }
        teller.hear(&moment);
        if kept.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    kept?;
    let painted = painted?;
    if let Some(folder) = &arguments.dump {
        let latents: Vec<_> = painted.iter().map(|one| one.latents.clone()).collect();
        trace.write(folder, &model.read_prompts(&generation)?, &latents)?;
    }
    let Some(first) = painted.first() else { bail!("no picture came out") };
    first
        .picture
        .save(&arguments.output)
        .with_context(|| format!("can't write {}", arguments.output.display()))?;
    teller.say(&format!("{} in {:.1} s", arguments.output.display(), begun.elapsed().as_secs_f32()));
    Ok(ExitCode::SUCCESS)
}

fn generation(arguments: &Arguments) -> anyhow::Result<Generation> {
    let picture =
        |path: &Path| image::open(path).with_context(|| format!("can't read the picture {}", path.display()));
    let sources = Sources {
        init: arguments.init.as_deref().map(picture).transpose()?.map(|picture| picture.into_rgb8()),
        mask: arguments.mask.as_deref().map(picture).transpose()?.map(|picture| picture.into_luma8()),
        calm: None,
    };
    let spec = GenerationSpec {
        prompt: arguments.prompt.clone(),
        negative: arguments.negative.clone(),
        width: arguments.width,
        height: arguments.height,
        steps: arguments.steps,
        guidance: arguments.guidance,
        guidance_rescale: arguments.guidance_rescale,
        sampler: arguments.sampler,
        eta: arguments.eta,
        seed: arguments.seed,
        count: 1,
        strength: arguments.strength,
        clip_skip: arguments.clip_skip,
        two_pass: arguments.two_pass,
    };
    Ok(Generation::new(spec, sources)?)
}

/// One line on standard error that is written over while a person watches.
struct Teller {
    begun: Instant,
    watched: bool,
}

impl Teller {
    fn new(begun: Instant) -> Self {
        Self { begun, watched: std::io::stderr().is_terminal() }
    }

    fn hear(&mut self, moment: &Moment<'_>) {
        let text = match moment {
            Moment::Text => "reading the prompt".to_owned(),
            Moment::Encode => "encoding the picture".to_owned(),
            Moment::Tick => return,
            Moment::Step(step) => {
                let seconds = self.begun.elapsed().as_secs_f32();
                format!("step {}/{} · {seconds:.1} s", step.number, step.total)
            }
            Moment::Decode { .. } => "decoding".to_owned(),
        };
        if self.watched {
            self.write(&format!("\r\x1b[K{text}"));
        }
    }

    fn say(&mut self, line: &str) {
        let clear = if self.watched { "\r\x1b[K" } else { "" };
        self.write(&format!("{clear}{line}\n"));
    }

    fn write(&mut self, text: &str) {
        use std::io::Write as _;
        let mut out = std::io::stderr().lock();
        write!(out, "{text}").and_then(|()| out.flush()).ok();
    }
}
