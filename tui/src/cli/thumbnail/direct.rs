//! Exact settings: a request of our own, priced and submitted.

use atelier_proto::{
    request_id,
    v1::{
        Aspect, GetQuoteRequest, JobRequest, PictureFormat, SubmitJobRequest, ThumbnailRequest,
        job_request::Work,
    },
};

use super::{Begun, Decision, FormatArg, ThumbnailArgs, decide, price_line, refused};
use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        prompt,
    },
    session::Session,
};

pub(super) async fn begin(
    context: &Context,
    session: &Session,
    args: &ThumbnailArgs,
    photo: String,
) -> Result<Begun, Failure> {
    let request = request(args, photo);
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
    match decide(&quote, args, context.out.asks, quote.auto_confirm) {
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
            args.max_price.map_or(quote.price_credits, |most| most.min(quote.price_credits)),
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
    Ok(Begun { job_id: job.job_id, talk: None })
}

fn request(args: &ThumbnailArgs, photo: String) -> JobRequest {
    let settings = &args.settings;
    let thumbnail = ThumbnailRequest {
        subject: args.words(),
        title: settings.title.clone().unwrap_or_default(),
        aspect: settings.aspect.map_or(Aspect::Unspecified, Aspect::from).into(),
        style: settings.style.clone(),
        palette: settings.palette.clone(),
        count: settings.count.unwrap_or(1),
        seed: settings.seed,
        format: format(args).into(),
        subject_asset_id: photo,
    };
    JobRequest {
        work: Some(Work::Thumbnail(thumbnail)),
        algorithm: settings.algorithm.clone().unwrap_or_default(),
    }
}

/// What was asked for, or what the name of the file says.
fn format(args: &ThumbnailArgs) -> PictureFormat {
    let of_name = args.output.as_ref().and_then(|output| output.extension());
    match args.settings.format {
        Some(format) => format.into(),
        None if of_name.is_some_and(|extension| extension.eq_ignore_ascii_case("png")) => {
            FormatArg::Png.into()
        }
        None => PictureFormat::Unspecified,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Settings, *};

    #[test]
    fn the_name_of_the_file_tells_its_type_unless_it_is_said() {
        for (output, said, wanted) in [
            (None, None, PictureFormat::Unspecified),
            (Some("a.PNG"), None, PictureFormat::Png),
            (Some("a.jpg"), None, PictureFormat::Unspecified),
            (Some("a.png"), Some(FormatArg::Jpeg), PictureFormat::Jpeg),
        ] {
            let args = ThumbnailArgs {
                text: vec!["a".to_owned(), "loaf".to_owned()],
                output: output.map(Into::into),
                force: false,
                photo: None,
                yes: false,
                max_price: None,
                conversation: None,
                no_picture: false,
                cancel_on_interrupt: false,
                settings: Settings { format: said, ..Settings::default() },
            };
            assert_eq!(format(&args), wanted, "{output:?} {said:?}");
            let Some(Work::Thumbnail(thumbnail)) = request(&args, String::new()).work else {
                panic!("a thumbnail")
            };
            assert_eq!(thumbnail.subject, "a loaf");
        }
    }
}
