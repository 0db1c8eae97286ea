//! Pictures as pages show them: with their size, and the widths that have been made of them.

use std::collections::HashMap;

use crate::schema::ImageRef;
use crate::store::media::Known;
use crate::text::SafeHtml;
use crate::web::views::{Picture, Room};

/// A picture with what is known of it.
pub fn picture(image: &ImageRef, known: &HashMap<String, Known>) -> Picture {
    let known = known.get(&image.src);
    Picture {
        src: image.src.clone(),
        alt: image.alt.clone(),
        width: known.map(|known| known.size.0),
        height: known.map(|known| known.size.1),
        srcset: known.and_then(Known::srcset),
        caption: image.caption.clone(),
        credit: image.credit.clone(),
        rights: image.rights.clone(),
    }
}

/// A rendered text whose pictures offer their widths. The first one is urgent where no picture stands
/// before the text, else it loads late like the others.
pub fn in_text(html: &SafeHtml, known: &HashMap<String, Known>, is_first: bool) -> SafeHtml {
    let mut before = !is_first;
    html.with_pictures(|image| {
        let mut more = Vec::new();
        let picture = image.get("src").and_then(|src| known.get(src));
        if let Some((srcset, picture)) = picture.and_then(|known| Some((known.srcset()?, known))) {
            let width = image.get("width").and_then(|width| width.parse().ok()).unwrap_or(picture.size.0);
            let whole = image.get("class").is_some_and(|class| {
                class.split_ascii_whitespace().any(|class| matches!(class, "full" | "wide"))
            });
            more.push(("srcset", srcset));
            more.push(("sizes", Room::of_text(width, whole)));
        }
        if image.get("loading").is_none() {
            if before {
                more.push(("loading", "lazy".to_owned()));
                more.push(("decoding", "async".to_owned()));
            } else {
                more.push(("fetchpriority", "high".to_owned()));
            }
        }
        before = true;
        more
    })
}
