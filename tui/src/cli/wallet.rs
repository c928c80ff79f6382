//! `wallet`: what there is to spend, and how it came and went.

use atelier_proto::v1::{GetBalanceRequest, GetBalanceResponse, ListTransfersRequest, Transfer};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{
    Context,
    exit::{Exit, Failure},
    pages,
    table::{Table, shorten},
    words,
};
use crate::session::Session;

/// What to tell of the wallet.
#[derive(Debug, clap::Args)]
pub(crate) struct WalletArgs {
    /// Its history instead, newest first
    #[arg(long)]
    pub(crate) transfers: bool,
    /// How many transfers
    #[arg(long, value_name = "N", default_value_t = 20, requires = "transfers", conflicts_with = "all")]
    pub(crate) limit: u32,
    /// Every transfer there is
    #[arg(long, requires = "transfers")]
    pub(crate) all: bool,
}

pub(crate) async fn run(context: &Context, session: &Session, args: &WalletArgs) -> Result<Exit, Failure> {
    if args.transfers {
        return transfers(context, session, args).await;
    }
    let balance = session
        .client
        .call(|client| async move { client.credits().get_balance(GetBalanceRequest {}).await })
        .await?;
    context.out.object(&json!({
        "available_credits": balance.available_credits,
        "reserved_credits": balance.reserved_credits,
        "pockets": balance.pockets.iter().map(|pocket| json!({
            "name": pocket.name,
            "available_credits": pocket.available_credits,
            "expires_at": words::iso(pocket.expires_at.as_ref()),
        })).collect::<Vec<_>>(),
        "daily_free_credits": balance.daily_free_credits,
        "next_reset_at": words::iso(balance.next_reset_at.as_ref()),
        "auto_confirm_credits": balance.auto_confirm_credits,
    }));
    context.out.line(&balance_text(&balance, &context.zone));
    Ok(Exit::Ok)
}

fn balance_text(balance: &GetBalanceResponse, zone: &TimeZone) -> String {
    let mut lines = vec![format!("{} to spend", words::credits(balance.available_credits))];
    for pocket in &balance.pockets {
        let until = match pocket.expires_at {
            Some(_) => format!(", until {}", words::when(pocket.expires_at.as_ref(), zone)),
            None => String::new(),
        };
        lines.push(format!("  {:>9}  {}{until}", words::number(pocket.available_credits), pocket.name));
    }
    if balance.reserved_credits > 0 {
        lines.push(format!("  {:>9}  set aside for jobs", words::number(balance.reserved_credits)));
    }
    if balance.daily_free_credits > 0 {
        lines.push(format!(
            "{} come free each day, next at {}",
            words::number(balance.daily_free_credits),
            words::when(balance.next_reset_at.as_ref(), zone)
        ));
    }
    lines.push(format!("Prices up to {} run without asking", words::credits(balance.auto_confirm_credits)));
    lines.join("\n")
}

async fn transfers(context: &Context, session: &Session, args: &WalletArgs) -> Result<Exit, Failure> {
    let limit = (!args.all).then_some(args.limit);
    let transfers = pages::collect(limit, |page_size, page_token| async move {
        let request = ListTransfersRequest { page_size, page_token, ..ListTransfersRequest::default() };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.credits().list_transfers(request).await }
            })
            .await?;
        Ok((answer.transfers, answer.next_page_token))
    })
    .await?;
    print_transfers(context, &transfers);
    Ok(Exit::Ok)
}

pub(crate) fn print_transfers(context: &Context, transfers: &[Transfer]) {
    for transfer in transfers {
        context.out.object(&view(transfer));
    }
    if transfers.is_empty() {
        context.out.note("Nothing has moved yet.");
    } else {
        context.out.line(&table(transfers, &context.zone));
    }
}

fn view(transfer: &Transfer) -> Value {
    json!({
        "id": transfer.transfer_id,
        "kind": words::transfer_kind(transfer.kind()),
        "phase": words::transfer_phase(transfer.phase()),
        "change_credits": transfer.change_credits,
        "balance_after_credits": transfer.balance_after_credits,
        "pocket": transfer.pocket,
        "reference": transfer.reference,
        "actor": transfer.actor,
        "at": words::iso(transfer.at.as_ref()),
        "note": transfer.note,
    })
}

fn table(transfers: &[Transfer], zone: &TimeZone) -> String {
    let mut table = Table::new(&["when", "why", "", "change", "left", "pocket", "by", "note"], &[3, 4]);
    for transfer in transfers {
        let note = if transfer.note.is_empty() { &transfer.reference } else { &transfer.note };
        table.row([
            words::when(transfer.at.as_ref(), zone),
            words::transfer_kind(transfer.kind()).replace('_', " "),
            words::transfer_phase(transfer.phase()).to_owned(),
            format!("{:+}", transfer.change_credits),
            words::number(transfer.balance_after_credits),
            transfer.pocket.clone(),
            transfer.actor.clone(),
            shorten(note, 40),
        ]);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use atelier_proto::v1::{Pocket, TransferKind, TransferPhase};

    use super::{super::view::tests::at, *};

    #[test]
    fn the_wallet_in_words() {
        let balance = GetBalanceResponse {
            available_credits: 1_220,
            reserved_credits: 2,
            pockets: vec![
                Pocket { name: "daily".to_owned(), available_credits: 20, expires_at: at(1_790_030_000) },
                Pocket { name: "purchased".to_owned(), available_credits: 1_200, expires_at: None },
            ],
            daily_free_credits: 20,
            next_reset_at: at(1_790_030_000),
            auto_confirm_credits: 20,
        };
        let transfer = |kind: TransferKind, phase: TransferPhase, change_credits| Transfer {
            kind: kind.into(),
            phase: phase.into(),
            change_credits,
            balance_after_credits: 1_200,
            pocket: "daily".to_owned(),
            reference: "0197-a".to_owned(),
            actor: "anna".to_owned(),
            at: at(1_790_000_000),
            ..Transfer::default()
        };
        let transfers = [
            transfer(TransferKind::Usage, TransferPhase::Capture, -1),
            transfer(TransferKind::AdminAdjustment, TransferPhase::Posted, 500),
        ];
        insta::assert_snapshot!("wallet", balance_text(&balance, &TimeZone::UTC));
        insta::assert_snapshot!("wallet_transfers", table(&transfers, &TimeZone::UTC));
    }
}
