//! Several questions to a metrics server as one request, and one by one where it does not take them together.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};

use crate::domain::signal::Answer;
use crate::domain::slo::{self, Measure, Slo, Texts};
use crate::domain::{Timestamp, Window};
use crate::port::{Metrics, Reply};

/// Bounds of histograms that were there within this time count as there.
const BOUNDS: Duration = Duration::from_secs(3_600);

#[derive(Clone, Copy)]
pub(in crate::runtime) enum When {
    At(Timestamp),
    Over { window: Window, step: Duration },
}

/// Asks for one SLO; remembers whether its questions may go together.
#[derive(Debug, Default)]
pub(in crate::runtime) struct Questions {
    apart: AtomicBool,
    said: Mutex<BTreeSet<String>>,
}

/// So much of what a server says beside its answers is kept: sentences, and letters of each.
const SENTENCES: usize = 6;
const LETTERS: usize = 300;

impl Questions {
    /// What the server said beside its answers since this was last asked.
    pub fn said(&self) -> Vec<String> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }

    fn note(&self, answers: &[Reply<Answer>]) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        for warning in answers.iter().flatten().flat_map(|answer| &answer.warnings) {
            if said.len() < SENTENCES {
                said.insert(warning.chars().take(LETTERS).collect());
            }
        }
    }

    /// The answers in the order of the texts.
    pub async fn ask(&self, server: &dyn Metrics, texts: &[String], when: When) -> Vec<Reply<Answer>> {
        let answers = self.answers(server, texts, when).await;
        self.note(&answers);
        answers
    }

    async fn answers(&self, server: &dyn Metrics, texts: &[String], when: When) -> Vec<Reply<Answer>> {
        if texts.len() > 1 && !self.apart.load(Ordering::Relaxed) {
            match one(server, &slo::bundle(texts), when).await {
                Ok(answer) if slo::is_bundled(&answer, texts.len()) => {
                    return slo::unbundle(answer, texts.len()).into_iter().map(Ok).collect();
                }
                Err(failure) if failure.is_passing() => return texts.iter().map(|_| Err(failure.clone())).collect(),
                // It may be one of them that is refused, or only their number; or what stands between drops the mark.
                Ok(_) | Err(_) => self.apart.store(true, Ordering::Relaxed),
            }
        }
        let mut asked = FuturesOrdered::new();
        for text in texts {
            asked.push_back(one(server, text, when).boxed());
        }
        asked.collect().await
    }

    /// Of bad (or good) events and of all.
    pub async fn pair(
        &self,
        server: &dyn Metrics,
        slo: &Slo,
        window: Duration,
        when: When,
    ) -> (Reply<Answer>, Reply<Answer>) {
        let mut answers = self.ask(server, &texts(slo, window), when).await.into_iter();
        let mut next = || answers.next().unwrap_or_else(|| Ok(Answer::default()));
        (next(), next())
    }

    /// Each window of an SLO. A histogram bucket that the server does not have is named, with its neighbours.
    pub async fn measures(
        &self,
        server: &dyn Metrics,
        slo: &Slo,
        windows: &[Duration],
        at: Timestamp,
    ) -> Vec<(Duration, Measure)> {
        let texts: Vec<String> = windows.iter().flat_map(|window| texts(slo, *window)).collect();
        let mut answers = self.ask(server, &texts, When::At(at)).await.into_iter();
        let mut measures = Vec::with_capacity(windows.len());
        for window in windows {
            let (Some(first), Some(total)) = (answers.next(), answers.next()) else { break };
            measures.push((*window, slo.measure(*window, first, total)));
        }
        // Nothing good at all may be an outage, or a bucket that is not there.
        if measures.iter().any(|(_, measure)| measure.may_lack_bucket())
            && let Some(ask) = slo.sli.bucket()
        {
            let asked = server.label_values("le", &ask.selector, Window::ending(at, BOUNDS)).await.unwrap_or_default();
            let corrected = |(window, measure): (Duration, Measure)| match measure.may_lack_bucket() {
                true => (window, measure.with_bounds(&ask.wanted, &asked)),
                false => (window, measure),
            };
            measures = measures.into_iter().map(corrected).collect();
        }
        measures
    }
}

fn texts(slo: &Slo, window: Duration) -> [String; 2] {
    let Texts { first, total } = slo.texts(window);
    [first, total]
}

async fn one(server: &dyn Metrics, text: &str, when: When) -> Reply<Answer> {
    match when {
        When::At(at) => server.instant(text, at).await,
        When::Over { window, step } => server.range(text, window, step).await,
    }
}
