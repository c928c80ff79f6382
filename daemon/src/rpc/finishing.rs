//! A call that has begun is finished, even when its client goes away: between a change that is durable and the
//! news of it, nothing may be cut off.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic::{Status, body::Body};
use tower::{Layer, Service};

/// Puts a [`Finishing`] around a service.
#[derive(Clone)]
pub(super) struct FinishingLayer;

impl<S> Layer<S> for FinishingLayer {
    type Service = Finishing<S>;

    fn layer(&self, inner: S) -> Finishing<S> {
        Finishing { inner }
    }
}

/// A service whose calls run on tasks of their own.
#[derive(Clone)]
pub(super) struct Finishing<S> {
    inner: S,
}

impl<S, B> Service<Request<B>> for Finishing<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let call = tokio::spawn(self.inner.call(request));
        Box::pin(async move {
            call.await.unwrap_or_else(|error| {
                tracing::error!(%error, "a call broke down");
                Ok(Status::internal("something broke inside Atelier; it was written to the daemon's log")
                    .into_http())
            })
        })
    }
}
