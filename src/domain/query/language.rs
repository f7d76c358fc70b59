//! Telling the three query languages apart by how a query looks. Not parsing them: the servers do, and say what is wrong.

/// A query language, and with it the kind of server that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    Promql,
    Logql,
    Traceql,
}

/// Words that only a TraceQL selector has.
const SCOPES: [&str; 9] =
    ["span.", "resource.", "event.", "link.", "instrumentation.", "trace:", "span:", "event:", "parent."];
const INTRINSICS: [&str; 8] =
    ["duration", "status", "kind", "rootName", "rootServiceName", "statusMessage", "traceDuration", "nestedSetParent"];

impl Language {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promql => "PromQL",
            Self::Logql => "LogQL",
            Self::Traceql => "TraceQL",
        }
    }

    /// The language of a text and the query in it. A first word (`promql`, `logql`, `traceql`) decides; else braces that
    /// stand alone make LogQL of labels and TraceQL of spans, and all the rest is PromQL.
    #[must_use]
    pub fn of(text: &str) -> (Self, &str) {
        let text = text.trim();
        for language in [Self::Promql, Self::Logql, Self::Traceql] {
            let word = language.word().to_ascii_lowercase();
            let rest = text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(&word));
            if let Some(rest) = rest.and_then(|_| text.get(word.len()..)).filter(|rest| rest.starts_with([' ', ':'])) {
                return (language, rest.trim_start_matches(':').trim());
            }
        }
        (Self::by_look(text), text)
    }

    fn by_look(text: &str) -> Self {
        let Some((before, inside)) = text.split_once('{') else { return Self::Promql };
        let inside = inside.split('}').next().unwrap_or_default().trim();
        let alone =
            !before.trim_end().ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':'));
        if !alone || inside.contains("__name__") {
            return Self::Promql;
        }
        if is_of_spans(inside) {
            return Self::Traceql;
        }
        Self::Logql
    }
}

fn is_of_spans(inside: &str) -> bool {
    let bare = inside.trim_start_matches(['!', '(', ' ']);
    let intrinsic = INTRINSICS.iter().any(|name| {
        bare.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', '>', '<', '!']))
            // A label may be called `status`, and is compared with a quoted value.
            && !(*name == "status" || *name == "kind") | !bare.contains('"')
    });
    inside.is_empty()
        || bare.starts_with('.')
        || SCOPES.iter().any(|scope| inside.contains(scope) && !inside.starts_with('"'))
        || intrinsic
        || outside_of_quotes(inside, "&&")
        || outside_of_quotes(inside, "||")
}

fn outside_of_quotes(text: &str, sign: &str) -> bool {
    text.split('"').step_by(2).any(|part| part.contains(sign))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_language_is_known_by_its_look_or_by_its_name() {
        for (text, language) in [
            ("up", Language::Promql),
            ("sum(rate(http_requests_total{code=~\"5..\"}[5m]))", Language::Promql),
            ("{__name__=~\"up|down\"}", Language::Promql),
            ("{service_name=\"booking\"} |= \"took\"", Language::Logql),
            ("sum(count_over_time({app=\"x\"}[5m]))", Language::Logql),
            ("{status=\"5xx\"}", Language::Logql),
            ("{msg=\"a && b\"}", Language::Logql),
            ("{}", Language::Traceql),
            ("{ duration > 800ms }", Language::Traceql),
            ("{ status = error }", Language::Traceql),
            ("{ .order_id = \"7\" }", Language::Traceql),
            ("{ resource.service.name = \"booking\" && duration > 800ms }", Language::Traceql),
        ] {
            assert_eq!(Language::of(text), (language, text), "{text}");
        }
        assert_eq!(Language::of(" TraceQL: { kind = \"x\" }"), (Language::Traceql, "{ kind = \"x\" }"));
        assert_eq!(Language::of("logql {}"), (Language::Logql, "{}"));
        assert_eq!(Language::of("promqlx"), (Language::Promql, "promqlx"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_language(text in ".{0,80}") {
            let (_, query) = Language::of(&text);
            prop_assert!(text.contains(query));
        }
    }
}
