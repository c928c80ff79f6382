//! Which daemon the arguments mean. Decided here without looking at anything else.

use std::path::PathBuf;

use atelier_proto::client::{Endpoint, EndpointError};

/// Which daemon is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The one at this address.
    Remote(Endpoint),
    /// The one that holds the data folder (the usual one when none is named), or a new one over it.
    Local(Option<PathBuf>),
}

/// An address wins over a folder: whoever names one does not mean the daemon at home. `ca_pem` is for TLS only.
pub(crate) fn target(
    connect: Option<&str>,
    data: Option<PathBuf>,
    ca_pem: Option<Vec<u8>>,
) -> Result<Target, EndpointError> {
    let Some(address) = connect.filter(|address| !address.is_empty()) else {
        return Ok(Target::Local(data));
    };
    Ok(Target::Remote(match address.parse()? {
        Endpoint::Tcp { url, .. } => Endpoint::Tcp { url, ca_pem },
        unix @ Endpoint::Unix(_) => unix,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_wins_over_a_folder() {
        let tcp = |url: &str, ca: Option<&[u8]>| {
            Target::Remote(Endpoint::Tcp { url: url.to_owned(), ca_pem: ca.map(<[u8]>::to_vec) })
        };
        let folder = Some(PathBuf::from("/srv/atelier"));
        for (connect, data, ca, wanted) in [
            (None, None, None, Target::Local(None)),
            (None, folder.clone(), None, Target::Local(folder.clone())),
            (Some(""), folder.clone(), None, Target::Local(folder.clone())),
            (Some("localhost:7340"), folder.clone(), None, tcp("http://localhost:7340", None)),
            (
                Some("https://a.example:1"),
                None,
                Some(b"pem".as_slice()),
                tcp("https://a.example:1", Some(b"pem")),
            ),
            (Some("unix:/run/a.sock"), folder, None, Target::Remote(Endpoint::Unix("/run/a.sock".into()))),
        ] {
            let got = target(connect, data, ca.map(<[u8]>::to_vec)).expect("a good address");
            assert_eq!(got, wanted, "{connect:?}");
        }
        assert!(target(Some("studio"), None, None).is_err());
    }
}
