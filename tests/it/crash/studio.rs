//! A daemon that is killed again and again, the people who go on asking it, and what they were promised.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, MemoryTokens, Patience},
    request_id,
    v1::{self as wire, JobState},
};
use atelier_tests::{Daemon, Finished, PASSWORD, atelierd, finish};
use futures::{StreamExt as _, TryStreamExt as _};
use tempfile::TempDir;
use tokio::sync::watch;

use super::{
    asked::{Answer, Asked, Told, job},
    dice::Dice,
};

/// How many people ask at the same time.
const MEMBERS: usize = 4;
/// Most that one of them asks for between two kills, so that what is to be checked stays bounded.
const ACTS: usize = 20;
/// Calls of the checks that are under way together.
const TOGETHER: usize = 16;

/// One who asks.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) id: String,
    conversation: String,
    tokens: Arc<MemoryTokens>,
    /// Jobs that had not ended when somebody looked.
    open: Vec<String>,
}

/// What somebody was told when asking.
#[derive(Clone)]
pub(super) struct Promise {
    pub(super) who: usize,
    pub(super) asked: Asked,
    pub(super) told: Told,
}

/// Everything that outlives the daemon.
pub(super) struct Studio {
    folder: TempDir,
    pub(super) members: Vec<Member>,
    /// In the order in which they were made.
    pub(super) promises: Vec<Promise>,
    /// How many of the promises were looked after in an earlier life of the daemon.
    checked: usize,
    /// What was under way at a kill.
    unclear: Vec<(usize, Asked)>,
    /// How jobs ended, as far as somebody saw it.
    ended: HashMap<String, JobState>,
}

/// The connections to one life of the daemon.
#[derive(Clone)]
pub(super) struct Lines {
    pub(super) owner: Client,
    pub(super) members: Vec<Client>,
}

impl Studio {
    /// A new studio with its members, who have some credits each.
    pub(super) async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut studio = Self {
            folder,
            members: Vec::new(),
            promises: Vec::new(),
            checked: 0,
            unclear: Vec::new(),
            ended: HashMap::new(),
        };
        let daemon = studio.start().await?;
        let nobody = Client::new(&studio.socket(), Credentials::None, Patience::NONE)?;
        // Quick work: what is tested is what a kill does to it.
        let quick = wire::SetAlgorithmStateRequest {
            request_id: request_id(),
            algorithm: "draft-1".to_owned(),
            state: wire::AlgorithmState::Active.into(),
        };
        studio.lines()?.owner.admin().set_algorithm_state(quick).await?;
        for number in 0..MEMBERS {
            let name = format!("member-{number}");
            let request = wire::RegisterRequest {
                request_id: request_id(),
                name: name.clone(),
                password: PASSWORD.to_owned(),
                invitation: String::new(),
            };
            let answer = nobody.accounts().register(request).await?.into_inner();
            let id = answer.member.context("no member")?.member_id;
            let tokens = Arc::new(MemoryTokens::new(answer.tokens.context("no tokens")?));
            let client = nobody.with_credentials(Credentials::Session(tokens.clone()));
            let begin = wire::CreateConversationRequest { request_id: request_id(), title: String::new() };
            let begun = client.conversations().create_conversation(begin).await?.into_inner();
            let conversation = begun.conversation.context("no conversation")?.conversation_id;
            studio.members.push(Member { name, id, conversation, tokens, open: Vec::new() });
            let told = studio.ask(number, studio.gift(number, 500), &studio.lines()?).await;
            studio.note(number, told);
        }
        ensure!(daemon.terminate().await?.success(), "a stop in order failed");
        Ok(studio)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn socket(&self) -> Endpoint {
        Endpoint::Unix(self.folder().join("a.sock"))
    }

    /// `atelierd` for this studio: members register freely, nothing is free, and no limit is in the way.
    pub(super) fn atelierd(&self) -> anyhow::Result<Command> {
        let mut command = atelierd(self.folder())?;
        command
            .env("ATELIER_ACCOUNTS__REGISTRATION", "open")
            .env("ATELIER_ACCOUNTS__PASSWORD__MEMORY_KIB", "64")
            .env("ATELIER_ACCOUNTS__PASSWORD__PASSES", "1")
            .env("ATELIER_PLANS__FREE__DAILY_CREDITS", "0")
            .env("ATELIER_LIMITS__ADDRESS_PER_MINUTE", "4000000000")
            .env("ATELIER_LIMITS__ACCOUNT_PER_HOUR", "4000000000")
            .env("ATELIER_LIMITS__GENERATIONS_PER_DAY", "4000000000")
            .env("ATELIER_QUEUE__MAX_JOBS_PER_MEMBER", "10")
            .env("ATELIER_DRAIN__GRACE_S", "0");
        Ok(command)
    }

    /// Begins a life of the daemon.
    pub(super) fn spawn(&self) -> anyhow::Result<Daemon> {
        Daemon::launch(self.atelierd()?, self.folder())
    }

    /// Begins one and waits until it answers.
    pub(super) async fn start(&self) -> anyhow::Result<Daemon> {
        let mut daemon = self.spawn()?;
        daemon.until_ready().await?;
        Ok(daemon)
    }

    /// `atelierd ledger verify`, on the data itself.
    pub(super) async fn verify(&self) -> anyhow::Result<Finished> {
        let mut command = self.atelierd()?;
        command.args(["ledger", "verify"]);
        finish(command, "").await
    }

    /// The same on a copy of the store, so that the next start finds exactly what the kill left behind.
    pub(super) async fn verify_copy(&self) -> anyhow::Result<Finished> {
        let copy = tempfile::tempdir_in(self.folder())?;
        copy_folder(&self.data().join("store"), &copy.path().join("store"))?;
        let mut command = self.atelierd()?;
        command.arg("--data").arg(copy.path()).args(["ledger", "verify"]);
        finish(command, "").await
    }

    /// New connections, one for each member and the owner's.
    pub(super) fn lines(&self) -> anyhow::Result<Lines> {
        let line = |credentials| Client::new(&self.socket(), credentials, Patience::NONE);
        let own = |member: &Member| line(Credentials::Session(member.tokens.clone()));
        Ok(Lines {
            owner: line(Credentials::None)?,
            members: self.members.iter().map(own).collect::<Result<_, _>>()?,
        })
    }

    /// Everybody asks until the daemon is gone or they have had enough. `first` hears of the first answer.
    pub(super) async fn load(&mut self, lines: &Lines, seed: u64, first: &watch::Sender<bool>) {
        let people = (0..self.members.len()).map(|who| self.person(who, lines, seed + who as u64, first));
        let done = futures::future::join_all(people).await;
        for (who, answers) in done.into_iter().enumerate() {
            for answer in answers {
                self.note(who, answer);
            }
        }
    }

    async fn person(
        &self,
        who: usize,
        lines: &Lines,
        seed: u64,
        first: &watch::Sender<bool>,
    ) -> Vec<(Asked, Answer)> {
        let mut dice = Dice::new(seed);
        let (mut answers, mut own) = (Vec::new(), self.members[who].open.clone());
        for number in 0..ACTS {
            let asked = match (dice.below(10), own.as_slice()) {
                (0..=4, [.., job]) => {
                    let job_id = job.clone();
                    own.pop();
                    Asked::Cancel(wire::CancelJobRequest { request_id: request_id(), job_id })
                }
                (5, _) => self.gift(who, [7, -3, 12][number % 3]),
                (6, _) => self.sentence(who),
                _ => submission(dice.next()),
            };
            let (asked, answer) = self.ask(who, asked, lines).await;
            match &answer {
                Answer::Told(Told::Job { job, .. }) => own.push(job.clone()),
                Answer::Told(_) | Answer::Refused => {}
                Answer::Unclear(_) => {
                    answers.push((asked, answer));
                    break;
                }
            }
            first.send_replace(true);
            answers.push((asked, answer));
        }
        answers
    }

    async fn ask(&self, who: usize, asked: Asked, lines: &Lines) -> (Asked, Answer) {
        let answer = asked.ask(&lines.members[who], &lines.owner).await;
        (asked, answer)
    }

    fn note(&mut self, who: usize, (asked, answer): (Asked, Answer)) {
        match answer {
            Answer::Told(told) => self.promises.push(Promise { who, asked, told }),
            Answer::Refused => {}
            Answer::Unclear(_) => self.unclear.push((who, asked)),
        }
    }

    fn gift(&self, who: usize, change_credits: i64) -> Asked {
        let request_id = request_id();
        let reason = format!("for the test, {request_id}");
        let member = self.members[who].name.clone();
        Asked::Adjust(wire::AdjustCreditsRequest { request_id, member, change_credits, reason })
    }

    fn sentence(&self, who: usize) -> Asked {
        let request_id = request_id();
        let text = format!("thumbnail about baking sourdough, title \"{}\"", &request_id[24..]);
        Asked::Say(wire::SayRequest {
            request_id,
            conversation_id: self.members[who].conversation.clone(),
            text,
            confirm: true,
            ..Default::default()
        })
    }

    /// What the daemon promised in its life before is there, and asking for it again changes nothing; what was under
    /// way at the kill is asked for until it is answered.
    pub(super) async fn look_after(&mut self, lines: &Lines) -> anyhow::Result<()> {
        let recent = &self.promises[self.checked..];
        futures::stream::iter(recent)
            .map(|promise| promise.asked.find(&promise.told, &lines.members[promise.who]))
            .buffer_unordered(TOGETHER)
            .try_collect::<()>()
            .await?;
        self.ask_again(recent, lines).await?;
        self.checked = self.promises.len();
        for (who, asked) in std::mem::take(&mut self.unclear) {
            let (asked, answer) = self.ask(who, asked, lines).await;
            if let Answer::Unclear(status) = &answer {
                anyhow::bail!("asked again, the daemon has no answer: {asked:?}, {status:?}");
            }
            self.note(who, (asked, answer));
        }
        self.remember_ends(lines).await
    }

    /// Asks for each of `promises` again and compares the answers.
    pub(super) async fn ask_again(&self, promises: &[Promise], lines: &Lines) -> anyhow::Result<()> {
        futures::stream::iter(promises)
            .map(|promise| async move {
                let (asked, answer) = self.ask(promise.who, promise.asked.clone(), lines).await;
                match answer {
                    Answer::Told(told) if told == promise.told => Ok(()),
                    Answer::Told(told) => anyhow::bail!("told {:?} first, and now {told:?}", promise.told),
                    // The card of a job that came to nothing tells why instead of naming it.
                    Answer::Refused if matches!(asked, Asked::Say(_)) => {
                        let made = job(promise.told.job().unwrap_or_default(), &lines.members[promise.who]);
                        let state = made.await?.state();
                        ensure!(
                            matches!(state, JobState::Failed | JobState::Cancelled),
                            "{asked:?}: {state:?}"
                        );
                        Ok(())
                    }
                    Answer::Refused => anyhow::bail!("refused when asked again: {asked:?}"),
                    Answer::Unclear(status) => anyhow::bail!("no answer again: {asked:?}, {status:?}"),
                }
            })
            .buffer_unordered(TOGETHER)
            .try_collect()
            .await
    }

    /// A job that has ended stays as it ended.
    async fn remember_ends(&mut self, lines: &Lines) -> anyhow::Result<()> {
        for (member, line) in self.members.iter_mut().zip(&lines.members) {
            member.open.clear();
            let list = wire::ListJobsRequest { page_size: 200, ..Default::default() };
            for job in line.jobs().list_jobs(list).await?.into_inner().jobs {
                let state = job.state();
                let before = self.ended.get(&job.job_id).copied();
                ensure!(before.is_none_or(|before| before == state), "{before:?} became {job:?}");
                if has_ended(state) {
                    self.ended.insert(job.job_id, state);
                } else {
                    member.open.push(job.job_id);
                }
            }
        }
        Ok(())
    }
}

pub(super) fn has_ended(state: JobState) -> bool {
    matches!(state, JobState::Succeeded | JobState::Failed | JobState::Cancelled)
}

fn submission(seed: u64) -> Asked {
    let thumbnail = wire::ThumbnailRequest {
        subject: "baking sourdough".to_owned(),
        title: "CRUST!".to_owned(),
        seed: Some(seed),
        ..Default::default()
    };
    let work = Some(wire::job_request::Work::Thumbnail(thumbnail));
    Asked::Submit(wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(wire::JobRequest { work, ..Default::default() }),
        max_price_credits: None,
    })
}

/// Copies the files of a folder and of those inside it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            std::fs::copy(&from, &to)?;
        }
    }
    Ok(())
}
