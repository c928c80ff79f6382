//! The parameters of a call, however they were sent.

use std::collections::HashMap;

use axum::{
    body::to_bytes,
    extract::{FromRequest as _, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use bytes::Bytes;
use serde_json::{Map, Value};

/// Parameters by name, and the files that came with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    pub(crate) parameters: Map<String, Value>,
    /// The JSON that was sent, whatever it is.
    pub(crate) whole: Value,
    /// Bytes by the name of their part.
    pub(crate) files: HashMap<String, (String, Bytes)>,
}

impl Body {
    pub(crate) async fn read(request: Request, largest: usize) -> Result<Self, String> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return Self::of_parts(request).await;
        }
        let form = kind.starts_with("application/x-www-form-urlencoded");
        let query = request.uri().query().unwrap_or_default().to_owned();
        let bytes = to_bytes(request.into_body(), largest).await.map_err(|error| error.to_string())?;
        if form || bytes.is_empty() {
            let text = if form { String::from_utf8_lossy(&bytes).into_owned() } else { query };
            let pairs = url::form_urlencoded::parse(text.as_bytes());
            let parameters = pairs.map(|(name, value)| (name.into_owned(), read(&value))).collect();
            return Ok(Self { parameters, ..Self::default() });
        }
        let whole: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let parameters = whole.as_object().cloned().unwrap_or_default();
        Ok(Self { parameters, whole, files: HashMap::new() })
    }

    async fn of_parts(request: Request) -> Result<Self, String> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|error| error.to_string())?;
        let mut body = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|error| error.to_string())? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file) => {
                    let bytes = part.bytes().await.map_err(|error| error.to_string())?;
                    body.files.insert(name, (file, bytes));
                }
                None => {
                    let text = part.text().await.map_err(|error| error.to_string())?;
                    body.parameters.insert(name, read(&text));
                }
            }
        }
        Ok(body)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.parameters.get(name).and_then(Value::as_i64)
    }

    /// The bytes of a file parameter: a part of its own name, or one that it points to.
    pub(crate) fn file(&self, value: Option<&Value>, own: &str) -> Option<(String, Bytes)> {
        let named = value.and_then(Value::as_str).and_then(|text| text.strip_prefix("attach://"));
        self.files.get(named.unwrap_or(own)).cloned()
    }
}

/// Form fields are text; numbers, lists and objects in them are JSON. Words that look like a number stay words where
/// they are looked for as such.
fn read(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Array(_) | Value::Object(_) | Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}
