//! What operators' tools ask: gRPC health and reflection.

use anyhow::Context as _;
use atelier_tests::{Studio, acts::soon};
use tonic::{Code, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

async fn channel(studio: &Studio) -> anyhow::Result<Channel> {
    Ok(Channel::from_shared(studio.tcp()?.to_string())?.connect().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_told_and_watched_to_the_end() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let mut health = HealthClient::new(channel(&studio).await?);
    let whole = HealthCheckRequest { service: String::new() };
    let answer = health.check(whole.clone()).await?.into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
    let unknown = health.check(HealthCheckRequest { service: "atelier.v1.Nothing".into() }).await;
    assert_eq!(unknown.unwrap_err().code(), Code::NotFound);

    let mut watch = health.watch(whole).await?.into_inner();
    assert_eq!(soon(watch.message()).await??.context("no news")?.status(), ServingStatus::Serving);
    let (stopped, news) = tokio::join!(studio.stop(), async {
        let mut last = None;
        while let Some(news) = soon(watch.message()).await?? {
            last = Some(news.status());
        }
        anyhow::Ok(last)
    });
    let () = stopped;
    assert_eq!(news.context("it broke off")?, Some(ServingStatus::NotServing));
    Ok(())
}

/// The services that reflection lists. The two versions differ in their types alone.
macro_rules! services {
    ($version:ident, $studio:expr) => {{
        use tonic_reflection::pb::$version::{
            ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
            server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
        };
        let mut client = ServerReflectionClient::new(channel($studio).await?);
        let ask = |message_request| ServerReflectionRequest {
            host: String::new(),
            message_request: Some(message_request),
        };
        let questions = [
            ask(MessageRequest::ListServices(String::new())),
            ask(MessageRequest::FileContainingSymbol("atelier.v1.Jobs".to_owned())),
        ];
        let questions = tokio_stream::iter(questions);
        let mut answers = client.server_reflection_info(questions).await?.into_inner();
        let (mut names, mut files) = (Vec::new(), 0);
        while let Some(answer) = soon(answers.message()).await?? {
            match answer.message_response {
                Some(MessageResponse::ListServicesResponse(list)) => {
                    names.extend(list.service.into_iter().map(|service| service.name));
                }
                Some(MessageResponse::FileDescriptorResponse(found)) => {
                    files += found.file_descriptor_proto.len();
                }
                other => anyhow::bail!("{other:?}"),
            }
        }
        assert!(files > 0, "the schema of a service is there");
        names
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_lists_every_service_in_both_versions() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    for names in [services!(v1, &studio), services!(v1alpha, &studio)] {
        for service in
            ["Accounts", "Admin", "Assets", "Catalogue", "Conversations", "Credits", "Jobs", "System"]
        {
            let name = format!("atelier.v1.{service}");
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
        assert!(names.iter().any(|name| name == "grpc.health.v1.Health"), "{names:?}");
    }
    Ok(())
}
