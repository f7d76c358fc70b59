//! The loop without a person: waits for the first answers, presses the keys of a script, and leaves the frame that results.

use std::time::Duration;

use ratatui::backend::Backend;
use tokio::time::{Instant, timeout_at};

use super::decode::Input;
use super::effects::Outward;
use super::session::{BATCH, Session};
use super::slos::is_counted;
use crate::domain::slo::{Coverage, State};
use crate::room::{Key, Loading, Room, SourceKind, SourceState, TailState};

/// The pause after the last answer before the screen counts as settled: longer than the rest of a held selection.
const SETTLED: Duration = Duration::from_millis(400);
const STEP: Duration = Duration::from_millis(50);

/// What became of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Settled,
    /// Time ran out before every pane had its first answer, or before the awaited text came.
    OutOfTime,
}

/// `shown` reads the screen as text, for the text that is awaited.
pub async fn run<B: Backend>(
    session: &mut Session<B>,
    keys: &[Key],
    awaited: Option<&str>,
    limit: Duration,
    shown: impl Fn(&B) -> String,
) -> Result<Outcome, B::Error> {
    session.begin().await;
    let deadline = Instant::now() + limit;
    let mut out_of_time = !settle(session, deadline).await?;
    for key in keys {
        let outward = session.hear(Input::Key(*key)).await;
        if outward.contains(&Outward::Quit) {
            break;
        }
        out_of_time |= !settle(session, deadline).await?;
    }
    if let Some(text) = awaited {
        while !shown(session.canvas.backend()).contains(text) {
            if Instant::now() >= deadline {
                out_of_time = true;
                break;
            }
            settle(session, (Instant::now() + STEP).min(deadline)).await?;
        }
    }
    session.draw().await?;
    Ok(if out_of_time { Outcome::OutOfTime } else { Outcome::Settled })
}

/// Takes facts until every pane has had its answer for a while. A tail is never quiet, so quiet is not waited for.
async fn settle<B: Backend>(session: &mut Session<B>, deadline: Instant) -> Result<bool, B::Error> {
    let mut settled_since = None;
    while Instant::now() < deadline {
        let mut batch = Vec::with_capacity(BATCH);
        let until = (Instant::now() + STEP).min(deadline);
        // Out of time is no error here: it only means that no fact came within this step.
        let came = timeout_at(until, session.inbox.receive(&mut batch, BATCH)).await.is_ok();
        if came {
            session.take_batch(&mut batch).await;
        } else {
            session.tick().await;
        }
        session.draw().await?;
        if !is_settled(&session.room) {
            settled_since = None;
        } else if settled_since.get_or_insert_with(Instant::now).elapsed() >= SETTLED {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether every pane has had its first answer and none waits for another.
fn is_settled(room: &Room) -> bool {
    let waits = |loading: &Loading| matches!(loading, Loading::Asked { .. });
    let unheard = room.health.sources.iter().any(|source| source.state == SourceState::Unknown);
    let unmeasured = room.gauges.judgements.iter().any(|judgement| matches!(judgement.state, State::Loading));
    let untailed = room.settings.has_logs() && matches!(room.logs.tail, TailState::Connecting);
    // Whose fault it is belongs to the first answers of an incident, where there is a server to ask.
    let burns = room.gauges.judgements.iter().any(|judgement| judgement.state.is_firing());
    let readable = room.health.sources.iter().any(|source| {
        matches!(source.kind, SourceKind::Tempo | SourceKind::Jaeger)
            && !matches!(source.state, SourceState::Down { .. } | SourceState::Unusable { .. })
    });
    let unattributed = burns && readable && room.attribution.is_none();
    // A month takes a while the first time; where even the last minutes are not known it will not come.
    let unloaded = room.gauges.judgements.iter().filter(|judgement| judgement.state.is_measured()).any(|judgement| {
        room.gauges.slo(&judgement.slo).is_some_and(|slo| is_counted(slo))
            && room.gauges.coverage.get(&judgement.slo).is_none_or(|coverage| !coverage.is_loaded())
    });
    // The next reading brings the number.
    let unshown = room.gauges.judgements.iter().any(|judgement| {
        judgement.budget.is_none() && room.gauges.coverage.get(&judgement.slo).is_some_and(Coverage::is_loaded)
    });
    let lines = room.logs.of_trace.as_ref().is_some_and(|lines| waits(&lines.state));
    !(unattributed
        || unheard
        || unmeasured
        || untailed
        || unloaded
        || unshown
        || lines
        || waits(&room.waterfall.list_state)
        || waits(&room.waterfall.tree_state))
}
