//! Pane 1: every SLO, the worst first.

use std::sync::Arc;

use super::Cursor;
use crate::domain::Timestamp;
use crate::domain::slo::{Gauge, Judgement, Language, Reading, Slo, ZoneChange};

#[derive(Debug, Default)]
pub struct GaugesPane {
    /// In the order of the configuration.
    pub gauges: Vec<Gauge>,
    /// One a gauge, the worst first; judged anew with every reading and every tick.
    pub judgements: Vec<Judgement>,
    pub cursor: Cursor,
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

    /// The SLO that is worst now.
    #[must_use]
    pub fn worst(&self) -> Option<&Judgement> {
        self.judgements.first()
    }
}
