//! What can be set about models.

use std::path::{Path, PathBuf};

use atelier_models::{
    checkpoint::Family,
    device::{DeviceChoice, Placement, Precision},
};
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
    /// Previews of running jobs.
    pub previews: PreviewsConfig,
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
            previews: PreviewsConfig::default(),
            hub_url: "https://huggingface.co".to_owned(),
            hub_token: None,
        }
    }
}

/// Previews of running jobs: what they may cost, and which installed tiny autoencoders draw them where a checkpoint
/// brings none in its folder `vae_tiny`. Where there is none, colours are a linear function of the latents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewsConfig {
    /// The share of a job's time that its previews may cost, 0 to 1; 0 for none.
    pub share: f64,
    /// The tiny autoencoder for Stable Diffusion 1 and 2, by its name.
    pub sd: String,
    /// The tiny autoencoder for Stable Diffusion XL, by its name. Its latents have as many channels, but other colours.
    pub sdxl: String,
}

impl Default for PreviewsConfig {
    fn default() -> Self {
        // As their maker calls them.
        Self { share: 0.03, sd: "taesd".to_owned(), sdxl: "taesdxl".to_owned() }
    }
}

impl PreviewsConfig {
    /// The name of the tiny autoencoder for this family's latents.
    pub(super) fn tiny(&self, family: Family) -> &str {
        match family {
            Family::Sd1 | Family::Sd2 => &self.sd,
            Family::Sdxl => &self.sdxl,
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
        if !(0.0..=1.0).contains(&self.previews.share) {
            return Err(format!(
                "previews.share: is {}; write a share from 0 to 1, such as 0.03",
                self.previews.share
            ));
        }
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
