//! Whole texts in, whole HTML out.

mod addresses;
mod blog;
mod dom;
mod hostile;
mod laws;
mod whole;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Author, Options, Rendered, render};

static NO_SIZES: LazyLock<HashMap<String, (u32, u32)>> = LazyLock::new(HashMap::new);

fn staff(markdown: &str) -> Rendered {
    render(markdown, &Options { author: Author::Staff, rtl: false, images: &NO_SIZES })
}

fn visitor(markdown: &str) -> Rendered {
    render(markdown, &Options { author: Author::Visitor, rtl: false, images: &NO_SIZES })
}

fn persian(markdown: &str) -> Rendered {
    render(markdown, &Options { author: Author::Staff, rtl: true, images: &NO_SIZES })
}
