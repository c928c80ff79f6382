//! From a request to a job: the price, the agreement, the submission. The same for everything that is made.

use std::path::PathBuf;

use atelier_proto::{
    request_id,
    v1::{GetQuoteRequest, JobRequest, Quote, SubmitJobRequest},
};

use super::result::Wish;
use crate::{
    cli::{
        Context,
        exit::{Act, Exit, Failure},
        prompt, words,
    },
    session::Session,
};

/// What is paid for a result, and where it goes.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Terms {
    /// Save here (several: name-1.jpg …) [default: a name from the subject]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite a file of that name
    #[arg(long)]
    pub(crate) force: bool,
    /// Agree to the price without being asked
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Pay at most this many credits
    #[arg(long, value_name = "N")]
    pub(crate) max_price: Option<u64>,
    /// Do not draw the picture in the terminal
    #[arg(long)]
    pub(crate) no_picture: bool,
    /// Cancel the job on Ctrl-C instead of leaving it to go on
    #[arg(long)]
    pub(crate) cancel_on_interrupt: bool,
}

impl Terms {
    /// What can be told to be wrong before anything is begun or paid.
    pub(crate) fn check(&self) -> Result<(), Failure> {
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

    /// How the result is handed over.
    pub(crate) fn wish<'a>(&'a self, conversation: Option<&'a str>) -> Wish<'a> {
        Wish { output: self.output.as_deref(), force: self.force, draw: !self.no_picture, conversation }
    }
}

/// What is begun, unless Ctrl-C comes first.
pub(crate) async fn unless_interrupted<T>(
    begin: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        begun = begin => begun,
        _ = tokio::signal::ctrl_c() => {
            // Whether the daemon had begun already can't be known here.
            let message = "interrupted; `atelier jobs` tells whether a job had begun already";
            Err(Failure::new(Exit::Interrupted, message))
        }
    }
}

/// Asks for the price, agrees to it, and submits. Answers the job's id.
pub(crate) async fn place(
    context: &Context,
    session: &Session,
    request: JobRequest,
    terms: &Terms,
) -> Result<String, Failure> {
    let asked = GetQuoteRequest { request: Some(request.clone()) };
    let quote = session
        .client
        .call(|client| {
            let asked = asked.clone();
            async move { client.jobs().get_quote(asked).await }
        })
        .await?
        .quote
        .unwrap_or_default();
    context.out.note(&price_line(&quote));
    match decide(&quote, terms, context.out.asks, quote.auto_confirm) {
        Decision::Run => {}
        Decision::Refuse(failure) => return Err(failure),
        Decision::Ask => {
            if !prompt::yes(context.out, "Make it?").await? {
                return Err(Failure::new(Exit::NeedsConfirmation, "not made; nothing was charged"));
            }
        }
    }
    let submit = SubmitJobRequest {
        request_id: request_id(),
        request: Some(request),
        // The price that was agreed to: one that rises in between is not paid.
        max_price_credits: Some(
            terms.max_price.map_or(quote.price_credits, |most| most.min(quote.price_credits)),
        ),
    };
    let answer = session
        .client
        .call(|client| {
            let submit = submit.clone();
            async move { client.jobs().submit_job(submit).await }
        })
        .await
        .map_err(|status| refused(&status))?;
    let job = answer.job.ok_or_else(|| Failure::new(Exit::Failed, "the daemon answered without a job"))?;
    Ok(job.job_id)
}

/// What a price means before it is paid.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Run,
    Ask,
    Refuse(Failure),
}

/// Pure: from the price, what is there to pay with, and what was said about it.
pub(super) fn decide(quote: &Quote, terms: &Terms, asks: bool, runs_unasked: bool) -> Decision {
    let price = words::credits(quote.price_credits);
    if quote.price_credits > quote.available_credits {
        let message = format!(
            "it costs {price} and there are {}; `atelier wallet` tells when free ones come",
            words::number(quote.available_credits)
        );
        return Decision::Refuse(Failure::new(Exit::NotEnoughCredits, message));
    }
    match terms.max_price {
        Some(most) if quote.price_credits > most => {
            let message = format!("it costs {price}, more than --max-price {most}; nothing was charged");
            Decision::Refuse(Failure::new(Exit::NeedsConfirmation, message))
        }
        _ if terms.yes || runs_unasked => Decision::Run,
        _ if asks => Decision::Ask,
        _ => {
            let message = format!("it costs {price}; agree with --yes");
            Decision::Refuse(Failure::new(Exit::NeedsConfirmation, message))
        }
    }
}

/// `3 credits of 20, begins after about 9 s (2 ahead), takes about 8 s`.
pub(super) fn price_line(quote: &Quote) -> String {
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
pub(super) fn refused(status: &tonic::Status) -> Failure {
    Failure::of(status, Act::Spend)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn terms(line: &str) -> Terms {
        let words = ["atelier", "thumbnail"].into_iter().chain(line.split(' '));
        match Args::try_parse_from(words).expect("arguments").command {
            Some(Command::Thumbnail(args)) => args.terms,
            other => panic!("{other:?}"),
        }
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
            let got = match decide(&quote, &terms(line), asks, unasked) {
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
        assert!(terms(&format!("loaf -o {taken}")).check().is_err());
        assert!(terms(&format!("loaf -o {taken} --force")).check().is_ok());
        assert!(terms(&format!("loaf -o {}/no/such.jpg", folder.path().display())).check().is_err());
        assert!(terms("loaf").check().is_ok());
    }
}
