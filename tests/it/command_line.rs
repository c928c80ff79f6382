//! `atelier` as somebody types it who has just installed it: an empty home, no daemon, no settings.

use std::{os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use anyhow::Context as _;
use atelier_proto::{
    client::{Endpoint, News},
    v1::{JobState, watch_job_response},
};
use atelier_tests::{Finished, Home, PASSWORD, Studio, binary, finish, shelf};
use serde_json::Value;

fn objects(text: &str) -> anyhow::Result<Vec<Value>> {
    text.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

/// Runs `atelier --json` and gives the only object that it answers.
async fn object(home: &Home, arguments: &[&str]) -> anyhow::Result<Value> {
    let said = home.run(&[arguments, &["--json"]].concat()).await?.good();
    let mut objects = objects(&said)?;
    assert_eq!(objects.len(), 1, "{said}");
    Ok(objects.remove(0))
}

#[track_caller]
fn failed(finished: &Finished, code: i32, about: &str) {
    assert_eq!(finished.code, Some(code), "{finished:?}");
    assert!(finished.stderr.contains(about) && finished.stdout.is_empty(), "{finished:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sentence_becomes_a_jpeg() -> anyhow::Result<()> {
    let home = Home::new()?;
    let sentence = "a thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours";
    let data = home.path().join("my studio");
    let data = data.to_str().context("a path")?;
    let arguments = ["--data", data, "thumbnail", sentence, "-o", "crust.jpg"];
    let said = home.run(&arguments).await?.good();
    assert!(said.contains("crust.jpg") && said.contains("1 credit"), "{said}");
    let file = home.path().join("crust.jpg");
    let bytes = std::fs::read(&file)?;
    let picture = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg)?;
    assert_eq!((picture.width(), picture.height()), (1280, 720));
    assert!(bytes.len() < 2_000_000);
    assert_eq!(std::fs::metadata(data)?.permissions().mode() & 0o777, 0o700);
    // The program alone brings the model that painted it.
    let settings = atelier_models::read_settings(&bytes).context("settings are inside")?;
    assert!(settings.contains("\"tiny-1\"") && said.contains("built-in, tiny"), "{settings} {said}");
    let unpacked = std::fs::read_dir(Path::new(data).join("built-in"))?.next().context("not unpacked")??;
    let weights = unpacked.path().join("unet/diffusion_pytorch_model.fp16.safetensors");
    let sound = std::fs::read(&weights)?;
    std::fs::write(&weights, &sound[..sound.len() / 2])?;
    // Another one of that name is refused before anything is begun, unless it may be overwritten.
    failed(&home.run(&arguments).await?, 2, "crust.jpg exists");
    assert_eq!(std::fs::read(&file)?, bytes);
    let made: Value = {
        let forced = [&arguments[..], &["--force", "--json"]].concat();
        serde_json::from_str(&home.run(&forced).await?.good())?
    };
    assert_eq!(made["files"][0]["path"], "crust.jpg");
    assert_eq!(made["files"][0]["size_bytes"], std::fs::metadata(&file)?.len());
    assert_eq!(made["job"]["request"]["title"], "CRUST!");
    assert!(made["conversation_id"].is_string(), "{made}");
    assert!(std::fs::read(&weights)? == sound, "what was damaged was written anew");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_of_ones_own_is_run_from_the_command_line() -> anyhow::Result<()> {
    let home = Home::new()?;
    let wallet = object(&home, &["wallet"]).await?;
    assert_eq!(wallet["available_credits"], 20);
    let made =
        object(&home, &["thumbnail", "a loaf", "--title", "Crust", "--seed", "7", "-o", "a.png"]).await?;
    assert_eq!(made["files"][0]["media_type"], "image/png");
    let job = made["job"]["id"].as_str().context("no job")?;
    assert_eq!(object(&home, &["jobs"]).await?["id"], job);
    let again = object(&home, &["retry", job]).await?;
    let again = again["id"].as_str().context("no job")?;
    let shown = object(&home, &["show", "--follow", again]).await?;
    assert_eq!((&shown["state"], &shown["request"]["seed"]), (&"succeeded".into(), &7.into()));
    home.run(&["show", again, "-o", "b.png"]).await?.good();
    assert_eq!(std::fs::read(home.path().join("a.png"))?, std::fs::read(home.path().join("b.png"))?);
    failed(&home.run(&["cancel", again]).await?, 1, "cancelled");
    assert_eq!(object(&home, &["wallet"]).await?["available_credits"], 18);

    let given = ["admin", "credits", "owner", "30", "--reason", "a gift"];
    assert_eq!(object(&home, &given).await?["available_credits"], 48);
    let transfers = home.run(&["wallet", "--transfers", "--all", "--json"]).await?.good();
    assert!(objects(&transfers)?.iter().any(|transfer| transfer["note"] == "a gift"));
    let refund = ["admin", "refund", again, "--reason", "burnt"];
    home.run(&refund).await?.good();
    assert_eq!(object(&home, &["wallet"]).await?["available_credits"], 49);
    assert_eq!(object(&home, &["admin", "users"]).await?["member"]["name"], "owner");
    assert_eq!(object(&home, &["admin", "verify"]).await?["sound"], true);
    let audit = objects(&home.run(&["admin", "audit", "--json"]).await?.good())?;
    assert_eq!(audit[0]["action"], "job.refund");
    let invitation = object(&home, &["admin", "invite", "--uses", "2"]).await?;
    assert!(invitation["invitation"].as_str().is_some_and(|code| code.len() > 8), "{invitation}");
    let added = object(&home, &["admin", "add", "Anna"]).await?;
    assert_eq!(added["member"]["name"], "anna");
    assert!(added["code"].as_str().is_some_and(|code| code.len() > 8), "{added}");
    let algorithms = objects(&home.run(&["admin", "algorithms", "--json"]).await?.good())?;
    assert!(algorithms.iter().any(|algorithm| algorithm["state"] == "active"));

    let key = object(&home, &["keys", "new", "ci", "--scope", "read"]).await?;
    assert_eq!(object(&home, &["keys", "ls"]).await?["id"], key["id"]);
    assert_eq!(object(&home, &["keys", "revoke", "ci"]).await?["revoked"], true);
    let doctor = object(&home, &["doctor"]).await?;
    assert_eq!(doctor["sound"], true, "{doctor}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_no_studio_makes_none() -> anyhow::Result<()> {
    let home = Home::new()?;
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.run(&["completions", shell]).await?.good().contains("thumbnail"));
    }
    let help = home.run(&["--help"]).await?.good();
    assert!(help.contains("Exit codes:") && help.contains("needs an answer (see --yes)"), "{help}");
    failed(&home.run(&["frobnicate"]).await?, 2, "frobnicate");
    failed(&home.run::<&str>(&[]).await?, 2, "needs a terminal");
    failed(&home.run(&["thumbnail", "a loaf", "-o", "no/such/folder.jpg"]).await?, 2, "there is no folder");
    assert!(!home.path().join("data").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_of_the_face_are_no_mistakes_of_the_daemon() -> anyhow::Result<()> {
    let home = Home::new()?;
    let mut wallet = home.atelier(&["wallet"])?;
    wallet.env("ATELIER_LOG", "debug").env("ATELIER_INVITATION", "left over").env("ATELIER_CONNECT", "");
    wallet.env("ATELIER_DAEMON", "studio:7340").env("ATELIER_TOKEN_FILE", "token");
    assert!(finish(wallet, "").await?.good().contains("20 credits to spend"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn endings_are_numbered_as_the_help_says() -> anyhow::Result<()> {
    let home = Home::new()?;
    failed(&home.run(&["show", "0197a5c2-0000-7000-8000-000000000000"]).await?, 1, "no such job");
    let nobody = home.path().join("run/nobody.sock");
    let nobody = format!("unix:{}", nobody.display());
    failed(&home.run(&["--connect", &nobody, "whoami"]).await?, 3, "can't be reached");
    let mut asked = home.atelier(&["thumbnail", "a loaf", "--title", "Crust", "--count", "2", "--json"])?;
    asked.env("ATELIER_CREDITS__AUTO_CONFIRM_CREDITS", "1");
    failed(&finish(asked, "").await?, 8, "needs_confirmation");
    home.run(&["admin", "credits", "owner", "-20", "--reason", "for the test"]).await?.good();
    failed(&home.run(&["thumbnail", "a loaf", "--count", "1", "--yes"]).await?, 5, "credit");
    let jobs = home.run(&["jobs", "--json"]).await?.good();
    assert_eq!(jobs, "", "nothing of this began a job");
    Ok(())
}

/// `atelier` for a daemon elsewhere.
fn elsewhere(home: &Home, endpoint: &Endpoint, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = home.atelier(arguments)?;
    let address = match endpoint {
        Endpoint::Unix(path) => format!("unix:{}", path.display()),
        Endpoint::Tcp { url, .. } => url.clone(),
    };
    command.env("ATELIER_CONNECT", address);
    Ok(command)
}

fn session_files(home: &Home) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let folder = home.path().join("state/atelier/sessions");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(files)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_elsewhere_is_logged_in_to() -> anyhow::Result<()> {
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.limits.generations_per_day = 1;
    })
    .await?;
    studio.register("anna").await?;
    let home = Home::new()?;
    let tcp = studio.tcp()?;
    let password = format!("{PASSWORD}\n");
    failed(&finish(elsewhere(&home, &tcp, &["whoami"])?, "").await?, 4, "atelier login");
    let wrong = finish(elsewhere(&home, &tcp, &["login", "anna"])?, "not the password\n").await?;
    failed(&wrong, 4, "");
    let said = finish(elsewhere(&home, &tcp, &["login", "anna"])?, &password).await?.good();
    assert!(said.contains("as anna (member)"), "{said}");
    let files = session_files(&home)?;
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::metadata(&files[0])?.permissions().mode() & 0o777, 0o600);
    let picture = ["thumbnail", "baking sourdough, title \"Crust\"", "-o", "crust.jpg"];
    finish(elsewhere(&home, &tcp, &picture)?, "").await?.good();
    assert!(home.path().join("crust.jpg").exists());
    let more = ["thumbnail", "a loaf", "--title", "Crust", "-o", "more.jpg"];
    failed(&finish(elsewhere(&home, &tcp, &more)?, "").await?, 6, "");
    failed(&finish(elsewhere(&home, &tcp, &["admin", "users"])?, "").await?, 4, "");

    let made = finish(elsewhere(&home, &tcp, &["keys", "new", "ci", "--json"])?, "").await?.good();
    let made: Value = serde_json::from_str(&made)?;
    let secret = made["secret"].as_str().context("no secret")?;
    let said = finish(elsewhere(&home, &tcp, &["logout"])?, "").await?.good();
    assert!(said.contains("Logged out"), "{said}");
    assert!(session_files(&home)?.is_empty());
    let with_key = |arguments: &[&str]| -> anyhow::Result<Command> {
        let mut command = elsewhere(&home, &tcp, arguments)?;
        command.env("ATELIER_KEY", secret);
        Ok(command)
    };
    let said = finish(with_key(&["whoami"])?, "").await?.good();
    assert!(said.contains("anna") && said.contains("by the key “ci”"), "{said}");
    finish(elsewhere(&home, &tcp, &["login", "anna"])?, &password).await?.good();
    finish(elsewhere(&home, &tcp, &["keys", "revoke", "ci"])?, "").await?.good();
    failed(&finish(with_key(&["whoami"])?, "").await?, 4, "");
    assert!(!home.path().join("data").exists(), "no daemon was begun here");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_waited_for_over_a_restart_of_the_daemon() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let valve = studio.valve.clone();
    valve.close();
    let home = Home::new()?;
    let picture = ["thumbnail", "a loaf", "--title", "Crust", "--count", "4", "-o", "a.jpg", "--json"];
    let waiting = tokio::spawn(finish(elsewhere(&home, &studio.socket(), &picture)?, ""));
    valve.until_held().await;
    // The thread that is held can stop only when it goes on.
    let (restarted, ()) = tokio::join!(studio.restart(), async { valve.release() });
    restarted?;
    let made: Value = serde_json::from_str(&waiting.await??.good())?;
    assert_eq!(made["files"].as_array().map(Vec::len), Some(4));
    assert!((1..=4).all(|number| home.path().join(format!("a-{number}.jpg")).exists()));
    let job = made["job"]["id"].as_str().context("no job")?;
    let mut follow = studio.owner()?.follow_job(job, 0);
    let mut states = Vec::new();
    while let Some(news) = follow.next().await {
        if let News::Message(message) = news
            && let Some(watch_job_response::News::Event(event)) = message.news
        {
            states.push(event.state());
        }
    }
    use JobState::{Queued, Running, Succeeded};
    assert_eq!(states, [Queued, Running, Queued, Running, Succeeded]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_cancelled_elsewhere_ends_the_waiting() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    studio.valve.close();
    let (home, socket) = (Home::new()?, studio.socket());
    let picture = ["thumbnail", "a loaf", "--title", "Crust", "-o", "a.jpg"];
    let waiting = tokio::spawn(finish(elsewhere(&home, &socket, &picture)?, ""));
    studio.valve.until_held().await;
    let jobs = finish(elsewhere(&home, &socket, &["jobs", "--state", "running", "--json"])?, "").await?;
    let job: Value = serde_json::from_str(&jobs.good())?;
    let job = job["id"].as_str().context("no job")?;
    let said = finish(elsewhere(&home, &socket, &["cancel", job])?, "").await?.good();
    assert!(said.contains("Its credits are yours again"), "{said}");
    failed(&waiting.await??, 7, "No credits were taken");
    studio.valve.release();
    assert!(!Path::exists(&home.path().join("a.jpg")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_becomes_a_picture_by_a_model_that_an_admin_offers() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    studio.shelf.install("flat", shelf::MODEL_BYTES);
    let (home, socket) = (Home::new()?, studio.socket());
    let run = async |line: &str, json: &str| {
        let words: Vec<&str> = line.split(' ').chain(Some(json).filter(|json| !json.is_empty())).collect();
        finish(elsewhere(&home, &socket, &words)?, "").await
    };
    failed(&run("image a fox -o fox.png", "").await?, 1, "`atelier-tiny` is not installed");
    let add = "admin algorithms add flat-1 --model flat --kind image --price 2 --size 128x64 --steps 3";
    let made: Value = serde_json::from_str(&run(&format!("{add} --activate"), "--json").await?.good())?;
    assert_eq!((&made["state"], &made["defaults"]["width_px"]), (&"active".into(), &128.into()));
    let made: Value = {
        let image = "image a fox --seed 7 --count 2 --steps 5 -o fox.png --no-picture";
        serde_json::from_str(&run(image, "--json").await?.good())?
    };
    assert_eq!((&made["job"]["charged_credits"], &made["algorithm"]), (&4.into(), &"flat-1".into()));
    assert_eq!(made["job"]["request"]["steps"], 5);
    let file = image::open(home.path().join("fox-2.png"))?.to_rgb8();
    assert_eq!((file.dimensions(), file.get_pixel(0, 0).0), ((128, 64), [8, 0, 0]));
    let said = run("models", "").await?.good();
    assert!(said.contains("flat") && said.contains("procedural"), "{said}");
    let said = run("admin models ps", "").await?.good();
    assert!(said.contains("resident") && said.contains("first"), "{said}");
    let ps = async |arguments: &[&str], socket: &Path| {
        let mut command = Command::new(binary("atelierd")?);
        command.args(["models", "ps"]).args(arguments);
        command.envs(home.environment()).env("ATELIER_LISTEN__SOCKET", socket);
        finish(command, "").await
    };
    let Endpoint::Unix(path) = &socket else { anyhow::bail!("the studio has a socket") };
    let said = ps(&[], path).await?.good();
    assert!(said.contains("flat  resident  1.0 MiB  makes room first"), "{said}");
    let told: Value = serde_json::from_str(&ps(&["--json"], path).await?.good())?;
    assert_eq!((&told["models"][0]["goes"], &told["waiting"]), (&1.into(), &0.into()));
    let listed: Value =
        serde_json::from_str(run("models", "--json").await?.good().lines().next().unwrap_or_default())?;
    assert_eq!((&listed["name"], &listed["state"]), (&"flat".into(), &"resident".into()));
    assert_eq!((&listed["verified"], &listed["problem"]), (&true.into(), &"".into()));
    assert!(run("admin models unload flat", "").await?.good().contains("flat is absent now"));
    failed(&run("admin models load z", "").await?, 1, "is not installed");
    failed(&ps(&[], &home.path().join("no.sock")).await?, 1, "no daemon answers at");
    Ok(())
}
