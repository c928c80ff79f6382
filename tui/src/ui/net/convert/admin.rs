//! Accounts, credits, the ledger and the audit log.

use atelier_proto::v1;

use super::{
    super::super::model::{
        AuditEntry, Member, MemberRow, Pocket, Role, Studio, Transfer, TransferKind, TransferPhase,
        Verification, Wallet,
    },
    clean, moment,
};

/// An account.
pub(in super::super) fn member(member: v1::Member) -> Member {
    let role = match member.role() {
        v1::Role::Guest | v1::Role::Unspecified => Role::Guest,
        v1::Role::Member => Role::Member,
        v1::Role::Moderator => Role::Moderator,
        v1::Role::Admin => Role::Admin,
        v1::Role::Owner => Role::Owner,
        v1::Role::Bot => Role::Bot,
    };
    Member {
        id: member.member_id,
        name: clean(&member.name),
        role,
        suspended: member.suspended,
        last_login_at: moment!(member.last_login_at),
        plan: clean(&member.plan),
    }
}

/// An account at a glance.
pub(in super::super) fn member_row(row: v1::MemberRow) -> Option<MemberRow> {
    Some(MemberRow {
        member: member(row.member?),
        available: row.available_credits,
        reserved: row.reserved_credits,
        jobs: row.job_count,
    })
}

/// A role to be given.
pub(in super::super) fn role_on_the_wire(role: Role) -> v1::Role {
    match role {
        Role::Guest => v1::Role::Guest,
        Role::Member => v1::Role::Member,
        Role::Moderator => v1::Role::Moderator,
        Role::Admin => v1::Role::Admin,
        Role::Owner => v1::Role::Owner,
        Role::Bot => v1::Role::Bot,
    }
}

/// About the daemon.
pub(in super::super) fn studio(info: &v1::GetInfoResponse) -> Studio {
    Studio { name: clean(&info.studio_name), version: clean(&info.version), accepting: info.accepting }
}

/// A wallet.
pub(in super::super) fn wallet(wallet: v1::GetBalanceResponse) -> Wallet {
    let pockets = wallet.pockets.into_iter().map(|pocket| Pocket {
        name: clean(&pocket.name),
        available: pocket.available_credits,
        expires_at: moment!(pocket.expires_at),
    });
    Wallet {
        available: wallet.available_credits,
        reserved: wallet.reserved_credits,
        pockets: pockets.collect(),
        daily_free: wallet.daily_free_credits,
        next_reset_at: moment!(wallet.next_reset_at),
        auto_confirm: wallet.auto_confirm_credits,
    }
}

/// A transfer.
pub(in super::super) fn transfer(transfer: v1::Transfer) -> Transfer {
    use v1::TransferKind as Wire;
    let kind = match transfer.kind() {
        Wire::Usage => TransferKind::Usage,
        Wire::Purchase => TransferKind::Purchase,
        Wire::Plan => TransferKind::Plan,
        Wire::Free => TransferKind::Free,
        Wire::Trial => TransferKind::Trial,
        Wire::Coupon => TransferKind::Coupon,
        Wire::Referral => TransferKind::Referral,
        Wire::Gift => TransferKind::Gift,
        Wire::Refund => TransferKind::Refund,
        Wire::AdminAdjustment | Wire::Unspecified => TransferKind::Adjustment,
        Wire::Merge => TransferKind::Merge,
        Wire::Expiry => TransferKind::Expiry,
    };
    let phase = match transfer.phase() {
        v1::TransferPhase::Posted | v1::TransferPhase::Unspecified => TransferPhase::Posted,
        v1::TransferPhase::Pending => TransferPhase::Pending,
        v1::TransferPhase::Capture => TransferPhase::Captured,
        v1::TransferPhase::Release => TransferPhase::Released,
    };
    Transfer {
        id: transfer.transfer_id,
        kind,
        phase,
        change: transfer.change_credits,
        balance_after: transfer.balance_after_credits,
        pocket: clean(&transfer.pocket),
        reference: clean(&transfer.reference),
        actor: clean(&transfer.actor),
        at: moment!(transfer.at),
        note: clean(&transfer.note),
    }
}

/// A kind to filter by.
pub(in super::super) fn transfer_kind_on_the_wire(kind: Option<TransferKind>) -> v1::TransferKind {
    use v1::TransferKind as Wire;
    match kind {
        None => Wire::Unspecified,
        Some(TransferKind::Usage) => Wire::Usage,
        Some(TransferKind::Purchase) => Wire::Purchase,
        Some(TransferKind::Plan) => Wire::Plan,
        Some(TransferKind::Free) => Wire::Free,
        Some(TransferKind::Trial) => Wire::Trial,
        Some(TransferKind::Coupon) => Wire::Coupon,
        Some(TransferKind::Referral) => Wire::Referral,
        Some(TransferKind::Gift) => Wire::Gift,
        Some(TransferKind::Refund) => Wire::Refund,
        Some(TransferKind::Adjustment) => Wire::AdminAdjustment,
        Some(TransferKind::Merge) => Wire::Merge,
        Some(TransferKind::Expiry) => Wire::Expiry,
    }
}

/// What the verification found.
pub(in super::super) fn verification(found: &v1::VerifyLedgerResponse) -> Verification {
    Verification {
        sound: found.sound,
        transfers: found.transfer_count,
        accounts: found.account_count,
        findings: found.findings.iter().map(|finding| clean(finding)).collect(),
        took_ms: found.took_ms,
    }
}

/// A line of the audit log.
pub(in super::super) fn audit(entry: &v1::AuditEntry) -> AuditEntry {
    AuditEntry {
        number: entry.number,
        at: moment!(entry.at),
        actor: clean(&entry.actor),
        action: clean(&entry.action),
        entity: clean(&entry.entity),
        old: clean(&entry.old_value),
        new: clean(&entry.new_value),
        address: clean(&entry.address),
        client: clean(&entry.client),
        reason: clean(&entry.reason),
    }
}
