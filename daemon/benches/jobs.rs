//! Jobs over the wire: `submit` measures SubmitJob with its durable reserve, `page` a page of 50 jobs out of many.
//!
//! `cargo bench -p atelier-daemon --bench jobs -- submit [RATE] [SECONDS]`
//! `cargo bench -p atelier-daemon --bench jobs -- page [JOBS]`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints what it measured")]

use std::{
    fs::File,
    io::Write as _,
    num::NonZeroU32,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use atelier_daemon::{
    accounts::Registration,
    app::{App, Setup},
    clock::Clock,
    config::{Config, FREE_PLAN},
    engine,
};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, MemoryTokens, Patience},
    request_id,
    v1::{self as wire, job_request::Work},
};

const CLIENTS: usize = 32;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number =
        |place: usize, usual: u64| arguments.get(place).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match arguments.first().map(String::as_str) {
        Some("page") => runtime.block_on(page(number(1, 100_000))),
        _ => runtime.block_on(submit(number(1, 300), number(2, 10))),
    }
}

async fn studio(folder: &Path) -> (App, Vec<Client>) {
    let mut config = Config::default();
    config.data = folder.join("data");
    config.listen.socket = folder.join("a.sock");
    config.accounts.registration = Registration::Open;
    config.queue.max_jobs = u32::MAX;
    config.queue.max_jobs_per_member = u32::MAX;
    config.limits.address_per_minute = NonZeroU32::MAX;
    config.limits.account_per_hour = NonZeroU32::MAX;
    config.limits.generations_per_day = u32::MAX;
    config.drain.grace_s = 0;
    config.plans.get_mut(FREE_PLAN).unwrap().daily_credits = 100_000_000;
    let setup = Setup {
        config,
        clock: Clock::system(),
        pipelines: engine::built_in(),
        library: Arc::new(engine::residency::NoModels),
        network: false,
    };
    let app = App::start(setup, &|_| ()).await.unwrap();
    let endpoint = Endpoint::Unix(app.socket().to_owned());
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let stranger = Client::new(&endpoint, Credentials::None, Patience::NONE).unwrap();
        let request = wire::RegisterRequest {
            request_id: request_id(),
            name: format!("member-{number}"),
            password: "correct horse battery".to_owned(),
            invitation: String::new(),
        };
        let tokens = stranger.accounts().register(request).await.unwrap().into_inner().tokens.unwrap();
        let credentials = Credentials::Session(Arc::new(MemoryTokens::new(tokens)));
        let client = stranger.with_credentials(credentials);
        // The first submit of a day grants the day's credits; that is not what is measured.
        one(&client).await;
        clients.push(client);
    }
    (app, clients)
}

async fn one(client: &Client) -> Duration {
    let thumbnail = wire::ThumbnailRequest {
        subject: "baking sourdough".to_owned(),
        title: "CRUST!".to_owned(),
        ..wire::ThumbnailRequest::default()
    };
    let request = wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(wire::JobRequest {
            work: Some(Work::Thumbnail(thumbnail)),
            algorithm: "draft-1".to_owned(),
        }),
        max_price_credits: None,
    };
    let began = Instant::now();
    client.jobs().submit_job(request).await.unwrap();
    began.elapsed()
}

/// Submits at a fixed rate, whatever the answers do, so that waiting is not left out of the figures.
async fn submit(rate: u64, seconds: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (app, clients) = studio(folder.path()).await;
    let fsync = fdatasync(folder.path());
    let (total, every) = (rate * seconds, Duration::from_secs_f64(1.0 / rate as f64));
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut tasks = tokio::task::JoinSet::new();
    let began = Instant::now();
    for number in 0..total {
        let due = ticks.tick().await;
        let client = clients[number as usize % CLIENTS].clone();
        tasks.spawn(async move {
            one(&client).await;
            // From when it was due, not from when it was sent.
            due.elapsed()
        });
    }
    let mut times = tasks.join_all().await;
    let took = began.elapsed();
    println!("SubmitJob, {CLIENTS} clients, {rate}/s for {seconds} s (engine working meanwhile)");
    println!("  sent {total} in {:.2} s", took.as_secs_f64());
    println!("  latency {}", percentiles(&mut times));
    println!("  fdatasync of this disk after 4 KiB {fsync}");
    app.stop().await;
}

async fn page(jobs: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (app, clients) = studio(folder.path()).await;
    let began = Instant::now();
    let first = &clients[0];
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..jobs {
        let client = first.clone();
        tasks.spawn(async move { one(&client).await });
        if tasks.len() >= 64 {
            tasks.join_next().await.unwrap().unwrap();
        }
    }
    tasks.join_all().await;
    println!(
        "ListJobs, page of 50 out of {jobs} jobs of one member (filled in {:.0} s)",
        began.elapsed().as_secs_f64()
    );
    for (name, state) in [("all", wire::JobState::Unspecified), ("queued", wire::JobState::Queued)] {
        let (mut first_pages, mut deep_pages) = (Vec::new(), Vec::new());
        for _ in 0..50 {
            let mut token = String::new();
            for depth in 0..20 {
                let request = wire::ListJobsRequest {
                    page_size: 50,
                    page_token: std::mem::take(&mut token),
                    state: state.into(),
                    ..wire::ListJobsRequest::default()
                };
                let began = Instant::now();
                let answer = first.jobs().list_jobs(request).await.unwrap().into_inner();
                if depth == 0 { &mut first_pages } else { &mut deep_pages }.push(began.elapsed());
                assert_eq!(answer.jobs.len(), 50);
                token = answer.next_page_token;
            }
        }
        println!("  {name}: first page {}", percentiles(&mut first_pages));
        println!("  {name}: pages 2 to 20 {}", percentiles(&mut deep_pages));
    }
    app.stop().await;
}

fn fdatasync(folder: &Path) -> String {
    let mut file = File::create(folder.join("probe")).unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[0; 4096]).unwrap();
            let began = Instant::now();
            file.sync_data().unwrap();
            began.elapsed()
        })
        .collect();
    percentiles(&mut times)
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    format!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", at(0.5), at(0.99), at(1.0))
}
