//! What the handlers of this server share.

use std::sync::Arc;

use crate::demo::alerting::Alerting;
use crate::demo::promql::Store;
use crate::demo::site::Site;

/// A company with its clock, its stored series and its rules.
pub struct Api {
    pub site: Arc<Site>,
    pub store: Store,
    pub alerting: Alerting,
}

impl Api {
    pub fn new(site: Arc<Site>) -> Self {
        let store = Store::new(Arc::clone(&site.company));
        let alerting = Alerting::new(site.company.as_ref(), store.clone());
        Self { site, store, alerting }
    }
}
