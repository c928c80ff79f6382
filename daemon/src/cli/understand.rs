//! `atelierd understand`.

use std::{
    fs::File,
    io::{BufRead, BufReader, stdin, stdout},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;

use crate::conversations::interpreter::understand_lines;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Conversations, one JSON object a line; `-` for standard input.
    file: PathBuf,
    /// Compare with the `expect` of each line and print totals at the end.
    #[arg(long)]
    score: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let input: Box<dyn BufRead> = if arguments.file.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let path = &arguments.file;
        Box::new(BufReader::new(File::open(path).with_context(|| format!("can't read {}", path.display()))?))
    };
    understand_lines(input, stdout().lock(), arguments.score)?;
    Ok(ExitCode::SUCCESS)
}
