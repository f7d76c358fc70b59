//! Which page answers an alert or an SLO, and which pages nobody has checked for long.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Page;
use crate::domain::Symbol;
use crate::domain::incident::Alert;

/// Half a year.
pub const STALE_AFTER_DAYS: i64 = 180;

/// How a page was found, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// The alert's own link.
    Url,
    /// The page names the alert.
    Exact,
    FileName,
    Glob,
    Service,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub page: Arc<Page>,
    pub by: Match,
    /// What stands behind `#` in the link.
    pub anchor: Option<String>,
}

/// All pages, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pages: Vec<Arc<Page>>,
    url_prefix: Option<String>,
}

impl Catalog {
    /// `url_prefix` is what links to the repository of runbooks begin with
    /// (`https://github.com/acme/engineering-docs/blob/main/runbooks/`); without it the last part of a link's path is
    /// enough.
    #[must_use]
    pub fn new(pages: Vec<Page>, url_prefix: Option<String>) -> Self {
        let mut pages: Vec<Arc<Page>> = pages.into_iter().map(Arc::new).collect();
        pages.sort_by(|left, right| (&left.id, &left.source).cmp(&(&right.id, &right.source)));
        Self { pages, url_prefix }
    }

    #[must_use]
    pub fn pages(&self) -> &[Arc<Page>] {
        &self.pages
    }

    /// By id or file name, with or without its ending, of any case.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Arc<Page>> {
        let same = |known: &str| stem(known).eq_ignore_ascii_case(stem(name));
        self.pages.iter().find(|page| page.id == *name).or_else(|| self.pages.iter().find(|page| same(&page.source)))
    }

    /// The page for an alert: its link, else a page that names it, else a file called so, else a glob, else its service.
    #[must_use]
    pub fn find(&self, alert: &Alert) -> Option<Found> {
        if let Some(found) = alert.runbook_url().and_then(|url| self.by_url(url)) {
            return Some(found);
        }
        let name = alert.name().as_str();
        let service = alert.labels.first_of(&["service", "service_name", "job"]).map(Symbol::as_str);
        self.first(Match::Exact, |page| page.alerts.iter().any(|own| own == name))
            .or_else(|| self.first(Match::FileName, |page| stem(&page.source).eq_ignore_ascii_case(name)))
            .or_else(|| {
                self.first(Match::Glob, |page| {
                    page.alerts.iter().any(|own| own.contains(['*', '?']) && glob(own, name))
                })
            })
            .or_else(|| {
                self.first(Match::Service, |page| {
                    service.is_some_and(|service| page.services.iter().any(|own| own == service))
                })
            })
    }

    /// The page that an SLO's `runbook` names: an id, a file name or a link.
    #[must_use]
    pub fn find_named(&self, name: &str) -> Option<Found> {
        let named = self.by_name(name).map(|page| Found { page: Arc::clone(page), by: Match::Exact, anchor: None });
        named.or_else(|| self.by_url(name))
    }

    fn first(&self, by: Match, fits: impl Fn(&Page) -> bool) -> Option<Found> {
        let page = self.pages.iter().find(|page| fits(page))?;
        Some(Found { page: Arc::clone(page), by, anchor: None })
    }

    fn by_url(&self, url: &str) -> Option<Found> {
        let (path, anchor) = url.split_once('#').map_or((url, None), |(path, anchor)| (path, Some(anchor)));
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let file = match &self.url_prefix {
            Some(prefix) => path.strip_prefix(prefix.as_str())?.trim_matches('/'),
            None => path.trim_end_matches('/'),
        };
        let file = file.rsplit('/').next().filter(|file| !file.is_empty())?;
        let page = Arc::clone(self.by_name(file)?);
        let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(str::to_ascii_lowercase);
        Some(Found { page, by: Match::Url, anchor })
    }

    /// How many days ago the page was last verified, when that is too long ago; `None` when it is fresh, or never was
    /// verified.
    #[must_use]
    pub fn stale(page: &Page, today: NaiveDate) -> Option<i64> {
        let days = today.signed_duration_since(page.verified?).num_days();
        (days > STALE_AFTER_DAYS).then_some(days)
    }
}

/// A file name without its directory and its ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown")).unwrap_or(file)
}

/// `*` stands for any text, `?` for one character. Takes the time of the two lengths multiplied, at most.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut in_pattern, mut in_text) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(in_pattern) {
            Some('*') => {
                retry = Some((in_pattern, in_text));
                in_pattern += 1;
            }
            Some(letter) if *letter == '?' || Some(letter) == text.get(in_text) => {
                in_pattern += 1;
                in_text += 1;
            }
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                in_pattern = star + 1;
                in_text = from + 1;
            }
        }
    }
    pattern.get(in_pattern..).is_none_or(|rest| rest.iter().all(|letter| *letter == '*'))
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text) in
            [("OrderRouting*", "OrderRoutingFastBurn"), ("*Burn", "FastBurn"), ("a*b*c", "axxbyybc"), ("?a*", "xa")]
        {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("Order*", "order"), ("a*b", "ac"), ("?", ""), ("", "a")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }
}
