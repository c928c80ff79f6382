//! Rules as examples, and what holds whatever is wanted in whatever order.

use proptest::prelude::*;

use super::*;

const KEEP: Duration = Duration::from_secs(60);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn books(budget: u64) -> Books {
    Books::new(budget, KEEP, [])
}

fn plan(books: &mut Books, name: &str, bytes: u64) -> Plan {
    let place = books.queue();
    let plan = books.want(place, name, bytes);
    books.leave(place);
    plan
}

/// Loads a model at once, as the plan says, and leaves it idle.
fn load(books: &mut Books, name: &str, bytes: u64, seconds: i64) -> Vec<String> {
    let Plan::Load { evict } = plan(books, name, bytes) else { panic!("{name} can't be loaded") };
    for victim in &evict {
        assert_eq!(books.evict(victim), Ok(true));
    }
    books.begin(name, bytes, at(seconds));
    assert_eq!(books.loaded(name, bytes, at(seconds)), Ok(Vec::new()));
    evict
}

#[test]
fn the_least_recently_used_goes_first() {
    let mut books = books(10);
    for name in ["a", "b", "c"] {
        assert!(load(&mut books, name, 3, 0).is_empty());
    }
    books.take("a", at(0));
    books.give_back("a", at(0));
    assert_eq!(plan(&mut books, "a", 3), Plan::There);
    assert_eq!(load(&mut books, "d", 4, 0), ["b"]);
    assert_eq!(load(&mut books, "e", 6, 0), ["c", "a"], "as many as it takes, and no more");
    assert_eq!(books.bytes(), 10);
    books.take("e", at(0));
    books.pin("z", true);
    let plan: Vec<_> = books.rows().into_iter().map(|row| (row.name, row.goes)).collect();
    assert_eq!(plan, [("d".into(), Some(1)), ("e".into(), None), ("z".into(), None)]);
}

#[test]
fn what_is_in_use_or_pinned_stays() {
    let mut books = books(10);
    load(&mut books, "a", 5, 0);
    load(&mut books, "b", 5, 0);
    books.take("a", at(1));
    assert!(!books.pin("b", true));
    assert_eq!(plan(&mut books, "c", 5), Plan::Wait);
    assert_eq!(books.evict("a"), Err(Busy("a".into())));
    books.give_back("a", at(2));
    assert_eq!(plan(&mut books, "c", 5), Plan::Load { evict: vec!["a".into()] });
    let Plan::Never(too_large) = plan(&mut books, "d", 6) else { panic!("only 5 can ever be free") };
    assert_eq!((too_large.bytes, too_large.budget, too_large.pinned), (6, 10, 5));
}

#[test]
fn what_never_fits_says_size_and_budget() {
    let error = books(2_000_000_000).fits("sdxl", 7_140_000_000).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model `sdxl` takes 7.1 GB of memory, but models may take 2.0 GB; an admin can raise \
         `residency.memory_budget_bytes` or install a smaller variant"
    );
}

#[test]
fn idle_models_expire_and_pinned_ones_do_not() {
    let mut books = books(10);
    for name in ["a", "b", "c"] {
        load(&mut books, name, 3, 0);
    }
    books.pin("b", true);
    books.take("c", at(30));
    assert_eq!(books.expire(at(59)), Vec::<String>::new());
    assert_eq!(books.expire(at(60)), ["a"]);
    books.give_back("c", at(100));
    assert_eq!(books.expire(at(159)), Vec::<String>::new());
    assert_eq!(books.expire(at(160)), ["c"]);
    assert_eq!(books.names().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_failed_load_is_remembered_and_tried_again() {
    let mut books = books(10);
    load(&mut books, "old", 8, 0);
    assert_eq!(plan(&mut books, "new", 6), Plan::Load { evict: vec!["old".into()] });
    assert_eq!(books.evict("old"), Ok(true));
    books.begin("new", 6, at(1));
    books.failed("new", "half a file".into(), at(2));
    assert_eq!(books.bytes(), 0);
    assert_eq!(books.rows()[0].failure, Some((at(2), "half a file".into())));
    assert_eq!(plan(&mut books, "old", 8), Plan::Load { evict: vec![] });
    assert_eq!(plan(&mut books, "new", 6), Plan::Load { evict: vec![] });
    load(&mut books, "new", 6, 3);
    assert_eq!(books.rows()[0].failure, None);
}

#[test]
fn the_true_size_counts() {
    let mut books = books(10);
    load(&mut books, "a", 4, 0);
    books.begin("b", 5, at(0));
    assert_eq!(books.loaded("b", 7, at(0)), Ok(vec!["a".into()]));
    assert_eq!(books.bytes(), 7);
    books.take("b", at(0));
    books.begin("c", 2, at(0));
    assert_eq!(books.loaded("c", 4, at(0)), Err(Busy("c".into())));
    assert_eq!((books.bytes(), plan(&mut books, "c", 2)), (7, Plan::Wait), "the measured size is kept");
    books.begin("d", 1, at(0));
    assert_eq!(books.loaded("d", 11, at(0)), Err(Busy("d".into())));
    assert!(matches!(plan(&mut books, "d", 1), Plan::Never(_)));
}

#[test]
fn nobody_overtakes_one_who_waits() {
    let mut books = books(10);
    load(&mut books, "small", 3, 0);
    books.take("small", at(0));
    let (large, again) = (books.queue(), books.queue());
    assert_eq!(books.want(large, "large", 9), Plan::Wait);
    assert_eq!(books.want(again, "small", 3), Plan::Wait, "though it is there");
    books.give_back("small", at(1));
    assert_eq!(books.want(large, "large", 9), Plan::Load { evict: vec!["small".into()] });
}

/// Threads that each want models, one after the other, for a while.
#[derive(Debug, Clone)]
enum Thread {
    Idle,
    Waits(Place, usize),
    Loads(usize),
    Uses(usize),
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const BUDGET: u64 = 20;

proptest! {
    /// Whatever is wanted in whatever order: the budget is kept, nothing in use or pinned goes, the least recently
    /// used go first, and whoever wants what fits gets it.
    #[test]
    fn whatever_is_wanted(
        sizes in proptest::collection::vec(1_u64..25, NAMES.len()),
        pinned in proptest::option::of(0_usize..NAMES.len()),
        acts in proptest::collection::vec((0_usize..3, 0_usize..NAMES.len(), any::<bool>()), 1..200),
    ) {
        let pin = pinned.filter(|place| sizes[*place] <= 8).map(|place| NAMES[place].to_owned());
        let mut books = Books::new(BUDGET, KEEP, pin.clone());
        let mut threads = vec![Thread::Idle; 3];
        let mut used = [0_u64; NAMES.len()];
        let mut turn = 0;
        // At the end nobody wants anything new, so everybody must get through.
        let finish = (0..60).map(|number| (number % 3, NAMES.len(), true));
        for (number, model, luck) in acts.into_iter().chain(finish) {
            turn += 1;
            let now = at(i64::try_from(turn / 7).unwrap());
            let before = threads[number].clone();
            threads[number] = match before.clone() {
                Thread::Idle if model == NAMES.len() => Thread::Idle,
                Thread::Idle => Thread::Waits(books.queue(), model),
                Thread::Waits(place, model) => match books.want(place, NAMES[model], sizes[model]) {
                    Plan::There => {
                        books.take(NAMES[model], now);
                        books.leave(place);
                        Thread::Uses(model)
                    }
                    Plan::Load { evict } => {
                        let mut order: Vec<_> = used.iter().zip(NAMES).collect();
                        order.sort_unstable();
                        let idle = |name: &str| {
                            Some(name) != pin.as_deref()
                                && books.names().any(|there| there == name)
                                && books.clone().evict(name) == Ok(true)
                        };
                        let first: Vec<_> =
                            order.iter().map(|(_, name)| *name).filter(|name| idle(name)).collect();
                        prop_assert_eq!(&first[..evict.len()], &evict[..]);
                        for victim in &evict {
                            prop_assert_eq!(books.evict(victim), Ok(true), "{} is in use", victim);
                        }
                        books.begin(NAMES[model], sizes[model], now);
                        books.leave(place);
                        Thread::Loads(model)
                    }
                    Plan::Never(_) => {
                        prop_assert!(books.fits(NAMES[model], sizes[model]).is_err());
                        books.leave(place);
                        Thread::Idle
                    }
                    Plan::Wait => Thread::Waits(place, model),
                },
                Thread::Loads(model) if luck => {
                    prop_assert_eq!(books.loaded(NAMES[model], sizes[model], now), Ok(Vec::new()));
                    books.take(NAMES[model], now);
                    Thread::Uses(model)
                }
                Thread::Loads(model) => {
                    books.failed(NAMES[model], "bad luck".to_owned(), now);
                    Thread::Waits(books.queue(), model)
                }
                Thread::Uses(model) => {
                    books.give_back(NAMES[model], now);
                    Thread::Idle
                }
            };
            match (before, &threads[number]) {
                (Thread::Uses(model), _) | (_, &Thread::Uses(model)) => used[model] = turn,
                _ => {}
            }
            prop_assert!(books.bytes() <= BUDGET);
        }
        for thread in threads {
            prop_assert!(matches!(thread, Thread::Idle), "{thread:?} never got through");
        }
    }
}
