//! `atelierd understand`.

use std::{
    fs::File,
    io::{BufRead, BufReader, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;

use crate::{
    clock::Clock,
    config::{Config, Flags, Mistakes},
    conversations::interpreter::{Chain, ReportOptions, Source, understand_lines},
    engine::residency::Residency,
    metrics::Metrics,
    models::Painters,
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Conversations, one JSON object a line; `-` for standard input.
    file: PathBuf,
    /// Compare with the `expect` of each line and print totals at the end.
    #[arg(long)]
    score: bool,
    /// Print what the built-in interpreter took each span of the words for.
    #[arg(long)]
    explain: bool,
    /// Who is asked: the rules, the language model of `interpreter.endpoint` or of `interpreter.local` with the rules
    /// behind it, or the configured chain.
    #[arg(long, value_enum, default_value = "builtin")]
    interpreter: Interpreter,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Interpreter {
    Builtin,
    Endpoint,
    Local,
    Chain,
}

pub(super) fn run(arguments: &Arguments, file: Option<&Path>, flags: &Flags) -> anyhow::Result<ExitCode> {
    let input: Box<dyn BufRead> = if arguments.file.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let path = &arguments.file;
        Box::new(BufReader::new(File::open(path).with_context(|| format!("can't read {}", path.display()))?))
    };
    let options = ReportOptions { score: arguments.score, explain: arguments.explain };
    let config = asked(arguments.interpreter, file, flags)?;
    let library = Arc::new(Painters::new(&config));
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
    let residency = Residency::new(&config.residency, library, Clock::system(), metrics);
    let chain = Chain::new(&config.interpreter, &residency);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    understand_lines(input, stdout().lock(), options, |conversation| {
        runtime.block_on(chain.understand(conversation))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The configuration is read only where it matters, so that the rules can be asked without any.
fn asked(interpreter: Interpreter, file: Option<&Path>, flags: &Flags) -> anyhow::Result<Config> {
    let model = match interpreter {
        Interpreter::Builtin => return Ok(Config::default()),
        Interpreter::Chain => return Ok(Config::load(file, flags)?),
        Interpreter::Endpoint => Source::Endpoint,
        Interpreter::Local => Source::Local,
    };
    let mut config = Config::load(file, flags)?;
    config.interpreter.chain = vec![model, Source::Builtin];
    config.interpreter.check().map_err(|mistake| Mistakes(vec![format!("interpreter.{mistake}")]))?;
    Ok(config)
}
