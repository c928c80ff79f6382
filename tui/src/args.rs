//! What can be typed on the command line. A command's own arguments stand beside the command.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::{
    cli::{
        account::{LoginArgs, PasswdArgs, RegisterArgs},
        admin::AdminCommand,
        chats::{ForgetArgs, LinkArgs},
        exit::Exit,
        image::ImageArgs,
        jobs::{CancelArgs, JobsArgs, RetryArgs},
        keys::KeysCommand,
        show::ShowArgs,
        thumbnail::ThumbnailArgs,
        wallet::WalletArgs,
    },
    ui::{Graphics, ThemeChoice},
};

const EXAMPLES: &str = "\
Examples:
  atelier
          Open the terminal UI; a daemon runs inside it unless one already serves the data folder
  atelier thumbnail \"a loaf on a dark board, title 'Crust'\" -o crust.jpg
          Make a thumbnail from a sentence and show it here
  atelier --connect https://studio.example:7340 login anna
          Log in to a daemon elsewhere
  atelier jobs --json | head -1
          The newest job, for a script
";

/// Atelier: a studio for pictures, on your own machine.
///
/// Without a command it opens the terminal UI. Where a daemon already serves the data folder, Atelier joins it;
/// where none does, it runs one inside this process for as long as it is needed.
#[derive(Debug, Parser)]
#[command(
    name = "atelier",
    version,
    after_help = format!("{}\n`atelier --help` shows examples.", Exit::table()),
    after_long_help = format!("{EXAMPLES}\n{}\n\n{KEY}", Exit::table()),
    infer_subcommands = false,
    max_term_width = 110
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const KEY: &str = "\
An API key is taken from the environment variable ATELIER_KEY only: arguments show in process lists.";

/// What every command understands.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Folder that holds the studio [default: atelier in the XDG data directory]
    #[arg(long, global = true, env = "ATELIER_DATA", value_name = "DIR", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// Use the daemon at unix:/path, host:port or https://host:port instead of a local one
    #[arg(long, global = true, env = "ATELIER_CONNECT", value_name = "ADDR", hide_env_values = true)]
    pub(crate) connect: Option<String>,
    /// PEM of the authority that signed that daemon's certificate, where it is not a public one
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Answer with one JSON object a line, errors too (those on standard error)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How pictures are drawn in the terminal
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "auto|kitty|sixel|iterm|halfblocks|off"
    )]
    pub(crate) graphics: Graphics,
    /// Colours of the terminal UI
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "auto|dark|light"
    )]
    pub(crate) theme: ThemeChoice,
    /// Leave after the first frame; for measuring how long the start takes
    #[arg(long, hide = true)]
    pub(crate) first_frame_exit: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a thumbnail from a sentence, or from a subject and exact settings
    Thumbnail(Box<ThumbnailArgs>),
    /// Paint a plain picture from a prompt, with an installed model
    Image(Box<ImageArgs>),
    /// List your jobs, newest first
    Jobs(JobsArgs),
    /// Show a job with its picture, or print a picture file in the terminal
    Show(ShowArgs),
    /// End a job that has not ended; its credits go back
    Cancel(CancelArgs),
    /// Run a job's request again
    Retry(RetryArgs),
    /// List the models that are installed, and which are in memory
    Models,
    /// What there is to spend
    Wallet(WalletArgs),
    /// Log in to a daemon elsewhere
    Login(LoginArgs),
    /// Open an account on a daemon elsewhere and log in
    Register(RegisterArgs),
    /// End this machine's session
    Logout,
    /// Tell who you are to the daemon
    Whoami,
    /// Set a new password
    Passwd(PasswdArgs),
    /// Join a chat identity to your account: prints a one-time code for the bot
    Link(LinkArgs),
    /// Delete all your conversations, pictures and jobs
    Forget(ForgetArgs),
    /// API keys for programs
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Run the studio: members, credits, jobs, algorithms
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Look at the terminal, the data folder and the daemon, and say what to do about them
    Doctor,
    /// Print completions for a shell
    #[command(
        after_help = "Example: atelier completions bash > ~/.local/share/bash-completion/completions/atelier"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Run the daemon in the foreground, without the UI
    #[command(hide = true)]
    Serve,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn help(path: &[&str]) -> String {
        let words = std::iter::once("atelier").chain(path.iter().copied()).chain(["--help"]);
        // A fixed width: the terminal of whoever runs the tests must not matter.
        let early = Args::command().term_width(100).try_get_matches_from(words);
        let text = early.expect_err("help is an early end").to_string();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn help_reads_well() {
        insta::assert_snapshot!("help", help(&[]));
        insta::assert_snapshot!("help_thumbnail", help(&["thumbnail"]));
        insta::assert_snapshot!("help_image", help(&["image"]));
        insta::assert_snapshot!("help_show", help(&["show"]));
        insta::assert_snapshot!("help_keys_new", help(&["keys", "new"]));
        insta::assert_snapshot!("help_admin", help(&["admin"]));
    }

    #[test]
    fn what_is_understood() {
        for line in [
            "atelier",
            "atelier --json jobs --state failed --all",
            "atelier jobs --json --limit 3",
            "atelier --connect unix:/run/a.sock whoami",
            "atelier thumbnail a loaf of bread -o crust.jpg --yes",
            "atelier thumbnail loaf --seed 7 --aspect 16:9 --count 4 --format png --style warm --style big",
            "atelier thumbnail loaf --photo me.jpg --max-price 3",
            "atelier image a red fox --negative dogs --size 768x512 --count 2 -o fox.png",
            "atelier image night --init room.jpg --mask table.png --strength 0.6",
            "atelier models",
            "atelier admin algorithms",
            "atelier admin algorithms add photo-1 --model sd15 --kind image --price 2 --activate",
            "atelier admin algorithms edit photo-1 --steps 20",
            "atelier admin models load sd15",
            "atelier show 0197 --follow",
            "atelier keys new ci --scope read,generate --expires 90d",
            "atelier admin credits anna -5 --reason error",
            "atelier admin credits anna",
            "atelier admin add anna",
            "atelier admin invite --uses 3 --valid 12h",
            "atelier completions zsh",
            "atelier serve --data /srv/atelier",
        ] {
            assert!(Args::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (line, kind) in [
            ("atelier frobnicate", ErrorKind::InvalidSubcommand),
            ("atelier thumbnail", ErrorKind::MissingRequiredArgument),
            ("atelier thumbnail loaf --aspect 3:2", ErrorKind::InvalidValue),
            ("atelier thumbnail loaf --count 9", ErrorKind::ValueValidation),
            ("atelier thumbnail loaf --key secret", ErrorKind::UnknownArgument),
            ("atelier thumbnail loaf --conversation c --seed 1", ErrorKind::ArgumentConflict),
            ("atelier image fox --size 768", ErrorKind::ValueValidation),
            ("atelier image fox --mask table.png", ErrorKind::MissingRequiredArgument),
            ("atelier admin algorithms add photo-1", ErrorKind::MissingRequiredArgument),
            ("atelier keys new ci --expires never", ErrorKind::ValueValidation),
            ("atelier admin credits anna 5", ErrorKind::MissingRequiredArgument),
            ("atelier admin suspend anna", ErrorKind::MissingRequiredArgument),
            ("atelier --graphics crayon", ErrorKind::InvalidValue),
        ] {
            let got = Args::try_parse_from(line.split(' ')).expect_err(line).kind();
            assert_eq!(got, kind, "{line}");
        }
    }
}
