//! Compiles the schema with protox, so that no `protoc` has to be installed.

use std::path::PathBuf;

use prost::Message as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let nouns = [
        "accounts",
        "admin",
        "assets",
        "cards",
        "catalogue",
        "chats",
        "conversations",
        "credits",
        "jobs",
        "models",
        "system",
    ];
    let files = nouns.map(|noun| format!("proto/atelier/v1/{noun}.proto"));
    let descriptors = protox::compile(files, ["proto"])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        .build_transport(false)
        .bytes(".atelier.v1.DownloadAssetResponse.data")
        .bytes(".atelier.v1.UploadAssetRequest.data")
        .compile_fds(descriptors)?;
    println!("cargo::rerun-if-changed=proto");
    Ok(())
}
