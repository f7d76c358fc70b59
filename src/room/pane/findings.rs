//! What the open trace and the failing traces together say, as rows to walk: who is responsible and why, what speaks
//! against it, what failing traces share, whose time it was, where the context was lost. Not how they are drawn.

use super::Cursor;
use crate::domain::incident::{Alert, Entry, Kind, Timeline};
use crate::domain::trace::{Attribution, Findings, Propagation, ServiceShare, Tree};

/// Rows of each list that are shown.
const MOST: usize = 12;
/// What the evidence of an entry that disputes a verdict is about.
pub const VERDICT: &str = "verdict";

#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// A heading and what stands at its right.
    Heading(&'static str, String),
    /// The heading over the outliers, which names their columns: failing, or slow, traces, and how many were compared.
    Shared {
        slow: bool,
        compared: (u32, u32),
    },
    /// By its place in the ranking.
    Blame(usize),
    For(String),
    Against(String),
    /// Somebody disputes the first of the ranking: who, and the words.
    Disputed(String),
    /// By its place among the outliers.
    Outlier(usize),
    /// Whom slow traces wait for, by its place.
    Excess(usize),
    Service(ServiceShare),
    /// A gap of the open trace by its place.
    Gap(usize),
    /// A remark that leads nowhere.
    Remark(String),
}

impl Finding {
    #[must_use]
    pub const fn is_heading(&self) -> bool {
        matches!(self, Self::Heading(..) | Self::Shared { .. })
    }
}

#[derive(Clone, Debug, Default)]
pub struct FindingsList {
    pub rows: Vec<Finding>,
    pub cursor: Cursor,
    /// What each row is about, whatever its numbers are now.
    about: Vec<(std::mem::Discriminant<Finding>, String)>,
}

impl FindingsList {
    #[must_use]
    pub fn selected(&self) -> Option<&Finding> {
        self.rows.get(self.cursor.selected)
    }

    /// The rows anew; the same row stays selected as far as it is still there.
    pub fn lay_out(&mut self, found: Option<&Findings>, pane_rows: Vec<Finding>, timeline: &Timeline) {
        let before = self.about.get(self.cursor.selected).cloned();
        self.rows = of_failures(found, timeline);
        self.rows.extend(pane_rows);
        self.about = self.rows.iter().map(|row| (std::mem::discriminant(row), about(row, found))).collect();
        let same = before.as_ref().and_then(|before| self.about.iter().position(|about| about == before));
        // Where the row is gone its place is still nearer than the first one.
        let first = || self.rows.iter().position(|row| !row.is_heading()).unwrap_or(0);
        let row = same.unwrap_or_else(|| if before.is_some() { self.cursor.selected } else { first() });
        self.cursor.reanchor(row, self.rows.len());
    }
}

/// What tells a row from the others of its kind while counts and order change.
fn about(row: &Finding, found: Option<&Findings>) -> String {
    let words = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).collect::<String>();
    match row {
        Finding::Heading(name, _) => (*name).to_owned(),
        Finding::Shared { .. } => String::new(),
        Finding::Blame(at) => found.and_then(|found| found.ranking.get(*at)).map(blame_text).unwrap_or_default(),
        Finding::Outlier(at) => {
            let outlier = found.and_then(|found| found.outliers.get(*at));
            outlier.map(|outlier| format!("{} = {}", outlier.key_text(), outlier.value)).unwrap_or_default()
        }
        Finding::Service(share) => share.service.to_string(),
        Finding::Excess(at) | Finding::Gap(at) => at.to_string(),
        Finding::For(text) | Finding::Against(text) | Finding::Disputed(text) | Finding::Remark(text) => words(text),
    }
}

/// `pricing → redis`.
#[must_use]
pub fn blame_text(line: &Attribution) -> String {
    match &line.dependency {
        Some(dependency) => format!("{} → {dependency}", line.service),
        None => line.service.to_string(),
    }
}

/// The entries that stand and dispute this verdict, the newest last.
pub fn disputes<'a>(timeline: &'a Timeline, verdict: &'a str) -> impl Iterator<Item = &'a Entry> {
    timeline.effective().filter(move |entry| {
        entry.evidence.iter().any(|evidence| evidence.about == VERDICT && evidence.text == verdict)
    })
}

/// Whom the failing traces of a firing page blame: those through the alert's service where it names one, else all.
/// Nothing for an entry of another kind, an alert that has cleared, or one that does not page.
#[must_use]
pub fn blamed_by<'a>(alerts: &[Alert], found: &'a Findings, entry: &Entry) -> Option<&'a [Attribution]> {
    let Kind::AlertFired { fingerprint, .. } = &entry.kind else { return None };
    let alert = alerts.iter().find(|alert| alert.fingerprint == *fingerprint && alert.is_page())?;
    let service = alert.labels.first_of(&["service", "service_name", "app"]);
    Some(found.for_service(service.map(|service| service.as_str())))
}

fn of_failures(found: Option<&Findings>, timeline: &Timeline) -> Vec<Finding> {
    let Some(found) = found else {
        return vec![
            Finding::Heading("Responsible", String::new()),
            Finding::Remark("no failing trace was read: they are read once something burns or fires".to_owned()),
        ];
    };
    let mut rows = vec![Finding::Heading("Responsible", found.read_words())];
    rows.extend((0..found.ranking.len().min(MOST)).map(Finding::Blame));
    if let Some(first) = found.ranking.first() {
        let verdict = blame_text(first);
        let said = disputes(timeline, &verdict).map(|entry| format!("{}: {}", entry.author, entry.text));
        rows.extend(said.map(Finding::Disputed));
    } else {
        let why = match (found.read, found.found) {
            (0, 0) if found.partial.is_some() => "none in the part that was searched",
            (0, 0) => "no failing trace could be looked for",
            (0, _) => "none of them could be read",
            _ => "no error reaches the root of any of them",
        };
        rows.push(Finding::Remark(why.to_owned()));
    }
    rows.extend(found.reasons.iter().cloned().map(Finding::For));
    rows.extend(found.against.iter().cloned().map(Finding::Against));
    rows.push(Finding::Shared { slow: found.by_slowness, compared: found.compared });
    if found.outliers.is_empty() {
        let why = match found.compared {
            (0, _) => "nothing to compare",
            (_, 0) => "healthy traces are still being read",
            _ => "nothing sets them apart",
        };
        rows.push(Finding::Remark(why.to_owned()));
    }
    rows.extend((0..found.outliers.len().min(MOST)).map(Finding::Outlier));
    if !found.excess.is_empty() {
        let slow = format!("{} slow traces without an error, by the medians", found.slow);
        rows.push(Finding::Heading("Where slow ones wait", slow));
        rows.extend((0..found.excess.len().min(5)).map(Finding::Excess));
    }
    rows
}

/// The rows that the open trace adds. `is_asked` while its gaps are still being looked for.
#[must_use]
pub fn of_trace(tree: &Tree, propagation: &Propagation, is_asked: bool) -> Vec<Finding> {
    let services = tree.by_service();
    let mut rows = vec![Finding::Heading("Services of this trace", "share of its time, errors".to_owned())];
    let more = services.len().saturating_sub(MOST);
    rows.extend(services.into_iter().take(MOST).map(Finding::Service));
    if more > 0 {
        rows.push(Finding::Remark(format!("… {more} more services")));
    }
    let complete = format!("complete {:.0} %", propagation.complete() * 100.0);
    rows.push(Finding::Heading("Where its context was lost", complete));
    if propagation.gaps.is_empty() {
        rows.push(Finding::Remark(if is_asked { "being looked for" } else { "nowhere" }.to_owned()));
    }
    rows.extend((0..propagation.gaps.len().min(MOST)).map(Finding::Gap));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_stays_selected_while_its_numbers_change() {
        let reading = |reasons: &[&str], against: &[&str]| Findings {
            reasons: reasons.iter().map(|text| (*text).to_owned()).collect(),
            against: against.iter().map(|text| (*text).to_owned()).collect(),
            ..Findings::default()
        };
        let timeline = Timeline::default();
        let mut list = FindingsList::default();
        let first = reading(&["the gravest error is there in 97.0 %", "it holds most of the path in 97 of 100"], &[]);
        list.lay_out(Some(&first), Vec::new(), &timeline);
        let row = list.rows.iter().position(|row| matches!(row, Finding::For(text) if text.starts_with("it holds")));
        list.cursor.select(row.expect("the row"));
        let second = reading(
            &[
                "the gravest error is there in 98.1 %",
                "6 of 120 are the caller's half",
                "it holds most of the path in 118 of 120",
            ],
            &["2 of 120 start in pricing"],
        );
        list.lay_out(Some(&second), Vec::new(), &timeline);
        assert_eq!(list.selected(), Some(&Finding::For("it holds most of the path in 118 of 120".to_owned())));
        // Gone: the cursor stays where it was.
        let place = list.cursor.selected;
        list.lay_out(
            Some(&reading(&["the gravest error is there in 98.1 %"], &["2 of 120 start in pricing"])),
            Vec::new(),
            &timeline,
        );
        assert_eq!(list.cursor.selected, place.min(list.rows.len() - 1));
    }
}
