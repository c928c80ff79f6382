//! The journal file: torn tails, lost tails, lost stores.

use std::fs::OpenOptions;
use std::io::Write;

use super::house::{House, records};
use super::script::Op;
use crate::ledger::*;
use crate::store::{Store, StoreError, StoreOptions};

const SCRIPT: &str = "buy 1 1 100
    daily 1 10
    gift 1 2 5 48
    reserve 1 1 40
    reserve 1 2 20
    capture 1 33
    clock 30
    daily 1 10
    release 2
    refund 3 1 20
    buy 2 4 7
    merge 5 2 1";

fn play(script: &str) -> House {
    let mut house = House::new();
    script.lines().for_each(|line| drop(house.run(&Op::parse(line))));
    assert!(house.verify().is_sound());
    house
}

fn is_whole(house: &House) -> bool {
    compare_with_store(&house.journal_path(), house.store()) == Ok(None)
}

#[test]
fn the_file_has_every_transfer_in_plain_text() {
    let house = play(SCRIPT);
    assert!(is_whole(&house));
    let text = std::fs::read_to_string(house.journal_path()).unwrap();
    let first = text.lines().next().unwrap();
    assert!(first.contains(r#""sequence":1"#) && first.contains(r#""amount":100"#), "{first}");
    assert_eq!(text.lines().count() as u64, house.verify().transfers);
}

#[test]
fn any_torn_tail_is_completed_from_the_store() {
    let mut house = play(SCRIPT);
    let before = house.records();
    let whole = std::fs::read(house.journal_path()).unwrap();
    house.shut();
    for cut in (0..whole.len()).rev().step_by(97) {
        for garbage in [&b""[..], b"\n", b"0123456789abcdef {}\n", &[0; 300]] {
            std::fs::write(house.journal_path(), [&whole[..cut], garbage].concat()).unwrap();
            house.try_open().unwrap();
            assert_eq!(std::fs::read(house.journal_path()).unwrap(), whole, "cut at {cut}");
            house.shut();
        }
    }
    house.reopen();
    assert_eq!(house.run(&Op::parse("buy 1 9 1")), "moved 1");
    assert!(is_whole(&house));
    assert_eq!(house.records().len(), before.len() + 3);
}

#[test]
fn a_changed_line_in_the_middle_is_found() {
    let mut house = play(SCRIPT);
    house.shut();
    let text = std::fs::read_to_string(house.journal_path()).unwrap();
    let forged = text.replacen(r#""amount":25"#, r#""amount":24"#, 1);
    assert_ne!(text, forged);
    std::fs::write(house.journal_path(), forged).unwrap();
    house.reopen();
    // Within reach of the tail it is taken for torn and written again.
    assert!(is_whole(&house));
}

#[test]
fn a_store_that_lost_data_is_not_opened() {
    let mut house = play(SCRIPT);
    house.shut();
    std::fs::remove_dir_all(house.journal_path().with_file_name("store")).unwrap();
    assert!(matches!(house.try_open(), Err(StoreError::Mirror(_))));
}

#[test]
fn a_rebuilt_ledger_equals_the_original() {
    let mut house = play(SCRIPT);
    let before = house.records();
    house.shut();
    // A torn last line belongs to a change that nobody was told of.
    let mut file = OpenOptions::new().append(true).open(house.journal_path()).unwrap();
    file.write_all(b"0123456789abcdef {\"sequ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
    let (count, sound) = rebuild(&house.journal_path(), &store).unwrap();
    assert!(!sound);
    assert_eq!(records(&store), before);
    assert!(matches!(rebuild(&house.journal_path(), &store), Err(LedgerError::Damaged(_))));
    let jobs = &house.jobs;
    let report = verify(&store, |job| Ok(jobs.get(&job).copied())).unwrap();
    assert!(report.is_sound() && report.transfers == count, "{report:?}");
}
