//! Many traces together: what each is reduced to, who is responsible over all of them and how sure that is, in what the
//! failing ones differ from healthy ones, and where slow ones spend their time.

mod excess;
mod findings;
mod fragments;
mod newcombe;
mod outliers;
mod profile;
mod spread;

pub use excess::{Excess, excess};
pub use findings::{Evidence, Findings, Unread};
pub use fragments::{is_certain, traced};
pub use newcombe::{Difference, Share, weighted};
pub use outliers::{ABSENT, Outlier, outliers};
pub use profile::{Carried, Key, Operation, Profile, Runs};
pub use spread::Spread;
