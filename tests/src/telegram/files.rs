//! Files that the double keeps and serves.

use bytes::Bytes;
use serde_json::{Value, json};

/// Every file that was sent, by either side.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    path: String,
    bytes: Bytes,
}

impl Files {
    /// Keeps a file; gives its id.
    pub(super) fn keep(&mut self, folder: &str, name: &str, bytes: Bytes) -> String {
        let number = self.0.len();
        self.0.push(Kept { path: format!("{folder}/file_{number}_{name}"), bytes });
        id(number)
    }

    /// What `getFile` says.
    pub(super) fn describe(&self, file_id: &str) -> Option<Value> {
        let kept = self.by_id(file_id)?;
        Some(json!({
            "file_id": file_id,
            "file_unique_id": format!("u{file_id}"),
            "file_size": kept.bytes.len(),
            "file_path": kept.path,
        }))
    }

    /// The bytes at a path.
    pub(super) fn at(&self, path: &str) -> Option<Bytes> {
        self.0.iter().find(|kept| kept.path == path).map(|kept| kept.bytes.clone())
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, file_id: &str) -> Option<Bytes> {
        self.by_id(file_id).map(|kept| kept.bytes.clone())
    }

    fn by_id(&self, file_id: &str) -> Option<&Kept> {
        self.0.iter().enumerate().find(|(number, _)| id(*number) == file_id).map(|(_, kept)| kept)
    }
}

fn id(number: usize) -> String {
    format!("AgACAgIAAx{number:05}")
}

/// A photo as messages describe it: a small size and the whole. Nothing for what is no picture.
pub(super) fn sizes(file_id: &str, bytes: &Bytes) -> Option<Value> {
    let picture = image::load_from_memory(bytes).ok()?;
    let size = |id: String, width: u32, height: u32, bytes: usize| {
        json!({
            "file_id": id,
            "file_unique_id": format!("u{id}"),
            "width": width,
            "height": height,
            "file_size": bytes,
        })
    };
    let (width, height) = (picture.width(), picture.height());
    Some(json!([
        size(format!("{file_id}-s"), 90.min(width), 90.min(height), 900),
        size(file_id.to_owned(), width, height, bytes.len()),
    ]))
}
