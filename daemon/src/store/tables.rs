//! The registry of tables: one number each, stored in front of every key.
//!
//! The compiler refuses two names with one number. A number is never used again for something else.
//! Number 255 stays free, so that every table has a successor. Each subject has a block of sixteen:
//! 0 store and ledger, 16 accounts, 32 billing, 48 catalogue and templates, 64 conversations, 80 jobs,
//! 96 assets, 112 notify, 128 audit; from 192 on, numbers belong to tests.

/// Every table of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum TableId {
    /// What the store knows about itself.
    Meta = 0,
    /// Acts that happened, by caller and request id.
    Acts = 15,

    /// Ledger: accounts and their four totals.
    LedgerAccounts = 1,
    /// Ledger: the journal of transfers by sequence.
    LedgerJournal = 2,
    /// Ledger: which transfers answered a request.
    LedgerPostings = 3,
    /// Ledger: reservations by job.
    LedgerReservations = 4,
    /// Ledger: what each member holds.
    LedgerWallets = 5,
    /// Ledger: transfers of each member, by sequence.
    LedgerMemberTransfers = 6,
    /// Ledger: the last sequence of the journal.
    LedgerHead = 7,

    /// Accounts: members by id.
    Members = 16,
    /// Accounts: member ids by name.
    MemberNames = 17,
    /// Accounts: password hashes and one-time codes by member.
    Passwords = 18,
    /// Accounts: sessions by id.
    Sessions = 19,
    /// Accounts: sessions of each member.
    MemberSessions = 20,
    /// Accounts: API keys by id.
    ApiKeys = 21,
    /// Accounts: API keys of each member.
    MemberApiKeys = 22,
    /// Accounts: chat identities.
    Identities = 23,
    /// Accounts: invitations by hash.
    Invitations = 24,
    /// Accounts: failed logins by name and address.
    LoginFailures = 25,
    /// Accounts: codes that join chat identities, by hash.
    LinkCodes = 28,
    /// Accounts: the code of each member.
    MemberLinkCodes = 29,
    /// Accounts: chat identities of each member.
    MemberLinks = 30,
    /// Limits: generations of each member and day.
    Generations = 27,

    /// Catalogue: algorithms by name.
    Algorithms = 48,

    /// Conversations by id.
    Conversations = 64,
    /// Conversations: their messages by number.
    Messages = 65,
    /// Conversations of each member by last use.
    MemberConversations = 66,
    /// Chats: the conversation of each user in each channel.
    Chats = 67,
    /// Chats: messages of platforms that show jobs.
    ChatMessages = 68,
    /// Chats: rules of channels.
    ChatChannels = 69,
    /// Chats: guests whose history is on its way to an account.
    ChatMerges = 70,

    /// Jobs by id.
    Jobs = 80,
    /// Jobs: durable events by number.
    JobEvents = 81,
    /// Jobs of each member by time.
    MemberJobs = 82,
    /// Jobs of everybody by time.
    AllJobs = 83,
    /// Jobs that have not ended.
    OpenJobs = 84,
    /// Jobs: how many each member has submitted.
    JobCounts = 85,
    /// Jobs: what is left of deleted ones.
    JobTombstones = 86,

    /// Assets by id.
    Assets = 96,
    /// Assets of each member by time.
    MemberAssets = 97,
    /// Assets: blobs by hash, with their pins.
    Blobs = 98,
    /// Assets: bytes used by each member.
    AssetUse = 99,
    /// Assets: blobs that nobody refers to, by time.
    Orphans = 100,

    /// Audit: entries by number.
    Audit = 128,
    /// Audit: the newest number.
    AuditHead = 129,
}
