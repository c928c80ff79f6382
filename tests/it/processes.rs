//! The daemon as the system runs it: started, asked to stop, started twice, wrongly configured, watched.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, bail};
use atelier_daemon::config::default_socket;
use atelier_proto::{
    client::{Client, News},
    request_id,
    v1::{self as wire, JobState, TransferPhase, watch_job_response},
};
use atelier_tests::{Daemon, Home, atelierd, binary, finish};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UnixDatagram},
};

/// However busy the machine is, nothing that is waited for here takes longer.
const LONGEST: Duration = Duration::from_secs(120);

async fn submit(owner: &Client, count: u32) -> anyhow::Result<String> {
    let thumbnail = wire::ThumbnailRequest {
        subject: "baking sourdough".to_owned(),
        title: "CRUST!".to_owned(),
        count,
        ..Default::default()
    };
    let work = Some(wire::job_request::Work::Thumbnail(thumbnail));
    let request = wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(wire::JobRequest { work, ..Default::default() }),
        max_price_credits: None,
    };
    let job = owner.jobs().submit_job(request).await?.into_inner().job;
    Ok(job.context("no job")?.job_id)
}

/// The states that a job goes through, until `last` or its end.
async fn states(owner: &Client, job: &str, last: Option<JobState>) -> anyhow::Result<Vec<JobState>> {
    let mut follow = owner.follow_job(job, 0);
    let mut states = Vec::new();
    let followed = async {
        while let Some(news) = follow.next().await {
            match news {
                News::Message(message) => {
                    if let Some(watch_job_response::News::Event(event)) = message.news {
                        states.push(event.state());
                        if last == Some(event.state()) {
                            return Ok(());
                        }
                    }
                }
                News::Refused(status) => bail!("refused: {status}"),
                News::Connected | News::Lost(_) => {}
            }
        }
        Ok(())
    };
    tokio::time::timeout(LONGEST, followed).await.context("the job does not get on")??;
    Ok(states)
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_a_stop_cuts_off_is_done_after_the_next_start_and_charged_once() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut hurried = atelierd(folder.path())?;
    hurried.env("ATELIER_DRAIN__GRACE_S", "0");
    let mut daemon = Daemon::launch(hurried, folder.path())?;
    daemon.until_ready().await?;
    let owner = daemon.owner()?;
    // Long enough that a stop always meets it.
    let (long, next) = (submit(&owner, 8).await?, submit(&owner, 1).await?);
    states(&owner, &long, Some(JobState::Running)).await?;
    assert_eq!(daemon.terminate().await?.code(), Some(0));

    let mut daemon = Daemon::spawn(folder.path())?;
    daemon.until_ready().await?;
    let owner = daemon.owner()?;
    use JobState::{Queued, Running, Succeeded};
    assert_eq!(states(&owner, &long, None).await?, [Queued, Running, Queued, Running, Succeeded]);
    assert_eq!(states(&owner, &next, None).await?, [Queued, Running, Succeeded]);
    let request = wire::GetJobRequest { job_id: long.clone() };
    let job = owner.jobs().get_job(request).await?.into_inner().job.context("no job")?;
    assert_eq!((job.attempts, job.results.len(), job.charged_credits), (1, 8, 8), "a stop is no attempt");
    let request = wire::ListTransfersRequest { page_size: 200, ..Default::default() };
    let transfers = owner.credits().list_transfers(request).await?.into_inner().transfers;
    let own = transfers.iter().filter(|transfer| transfer.reference == long);
    let phases: Vec<_> = own.map(wire::Transfer::phase).collect();
    assert_eq!(phases, [TransferPhase::Capture, TransferPhase::Pending]);
    // With nothing under way there is nothing to wait for, whatever the grace.
    assert_eq!(daemon.terminate().await?.code(), Some(0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_daemon_is_told_who_holds_the_data() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut daemon = Daemon::spawn(folder.path())?;
    daemon.until_ready().await?;
    let mut second = atelierd(folder.path())?;
    second.arg("serve");
    let second = finish(second, "").await?;
    assert_eq!(second.code, Some(1), "{second:?}");
    let holder = format!("another daemon (process {}) holds", daemon.id());
    assert!(second.stderr.contains(&holder), "{second:?}");
    // The first one's socket is still its own; `ledger verify` goes through it.
    let mut verify = atelierd(folder.path())?;
    verify.args(["ledger", "verify"]);
    assert!(finish(verify, "").await?.good().contains("the ledger is sound"));
    daemon.owner()?.accounts().who_am_i(wire::WhoAmIRequest {}).await?;
    Ok(())
}

/// `atelierd`, begun in a person's home with the usual places.
fn atelierd_at_home(home: &Home) -> anyhow::Result<std::process::Command> {
    let mut command = std::process::Command::new(binary("atelierd")?);
    command.env_clear().envs(home.environment()).env("ATELIER_HTTP__LISTEN", "127.0.0.1:0");
    Ok(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn atelier_joins_a_daemon_that_runs_and_runs_one_itself_otherwise() -> anyhow::Result<()> {
    let home = Home::new()?;
    let mut daemon = Daemon::launch(atelierd_at_home(&home)?, home.path())?;
    let facts = daemon.until_ready().await?;
    let told = |name: &str| facts.iter().find(|(fact, _)| fact == name).map(|(_, value)| value.clone());
    let socket = told("socket").context("no socket")?;
    assert!(Path::new(&socket).starts_with(home.path().join("run")), "{socket}");
    // The daemon holds the data, so whoever sees them has joined it.
    let made = home.run(&["thumbnail", "a loaf", "--title", "Crust", "-o", "a.jpg", "--json"]).await?.good();
    let made: serde_json::Value = serde_json::from_str(&made)?;
    assert!(daemon.terminate().await?.success());
    assert!(!Path::new(&socket).exists());
    let jobs = home.run(&["jobs", "--json"]).await?.good();
    let job: serde_json::Value = serde_json::from_str(&jobs)?;
    assert_eq!(job["id"], made["job"]["id"]);
    assert!(!Path::new(&socket).exists(), "an embedded daemon tidies up as well");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_commands_at_once_share_a_new_studio() -> anyhow::Result<()> {
    for _ in 0..4 {
        let home = Home::new()?;
        let picture = ["thumbnail", "a loaf", "--title", "Crust", "--count", "2", "-o", "a.jpg"];
        let (made, wallet, jobs) =
            tokio::join!(home.run(&picture), home.run(&["wallet"]), home.run(&["jobs", "--json"]));
        made?.good();
        assert!(wallet?.good().contains("to spend"));
        jobs?.good();
        assert!(home.path().join("a-1.jpg").exists() && home.path().join("a-2.jpg").exists());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_names_where_it_comes_from() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("atelier.toml");
    std::fs::write(&file, "studio_name = \"The Oven\"\n[http]\nmetrics_token = \"hush\"\n")?;
    let mut show = atelierd(folder.path())?;
    show.env("ATELIER_QUEUE__MAX_JOBS", "77").arg("--config").arg(&file);
    show.arg("--data").arg(folder.path().join("flag")).args(["config", "show"]);
    let shown = finish(show, "").await?.good();
    for line in [
        format!("studio_name = \"The Oven\"    # {}", file.display()),
        "queue.max_jobs = 77    # environment".to_owned(),
        format!("data = \"{}/flag\"    # command line", folder.path().display()),
        "queue.max_jobs_per_member = 20    # default".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\nis not in\n{shown}");
    }
    assert!(!shown.contains("hush"), "{shown}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_all_at_once_before_anything_is_opened() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for command in [["serve"].as_slice(), &["config", "check"], &["ledger", "verify"]] {
        let mut wrong = atelierd(folder.path())?;
        wrong.env("ATELIER_ENGINE__THREADS", "0").env("ATELIER_CREDITS__ZONE", "Mars/Base");
        wrong.env("ATELIER_LISTEN__GRPC", "0.0.0.0:7340").args(command);
        let told = finish(wrong, "").await?;
        assert_eq!(told.code, Some(2), "{told:?}");
        let about: Vec<_> = told.stderr.lines().filter_map(|line| line.split(": ").nth(1)).collect();
        assert_eq!(about, ["listen.grpc", "credits.zone", "engine.threads"], "{told:?}");
        let mut unknown = atelierd(folder.path())?;
        unknown.env("ATELIER_QUEUE__MAX_JOBZ", "3").args(command);
        let told = finish(unknown, "").await?;
        assert_eq!((told.code, told.stderr.lines().count()), (Some(2), 1), "{told:?}");
        assert!(told.stderr.contains("max_jobz"), "{told:?}");
        assert!(!folder.path().join("data").exists(), "{command:?} has opened something");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn understand_reads_standard_input() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut understand = atelierd(folder.path())?;
    understand.args(["understand", "-"]);
    let line = r#"{"id":"one","turns":[{"from":"user","text":"thumbnail about tea, title \"Slow\""}]}"#;
    let answer = finish(understand, &format!("{line}\n")).await?.good();
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    assert_eq!(answer["id"], "one");
    assert_eq!(answer["got"]["intent"], "thumbnail");
    assert_eq!(answer["got"]["title"], "Slow");
    assert!(!folder.path().join("data").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn systemd_hears_of_the_beginning_and_of_the_end() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let notify = folder.path().join("notify.sock");
    let systemd = UnixDatagram::bind(&notify)?;
    let heard = async || -> anyhow::Result<String> {
        let mut message = [0; 256];
        let length = tokio::time::timeout(LONGEST, systemd.recv(&mut message)).await??;
        Ok(String::from_utf8_lossy(&message[..length]).trim().to_owned())
    };
    let mut command = atelierd(folder.path())?;
    command.env("NOTIFY_SOCKET", &notify);
    let daemon = Daemon::launch(command, folder.path())?;
    assert_eq!(heard().await?, "READY=1");
    // Ready means that it answers, at once.
    daemon.owner()?.accounts().who_am_i(wire::WhoAmIRequest {}).await?;
    let ended = tokio::spawn(daemon.terminate());
    assert_eq!(heard().await?, "STOPPING=1");
    assert!(ended.await??.success());
    Ok(())
}

async fn get(address: SocketAddr, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: atelier\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_tells_its_health_and_its_numbers_over_http() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut daemon = Daemon::spawn(folder.path())?;
    let facts = daemon.until_ready().await?;
    let url = &facts.last().context("no address")?.1;
    let address = url.trim_start_matches("http://").split('/').next().unwrap_or_default().parse()?;
    let job = submit(&daemon.owner()?, 1).await?;
    states(&daemon.owner()?, &job, None).await?;
    for path in ["/healthz", "/readyz"] {
        let answer = get(address, path).await?;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
    let metrics = get(address, "/metrics").await?;
    assert!(metrics.starts_with("HTTP/1.1 200 "), "{metrics}");
    let succeeded = |line: &str| line.contains("succeeded") && line.ends_with(" 1");
    assert!(metrics.lines().any(succeeded), "{metrics}");
    assert!(metrics.trim_end().ends_with("# EOF"), "{metrics}");
    assert!(daemon.terminate().await?.success());
    Ok(())
}

#[test]
fn a_folder_has_one_socket_however_it_is_named() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let (real, link) = (home.path().join("real"), home.path().join("link"));
    std::fs::create_dir(&real)?;
    std::os::unix::fs::symlink(&real, &link)?;
    let sockets = || [&real, &link].map(|folder| default_socket(&folder.join("studio")));
    let before = sockets();
    std::fs::create_dir(real.join("studio"))?;
    let [first, second] = sockets();
    assert_eq!(first, second);
    assert_eq!(
        before,
        [first.clone(), first],
        "the first start makes the folder, and must not move the socket"
    );
    Ok(())
}
