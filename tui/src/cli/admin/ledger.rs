//! The books: a member's transfers, whether everything agrees, and who did what.

use atelier_proto::v1::{
    AuditEntry, ListAuditRequest, ListMemberTransfersRequest, VerifyLedgerRequest, VerifyLedgerResponse,
};
use serde_json::{Value, json};

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        pages,
        table::{Table, shorten},
        wallet, words,
    },
    session::Session,
};

pub(super) async fn transfers(context: &Context, session: &Session, member: &str) -> Result<Exit, Failure> {
    let transfers = pages::collect(None, |page_size, page_token| async move {
        let request = ListMemberTransfersRequest { member: member.to_owned(), page_size, page_token };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.admin().list_member_transfers(request).await }
            })
            .await?;
        Ok((answer.transfers, answer.next_page_token))
    })
    .await?;
    wallet::print_transfers(context, &transfers);
    Ok(Exit::Ok)
}

pub(super) async fn verify(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let found = session
        .client
        .call(|client| async move { client.admin().verify_ledger(VerifyLedgerRequest {}).await })
        .await?;
    context.out.object(&json!({
        "sound": found.sound,
        "transfer_count": found.transfer_count,
        "account_count": found.account_count,
        "findings": found.findings,
        "took_ms": found.took_ms,
    }));
    context.out.line(&verdict(&found));
    Ok(if found.sound { Exit::Ok } else { Exit::Failed })
}

fn verdict(found: &VerifyLedgerResponse) -> String {
    let looked_at = format!(
        "{} transfers of {} accounts in {} ms",
        words::number(found.transfer_count),
        words::number(found.account_count),
        words::number(found.took_ms.into())
    );
    if found.sound {
        return format!("Everything agrees: {looked_at}.");
    }
    let findings = found.findings.iter().map(|finding| format!("\n  {finding}")).collect::<String>();
    format!("Not everything agrees ({looked_at}):{findings}")
}

pub(super) async fn audit(
    context: &Context,
    session: &Session,
    action: &str,
    limit: Option<u32>,
) -> Result<Exit, Failure> {
    let entries = pages::collect(limit, |page_size, page_token| async move {
        let request = ListAuditRequest { page_size, page_token, action: action.to_owned() };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.admin().list_audit(request).await }
            })
            .await?;
        Ok((answer.entries, answer.next_page_token))
    })
    .await?;
    let mut table = Table::new(&["no.", "when", "who", "what", "to", "from → to", "why"], &[0]);
    for entry in &entries {
        context.out.object(&view(entry));
        table.row([
            entry.number.to_string(),
            words::when(entry.at.as_ref(), &context.zone),
            entry.actor.clone(),
            entry.action.clone(),
            shorten(&entry.entity, 36),
            shorten(&format!("{} → {}", entry.old_value, entry.new_value), 40),
            shorten(&entry.reason, 40),
        ]);
    }
    if entries.is_empty() {
        context.out.note("Nothing of that kind was done.");
    } else {
        context.out.line(&table.text());
    }
    Ok(Exit::Ok)
}

fn view(entry: &AuditEntry) -> Value {
    json!({
        "number": entry.number,
        "at": words::iso(entry.at.as_ref()),
        "actor": entry.actor,
        "action": entry.action,
        "entity": entry.entity,
        "old_value": entry.old_value,
        "new_value": entry.new_value,
        "address": entry.address,
        "client": entry.client,
        "reason": entry.reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_tells_what_does_not_agree() {
        let mut found = VerifyLedgerResponse {
            sound: true,
            transfer_count: 1_200,
            account_count: 31,
            took_ms: 14,
            ..VerifyLedgerResponse::default()
        };
        assert_eq!(verdict(&found), "Everything agrees: 1,200 transfers of 31 accounts in 14 ms.");
        found.sound = false;
        found.findings = vec!["anna: 3 is not 4".to_owned()];
        assert!(verdict(&found).ends_with("in 14 ms):\n  anna: 3 is not 4"));
    }
}
