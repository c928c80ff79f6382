//! `doctor`: looks at the terminal, the folders and the daemon, and says what to do.

mod facts;
mod report;

use serde_json::json;

use self::report::{Check, Mark};
use super::{
    Context,
    exit::{Exit, Failure},
};

pub(crate) async fn run(context: &Context) -> Result<Exit, Failure> {
    let facts = facts::gather(context).await;
    let checks = report::checks(&facts);
    let sound = checks.iter().all(|check| check.mark != Mark::Wrong);
    let view = |check: &Check| {
        json!({
            "about": check.about,
            "state": check.mark.name(),
            "found": check.found,
            "advice": check.advice,
        })
    };
    context.out.object(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "sound": sound,
        "checks": checks.iter().map(view).collect::<Vec<_>>(),
    }));
    context.out.line(&report::text(&checks));
    Ok(if sound { Exit::Ok } else { Exit::Failed })
}
