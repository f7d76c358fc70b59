//! What an incident that is over had cost at its end: its windows asked for again, as they stood at that moment.

use std::sync::Arc;
use std::time::Duration;

use super::burn::server;
use super::questions::Questions;
use crate::domain::slo::{Gauge, Measure, Reading, Slo};
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::Ports;

/// Fewer events than this are no loss: rates of nothing are not quite nothing.
const A_LOSS: f64 = 0.5;

/// A reading an SLO that lost something between the two moments, as of the second. The whole window of an SLO, which is
/// dear, is read of these alone.
pub(in crate::runtime) async fn price_at(
    ports: &Ports,
    slos: &[Arc<Slo>],
    since: Timestamp,
    until: Timestamp,
) -> Vec<Reading> {
    let mut readings = Vec::new();
    for slo in slos {
        let mut gauge = Gauge::new(Arc::clone(slo));
        gauge.set_impact(Some(since));
        let (whole, short): (Vec<Duration>, Vec<Duration>) =
            gauge.windows(until).into_iter().partition(|window| *window == slo.window);
        let Some(server) = server(ports, slo) else {
            let failure = Failure::new("metrics", Cause::NotConfigured);
            let measures = vec![(slo.window, Measure::Failed(failure))];
            readings.push(Reading { slo: slo.name.clone(), at: until, measures });
            continue;
        };
        let questions = Questions::default();
        let mut measures = questions.measures(server.as_ref(), slo, &short, until).await;
        let lost = |(_, measure): &(Duration, Measure)| match measure {
            Measure::Counts { bad, .. } => *bad >= A_LOSS,
            Measure::Failed(_) => true,
            Measure::NoTraffic | Measure::NoData | Measure::MissingBucket { .. } => false,
        };
        if !measures.iter().any(lost) {
            continue;
        }
        measures.extend(questions.measures(server.as_ref(), slo, &whole, until).await);
        readings.push(Reading { slo: slo.name.clone(), at: until, measures });
    }
    readings
}
