//! Members, the ledger's verification and the audit log.

use jiff::Timestamp;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// A chat user without an account.
    Guest,
    /// Anyone with an account.
    Member,
    /// Reviews content.
    Moderator,
    /// Runs the studio.
    Admin,
    /// Owns the machine.
    Owner,
    /// Acts for chat users.
    Bot,
}

impl Role {
    /// Those that can be given.
    pub(crate) const GIVEN: [Self; 4] = [Self::Member, Self::Moderator, Self::Admin, Self::Bot];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
            Self::Owner => "owner",
            Self::Bot => "bot",
        }
    }

    /// Whether the admin tabs are theirs.
    pub(crate) fn runs_the_studio(self) -> bool {
        matches!(self, Self::Admin | Self::Owner)
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its id.
    pub(crate) id: String,
    /// The name to log in with.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) role: Role,
    /// It may look, but not act.
    pub(crate) suspended: bool,
    /// When it last logged in.
    pub(crate) last_login_at: Option<Timestamp>,
    /// Its plan.
    pub(crate) plan: String,
}

/// An account at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberRow {
    /// The account.
    pub(crate) member: Member,
    /// What it can spend.
    pub(crate) available: u64,
    /// Set aside for its jobs.
    pub(crate) reserved: u64,
    /// Jobs ever submitted.
    pub(crate) jobs: u64,
}

/// What the verification of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verification {
    /// Whether everything agrees.
    pub(crate) sound: bool,
    /// How many transfers were replayed.
    pub(crate) transfers: u64,
    /// How many accounts were compared.
    pub(crate) accounts: u64,
    /// What does not agree.
    pub(crate) findings: Vec<String>,
    /// How long it took.
    pub(crate) took_ms: u32,
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// Number in the log.
    pub(crate) number: u64,
    /// When.
    pub(crate) at: Option<Timestamp>,
    /// Who.
    pub(crate) actor: String,
    /// What.
    pub(crate) action: String,
    /// To what.
    pub(crate) entity: String,
    /// Before.
    pub(crate) old: String,
    /// Now.
    pub(crate) new: String,
    /// From which address.
    pub(crate) address: String,
    /// With which client.
    pub(crate) client: String,
    /// Why.
    pub(crate) reason: String,
}
