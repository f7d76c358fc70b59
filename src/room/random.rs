//! Numbers that only look random, from a seed, so that the same messages give the same ids. Not for secrets.

use uuid::Uuid;

use crate::domain::Timestamp;

/// SplitMix64, and the last id that was made of it.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    last: Uuid,
}

impl Random {
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed, last: Uuid::nil() }
    }

    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A UUID of version 7 for this moment, greater than those before it: what is taken back within the same tick of the
    /// clock must come after what it takes back.
    pub fn uuid(&mut self, now: Timestamp) -> Uuid {
        let mut bytes = [0; 10];
        let (first, second) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        for (into, from) in bytes.iter_mut().zip(first.into_iter().chain(second)) {
            *into = from;
        }
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let made = uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        self.last = made.max(Uuid::from_u128(self.last.as_u128().saturating_add(1)));
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_in_order_of_time_and_never_alike() {
        let mut random = Random::new(1);
        let early = random.uuid(Timestamp::from_seconds(100));
        let late = random.uuid(Timestamp::from_seconds(101));
        assert_eq!(early.get_version_num(), 7);
        assert!(early < late);
        assert_ne!(late, random.uuid(Timestamp::from_seconds(101)));
        let mut ids: Vec<Uuid> = (0..100).map(|_| random.uuid(Timestamp::from_seconds(101))).collect();
        assert!(ids.iter().all(|id| *id > late && id.get_version_num() == 7));
        let made = ids.clone();
        ids.sort();
        ids.dedup();
        assert_eq!(ids, made);
        assert_eq!(early, Random::new(1).uuid(Timestamp::from_seconds(100)));
    }
}
