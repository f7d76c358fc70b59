//! Which trace an id names: an order, a shipment, or a request beside them.

use super::super::ids::Ids;
pub(super) use super::super::ids::span_id;
use crate::domain::TraceId;

/// What one trace tells of. Numbers count from T0 and are negative before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The way of an order through the shop.
    Order(i64),
    /// What the planner did with an accepted order, after the queue.
    Shipment(i64),
    /// A request that has nothing to do with orders.
    Journey(i64),
}

/// The order whose trace the drawings and the manual show, and its id.
pub(super) const EXEMPLAR: i64 = 460;
const EXEMPLAR_ID: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
/// When the exemplar ended, in nanoseconds since T0; it started 2.480 s earlier.
pub(super) const EXEMPLAR_END: i64 = 324_890_000_000;

/// Makes ids, and reads them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity(Ids);

impl Identity {
    pub(super) fn new(seed: u64) -> Self {
        Self(Ids::new(seed))
    }

    pub(super) fn id(&self, subject: Subject) -> Option<TraceId> {
        match subject {
            Subject::Order(EXEMPLAR) => TraceId::new(EXEMPLAR_ID),
            Subject::Order(number) => self.0.id(1, number),
            Subject::Shipment(number) => self.0.id(2, number),
            Subject::Journey(number) => self.0.id(3, number),
        }
    }

    /// `None` for an id that this company never gave.
    pub(super) fn subject(&self, id: TraceId) -> Option<Subject> {
        if id.value() == EXEMPLAR_ID {
            return Some(Subject::Order(EXEMPLAR));
        }
        let subject = match self.0.read(id)? {
            (1, number) => Subject::Order(number),
            (2, number) => Subject::Shipment(number),
            (3, number) => Subject::Journey(number),
            _ => return None,
        };
        (self.id(subject) == Some(id)).then_some(subject)
    }
}

/// The order numbers that customers see: the exemplar's is 4472146.
pub(super) const fn order_id(order: i64) -> i64 {
    4_472_146 - EXEMPLAR + order
}

/// An order number far from every window that anybody asks for would only cost time; these are about three years.
pub(super) fn is_plausible(order: i64) -> bool {
    order.unsigned_abs() < 1_500_000 * 36
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_subject(seed: u64, index in -40_000_000_i64..40_000_000) {
            let identity = Identity::new(seed);
            for subject in [Subject::Order(index), Subject::Shipment(index), Subject::Journey(index)] {
                let id = identity.id(subject).expect("not zero");
                prop_assert_eq!(identity.subject(id), Some(subject));
            }
        }

        #[test]
        fn an_id_of_somebody_else_names_nothing(value in 1_u128..) {
            let id = TraceId::new(value).expect("not zero");
            let known = Identity::new(42).subject(id);
            prop_assert!(known.is_none() || known.and_then(|subject| Identity::new(42).id(subject)) == Some(id));
        }
    }

    #[test]
    fn the_exemplar_has_the_id_of_the_drawings() {
        let id = Identity::new(7).id(Subject::Order(EXEMPLAR)).expect("not zero");
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(Identity::new(9).subject(id), Some(Subject::Order(EXEMPLAR)));
        assert_eq!(order_id(EXEMPLAR), 4_472_146);
    }
}
