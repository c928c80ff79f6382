//! `thumbnail`: the way of a person's sentence, or of exact settings, from the price to the saved file.

mod direct;
pub(crate) mod follow;
pub(crate) mod order;
pub(crate) mod result;
mod say;

use std::path::{Path, PathBuf};

use atelier_proto::{
    request_id,
    v1::{Aspect, PictureFormat},
};

use self::order::{Terms, unless_interrupted};
use super::{
    Context,
    exit::{Exit, Failure},
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
    /// A photo of the subject
    #[arg(long, value_name = "FILE")]
    pub(crate) photo: Option<PathBuf>,
    /// Go on with this conversation, so that "make it warmer" is understood
    #[arg(long, value_name = "ID", conflicts_with = "Settings")]
    pub(crate) conversation: Option<String>,
    #[command(flatten)]
    pub(crate) terms: Terms,
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
        self.terms.check()
    }
}

pub(crate) async fn run(context: &Context, session: &Session, args: &ThumbnailArgs) -> Result<Exit, Failure> {
    let begun = unless_interrupted(begin(context, session, args)).await?;
    let job = follow::to_the_end(context, session, &begun.job_id, args.terms.cancel_on_interrupt).await?;
    let conversation = begun.talk.as_ref().map(|talk| talk.conversation_id.clone());
    if let Some(talk) = begun.talk {
        for note in talk.notes().await {
            context.out.note(&note);
        }
    }
    result::deliver(context, session, &job, args.terms.wish(conversation.as_deref())).await?;
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
        let request = direct::request(args, photo.unwrap_or_default());
        let job_id = order::place(context, session, request, &args.terms).await?;
        Ok(Begun { job_id, talk: None })
    } else {
        say::begin(context, session, args, photo).await
    }
}

/// Sends a picture of the caller's, and answers its id.
pub(crate) async fn upload(session: &Session, photo: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(photo)
        .map_err(|error| Failure::new(Exit::Usage, format!("{} can't be read: {error}", photo.display())))?;
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    let asset = session.client.upload(&request_id(), &name, bytes.into()).await?;
    Ok(asset.asset_id)
}

#[cfg(test)]
mod tests {
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
}
