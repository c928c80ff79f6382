//! Algorithms that paint with installed models: made and changed.

use atelier_proto::{
    request_id,
    v1::{AlgorithmState, CreateAlgorithmRequest, EditAlgorithmRequest, JobKind, PaintDefaults},
};

use super::catalogue;
use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        image::PaintArgs,
        words,
    },
    session::Session,
};

/// What an admin does with algorithms.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AlgorithmsCommand {
    /// Make one that paints with an installed model
    #[command(after_help = "Example:\n  atelier admin algorithms add photo-1 --model sd15 --kind image \
                            --price 2 \\\n    --steps 25 --sampler dpm++2m --template \"photo of {prompt}\" --activate")]
    Add {
        /// Name with version, such as photo-1
        name: String,
        /// The model; `atelier models` lists those that are installed
        #[arg(long)]
        model: String,
        /// What it makes
        #[arg(long, value_enum)]
        kind: KindArg,
        /// Credits for one picture
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=1_000_000))]
        price: u64,
        /// What it honestly is, in one line
        #[arg(long, value_name = "LINE", default_value = "")]
        summary: String,
        /// Take it when nobody picks one
        #[arg(long)]
        activate: bool,
        #[command(flatten)]
        defaults: DefaultsArgs,
    },
    /// Change what one says of itself and takes for granted; any default given replaces them all
    Edit {
        /// Its name
        name: String,
        /// What it honestly is, in one line
        #[arg(long, value_name = "LINE")]
        summary: Option<String>,
        #[command(flatten)]
        defaults: DefaultsArgs,
    },
}

/// What an algorithm takes where a request says nothing.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Where a request says nothing")]
pub(crate) struct DefaultsArgs {
    #[command(flatten)]
    paint: PaintArgs,
    /// What is said around a request's words, with {prompt} in their place
    #[arg(long, value_name = "TEXT")]
    template: Option<String>,
}

/// What an algorithm makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum KindArg {
    Image,
    Thumbnail,
}

impl From<KindArg> for JobKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Image => Self::Image,
            KindArg::Thumbnail => Self::Thumbnail,
        }
    }
}

impl DefaultsArgs {
    /// The defaults; none where nothing was said.
    fn given(self) -> Option<PaintDefaults> {
        let Self { paint: PaintArgs { negative, size, steps, guidance, sampler, lora }, template } = self;
        let (width_px, height_px) = size.unwrap_or_default();
        let defaults = PaintDefaults {
            steps: steps.unwrap_or_default(),
            guidance,
            sampler: sampler.unwrap_or_default(),
            width_px,
            height_px,
            negative: negative.unwrap_or_default(),
            template: template.unwrap_or_default(),
            loras: lora,
        };
        (defaults != PaintDefaults::default()).then_some(defaults)
    }
}

pub(super) async fn run(
    context: &Context,
    session: &Session,
    command: AlgorithmsCommand,
) -> Result<Exit, Failure> {
    match command {
        AlgorithmsCommand::Add { name, model, kind, price, summary, activate, defaults } => {
            let request = CreateAlgorithmRequest {
                request_id: request_id(),
                algorithm: name.clone(),
                kind: JobKind::from(kind).into(),
                model,
                summary,
                price_credits: price,
                defaults: defaults.given(),
            };
            create(context, session, request, activate).await?;
            if activate {
                return catalogue::set_state(context, session, &name, AlgorithmState::Active).await;
            }
            Ok(Exit::Ok)
        }
        AlgorithmsCommand::Edit { name, summary, defaults } => {
            let defaults = defaults.given();
            if summary.is_none() && defaults.is_none() {
                return Err(Failure::new(Exit::Usage, "say what shall change, such as --summary or --steps"));
            }
            let request =
                EditAlgorithmRequest { request_id: request_id(), algorithm: name, summary, defaults };
            edit(context, session, request).await
        }
    }
}

async fn create(
    context: &Context,
    session: &Session,
    request: CreateAlgorithmRequest,
    activate: bool,
) -> Result<(), Failure> {
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().create_algorithm(request).await }
        })
        .await?;
    let algorithm = answer.algorithm.unwrap_or_default();
    if activate {
        // Told once, as it is in the end.
        return Ok(());
    }
    context.out.object(&catalogue::view(&algorithm));
    context.out.line(&format!(
        "{} can be picked now, for {} a picture. `atelier admin activate {}` makes it the usual one.",
        algorithm.name,
        words::credits(algorithm.price_credits),
        algorithm.name
    ));
    Ok(())
}

async fn edit(context: &Context, session: &Session, request: EditAlgorithmRequest) -> Result<Exit, Failure> {
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().edit_algorithm(request).await }
        })
        .await?;
    let algorithm = answer.algorithm.unwrap_or_default();
    context.out.object(&catalogue::view(&algorithm));
    context
        .out
        .line(&format!("{} is changed. Jobs that were submitted before keep what they had.", algorithm.name));
    Ok(Exit::Ok)
}
