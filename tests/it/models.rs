//! Models in memory and the algorithms that name them, as an admin sees and runs them.

use anyhow::Context as _;
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, ModelState},
};
use atelier_tests::{
    Studio, acts,
    shelf::{self, MODEL_BYTES},
};
use tonic::Code;

async fn set_loaded(owner: &Client, model: &str, loaded: bool) -> Result<wire::ResidentModel, tonic::Status> {
    let request = wire::SetModelLoadedRequest { request_id: request_id(), model: model.to_owned(), loaded };
    let answer = owner.models().set_model_loaded(request).await?.into_inner();
    Ok(answer.model.unwrap_or_default())
}

async fn set_pinned(owner: &Client, model: &str, pinned: bool) -> Result<wire::ResidentModel, tonic::Status> {
    let request = wire::SetModelPinnedRequest { request_id: request_id(), model: model.to_owned(), pinned };
    let answer = owner.models().set_model_pinned(request).await?.into_inner();
    Ok(answer.model.unwrap_or_default())
}

async fn ps(owner: &Client) -> anyhow::Result<Vec<(String, ModelState)>> {
    let answer = owner.models().list_resident_models(wire::ListResidentModelsRequest {}).await?.into_inner();
    Ok(answer.models.iter().map(|model| (model.name.clone(), model.state())).collect())
}

async fn acts_of(owner: &Client, action: &str) -> anyhow::Result<Vec<[String; 3]>> {
    let request = wire::ListAuditRequest { action: action.to_owned(), ..Default::default() };
    let entries = owner.admin().list_audit(request).await?.into_inner().entries;
    Ok(entries.into_iter().map(|entry| [entry.entity, entry.old_value, entry.new_value]).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_loaded_evicted_and_pinned_by_hand() -> anyhow::Result<()> {
    let config = |config: &mut atelier_daemon::config::Config| {
        config.residency.memory_budget_bytes = 2 * MODEL_BYTES;
    };
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), config).await?;
    for (model, bytes) in
        [("a", MODEL_BYTES), ("b", MODEL_BYTES), ("c", MODEL_BYTES), ("huge", 9 * MODEL_BYTES)]
    {
        studio.shelf.install(model, bytes);
    }
    let owner = studio.owner()?;
    assert_eq!(set_loaded(&owner, "a", true).await?.state(), ModelState::Resident);
    let pinned = set_pinned(&owner, "a", true).await?;
    assert!(pinned.pinned && pinned.expires_at.is_none() && pinned.bytes == MODEL_BYTES, "{pinned:?}");
    set_loaded(&owner, "b", true).await?;
    assert!(set_loaded(&owner, "c", true).await?.expires_at.is_some());
    let resident = |name: &str| (name.to_owned(), ModelState::Resident);
    assert_eq!(ps(&owner).await?, [resident("a"), resident("c")], "the pinned one stays");
    for (model, said) in [("huge", "9 MB of memory, but models may take 2 MB"), ("z", "is not installed")] {
        let refused = acts::refusal(set_loaded(&owner, model, true).await)?;
        assert_eq!(refused.code(), Code::FailedPrecondition, "{refused}");
        assert!(refused.message().contains(said), "{refused}");
    }
    studio.shelf.break_files(Some("ends early"));
    let refused = acts::refusal(set_loaded(&owner, "b", true).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("ends early"), "{refused}");
    let answer = owner.models().list_resident_models(wire::ListResidentModelsRequest {}).await?.into_inner();
    let b = answer.models.iter().find(|model| model.name == "b").context("it is remembered")?;
    assert!(b.error.contains("ends early") && b.failed_at.is_some(), "{b:?}");
    assert_eq!(answer.budget_bytes, 2 * MODEL_BYTES);

    assert_eq!(set_loaded(&owner, "a", false).await?.state(), ModelState::Absent, "an admin may");
    assert!(!set_pinned(&owner, "a", false).await?.pinned);
    let noted = acts_of(&owner, "model.pin").await?;
    assert_eq!(noted, [["a", "pinned", "not pinned"], ["a", "not pinned", "pinned"]]);
    assert_eq!(acts_of(&owner, "model.load").await?.len(), 4, "what was refused is no act");

    let ann = studio.member("ann").await?;
    let refused = acts::refusal(set_loaded(&ann, "a", true).await)?;
    assert_eq!(refused.code(), Code::PermissionDenied);
    let listed = ann.catalogue().list_models(wire::ListModelsRequest {}).await?.into_inner().models;
    let names: Vec<_> = listed.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "huge", "procedural"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_at_work_is_not_evicted() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    shelf::offer(&studio, "flat-1", "flat").await?;
    let (ann, owner) = (studio.member("ann").await?, studio.owner()?);
    studio.valve.close();
    let image = wire::ImageRequest { prompt: "a fox".to_owned(), ..Default::default() };
    let job = acts::submit(&ann, acts::picture(image)).await?;
    studio.valve.until_held().await;
    let refused = acts::refusal(set_loaded(&owner, "flat", false).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("is at work"), "{refused}");
    studio.valve.release();
    acts::follow(&ann, &job.job_id, 0).await?;
    assert_eq!(ps(&owner).await?, [("flat".to_owned(), ModelState::Resident)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn algorithms_are_made_and_changed() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    shelf::offer(&studio, "flat-1", "flat").await?;
    let owner = studio.owner()?;
    let create = wire::CreateAlgorithmRequest {
        request_id: request_id(),
        algorithm: "flat-2".to_owned(),
        kind: wire::JobKind::Image.into(),
        model: "flat".to_owned(),
        price_credits: 2,
        ..Default::default()
    };
    for _ in 0..2 {
        let made = owner.admin().create_algorithm(create.clone()).await?.into_inner().algorithm;
        assert_eq!(made.context("no algorithm")?.state(), wire::AlgorithmState::Available);
    }
    let mistakes = [
        (Code::AlreadyExists, "flat-2", "flat", 2, ""),
        (Code::FailedPrecondition, "flat-3", "z", 2, ""),
        (Code::InvalidArgument, "No Name", "flat", 2, ""),
        (Code::InvalidArgument, "flat-3", "flat", 2_000_000, ""),
        (Code::InvalidArgument, "flat-3", "flat", 2, "no place for words"),
    ];
    for (code, algorithm, model, price_credits, template) in mistakes {
        let request = wire::CreateAlgorithmRequest {
            request_id: request_id(),
            algorithm: algorithm.to_owned(),
            model: model.to_owned(),
            price_credits,
            defaults: Some(wire::PaintDefaults { template: template.to_owned(), ..Default::default() }),
            ..create.clone()
        };
        let refused = acts::refusal(owner.admin().create_algorithm(request).await)?;
        assert_eq!(refused.code(), code, "{refused}");
    }
    let edit = wire::EditAlgorithmRequest {
        request_id: request_id(),
        algorithm: "flat-1".to_owned(),
        summary: Some("one colour, honestly".to_owned()),
        defaults: Some(wire::PaintDefaults { steps: 9, ..Default::default() }),
    };
    let edited = owner.admin().edit_algorithm(edit.clone()).await?.into_inner().algorithm;
    let edited = edited.context("no algorithm")?;
    assert_eq!(edited.summary, "one colour, honestly");
    assert_eq!(edited.defaults.context("no defaults")?.steps, 9);
    let drawn =
        wire::EditAlgorithmRequest { algorithm: "draft-1".to_owned(), request_id: request_id(), ..edit };
    let refused = acts::refusal(owner.admin().edit_algorithm(drawn).await)?;
    assert_eq!(refused.code(), Code::InvalidArgument, "it has no model: {refused}");
    assert_eq!(acts_of(&owner, "algorithm.create").await?.len(), 2);
    let [edited, ..] = &acts_of(&owner, "algorithm.edit").await?[..] else { anyhow::bail!("not noted") };
    assert!(edited[1].contains("oil painting") && edited[2].contains("honestly"), "{edited:?}");
    let ann = studio.member("ann").await?;
    assert_eq!(acts::refusal(ann.admin().create_algorithm(create).await)?.code(), Code::PermissionDenied);
    Ok(())
}
