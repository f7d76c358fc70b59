//! Why a trace was kept.

use super::sample::{order, span, tree};
use crate::domain::trace::Kept;

#[test]
fn a_trace_says_why_it_was_kept() {
    let kept = |spans| Kept::why(&tree(spans)).to_string();
    assert_eq!(kept(order()), "error, slow > 2 s");
    assert_eq!(kept(vec![span(1, 0, 0, 2000)]), "5 % of the rest");
    assert_eq!(kept(vec![span(1, 0, 0, 2001)]), "slow > 2 s");
    assert_eq!(kept(vec![span(1, 0, 0, 1).text("http.status_code", "404")]), "error");
}
