//! `warroom slo what-if`: what a steady burn for a time would leave of every budget. "40 % is left, can we ship this?"

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::slo;
use super::world::World;
use crate::domain::slo::{Exhaustion, Slo, Zone, burn_text, duration_text, percent_text};
use crate::domain::spending::WhatIf;

/// Fails when the budget of an SLO is not known: then nothing was answered about it.
pub(super) async fn run(
    world: &World,
    burn: f64,
    lasts: Duration,
    json: bool,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let mut rows = Vec::new();
    let mut known = true;
    for promise in &world.plan.slos {
        let (_, judgement) = slo::read(world, promise).await;
        let asked = judgement.budget.map(|budget| WhatIf::new(budget.remaining, promise.window, burn, lasts));
        known &= asked.is_some();
        rows.push((promise, asked, judgement.state.word()));
    }
    if json {
        let rows: Vec<Value> = rows.iter().map(|(slo, asked, state)| row(slo, asked.as_ref(), state)).collect();
        let told = json!({ "burn": burn, "for_seconds": lasts.as_secs(), "slos": rows });
        serde_json::to_writer_pretty(&mut *out, &told)?;
        writeln!(out)?;
    } else {
        writeln!(out, "If it burns at {} for {}:", burn_text(burn), duration_text(lasts))?;
        for (slo, asked, state) in &rows {
            let Some(asked) = asked else {
                writeln!(out, "{:<28} the budget is not known: {state}", slo.name.as_str())?;
                continue;
            };
            let left = format!("{} → {}", percent_text(asked.remaining, 1), percent_text(asked.after, 1));
            writeln!(out, "{:<28} {left:>18}  {}", slo.name.as_str(), zones(asked))?;
            writeln!(out, "    {}", borders(asked, slo))?;
        }
        writeln!(out, "What leaves the rolling window meanwhile is not given back here.")?;
    }
    Ok(if known { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn zones(asked: &WhatIf) -> String {
    if asked.zone == asked.zone_after {
        asked.zone.to_string()
    } else {
        format!("{} → {}", asked.zone, asked.zone_after)
    }
}

fn borders(asked: &WhatIf, slo: &Slo) -> String {
    let spent = format!("spends {}", percent_text(asked.spends, 1));
    let soon = |(zone, time): &(Zone, Duration)| match zone {
        Zone::Exhausted => format!("all is spent in {}", duration_text(*time)),
        zone => format!("{zone} in {}", duration_text(*time)),
    };
    let mut parts: Vec<String> = asked.borders.iter().map(soon).collect();
    if parts.is_empty() {
        parts.push(match asked.exhaustion {
            Exhaustion::Already => "all was spent before".to_owned(),
            _ => format!("no border within the {}", duration_text(slo.window)),
        });
    }
    format!("{spent}; at this pace {}", parts.join(", "))
}

fn row(slo: &Slo, asked: Option<&WhatIf>, state: &str) -> Value {
    let Some(asked) = asked else { return json!({ "name": slo.name, "state": state, "remaining": null }) };
    let seconds = |wanted: Zone| {
        asked.borders.iter().find(|(zone, _)| *zone == wanted).map(|(_, time)| time.as_secs_f64().round())
    };
    json!({
        "name": slo.name,
        "state": state,
        "remaining": asked.remaining,
        "zone": asked.zone.word(),
        "spends": asked.spends,
        "after": asked.after,
        "zone_after": asked.zone_after.word(),
        "cautious_in_seconds": seconds(Zone::Cautious),
        "freeze_in_seconds": seconds(Zone::Freeze),
        "exhausted_in_seconds": seconds(Zone::Exhausted),
        "may": asked.zone_after.may(),
        "must_not": asked.zone_after.must_not(),
    })
}
