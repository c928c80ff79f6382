//! The numbers.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::accounts::Role;

/// How much is allowed, to a member; [`Factors`] multiply it for the other roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Calls a minute from one address.
    pub address_per_minute: NonZeroU32,
    /// Calls an hour with one API key.
    pub key_per_hour: NonZeroU32,
    /// Calls an hour of one account, however they are made.
    pub account_per_hour: NonZeroU32,
    /// Pictures a day of one account.
    pub generations_per_day: u32,
    /// What the numbers are multiplied by.
    pub factors: Factors,
}

/// By how much each role multiplies the numbers; 0 means without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Factors {
    /// Chat users without an account.
    pub guest: u32,
    /// Anyone with an account.
    pub member: u32,
    /// Those who review content.
    pub moderator: u32,
    /// Those who run the studio.
    pub admin: u32,
    /// The one who owns the machine.
    pub owner: u32,
    /// Service accounts: one address and one key carry all of a platform's users.
    pub bot: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        const fn number(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        LimitsConfig {
            address_per_minute: number(100),
            key_per_hour: number(1_000),
            account_per_hour: number(2_000),
            generations_per_day: 50,
            factors: Factors::default(),
        }
    }
}

impl Default for Factors {
    fn default() -> Self {
        Factors { guest: 1, member: 1, moderator: 2, admin: 0, owner: 0, bot: 50 }
    }
}

impl Factors {
    /// The factor of a role; `None` means without limit.
    #[must_use]
    pub fn of(&self, role: Role) -> Option<NonZeroU32> {
        NonZeroU32::new(match role {
            Role::Guest => self.guest,
            Role::Member => self.member,
            Role::Moderator => self.moderator,
            Role::Admin => self.admin,
            Role::Owner => self.owner,
            Role::Bot => self.bot,
        })
    }
}

impl LimitsConfig {
    /// Pictures a day for a role; `None` means without limit.
    #[must_use]
    pub fn generations_of(&self, role: Role) -> Option<u32> {
        self.factors.of(role).map(|factor| self.generations_per_day.saturating_mul(factor.get()))
    }
}
