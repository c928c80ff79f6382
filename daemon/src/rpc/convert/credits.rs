//! Balances and transfers.

use atelier_proto::v1 as wire;
use tonic::Status;

use super::time;
use crate::{
    id::MemberId,
    ledger::{AccountId, Actor, Balance, Kind, Phase, Reference, Transfer},
};

fn pocket(account: &AccountId) -> &'static str {
    match account {
        AccountId::Purchased(_) => "purchased",
        AccountId::Daily(_) => "daily",
        AccountId::Plan(_) => "plan",
        AccountId::Bonus(..) => "bonus",
        AccountId::Mint(_) | AccountId::Revenue | AccountId::Expired => "house",
    }
}

pub(in crate::rpc) fn pockets(balance: &Balance) -> Vec<wire::Pocket> {
    balance
        .holdings
        .iter()
        .map(|holding| wire::Pocket {
            name: pocket(&holding.account).to_owned(),
            available_credits: holding.available,
            expires_at: holding.expires.map(time),
        })
        .collect()
}

/// A transfer as its member sees it.
pub(in crate::rpc) fn transfer(transfer: &Transfer, member: MemberId) -> wire::Transfer {
    let debited = transfer.debit.member() == Some(member);
    let amount = i64::try_from(transfer.amount).unwrap_or(i64::MAX);
    let (account, after) = if debited {
        (&transfer.debit, transfer.debit_after)
    } else {
        (&transfer.credit, transfer.credit_after)
    };
    let (phase, change) = match transfer.phase {
        Phase::Posted => (wire::TransferPhase::Posted, if debited { -amount } else { amount }),
        Phase::Pending => (wire::TransferPhase::Pending, -amount),
        // It went away when it was set aside.
        Phase::Capture { .. } => (wire::TransferPhase::Capture, 0),
        Phase::Release { .. } => (wire::TransferPhase::Release, amount),
    };
    wire::Transfer {
        transfer_id: transfer.id.to_string(),
        kind: kind(transfer.kind).into(),
        phase: phase.into(),
        change_credits: change,
        balance_after_credits: after.unwrap_or(0),
        pocket: pocket(account).to_owned(),
        reference: reference(&transfer.reference),
        actor: match transfer.actor {
            Actor::System => "atelier".to_owned(),
            Actor::Provider => "payment provider".to_owned(),
            Actor::Member(by) if by == member => "you".to_owned(),
            Actor::Member(by) => by.to_string(),
            Actor::Admin(_) => "admin".to_owned(),
            Actor::Operator => "operator".to_owned(),
        },
        at: Some(time(transfer.at)),
        note: transfer.note.clone(),
    }
}

fn reference(reference: &Reference) -> String {
    match reference {
        Reference::None | Reference::Lapsed(_) => String::new(),
        Reference::Job(job) => job.to_string(),
        Reference::Payment(text) | Reference::Coupon(text) => text.clone(),
        Reference::Member(member) => member.to_string(),
        Reference::Day { day, .. } => day.to_string(),
    }
}

fn kind(kind: Kind) -> wire::TransferKind {
    match kind {
        Kind::Usage => wire::TransferKind::Usage,
        Kind::Purchase => wire::TransferKind::Purchase,
        Kind::Plan => wire::TransferKind::Plan,
        Kind::Free => wire::TransferKind::Free,
        Kind::Trial => wire::TransferKind::Trial,
        Kind::Coupon => wire::TransferKind::Coupon,
        Kind::Referral => wire::TransferKind::Referral,
        Kind::Gift => wire::TransferKind::Gift,
        Kind::Refund => wire::TransferKind::Refund,
        Kind::AdminAdjustment => wire::TransferKind::AdminAdjustment,
        Kind::Merge => wire::TransferKind::Merge,
        Kind::Expiry => wire::TransferKind::Expiry,
    }
}

pub(in crate::rpc) fn from_kind(number: i32) -> Result<Option<Kind>, Status> {
    Ok(Some(match wire::TransferKind::try_from(number) {
        Ok(wire::TransferKind::Unspecified) => return Ok(None),
        Ok(wire::TransferKind::Usage) => Kind::Usage,
        Ok(wire::TransferKind::Purchase) => Kind::Purchase,
        Ok(wire::TransferKind::Plan) => Kind::Plan,
        Ok(wire::TransferKind::Free) => Kind::Free,
        Ok(wire::TransferKind::Trial) => Kind::Trial,
        Ok(wire::TransferKind::Coupon) => Kind::Coupon,
        Ok(wire::TransferKind::Referral) => Kind::Referral,
        Ok(wire::TransferKind::Gift) => Kind::Gift,
        Ok(wire::TransferKind::Refund) => Kind::Refund,
        Ok(wire::TransferKind::AdminAdjustment) => Kind::AdminAdjustment,
        Ok(wire::TransferKind::Merge) => Kind::Merge,
        Ok(wire::TransferKind::Expiry) => Kind::Expiry,
        Err(_) => {
            return Err(Status::invalid_argument(format!("kind: {number} is not one of the known values")));
        }
    }))
}
