//! The texts that a metrics server, or its rules engine, is given: written out of metrics, filled in, narrowed to one
//! member of a group, turned into alerts. Not the asking, and not what an answer means.

mod exemplar;
mod group;
mod roll;
mod rules;
mod selector;
mod shape;
mod text;

pub use exemplar::{exemplars_of, served_by};
pub use group::{MOST_MEMBERS, member, roll_call};
pub use roll::{Grouped, News, Roll};
pub use rules::{AlertRule, alert_rules};
pub use selector::{Matcher, Operator, Selector, SelectorError, parse_matchers};
pub use shape::{Bound, Shape, events_of_ratio, ratio_of_events};
pub use text::{BucketAsk, bucket, fill as query, is_count, narrowed, says, seconds_text, window_text, windows};
