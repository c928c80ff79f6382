//! Names of things: one type per kind, so that they cannot be mistaken for each other.
//!
//! New ids are UUIDv7 of the time that is passed in, so they sort by age. Ids that must be the same on every
//! try are derived from what they stand for (UUIDv5).

use uuid::Uuid;

/// The namespace of derived ids; stored data depends on it.
const DERIVED: Uuid = Uuid::from_u128(0x0b0d_6c0e_31ab_5c8b_9f6c_2f8a_4d11_7e55);

/// Text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid id")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id for something that begins at `now`.
            pub fn new(now: $crate::clock::Timestamp) -> Self {
                let millis = u64::try_from(now.as_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid())
            }

            /// The id that always belongs to these parts.
            pub fn derived(parts: &[&[u8]]) -> Self {
                Self(derive(parts))
            }

            /// The id with this number.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id as a number.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// The id as bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }

        impl $crate::store::Key for $name {
            fn encode(&self, out: &mut Vec<u8>) {
                self.0.encode(out);
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Uuid::take(bytes).map(Self)
            }
        }
    )+};
}

ids! {
    /// A person with an account, or a guest.
    MemberId;
    /// A job.
    JobId;
    /// A transfer of credits, and the request that causes it.
    TransferId;
    /// A file that belongs to somebody.
    AssetId;
    /// A conversation.
    ConversationId;
    /// A login.
    SessionId;
    /// An API key.
    KeyId;
    /// A caller's request; repeating it has no second effect.
    RequestId;
}

/// Each part is preceded by its length, so that different parts never read as the same text.
fn derive(parts: &[&[u8]]) -> Uuid {
    let mut name = Vec::new();
    for part in parts {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part);
    }
    Uuid::new_v5(&DERIVED, &name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::store::Key;

    #[test]
    fn ids_sort_by_age_and_survive_text_and_keys() {
        let old = JobId::new(Timestamp::from_millis(1_000));
        let new = JobId::new(Timestamp::from_millis(1_001));
        assert!(old < new);
        assert_ne!(old, JobId::new(Timestamp::from_millis(1_000)));
        assert_eq!(old.to_string().parse(), Ok(old));
        assert_eq!("job".parse::<JobId>(), Err(InvalidId));
        let mut key = Vec::new();
        old.encode(&mut key);
        assert_eq!(JobId::decode(&key), Some(old));
    }

    #[test]
    fn derived_ids_depend_on_every_part() {
        let id = |parts: &[&[u8]]| TransferId::derived(parts);
        assert_eq!(id(&[b"capture", b"1"]), id(&[b"capture", b"1"]));
        assert_ne!(id(&[b"ab", b"c"]), id(&[b"a", b"bc"]));
        assert_ne!(id(&[b"a"]), id(&[b"a", b""]));
    }
}
