//! What the settings decide, as of one moment: the site with what is set over its file, and all that is
//! made from it. It is made whole and replaced whole.

use std::sync::Arc;

use super::assets::Assets;
use super::icons::Icons;
use super::manifest::Manifest;
use super::overlay::{Overlay, SiteFile};
use super::site::Site;
use crate::config::Config;
use crate::error::{Error, Problem, Problems, Result};
use crate::schema::Types;

/// What was read when the process started and never changes: the file, the owner's own files, the types.
pub(super) struct Ground {
    pub file: SiteFile,
    /// The static files before anything of the look is laid over them.
    pub plain: Assets,
}

/// What is set over the file, and in which saved state.
#[derive(Debug, Clone, Default)]
pub struct Set {
    /// The number of the state; 0 when nothing was ever set.
    pub version: i64,
    pub overlay: Overlay,
    /// Keys that fit the file no more and are passed over, with why.
    pub unfit: Vec<(String, Problem)>,
}

/// One moment of the site.
#[derive(Clone)]
pub(super) struct Standing {
    pub site: Arc<Site>,
    pub icons: Arc<Icons>,
    pub manifest: Arc<Manifest>,
    pub assets: Arc<Assets>,
    pub set: Arc<Set>,
    /// Counts the moments of a process.
    pub edition: u64,
    /// The last change that was applied when it began.
    pub since: i64,
}

/// A site with the files that follow from it.
pub(super) struct Laid {
    pub site: Site,
    pub assets: Assets,
    pub icons: Arc<Icons>,
}

/// Icons that were made before, and by which settings: they are made anew only for others.
pub(super) type Known<'a> = Option<(&'a Site, &'a Arc<Icons>)>;

impl Ground {
    /// The site with what is set, and its files.
    ///
    /// # Errors
    /// Every problem, each with its field.
    pub fn lay(&self, config: &Config, types: &Types, overlay: &Overlay, known: Known<'_>) -> Result<Laid> {
        let site = self.file.site_with(overlay)?;
        let mut problems = Problems::default();
        site.check_types(&types.names().collect::<Vec<_>>(), &mut problems);
        let mut keep = |error: Error| match error {
            Error::Invalid(found) => {
                problems.0.extend(found.0);
                Ok(())
            }
            other => Err(other),
        };
        let assets = match self.plain.dressed(config, &site) {
            Ok(assets) => Some(assets),
            Err(error) => keep(error).map(|()| None)?,
        };
        let same = known.filter(|(other, _)| site.icons.draws_like(&other.icons));
        let icons = match same
            .map_or_else(|| Icons::read(config, &site).map(Arc::new), |(_, icons)| Ok(Arc::clone(icons)))
        {
            Ok(icons) => Some(icons),
            Err(error) => keep(error).map(|()| None)?,
        };
        match (assets, icons) {
            (Some(assets), Some(icons)) if problems.is_empty() => Ok(Laid { site, assets, icons }),
            _ => Err(Error::Invalid(Problems(problems.0.into_iter().map(without_place).collect()))),
        }
    }

    /// As [`Ground::lay`], where keys that don't fit are left to the file: first those that a problem
    /// names, then, one after the other, whatever does not go with the ones before it.
    ///
    /// # Errors
    /// Those of the file itself.
    pub fn lay_what_fits(
        &self,
        config: &Config,
        types: &Types,
        overlay: &Overlay,
        known: Known<'_>,
    ) -> Result<(Laid, Vec<(String, Problem)>)> {
        let (mut fits, mut unfit) = (overlay.clone(), Vec::new());
        loop {
            let problems = match self.lay(config, types, &fits, known) {
                Ok(laid) => return Ok((laid, unfit)),
                Err(Error::Invalid(problems)) => problems.0,
                Err(other) => return Err(other),
            };
            let about = |key: &String| problems.iter().find(|problem| is_about(problem, key)).cloned();
            let named: Vec<_> = fits.0.keys().filter_map(|key| Some((key.clone(), about(key)?))).collect();
            if named.is_empty() {
                break;
            }
            for (key, problem) in named {
                fits.0.remove(&key);
                unfit.push((key, problem));
            }
        }
        let mut taken = Overlay::default();
        for (key, value) in &fits.0 {
            taken.0.insert(key.clone(), value.clone());
            if let Err(Error::Invalid(problems)) = self.lay(config, types, &taken, known) {
                taken.0.remove(key);
                unfit.extend(problems.0.into_iter().take(1).map(|problem| (key.clone(), problem)));
            }
        }
        Ok((self.lay(config, types, &taken, known)?, unfit))
    }
}

/// Whether a problem is about a key or a part of its value.
pub fn is_about(problem: &Problem, key: &str) -> bool {
    let rest = problem.field.as_deref().and_then(|field| field.strip_prefix(key));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn without_place(problem: Problem) -> Problem {
    Problem { file: None, line: None, ..problem }
}
