//! Noise that can be asked for at any index: SplitMix64 streams, each named. Not for secrets.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64 (Steele, Lea, Flood 2014). The n-th output needs no earlier one: see [`Stream::at`].
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    state: u64,
}

impl Stream {
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of this name under a scenario's seed; two names are two independent streams.
    #[must_use]
    pub fn named(seed: u64, name: &str) -> Self {
        Self::new(seed ^ fnv1a64(name.as_bytes()))
    }

    #[must_use]
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// The output that the `index`-th call (from zero) of [`Stream::next`] on a fresh stream gives.
    #[must_use]
    pub const fn at(&self, index: u64) -> u64 {
        mix(self.state.wrapping_add(GOLDEN.wrapping_mul(index.wrapping_add(1))))
    }

    /// Evenly spread over `0.0 ..= 1.0 - 2^-53`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float exactly")]
    pub const fn unit_at(&self, index: u64) -> f64 {
        (self.at(index) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `0 .. bound`; zero when the bound is zero.
    #[must_use]
    pub const fn below_at(&self, index: u64, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.at(index) % bound }
    }
}

/// SplitMix64's finaliser: a bijection of 64 bits, undone by [`unmix`].
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The value of which [`mix`] made this one.
#[must_use]
pub const fn unmix(value: u64) -> u64 {
    let value = unshift(value, 31).wrapping_mul(0x3196_42b2_d24d_8ec3);
    let value = unshift(value, 27).wrapping_mul(0x96de_1b17_3f11_9089);
    unshift(value, 30)
}

/// Undoes `x ^ (x >> by)` for `by` of 22 and more: three steps reach all 64 bits.
const fn unshift(value: u64, by: u32) -> u64 {
    value ^ (value >> by) ^ (value >> by >> by)
}

/// FNV-1a, 64 bits.
#[must_use]
pub fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_vectors_come_out() {
        let outputs = |seed| {
            let mut stream = Stream::new(seed);
            [stream.next(), stream.next(), stream.next()]
        };
        assert_eq!(outputs(42), [0xbdd7_3226_2feb_6e95, 0x28ef_e333_b266_f103, 0x4752_6757_130f_9f52]);
        assert_eq!(outputs(0), [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
        assert_eq!(fnv1a64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a64(b"a"), 0xaf63_dc4c_8601_ec8c);
    }

    proptest! {
        #[test]
        fn mixing_is_undone(value: u64) {
            prop_assert_eq!(unmix(mix(value)), value);
            prop_assert_eq!(mix(unmix(value)), value);
        }

        #[test]
        fn an_output_is_reached_directly(seed: u64, index in 0_u64..200) {
            let mut stream = Stream::named(seed, "x");
            let direct = stream.at(index);
            for _ in 0..index {
                let _ = stream.next();
            }
            prop_assert_eq!(stream.next(), direct);
            prop_assert!((0.0..1.0).contains(&Stream::new(seed).unit_at(index)));
        }
    }
}
