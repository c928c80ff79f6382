//! What is accepted, and how mistakes are told.

use super::*;

fn check(toml: &str) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, toml).unwrap();
    let flags = Flags { data: Some(folder.path().join("data")) };
    Config::load(Some(&file), &flags).map_err(|mistakes| mistakes.0)
}

#[test]
fn defaults_are_right() {
    assert_eq!(Config::default().check(), Vec::<String>::new());
    check("").unwrap();
}

#[test]
fn values_from_a_file() {
    let config = check("[listen]\ngrpc = \"off\"\n[plans.gold]\nweight = 5\n[engine]\nthreads = 2").unwrap();
    assert_eq!((config.listen.grpc, config.engine.threads), (None, 2));
    assert_eq!((config.plan("gold").weight, config.plan("none such").weight), (5, 1));
}

#[test]
fn each_mistake_is_one_telling_line() {
    for (toml, words) in [
        ("[listen]\ngrpc = \"0.0.0.0:7340\"", "needs listen.tls"),
        ("[listen]\ngrpc = \"here\"", "is no address"),
        ("[engine]\nthreads = 0", "engine.threads"),
        ("[engine]\nthread = 1", "thread"),
        ("[credits]\nzone = \"Moon/Base\"", "not a known time zone"),
        ("[credits]\nreset_hour = 24", "credits.reset_hour"),
        ("[plans.free]\nweight = 0", "a weight is 1 to 100"),
        ("[accounts]\nmax_sessions = 0", "accounts.max_sessions"),
        ("[http]\npublic_url = \"files\"", "http.public_url"),
        ("[drain]\ngrace_s = 99999999999", "drain.grace_s"),
        ("nonsense", "TOML"),
    ] {
        let mistakes = check(toml).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{toml}: {mistakes:?}");
        assert!(mistakes[0].contains(words) || words == "TOML", "{toml}: {mistakes:?}");
    }
    let two = check("[engine]\nthreads = 0\nmax_attempts = 0").unwrap_err();
    assert_eq!(two.len(), 2, "{two:?}");
}
