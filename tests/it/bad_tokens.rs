//! Rows of the table of bad input: tokens that do not count.

use std::time::Duration;

use anyhow::Context as _;
use atelier_proto::{
    client::{Credentials, Patience},
    request_id, v1 as wire,
};
use atelier_tests::{Studio, acts};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use tonic::{Code, metadata::MetadataValue};

use crate::bad_input::Case;

/// `elsewhere` is a token that this studio signed when it was meant for another service.
pub(crate) async fn cases(studio: &Studio, elsewhere: &str) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let good = studio.register("tess").await?;
    let access = good.access_token.as_str();
    let header = jsonwebtoken::decode_header(access)?;
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(access)?.claims;
    let guess = EncodingKey::from_secret(b"a guess");
    let signed = |header: &Header, claims: &Value| jsonwebtoken::encode(header, claims, &guess);
    let json64 = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut parts = access.split('.');
    let body = parts.nth(1).context("no claims")?;

    let mut admin = claims.clone();
    admin["sub"] = json!("00000000-0000-4000-8000-000000000000");
    let unsigned = json64(&json!({"alg": "none", "typ": "JWT", "kid": header.kid}));
    let other_kid = Header { kid: Some("k0".to_owned()), ..Header::default() };
    let last = if access.ends_with('A') { 'B' } else { 'A' };
    for (name, token, telling) in [
        ("another service's", elsewhere.to_owned(), "meant for another service"),
        ("signed with a guess", signed(&header, &claims)?, "was not made here"),
        ("signed with a key that is none", signed(&other_kid, &claims)?, "was not made here"),
        ("somebody else's claims", signed(&header, &admin)?, "was not made here"),
        ("alg none", format!("{unsigned}.{body}."), "log in"),
        (
            "alg none with a signature",
            format!("{unsigned}.{}", access.split_once('.').context("parts")?.1),
            "log in",
        ),
        ("one letter changed", format!("{}{last}", &access[..access.len() - 2]), "log in"),
        ("a refresh token", good.refresh_token.clone(), "not a valid access token"),
        ("words", "open sesame".to_owned(), "not a valid access token"),
        ("nothing", String::new(), "not a valid access token"),
        ("10 kB", "x".repeat(10_000), "not a valid access token"),
        ("an unknown key", format!("atl_{}_{}", "a".repeat(10), "b".repeat(32)), "does not exist"),
        ("a key cut short", "atl_abc".to_owned(), "not a valid access token or API key"),
    ] {
        let got = acts::who(&studio.bearer(&token)?).await;
        cases.push(Case::new(format!("token: {name}"), Code::Unauthenticated, telling, got));
    }

    let stranger = studio.stranger()?.with_patience(Patience::NONE);
    let got = acts::who(&stranger).await;
    cases.push(Case::new("token: none", Code::Unauthenticated, "who are you", got));
    let mut basic = tonic::Request::new(wire::WhoAmIRequest {});
    basic.metadata_mut().insert("authorization", MetadataValue::from_static("Basic YTpi"));
    let got = stranger.accounts().who_am_i(basic).await;
    cases.push(Case::new("token: basic", Code::Unauthenticated, "must be `Bearer", got));

    cases.extend(ended(studio).await?);
    Ok(cases)
}

/// Tokens that counted once.
async fn ended(studio: &Studio) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let stranger = studio.owner()?.with_credentials(Credentials::None);
    let refresh = |token: &str| {
        let request = wire::RefreshRequest { refresh_token: token.to_owned() };
        let stranger = stranger.clone();
        async move { stranger.accounts().refresh(request).await }
    };

    let revoked = studio.register("rae").await?;
    let client = studio.bearer(&revoked.access_token)?;
    let logout =
        wire::LogoutRequest { request_id: request_id(), session_id: String::new(), everywhere: true };
    client.accounts().logout(logout).await?;
    let got = acts::who(&client).await;
    cases.push(Case::new("token: revoked", Code::Unauthenticated, "session has ended", got));
    let got = refresh(&revoked.refresh_token).await;
    cases.push(Case::new("refresh: revoked", Code::Unauthenticated, "session has ended", got));

    let reused = studio.register("uma").await?;
    let next = refresh(&reused.refresh_token).await?.into_inner().tokens.context("no tokens")?;
    acts::who(&studio.bearer(&next.access_token)?).await.context("the session goes on")?;
    let got = refresh(&reused.refresh_token).await;
    cases.push(Case::new("refresh: used twice", Code::Unauthenticated, "used before", got));
    let got = acts::who(&studio.bearer(&next.access_token)?).await;
    cases.push(Case::new("token: its session", Code::Unauthenticated, "session has ended", got));
    let got = refresh(&next.refresh_token).await;
    cases.push(Case::new("refresh: its session", Code::Unauthenticated, "session has ended", got));

    let last = studio.register("lea").await?;
    let (head, tail) = last.refresh_token.rsplit_once('.').context("parts")?;
    let flipped = if tail.starts_with('A') { "B" } else { "A" };
    let got = refresh(&format!("{head}.{flipped}{}", &tail[1..])).await;
    cases.push(Case::new("refresh: forged", Code::Unauthenticated, "was not made here", got));
    let got = refresh("nonsense").await;
    cases.push(Case::new("refresh: nonsense", Code::Unauthenticated, "log in", got));
    studio.clock.advance(Duration::from_secs(16 * 60));
    let got = acts::who(&studio.bearer(&last.access_token)?).await;
    cases.push(Case::new("token: expired", Code::Unauthenticated, "has expired", got));
    refresh(&last.refresh_token).await.context("a try with a forged one ends nothing")?;
    Ok(cases)
}
