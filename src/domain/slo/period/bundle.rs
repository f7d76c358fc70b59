//! Many questions asked as one: each part of the answer carries the number of its question in a label of ours. A server
//! then answers one request an SLO and refresh in place of ten. Not which questions: those are `query.rs` and `hours.rs`.

use crate::domain::Labels;
use crate::domain::signal::{Answer, Series};

/// The label that tells the parts apart; it never leaves this file.
const PART: &str = "warroom_part";

/// One text whose answer holds those of all. Each must give an instant vector; one that gives a scalar, or one that the
/// server refuses, makes the server refuse them all: then they are to be asked one by one.
#[must_use]
pub fn bundle(texts: &[String]) -> String {
    let part =
        |(number, text): (usize, &String)| format!("label_replace(({text}), \"{PART}\", \"{number}\", \"\", \"\")");
    texts.iter().enumerate().map(part).collect::<Vec<_>>().join(" or ")
}

/// Whether the server kept the mark of each part: one that drops it has to be asked one by one.
#[must_use]
pub fn is_bundled(answer: &Answer, count: usize) -> bool {
    let is_marked = |series: &Series| {
        let number = series.labels.get(PART).and_then(|number| number.as_str().parse::<usize>().ok());
        number.is_some_and(|number| number < count)
    };
    answer.series.iter().all(is_marked)
}

/// The answers in the order of the `count` texts; a part without a series is an empty answer. Warnings are everybody's:
/// nobody says which part they are about.
#[must_use]
pub fn unbundle(answer: Answer, count: usize) -> Vec<Answer> {
    let mut parts: Vec<Answer> =
        (0..count).map(|_| Answer { warnings: answer.warnings.clone(), ..Answer::default() }).collect();
    for series in answer.series {
        let number = series.labels.get(PART).and_then(|number| number.as_str().parse::<usize>().ok());
        if let Some(part) = number.and_then(|number| parts.get_mut(number)) {
            let labels: Labels = series
                .labels
                .iter()
                .filter(|(name, _)| *name != PART)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            part.series.push(Series { labels, samples: series.samples });
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::signal::Sample;

    #[test]
    fn each_part_comes_back_to_its_question() {
        let text = bundle(&["a".to_owned(), "b or c".to_owned()]);
        assert_eq!(
            text,
            r#"label_replace((a), "warroom_part", "0", "", "") or label_replace((b or c), "warroom_part", "1", "", "")"#
        );
        let series = |pairs: &[(&str, &str)], value| Series {
            labels: pairs.iter().copied().collect(),
            samples: vec![Sample { time: Timestamp::EPOCH, value }],
        };
        let answer = Answer {
            series: vec![
                series(&[(PART, "2"), ("code", "500")], 3.0),
                series(&[(PART, "0")], 1.0),
                series(&[("x", "y")], 9.0),
                series(&[(PART, "7")], 9.0),
            ],
            warnings: vec!["half".to_owned()],
            ..Answer::default()
        };
        let parts = unbundle(answer, 3);
        assert_eq!(parts.iter().map(|part| part.series.len()).collect::<Vec<_>>(), [1, 0, 1]);
        assert_eq!(parts[2].series[0].labels, [("code", "500")].into_iter().collect());
        assert!(parts.iter().all(|part| part.warnings == ["half"]));
    }
}
