//! Rows of the table of bad input: files that are no pictures, or too much of one.

use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, upload_asset_request::Part},
};
use atelier_tests::pictures;
use image::ImageFormat;
use tonic::{Code, Status};

use crate::bad_input::Case;

pub(crate) async fn cases(client: &Client) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let png = pictures::photo(64, 64, [200, 30, 30], ImageFormat::Png)?;
    let jpeg = pictures::photo(64, 64, [200, 30, 30], ImageFormat::Jpeg)?;
    let gif = [b"GIF89a".as_slice(), &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, b',', 0, 0, 0, 0]].concat();
    for (name, bytes, telling) in [
        ("half a PNG", png[..png.len() / 2].to_vec(), "cut off or damaged"),
        ("half a JPEG", jpeg[..jpeg.len() / 2].to_vec(), "cut off or damaged"),
        ("the head of a JPEG", jpeg[..4].to_vec(), "cut off or damaged"),
        ("a text called .png", b"#!/bin/sh\necho hello\n".to_vec(), "not a PNG, JPEG, WebP or GIF"),
        ("a page called .jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "not a PNG"),
        ("65,535 x 65,535 as PNG", pictures::png_that_claims(65_535, 65_535, 8)?, "scale it down"),
        ("65,535 x 65,535 as GIF", gif, "scale it down"),
        ("4,000,000,000 x 1", pictures::png_that_claims(4_000_000_000, 1, 8)?, "scale it down"),
        ("a bomb", pictures::bomb()?, "10000×10000 pixels"),
        ("a bomb in memory", pictures::png_that_claims(7_000, 7_000, 16)?, "scale it down"),
        ("nothing", Vec::new(), "send it again"),
    ] {
        let got = client.upload(&request_id(), "holiday.png", bytes.into()).await;
        cases.push(Case::new(format!("picture: {name}"), Code::InvalidArgument, telling, got));
    }
    cases.extend(streams(client, &png).await);
    Ok(cases)
}

/// Streams that are no uploads.
async fn streams(client: &Client, png: &[u8]) -> Vec<Case> {
    let header = |size_bytes: usize| {
        let header = wire::UploadHeader {
            request_id: request_id(),
            file_name: "a.png".to_owned(),
            size_bytes: size_bytes as u64,
        };
        Part::Header(header)
    };
    let data = |bytes: &[u8]| Part::Data(bytes.to_vec().into());
    let mut cases = Vec::new();
    for (name, parts, telling) in [
        ("no parts", vec![], "begins with its header"),
        ("data first", vec![data(png), header(png.len())], "begins with its header"),
        ("two headers", vec![header(png.len()), header(png.len())], "data only"),
        ("less than declared", vec![header(png.len()), data(&png[..10])], "only 10 of the declared"),
        ("more than declared", vec![header(10), data(png)], "more than the declared 10 bytes"),
        ("a piece too large", vec![header(70_000), data(&[0; 70_000])], "at most 65536 bytes"),
        ("33 MiB declared", vec![header(33 << 20)], "at most 33554432 are accepted"),
    ] {
        let got = send(client, parts).await;
        cases.push(Case::new(format!("upload: {name}"), Code::InvalidArgument, telling, got));
    }
    cases
}

async fn send(client: &Client, parts: Vec<Part>) -> Result<(), Status> {
    let parts: Vec<_> = parts.into_iter().map(|part| wire::UploadAssetRequest { part: Some(part) }).collect();
    client.assets().upload_asset(tokio_stream::iter(parts)).await.map(drop)
}
