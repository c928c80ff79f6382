//! Algorithms: which are on offer, and for how much.

use atelier_proto::{
    request_id,
    v1::{
        Algorithm, AlgorithmState, JobKind, ListAllAlgorithmsRequest, SetAlgorithmPriceRequest,
        SetAlgorithmStateRequest,
    },
};
use serde_json::{Value, json};

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        table::Table,
        words,
    },
    session::Session,
};

pub(super) async fn list(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let answer = session
        .client
        .call(|client| async move { client.admin().list_all_algorithms(ListAllAlgorithmsRequest {}).await })
        .await?;
    let mut table =
        Table::new(&["algorithm", "makes", "state", "credits", "typical", "made", "what it is"], &[3, 4, 5]);
    for algorithm in &answer.algorithms {
        context.out.object(&view(algorithm));
        let typical = match algorithm.typical_ms {
            0 => "–".to_owned(),
            milliseconds => words::duration(milliseconds.into()),
        };
        table.row([
            algorithm.name.clone(),
            kind(algorithm.kind()).to_owned(),
            words::algorithm_state(algorithm.state()).to_owned(),
            words::number(algorithm.price_credits),
            typical,
            words::number(algorithm.made_count),
            algorithm.summary.clone(),
        ]);
    }
    context.out.line(&table.text());
    Ok(Exit::Ok)
}

pub(super) fn view(algorithm: &Algorithm) -> Value {
    json!({
        "name": algorithm.name,
        "state": words::algorithm_state(algorithm.state()),
        "price_credits": algorithm.price_credits,
        "typical_ms": algorithm.typical_ms,
        "made_count": algorithm.made_count,
        "kind": kind(algorithm.kind()),
        "model": algorithm.model,
        "defaults": algorithm.defaults.as_ref().map(|defaults| json!({
            "steps": defaults.steps,
            "guidance": defaults.guidance,
            "sampler": defaults.sampler,
            "width_px": defaults.width_px,
            "height_px": defaults.height_px,
            "negative": defaults.negative,
            "template": defaults.template,
            "loras": defaults.loras.iter().map(|lora| json!({ "name": lora.name, "weight": lora.weight }))
                .collect::<Vec<_>>(),
        })),
        "summary": algorithm.summary,
    })
}

/// The stable word for what an algorithm makes.
fn kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Unspecified => "unknown",
        JobKind::Thumbnail => "thumbnail",
        JobKind::Image => "image",
    }
}

pub(super) async fn set_state(
    context: &Context,
    session: &Session,
    name: &str,
    state: AlgorithmState,
) -> Result<Exit, Failure> {
    let request = SetAlgorithmStateRequest {
        request_id: request_id(),
        algorithm: name.to_owned(),
        state: state.into(),
    };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().set_algorithm_state(request).await }
        })
        .await?;
    let algorithm = answer.algorithm.unwrap_or_default();
    context.out.object(&view(&algorithm));
    context.out.line(&format!("{} is {} now.", algorithm.name, words::algorithm_state(algorithm.state())));
    Ok(Exit::Ok)
}

pub(super) async fn price(
    context: &Context,
    session: &Session,
    name: &str,
    price_credits: u64,
) -> Result<Exit, Failure> {
    let request =
        SetAlgorithmPriceRequest { request_id: request_id(), algorithm: name.to_owned(), price_credits };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.admin().set_algorithm_price(request).await }
        })
        .await?;
    let algorithm = answer.algorithm.unwrap_or_default();
    context.out.object(&view(&algorithm));
    let price = words::credits(algorithm.price_credits);
    context.out.line(&format!("One picture by {} costs {price} from now on.", algorithm.name));
    Ok(Exit::Ok)
}
