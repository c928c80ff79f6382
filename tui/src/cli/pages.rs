//! Lists that come in pages.

use std::future::Future;

use tonic::Status;

/// Most rows that a page may have.
const PAGE: u32 = 200;

/// The first `limit` rows, or all of them. `fetch` takes a page's size and token, and gives its rows and the next
/// token.
pub(crate) async fn collect<T, F>(
    limit: Option<u32>,
    fetch: impl Fn(u32, String) -> F,
) -> Result<Vec<T>, Status>
where
    F: Future<Output = Result<(Vec<T>, String), Status>>,
{
    let mut rows = Vec::new();
    let mut token = String::new();
    loop {
        let wanted = limit.map(|limit| limit.saturating_sub(rows.len() as u32));
        if wanted == Some(0) {
            return Ok(rows);
        }
        let (page, next) = fetch(wanted.unwrap_or(PAGE).min(PAGE), token).await?;
        rows.extend(page);
        if let Some(limit) = limit {
            rows.truncate(limit as usize);
        }
        if next.is_empty() {
            return Ok(rows);
        }
        token = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seven rows, at most three a page.
    async fn fetch(size: u32, token: String) -> Result<(Vec<u32>, String), Status> {
        let from: u32 = token.parse().unwrap_or(0);
        let until = (from + size.min(3)).min(7);
        let next = if until == 7 { String::new() } else { until.to_string() };
        Ok(((from..until).collect(), next))
    }

    #[tokio::test]
    async fn pages_are_joined_up_to_the_limit() {
        for (limit, wanted) in [(None, 7), (Some(0), 0), (Some(2), 2), (Some(5), 5), (Some(50), 7)] {
            let rows = collect(limit, fetch).await.expect("rows");
            assert_eq!(rows, (0..wanted).collect::<Vec<_>>(), "{limit:?}");
        }
    }
}
