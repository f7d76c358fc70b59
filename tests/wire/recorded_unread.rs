//! Fields of recorded answers that our clients leave unread, and why. `recorded_fields.rs` holds the list against what they
//! read: what is unread and not named here fails, and so does what is named here and unread nowhere.

/// The beginnings of files' names, general paths (with a `*` at the end: all that begin so), the reason.
pub const UNREAD: &[(&[&str], &[&str], &str)] = &[
    (
        &["loki-3.7.6/", "prometheus-2.42/"],
        &[".status", ".errorType"],
        "the HTTP status and the words of the error tell more",
    ),
    (&["alertmanager-0.25/silence_create_"], &[".code"], "a number of the validator's own; its words are told"),
    (
        &["loki-3.7.6/buildinfo", "tempo-3.0.3/buildinfo", "prometheus-2.42/buildinfo"],
        &["*.branch", "*.buildDate", "*.buildUser", "*.goVersion", "*.revision"],
        "a version is enough to know a server by",
    ),
    (
        &["alertmanager-0.25/status"],
        &[".versionInfo.*", ".cluster.status", ".config.original", ".uptime"],
        "a version is enough; its configuration may hold secrets and is never taken in",
    ),
    (
        &["alertmanager-0.25/ready", "tempo-3.0.3/ready", "tempo-3.0.3/echo"],
        &[""],
        "that it answers is the answer; the words of one that is not ready are told",
    ),
    (
        &["alertmanager-0.25/alerts"],
        &[
            "[].endsAt",
            "[].updatedAt",
            "[].generatorURL",
            "[].receivers[].name",
            "[].status.inhibitedBy[]",
            "[].status.silencedBy[]",
            "[].status.state",
        ],
        "an alert is gone when it is no longer listed, whatever end it announces; that it is held back is told, and silences \
         are asked for themselves; `state` of the active ones alone changes nothing but to suppressed or unprocessed",
    ),
    (
        &["alertmanager-0.25/silences"],
        &["[].endsAt", "[].id", "[].updatedAt"],
        "a silence is a change where it begins; one that has ended is no longer active",
    ),
    (&["jaeger-2.17/"], &[".limit", ".offset", ".total"], "Jaeger writes zeros there whatever it sends"),
    (
        &["jaeger-2.17/trace"],
        &[".data[].traceID", ".errors[].traceID"],
        "each span has its own; what was asked for is known",
    ),
    (
        &["jaeger-2.17/trace"],
        &[".data[].processes.*", ".data[].spans[].tags[].type"],
        "JSON's own kinds tell text, numbers and flags apart; the kind counts where a number came as text",
    ),
    (
        &["jaeger-2.17/traces_service"],
        &[".data[].spans[].logs*", ".data[].spans[].references*", ".data[].spans[].tags*"],
        "a row of a search has a root, times and numbers of spans; the trace itself is fetched when it is opened",
    ),
    (
        &["jaeger-2.17/v3_traces"],
        &["*.spans[].attributes*", "*.spans[].events*", "*.spans[].kind", "*.spans[].parentSpanId"],
        "as of a search by the first version",
    ),
    (
        &["jaeger-2.17/v3_trace_404", "jaeger-2.17/trace_404"],
        &[".error.httpCode", ".error.message", ".errors[].code", ".errors[].msg"],
        "the status says it, and the id that was asked for is told in our own words",
    ),
    (
        &["jaeger-2.17/v3_", "tempo-3.0.3/trace_"],
        &["*.scope.name", "*.scope.version", "*.spans[].flags", "*.spans[].traceState"],
        "which library made a span, and what a sampler noted for itself, answers no question about a failure",
    ),
    (
        &["loki-3.7.6/range_"],
        &[".data.stats*"],
        "what the question cost the server: our own count of questions is what is held back",
    ),
    (
        &["loki-3.7.6/"],
        &["*encodingFlags[]"],
        "it tells whether ids stand in the labels or apart: where no label is called like one, both read alike",
    ),
    (
        &["loki-3.7.6/range_metric"],
        &[".data.result[].metric.app", ".data.result[].values[][]"],
        "numbers are no lines: the question is refused with words",
    ),
    (
        &["prometheus-2.42/native_histogram_range"],
        &[".data.result[].histograms*"],
        "native histograms are left out, and that is said: the questions ask for a count or a quantile of them",
    ),
    (
        &["prometheus-2.42/rules"],
        &[".data.groups[].*"],
        "of the rules those that record are looked for, by name and labels; alerts are asked of who pages",
    ),
    (&["tempo-3.0.3/search_", "tempo-3.0.3/trace_"], &[".metrics.*"], "what the question cost the server"),
    (
        &["tempo-3.0.3/search_"],
        &[".traces[].spanSet.*", ".traces[].spanSets[].*"],
        "one matching span of a trace is no picture of it: the trace is fetched when it is opened",
    ),
];

/// The entries that name this path of this file, as their numbers.
pub fn naming(file: &str, path: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (number, (files, paths, _)) in UNREAD.iter().enumerate() {
        if files.iter().any(|begin| file.starts_with(begin)) {
            found.extend(paths.iter().filter(|named| fits(named, path)).map(|named| (number, *named)));
        }
    }
    found
}

/// A `*` in front or behind stands for anything.
fn fits(named: &str, path: &str) -> bool {
    let (inner, front) = named.strip_prefix('*').map_or((named, false), |inner| (inner, true));
    let (inner, behind) = inner.strip_suffix('*').map_or((inner, false), |inner| (inner, true));
    match (front, behind) {
        (false, false) => path == inner,
        (true, false) => path.ends_with(inner),
        (false, true) => path.starts_with(inner),
        (true, true) => path.contains(inner),
    }
}
