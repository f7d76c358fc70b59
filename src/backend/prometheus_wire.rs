//! The answers of the Prometheus query API, decoded.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::http::Answered;
use super::lenient::{self, Pairs, Text};
use super::words;
use crate::domain::signal::{Answer, Sample, Series};
use crate::domain::slo::RecordingRule;
use crate::domain::{Cause, Interner, Labels, Symbol, Timestamp};

/// Names and values beyond this are not shared any more.
const INTERNED: usize = 20_000;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    warnings: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default, rename = "resultType")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
}

type Point<'a> = (Text<'a>, Text<'a>);

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    metric: Pairs<'a>,
    #[serde(borrow, default)]
    value: Option<Point<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    values: Vec<Point<'a>>,
    #[serde(borrow, default)]
    histogram: Option<&'a RawValue>,
    #[serde(borrow, default)]
    histograms: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Build<'a> {
    #[serde(borrow, default)]
    version: Text<'a>,
}

/// An answer that was given together with an error is kept, and the error becomes a warning.
pub(super) fn answer(answered: &Answered) -> Result<Answer, Cause> {
    let envelope = envelope(answered)?;
    let raw = envelope.data.ok_or_else(|| Cause::Malformed("the answer has no data".into()))?;
    let data: Data<'_> = lenient::decode(raw.get().as_bytes())?;
    let result = data.result.map_or("[]", RawValue::get).as_bytes();
    let mut answer = match data.kind.as_str() {
        "vector" | "matrix" => series(&lenient::decode::<Vec<Row<'_>>>(result)?)?,
        "scalar" => {
            let samples = vec![sample(&lenient::decode::<Point<'_>>(result)?)?];
            Answer { series: vec![Series { labels: Labels::default(), samples }], is_scalar: true, ..Answer::default() }
        }
        "string" => return Err(Cause::Malformed("the query gives a text, not numbers".into())),
        other => return Err(Cause::Malformed(words::clean(&format!("the result type {other:?} is not known")))),
    };
    answer.warnings.extend(envelope.warnings.iter().map(|warning| words::clean(warning.as_str())));
    if envelope.status.as_str() == "error" {
        answer.warnings.push(words::clean(envelope.error.as_str()));
    }
    Ok(answer)
}

fn envelope(answered: &Answered) -> Result<Envelope<'_>, Cause> {
    if !(200..300).contains(&answered.status) {
        return Err(answered.cause());
    }
    let envelope: Envelope<'_> = lenient::decode(&answered.body)?;
    if envelope.status.as_str() == "error" && envelope.data.is_none_or(|data| data.get() == "null") {
        return Err(Cause::Refused { status: answered.status, message: words::clean(envelope.error.as_str()) });
    }
    Ok(envelope)
}

fn series(rows: &[Row<'_>]) -> Result<Answer, Cause> {
    let mut interner = Interner::with_bound(INTERNED);
    let mut answer = Answer::default();
    let mut histograms = 0_usize;
    for row in rows {
        histograms += usize::from(row.histogram.is_some() || row.histograms.is_some());
        let samples: Vec<Sample> = row.value.iter().chain(&row.values).map(sample).collect::<Result<_, _>>()?;
        if samples.is_empty() {
            continue;
        }
        let labels = row.metric.iter().map(|(name, value)| (interner.intern(name), interner.intern(value))).collect();
        answer.series.push(Series { labels, samples });
    }
    if histograms > 0 {
        let what =
            format!("{histograms} series of native histograms left out: ask for histogram_quantile() or a count");
        answer.warnings.push(what);
    }
    Ok(answer)
}

fn sample((time, value): &Point<'_>) -> Result<Sample, Cause> {
    let bad = |what: &Text<'_>| Cause::Malformed(words::clean(&format!("not a number: {:?}", what.as_str())));
    let moment = time.float().filter(|seconds| seconds.is_finite()).ok_or_else(|| bad(time))?;
    let value = value.float().ok_or_else(|| bad(value))?;
    Ok(Sample { time: Timestamp::from_float_seconds(moment), value })
}

/// The data of an answer as it came; `default` stands for none.
pub(super) fn data<'a>(answered: &'a Answered, default: &'a str) -> Result<&'a [u8], Cause> {
    Ok(envelope(answered)?.data.map_or(default, RawValue::get).as_bytes())
}

pub(super) fn version(answered: &Answered) -> Result<String, Cause> {
    let envelope = envelope(answered)?;
    let build: Build<'_> = lenient::decode(envelope.data.map_or("{}", RawValue::get).as_bytes())?;
    Ok(words::clean(build.version.as_str()))
}

#[derive(Deserialize)]
struct Groups<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    groups: Vec<Group<'a>>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    rules: Vec<Rule<'a>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    health: Text<'a>,
    #[serde(borrow, default)]
    labels: Pairs<'a>,
}

/// Those that record and work; old servers send the alerting ones too, whatever was asked for.
pub(super) fn recording_rules(answered: &Answered) -> Result<Vec<RecordingRule>, Cause> {
    let envelope = envelope(answered)?;
    let groups: Groups<'_> = lenient::decode(envelope.data.map_or("{}", RawValue::get).as_bytes())?;
    let works = |rule: &&Rule<'_>| rule.kind.as_str() == "recording" && rule.health.as_str() != "err";
    let rule = |rule: &Rule<'_>| RecordingRule {
        name: Symbol::from(rule.name.as_str()),
        labels: rule.labels.iter().collect(),
    };
    Ok(groups.groups.iter().flat_map(|group| &group.rules).filter(works).map(rule).collect())
}

/// Sorted, each once.
pub(super) fn values(answered: &Answered) -> Result<Vec<Symbol>, Cause> {
    let envelope = envelope(answered)?;
    let values: Vec<Text<'_>> = lenient::decode(envelope.data.map_or("[]", RawValue::get).as_bytes())?;
    let mut values: Vec<Symbol> = values.iter().map(|value| Symbol::from(value.as_str())).collect();
    values.sort_unstable();
    values.dedup();
    Ok(values)
}

/// A name that is not a classic one is escaped as Prometheus reads it in a path: `U__`, `__` for `_`, `_hex_` for the rest.
pub(super) fn label_in_path(label: &str) -> String {
    let classic = |(at, letter): (usize, char)| {
        letter == '_' || letter.is_ascii_alphabetic() || (at > 0 && letter.is_ascii_digit())
    };
    if label.char_indices().all(classic) {
        return label.to_owned();
    }
    let mut escaped = String::from("U__");
    for letter in label.chars() {
        match letter {
            '_' => escaped.push_str("__"),
            letter if letter.is_ascii_alphanumeric() => escaped.push(letter),
            letter => escaped.push_str(&format!("_{:x}_", u32::from(letter))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> Answered {
        Answered { status, content_type: String::new(), body: body.as_bytes().to_vec(), skew: None }
    }

    #[test]
    fn a_part_of_the_truth_comes_with_its_warnings_and_infos_are_none() {
        let body = r#"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["a store is gone"],"infos":["x"]}"#;
        assert_eq!(answer(&answered(200, body)).expect("an answer").warnings, ["a store is gone"]);
        let body = r#"{"status":"error","errorType":"execution","error":"half","data":{"resultType":"scalar","result":[1,"2"]}}"#;
        let both = answer(&answered(200, body)).expect("an answer");
        assert_eq!((both.warnings, both.series.len()), (vec!["half".to_owned()], 1));
        let body = r#"{"status":"error","error":"none","data":null}"#;
        assert_eq!(answer(&answered(200, body)), Err(Cause::Refused { status: 200, message: "none".into() }));
    }

    #[test]
    fn what_is_not_a_number_is_never_one() {
        for point in [r#"[1,"x"]"#, r#"["x","1"]"#, r#"[1,{}]"#, "[1]", "7"] {
            let body = format!(r#"{{"status":"success","data":{{"resultType":"scalar","result":{point}}}}}"#);
            assert!(matches!(answer(&answered(200, &body)), Err(Cause::Malformed(_))), "{point}");
        }
    }

    #[test]
    fn label_names_in_paths() {
        assert_eq!(label_in_path("service"), "service");
        assert_eq!(label_in_path("http.status_code"), "U__http_2e_status__code");
    }
}
