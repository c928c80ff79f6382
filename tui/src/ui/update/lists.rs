//! Queue, gallery and wallet.

use super::delete_later;
use crate::ui::{
    app::{App, Deletion},
    keymap::Action,
    modals::{Ask, Choice, Confirm, Modal, Prompt, Shown, Viewer},
    model::{Job, Picture},
    msg::{Act, Cmd, FileFor, Order},
    text,
};

/// Does it in the queue.
pub(super) fn queue(app: &mut App, action: Action) -> Vec<Cmd> {
    let count = app.work.unfinished.len();
    app.screens.queue.clamp(count);
    let job = app.work.unfinished.get(app.screens.queue.selected);
    match (action, job) {
        (Action::Move(motion), _) => app.screens.queue.travel(motion, count, 1),
        (Action::Cancel, Some(job)) => {
            let cancel = Cmd::Net(Order::Cancel(job.id.clone()));
            if job.price == 0 {
                return vec![cancel];
            }
            let text = format!(
                "{}\n{} will be free again.",
                text::fit(&job.headline(), 120),
                text::credits(job.price)
            );
            let choices =
                vec![Choice::destructive('y', "End it", vec![cancel]), Choice::stay('n', "Let it go on")];
            app.modals.push(Modal::Confirm(Confirm::new("End this job?", text, choices)));
        }
        (Action::Copy, Some(job)) => return vec![Cmd::Local(Act::Copy(job.id.clone()))],
        _ => {}
    }
    Vec::new()
}

/// Does it in the gallery.
pub(super) fn gallery(app: &mut App, action: Action) -> Vec<Cmd> {
    if let Action::Move(motion) = action {
        let gallery = &mut app.screens.gallery;
        let count = gallery.tiles(&app.hidden).count();
        let columns = gallery.columns.max(1);
        gallery.list.travel(motion, count, columns);
        return more_results(app);
    }
    let Some(tile) = app.screens.gallery.tile(&app.hidden) else { return Vec::new() };
    let job = tile.job.clone();
    let shown = self::shown(tile.job, tile.picture, tile.number);
    match action {
        Action::View | Action::Open => {
            let gallery = &app.screens.gallery;
            let pictures = gallery
                .tiles(&app.hidden)
                .map(|tile| self::shown(tile.job, tile.picture, tile.number))
                .collect();
            app.modals.push(Modal::Viewer(Viewer { pictures, index: gallery.list.selected }));
            Vec::new()
        }
        Action::Again => again(app, &job, false),
        Action::Vary => again(app, &job, true),
        Action::Edit => vec![Cmd::Local(Act::Edit(job.prompt()))],
        Action::Save => ask_where(app, &shown),
        Action::OpenOutside => open_outside(&shown),
        Action::Copy => vec![Cmd::Local(Act::Copy(job.id))],
        Action::Delete => {
            let count = job.pictures.len();
            let what = if count == 1 { "Its picture".to_owned() } else { format!("Its {count} pictures") };
            delete_later(app, Deletion::Job(job.id), &format!("{what} will be deleted."));
            let left = app.screens.gallery.tiles(&app.hidden).count();
            app.screens.gallery.list.clamp(left);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Loads results from the start.
pub(super) fn load_gallery(app: &mut App) -> Vec<Cmd> {
    vec![Cmd::Net(Order::Results(app.screens.gallery.jobs.ask(), None))]
}

/// Loads more results when the selection nears the end.
pub(super) fn more_results(app: &mut App) -> Vec<Cmd> {
    let jobs = &mut app.screens.gallery.jobs;
    match jobs.wants_more(app.screens.gallery.list.selected) {
        Some(page) => vec![Cmd::Net(Order::Results(jobs.ask(), Some(page)))],
        None => Vec::new(),
    }
}

/// Does it in the wallet.
pub(super) fn wallet(app: &mut App, action: Action) -> Vec<Cmd> {
    let screen = &mut app.screens.wallet;
    match action {
        Action::Move(motion) => {
            screen.list.travel(motion, screen.transfers.rows.len(), 1);
            if let Some(page) = screen.transfers.wants_more(screen.list.selected) {
                let kind = screen.kind;
                return vec![Cmd::Net(Order::Transfers(screen.transfers.ask(), kind, Some(page)))];
            }
        }
        Action::Filter => {
            screen.kind = screen.next_kind();
            screen.list.selected = 0;
            let kind = screen.kind;
            return vec![Cmd::Net(Order::Transfers(screen.transfers.ask(), kind, None))];
        }
        Action::Copy => {
            let transfer = screen.transfers.rows.get(screen.list.selected);
            let words = transfer.map(|transfer| match transfer.reference.as_str() {
                "" => transfer.id.clone(),
                reference => reference.to_owned(),
            });
            return words.map(|words| Cmd::Local(Act::Copy(words))).into_iter().collect();
        }
        _ => {}
    }
    Vec::new()
}

/// Loads the balance and the newest transfers.
pub(super) fn load_wallet(app: &mut App) -> Vec<Cmd> {
    let screen = &mut app.screens.wallet;
    let kind = screen.kind;
    vec![Cmd::Net(Order::Wallet), Cmd::Net(Order::Transfers(screen.transfers.ask(), kind, None))]
}

/// Runs a request again; asks first when that costs more than runs without asking.
pub(super) fn again(app: &mut App, job: &Job, new_seed: bool) -> Vec<Cmd> {
    let order = vec![Cmd::Net(Order::Again(job.id.clone(), new_seed))];
    let free_hand = app.wallet.as_ref().map_or(0, |wallet| wallet.auto_confirm);
    if job.price <= free_hand {
        return order;
    }
    let available = app.wallet.as_ref().map_or(0, |wallet| wallet.available);
    let how = if new_seed { "with another seed" } else { "with the same seed" };
    let text = format!(
        "{}\nThe same request {how}: {} of {}.",
        text::fit(&job.headline(), 120),
        text::credits(job.price),
        text::number(available)
    );
    let choices = vec![Choice::new('y', "Run it", order), Choice::stay('n', "Not now")];
    app.modals.push(Modal::Confirm(Confirm::new("Once more?", text, choices)));
    Vec::new()
}

/// Asks where a picture shall be kept.
pub(super) fn ask_where(app: &mut App, shown: &Shown) -> Vec<Cmd> {
    let ask = Ask::Save(shown.asset_id.clone());
    let prompt = Prompt::new(
        "Save the picture",
        "a path; nothing is overwritten",
        &format!("./{}", file_name(shown)),
        ask,
    );
    app.modals.push(Modal::Prompt(prompt));
    Vec::new()
}

/// Opens a picture in the system's viewer.
pub(super) fn open_outside(shown: &Shown) -> Vec<Cmd> {
    let order = Order::File(FileFor::Open(file_name(shown)), shown.asset_id.clone());
    vec![Cmd::Net(order)]
}

/// A picture with what is said about it.
pub(super) fn shown(job: &Job, picture: &Picture, number: usize) -> Shown {
    let mut details = format!(
        "{} × {} · {} · {} · seed {}",
        picture.width,
        picture.height,
        text::bytes(picture.size_bytes),
        job.algorithm,
        picture.seed
    );
    if job.pictures.len() > 1 {
        details.push_str(&format!(" · {} of {}", number + 1, job.pictures.len()));
    }
    Shown {
        asset_id: picture.asset_id.clone(),
        job_id: job.id.clone(),
        caption: job.headline(),
        details,
        extension: picture.extension(),
    }
}

fn file_name(shown: &Shown) -> String {
    let job = shown.job_id.rsplit('-').next().unwrap_or("picture");
    format!("atelier-{job}.{}", shown.extension)
}
