//! How often somebody calls, counted in memory.
//!
//! Each limit is a bucket that fills up evenly: who has been quiet may make the whole number of calls at once. The
//! tables forget whoever has a full bucket again, so their size follows the calls of the last hour.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::config::{Factors, LimitsConfig};
use super::{Exceeded, Limit};
use crate::accounts::{Caller, Credential, Origin, Role};
use crate::id::{KeyId, MemberId};

/// Calls between two times of forgetting.
const FORGET_EVERY: u32 = 1024;

/// The limits on calls. Clones share the counts.
#[derive(Clone)]
pub struct Limits<C: Clock = DefaultClock> {
    inner: Arc<Inner<C>>,
}

struct Inner<C: Clock> {
    config: LimitsConfig,
    clock: C,
    addresses: PerRole<IpAddr, C>,
    keys: PerRole<KeyId, C>,
    accounts: PerRole<MemberId, C>,
    calls: AtomicU32,
}

impl Limits {
    /// Limits on the machine's own steady clock.
    #[must_use]
    pub fn new(config: LimitsConfig) -> Limits {
        Limits::with_clock(config, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    /// Limits on another clock, such as governor's fake one.
    #[must_use]
    pub fn with_clock(config: LimitsConfig, clock: C) -> Limits<C> {
        let factors = config.factors;
        let addresses = PerRole::new(factors, config.address_per_minute, Quota::per_minute, &clock);
        let keys = PerRole::new(factors, config.key_per_hour, Quota::per_hour, &clock);
        let accounts = PerRole::new(factors, config.account_per_hour, Quota::per_hour, &clock);
        let calls = AtomicU32::new(0);
        Limits { inner: Arc::new(Inner { config, clock, addresses, keys, accounts, calls }) }
    }

    /// The numbers, for [`super::take_generation`].
    #[must_use]
    pub fn config(&self) -> &LimitsConfig {
        &self.inner.config
    }

    /// Counts a call by somebody who is known.
    ///
    /// # Errors
    /// The first limit that was met, with the time to wait.
    pub fn check(&self, caller: &Caller) -> Result<(), Exceeded> {
        self.forget_now_and_then();
        if caller.credential == Credential::LocalOwner {
            return Ok(());
        }
        // Network and key of a chat user are the bot's; the account is the user's own.
        let shown = if caller.acting.is_some() { Role::Bot } else { caller.member.role };
        let (inner, clock) = (&self.inner, &self.inner.clock);
        if let Some(network) = caller.origin.network() {
            inner.addresses.check(shown, &network, Limit::Address, clock)?;
        }
        if let Credential::ApiKey { id, .. } = caller.credential {
            inner.keys.check(shown, &id, Limit::ApiKey, clock)?;
        }
        inner.accounts.check(caller.member.role, &caller.member.id, Limit::Account, clock)
    }

    /// Counts a call by somebody who is not known: before a login or a registration, and after a credential that
    /// did not count.
    ///
    /// # Errors
    /// When the address has made too many calls, with the time to wait.
    pub fn check_address(&self, origin: &Origin) -> Result<(), Exceeded> {
        self.forget_now_and_then();
        let Some(network) = origin.network() else { return Ok(()) };
        self.inner.addresses.check(Role::Guest, &network, Limit::Address, &self.inner.clock)
    }

    fn forget_now_and_then(&self) {
        if self.inner.calls.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.inner.addresses.forget();
            self.inner.keys.forget();
            self.inner.accounts.forget();
        }
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.inner.addresses.len() + self.inner.keys.len() + self.inner.accounts.len()
    }
}

type Keyed<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// One table of buckets per factor, in the order of [`Role::ALL`]; `None` is without limit. Roles with the same
/// factor share a table, so that an address has one bucket for guests and members.
struct PerRole<K: Hash + Eq + Clone, C: Clock> {
    tables: [Option<Arc<Table<K, C>>>; Role::ALL.len()],
}

struct Table<K: Hash + Eq + Clone, C: Clock> {
    allowed: NonZeroU32,
    buckets: Keyed<K, C>,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> PerRole<K, C> {
    fn new(factors: Factors, base: NonZeroU32, quota: fn(NonZeroU32) -> Quota, clock: &C) -> Self {
        let mut made: Vec<Arc<Table<K, C>>> = Vec::new();
        let tables = Role::ALL.map(|role| {
            let allowed = base.saturating_mul(factors.of(role)?);
            if let Some(table) = made.iter().find(|table| table.allowed == allowed) {
                return Some(Arc::clone(table));
            }
            let buckets = RateLimiter::dashmap_with_clock(quota(allowed), clock.clone());
            let table = Arc::new(Table { allowed, buckets });
            made.push(Arc::clone(&table));
            Some(table)
        });
        PerRole { tables }
    }

    fn check(&self, role: Role, key: &K, limit: Limit, clock: &C) -> Result<(), Exceeded> {
        let Some(table) = &self.tables[role as usize] else { return Ok(()) };
        table.buckets.check_key(key).map_err(|refused| {
            let retry_after = refused.wait_time_from(clock.now());
            Exceeded { limit, allowed: table.allowed.get(), retry_after }
        })
    }

    fn forget(&self) {
        for table in self.tables.iter().flatten() {
            table.buckets.retain_recent();
            table.buckets.shrink_to_fit();
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.tables.iter().flatten().map(|table| table.buckets.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::accounts::Member;
    use crate::clock::Timestamp;

    fn limits() -> (Limits<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limits::with_clock(LimitsConfig::default(), clock.clone()), clock)
    }

    fn origin(last: u8) -> Origin {
        Origin::new(Some([203, 0, 113, last].into()), "")
    }

    fn caller(role: Role, name: &str, credential: Credential, origin: Origin) -> Caller {
        let member = Member {
            id: MemberId::derived(&[name.as_bytes()]),
            name: name.to_owned(),
            role,
            suspended: false,
            created_at: Timestamp::default(),
            last_login_at: None,
        };
        Caller { member, credential, acting: None, bot: None, origin }
    }

    fn key(number: u8) -> Credential {
        let (id, name) = (KeyId::derived(&[&[number]]), String::new());
        Credential::ApiKey { id, name, scopes: Vec::new(), expires_at: None, version: 1 }
    }

    /// How many calls pass before the first is refused, and why it is.
    fn count(check: impl Fn() -> Result<(), Exceeded>) -> (u32, Exceeded) {
        for passed in 0..1_000_000 {
            if let Err(exceeded) = check() {
                return (passed, exceeded);
            }
        }
        panic!("nothing was refused")
    }

    #[test]
    fn an_address_has_a_hundred_calls_a_minute() {
        let (limits, clock) = limits();
        let (passed, exceeded) = count(|| limits.check_address(&origin(1)));
        let retry_after = Duration::from_millis(600);
        assert_eq!((passed, exceeded), (100, Exceeded { limit: Limit::Address, allowed: 100, retry_after }));
        assert!(exceeded.to_string().contains("try again in 1 s"), "{exceeded}");
        assert!(limits.check_address(&origin(2)).is_ok());
        clock.advance(retry_after);
        assert!(limits.check_address(&origin(1)).is_ok());
        assert!(limits.check_address(&origin(1)).is_err());
        let member = caller(Role::Member, "zoe", key(1), origin(1));
        assert_eq!(limits.check(&member).map_err(|exceeded| exceeded.limit), Err(Limit::Address));
        assert!(limits.check_address(&Origin::default()).is_ok(), "the machine itself has no address");
    }

    #[test]
    fn a_key_has_a_thousand_calls_an_hour_and_an_account_two_thousand() {
        let (limits, _clock) = limits();
        let from_nowhere = |number| caller(Role::Member, "zoe", key(number), Origin::default());
        let (passed, exceeded) = count(|| limits.check(&from_nowhere(1)));
        assert_eq!((passed, exceeded.limit), (1_000, Limit::ApiKey));
        assert_eq!(exceeded.retry_after, Duration::from_millis(3_600));
        let (passed, exceeded) = count(|| limits.check(&from_nowhere(2)));
        assert_eq!((passed, exceeded.limit), (1_000, Limit::ApiKey));
        let third = limits.check(&from_nowhere(3)).unwrap_err();
        assert_eq!((third.limit, third.allowed), (Limit::Account, 2_000));
    }

    #[test]
    fn roles_multiply_the_numbers_or_lift_them() {
        let (limits, _clock) = limits();
        let moderator = caller(Role::Moderator, "mo", key(1), origin(1));
        assert_eq!(count(|| limits.check(&moderator)).0, 200);
        for free in [
            caller(Role::Owner, "owner", key(2), origin(2)),
            caller(Role::Admin, "boss", key(3), origin(3)),
            caller(Role::Member, "owner", Credential::LocalOwner, origin(4)),
        ] {
            for _ in 0..5_000 {
                limits.check(&free).unwrap();
            }
        }
    }

    #[test]
    fn chat_users_are_counted_for_themselves_on_the_bots_wide_line() {
        let (limits, _clock) = limits();
        let user = |name| {
            let acting = Some("discord:1".parse().unwrap());
            Caller { acting, ..caller(Role::Guest, name, key(1), origin(1)) }
        };
        let (passed, exceeded) = count(|| limits.check(&user("one")));
        assert_eq!((passed, exceeded.limit), (2_000, Limit::Account));
        assert!(limits.check(&user("two")).is_ok());
    }

    #[test]
    fn who_is_quiet_again_is_forgotten() {
        let (limits, clock) = limits();
        for number in 0..20_000u32 {
            let address = std::net::Ipv4Addr::from(number);
            limits.check_address(&Origin::new(Some(address.into()), "")).unwrap();
            clock.advance(Duration::from_millis(1));
        }
        assert!(limits.remembered() < 5_000, "{}", limits.remembered());
        clock.advance(Duration::from_secs(60 * 60));
        for _ in 0..FORGET_EVERY {
            limits.check_address(&Origin::default()).unwrap();
        }
        assert_eq!(limits.remembered(), 0);
    }
}
