//! Why a trace was kept.

use std::time::Duration;

use super::sample::{order, span, tree};
use crate::domain::trace::{Kept, Profile, Sampler};

const SEED: Sampler = Sampler { slow: Some(Duration::from_secs(2)), one_of: 20 };

#[test]
fn a_trace_says_why_it_was_kept() {
    let kept = |spans| Kept::why(&tree(spans), SEED).to_string();
    assert_eq!(kept(order()), "error, slow > 2 s");
    assert_eq!(kept(vec![span(1, 0, 0, 2000)]), "5 % of the rest");
    assert_eq!(kept(vec![span(1, 0, 0, 2001)]), "slow > 2 s");
    assert_eq!(kept(vec![span(1, 0, 0, 1).text("http.status_code", "404")]), "error");
}

#[test]
fn another_sampler_has_other_words() {
    let kept = |sampler| Kept::why(&tree(vec![span(1, 0, 0, 2001)]), sampler).to_string();
    assert_eq!(kept(Sampler { slow: None, one_of: 1 }), "100 % of the rest");
    assert_eq!(kept(Sampler { slow: None, one_of: 1_000 }), "0.1 % of the rest");
    assert_eq!(kept(Sampler { slow: Some(Duration::from_millis(1_500)), one_of: 3 }), "slow > 1500 ms");
}

/// Where nobody says what the sampler does, every trace stands for itself.
#[test]
fn a_trace_weighs_what_its_sampler_says() {
    let one = tree(vec![span(1, 0, 0, 2000)]);
    let weight = |sampler| Profile::sampled(&one, sampler).weight;
    assert_eq!((weight(Some(SEED)), weight(None)), (20.0, 1.0));
    assert_eq!(Profile::sampled(&tree(order()), Some(SEED)).weight, 1.0);
}
