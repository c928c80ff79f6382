//! `atelierd bench`: how fast this machine is.

mod built_in;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::ensure;
use atelier_models::{
    bench::{self, Bench, Piece},
    checkpoint::{Checkpoint, TinyCheckpoint},
    device::{DeviceChoice, Placement, Precision},
};

use super::{infer, say};

/// Side of the matrices that the machine's peak is measured with.
const PEAK_SIDE: usize = 2_048;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Time the pieces of a generation: text, one UNet step with guidance, a preview, decoding.
    Models(Models),
    /// Time a thumbnail by the built-in model through a whole daemon, and the daemon's answers meanwhile.
    BuiltIn(built_in::Arguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct Models {
    /// A diffusers folder or a single .safetensors file.
    #[arg(long, value_name = "DIR|FILE")]
    model: PathBuf,
    /// One piece alone, so that this process's peak memory is its own.
    #[arg(long, value_parser = piece)]
    piece: Option<Piece>,
    /// The folder of a tiny autoencoder that draws previews, where the model brings none in vae_tiny.
    #[arg(long, value_name = "DIR")]
    tiny: Option<PathBuf>,
    /// Width in pixels.
    #[arg(long, default_value_t = 512)]
    width: usize,
    /// Height in pixels.
    #[arg(long, default_value_t = 512)]
    height: usize,
    /// Timed runs after one to warm up; the median counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Number format of products.
    #[arg(long, default_value = "f32", value_parser = infer::precision)]
    dtype: Precision,
    /// Where to run: auto, cpu, cuda, cuda:N or metal.
    #[arg(long, default_value = "auto")]
    device: DeviceChoice,
}

fn piece(name: &str) -> Result<Piece, String> {
    let found = Piece::ALL.into_iter().find(|piece| piece.name() == name);
    found.ok_or_else(|| format!("{name} is not text, step, preview or decode"))
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Models(arguments) => models(arguments),
        Command::BuiltIn(arguments) => built_in::run(arguments),
    }
}

fn models(arguments: &Models) -> anyhow::Result<ExitCode> {
    ensure!(arguments.runs > 0, "--runs: at least one run is needed to measure");
    let begun = Instant::now();
    let placement = Placement { device: arguments.device.open()?, precision: arguments.dtype };
    let checkpoint = Checkpoint::open(&arguments.model)?;
    let tiny = arguments.tiny.as_deref().map(TinyCheckpoint::open).transpose()?;
    let pieces = match arguments.piece {
        Some(piece) => vec![piece],
        None => Piece::ALL.to_vec(),
    };
    let mut measured = Vec::new();
    for piece in pieces {
        let bench = Bench::load(&checkpoint, tiny.as_ref(), piece, &placement)?;
        bench.run(arguments.width, arguments.height)?;
        let first = begun.elapsed();
        let mut seconds = Vec::with_capacity(arguments.runs);
        let mut operations = 0;
        for _ in 0..arguments.runs {
            let start = Instant::now();
            operations = bench.run(arguments.width, arguments.height)?;
            seconds.push(start.elapsed().as_secs_f64());
        }
        measured.push((piece, median(seconds), operations, first));
    }
    let peak = peak();
    for (piece, seconds, operations, first) in measured {
        let speed = operations as f64 / seconds / 1e9;
        let counted = match operations {
            0 => String::new(),
            _ => format!("{speed:6.0} GFLOP/s  {:3.0} % of a product's", 100.0 * speed / peak),
        };
        say(&format!(
            "{:7} {seconds:7.3} s  {counted}  first after {:.2} s",
            piece.name(),
            first.as_secs_f64()
        ));
    }
    say(&format!("product {peak:19.0} GFLOP/s, f32, {PEAK_SIDE}×{PEAK_SIDE}"));
    Ok(ExitCode::SUCCESS)
}

/// The best speed of a dense product on this processor, in GFLOP/s.
fn peak() -> f64 {
    let speed = |_| {
        let start = Instant::now();
        let operations = bench::product(PEAK_SIDE);
        operations as f64 / start.elapsed().as_secs_f64() / 1e9
    };
    (0..5).map(speed).fold(0.0, f64::max)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
