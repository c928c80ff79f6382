//! Each verb as a table: operation, expected outcome, then the member's balance.
//!
//! Balances: `P` purchased, `D` daily, `L` plan, `B` bonus; `free+reserved`. Times are hours.

use super::house::House;
use super::script::Op;

/// `op => outcome | balance of member 1`; the balance may be left out.
fn check(script: &str) {
    let mut house = House::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (op, expected) = line.split_once("=>").unwrap_or((line, ""));
        let (outcome, balance) = expected.split_once('|').unwrap_or((expected, ""));
        let found = house.run(&Op::parse(op));
        assert_eq!(found, outcome.trim(), "outcome of: {line}");
        if !balance.is_empty() {
            assert_eq!(house.balance(1), balance.trim(), "balance after: {line}");
        }
        let report = house.verify();
        assert!(report.is_sound(), "after: {line}\n{report:?}");
    }
}

#[test]
fn purchases_are_credited_once() {
    check(
        "buy 1 1 100    => moved 100  | P100
         buy 1 1 100    => moved 100  | P100
         buy 1 1 101    => exists     | P100
         buy 2 1 100    => exists     | P100
         gift 1 1 100 9 => exists     | P100
         buy 1 2 0      => zero       | P100
         buy 1 2 5      => moved 5    | P105",
    );
}

#[test]
fn a_reservation_ends_once() {
    check(
        "reserve 1 1 5   => insufficient |
         buy 1 1 10      => moved 10     | P10
         reserve 1 1 11  => insufficient | P10
         reserve 1 1 0   => zero         | P10
         reserve 1 1 6   => open         | P4+6
         reserve 1 1 6   => open         | P4+6
         reserve 1 1 5   => exists       | P4+6
         reserve 2 1 6   => exists       | P4+6
         capture 2 1     => unknown      | P4+6
         release 2       => unknown      | P4+6
         capture 1 7     => too large    | P4+6
         capture 1 0     => zero         | P4+6
         capture 1 5     => captured 5   | P5
         capture 1 5     => captured 5   | P5
         capture 1 6     => captured 5   | P5
         release 1       => captured 5   | P5
         reserve 1 1 6   => captured 5   | P5
         reserve 1 3 5   => open         | P0+5
         release 3       => released     | P5
         release 3       => released     | P5
         capture 3 1     => released     | P5",
    );
}

#[test]
fn the_earliest_expiry_is_spent_first_and_purchased_last() {
    check(
        "clock 12
         buy 1 1 10         => moved 10   | P10
         plan 1 2 10 700    => moved 10   | L10 P10
         gift 1 3 10 48     => moved 10   | B10 L10 P10
         gift 1 4 10        => moved 10   | B10 B10 L10 P10
         daily 1 10         => moved 10   | B10 B10 D10 L10 P10
         reserve 1 1 15     => open       | B5+5 B10 D0+10 L10 P10
         reserve 1 2 20     => open       | B0+10 B5+5 D0+10 L0+10 P10
         reserve 1 3 7      => open       | B0+10 B0+10 D0+10 L0+10 P8+2
         capture 2 8        => captured 8 | B0+5 B5+5 D0+10 L7 P8+2",
    );
}

#[test]
fn what_returns_to_a_lapsed_grant_lapses() {
    check(
        "gift 1 1 10 24     => moved 10     | B10
         daily 1 5          => moved 5      | B10 D5
         buy 1 2 10         => moved 10     | B10 D5 P10
         reserve 1 1 20     => open         | B0+10 D0+5 P5+5
         clock 25
         daily 1 5          => moved 5      | B0+10 D5+5 P5+5
         capture 1 3        => captured 3   | D5 P10",
    );
}

#[test]
fn lapsed_credits_cannot_be_spent() {
    check(
        "gift 1 1 10 24     => moved 10     | B10
         clock 24
         reserve 1 1 1      => insufficient |
         buy 1 2 1          => moved 1      | P1
         clock 12
         reserve 1 1 2      => insufficient | P1",
    );
}

#[test]
fn free_credits_come_once_a_day() {
    check(
        "daily 1 10         => moved 10     | D10
         daily 1 10         => moved 0      | D10
         reserve 1 1 4      => open         | D6+4
         daily 1 10         => moved 0      | D6+4
         daily 1 15         => moved 5      | D11+4
         daily 1 10         => moved 0      | D11+4
         daily 1 15         => moved 0      | D11+4
         release 1          => released     | D15
         clock 24
         daily 1 10         => moved 10     | D10
         clock 23
         daily 1 10         => moved 0      | D10
         clock 47
         daily 1 10         => moved 0      | D10
         clock 48
         daily 1 0          => moved 0      |",
    );
}

#[test]
fn a_clock_that_jumps_far_ahead_and_back_grants_no_day_twice() {
    check(
        "daily 1 10         => moved 10     | D10
         clock 90000
         daily 1 10         => moved 10     | D10
         clock 13
         daily 1 10         => moved 0      | D10
         reserve 1 1 4      => open         | D6+4
         clock 30
         daily 1 10         => moved 4      | D10+4
         release 1          => released     | D10
         clock 54
         daily 1 10         => moved 10     | D10",
    );
}

#[test]
fn a_new_period_of_the_plan_ends_the_old_one() {
    check(
        "plan 1 1 100 48    => moved 100    | L100
         reserve 1 1 30     => open         | L70+30
         plan 1 2 20 48     => moved 20     | L90+30
         plan 1 3 100 96    => moved 100    | L100+30
         release 1          => released     | L100
         plan 1 4 5 48      => moved 5      | L105
         clock 50
         reserve 1 2 105    => open         | L0+105
         plan 1 3 100 96    => moved 100    | L0+105",
    );
}

#[test]
fn charges_are_given_back_to_where_they_came_from() {
    check(
        "gift 1 1 10 24     => moved 10     | B10
         buy 1 2 10         => moved 10     | B10 P10
         reserve 1 1 16     => open         | B0+10 P4+6
         refund 3 1 1       => too large    | B0+10 P4+6
         capture 1 14       => captured 14  | P6
         refund 3 1 15      => too large    | P6
         refund 3 1 0       => zero         | P6
         refund 3 1 5       => moved 5      | B1 P10
         refund 3 1 5       => moved 5      | B1 P10
         refund 3 1 6       => exists       | B1 P10
         refund 2 1 5       => exists       | B1 P10
         refund 4 1 10      => too large    | B1 P10
         clock 24
         refund 4 1 9       => moved 9      | P10
         refund 5 1 1       => too large    | P10
         refund 6 9 1       => unknown      | P10",
    );
}

#[test]
fn corrections_add_or_take() {
    check(
        "adjust 1 1 20      => moved 20     | P20
         adjust 1 1 20      => moved 20     | P20
         adjust 1 1 -20     => exists       | P20
         adjust 2 1 20      => exists       | P20
         gift 1 2 5 24      => moved 5      | B5 P20
         adjust 1 3 -7      => moved 7      | P18
         adjust 1 3 -7      => moved 7      | P18
         adjust 1 4 -19     => insufficient | P18
         adjust 1 4 0       => zero         | P18",
    );
}

#[test]
fn a_reversed_purchase_takes_what_is_left() {
    check(
        "buy 1 1 10         => moved 10     | P10
         gift 1 2 5 24      => moved 5      | B5 P10
         reserve 1 1 8      => open         | B0+5 P7+3
         revoke 1 3 10      => moved 7      | B0+5 P0+3
         revoke 1 3 10      => moved 7      | B0+5 P0+3
         revoke 2 3 10      => exists       | B0+5 P0+3
         revoke 1 1 10      => exists       | B0+5 P0+3
         revoke 1 4 10      => moved 0      | B0+5 P0+3",
    );
}

#[test]
fn a_guest_becomes_a_member() {
    check(
        "buy 2 1 10         => moved 10     |
         gift 2 2 5 48      => moved 5      |
         plan 2 3 5 700     => moved 5      |
         daily 2 5          => moved 5      |
         reserve 2 1 13     => open         |
         reserve 2 2 5      => open         |
         merge 4 2 2        => same         |
         merge 4 2 1        => moved 7      | P7
         merge 4 2 1        => moved 7      | P7
         merge 4 1 2        => exists       | P7
         merge 5 1 2        => merged       | P7
         merge 5 2 3        => merged       | P7
         reserve 2 3 1      => merged       | P7
         daily 2 5          => merged       | P7
         release 1          => released     | B5 B3 P7
         capture 2 1        => captured 1   | B5 B4 P10
         buy 2 6 4          => moved 4      | B5 B4 P14
         revoke 2 7 99      => moved 14     | B5 B4
         revoke 1 7 99      => moved 14     | B5 B4",
    );
}
