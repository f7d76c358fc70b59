//! `warroom slo`: every SLO read once, for a script or for eyes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::world::World;
use crate::domain::slo::{
    Coverage, Gauge, Judgement, Label, Language, Measure, Method, Reading, Slo, Zone, burn_text, duration_in,
    percent_in, window_label, window_text, windows,
};
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::Metrics;
use crate::runtime::{measure, oldest_day, scrape_interval, whole_window};

/// Fails when a state is not a measured one: a script must not take "no data" for "well".
pub(super) async fn run(world: &World, json: bool, out: &mut impl Write) -> io::Result<ExitCode> {
    let mut judgements = Vec::new();
    for slo in &world.plan.slos {
        judgements.push((Arc::clone(slo), read(world, slo, true).await));
    }
    let clock = |at: Timestamp| {
        let local = at.shifted(i64::from(world.settings.zone.offset_seconds(at)) * 1_000_000_000);
        local.to_utc().format("%H:%M").to_string()
    };
    let well = judgements.iter().all(|(_, look)| look.judgement.state.is_measured());
    if json {
        let rows: Vec<Value> = judgements.iter().map(|(slo, look)| row(slo, look, &clock)).collect();
        serde_json::to_writer_pretty(&mut *out, &json!({ "slos": rows }))?;
        writeln!(out)?;
    } else {
        for (slo, Look { reading, judgement, coverage }) in &judgements {
            let language = world.settings.language;
            tell(out, slo, judgement, language)?;
            if let Some(text) = coverage.as_ref().and_then(|coverage| coverage.text_in(reading.at, language)) {
                writeln!(out, "    {text}")?;
            }
            writeln!(out, "    {}", judgement.sentence(reading.at, &clock))?;
            if let Some(zone) = judgement.zone {
                writeln!(out, "    {}", zone_text(zone, language))?;
            }
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The head of an SLO and a line a rule: both burns, how many times too fast, and what that does.
fn tell(out: &mut impl Write, slo: &Slo, judgement: &Judgement, language: Language) -> io::Result<()> {
    let say = |label: Label| label.text(language);
    let left = judgement.budget.map_or_else(|| "–".to_owned(), |budget| percent_in(budget.remaining, 1, language));
    let part = if judgement.partial { "!" } else { "" };
    let (name, word, goal) = (slo.name.as_str(), judgement.state.word_in(language), slo.goal(language));
    let (rest, policy) = (say(Label::LeftOver), say(Label::Policy));
    writeln!(out, "{name:<28} {word:<14} {left:>8}{part} {rest}   {goal}, {policy} {}", slo.policy)?;
    for pair in &judgement.pairs {
        let burn = |burn: Option<f64>| burn.map_or_else(|| "–".to_owned(), burn_text);
        let does = match (pair.firing, pair.too_few, pair.waits) {
            (true, ..) => format!("  {}", say(Label::Fires)),
            (_, true, _) => format!("  {}", say(Label::TooFew)),
            (.., Some(waits)) => {
                format!("  {} {} {}", say(Label::FiresIn), duration_in(waits, language), say(Label::IfItStaysSo))
            }
            _ => String::new(),
        };
        let windows = [(pair.short, pair.short_burn), (pair.long, pair.long_burn)];
        let [short, long] =
            windows.map(|(window, found)| format!("{} {} {}", burn(found), say(Label::Over), window_label(window)));
        let (severity, limit) = (pair.severity.word_in(language), say(Label::Limit));
        writeln!(out, "    {severity:<7} {short:>14}  {long:>14}   {limit} {}×{does}", pair.factor)?;
    }
    Ok(())
}

/// The server of an SLO, by its `source` or the first.
pub(super) fn server<'a>(world: &'a World, slo: &Slo) -> Option<&'a Arc<dyn Metrics>> {
    world.ports.metrics.iter().find(|server| slo.source.as_ref().is_none_or(|source| server.name() == source))
}

/// What one look at an SLO gives.
pub(super) struct Look {
    pub reading: Reading,
    pub judgement: Judgement,
    /// Of the whole window, where it is counted by hours or by a rule.
    pub coverage: Option<Coverage>,
}

/// The windows of the rules; `whole` adds the SLO's own, which may read a month for the first time.
pub(super) async fn read(world: &World, slo: &Arc<Slo>, whole: bool) -> Look {
    let at = world.ports.clock.now();
    let mut measures = Vec::new();
    let counted = if whole { whole_window(&world.ports, &world.plan.budgets, slo).await } else { None };
    for window in windows(slo) {
        if window == slo.window && (counted.is_some() || !whole) {
            continue;
        }
        let measure = match server(world, slo) {
            Some(server) => measure(server.as_ref(), slo, window, at).await,
            None => Measure::Failed(Failure::new("metrics", Cause::NotConfigured)),
        };
        measures.push((window, measure));
    }
    let (counted, coverage) = counted.map_or((None, None), |(measure, coverage)| (Some(measure), coverage));
    measures.extend(counted.map(|measure| (slo.window, measure)));
    if let Some(server) = server(world, slo) {
        let server = server.as_ref();
        if let Some(interval) = scrape_interval(server, slo, at).await {
            let short =
                |(window, measure): (Duration, Measure)| (window, slo.too_short(window, interval).unwrap_or(measure));
            measures = measures.into_iter().map(short).collect();
        }
        let whole = measures.iter().find(|(window, _)| *window == slo.window).map(|(_, measure)| measure.clone());
        if let Some(whole) = whole
            && let Some(day) = oldest_day(server, slo, at).await
            && let Some(rest) = whole.without(&day)
        {
            measures.push((slo.window.saturating_sub(Duration::from_secs(86_400)), rest));
        }
    }
    let reading = Reading { slo: slo.name.clone(), at, measures };
    let mut gauge = Gauge::new(Arc::clone(slo)).with_language(world.settings.language);
    // A change of zone is an event of the record; a single look has none.
    let _ = gauge.take(reading.clone());
    let judgement = gauge.judge(at);
    Look { reading, judgement, coverage }
}

fn row(slo: &Slo, Look { reading, judgement, coverage }: &Look, clock: &dyn Fn(Timestamp) -> String) -> Value {
    let measures: Vec<Value> =
        reading.measures.iter().map(|(window, measure)| counted(slo, *window, measure)).collect();
    let pairs: Vec<Value> = judgement
        .pairs
        .iter()
        .map(|pair| {
            json!({
                "severity": pair.severity.word(),
                "factor": pair.factor,
                "long": window_text(pair.long),
                "short": window_text(pair.short),
                "long_burn": pair.long_burn,
                "short_burn": pair.short_burn,
                "firing": pair.firing,
                "too_few_events": pair.too_few,
                "fires_in_seconds": pair.waits.map(|waits| waits.as_secs()),
            })
        })
        .collect();
    json!({
        "name": slo.name,
        "journey": slo.journey,
        "objective": slo.objective.to_string(),
        "window": window_text(slo.window),
        "at": reading.at.to_rfc3339(),
        "state": judgement.state.word(),
        "sentence": judgement.sentence(reading.at, clock),
        "measured": judgement.state.is_measured(),
        "possible_outage": judgement.possible_outage,
        "since": judgement.since.map(Timestamp::to_rfc3339),
        "policy": slo.policy.name(),
        "method": method(&slo.method),
        "partial": judgement.partial,
        "zone": judgement.zone.map(|zone| zone.word()),
        "may": judgement.zone.map(Zone::may),
        "must_not": judgement.zone.and_then(Zone::must_not),
        "must": judgement.zone.and_then(Zone::must),
        "budget": judgement.budget.as_ref().map(|budget| json!({
            "remaining": budget.remaining,
            "allowed": budget.allowed,
            "left": budget.left,
            "bad": budget.bad,
            "total": budget.total,
            "unit": judgement.unit,
        })),
        "recovers_a_day": judgement.recovers_a_day,
        "clears_after_seconds": judgement.clears_after.map(|after| after.as_secs()),
        "counted": coverage.as_ref().map(|coverage| json!({
            "by": coverage.source(),
            "loaded_seconds": coverage.loaded.as_secs(),
            "since": coverage.since.map(Timestamp::to_rfc3339),
            "missing_seconds": coverage.holes.as_secs(),
            "note": coverage.note,
        })),
        "gone_at": judgement.gone_at.map(Timestamp::to_rfc3339),
        "rules": pairs,
        "measures": measures,
    })
}

/// `cautious: allowed: features, with an extra review; not: database migrations, ..`
fn zone_text(zone: Zone, language: Language) -> String {
    let part = |label: Label| label.text(language).trim_end_matches([':', ' ']);
    let told = |label: Label, words: &str| format!("{}: {words}", part(label));
    let not = zone.must_not_in(language).map(|words| format!("; {}", told(Label::Not, words))).unwrap_or_default();
    let must = zone.must_in(language).map(|words| format!("; {}", told(Label::Owed, words))).unwrap_or_default();
    format!("{}: {}{not}{must}", zone.word_in(language), told(Label::Allowed, zone.may_in(language)))
}

fn method(method: &Method) -> Value {
    let (target, empty) = match method {
        Method::TimeSlices { target, empty, .. } => (Some(target.to_string()), Some(empty)),
        Method::Occurrences | Method::RatioOfSlices { .. } => (None, None),
    };
    json!({
        "name": method.word(),
        "text": method.text(),
        "slice": method.slice().map(window_text),
        "slice_target": target,
        "empty_slice": empty,
    })
}

/// One window; what has no number also says what was asked.
fn counted(slo: &Slo, window: Duration, measure: &Measure) -> Value {
    let texts = slo.texts(window);
    let mut told = told(window, measure);
    if let (false, Some(fields)) = (measure.ratio().is_some(), told.as_object_mut()) {
        fields.insert("asked".to_owned(), json!([texts.first, texts.total]));
    }
    told
}

fn told(window: Duration, measure: &Measure) -> Value {
    let window = window_text(window);
    match measure {
        Measure::Counts { bad, total, partial } => {
            json!({ "window": window, "bad": bad, "total": total, "partial": partial })
        }
        Measure::NoTraffic => json!({ "window": window, "problem": "no traffic" }),
        Measure::NoData => json!({ "window": window, "problem": "no data" }),
        Measure::Failed(failure) => json!({ "window": window, "problem": failure.to_string() }),
        Measure::MissingBucket { wanted, have } => {
            json!({ "window": window, "problem": format!("no bucket le={wanted}"), "nearest": have })
        }
    }
}

/// What is wrong with a measure, in words; `None` when it counts.
pub(super) fn complaint(measure: &Measure) -> Option<String> {
    match measure {
        Measure::Counts { .. } => None,
        Measure::NoTraffic => Some("no traffic: the total is 0".to_owned()),
        Measure::NoData => Some("the query returns no data".to_owned()),
        Measure::Failed(failure) => Some(failure.to_string()),
        Measure::MissingBucket { wanted, have } if have.is_empty() => {
            Some(format!("there is no histogram bucket le={wanted}"))
        }
        Measure::MissingBucket { wanted, have } => {
            Some(format!("there is no histogram bucket le={wanted}; the nearest are {}", have.join(" and ")))
        }
    }
}

/// What the server says beside an answer that it calls a part of the truth; `None` when all answers were whole.
pub(super) async fn warnings(world: &World, slo: &Slo, reading: &Reading) -> Option<String> {
    let partial = |(_, measure): &&(Duration, Measure)| matches!(measure, Measure::Counts { partial: true, .. });
    let (window, _) = reading.measures.iter().find(partial)?;
    let asked = slo.texts(*window);
    let mut words = Vec::new();
    for text in [&asked.first, &asked.total] {
        let answer = server(world, slo)?.instant(text, reading.at).await;
        words.extend(answer.map(|answer| answer.warnings).unwrap_or_default());
    }
    let words = if words.is_empty() { "it did not say why".to_owned() } else { words.join("; ") };
    Some(format!("over {}: the answer is a part of the truth: {words}; asked: {}", window_text(*window), asked.first))
}
