//! Asks the metrics what was deployed and scaled: the query of the configuration again and again, and in turn the series
//! that clusters and builds tell of themselves. How an answer is read is the domain's to say.

use std::time::Duration;

use super::super::means::{Means, SELDOM, pause};
use crate::domain::incident::{ASKED, Change, Telling, merged};
use crate::domain::{Cause, Failure, Symbol, Timestamp, Window};
use crate::room::Fact;

/// Changes before this are not on any screen of tonight.
const BACK: Duration = Duration::from_secs(12 * 3_600);
/// What is asked again, once the rest is known: long enough for what arrives late.
const AGAIN: Duration = Duration::from_secs(30 * 60);
const STEP: Duration = Duration::from_secs(60);

/// One question and what it has brought.
struct Question {
    query: String,
    telling: Telling,
    /// The source under which the room keeps it.
    name: Symbol,
    is_answered: bool,
    known: Vec<Change>,
}

/// Two questions a minute: the configured one, and one of the others.
pub(in crate::runtime) async fn watch(means: Means, configured: String) {
    let Some(name) = means.ports.metrics.first().map(|server| server.name().clone()) else { return };
    let others = ASKED.map(|(query, telling)| (query.to_owned(), telling));
    let first = Telling::configured(&configured);
    let mut questions: Vec<Question> = std::iter::once((configured, first))
        .chain(others)
        .enumerate()
        .map(|(number, (query, telling))| Question {
            query,
            telling,
            name: format!("{name} series {number}").into(),
            is_answered: false,
            known: Vec::new(),
        })
        .collect();
    let mut round = 0_usize;
    loop {
        let turn = 1 + round % ASKED.len();
        let mut failure = None;
        for (number, question) in questions.iter_mut().enumerate() {
            // What was never answered does not wait for its turn.
            if number == 0 || number == turn || !question.is_answered {
                failure = ask(&means, question, &name).await.err().or(failure);
            }
        }
        round = round.wrapping_add(1);
        pause(&means, &name, SELDOM, u32::from(failure.is_some()) * 5, failure.as_ref()).await;
    }
}

async fn ask(means: &Means, question: &mut Question, source: &Symbol) -> Result<(), Failure> {
    let Some(server) = means.ports.metrics.first() else { return Ok(()) };
    let now = means.ports.clock.now();
    let window = Window::ending(now.floor_to(STEP), if question.is_answered { AGAIN } else { BACK });
    let answer = match server.range(&question.query, window, STEP).await {
        // A server that will not answer this one is no trouble: it is asked again in its turn.
        Err(Failure { cause: Cause::Refused { .. }, .. }) => {
            question.is_answered = true;
            return Ok(());
        }
        answer => answer?,
    };
    let found = question.telling.changes(&answer, window, source);
    question.is_answered = true;
    question.known = remembered(&question.known, &found, now);
    let (source, changes) = (question.name.clone(), question.known.clone());
    means.inbox.send(Fact::Changes { source, changes }).await;
    Ok(())
}

/// What was known and what is new, each once, as far back as a screen shows.
fn remembered(known: &[Change], found: &[Change], now: Timestamp) -> Vec<Change> {
    let mut all = merged(known.iter().chain(found));
    all.retain(|change| now.elapsed_since(change.at) < BACK);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::{Place, Sighting};

    #[test]
    fn what_was_found_once_stays_though_it_is_not_asked_for_again() {
        let at = |minute: i64| Timestamp::from_seconds(minute * 60);
        let deploy = |minute, version: &str| {
            let sighting = Sighting { source: "mimir".into(), place: Place::Series("target_info".into()) };
            Change::of_version(at(minute), "pricing".into(), version.into(), None, sighting)
        };
        let first = remembered(&[], &[deploy(0, "1"), deploy(60, "2")], at(60));
        let second = remembered(&first, &[deploy(60, "2"), deploy(90, "3")], at(90));
        assert_eq!(second.iter().map(|change| change.at).collect::<Vec<_>>(), [at(0), at(60), at(90)]);
        assert_eq!(remembered(&second, &[], at(12 * 60 + 30)).len(), 2);
    }
}
