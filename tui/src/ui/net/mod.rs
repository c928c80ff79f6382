//! The connection: the only place where the wire's types appear. It executes orders, keeps the stream of jobs
//! open, and never fails outward: it tries again and says so.

mod ask;
mod convert;
mod follow;
mod talk;

use atelier_proto::{
    client::{Client, Follow, News, Patience},
    v1::{GetInfoRequest, WatchJobsResponse, WhoAmIRequest, watch_jobs_response},
};
use tokio::{sync::mpsc, task::JoinSet};

use self::convert::call;
use super::{
    ConnectEvent, Connected, LoginAnswer, LoginDoor,
    model::FaultKind,
    msg::{Msg, Net, Order},
};

/// Most questions that are open at once; the rest wait their turn.
const AT_ONCE: usize = 24;

/// Runs until the orders end, and then finishes what was begun.
pub(crate) async fn run(
    connect: mpsc::Receiver<ConnectEvent>,
    mut orders: mpsc::Receiver<Order>,
    news: mpsc::Sender<Msg>,
) {
    let mut actor = Actor {
        connect: Some(connect),
        news,
        door: None,
        entering: None,
        client: None,
        jobs: None,
        questions: JoinSet::new(),
        deeds: JoinSet::new(),
        failure: None,
        streams: JoinSet::new(),
    };
    loop {
        let happening = tokio::select! {
            event = next_event(&mut actor.connect) => Happening::Connect(event),
            answer = entered(&mut actor.entering) => Happening::Entered(answer),
            jobs = next_jobs(&mut actor.jobs) => Happening::Jobs(jobs),
            order = orders.recv(), if actor.questions.len() + actor.deeds.len() < AT_ONCE => {
                Happening::Order(order)
            }
            Some(_) = actor.questions.join_next() => continue,
            Some(_) = actor.deeds.join_next() => continue,
            Some(_) = actor.streams.join_next() => continue,
        };
        match happening {
            Happening::Connect(event) => actor.connect_event(event).await,
            Happening::Entered(answer) => actor.enter(answer).await,
            Happening::Jobs(jobs) => actor.jobs(jobs).await,
            Happening::Order(Some(order)) => actor.order(order),
            Happening::Order(None) => break,
        }
    }
    // Nobody reads answers any more, but deletions and the like shall still arrive.
    actor.streams.shutdown().await;
    actor.questions.shutdown().await;
    while actor.deeds.join_next().await.is_some() {}
}

/// What the actor waits for.
#[expect(clippy::large_enum_variant, reason = "one exists at a time")]
enum Happening {
    Connect(Option<ConnectEvent>),
    Entered(Result<Connected, String>),
    Jobs(Option<News<WatchJobsResponse>>),
    Order(Option<Order>),
}

struct Actor {
    /// Nothing once nobody connects any more.
    connect: Option<mpsc::Receiver<ConnectEvent>>,
    news: mpsc::Sender<Msg>,
    /// Kept after logging in, for when the session ends.
    door: Option<Box<dyn LoginDoor>>,
    /// Somebody is at the door.
    entering: Option<LoginAnswer>,
    client: Option<Client>,
    /// Every change of the caller's jobs; also how a broken connection is noticed.
    jobs: Option<Follow<WatchJobsResponse>>,
    /// What only reads.
    questions: JoinSet<()>,
    /// What changes something.
    deeds: JoinSet<()>,
    /// Cards, and jobs with their previews.
    streams: JoinSet<()>,
    /// Why connecting did not work, until it does.
    failure: Option<String>,
}

/// Waits for ever when there is nothing to wait for.
async fn next_event(connect: &mut Option<mpsc::Receiver<ConnectEvent>>) -> Option<ConnectEvent> {
    match connect {
        Some(connect) => connect.recv().await,
        None => std::future::pending().await,
    }
}

async fn entered(entering: &mut Option<LoginAnswer>) -> Result<Connected, String> {
    match entering {
        Some(answer) => answer.await,
        None => std::future::pending().await,
    }
}

async fn next_jobs(jobs: &mut Option<Follow<WatchJobsResponse>>) -> Option<News<WatchJobsResponse>> {
    match jobs {
        Some(jobs) => jobs.next().await,
        None => std::future::pending().await,
    }
}

/// Whether nothing is lost when the answer is never read.
fn only_reads(order: &Order) -> bool {
    matches!(
        order,
        Order::Conversations(_)
            | Order::Messages(..)
            | Order::Starters
            | Order::Results(..)
            | Order::Wallet
            | Order::Transfers(..)
            | Order::Members(..)
            | Order::AllJobs(..)
            | Order::Verify
            | Order::MemberTransfers(..)
            | Order::Audit(..)
            | Order::Bytes(..)
            | Order::File(..)
    )
}

impl Actor {
    /// Nobody may listen any more; then the loop has ended and so will this.
    async fn tell(&mut self, net: Net) {
        self.news.send(Msg::Net(net)).await.ok();
    }

    async fn connect_event(&mut self, event: Option<ConnectEvent>) {
        match event {
            Some(ConnectEvent::Progress(line)) => self.tell(Net::Connecting(line)).await,
            Some(ConnectEvent::Ready(connected)) => self.connected(connected).await,
            Some(ConnectEvent::NeedLogin(door)) => {
                self.tell(Net::LoginNeeded(door.registration())).await;
                self.door = Some(door);
            }
            Some(ConnectEvent::Failed(text)) => {
                self.failure = Some(text.clone());
                self.tell(Net::ConnectFailed { text, over: false }).await;
            }
            None => {
                self.connect = None;
                if let Some(text) = self.failure.take() {
                    self.tell(Net::ConnectFailed { text, over: true }).await;
                }
            }
        }
    }

    async fn enter(&mut self, answer: Result<Connected, String>) {
        self.entering = None;
        match answer {
            Ok(connected) => self.connected(connected).await,
            Err(why) => self.tell(Net::LoginRefused(why)).await,
        }
    }

    async fn connected(&mut self, connected: Connected) {
        self.streams.shutdown().await;
        self.failure = None;
        // The stream tries again by itself; without patience of its own a break is told at once.
        self.jobs = Some(connected.client.with_patience(Patience::NONE).follow_jobs(false));
        self.client = Some(connected.client);
        self.tell(Net::Connected(connected.place)).await;
    }

    fn order(&mut self, order: Order) {
        match (order, &self.door, &self.client) {
            (Order::Login(name, password), Some(door), _) => {
                self.entering = Some(door.login(name, password));
            }
            (Order::Register(name, password, invitation), Some(door), _) => {
                self.entering = Some(door.register(name, password, invitation));
            }
            (Order::Say { conversation, text, attachments }, _, Some(client)) => {
                let (client, news) = (client.clone(), self.news.clone());
                self.streams.spawn(talk::say(client, news, conversation, text, attachments));
            }
            (Order::Press { conversation, token, text }, _, Some(client)) => {
                let (client, news) = (client.clone(), self.news.clone());
                self.streams.spawn(talk::press(client, news, conversation, token, text));
            }
            (Order::Follow(job, after_event), _, Some(client)) => {
                let stream = client.follow_job(&job, after_event);
                self.streams.spawn(follow::job(job, stream, self.news.clone()));
            }
            (order, _, Some(client)) => {
                let (client, news) = (client.clone(), self.news.clone());
                let tasks = if only_reads(&order) { &mut self.questions } else { &mut self.deeds };
                tasks.spawn(async move {
                    if let Some(net) = ask::ask(&client, order).await {
                        news.send(Msg::Net(net)).await.ok();
                    }
                });
            }
            (_, _, None) => tracing::debug!("an order came before the connection and is dropped"),
        }
    }

    async fn jobs(&mut self, news: Option<News<WatchJobsResponse>>) {
        match news {
            Some(News::Connected) => {
                self.tell(Net::LinkUp).await;
                self.introduce();
            }
            Some(News::Message(message)) => match message.news {
                Some(watch_jobs_response::News::Snapshot(snapshot)) => {
                    let jobs = snapshot.jobs.into_iter().map(convert::job).collect();
                    self.tell(Net::Unfinished(jobs)).await;
                }
                Some(watch_jobs_response::News::Changed(job)) => {
                    self.tell(Net::JobChanged(convert::job(job))).await;
                }
                Some(watch_jobs_response::News::Progress(progress)) => {
                    if let Some(news) = progress.progress {
                        let news = convert::progress(news);
                        self.tell(Net::JobProgress(progress.job_id, news)).await;
                    }
                }
                None => {}
            },
            Some(News::Lost(status)) => {
                let why = convert::clean(status.message());
                self.tell(Net::LinkLost(if why.is_empty() { "no answer".to_owned() } else { why })).await;
            }
            Some(News::Refused(status)) => {
                self.jobs = None;
                let fault = convert::fault!(status);
                let registration = self.door.as_ref().map(|door| door.registration());
                match (fault.kind, registration) {
                    (FaultKind::SignedOut, Some(registration)) => {
                        self.client = None;
                        self.tell(Net::LoginNeeded(registration)).await;
                        let why = "Your session has ended; log in again.".to_owned();
                        self.tell(Net::LoginRefused(why)).await;
                    }
                    (FaultKind::SignedOut, None) => {
                        let text = format!("Your session has ended: {}", fault.text);
                        self.tell(Net::SignedOut(text)).await;
                    }
                    _ => self.tell(Net::LinkLost(fault.text)).await,
                }
            }
            None => self.jobs = None,
        }
    }

    /// Asks who is looking, and at what.
    fn introduce(&mut self) {
        let Some(client) = self.client.clone() else { return };
        let news = self.news.clone();
        self.questions.spawn(async move {
            let me = call!(client, accounts, who_am_i, WhoAmIRequest {});
            let info = call!(client, system, get_info, GetInfoRequest {});
            let introduced = me.ok().and_then(|answer| answer.member);
            if let (Some(member), Ok(info)) = (introduced, info) {
                let me = Net::Me(convert::member(member), convert::studio(&info));
                news.send(Msg::Net(me)).await.ok();
            }
        });
    }
}
