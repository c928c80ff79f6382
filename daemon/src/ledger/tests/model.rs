//! The ledger's rules once more, as plainly as possible: one map, no journal, no records.

use std::collections::{BTreeMap, BTreeSet};

use super::script::{Op, render};

/// Which of a member's pots; bonus pots carry a number of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pot {
    Purchased,
    Daily,
    Plan,
    Bonus(u64),
}

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    free: u64,
    aside: u64,
    ends: Option<i64>,
}

#[derive(Debug, Clone)]
struct Job {
    who: u8,
    /// Pot, amount, the pot's end at the time, and what was captured.
    lines: Vec<(Pot, u64, Option<i64>, u64)>,
    ended: bool,
    refunded: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    hour: i64,
    pots: BTreeMap<(u8, Pot), Held>,
    jobs: BTreeMap<u8, Job>,
    /// What each request did, and how much it moved.
    requests: BTreeMap<u8, (Op, u64)>,
    days: BTreeSet<(u8, i64, Option<u64>)>,
    last_day: BTreeMap<u8, (i64, u64)>,
    merged: BTreeMap<u8, u8>,
    bonuses: u64,
}

type Outcome = Result<String, &'static str>;

/// A pot, an amount and the pot's end.
type Part = (Pot, u64, Option<i64>);

impl Model {
    pub(super) fn new() -> Model {
        Model { hour: 12, ..Model::default() }
    }

    /// Runs an operation; a refused one changes nothing.
    pub(super) fn run(&mut self, op: &Op) -> String {
        let before = self.clone();
        self.apply(op).unwrap_or_else(|refusal| {
            *self = before;
            refusal.to_owned()
        })
    }

    pub(super) fn balance(&self, who: u8) -> String {
        render(self.pots.iter().filter(|((owner, _), _)| *owner == who).filter_map(|((_, pot), held)| {
            let name = match pot {
                Pot::Purchased => 'P',
                Pot::Daily => 'D',
                Pot::Plan => 'L',
                Pot::Bonus(_) => 'B',
            };
            let free = if self.lapsed(held) { 0 } else { held.free };
            (free > 0 || held.aside > 0).then_some((name, free, held.aside, held.ends))
        }))
    }

    fn apply(&mut self, op: &Op) -> Outcome {
        match *op {
            Op::Clock { hour } => {
                self.hour = hour;
                Ok(String::new())
            }
            Op::Reopen => Ok(String::new()),
            Op::Buy { who, id, amount } => {
                self.once(op, id, |model| model.grant(who, amount, Pot::Purchased, None))
            }
            Op::Plan { who, id, amount, ends } => self.once(op, id, |model| model.plan(who, amount, ends)),
            Op::Gift { who, id, amount, ends } => self.once(op, id, |model| {
                let pot = model.new_bonus();
                model.grant(who, amount, pot, ends)
            }),
            Op::Daily { who, level } => self.daily(who, level),
            Op::Reserve { who, job, amount } => self.reserve(who, job, amount),
            Op::Capture { job, amount } => self.end(job, Some(amount)),
            Op::Release { job } => self.end(job, None),
            Op::Refund { id, job, amount } => self.once(op, id, |model| model.refund(job, amount)),
            Op::Adjust { who, id, change } => self.once(op, id, |model| model.adjust(who, change)),
            Op::Revoke { who, id, amount } => self.revoke(op, who, id, amount),
            Op::Merge { id, from, to } => self.once(op, id, |model| model.merge(from, to)),
        }
    }

    fn once(
        &mut self,
        op: &Op,
        id: u8,
        act: impl FnOnce(&mut Model) -> Result<u64, &'static str>,
    ) -> Outcome {
        if let Some((known, moved)) = self.requests.get(&id) {
            return if known == op { Ok(format!("moved {moved}")) } else { Err("exists") };
        }
        let moved = act(self)?;
        if moved > 0 {
            self.requests.insert(id, (op.clone(), moved));
        }
        Ok(format!("moved {moved}"))
    }

    fn lapsed(&self, held: &Held) -> bool {
        held.ends.is_some_and(|ends| ends <= self.hour)
    }

    fn settle(&mut self, who: u8) {
        let hour = self.hour;
        for ((owner, _), held) in &mut self.pots {
            if *owner == who && held.ends.is_some_and(|ends| ends <= hour) {
                held.free = 0;
            }
        }
    }

    fn new_bonus(&mut self) -> Pot {
        self.bonuses += 1;
        Pot::Bonus(self.bonuses)
    }

    fn pot(&mut self, who: u8, pot: Pot) -> &mut Held {
        self.pots.entry((who, pot)).or_default()
    }

    fn grant(&mut self, who: u8, amount: u64, pot: Pot, ends: Option<i64>) -> Result<u64, &'static str> {
        if amount == 0 {
            return Err("zero");
        }
        self.settle(who);
        let held = self.pot(who, pot);
        held.free += amount;
        held.ends = ends.or(held.ends);
        self.follow(who);
        Ok(amount)
    }

    fn plan(&mut self, who: u8, amount: u64, ends: i64) -> Result<u64, &'static str> {
        if amount == 0 {
            return Err("zero");
        }
        let held = self.pot(who, Pot::Plan);
        if held.ends.is_some_and(|old| old < ends) {
            held.free = 0;
        }
        let ends = held.ends.map_or(ends, |old| old.max(ends));
        // What lapsed is settled by the old end, before the new one counts.
        self.settle(who);
        self.pot(who, Pot::Plan).ends = Some(ends);
        self.pot(who, Pot::Plan).free += amount;
        self.follow(who);
        Ok(amount)
    }

    fn daily(&mut self, who: u8, level: u64) -> Outcome {
        if self.merged.contains_key(&who) {
            return Err("merged");
        }
        self.settle(who);
        let day = self.hour.div_euclid(24);
        let (key, amount) = match self.last_day.get(&who) {
            Some((last, before)) if *last == day => ((who, day, Some(level)), level.saturating_sub(*before)),
            _ => ((who, day, None), level.saturating_sub(self.pot(who, Pot::Daily).free)),
        };
        if amount == 0 || !self.days.insert(key) {
            return Ok("moved 0".to_owned());
        }
        self.last_day.insert(who, (day, level));
        let held = self.pot(who, Pot::Daily);
        held.free += amount;
        held.ends = Some((day + 1) * 24);
        Ok(format!("moved {amount}"))
    }

    fn spend(&self, who: u8, amount: u64) -> Result<Vec<Part>, &'static str> {
        if amount == 0 {
            return Err("zero");
        }
        let mine = self.pots.iter().filter(|((owner, _), held)| *owner == who && !self.lapsed(held));
        let mut usable: Vec<_> = mine.map(|((_, pot), held)| (*pot, *held)).collect();
        usable.sort_by_key(|(pot, held)| (*pot == Pot::Purchased, held.ends.unwrap_or(i64::MAX), *pot));
        let mut left = amount;
        let mut parts = Vec::new();
        for (pot, held) in usable {
            let part = left.min(held.free);
            left -= part;
            if part > 0 {
                parts.push((pot, part, held.ends));
            }
        }
        if left == 0 { Ok(parts) } else { Err("insufficient") }
    }

    fn reserve(&mut self, who: u8, job: u8, amount: u64) -> Outcome {
        if let Some(known) = self.jobs.get(&job) {
            let reserved: u64 = known.lines.iter().map(|line| line.1).sum();
            return if known.who == who && reserved == amount { Ok(self.state(job)) } else { Err("exists") };
        }
        if self.merged.contains_key(&who) {
            return Err("merged");
        }
        self.settle(who);
        let parts = self.spend(who, amount)?;
        for (pot, part, _) in &parts {
            let held = self.pot(who, *pot);
            held.free -= part;
            held.aside += part;
        }
        let lines = parts.into_iter().map(|(pot, part, ends)| (pot, part, ends, 0)).collect();
        self.jobs.insert(job, Job { who, lines, ended: false, refunded: 0 });
        Ok(self.state(job))
    }

    fn state(&self, job: u8) -> String {
        let job = &self.jobs[&job];
        match (job.ended, job.lines.iter().map(|line| line.3).sum()) {
            (false, _) => "open".to_owned(),
            (true, 0_u64) => "released".to_owned(),
            (true, captured) => format!("captured {captured}"),
        }
    }

    fn end(&mut self, number: u8, charge: Option<u64>) -> Outcome {
        let Some(mut job) = self.jobs.get(&number).cloned() else { return Err("unknown") };
        if job.ended {
            return Ok(self.state(number));
        }
        let mut left = charge.unwrap_or(0);
        if charge == Some(0) {
            return Err("zero");
        }
        if left > job.lines.iter().map(|line| line.1).sum() {
            return Err("too large");
        }
        for (pot, amount, ends, captured) in &mut job.lines {
            *captured = left.min(*amount);
            left -= *captured;
            self.pot(job.who, *pot).aside -= *amount;
            self.give_back(job.who, *pot, *amount - *captured, *ends);
        }
        job.ended = true;
        let who = job.who;
        self.jobs.insert(number, job);
        self.follow(who);
        Ok(self.state(number))
    }

    fn give_back(&mut self, who: u8, pot: Pot, amount: u64, ends: Option<i64>) {
        let hour = self.hour;
        let held = self.pot(who, pot);
        let lapses = ends.is_some_and(|ends| ends <= hour) || ends != held.ends;
        if !lapses {
            held.free += amount;
        }
    }

    fn refund(&mut self, number: u8, amount: u64) -> Result<u64, &'static str> {
        let Some(mut job) = self.jobs.get(&number).cloned() else { return Err("unknown") };
        let charged: u64 = if job.ended { job.lines.iter().map(|line| line.3).sum() } else { 0 };
        if amount == 0 {
            return Err("zero");
        }
        if amount > charged - job.refunded {
            return Err("too large");
        }
        // Credit by credit, from the last one that was spent.
        let spent = job.lines.iter().flat_map(|line| (0..line.3).map(move |_| (line.0, line.2)));
        let back: Vec<_> = spent.rev().skip(job.refunded as usize).take(amount as usize).collect();
        for (pot, ends) in back {
            self.give_back(job.who, pot, 1, ends);
        }
        job.refunded += amount;
        let who = job.who;
        self.jobs.insert(number, job);
        self.follow(who);
        Ok(amount)
    }

    fn adjust(&mut self, who: u8, change: i64) -> Result<u64, &'static str> {
        self.settle(who);
        let amount = change.unsigned_abs();
        if change > 0 {
            self.pot(who, Pot::Purchased).free += amount;
        } else {
            for (pot, part, _) in self.spend(who, amount)? {
                self.pot(who, pot).free -= part;
            }
        }
        self.follow(who);
        Ok(amount)
    }

    fn revoke(&mut self, op: &Op, who: u8, id: u8, amount: u64) -> Outcome {
        let owner = self.owner(who);
        if let Some((known, moved)) = self.requests.get(&id) {
            let same =
                matches!(known, Op::Revoke { who, .. } if self.owner(*who) == owner) && *moved <= amount;
            return if same { Ok(format!("moved {moved}")) } else { Err("exists") };
        }
        self.once(op, id, |model| {
            let held = model.pot(owner, Pot::Purchased);
            let part = held.free.min(amount);
            held.free -= part;
            if amount == 0 { Err("zero") } else { Ok(part) }
        })
    }

    fn owner(&self, who: u8) -> u8 {
        self.merged.get(&who).map_or(who, |next| self.owner(*next))
    }

    fn merge(&mut self, from: u8, to: u8) -> Result<u64, &'static str> {
        if from == to {
            return Err("same");
        }
        if self.merged.contains_key(&to) || self.merged.get(&from).is_some_and(|owner| *owner != to) {
            return Err("merged");
        }
        self.merged.insert(from, to);
        Ok(self.move_all(from, to))
    }

    fn follow(&mut self, who: u8) {
        let owner = self.owner(who);
        if owner != who {
            self.move_all(who, owner);
            // A transfer names the member at the end of the chain.
            self.merged.insert(who, owner);
        }
    }

    fn move_all(&mut self, from: u8, to: u8) -> u64 {
        self.settle(from);
        let mut moved = 0;
        let mine: Vec<_> = self.pots.keys().filter(|(who, _)| *who == from).map(|(_, pot)| *pot).collect();
        for pot in mine.into_iter().filter(|pot| *pot != Pot::Daily) {
            let Held { free, ends, .. } = *self.pot(from, pot);
            if free > 0 {
                let target = if pot == Pot::Purchased { pot } else { self.new_bonus() };
                self.pot(from, pot).free = 0;
                let held = self.pot(to, target);
                held.free += free;
                held.ends = ends;
                moved += free;
            }
        }
        moved
    }
}
