//! Roles, scopes and permissions: one pure table of who may do what.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A chat user who has not linked an account.
    Guest,
    /// Anyone with an account.
    Member,
    /// Reviews content.
    Moderator,
    /// Runs the studio.
    Admin,
    /// The one who owns the machine.
    Owner,
    /// A service account that acts for chat users.
    Bot,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 6] =
        [Role::Guest, Role::Member, Role::Moderator, Role::Admin, Role::Owner, Role::Bot];

    /// Whether the role allows it, to somebody who is not suspended and uses no narrower credential.
    #[must_use]
    pub fn grants(self, permission: Permission) -> bool {
        use Permission::{Administer, Generate, ManageOwn, Moderate, Own, Read};
        let granted: &[Permission] = match self {
            Role::Guest => &[Read, Generate],
            Role::Member => &[Read, Generate, ManageOwn],
            Role::Moderator => &[Read, Generate, ManageOwn, Moderate],
            Role::Admin => &[Read, Generate, ManageOwn, Moderate, Administer],
            Role::Owner => &[Read, Generate, ManageOwn, Moderate, Administer, Own],
            // It generates for chat users and never for itself.
            Role::Bot => &[Read, ManageOwn],
        };
        granted.contains(&permission)
    }

    /// How far up the role stands among those who administer.
    fn rank(self) -> u8 {
        match self {
            Role::Owner => 2,
            Role::Admin => 1,
            Role::Guest | Role::Member | Role::Moderator | Role::Bot => 0,
        }
    }

    /// Whether this role may change members of the other one: the owner all but the owner, admins all below.
    #[must_use]
    pub fn outranks(self, other: Role) -> bool {
        self.rank() > other.rank()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Guest => "guest",
            Role::Member => "member",
            Role::Moderator => "moderator",
            Role::Admin => "admin",
            Role::Owner => "owner",
            Role::Bot => "bot",
        })
    }
}

/// What an API key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read everything that belongs to the account.
    Read,
    /// Ask for pictures.
    Generate,
    /// Act as admin, as far as the account's role allows.
    Admin,
}

impl Scope {
    /// Whether the scope covers it. Nothing covers credentials of the account or what only the owner may do: a
    /// leaked key must not be able to make itself at home.
    #[must_use]
    pub fn covers(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => self == Scope::Read,
            Permission::Generate => self == Scope::Generate,
            Permission::Moderate | Permission::Administer => self == Scope::Admin,
            Permission::ManageOwn | Permission::Own => false,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scope::Read => "read",
            Scope::Generate => "generate",
            Scope::Admin => "admin",
        })
    }
}

/// What an act needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Look at what is one's own.
    Read,
    /// Ask for pictures, and cancel, retry, upload, talk, rate and delete one's own.
    Generate,
    /// Change one's own credentials: password, sessions, API keys, webhooks.
    ManageOwn,
    /// Review content.
    Moderate,
    /// Run the studio: members, credits, jobs, algorithms.
    Administer,
    /// Make and unmake admins.
    Own,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 6] = [
        Permission::Read,
        Permission::Generate,
        Permission::ManageOwn,
        Permission::Moderate,
        Permission::Administer,
        Permission::Own,
    ];
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Permission::Read => "look at this",
            Permission::Generate => "ask for pictures",
            Permission::ManageOwn => "change the account's credentials",
            Permission::Moderate => "review content",
            Permission::Administer => "administer the studio",
            Permission::Own => "act as the owner",
        })
    }
}

/// Why an act is refused to a caller who is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role does not allow it.
    #[error("as {role} you may not {needed}; ask an admin for another role")]
    Role {
        /// The caller's role.
        role: Role,
        /// What the act needs.
        needed: Permission,
    },
    /// The account is suspended.
    #[error("this account is suspended: it may look, but not {0}; ask an admin")]
    Suspended(Permission),
    /// The API key has no scope for it.
    #[error("this API key may not {0}; use a key with another scope, or log in")]
    Scope(Permission),
    /// A bot that acts for a chat user may only read and generate.
    #[error("this can't be done through a chat; log in to {0}")]
    Acting(Permission),
    /// Only service accounts act for others.
    #[error("only a service account with the role bot may act for a chat user")]
    NotBot,
    /// The other member stands too high.
    #[error("{actor} may not change {target}; only the owner changes admins, and nobody changes the owner")]
    Outranked {
        /// The caller's role.
        actor: Role,
        /// The other member's role.
        target: Role,
    },
    /// Only the owner makes admins.
    #[error("only the owner makes somebody {0}")]
    OwnerOnly(Role),
    /// Nobody can be given this role.
    #[error("nobody can be made {0}: guests are chat users without an account, and there is one owner")]
    Unassignable(Role),
    /// A guest has no account that could have another role.
    #[error("a guest keeps this role until the chat identity is linked to an account")]
    Guest,
    /// The act would be about the caller.
    #[error("you can't do this to yourself; ask somebody else")]
    Oneself,
}

/// Whether `actor` may give somebody with the role `target` the role `new`.
///
/// # Errors
/// What is in the way.
pub(super) fn may_set_role(actor: Role, target: Role, new: Role) -> Result<(), Denied> {
    if !actor.grants(Permission::Administer) {
        return Err(Denied::Role { role: actor, needed: Permission::Administer });
    }
    if !actor.outranks(target) {
        return Err(Denied::Outranked { actor, target });
    }
    match new {
        _ if target == Role::Guest => Err(Denied::Guest),
        Role::Guest | Role::Owner => Err(Denied::Unassignable(new)),
        Role::Admin if !actor.grants(Permission::Own) => Err(Denied::OwnerOnly(new)),
        Role::Admin | Role::Moderator | Role::Member | Role::Bot => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_table_says() {
        // Read, Generate, ManageOwn, Moderate, Administer, Own
        let table = [
            (Role::Guest, "rg...."),
            (Role::Member, "rgm..."),
            (Role::Moderator, "rgmM.."),
            (Role::Admin, "rgmMA."),
            (Role::Owner, "rgmMAO"),
            (Role::Bot, "r.m..."),
        ];
        for (role, row) in table {
            let got: String = Permission::ALL
                .iter()
                .zip("rgmMAO".chars())
                .map(|(permission, letter)| if role.grants(*permission) { letter } else { '.' })
                .collect();
            assert_eq!(got, row, "{role}");
        }
    }

    #[test]
    fn scopes_never_cover_credentials_or_ownership() {
        for scope in [Scope::Read, Scope::Generate, Scope::Admin] {
            assert!(!scope.covers(Permission::ManageOwn) && !scope.covers(Permission::Own), "{scope}");
        }
        assert!(Scope::Admin.covers(Permission::Administer) && !Scope::Admin.covers(Permission::Read));
        assert!(!Scope::Read.covers(Permission::Generate));
    }

    #[test]
    fn only_the_owner_makes_and_unmakes_admins_and_nobody_the_owner() {
        use Role::{Admin, Bot, Guest, Member, Moderator, Owner};
        let ok = |actor, target, new| may_set_role(actor, target, new).is_ok();
        for actor in Role::ALL {
            for target in Role::ALL {
                for new in Role::ALL {
                    let expected = match actor {
                        Owner => target != Owner && target != Guest && new != Owner && new != Guest,
                        Admin => {
                            matches!(target, Member | Moderator | Bot)
                                && matches!(new, Member | Moderator | Bot)
                        }
                        Guest | Member | Moderator | Bot => false,
                    };
                    assert_eq!(ok(actor, target, new), expected, "{actor} makes {target} {new}");
                }
            }
        }
    }
}
