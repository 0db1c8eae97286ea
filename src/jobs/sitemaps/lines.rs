//! What stands in sitemaps: the entries, and the pages that the site has of its own.

use std::collections::HashMap;

use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::seo::hreflang::{Member, cluster};
use crate::seo::{Alternate, Hreflang};
use crate::store::shards::Located;
use crate::store::{discovery, lists, paths};

/// A page of the sitemap.
#[derive(Debug)]
pub struct Line {
    /// Its place in its shard.
    pub id: i64,
    /// Its path, percent-encoded.
    pub href: String,
    pub lastmod: Option<Time>,
    /// The addresses of its pictures as JSON.
    pub images: Option<String>,
    /// Which translations it names.
    pub cluster: i64,
}

/// The alternates of those clusters that have more than one member.
pub type Clusters = HashMap<i64, Vec<Alternate>>;

pub fn of_entry(row: Located) -> Line {
    Line {
        id: row.id,
        href: paths::stored(&row.path).href(),
        lastmod: row.modified_at,
        images: row.images,
        cluster: row.translation_group,
    }
}

/// Home pages, and listings that have something in them.
pub async fn own_pages(app: &App) -> Result<(Vec<Line>, Clusters)> {
    let home = |code: &str| {
        let prefix = app.site.prefix(code);
        if prefix.is_empty() { "/".into() } else { prefix }
    };
    let mut groups: Vec<Vec<(String, String)>> =
        vec![app.site.locales.iter().map(|locale| (locale.code.clone(), home(&locale.code))).collect()];
    for kind in app.types.iter() {
        let Some(listing) = &kind.listing else { continue };
        let mut group = Vec::new();
        for locale in &app.site.locales {
            if lists::count_of_type(&app.db, &kind.name, &locale.code).await? > 0 {
                let path = format!("{}{}", app.site.prefix(&locale.code), listing.path);
                group.push((locale.code.clone(), path));
            }
        }
        groups.push(group);
    }
    let (mut lines, mut clusters) = (Vec::new(), Clusters::new());
    for (cluster, group) in (0..).zip(&groups) {
        clusters.insert(cluster, alternates(app, group)?);
        for (_, path) in group {
            let id = lines.len() as i64;
            lines.push(Line { id, href: path.clone(), lastmod: None, images: None, cluster });
        }
    }
    Ok((lines, clusters))
}

/// The hreflang cluster of each of these groups that has more than one member.
pub async fn clusters(app: &App, groups: &[i64]) -> Result<Clusters> {
    if groups.is_empty() {
        return Ok(Clusters::new());
    }
    let mut members: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    for row in discovery::translated(&app.db, groups).await? {
        let href = paths::stored(&row.path).href();
        members.entry(row.translation_group).or_default().push((row.locale, href));
    }
    members.into_iter().map(|(group, members)| Ok((group, alternates(app, &members)?))).collect()
}

fn alternates(app: &App, members: &[(String, String)]) -> Result<Vec<Alternate>> {
    let members = members
        .iter()
        .map(|(locale, href)| {
            Ok(Member {
                hreflang: Hreflang::parse(locale)?,
                url: app.config.origin.url(href),
                indexable: true,
                self_canonical: true,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(cluster(&members, &app.site.x_default()))
}
