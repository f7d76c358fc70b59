//! Who of a group is shown: the members that a server names, so many at most, and who is new since it was last asked. Not
//! the question (`group.rs`), nor who asks.

use std::collections::BTreeSet;

use super::group::{MOST_MEMBERS, member};
use crate::domain::Symbol;
use crate::domain::signal::Answer;
use crate::domain::slo::Slo;

/// A promise for each value of some labels.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// With `{{.group}}` in its texts: by itself it counts all members together.
    pub whole: Slo,
    pub by: Vec<Symbol>,
}

/// What an answer changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// Members that were not shown before, in the order of their values.
    pub joined: Vec<Slo>,
    /// The whole was shown in their place until now.
    pub instead_of_whole: bool,
    /// How many there are beyond [`MOST_MEMBERS`], when that is another number than before.
    pub left_out: Option<usize>,
}

/// The members of a group that are shown.
#[derive(Clone, Debug)]
pub struct Roll {
    grouped: Grouped,
    shown: BTreeSet<Symbol>,
    left_out: usize,
}

impl Roll {
    /// `shown` are the names of all gauges there are.
    #[must_use]
    pub fn new(grouped: Grouped, shown: BTreeSet<Symbol>) -> Self {
        Self { grouped, shown, left_out: 0 }
    }

    #[must_use]
    pub const fn grouped(&self) -> &Grouped {
        &self.grouped
    }

    /// A member that is gone stays: that it is silent may be the outage.
    pub fn take(&mut self, answer: &Answer) -> News {
        let by = &self.grouped.by;
        let value = |labels: &crate::domain::Labels, label: &Symbol| {
            labels.get(label).cloned().unwrap_or_else(|| Symbol::from(""))
        };
        let values = |labels: &crate::domain::Labels| by.iter().map(|label| value(labels, label)).collect::<Vec<_>>();
        let combinations: BTreeSet<Vec<Symbol>> = answer.series.iter().map(|series| values(&series.labels)).collect();
        let one =
            |values: Vec<Symbol>| member(&self.grouped.whole, &by.iter().cloned().zip(values).collect::<Vec<_>>());
        let prefix = format!("{} ", self.grouped.whole.name);
        let mut members = self.shown.iter().filter(|name| name.starts_with(&prefix)).count();
        let mut news = News::default();
        let mut left_out = 0;
        for slo in combinations.into_iter().map(one) {
            if self.shown.contains(&slo.name) {
                continue;
            }
            if members >= MOST_MEMBERS {
                left_out += 1;
                continue;
            }
            members += 1;
            self.shown.insert(slo.name.clone());
            news.joined.push(slo);
        }
        news.instead_of_whole = !news.joined.is_empty() && self.shown.remove(&self.grouped.whole.name);
        if left_out != self.left_out {
            self.left_out = left_out;
            news.left_out = Some(left_out);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signal::Series;
    use crate::domain::slo::tests::fixtures::slo;
    use crate::domain::slo::{Policy, Selector, Shape};

    fn roll(shown: &[&str]) -> Roll {
        let total = Selector::parse("m").expect("a selector");
        let sli = Shape::Counters { first: total.clone(), first_is_good: false, total }.sli(true);
        let whole = Slo { name: "api".into(), sli, ..slo("99.9", Policy::Seed) };
        let shown = shown.iter().copied().map(Symbol::from).collect();
        Roll::new(Grouped { whole, by: vec!["handler".into()] }, shown)
    }

    fn answer(handlers: impl IntoIterator<Item = String>) -> Answer {
        let series = |handler: String| Series {
            labels: [("handler", handler.as_str())].into_iter().collect(),
            samples: Vec::new(),
        };
        Answer { series: handlers.into_iter().map(series).collect(), ..Answer::default() }
    }

    fn names(news: &News) -> Vec<&str> {
        news.joined.iter().map(|slo| slo.name.as_str()).collect()
    }

    #[test]
    fn a_new_value_joins_once_and_one_that_is_gone_stays() {
        let mut roll = roll(&["api /a", "other"]);
        let news = roll.take(&answer(["/b".to_owned(), "/a".to_owned()]));
        assert_eq!((names(&news), news.instead_of_whole, news.left_out), (vec!["api /b"], false, None));
        assert!(news.joined[0].sli.total().contains(r#"handler="/b""#), "{:?}", news.joined[0].sli);
        assert_eq!(roll.take(&answer(["/b".to_owned()])), News::default());
        assert_eq!(roll.take(&answer(["/a".to_owned(), "/b".to_owned()])), News::default());
    }

    #[test]
    fn members_take_the_place_of_the_whole() {
        let mut roll = roll(&["api"]);
        assert_eq!(roll.take(&answer([])), News::default(), "nothing is no reason to show nothing");
        let news = roll.take(&answer(["/a".to_owned()]));
        assert_eq!((names(&news), news.instead_of_whole), (vec!["api /a"], true));
        assert!(!roll.take(&answer(["/b".to_owned()])).instead_of_whole);
    }

    #[test]
    fn there_are_never_more_than_people_watch() {
        let mut roll = roll(&[]);
        let many = |count: usize| answer((0..count).map(|number| format!("/{number:03}")));
        let news = roll.take(&many(MOST_MEMBERS + 3));
        assert_eq!((news.joined.len(), news.left_out), (MOST_MEMBERS, Some(3)));
        assert_eq!(roll.take(&many(MOST_MEMBERS + 3)), News::default(), "told once");
        assert_eq!(roll.take(&many(MOST_MEMBERS + 4)).left_out, Some(4));
        assert_eq!(roll.take(&many(2)).left_out, Some(0));
    }
}
