//! What is accepted, and how mistakes are told.

use secrecy::ExposeSecret as _;

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
        ("[store]\nacts_kept_days = 0", "store.acts_kept_days"),
        ("[models.previews]\nshare = 3", "models.previews.share"),
        ("[interpreter]\nchain = []", "ends with builtin"),
        ("[interpreter]\nchain = [\"endpoint\", \"builtin\"]", "endpoint.model"),
        ("[interpreter]\nchain = [\"local\", \"builtin\"]", "local.model"),
        (
            "[interpreter]\nchain = [\"local\", \"builtin\"]\nlocal = {model = \"x\", waiting = 0}",
            "local.waiting: is 1 to 64",
        ),
        ("[interpreter]\nchain = [\"oracle\"]", "oracle"),
        ("nonsense", "TOML"),
    ] {
        let mistakes = check(toml).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{toml}: {mistakes:?}");
        assert!(mistakes[0].contains(words) || words == "TOML", "{toml}: {mistakes:?}");
    }
    let two = check("[engine]\nthreads = 0\nmax_attempts = 0").unwrap_err();
    assert_eq!(two.len(), 2, "{two:?}");
}

fn from_environment(texts: &[(&str, &str)]) -> Result<Config, String> {
    let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Figment::from(Serialized::defaults(Config::default()))
        .merge(Environment::of(texts))
        .extract()
        .map_err(|error| error.to_string())
}

#[test]
fn words_from_the_environment_stay_words() {
    for (text, name) in [
        ("1984", "1984"),
        ("007", "007"),
        ("1.50", "1.50"),
        ("true", "true"),
        ("[The Studio]", "[The Studio]"),
        ("\"1984\"", "1984"),
        ("Ann's", "Ann's"),
        ("", ""),
    ] {
        assert_eq!(from_environment(&[("studio_name", text)]).unwrap().studio_name, name, "{text}");
    }
    let config = from_environment(&[
        ("data", "2026"),
        ("listen.grpc", "127.0.0.1:9"),
        ("listen.tls.certificate", "1"),
        ("listen.tls.key", "2"),
        ("http.metrics_token", "0123456789"),
        ("engine.threads", "3"),
        ("credits.auto_confirm_credits", "5"),
        ("plans.gold.weight", "7"),
        ("log.json", "true"),
    ])
    .unwrap();
    assert_eq!((config.data.to_str(), config.listen.grpc.map(|at| at.port())), (Some("2026"), Some(9)));
    let tls = config.listen.tls.unwrap();
    assert_eq!((tls.certificate.to_str(), tls.key.to_str()), (Some("1"), Some("2")));
    assert_eq!(config.http.metrics_token.unwrap().expose_secret(), "0123456789");
    assert_eq!((config.engine.threads, config.credits.auto_confirm_credits), (3, Some(5)));
    assert_eq!((config.plans["gold"].weight, config.log.json), (7, true));
}

#[test]
fn a_wrong_variable_is_told_as_one() {
    let mistake = from_environment(&[("engine.threads", "many")]).unwrap_err();
    assert!(mistake.contains("ENGINE.THREADS") && mistake.contains("ATELIER_"), "{mistake}");
}
