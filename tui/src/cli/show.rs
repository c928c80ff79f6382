//! `show`: a picture file in the terminal, or a job with its picture.

use std::path::{Path, PathBuf};

use atelier_proto::v1::{GetJobRequest, Job, JobState};

use super::{
    Context,
    exit::{Exit, Failure},
    picture,
    thumbnail::{follow, result},
    view::{self, JobView},
    words,
};
use crate::session::Session;

/// Side of the preview that is fetched for the terminal.
const PREVIEW_PX: u32 = 1024;
/// Largest file that is read as a picture.
const MOST_BYTES: u64 = 256 << 20;

/// What to show.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  atelier show crust.jpg\n  atelier show 0197a5c2-… -o crust.jpg\n  \
                        atelier show --follow 0197a5c2-…")]
pub(crate) struct ShowArgs {
    /// A picture file, or the id of a job
    #[arg(value_name = "FILE|JOB")]
    pub(crate) what: String,
    /// Save the job's pictures here (several: name-1.jpg …)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite a file of that name
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Wait for the job's end
    #[arg(long)]
    pub(crate) follow: bool,
}

impl ShowArgs {
    /// Whether a file is meant. A job's id is never the name of a file that exists, except on purpose.
    pub(crate) fn is_file(&self) -> bool {
        Path::new(&self.what).is_file()
    }
}

pub(crate) async fn file(context: &Context, args: &ShowArgs) -> Result<Exit, Failure> {
    let path = Path::new(&args.what);
    let unreadable =
        |error: std::io::Error| Failure::io(&format!("{} can't be read", path.display()), &error);
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_BYTES {
        let message = format!("{} is too large for a picture ({})", path.display(), words::size(size));
        return Err(Failure::new(Exit::Usage, message));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    if !picture::is_seen(context.global.graphics) {
        let message = "pictures are only drawn on a terminal (and not with --graphics off)";
        return Err(Failure::new(Exit::Usage, message));
    }
    picture::print(bytes, context.global.graphics).await?;
    Ok(Exit::Ok)
}

pub(crate) async fn job(context: &Context, session: &Session, args: &ShowArgs) -> Result<Exit, Failure> {
    let mut job = get(session, &args.what).await?;
    if args.follow && matches!(job.state(), JobState::Queued | JobState::Running) {
        job = follow::to_the_end(context, session, &args.what, false).await?;
    }
    if let Some(output) = &args.output {
        let wish = result::Wish { output: Some(output), force: args.force, draw: true, conversation: None };
        result::deliver(context, session, &job, wish).await?;
        return Ok(Exit::Ok);
    }
    context.out.object(&JobView::from(&job));
    for (name, value) in facts(context, &job) {
        context.out.line(&format!("{name:<10} {value}"));
    }
    if !context.out.json && picture::is_seen(context.global.graphics) {
        for made in &job.results {
            let small = session.client.download(&made.asset_id, PREVIEW_PX).await?;
            picture::print(small.bytes, context.global.graphics).await?;
        }
    }
    Ok(Exit::Ok)
}

pub(crate) async fn get(session: &Session, id: &str) -> Result<Job, Failure> {
    let request = GetJobRequest { job_id: id.to_owned() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().get_job(request).await }
        })
        .await?;
    answer.job.ok_or_else(|| Failure::new(Exit::Failed, "the daemon answered without a job"))
}

fn facts(context: &Context, job: &Job) -> Vec<(&'static str, String)> {
    let zone = &context.zone;
    let mut facts = vec![("job", job.job_id.clone()), ("state", words::state(job.state()).to_owned())];
    if !job.message.is_empty() {
        facts.push(("why", job.message.clone()));
    }
    if !job.member_name.is_empty() {
        facts.push(("member", job.member_name.clone()));
    }
    facts.push(("what", view::subject(job)));
    facts.push(("algorithm", view::algorithm(job)));
    facts.push((
        "price",
        match (job.state(), job.refunded) {
            (_, true) => format!("{}, given back", words::credits(job.charged_credits)),
            (JobState::Succeeded, _) => words::credits(job.charged_credits),
            (JobState::Failed | JobState::Cancelled, _) => "nothing was charged".to_owned(),
            _ => format!("{} set aside", words::credits(job.price_credits)),
        },
    ));
    facts.push(("submitted", words::when(job.created_at.as_ref(), zone)));
    if job.ended_at.is_some() {
        facts.push(("ended", words::when(job.ended_at.as_ref(), zone)));
    }
    for made in &job.results {
        let size = words::size(made.size_bytes);
        facts.push((
            "picture",
            format!("{}×{}, {}, {size}, seed {}", made.width_px, made.height_px, made.media_type, made.seed),
        ));
    }
    facts
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{
        super::{print::Out, view::tests::job},
        *,
    };
    use crate::args::Global;

    #[test]
    fn a_job_in_words() {
        let context =
            Context { out: Out { json: false, asks: false }, global: Global::default(), zone: TimeZone::UTC };
        let text = [JobState::Queued, JobState::Succeeded, JobState::Failed].map(|state| {
            let facts = facts(&context, &job("0197-a", state, "a loaf", "Crust"));
            facts.iter().map(|(name, value)| format!("{name:<10} {value}")).collect::<Vec<_>>().join("\n")
        });
        insta::assert_snapshot!("show_job", text.join("\n\n"));
    }
}
