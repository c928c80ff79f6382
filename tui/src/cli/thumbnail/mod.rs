//! `thumbnail`: the way of a person's sentence, or of exact settings, from the price to the saved file.

mod direct;
pub(crate) mod follow;
pub(crate) mod result;
mod say;

use std::path::{Path, PathBuf};

use atelier_proto::{
    request_id,
    v1::{Aspect, PictureFormat},
};

use super::{
    Context,
    exit::{Act, Exit, Failure},
    words,
};
use crate::session::Session;

const HELP: &str = "\
Two ways:
  Without settings, TEXT is a sentence and the daemon understands it, as it does in every chat:
  what it shows, the title in quotes, colours, shape, how many.
  With any of the settings below, TEXT is the subject and nothing is read into it.

Prices at or under the daemon's limit run at once. Above it a terminal asks; anything else ends
with exit code 8 unless --yes is given. A job outlives this command: after Ctrl-C
`atelier show --follow JOB` waits for it again.

Examples:
  atelier thumbnail \"a loaf on a dark board, title 'Crust', warm\" -o crust.jpg
  atelier thumbnail \"make me look surprised\" --photo me.jpg
  atelier thumbnail \"a loaf on a dark board\" --title Crust --seed 7 --count 4 -o crust.png
  atelier thumbnail \"a red fox\" --json --yes | jq -r '.files[].path'";

/// What to make.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct ThumbnailArgs {
    /// A sentence, or the subject where settings are given
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    /// Save here (several: name-1.jpg …) [default: a name from the subject]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite a file of that name
    #[arg(long)]
    pub(crate) force: bool,
    /// A photo of the subject
    #[arg(long, value_name = "FILE")]
    pub(crate) photo: Option<PathBuf>,
    /// Agree to the price without being asked
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Pay at most this many credits
    #[arg(long, value_name = "N")]
    pub(crate) max_price: Option<u64>,
    /// Go on with this conversation, so that "make it warmer" is understood
    #[arg(long, value_name = "ID", conflicts_with = "Settings")]
    pub(crate) conversation: Option<String>,
    /// Do not draw the picture in the terminal
    #[arg(long)]
    pub(crate) no_picture: bool,
    /// Cancel the job on Ctrl-C instead of leaving it to go on
    #[arg(long)]
    pub(crate) cancel_on_interrupt: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Exact settings. Any of them turns the text into the subject.
#[derive(Debug, Default, clap::Args)]
#[group(id = "Settings", multiple = true)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// The exact words to set on the picture
    #[arg(long, value_name = "WORDS")]
    pub(crate) title: Option<String>,
    /// A look or mood; may be given several times
    #[arg(long, value_name = "WORD")]
    pub(crate) style: Vec<String>,
    /// A colour word or #rrggbb; may be given several times
    #[arg(long, value_name = "COLOUR")]
    pub(crate) palette: Vec<String>,
    /// Shape
    #[arg(long, value_enum)]
    pub(crate) aspect: Option<AspectArg>,
    /// How many different ones, 1 to 8
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=8))]
    pub(crate) count: Option<u32>,
    /// Seed of the first, to make the same again
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// File type [default: png for a name that ends so, else jpeg]
    #[arg(long, value_enum)]
    pub(crate) format: Option<FormatArg>,
    /// Algorithm version, such as draft-1 [default: the active one]
    #[arg(long, value_name = "NAME")]
    pub(crate) algorithm: Option<String>,
}

impl Settings {
    fn are_given(&self) -> bool {
        let Self { title, style, palette, aspect, count, seed, format, algorithm } = self;
        title.is_some()
            || !style.is_empty()
            || !palette.is_empty()
            || aspect.is_some()
            || count.is_some()
            || seed.is_some()
            || format.is_some()
            || algorithm.is_some()
    }
}

/// A shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AspectArg {
    #[value(name = "16:9")]
    Wide,
    #[value(name = "9:16")]
    Tall,
    #[value(name = "1:1")]
    Square,
    #[value(name = "4:5")]
    Portrait,
}

impl From<AspectArg> for Aspect {
    fn from(aspect: AspectArg) -> Self {
        match aspect {
            AspectArg::Wide => Self::Wide169,
            AspectArg::Tall => Self::Tall916,
            AspectArg::Square => Self::Square11,
            AspectArg::Portrait => Self::Portrait45,
        }
    }
}

/// A file type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FormatArg {
    Jpeg,
    Png,
}

impl From<FormatArg> for PictureFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Jpeg => Self::Jpeg,
            FormatArg::Png => Self::Png,
        }
    }
}

impl ThumbnailArgs {
    fn words(&self) -> String {
        self.text.join(" ")
    }

    /// What can be told to be wrong before anything is begun or paid.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.words().trim().is_empty() {
            return Err(Failure::new(Exit::Usage, "say what the thumbnail shall show"));
        }
        let Some(output) = self.output.as_deref() else { return Ok(()) };
        let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
            return Err(Failure::new(Exit::Usage, format!("there is no folder {}", parent.display())));
        }
        if output.is_file() && !self.force {
            let message = format!("{} exists; name another file or add --force", output.display());
            return Err(Failure::new(Exit::Usage, message));
        }
        Ok(())
    }
}

pub(crate) async fn run(context: &Context, session: &Session, args: &ThumbnailArgs) -> Result<Exit, Failure> {
    let begun = tokio::select! {
        begun = begin(context, session, args) => begun?,
        _ = tokio::signal::ctrl_c() => {
            // Whether the daemon had begun already can't be known here.
            let message = "interrupted; `atelier jobs` tells whether a job had begun already";
            return Err(Failure::new(Exit::Interrupted, message));
        }
    };
    let job = follow::to_the_end(context, session, &begun.job_id, args.cancel_on_interrupt).await?;
    let conversation = begun.talk.as_ref().map(|talk| talk.conversation_id.clone());
    if let Some(talk) = begun.talk {
        for note in talk.notes().await {
            context.out.note(&note);
        }
    }
    let wish = result::Wish {
        output: args.output.as_deref(),
        force: args.force,
        draw: !args.no_picture,
        conversation: conversation.as_deref(),
    };
    result::deliver(context, session, &job, wish).await?;
    Ok(Exit::Ok)
}

/// A job that was begun.
struct Begun {
    job_id: String,
    /// The conversation that it was begun in.
    talk: Option<say::Talk>,
}

async fn begin(context: &Context, session: &Session, args: &ThumbnailArgs) -> Result<Begun, Failure> {
    let photo = match &args.photo {
        Some(photo) => Some(upload(session, photo).await?),
        None => None,
    };
    if args.settings.are_given() {
        direct::begin(context, session, args, photo.unwrap_or_default()).await
    } else {
        say::begin(context, session, args, photo).await
    }
}

async fn upload(session: &Session, photo: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(photo)
        .map_err(|error| Failure::new(Exit::Usage, format!("{} can't be read: {error}", photo.display())))?;
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    let asset = session.client.upload(&request_id(), &name, bytes.into()).await?;
    Ok(asset.asset_id)
}

/// What a price means before it is paid.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Run,
    Ask,
    Refuse(Failure),
}

/// Pure: from the price, what is there to pay with, and what was said about it.
fn decide(
    quote: &atelier_proto::v1::Quote,
    args: &ThumbnailArgs,
    asks: bool,
    runs_unasked: bool,
) -> Decision {
    let price = words::credits(quote.price_credits);
    if quote.price_credits > quote.available_credits {
        let message = format!(
            "it costs {price} and there are {}; `atelier wallet` tells when free ones come",
            words::number(quote.available_credits)
        );
        return Decision::Refuse(Failure::new(Exit::NotEnoughCredits, message));
    }
    match args.max_price {
        Some(most) if quote.price_credits > most => {
            let message = format!("it costs {price}, more than --max-price {most}; nothing was charged");
            Decision::Refuse(Failure::new(Exit::NeedsConfirmation, message))
        }
        _ if args.yes || runs_unasked => Decision::Run,
        _ if asks => Decision::Ask,
        _ => {
            let message = format!("it costs {price}; agree with --yes");
            Decision::Refuse(Failure::new(Exit::NeedsConfirmation, message))
        }
    }
}

/// `3 credits of 20, begins after about 9 s (2 ahead), takes about 8 s`.
fn price_line(quote: &atelier_proto::v1::Quote) -> String {
    let mut line =
        format!("{} of {}", words::credits(quote.price_credits), words::number(quote.available_credits));
    if quote.wait_ms > 0 || quote.queue_ahead > 0 {
        line += &format!(
            ", begins after about {} ({} ahead)",
            words::duration(quote.wait_ms.into()),
            quote.queue_ahead
        );
    }
    if quote.run_ms > 0 {
        line += &format!(", takes about {}", words::duration(quote.run_ms.into()));
    }
    line
}

/// Something paid for was refused.
fn refused(status: &tonic::Status) -> Failure {
    Failure::of(status, Act::Spend)
}

#[cfg(test)]
mod tests {
    use atelier_proto::v1::Quote;
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn args(line: &str) -> ThumbnailArgs {
        let words = ["atelier", "thumbnail"].into_iter().chain(line.split(' '));
        match Args::try_parse_from(words).expect("arguments").command {
            Some(Command::Thumbnail(args)) => *args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn settings_turn_the_sentence_into_a_subject() {
        for (line, given) in [
            ("a loaf -o crust.jpg --yes --photo me.jpg --max-price 3", false),
            ("a loaf --seed 0", true),
            ("a loaf --format png", true),
            ("a loaf --style warm", true),
            ("a loaf --title Crust", true),
        ] {
            assert_eq!(args(line).settings.are_given(), given, "{line}");
        }
        assert_eq!(args("a loaf of bread").words(), "a loaf of bread");
    }

    #[test]
    fn prices_are_agreed_to_before_they_are_paid() {
        let refused = |exit: Exit| format!("refused {}", exit.code());
        for (line, price, available, asks, unasked, wanted) in [
            ("loaf", 1, 20, true, true, "run".to_owned()),
            ("loaf", 5, 20, true, false, "ask".to_owned()),
            ("loaf", 5, 20, false, false, refused(Exit::NeedsConfirmation)),
            ("loaf --yes", 5, 20, false, false, "run".to_owned()),
            ("loaf --yes --max-price 4", 5, 20, true, false, refused(Exit::NeedsConfirmation)),
            ("loaf --max-price 5", 5, 20, true, true, "run".to_owned()),
            ("loaf --yes", 21, 20, true, false, refused(Exit::NotEnoughCredits)),
        ] {
            let quote = Quote { price_credits: price, available_credits: available, ..Quote::default() };
            let got = match decide(&quote, &args(line), asks, unasked) {
                Decision::Run => "run".to_owned(),
                Decision::Ask => "ask".to_owned(),
                Decision::Refuse(failure) => refused(failure.exit),
            };
            assert_eq!(got, wanted, "{line} at {price} of {available}");
        }
    }

    #[test]
    fn the_price_in_one_line() {
        let quote = Quote {
            price_credits: 3,
            available_credits: 20,
            wait_ms: 8_200,
            run_ms: 7_000,
            queue_ahead: 2,
            ..Quote::default()
        };
        assert_eq!(price_line(&quote), "3 credits of 20, begins after about 9 s (2 ahead), takes about 7 s");
    }

    #[test]
    fn a_taken_name_is_found_before_anything_is_paid() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = folder.path().join("crust.jpg");
        std::fs::write(&taken, b"mine").expect("written");
        let taken = taken.display();
        assert!(args(&format!("loaf -o {taken}")).check().is_err());
        assert!(args(&format!("loaf -o {taken} --force")).check().is_ok());
        assert!(args(&format!("loaf -o {}/no/such.jpg", folder.path().display())).check().is_err());
        assert!(args("loaf").check().is_ok());
    }
}
