//! The stories as facts, computed from the scenarios themselves: what the polls of a program would have found at a moment.
//! No server runs and no clock is read, so the same moment gives the same facts for ever.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use warroom::config::{Config, Surroundings};
use warroom::demo::alerting::Alerting;
use warroom::demo::promql::{Query, Store, Value, parse};
use warroom::demo::{Annotation, Company, LogRecord, TraceRecord, Unlinked, scenario};
use warroom::domain::incident::{Alert, AlertState, Change, Entry, Origin, Place, Sighting};
use warroom::domain::runbook::{Catalog, parse as parse_page};
use warroom::domain::signal::{Answer, Level, Line, Listing, Message, Sample, Series, Summary};
use warroom::domain::slo::{self, Reading, Slo};
use warroom::domain::spending::{Past, Slice};
use warroom::domain::trace::{
    Attached, Evidence, Findings, Profile, Propagation, SkewOptions, Tree, choose_twin, links, open_ends, proposals,
    stitches,
};
use warroom::domain::{Labels, Symbol, Timestamp, TraceId, Window};
use warroom::room::{Fact, ImpactSample};

const STEP: Duration = Duration::from_secs(15);
const STRIP: Duration = Duration::from_secs(50 * 60);
const SMOOTH: Duration = Duration::from_secs(60);
/// Longer than any query takes, so that no answer depends on it.
const PATIENCE: Duration = Duration::from_secs(600);
const TRACES: usize = 100;

/// What the polls told at each moment, once it was asked for.
type Told = BTreeMap<i64, Arc<Vec<Fact>>>;

pub struct Estate {
    pub company: Arc<dyn Company>,
    pub slos: Vec<Arc<Slo>>,
    pub config: Config,
    store: Store,
    alerting: Alerting,
    told: Mutex<Told>,
    lines: OnceLock<Vec<Line>>,
    healthy: OnceLock<Vec<Profile>>,
}

/// The evening of the lost orders: the impact starts at 18:30 in Paris.
pub static ESTATE: LazyLock<Estate> = LazyLock::new(|| Estate::of("lost-orders", "2026-03-13T17:30:00Z"));

/// The day of the slow bookings: the flag goes to half of them at 10:00 in Paris, in winter time.
pub static BOOKINGS: LazyLock<Estate> = LazyLock::new(|| Estate::of("slow-booking", "2026-02-10T09:00:00Z"));

impl Estate {
    fn of(scenario: &str, start: &str) -> Self {
        let start = Timestamp::parse_rfc3339(start).expect("a time");
        let company = scenario::by_name(scenario, 42, start).expect("the scenario");
        let config = Config::parse("config.toml", &company.config(), Path::new("/"), &Surroundings::default());
        let config = config.expect("a valid config");
        let store = Store::new(Arc::clone(&company));
        Self {
            slos: config.slos.iter().cloned().map(Arc::new).collect(),
            alerting: Alerting::new(company.as_ref(), store.clone()),
            company,
            config,
            store,
            told: Mutex::default(),
            lines: OnceLock::new(),
            healthy: OnceLock::new(),
        }
    }

    /// In seconds: a request that takes longer is slow.
    fn slow_from(&self) -> i64 {
        if self.company.name() == "slow-booking" { 800_000_000 } else { 2_000_000_000 }
    }

    /// So many seconds after the start of the impact.
    pub fn at(&self, seconds: i64) -> Timestamp {
        self.company.impact_start().shifted(seconds * 1_000_000_000)
    }

    /// One turn of all polls.
    pub fn facts(&self, seconds: i64) -> Arc<Vec<Fact>> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(told.entry(seconds).or_insert_with(|| Arc::new(self.poll(seconds))))
    }

    fn poll(&self, seconds: i64) -> Vec<Fact> {
        let now = self.at(seconds);
        let at = now.floor_to(STEP);
        let mut facts = Vec::new();
        for slo in &self.slos {
            facts.push(Fact::Burn(self.reading(slo, at)));
            facts.push(Fact::Impact { slo: slo.name.clone(), samples: self.past(slo, at) });
        }
        facts.push(Fact::Alerts { source: "alertmanager".into(), alerts: self.alerts(now) });
        if self.company.name() == "slow-booking" {
            facts.push(Fact::Changes { source: "grafana".into(), changes: self.changes(now) });
        } else if now >= self.at(-1_200) {
            let series = |name: &str| ("prometheus", Place::Series(name.into()), None);
            // Spans and lines show only between which moments it happened.
            let places = [
                series("target_info"),
                series("kube_pod_container_info"),
                ("tempo", Place::Spans, Some(-1_224)),
                ("loki", Place::Lines, Some(-1_230)),
            ];
            for (source, place, after) in places {
                let at = self.at(if after.is_some() { -1_185 } else { -1_200 });
                let sighting = Sighting { source: source.into(), place };
                let told_by = sighting.to_string().into();
                let deploy = Change::of_version(at, "pricing".into(), "2.14.0".into(), Some("2.13.4".into()), sighting);
                let deploy = Change { after: after.map(|second| self.at(second)), ..deploy };
                facts.push(Fact::Changes { source: told_by, changes: vec![deploy] });
            }
        }
        facts.extend(self.attributed(now));
        facts
    }

    /// The marks of the last twelve hours on the dashboards.
    fn changes(&self, now: Timestamp) -> Vec<Change> {
        let marks = self.company.annotations().into_iter().filter(|mark| mark.at <= now);
        let change = |mark: Annotation| {
            let tags: Vec<&str> = mark.tags.iter().map(String::as_str).collect();
            Change::of_mark(mark.at, &mark.text, &tags, Some(mark.author), &"grafana".into())
        };
        marks.filter(|mark| now.elapsed_since(mark.at) < Duration::from_secs(43_200)).map(change).collect()
    }

    pub fn reading(&self, slo: &Slo, at: Timestamp) -> Reading {
        let mut windows = slo::windows(slo);
        let since = Duration::from_secs(at.elapsed_since(self.at(0)).as_secs());
        if since >= SMOOTH && !windows.contains(&since) {
            windows.push(since);
        }
        let measure = |window| {
            let ask = |text: &str| Ok(self.instant(&slo::query(text, window), at));
            (window, slo::measure(&slo.sli, window, ask(slo.sli.first()), ask(slo.sli.total())))
        };
        Reading { slo: slo.name.clone(), at, measures: windows.into_iter().map(measure).collect() }
    }

    fn instant(&self, query: &str, at: Timestamp) -> Answer {
        let expression = parse(query).expect("a query");
        let value = Query::new(&self.store, &expression, at, (at, at), PATIENCE).at(at).expect("an answer");
        let Value::Vector(points) = value else { return Answer::default() };
        let series = |(labels, value): (Labels, f64)| Series { labels, samples: vec![Sample { time: at, value }] };
        Answer {
            series: points.into_iter().map(|point| series((point.labels, point.value))).collect(),
            ..Answer::default()
        }
    }

    fn range(&self, query: &str, at: Timestamp) -> Vec<(Timestamp, f64)> {
        let expression = parse(query).expect("a query");
        let start = at.minus(STRIP);
        let moments =
            (0..=STRIP.as_secs() / STEP.as_secs()).map(|step| start.plus(Duration::from_secs(step * STEP.as_secs())));
        let query = Query::new(&self.store, &expression, at, (start, at), PATIENCE);
        let runs = query.range(moments).expect("an answer");
        runs.into_iter().next().map(|run| run.samples).unwrap_or_default()
    }

    fn past(&self, slo: &Slo, at: Timestamp) -> Vec<ImpactSample> {
        assert!(slo.sli.total().contains("rate("), "{}", slo.sli.total());
        let seconds = STEP.as_secs_f64();
        let bad: BTreeMap<Timestamp, f64> = self.range(&slo::query(slo.sli.first(), SMOOTH), at).into_iter().collect();
        let all = self.range(&slo::query(slo.sli.total(), SMOOTH), at);
        let sample = |(end, total): (Timestamp, f64)| ImpactSample {
            end,
            bad: bad.get(&end).copied().unwrap_or(0.0) * seconds,
            total: total * seconds,
        };
        all.into_iter().map(sample).collect()
    }

    /// As the program asks a server: a step after the other, each counted by itself.
    pub fn look_back(&self, slo: &Slo, end: Timestamp, over: Duration, step: Duration) -> Past {
        let steps = u32::try_from(over.as_secs() / step.as_secs()).expect("few");
        let counted = |back: u32| {
            let at = end.minus(step * back);
            let ask = |text: &str| Ok(self.instant(&slo::query(text, step), at));
            match slo::measure(&slo.sli, step, ask(slo.sli.first()), ask(slo.sli.total())) {
                slo::Measure::Counts { bad, total, .. } => Some(Slice { end: at, bad, total }),
                _ => None,
            }
        };
        let slices = (0..steps).rev().filter_map(counted).collect();
        Past { end, step, over, slices, cut: None }
    }

    pub fn alerts(&self, now: Timestamp) -> Vec<Alert> {
        let firing = self.alerting.at(now).into_iter().filter_map(|alert| {
            let starts = alert.fired_at?;
            let name = alert.labels.get("alertname").expect("a name").clone();
            Some(Alert {
                fingerprint: format!("fp-{name}").into(),
                labels: alert.labels,
                annotations: alert.annotations,
                starts,
                state: AlertState::Active,
                source: "alertmanager".into(),
            })
        });
        firing.collect()
    }

    /// The newest failing or slow traces of the last quarter of an hour, whichever are more by far.
    fn attributed(&self, now: Timestamp) -> Option<Fact> {
        let all: Vec<_> = self.records(Window::ending(now, Duration::from_secs(900)), now).collect();
        let newest = |wanted: &dyn Fn(&TraceRecord) -> bool| -> Vec<Arc<TraceRecord>> {
            all.iter().rev().filter(|record| wanted(record)).take(TRACES).cloned().collect()
        };
        let failing = newest(&|record| errors(record) > 0);
        let slow = newest(&|record| summary(record).duration_nanos >= self.slow_from());
        let by_slowness = self.company.name() == "slow-booking" && slow.len() > 2 * failing.len();
        let read = if by_slowness { slow } else { failing };
        let (found, more) = (u32::try_from(read.len()).expect("a hundred at most"), read.len() == TRACES);
        let read: Vec<Profile> =
            read.iter().rev().map(|record| Profile::sampled(&tree(record), self.config.sampler)).collect();
        let evidence = Evidence {
            failing: read.iter().collect(),
            healthy: self.healthy().iter().collect(),
            baseline: Some(self.before()),
            found,
            more,
            by_slowness,
            ..Evidence::default()
        };
        (found > 0).then(|| Fact::attributed(Findings::of(evidence, &self.config.business_keys)))
    }

    fn before(&self) -> Window {
        Window { start: self.at(-4_800), end: self.at(0) }
    }

    /// The orders that went well in the eighty minutes before the impact, as far as the sampler kept them.
    fn healthy(&self) -> &[Profile] {
        self.healthy.get_or_init(|| {
            let records = self.records(self.before(), self.at(60));
            let orders = records.filter(|record| errors(record) == 0 && summary(record).root_name == "POST /orders");
            orders.map(|record| Profile::sampled(&tree(&record), self.config.sampler)).collect()
        })
    }

    /// A healthy trace that is like this one.
    pub fn twin(&self, of: &Tree, window: Window) -> Option<Arc<Tree>> {
        let kind = |record: &TraceRecord| summary(record).root_name == of.name().as_str() && errors(record) == 0;
        let records = self.company.traces(window, 2_000).into_iter().filter(|record| kind(record));
        let candidates: Vec<Tree> = records.take(12).map(|record| tree(&record)).collect();
        choose_twin(of, &candidates).and_then(|at| candidates.into_iter().nth(at)).map(Arc::new)
    }

    /// A trace as the company had it before it propagated its context everywhere, and what that is tied to.
    pub fn torn(&self, id: TraceId) -> (Arc<Tree>, Vec<Attached>, Propagation) {
        let unlinked = Unlinked::new(Arc::clone(&self.company));
        let part = tree(&unlinked.trace(id).expect("a trace"));
        let around = Window { start: part.start().minus(Duration::from_secs(5)), end: part.end() };
        let others: Vec<Tree> = unlinked.traces(around, 500).iter().map(|record| tree(record)).collect();
        let keys = &self.config.business_keys;
        let gaps = |tree: &Tree| Propagation::of(tree, &["pricing".into()], &self.config.entrypoints);
        let all: Vec<_> = others.iter().flat_map(|tree| open_ends(tree, &gaps(tree).gaps, keys)).collect();
        let attached = proposals(&part, &stitches(&all));
        let propagation = gaps(&part);
        (Arc::new(part), attached, propagation)
    }

    /// What a trace is tied to, among the traces of the seconds around it.
    pub fn ties(
        &self,
        of: &Tree,
        traced: &[Symbol],
        entrypoints: &[Symbol],
        business_keys: &[Symbol],
    ) -> (Vec<Attached>, Propagation) {
        let around =
            Window { start: of.start().minus(Duration::from_secs(10)), end: of.end().plus(Duration::from_secs(5)) };
        let others: Vec<Tree> = self.company.traces(around, 2_000).iter().map(|record| tree(record)).collect();
        let found = Propagation::of(of, traced, entrypoints);
        let mut ends = open_ends(of, &found.gaps, business_keys);
        for other in others.iter().filter(|other| other.trace() != of.trace()) {
            ends.extend(open_ends(other, &Propagation::of(other, traced, entrypoints).gaps, business_keys));
        }
        let mut attached = links(of, &others);
        attached.extend(proposals(of, &stitches(&ends)));
        attached.sort_by_key(|attached| attached.row);
        (attached, found)
    }

    fn records(&self, window: Window, now: Timestamp) -> impl Iterator<Item = Arc<TraceRecord>> + use<> {
        self.company.traces(window, 2_000).into_iter().filter(move |record| record.readable_from <= now)
    }

    pub fn listing(&self, window: Window, now: Timestamp, limit: usize) -> Listing {
        Listing::limited(self.summaries(window, now, limit), limit)
    }

    /// As a trace server's search: failing ones, slow ones, the newest, so many of each.
    pub fn summaries(&self, window: Window, now: Timestamp, limit: usize) -> Vec<Summary> {
        let rows: Vec<Summary> = self.records(window, now).map(|record| summary(&record)).collect();
        let newest = |wanted: &dyn Fn(&Summary) -> bool| -> Vec<Summary> {
            rows.iter().rev().filter(|row| wanted(row)).take(limit).cloned().collect()
        };
        let mut found = newest(&|row| row.errors.is_some_and(|errors| errors > 0));
        found.extend(newest(&|row| row.duration_nanos >= self.slow_from()));
        found.extend(newest(&|_| true));
        found
    }

    pub fn trace(&self, id: TraceId) -> Option<Arc<Tree>> {
        self.company.trace(id).map(|record| Arc::new(tree(&record)))
    }

    /// Warn and worse of the window, oldest first.
    pub fn lines(&self, window: Window) -> Vec<Line> {
        let all = self.lines.get_or_init(|| {
            let evening = Window { start: self.at(-7_200), end: self.at(7_200) };
            let records = self.company.lines_where(evening, &|_, level| level >= Level::Warn);
            records.iter().filter(|record| record.level >= Level::Warn).map(line).collect()
        });
        let from = all.partition_point(|line| line.time < window.start);
        all[from..].iter().take_while(|line| line.time < window.end).cloned().collect()
    }

    pub fn lines_of(&self, id: TraceId, window: Window, now: Timestamp) -> Vec<Line> {
        let window = Window { end: window.end.min(now), ..window };
        self.company.lines(window).iter().map(line).filter(|line| line.trace == Some(id)).collect()
    }

    pub fn catalog(&self) -> Arc<Catalog> {
        let pages = self.company.runbooks().iter().map(|(name, text)| parse_page(name, text)).collect();
        Arc::new(Catalog::new(pages, None))
    }

    /// What colleagues wrote within the time, as it came into the record.
    pub fn colleagues(&self, from: i64, to: i64) -> Vec<Entry> {
        let by_itself = ["deploy", "detected", "alert", "alert_cleared", "zone", "impact_started"];
        let script = self.company.script().into_iter().enumerate();
        let written =
            script.filter(|(_, act)| !by_itself.contains(&act.kind) && (self.at(from)..self.at(to)).contains(&act.at));
        let entry = |(number, act): (usize, warroom::demo::ScriptEntry)| {
            let number = u8::try_from(number).expect("few acts");
            let is_machine = act.author == "system";
            Entry {
                id: uuid::Builder::from_unix_timestamp_millis(act.at.millis().unsigned_abs(), &[number; 10])
                    .into_uuid(),
                happened: act.at,
                recorded: act.at,
                author: if is_machine { "auto" } else { act.author }.into(),
                origin: if is_machine { Origin::System } else { Origin::Person },
                kind: crate::acts::kind(act.kind, &act.text),
                text: act.text,
                evidence: Vec::new(),
                supersedes: None,
                key: None,
            }
        };
        written.map(entry).collect()
    }
}

fn tree(record: &TraceRecord) -> Tree {
    Tree::build(record.id, record.spans.clone(), None, SkewOptions::default())
}

fn errors(record: &TraceRecord) -> usize {
    record.spans.iter().filter(|span| span.is_error()).count()
}

fn summary(record: &TraceRecord) -> Summary {
    let root = record.spans.iter().find(|span| span.parent.is_none()).expect("a root");
    Summary {
        trace: record.id,
        root_service: root.service.clone(),
        root_name: root.name.clone(),
        start: root.start,
        duration_nanos: root.end.since(root.start),
        spans: u32::try_from(record.spans.len()).ok(),
        errors: u32::try_from(errors(record)).ok(),
        services: Vec::new(),
    }
}

fn line(record: &LogRecord) -> Line {
    let json: serde_json::Value = serde_json::from_str(&record.line).expect("a line of JSON");
    let told =
        |key: &str| record.metadata.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value.as_str());
    let words = json["msg"].as_str().or_else(|| json["message"].as_str()).expect("a message");
    Line {
        time: record.time,
        level: record.level,
        service: record.stream.get("service_name").expect("a service").clone(),
        stream: Arc::clone(&record.stream),
        trace: told("trace_id").and_then(|id| id.parse().ok()),
        span: told("span_id").and_then(|id| id.parse().ok()),
        raw: record.line.as_str().into(),
        metadata: None,
        message: Message::Extracted(words.into()),
    }
}
