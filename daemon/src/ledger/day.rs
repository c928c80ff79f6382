//! When a day of free credits begins: at a configured hour, in a configured zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use super::error::LedgerError;
use crate::clock::Timestamp;

/// The house's rule for days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRule {
    zone: TimeZone,
    hour: i8,
}

/// One day by the house's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The date on which it begins.
    pub date: Date,
    /// When the next one begins.
    pub end: Timestamp,
}

impl DayRule {
    /// Days that begin at `hour` (0 to 23) in `zone`; none for another hour.
    pub fn new(zone: TimeZone, hour: i8) -> Option<DayRule> {
        (0..24).contains(&hour).then_some(DayRule { zone, hour })
    }

    /// The day that `now` belongs to.
    pub fn day(&self, now: Timestamp) -> Result<Day, LedgerError> {
        let now = jiff::Timestamp::from_millisecond(now.as_millis()).map_err(|_| LedgerError::Time)?;
        let today = now.to_zoned(self.zone.clone()).date();
        let date = if now < self.start(today)?.timestamp() { yesterday(today)? } else { today };
        let next = date.checked_add(1.day()).map_err(|_| LedgerError::Time)?;
        let end = Timestamp::from_millis(self.start(next)?.timestamp().as_millisecond());
        Ok(Day { date, end })
    }

    /// An hour that a change of the clocks skips begins as soon as it can.
    fn start(&self, date: Date) -> Result<Zoned, LedgerError> {
        date.at(self.hour, 0, 0, 0).to_zoned(self.zone.clone()).map_err(|_| LedgerError::Time)
    }
}

fn yesterday(date: Date) -> Result<Date, LedgerError> {
    date.checked_sub(1.day()).map_err(|_| LedgerError::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, hour: i8, now: &str, date: &str, end: &str) {
        let millis = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        let rule = DayRule::new(TimeZone::get(zone).unwrap(), hour).unwrap();
        let day = rule.day(Timestamp::from_millis(millis(now))).unwrap();
        assert_eq!(
            (day.date.to_string().as_str(), day.end.as_millis()),
            (date, millis(end)),
            "{now} in {zone}"
        );
    }

    #[test]
    fn days_begin_at_the_hour_of_the_zone() {
        check("UTC", 0, "2026-03-01T00:00:00Z", "2026-03-01", "2026-03-02T00:00:00Z");
        check("UTC", 4, "2026-03-01T03:59:59Z", "2026-02-28", "2026-03-01T04:00:00Z");
        check("UTC", 4, "2026-03-01T04:00:00Z", "2026-03-01", "2026-03-02T04:00:00Z");
        check("Asia/Tokyo", 4, "2026-02-28T19:00:00Z", "2026-03-01", "2026-03-01T19:00:00Z");
        // The day on which the clocks go forward is an hour shorter, and 02:00 does not exist.
        check("Europe/Berlin", 0, "2026-03-29T12:00:00Z", "2026-03-29", "2026-03-29T22:00:00Z");
        check("Europe/Berlin", 2, "2026-03-29T01:00:00Z", "2026-03-29", "2026-03-30T00:00:00Z");
        check("Europe/Berlin", 2, "2026-03-29T00:59:59Z", "2026-03-28", "2026-03-29T01:00:00Z");
    }

    #[test]
    fn impossible_hours_and_times_are_refused() {
        assert_eq!(DayRule::new(TimeZone::UTC, 24), None);
        assert_eq!(DayRule::new(TimeZone::UTC, -1), None);
        let rule = DayRule::new(TimeZone::UTC, 0).unwrap();
        assert_eq!(rule.day(Timestamp::MAX), Err(LedgerError::Time));
    }
}
