//! `atelierd bench built-in`: a thumbnail by the built-in model, asked of a whole daemon in this process, and how quickly
//! that answers others meanwhile.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use atelier_models::{Error, Observer, Output, Pipeline, Request, Stage, Step, built_in};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, News, Patience},
    request_id,
    v1::{GetJobRequest, JobRequest, JobState, SubmitJobRequest, ThumbnailRequest, job_request::Work},
};

use super::{median, say};
use crate::{
    app::{App, Setup},
    clock::Clock,
    config::Config,
    engine::{self, MakePipeline},
    models::Painters,
};

/// Pause between two questions after the daemon's health.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// Most runs: what a day's free credits pay, less the first.
const MOST_RUNS: usize = 19;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Timed thumbnails after one to warm up; medians count.
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

/// When the parts of a run were done, in seconds since it began.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    steps: Option<f64>,
    decoded: Option<f64>,
    doubled: Option<f64>,
    ended: f64,
}

type Kept = Arc<Mutex<Vec<Marks>>>;

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runs = arguments.runs;
    ensure!((1..=MOST_RUNS).contains(&runs), "--runs: 1 to {MOST_RUNS} runs can be timed");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = Folder::new()?;
    runtime.block_on(measure(&folder, runs))?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(folder: &Folder, runs: usize) -> anyhow::Result<()> {
    let mut config = Config { data: folder.0.join("data"), ..Config::default() };
    config.listen.socket = folder.0.join("socket");
    config.listen.grpc = None;
    config.http.listen = ([127, 0, 0, 1], 0).into();
    let kept = Kept::default();
    let library = Arc::new(Painters::new(&config));
    let setup = Setup { config, clock: Clock::system(), pipelines: timed(&kept), library, network: true };
    let app = App::start(setup, &|_| ()).await?;
    let address = app.http_address().context("the daemon serves no HTTP")?;
    let endpoint = Endpoint::Unix(app.socket().to_owned());
    let client = Client::new(&endpoint, Credentials::None, Patience::INTERACTIVE)?;
    let mut whole = Vec::new();
    make(&client, 0).await?;
    let (done, until) = mpsc::sync_channel::<()>(1);
    let asking = std::thread::spawn(move || ask(address, &until));
    for run in 0..runs {
        let begun = Instant::now();
        make(&client, run as u64 + 1).await?;
        whole.push(begun.elapsed().as_secs_f64());
    }
    drop(done);
    let health = tokio::task::spawn_blocking(move || asking.join()).await?;
    app.stop().await;
    let marks = kept.lock().unwrap_or_else(PoisonError::into_inner).split_off(1);
    tell(whole, &marks);
    match health {
        Ok(Ok((slowest, asked))) => {
            say(&format!("health   {:7.1} ms  the slowest of {asked} answers meanwhile", slowest * 1e3));
        }
        Ok(Err(error)) => bail!("the daemon did not answer: {error}"),
        Err(_) => bail!("the thread that asks broke down"),
    }
    Ok(())
}

fn tell(whole: Vec<f64>, marks: &[Marks]) {
    let of = |part: &dyn Fn(&Marks) -> Option<f64>| median(marks.iter().filter_map(part).collect());
    let since = |later: Option<f64>, earlier: Option<f64>| Some(later? - earlier?);
    say(&format!("whole    {:7.3} s   1280×720 with a title, from asking to the kept file", median(whole)));
    say(&format!(
        "steps    {:7.3} s   {} of them, with the prompt",
        of(&|marks| marks.steps),
        built_in::STEPS
    ));
    say(&format!("decode   {:7.3} s", of(&|marks| since(marks.decoded, marks.steps))));
    say(&format!("double   {:7.3} s   and cut to shape", of(&|marks| since(marks.doubled, marks.decoded))));
    say(&format!("compose  {:7.3} s   title and file", of(&|marks| since(Some(marks.ended), marks.doubled))));
    if let Some(bytes) = peak_bytes() {
        say(&format!("memory   {:7.0} MiB at most, all of the process", bytes as f64 / f64::from(1 << 20)));
    }
}

/// Has one thumbnail made, to the end.
async fn make(client: &Client, seed: u64) -> anyhow::Result<()> {
    let thumbnail = ThumbnailRequest {
        subject: "mountains at dawn".to_owned(),
        title: "7 PEAKS".to_owned(),
        seed: Some(seed),
        ..ThumbnailRequest::default()
    };
    let algorithm = built_in::THUMBNAILS.to_owned();
    let request = JobRequest { work: Some(Work::Thumbnail(thumbnail)), algorithm };
    let submit =
        SubmitJobRequest { request_id: request_id(), request: Some(request), max_price_credits: None };
    let answer = client.jobs().submit_job(submit).await.map_err(|status| anyhow::anyhow!("{status}"))?;
    let job = answer.into_inner().job.context("no job")?;
    let mut news = client.follow_job(&job.job_id, 0);
    while let Some(news) = news.next().await {
        if let News::Refused(status) = news {
            bail!("{}", status.message());
        }
    }
    let asked = GetJobRequest { job_id: job.job_id };
    let ended = client.jobs().get_job(asked).await.map_err(|status| anyhow::anyhow!("{status}"))?;
    let ended = ended.into_inner().job.context("no job")?;
    ensure!(ended.state() == JobState::Succeeded, "the thumbnail failed: {}", ended.message);
    Ok(())
}

/// Asks after the daemon's health until `until` closes: the slowest answer in seconds, and how many there were.
fn ask(address: SocketAddr, until: &mpsc::Receiver<()>) -> std::io::Result<(f64, usize)> {
    let (mut slowest, mut asked) = (0.0_f64, 0);
    while until.recv_timeout(ASK_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 200") {
            return Err(std::io::Error::other(answer));
        }
        slowest = slowest.max(begun.elapsed().as_secs_f64());
        asked += 1;
    }
    Ok((slowest, asked))
}

/// The pipelines of the daemon, and when their parts are done.
fn timed(kept: &Kept) -> MakePipeline {
    let (kept, make) = (Arc::clone(kept), engine::built_in());
    Arc::new(move |recipe, model| Ok(Box::new(Timed { real: make(recipe, model)?, kept: Arc::clone(&kept) })))
}

struct Timed {
    real: Box<dyn Pipeline>,
    kept: Kept,
}

impl Pipeline for Timed {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let mut watch = Watch { observer, begun: Instant::now(), marks: Marks::default() };
        let made = self.real.run(request, &mut watch)?;
        watch.marks.ended = watch.begun.elapsed().as_secs_f64();
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(watch.marks);
        Ok(made)
    }
}

struct Watch<'a> {
    observer: &'a mut dyn Observer,
    begun: Instant,
    marks: Marks,
}

impl Observer for Watch<'_> {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        let now = self.begun.elapsed().as_secs_f64();
        let (number, total) = step.steps;
        let marks = &mut self.marks;
        if total > 0 && number == total {
            marks.steps.get_or_insert(now);
        } else if marks.steps.is_some() {
            // Steps are told until the picture is decoded.
            marks.decoded.get_or_insert(now);
        }
        if step.stage == Stage::Subject {
            marks.doubled.get_or_insert(now);
        }
        self.observer.step(step)
    }

    fn preview(&mut self, variant: u32, jpeg: Vec<u8>, cost: Duration) {
        self.observer.preview(variant, jpeg, cost);
    }
}

/// The most memory that this process has ever had, where the system tells.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

/// A folder of the temporary ones, gone with this.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("atelier-bench-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
