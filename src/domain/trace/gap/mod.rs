//! Broken propagation: where the context of a trace was lost and why, which other trace goes on there, what hangs on a
//! trace without being of it, and the report over many.

mod attached;
mod counted;
mod forms;
mod mend;
mod propagation;
mod report;
mod stitch;

pub use attached::{Attached, Tie, links, proposals};
pub use counted::{Of, Silent, counted};
pub use forms::{Vendor, is_half_of, low_half};
pub use mend::{hop, mend};
pub use propagation::{Arrival, Gap, Propagation, Reason};
pub use report::{Edge, Foreign, Known, Report, Unnamed};
pub use stitch::{End, LINKED_FROM, MARGIN, Part, Place, Side, Stitch, open_ends, stitches};
