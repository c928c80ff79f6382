//! What makes an access token count.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::id::SessionId;

#[tokio::test]
async fn a_token_counts_until_it_expires() {
    let studio = studio().await;
    let (member, tokens) = studio.join("zoe").await;
    let caller = studio.caller(&tokens);
    assert_eq!((caller.member.id, caller.member.role), (member.id, Role::Member));
    assert_eq!(caller.expires_at(), Some(tokens.access_expires_at));
    studio.clock.set(tokens.access_expires_at.minus(Duration::from_millis(1)));
    assert!(studio.try_caller(&tokens).is_ok());
    studio.clock.set(tokens.access_expires_at);
    refused(studio.try_caller(&tokens), AuthError::Expired);
}

#[tokio::test]
async fn tokens_that_were_tampered_with_are_refused() {
    let studio = studio().await;
    let (member, tokens) = studio.join("zoe").await;
    let session = studio.caller(&tokens).session().unwrap();
    let (key, now) = (studio.keys.current(Purpose::Access), studio.clock.now().as_millis() / 1000);
    let good = json!({
        "iss": "atelier", "aud": "atelier", "sub": member.id, "sid": session, "iat": now, "exp": now + 900,
    });
    let header = |algorithm| Header { kid: Some(key.kid().to_owned()), ..Header::new(algorithm) };
    let ours = EncodingKey::from_secret(key.secret());
    let with = |field: &str, value: serde_json::Value| {
        let mut claims = good.clone();
        claims[field] = value;
        jsonwebtoken::encode(&header(Algorithm::HS256), &claims, &ours).unwrap()
    };
    let without = |field: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(field);
        jsonwebtoken::encode(&header(Algorithm::HS256), &claims, &ours).unwrap()
    };
    let raw = |header: serde_json::Value, signature: &str| {
        format!("{}.{}.{signature}", BASE64.encode(header.to_string()), BASE64.encode(good.to_string()))
    };
    let whole = with("iat", json!(now));
    assert!(
        studio.accounts.authenticate(&whole, &origin()).is_ok(),
        "the table below starts from a good token"
    );
    let (body, signature) = whole.rsplit_once('.').unwrap();
    let stolen = EncodingKey::from_secret(&[7; 32]);
    let links = studio.keys.current(Purpose::Links);
    let other_kid = Header { kid: Some("00000000".to_owned()), ..Header::new(Algorithm::HS256) };
    let no_kid = Header::new(Algorithm::HS256);
    let links_kid = Header { kid: Some(links.kid().to_owned()), ..Header::new(Algorithm::HS256) };
    let encode = |header: &Header, key| jsonwebtoken::encode(header, &good, key).unwrap();
    let flipped = format!("{body}.{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
    let table = [
        ("expired", with("exp", json!(now)), AuthError::Expired),
        ("expired long ago", with("exp", json!(1)), AuthError::Expired),
        ("expiry before all time", with("exp", json!(i64::MIN)), AuthError::Malformed),
        ("expiry that is a word", with("exp", json!("never")), AuthError::Malformed),
        ("wrong audience", with("aud", json!("elsewhere")), AuthError::WrongAudience),
        ("wrong issuer", with("iss", json!("elsewhere")), AuthError::Forged),
        ("no expiry", without("exp"), AuthError::Malformed),
        ("no audience", without("aud"), AuthError::Malformed),
        ("no issuer", without("iss"), AuthError::Malformed),
        ("no session", without("sid"), AuthError::Malformed),
        ("another session", with("sid", json!(SessionId::new(studio.clock.now()))), AuthError::SessionEnded),
        ("another member", with("sub", json!(member::owner_id())), AuthError::SessionEnded),
        ("forged signature", flipped, AuthError::Forged),
        ("no signature", format!("{body}."), AuthError::Forged),
        ("signed by a stranger", encode(&header(Algorithm::HS256), &stolen), AuthError::Forged),
        ("other algorithm", encode(&header(Algorithm::HS512), &ours), AuthError::Forged),
        ("unknown key id", encode(&other_kid, &ours), AuthError::Forged),
        ("no key id", encode(&no_kid, &ours), AuthError::Forged),
        (
            "key of another purpose",
            encode(&links_kid, &EncodingKey::from_secret(links.secret())),
            AuthError::Forged,
        ),
        ("alg none", raw(json!({"alg": "none", "kid": key.kid()}), ""), AuthError::Malformed),
        ("alg None", raw(json!({"alg": "None", "kid": key.kid()}), signature), AuthError::Malformed),
        ("two parts", body.to_owned(), AuthError::Malformed),
        ("huge", "a".repeat(1 << 20), AuthError::Malformed),
        ("empty", String::new(), AuthError::Malformed),
    ];
    for (name, token, reason) in table {
        let outcome = studio.accounts.authenticate(&token, &origin());
        assert_eq!(outcome.unwrap_err(), AccountsError::Unauthenticated(reason), "{name}");
    }
}

#[tokio::test]
async fn tokens_outlive_the_rotation_of_keys_but_not_the_loss_of_the_key() {
    let studio = studio().await;
    let (_, tokens) = studio.join("zoe").await;
    studio.keys.rotate(Purpose::Access, studio.clock.now()).unwrap();
    studio.keys.rotate(Purpose::Refresh, studio.clock.now()).unwrap();
    assert!(studio.try_caller(&tokens).is_ok());
    let next = studio.refresh(&tokens).await.unwrap();
    assert!(studio.try_caller(&next).is_ok());
    let other = KeyRing::open(&studio.folder.path().join("other keys"), studio.clock.now()).unwrap();
    let config = config(Registration::Open);
    let restored = Accounts::new(studio.store.clone(), studio.clock.clone(), other, config).unwrap();
    refused(restored.authenticate(next.access.expose_secret(), &origin()), AuthError::Forged);
    refused(restored.refresh(&next.refresh, &origin()).await.map(drop), AuthError::Forged);
}

#[test]
fn tokens_never_show_themselves() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let studio = studio().await;
        let (_, tokens) = studio.join("zoe").await;
        let shown = format!("{tokens:?} {:?} {:?}", studio.keys, studio.keys.current(Purpose::Access));
        assert!(!shown.contains(tokens.access.expose_secret()), "{shown}");
        assert!(!shown.contains(tokens.refresh.expose_secret()), "{shown}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bearers_never_panic_and_never_count(
        texts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "atl_[0-9a-z]{10}_[0-9a-z]{32}",
                "atr_[0-9a-f]{8}\\.[A-Za-z0-9_-]{0,90}\\.[A-Za-z0-9_-]{43}",
                "[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}",
                "eyJhbGciOiJub25lIn0\\.[A-Za-z0-9_-]{0,60}\\.",
            ],
            64,
        )
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let studio = empty(config(Registration::Open));
        for text in texts {
            prop_assert!(studio.accounts.authenticate(&text, &origin()).is_err());
            let refreshed = runtime.block_on(studio.accounts.refresh(&SecretString::from(text), &origin()));
            prop_assert!(refreshed.is_err());
        }
    }
}
