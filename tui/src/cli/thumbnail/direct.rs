//! Exact settings as a request. Pure.

use atelier_proto::v1::{Aspect, JobRequest, PictureFormat, ThumbnailRequest, job_request::Work};

use super::{FormatArg, ThumbnailArgs};

/// The request for these settings.
pub(super) fn request(args: &ThumbnailArgs, photo: String) -> JobRequest {
    let settings = &args.settings;
    let thumbnail = ThumbnailRequest {
        subject: args.words(),
        title: settings.title.clone().unwrap_or_default(),
        aspect: settings.aspect.map_or(Aspect::Unspecified, Aspect::from).into(),
        style: settings.style.clone(),
        palette: settings.palette.clone(),
        count: settings.count.unwrap_or(1),
        seed: settings.seed,
        format: format(args).into(),
        subject_asset_id: photo,
    };
    JobRequest {
        work: Some(Work::Thumbnail(thumbnail)),
        algorithm: settings.algorithm.clone().unwrap_or_default(),
    }
}

/// What was asked for, or what the name of the file says.
fn format(args: &ThumbnailArgs) -> PictureFormat {
    let of_name = args.terms.output.as_ref().and_then(|output| output.extension());
    match args.settings.format {
        Some(format) => format.into(),
        None if of_name.is_some_and(|extension| extension.eq_ignore_ascii_case("png")) => {
            FormatArg::Png.into()
        }
        None => PictureFormat::Unspecified,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Settings, order::Terms},
        *,
    };

    #[test]
    fn the_name_of_the_file_tells_its_type_unless_it_is_said() {
        for (output, said, wanted) in [
            (None, None, PictureFormat::Unspecified),
            (Some("a.PNG"), None, PictureFormat::Png),
            (Some("a.jpg"), None, PictureFormat::Unspecified),
            (Some("a.png"), Some(FormatArg::Jpeg), PictureFormat::Jpeg),
        ] {
            let args = ThumbnailArgs {
                text: vec!["a".to_owned(), "loaf".to_owned()],
                photo: None,
                conversation: None,
                terms: Terms { output: output.map(Into::into), ..Terms::default() },
                settings: Settings { format: said, ..Settings::default() },
            };
            assert_eq!(format(&args), wanted, "{output:?} {said:?}");
            let Some(Work::Thumbnail(thumbnail)) = request(&args, String::new()).work else {
                panic!("a thumbnail")
            };
            assert_eq!(thumbnail.subject, "a loaf");
        }
    }
}
