//! Time of one `draft-1` thumbnail.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion makes the functions; a failure here is a defect"
)]

use std::hint::black_box;

use atelier_models::thumbnail::Draft;
use atelier_models::{Pipeline, Request, Silent, ThumbnailRequest, ThumbnailSpec};
use criterion::{Criterion, criterion_group, criterion_main};

fn draft(criterion: &mut Criterion) {
    let mut pipeline = Draft::new();
    for (name, title) in [("titled", Some("I Built a House in 7 Days")), ("untitled", None)] {
        let spec = ThumbnailSpec {
            subject: "a wooden house in the forest".to_owned(),
            title: title.map(str::to_owned),
            count: 1,
            ..ThumbnailSpec::default()
        };
        let request = Request::Thumbnail(ThumbnailRequest::new(spec, None).unwrap());
        criterion.bench_function(&format!("draft-1 1280x720 {name}"), |bencher| {
            bencher.iter(|| pipeline.run(black_box(&request), &mut Silent).unwrap());
        });
    }
}

criterion_group!(benches, draft);
criterion_main!(benches);
