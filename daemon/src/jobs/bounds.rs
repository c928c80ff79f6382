//! What the rules of a channel allow its users.

use std::time::Duration;

use super::{MatureWords, job::Work};

/// Bounds of one channel, beside those of the studio; the default has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// Most pictures of one request.
    pub most_pictures: Option<u32>,
    /// Most credits of one request.
    pub most_credits: Option<u64>,
    /// Most waiting jobs of one user.
    pub most_waiting: Option<u32>,
    /// Time between two jobs of one user.
    pub cooldown: Duration,
    /// Whether the words of a request are looked up in the list of mature ones.
    pub no_mature: bool,
}

/// A channel's bound that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChannelBound {
    /// Too many pictures.
    #[error("in this channel a request has at most {0} pictures")]
    Pictures(u32),
    /// Too dear.
    #[error("in this channel a request costs at most {0} credits")]
    Credits(u64),
    /// Too many waiting jobs.
    #[error("you already have {0} jobs waiting; wait for one to end or cancel one")]
    Waiting(u32),
    /// Words that only channels marked as mature may ask for.
    #[error("this channel is not marked for mature content, and some of these words are on the list of it")]
    Mature,
    /// Too soon.
    #[error("that was quick; the next one can begin in {} s", seconds(*.0))]
    Cooldown(Duration),
}

impl ChannelBound {
    /// How long to wait, where waiting helps.
    #[must_use]
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Pictures(_) | Self::Credits(_) | Self::Mature => None,
            Self::Waiting(_) => Some(Duration::from_secs(10)),
            Self::Cooldown(left) => Some(left),
        }
    }
}

impl Bounds {
    /// Refuses a request that is too large.
    pub(super) fn size(&self, pictures: u32, price: u64) -> Result<(), ChannelBound> {
        if let Some(most) = self.most_pictures.filter(|most| pictures > *most) {
            return Err(ChannelBound::Pictures(most));
        }
        match self.most_credits.filter(|most| price > *most) {
            Some(most) => Err(ChannelBound::Credits(most)),
            None => Ok(()),
        }
    }

    /// Refuses words that the channel does not allow.
    pub(super) fn words(&self, work: &Work, list: &MatureWords) -> Result<(), ChannelBound> {
        if self.no_mature && list.rate(work) { Err(ChannelBound::Mature) } else { Ok(()) }
    }

    /// Refuses a job of somebody who has so many waiting, and whose last one began so long ago.
    pub(super) fn pace(&self, waiting: u32, since_last: Option<Duration>) -> Result<(), ChannelBound> {
        if let Some(most) = self.most_waiting.filter(|most| waiting >= *most) {
            return Err(ChannelBound::Waiting(most));
        }
        match since_last.map(|since| self.cooldown.saturating_sub(since)) {
            Some(left) if !left.is_zero() => Err(ChannelBound::Cooldown(left)),
            _ => Ok(()),
        }
    }
}

/// Rounded up, so that nobody is told to come back too early.
fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_met_exactly() {
        let second = Duration::from_secs(1);
        let bounds = Bounds {
            most_pictures: Some(2),
            most_credits: Some(5),
            most_waiting: Some(3),
            cooldown: 30 * second,
            no_mature: false,
        };
        for (pictures, price, wanted) in
            [(2, 5, Ok(())), (3, 5, Err(ChannelBound::Pictures(2))), (2, 6, Err(ChannelBound::Credits(5)))]
        {
            assert_eq!(bounds.size(pictures, price), wanted);
        }
        for (waiting, since, wanted) in [
            (2, None, Ok(())),
            (2, Some(30 * second), Ok(())),
            (3, None, Err(ChannelBound::Waiting(3))),
            (0, Some(29 * second / 2), Err(ChannelBound::Cooldown(31 * second / 2))),
        ] {
            assert_eq!(bounds.pace(waiting, since), wanted);
        }
        assert_eq!(
            ChannelBound::Cooldown(31 * second / 2).to_string(),
            "that was quick; the next one can begin in 16 s"
        );
        assert_eq!(Bounds::default().size(u32::MAX, u64::MAX), Ok(()));
        assert_eq!(Bounds::default().pace(u32::MAX, Some(Duration::ZERO)), Ok(()));
    }
}
