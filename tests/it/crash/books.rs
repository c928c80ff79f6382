//! The books at the end, when every job has ended.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, ensure};
use atelier_daemon::{
    clock::Clock,
    id::MemberId,
    ledger::{self, Balance},
    store::{Store, StoreOptions},
};
use atelier_proto::{
    client::Client,
    v1::{self as wire, JobState, TransferPhase},
};
use atelier_tests::finish;
use std::time::Duration;

use super::{
    asked::{Asked, Told},
    studio::{Lines, Studio, has_ended},
};

/// The engine paints a handful of pictures, on whatever machine.
const LONGEST: Duration = Duration::from_secs(180);

impl Studio {
    /// Follows every job to its end.
    pub(super) async fn until_all_ended(&self, lines: &Lines) -> anyhow::Result<()> {
        for (member, line) in self.members.iter().zip(&lines.members) {
            for job in jobs_of(&lines.owner, &member.name).await? {
                let mut news = line.follow_job(&job.job_id, job.last_event);
                let end = async { while news.next().await.is_some() {} };
                let followed = !has_ended(job.state());
                if followed {
                    tokio::time::timeout(LONGEST, end)
                        .await
                        .with_context(|| format!("{job:?} does not end"))?;
                }
            }
        }
        Ok(())
    }

    /// Compares what was promised with what there is: jobs, charges and credits. Answers the balances.
    pub(super) async fn check_books(&self, lines: &Lines) -> anyhow::Result<BTreeMap<String, u64>> {
        let mut balances = BTreeMap::new();
        for (who, (member, line)) in self.members.iter().zip(&lines.members).enumerate() {
            let own = || self.promises.iter().filter(move |promise| promise.who == who);
            let promised: HashSet<&str> = own()
                .filter(|promise| !matches!(promise.told, Told::Cancelled { .. }))
                .filter_map(|promise| promise.told.job())
                .collect();
            let jobs = jobs_of(&lines.owner, &member.name).await?;
            let there: HashSet<&str> = jobs.iter().map(|job| job.job_id.as_str()).collect();
            ensure!(there == promised, "{} has other jobs than were promised", member.name);
            let transfers = transfers_of(&lines.owner, &member.name).await?;
            let charged = charges(&jobs, &transfers)?;
            let given: i64 = own()
                .map(|promise| match &promise.asked {
                    Asked::Adjust(request) => request.change_credits,
                    _ => 0,
                })
                .sum();
            let get = wire::GetBalanceRequest {};
            let balance = line.credits().get_balance(get).await?.into_inner();
            ensure!(balance.reserved_credits == 0, "something is still set aside: {balance:?}");
            ensure!(
                i64::try_from(balance.available_credits)? == given - i64::try_from(charged)?,
                "{given} given, {charged} charged, {balance:?}"
            );
            balances.insert(member.id.clone(), balance.available_credits);
        }
        Ok(balances)
    }

    /// Rebuilds the ledger from the journal alone and compares.
    pub(super) async fn check_rebuilt(&self, balances: &BTreeMap<String, u64>) -> anyhow::Result<()> {
        let into = self.folder().join("rebuilt");
        let mut command = self.atelierd()?;
        command.args(["ledger", "rebuild"]).arg(self.data().join("store/journal")).arg(&into);
        let said = finish(command, "").await?.good();
        ensure!(!said.contains("torn"), "{said}");
        let store = Store::open(&into, StoreOptions::default())?;
        let now = Clock::system().now();
        for (member, credits) in balances {
            let member: MemberId = member.parse()?;
            let Balance { available, reserved, .. } = ledger::read_balance(&store, member, now)?;
            ensure!((available, reserved) == (*credits, 0), "{member} has {available} after the rebuilding");
        }
        Ok(())
    }
}

/// Each job's transfers make its charge: once where it succeeded, nothing where it did not. Answers the sum.
fn charges(jobs: &[wire::Job], transfers: &[wire::Transfer]) -> anyhow::Result<u64> {
    let mut by_job: HashMap<&str, Vec<&wire::Transfer>> = HashMap::new();
    for transfer in transfers {
        by_job.entry(&transfer.reference).or_default().push(transfer);
    }
    let mut sum = 0;
    for job in jobs {
        let own = by_job.remove(job.job_id.as_str()).unwrap_or_default();
        let count = |phase| own.iter().filter(|transfer| transfer.phase() == phase).count();
        let change: i64 = own.iter().map(|transfer| transfer.change_credits).sum();
        let (charged, captures, releases) = match job.state() {
            JobState::Succeeded => (job.price_credits, 1, 0),
            _ => (0, 0, 1),
        };
        ensure!(
            has_ended(job.state())
                && job.charged_credits == charged
                && change == -i64::try_from(charged)?
                && (count(TransferPhase::Pending), count(TransferPhase::Capture)) == (1, captures)
                && count(TransferPhase::Release) == releases,
            "{job:?} has the transfers {own:?}"
        );
        sum += charged;
    }
    Ok(sum)
}

async fn jobs_of(owner: &Client, member: &str) -> anyhow::Result<Vec<wire::Job>> {
    let (mut jobs, mut page_token) = (Vec::new(), String::new());
    loop {
        let member = member.to_owned();
        let request = wire::ListAllJobsRequest { page_size: 200, page_token, member, ..Default::default() };
        let page = owner.admin().list_all_jobs(request).await?.into_inner();
        jobs.extend(page.jobs);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(jobs);
        }
    }
}

async fn transfers_of(owner: &Client, member: &str) -> anyhow::Result<Vec<wire::Transfer>> {
    let (mut transfers, mut page_token) = (Vec::new(), String::new());
    loop {
        let member = member.to_owned();
        let request = wire::ListMemberTransfersRequest { member, page_size: 200, page_token };
        let page = owner.admin().list_member_transfers(request).await?.into_inner();
        transfers.extend(page.transfers);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(transfers);
        }
    }
}
