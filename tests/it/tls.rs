//! TLS: a certificate of one's own works, an unknown one does not, and a public address is not served without.

use std::path::Path;

use atelier_daemon::{
    clock::Clock,
    config::{Config, Flags, TlsConfig},
};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, Patience},
    v1 as wire,
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
};
use tonic::Code;

/// Writes a fresh certificate with its key; gives their places and the certificate's PEM.
fn certificate(folder: &Path) -> anyhow::Result<(TlsConfig, Vec<u8>)> {
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names)?;
    let tls = TlsConfig { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") };
    std::fs::write(&tls.certificate, made.cert.pem())?;
    std::fs::write(&tls.key, made.signing_key.serialize_pem())?;
    Ok((tls, made.cert.pem().into_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_knows_the_certificate_connects() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (tls, pem) = certificate(folder.path())?;
    let studio = Studio::with(Clock::system(), |config| config.listen.tls = Some(tls)).await?;
    let token = studio.register("ann").await?.access_token;
    let plain = studio.tcp()?.to_string();
    let secure = plain.replace("http://", "https://");
    let client = |url: &str, ca_pem: Option<Vec<u8>>| {
        let endpoint = Endpoint::Tcp { url: url.to_owned(), ca_pem };
        Client::new(&endpoint, Credentials::Bearer(token.clone()), Patience::NONE)
    };
    let ann = client(&secure, Some(pem))?;
    let job = acts::make(&ann, thumbnail("bread")).await?.job;
    assert!(!ann.download(&job.results[0].asset_id, 0).await?.bytes.is_empty());

    let (_, other) = certificate(folder.path())?;
    for (why, client) in [
        ("the usual authorities don't know it", client(&secure, None)?),
        ("another certificate is not it", client(&secure, Some(other))?),
        ("nothing is served in the clear", client(&plain, None)?),
    ] {
        let refused = acts::refusal(client.system().get_info(wire::GetInfoRequest {}).await)?;
        assert!(
            matches!(refused.code(), Code::Unavailable | Code::Unknown | Code::Internal),
            "{why}: {refused}"
        );
    }
    Ok(())
}

#[test]
fn a_public_address_needs_tls() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("atelier.toml");
    let load = |text: &str| -> anyhow::Result<Result<Config, String>> {
        std::fs::write(&file, text)?;
        let flags = Flags { data: Some(folder.path().join("data")) };
        Ok(Config::load(Some(&file), &flags).map_err(|mistakes| mistakes.to_string()))
    };
    for address in ["0.0.0.0:7340", "192.0.2.1:7340", "[::]:7340"] {
        let mistakes = load(&format!("[listen]\ngrpc = \"{address}\"\n"))?.expect_err("must be refused");
        assert!(mistakes.contains("a public address needs listen.tls"), "{address}: {mistakes}");
        let with_tls = format!(
            "[listen]\ngrpc = \"{address}\"\n[listen.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n"
        );
        assert!(load(&with_tls)?.is_ok(), "{address}");
    }
    for address in ["127.0.0.1:7340", "[::1]:7340"] {
        assert!(load(&format!("[listen]\ngrpc = \"{address}\"\n"))?.is_ok(), "{address}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_fit_is_a_mistake_at_the_start() -> anyhow::Result<()> {
    let (one, two) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (mut tls, _) = certificate(one.path())?;
    tls.key = certificate(two.path())?.0.key;
    let error = Studio::with(Clock::system(), |config| config.listen.tls = Some(tls)).await.err();
    let words = error.map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(words.contains("listen.tls: certificate and key don't fit"), "{words}");
    Ok(())
}
