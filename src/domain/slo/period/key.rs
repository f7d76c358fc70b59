//! The name under which the hours of an SLO are kept: it changes with what is counted and where, and with nothing else.

use super::super::Slo;

/// Sixteen hexadecimal digits made of the texts of the questions, of the method and of the server's `place`. A renamed
/// SLO or another objective keeps its hours; another query or another server has none yet.
#[must_use]
pub fn key(slo: &Slo, place: &str) -> String {
    let sides = match &slo.sli {
        super::super::Sli::BadOverTotal { .. } => "bad",
        super::super::Sli::GoodOverTotal { .. } => "good",
    };
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    // FNV-1a: the same in every version of the program, which the standard library's hashes are not.
    for part in ["hours 1", place, sides, &slo.method.text(), slo.sli.first(), slo.sli.total()] {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::super::super::Policy;
    use super::super::super::Sli;
    use super::super::super::tests::fixtures;
    use super::*;

    #[test]
    fn another_question_has_another_key() {
        let slo = fixtures::slo("99.9", Policy::Seed);
        let known = key(&slo, "http://mimir/");
        assert_eq!(key(&Slo { name: "renamed".into(), ..fixtures::slo("99.5", Policy::Seed) }, "http://mimir/"), known);
        assert_ne!(key(&slo, "http://staging/"), known);
        let (bad, total) = (slo.sli.first().to_owned(), slo.sli.total().to_owned());
        let good = Slo {
            sli: Sli::GoodOverTotal { good: bad.clone(), total: total.clone() },
            ..fixtures::slo("99.9", Policy::Seed)
        };
        assert_ne!(key(&good, "http://mimir/"), known);
        let other =
            Slo { sli: Sli::BadOverTotal { bad: format!("{bad} "), total }, ..fixtures::slo("99.9", Policy::Seed) };
        assert_ne!(key(&other, "http://mimir/"), known);
        assert_eq!(known.len(), 16);
    }
}
