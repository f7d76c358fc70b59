//! What may be asked of an alert server.

use futures_util::future::BoxFuture;

use super::{Probe, Reply};
use crate::domain::Symbol;
use crate::domain::incident::{Alert, Change};

pub trait Alerts: Send + Sync {
    fn name(&self) -> &Symbol;

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>>;

    /// All that fire now, silenced and inhibited ones included. A resolved alert is simply no longer in the list.
    fn firing(&self) -> BoxFuture<'_, Reply<Vec<Alert>>>;

    /// The silences that hold now, as changes at the moment at which they began.
    fn silences(&self) -> BoxFuture<'_, Reply<Vec<Change>>>;
}
