//! The end of a job: its files on disk, its picture on the terminal, one line that tells what it is.

use std::path::{Path, PathBuf};

use atelier_proto::v1::{Job, ListAlgorithmsRequest, Result as Made};
use serde_json::{Value, json};

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        picture, save,
        view::{self, JobView},
        words,
    },
    session::Session,
};

/// How a result shall be handed over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Where to save it.
    pub(crate) output: Option<&'a Path>,
    /// Overwrite what is there.
    pub(crate) force: bool,
    /// Show it in the terminal.
    pub(crate) draw: bool,
    /// The conversation that it came from, to go on with.
    pub(crate) conversation: Option<&'a str>,
}

/// Saves every picture of the job and tells of it.
pub(crate) async fn deliver(
    context: &Context,
    session: &Session,
    job: &Job,
    wish: Wish<'_>,
) -> Result<(), Failure> {
    if job.results.is_empty() {
        return Err(Failure::new(Exit::Failed, format!("job {} has no pictures (any more)", job.job_id)));
    }
    let algorithm = view::algorithm(job);
    let summary = summary(session, &algorithm).await;
    let names = save::names(wish.output, &view::title(job), job.results.len(), extension(&job.results[0]));
    let mut files = Vec::new();
    for (made, name) in job.results.iter().zip(names) {
        let (path, bytes) = fetch(session, job, made, &name, wish.force).await?;
        if path != name {
            context.out.note(&format!(
                "{} exists already, so the picture is {}",
                name.display(),
                path.display()
            ));
        }
        if !suits(&path, &made.media_type) {
            context.out.note(&format!(
                "{} holds {}, whatever its name says",
                path.display(),
                made.media_type
            ));
        }
        if wish.draw && !context.out.json {
            // It is saved; a terminal that can't show it is no reason to fail.
            if let Err(failure) = picture::print(bytes, context.global.graphics).await {
                context.out.note(&failure.message);
            }
        }
        context.out.line(&line(&path, job, made, &algorithm, &summary));
        files.push(json!({
            "path": path,
            "media_type": made.media_type,
            "width_px": made.width_px,
            "height_px": made.height_px,
            "size_bytes": made.size_bytes,
            "seed": made.seed,
        }));
    }
    context.out.object(&json!({
        "job": JobView::from(job),
        "files": files,
        "algorithm": algorithm,
        "algorithm_summary": summary,
        "conversation_id": wish.conversation,
    }));
    // In a conversation the daemon has said so already.
    if wish.conversation.is_none() {
        for note in notes(&job.results[0].settings_json) {
            context.out.note(&note);
        }
    }
    if let Some(conversation) = wish.conversation {
        context.out.note(&format!("Change it: atelier thumbnail \"…\" --conversation {conversation}"));
    }
    Ok(())
}

/// What a person should know of a picture with these settings.
fn notes(settings: &str) -> Vec<String> {
    let settings: Value = serde_json::from_str(settings).unwrap_or_default();
    let ignored: Vec<_> =
        settings["ignored"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let unused = (!ignored.is_empty()).then(|| format!("could not be used: {}", ignored.join(", ")));
    let made_by = settings["made_by"].as_str().map(str::to_owned);
    unused.into_iter().chain(made_by).collect()
}

async fn fetch(
    session: &Session,
    job: &Job,
    made: &Made,
    name: &Path,
    force: bool,
) -> Result<(PathBuf, Vec<u8>), Failure> {
    let kept = |failure: Failure| {
        let again = format!("the picture is kept: atelier show {} -o FILE", job.job_id);
        Failure::new(failure.exit, format!("{}; {again}", failure.message))
    };
    let download = session.client.download(&made.asset_id, 0).await.map_err(|status| kept(status.into()))?;
    let path = save::write(name, &download.bytes, force)
        .map_err(|error| kept(Failure::io(&format!("{} can't be written", name.display()), &error)))?;
    Ok((path, download.bytes))
}

/// What the algorithm honestly is. Without an answer the line goes without it.
async fn summary(session: &Session, algorithm: &str) -> String {
    let request = ListAlgorithmsRequest { include_retired: false };
    let answer =
        session.client.call(|client| async move { client.catalogue().list_algorithms(request).await }).await;
    let all = answer.map(|answer| answer.algorithms).unwrap_or_default();
    all.into_iter().find(|one| one.name == algorithm).map(|one| one.summary).unwrap_or_default()
}

fn extension(made: &Made) -> &'static str {
    match made.media_type.as_str() {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    }
}

/// Whether the name does not promise another type.
fn suits(path: &Path, media_type: &str) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "jpg" | "jpeg" => media_type == "image/jpeg",
        "png" => media_type == "image/png",
        "webp" => media_type == "image/webp",
        _ => true,
    }
}

fn line(path: &Path, job: &Job, made: &Made, algorithm: &str, summary: &str) -> String {
    let by = if summary.is_empty() { algorithm.to_owned() } else { format!("{algorithm} ({summary})") };
    // The price is for all of the job's pictures, so it is told only for what was really charged together.
    let price = words::credits(job.charged_credits);
    let price = match job.results.len() {
        1 => price,
        count => format!("{price} for {count}"),
    };
    format!(
        "{}  {} · {by} · seed {} · {price} · job {}",
        path.display(),
        words::size(made.size_bytes),
        made.seed,
        job.job_id
    )
}

#[cfg(test)]
mod tests {
    use atelier_proto::v1::JobState;

    use super::{super::super::view::tests::job, *};

    #[test]
    fn the_line_of_a_result() {
        let job = job("0197-c", JobState::Succeeded, "a loaf", "Crust");
        assert_eq!(view::title(&job), "Crust");
        assert_eq!(
            line(
                Path::new("crust.jpg"),
                &job,
                &job.results[0],
                &view::algorithm(&job),
                "built in, drawn by rules"
            ),
            "crust.jpg  182 kB · draft-1 (built in, drawn by rules) · seed 42 · 1 credit · job 0197-c"
        );
    }

    #[test]
    fn what_settings_say_is_told() {
        for (settings, told) in [
            ("", &[][..]),
            (r#"{"made_by":"rules","ignored":[]}"#, &["rules"]),
            (
                r#"{"made_by":"a model","ignored":["cat","big dog"]}"#,
                &["could not be used: cat, big dog", "a model"],
            ),
        ] {
            assert_eq!(notes(settings), told);
        }
    }

    #[test]
    fn names_that_promise_another_type() {
        for (name, media_type, suited) in [
            ("a.jpg", "image/jpeg", true),
            ("a.JPEG", "image/jpeg", true),
            ("a.png", "image/jpeg", false),
            ("a.img", "image/jpeg", true),
        ] {
            assert_eq!(suits(Path::new(name), media_type), suited, "{name}");
        }
    }
}
