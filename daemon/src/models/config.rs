//! What can be set about models.

use std::path::{Path, PathBuf};

use atelier_models::device::{DeviceChoice, Placement, Precision};
use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

/// Where models lie, how much room they may take, and where new ones come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelsConfig {
    /// The folder of models; empty for `models` in the data folder.
    pub folder: PathBuf,
    /// Most bytes that models may take. Linked ones lie elsewhere and don't count.
    pub disk_bytes: u64,
    /// Where models run: auto, cpu, cuda, cuda:N or metal.
    pub device: DeviceChoice,
    /// The number format of products: f32, bf16 or f16; left out it is f32 on the processor and bf16 on a GPU.
    pub dtype: Option<Precision>,
    /// Memory above which a picture is encoded and decoded in tiles, in bytes.
    pub decode_bytes: u64,
    /// The hub that models are pulled from: one that answers like huggingface.co.
    pub hub_url: String,
    /// Signs in to the hub, for models whose makers ask for it.
    #[serde(serialize_with = "redacted")]
    pub hub_token: Option<SecretString>,
}

impl Default for ModelsConfig {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            disk_bytes: 100 << 30,
            device: DeviceChoice::default(),
            dtype: None,
            decode_bytes: 2 << 30,
            hub_url: "https://huggingface.co".to_owned(),
            hub_token: None,
        }
    }
}

impl ModelsConfig {
    /// The folder of models of the daemon with this data folder.
    #[must_use]
    pub fn folder(&self, data: &Path) -> PathBuf {
        if self.folder.as_os_str().is_empty() { data.join("models") } else { self.folder.clone() }
    }

    /// The device and number format that are asked for.
    ///
    /// # Errors
    /// [`atelier_models::Error::Invalid`] when this machine has no such device.
    pub(crate) fn placement(&self) -> Result<Placement, atelier_models::Error> {
        let device = self.device.open()?;
        let usual = if device.is_cpu() { Precision::F32 } else { Precision::Bf16 };
        Ok(Placement { device, precision: self.dtype.unwrap_or(usual) })
    }

    /// What is wrong.
    ///
    /// # Errors
    /// The mistake, without the section's name.
    pub(crate) fn check(&self) -> Result<(), String> {
        let url = url::Url::parse(&self.hub_url).ok();
        let host = |url: &url::Url| url.host_str().unwrap_or_default().to_owned();
        let near = |url: &url::Url| matches!(host(url).as_str(), "localhost" | "127.0.0.1" | "[::1]");
        match url {
            Some(url) if url.query().is_none() && url.scheme() == "https" => Ok(()),
            // Whoever listens in between would learn the token and could exchange the files.
            Some(url) if url.query().is_none() && url.scheme() == "http" && near(&url) => Ok(()),
            _ => {
                Err("hub_url: must be an https address without a query (http on this machine only)"
                    .to_owned())
            }
        }
    }
}

fn redacted<S: Serializer>(token: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(|_| "(set)").serialize(to)
}
