//! Rules of channels.

use atelier_proto::v1 as wire;
use tonic::Status;

use crate::chats::{Access, ChannelRules};

pub(in crate::rpc) fn rules(rules: ChannelRules) -> wire::ChannelRules {
    let access = match rules.access {
        None => wire::Access::Unspecified,
        Some(Access::Everybody) => wire::Access::Everybody,
        Some(Access::Listed) => wire::Access::Listed,
        Some(Access::Nobody) => wire::Access::Nobody,
    };
    wire::ChannelRules {
        access: access.into(),
        users: rules.users,
        algorithm: rules.algorithm,
        most_pictures: rules.most_pictures.unwrap_or(0),
        most_credits: rules.most_credits.unwrap_or(0),
        paid_by: rules.paid_by,
        most_waiting: rules.most_waiting.unwrap_or(0),
        cooldown_s: rules.cooldown_s,
        mature: rules.mature,
    }
}

pub(in crate::rpc) fn from_rules(rules: wire::ChannelRules) -> Result<ChannelRules, Status> {
    let access = match wire::Access::try_from(rules.access) {
        Ok(wire::Access::Unspecified) => None,
        Ok(wire::Access::Everybody) => Some(Access::Everybody),
        Ok(wire::Access::Listed) => Some(Access::Listed),
        Ok(wire::Access::Nobody) => Some(Access::Nobody),
        Err(_) => return Err(Status::invalid_argument("access: is none that is known here")),
    };
    let bound = |number: u32| Some(number).filter(|number| *number > 0);
    Ok(ChannelRules {
        access,
        users: rules.users,
        algorithm: rules.algorithm,
        most_pictures: bound(rules.most_pictures),
        most_credits: Some(rules.most_credits).filter(|credits| *credits > 0),
        paid_by: rules.paid_by,
        most_waiting: bound(rules.most_waiting),
        cooldown_s: rules.cooldown_s,
        mature: rules.mature,
    })
}
