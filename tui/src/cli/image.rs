//! `image`: a plain picture by an installed model, from its prompt to the saved file.

use std::path::PathBuf;

use atelier_proto::v1::{ImageRequest, JobRequest, Lora, TwoPass, job_request::Work};

use super::{
    Context,
    exit::{Exit, Failure},
    thumbnail::{
        follow,
        order::{self, Terms, unless_interrupted},
        result, upload,
    },
};
use crate::session::Session;

const HELP: &str = "\
What is not said is the algorithm's choice. Without an image model the studio has none;
`atelier models` lists those that are installed.

Prices at or under the daemon's limit run at once. Above it a terminal asks; anything else ends
with exit code 8 unless --yes is given. A job outlives this command: after Ctrl-C
`atelier show --follow JOB` waits for it again.

Examples:
  atelier image \"a red fox in the snow, golden hour\" -o fox.png
  atelier image \"a red fox\" --negative blurry --size 768x512 --steps 30 --seed 7 --count 4
  atelier image \"a red fox\" --lora ink-style:0.8 --size 1024x1024 --two-pass 0.5
  atelier image \"the same room at night\" --init room.jpg --strength 0.6
  atelier image \"a vase of tulips\" --init room.jpg --mask table.png";

/// What to paint.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct ImageArgs {
    /// What the picture shows; (word:1.3) weighs a word
    #[arg(required = true, value_name = "PROMPT")]
    pub(crate) prompt: Vec<String>,
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) paint: PaintArgs,
    /// Seed of the first, to make the same again
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many different ones, 1 to 8
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=8))]
    pub(crate) count: Option<u32>,
    /// A picture to change
    #[arg(long, value_name = "FILE")]
    pub(crate) init: Option<PathBuf>,
    /// White where that picture is painted anew, black where it is kept
    #[arg(long, value_name = "FILE", requires = "init")]
    pub(crate) mask: Option<PathBuf>,
    /// How much of it is painted anew, above 0 up to 1
    #[arg(long, value_name = "SHARE", requires = "init")]
    pub(crate) strength: Option<f64>,
    /// Paint at this share of the size first, 0.25 up to below 1, then enlarge and paint over with this strength, more
    /// than 0 up to 1: a large picture keeps one composition [default strength: 0.5]
    #[arg(long, value_name = "SHARE[:STRENGTH]", conflicts_with = "init", value_parser = two_pass)]
    pub(crate) two_pass: Option<TwoPass>,
    /// Algorithm version [default: the active one]
    #[arg(long, value_name = "NAME")]
    pub(crate) algorithm: Option<String>,
}

/// How to paint. What is missing is the algorithm's, or for an algorithm the model's.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct PaintArgs {
    /// What pictures shall not show
    #[arg(long, value_name = "WORDS")]
    pub(crate) negative: Option<String>,
    /// Width and height in pixels, multiples of 8
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub(crate) size: Option<(u32, u32)>,
    /// Denoising steps, 1 to 150
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=150))]
    pub(crate) steps: Option<u32>,
    /// How closely the prompt is followed, 0 to 50
    #[arg(long, value_name = "N")]
    pub(crate) guidance: Option<f64>,
    /// How noise is taken away, such as euler or dpm++2m
    #[arg(long, value_name = "NAME")]
    pub(crate) sampler: Option<String>,
    /// An installed LoRA and its weight, 1 when it is left out; may be given several times
    #[arg(long, value_name = "NAME:WEIGHT", value_parser = lora)]
    pub(crate) lora: Vec<Lora>,
}

/// `768x512`.
fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '×']);
    let sides = sides.and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.ok_or_else(|| format!("`{text}` is no size; write it like 768x512"))
}

/// `ink-style:0.8`.
fn lora(text: &str) -> Result<Lora, String> {
    let (name, weight) = match text.split_once(':') {
        Some((name, weight)) => (name, Some(weight.parse::<f32>())),
        None => (text, None),
    };
    match weight.transpose() {
        Ok(weight) if !name.is_empty() => Ok(Lora { name: name.to_owned(), weight }),
        _ => Err(format!("`{text}` is no LoRA with a weight; write it like ink-style:0.8")),
    }
}

/// `0.5` or `0.5:0.6`.
fn two_pass(text: &str) -> Result<TwoPass, String> {
    let (scale, strength) = text.split_once(':').unwrap_or((text, "0.5"));
    match (scale.parse(), strength.parse()) {
        (Ok(scale), Ok(strength)) => Ok(TwoPass { scale, strength }),
        _ => Err(format!("`{text}` is no share with a strength; write it like 0.5 or 0.5:0.6")),
    }
}

impl ImageArgs {
    /// What can be told to be wrong before anything is begun or paid.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.prompt.join(" ").trim().is_empty() {
            return Err(Failure::new(Exit::Usage, "say what the picture shall show"));
        }
        if self.strength.is_some_and(|strength| !(strength > 0.0 && strength <= 1.0)) {
            return Err(Failure::new(Exit::Usage, "--strength is more than 0, up to 1"));
        }
        self.terms.check()
    }

    fn request(&self, init: String, mask: String) -> JobRequest {
        let paint = self.paint.clone();
        let (width_px, height_px) = paint.size.unwrap_or_default();
        let image = ImageRequest {
            prompt: self.prompt.join(" "),
            negative: paint.negative.unwrap_or_default(),
            width_px,
            height_px,
            steps: paint.steps.unwrap_or_default(),
            guidance: paint.guidance,
            sampler: paint.sampler.unwrap_or_default(),
            seed: self.seed,
            count: self.count.unwrap_or(1),
            strength: self.strength.unwrap_or_default(),
            init_asset_id: init,
            mask_asset_id: mask,
            clip_skip: None,
            two_pass: self.two_pass,
            loras: paint.lora,
        };
        JobRequest { work: Some(Work::Image(image)), algorithm: self.algorithm.clone().unwrap_or_default() }
    }
}

pub(crate) async fn run(context: &Context, session: &Session, args: &ImageArgs) -> Result<Exit, Failure> {
    let job_id = unless_interrupted(begin(context, session, args)).await?;
    let job = follow::to_the_end(context, session, &job_id, args.terms.cancel_on_interrupt).await?;
    result::deliver(context, session, &job, args.terms.wish(None)).await?;
    Ok(Exit::Ok)
}

async fn begin(context: &Context, session: &Session, args: &ImageArgs) -> Result<String, Failure> {
    let mut uploads = [String::new(), String::new()];
    for (upload_id, file) in uploads.iter_mut().zip([&args.init, &args.mask]) {
        if let Some(file) = file {
            *upload_id = upload(session, file).await?;
        }
    }
    let [init, mask] = uploads;
    order::place(context, session, args.request(init, mask), &args.terms).await
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    #[test]
    fn arguments_become_a_request() {
        let line = "atelier image a fox --size 768x512 --guidance 0 --steps 8 --sampler lcm --algorithm p-1 \
                    --lora ink:0.8 --lora sharp --two-pass 0.5:0.6";
        let Some(Command::Image(args)) = Args::try_parse_from(line.split(' ')).expect("arguments").command
        else {
            panic!("an image")
        };
        assert!(args.check().is_ok());
        let request = args.request("i".to_owned(), String::new());
        let Some(Work::Image(image)) = request.work else { panic!("an image") };
        assert_eq!((image.prompt.as_str(), image.width_px, image.height_px), ("a fox", 768, 512));
        assert_eq!((image.guidance, image.steps, image.sampler.as_str()), (Some(0.0), 8, "lcm"));
        assert_eq!((image.init_asset_id.as_str(), image.count, image.seed), ("i", 1, None));
        let loras: Vec<_> = image.loras.iter().map(|lora| (lora.name.as_str(), lora.weight)).collect();
        assert_eq!(loras, [("ink", Some(0.8)), ("sharp", None)]);
        assert_eq!(image.two_pass, Some(TwoPass { scale: 0.5, strength: 0.6 }));
        assert_eq!(two_pass("0.5"), Ok(TwoPass { scale: 0.5, strength: 0.5 }));
        assert!(lora("ink:much").is_err() && lora(":1").is_err() && two_pass("half").is_err());
        assert_eq!(request.algorithm, "p-1");
        assert!(size("768").is_err() && size("ax9").is_err());
    }
}
