//! What may be asked of a server that knows what was changed.

use futures_util::future::BoxFuture;

use super::{Probe, Reply};
use crate::domain::incident::Change;
use crate::domain::{Symbol, Window};

pub trait Changes: Send + Sync {
    fn name(&self) -> &Symbol;

    /// Asks for what [`Changes::changes`] needs, so that an answer means that it would be answered.
    fn probe(&self) -> BoxFuture<'_, Reply<Probe>>;

    /// The latest `limit` changes of the window, in any order.
    fn changes(&self, window: Window, limit: usize) -> BoxFuture<'_, Reply<Vec<Change>>>;
}
