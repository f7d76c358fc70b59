//! Pane 1: every SLO, the worst first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Cursor;
use crate::domain::slo::{Coverage, Gauge, Judgement, Language, Reading, Slo, ZoneChange};
use crate::domain::{Symbol, Timestamp};

#[derive(Debug, Default)]
pub struct GaugesPane {
    /// In the order of the configuration.
    pub gauges: Vec<Gauge>,
    /// One a gauge, the worst first; judged anew with every reading and every tick.
    pub judgements: Vec<Judgement>,
    pub cursor: Cursor,
    /// Of each SLO whose whole window is counted by itself: how much of it, and by whom.
    pub coverage: BTreeMap<Symbol, Coverage>,
    /// What its server said beside the last answers about an SLO.
    pub warned: BTreeMap<Symbol, Vec<String>>,
}

impl GaugesPane {
    #[must_use]
    pub fn new(slos: Vec<Arc<Slo>>, now: Timestamp) -> Self {
        let mut pane = Self { gauges: slos.into_iter().map(Gauge::new).collect(), ..Self::default() };
        pane.judge(now);
        pane
    }

    /// The language of all sentences.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.gauges = self.gauges.into_iter().map(|gauge| gauge.with_language(language)).collect();
        self
    }

    /// New members of a group, in the place of the whole if that was shown. A name that is there already stays as it is.
    pub fn join(&mut self, slos: Vec<Arc<Slo>>, instead_of: Option<&Symbol>, language: Language, now: Timestamp) {
        if let Some(whole) = instead_of {
            self.gauges.retain(|gauge| gauge.slo().name != *whole);
            self.coverage.remove(whole);
            self.warned.remove(whole);
        }
        for slo in slos {
            if self.slo(&slo.name).is_none() {
                self.gauges.push(Gauge::new(slo).with_language(language));
            }
        }
        self.judge(now);
    }

    /// A reading of an SLO that is not configured changes nothing. Gives the change of zone that it brings.
    pub fn take(&mut self, reading: Reading, now: Timestamp) -> Option<ZoneChange> {
        let gauge = self.gauges.iter_mut().find(|gauge| gauge.slo().name == reading.slo)?;
        let change = gauge.take(reading);
        self.judge(now);
        change
    }

    /// The same SLO stays selected wherever it moves.
    pub fn judge(&mut self, now: Timestamp) {
        let selected = self.selected().map(|judgement| judgement.slo.clone());
        self.judgements = self.gauges.iter().map(|gauge| gauge.judge(now)).collect();
        // The SLOs of a journey stay together; the journey stands where its worst one would.
        let rank_of_journey = |judgement: &Judgement| {
            let journey = self.slo(&judgement.slo).map(|slo| &slo.journey);
            let same = self.judgements.iter().filter(|other| self.slo(&other.slo).map(|slo| &slo.journey) == journey);
            same.map(|other| other.rank).min().unwrap_or(judgement.rank)
        };
        let order = |judgement: &Judgement| {
            let place = self
                .gauges
                .iter()
                .position(|gauge| self.slo(&judgement.slo).is_some_and(|slo| gauge.slo().journey == slo.journey));
            (rank_of_journey(judgement), place, judgement.rank)
        };
        let mut keyed: Vec<_> = self.judgements.iter().map(|judgement| (order(judgement), judgement.clone())).collect();
        keyed.sort_by_key(|(order, _)| *order);
        self.judgements = keyed.into_iter().map(|(_, judgement)| judgement).collect();
        let row = selected.and_then(|name| self.row_of(&name)).unwrap_or(0);
        self.cursor.reanchor(row, self.judgements.len());
    }

    #[must_use]
    pub fn selected(&self) -> Option<&Judgement> {
        self.judgements.get(self.cursor.selected)
    }

    #[must_use]
    pub fn row_of(&self, slo: &str) -> Option<usize> {
        self.judgements.iter().position(|judgement| judgement.slo == *slo)
    }

    /// What was configured under this name.
    #[must_use]
    pub fn slo(&self, name: &str) -> Option<&Arc<Slo>> {
        self.gauges.iter().map(Gauge::slo).find(|slo| slo.name == *name)
    }

    /// Why the numbers of this SLO are a part of the truth, in the server's words; `None` when it said nothing.
    #[must_use]
    pub fn server_said(&self, slo: &str) -> Option<String> {
        let windows = self.warned.get(slo).into_iter().flatten();
        let past =
            self.coverage.get(slo).into_iter().flat_map(|coverage| coverage.said.iter().chain(&coverage.refused));
        let mut said: Vec<&str> = windows.chain(past).map(String::as_str).collect();
        said.sort_unstable();
        said.dedup();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The SLO that is worst now.
    #[must_use]
    pub fn worst(&self) -> Option<&Judgement> {
        self.judgements.first()
    }
}
