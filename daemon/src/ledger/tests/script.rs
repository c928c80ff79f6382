//! The verbs as values: read from a line of text or made at random, for the ledger and for its model.

/// One thing that happens. Numbers name members, jobs and requests; times are hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    Clock { hour: i64 },
    Buy { who: u8, id: u8, amount: u64 },
    Plan { who: u8, id: u8, amount: u64, ends: i64 },
    Gift { who: u8, id: u8, amount: u64, ends: Option<i64> },
    Daily { who: u8, level: u64 },
    Reserve { who: u8, job: u8, amount: u64 },
    Capture { job: u8, amount: u64 },
    Release { job: u8 },
    Refund { id: u8, job: u8, amount: u64 },
    Adjust { who: u8, id: u8, change: i64 },
    Revoke { who: u8, id: u8, amount: u64 },
    Merge { id: u8, from: u8, to: u8 },
    Reopen,
}

impl Op {
    /// Reads `verb number number …`.
    pub(super) fn parse(line: &str) -> Op {
        let mut words = line.split_whitespace();
        let verb = words.next().unwrap();
        let numbers: Vec<i64> = words.map(|word| word.parse().unwrap()).collect();
        let small = |index: usize| u8::try_from(numbers[index]).unwrap();
        let amount = |index: usize| u64::try_from(numbers[index]).unwrap();
        match verb {
            "clock" => Op::Clock { hour: numbers[0] },
            "buy" => Op::Buy { who: small(0), id: small(1), amount: amount(2) },
            "plan" => Op::Plan { who: small(0), id: small(1), amount: amount(2), ends: numbers[3] },
            "gift" => {
                let ends = numbers.get(3).copied();
                Op::Gift { who: small(0), id: small(1), amount: amount(2), ends }
            }
            "daily" => Op::Daily { who: small(0), level: amount(1) },
            "reserve" => Op::Reserve { who: small(0), job: small(1), amount: amount(2) },
            "capture" => Op::Capture { job: small(0), amount: amount(1) },
            "release" => Op::Release { job: small(0) },
            "refund" => Op::Refund { id: small(0), job: small(1), amount: amount(2) },
            "adjust" => Op::Adjust { who: small(0), id: small(1), change: numbers[2] },
            "revoke" => Op::Revoke { who: small(0), id: small(1), amount: amount(2) },
            "merge" => Op::Merge { id: small(0), from: small(1), to: small(2) },
            "reopen" => Op::Reopen,
            other => panic!("no verb {other}"),
        }
    }
}

/// A balance as text. Pots of one kind that lapse together are shown as one: it makes no difference which of
/// them is spent first.
pub(super) fn render(pots: impl IntoIterator<Item = (char, u64, u64, Option<i64>)>) -> String {
    let mut sums = std::collections::BTreeMap::new();
    for (name, free, held, ends) in pots {
        let sum: &mut (u64, u64) = sums.entry((name, ends.unwrap_or(i64::MAX))).or_default();
        sum.0 += free;
        sum.1 += held;
    }
    let part = |((name, _), (free, held)): ((char, i64), (u64, u64))| {
        if held == 0 { format!("{name}{free}") } else { format!("{name}{free}+{held}") }
    };
    sums.into_iter().map(part).collect::<Vec<_>>().join(" ")
}
