//! Whether the histogram behind an SLO has the bucket that it counts by, told before the night it is needed.

use std::time::Duration;

use super::slo::server;
use super::world::World;
use crate::domain::slo::{Measure, Slo};
use crate::domain::{Symbol, Window};

/// Bounds that were there within this time count as there.
const RECENT: Duration = Duration::from_secs(3_600);

/// Asked from the server. `None` when the SLO counts by no bucket, and when the server does not tell: its queries then
/// say what is wrong.
pub(super) async fn look(world: &World, slo: &Slo) -> Option<Result<String, String>> {
    let ask = slo.sli.bucket()?;
    let window = Window::ending(world.ports.clock.now(), RECENT);
    let have = server(world, slo)?.label_values("le", &ask.selector, window).await.ok()?;
    if have.is_empty() {
        return None;
    }
    let lacking = Measure::MissingBucket { wanted: ask.wanted.clone(), have: Vec::new() };
    let bounds = listed(&have);
    Some(match lacking.with_bounds(&ask.wanted, &have) {
        Measure::MissingBucket { have: nearest, .. } if !nearest.is_empty() => {
            let nearest = nearest.join(" or ");
            Err(format!("{} has no bucket le={}: take {nearest}, of {bounds}", ask.selector, ask.wanted))
        }
        _ => Ok(format!("le={}, of {bounds}", ask.wanted)),
    })
}

/// The bounds in their order, the infinite one left out.
fn listed(have: &[Symbol]) -> String {
    let mut bounds: Vec<(f64, &str)> =
        have.iter().filter_map(|text| Some((text.parse::<f64>().ok()?, text.as_str()))).collect();
    bounds.retain(|(bound, _)| bound.is_finite());
    bounds.sort_by(|left, right| left.0.total_cmp(&right.0));
    bounds.dedup_by(|left, right| left.0 == right.0);
    bounds.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}
