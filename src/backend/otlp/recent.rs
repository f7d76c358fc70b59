//! Values that come again while they are remembered share one allocation: routes, hosts, statements. A table of fixed size:
//! what comes once (an order's number) pushes out what has not come for long, and costs no memory of its own. Names have an
//! `Interner`, which forgets none.

use std::sync::Arc;

use crate::domain::Keyed;

/// Neighbours that a text may stand in.
const WAYS: usize = 4;
const SETS: usize = 2_048;

pub(super) struct Recent {
    key: Keyed,
    sets: Vec<[Option<Arc<str>>; WAYS]>,
}

impl Recent {
    pub(super) fn new() -> Self {
        let mut sets = Vec::new();
        sets.resize_with(SETS, || [const { None }; WAYS]);
        Self { key: Keyed::default(), sets }
    }

    pub(super) fn share(&mut self, text: &str) -> Arc<str> {
        let hash = self.key.of_text(text);
        let Some(set) = self.sets.get_mut(hash as usize % SETS) else { return text.into() };
        if let Some(at) = set.iter().position(|known| known.as_deref() == Some(text)) {
            // Towards the front, where nothing is pushed out.
            let before = at.saturating_sub(1);
            set.swap(at, before);
            if let Some(Some(known)) = set.get(before) {
                return Arc::clone(known);
            }
        }
        let new: Arc<str> = text.into();
        if let Some(last) = set.last_mut() {
            *last = Some(Arc::clone(&new));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_comes_often_is_shared_among_any_number_that_come_once() {
        let mut recent = Recent::new();
        for often in ["GET", "POST"] {
            recent.share(often);
        }
        let first = recent.share("GET");
        for number in 0..200_000 {
            recent.share(&format!("ord-{number}"));
            if number % 100 == 0 {
                recent.share("GET");
            }
        }
        assert!(Arc::ptr_eq(&first, &recent.share("GET")));
        assert!(recent.sets.iter().flatten().flatten().count() <= SETS * WAYS);
    }

    proptest! {
        #[test]
        fn a_text_is_given_back_as_it_came(texts in prop::collection::vec("[a-c]{0,3}", 0..60)) {
            let mut recent = Recent::new();
            for text in texts {
                let shared = recent.share(&text);
                prop_assert_eq!(shared.as_ref(), text.as_str());
            }
        }
    }
}
