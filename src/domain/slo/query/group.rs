//! One promise for each value of some labels: the question which values there are, and the SLO of one of them.

use super::selector::{Matcher, Operator, Selector};
use super::text::{narrowed, says, selector_at};
use crate::domain::Symbol;
use crate::domain::slo::{Sli, Slo};

/// More members than these are not promises that anybody watches one by one.
pub const MOST_MEMBERS: usize = 50;
/// Letters of a member's values in its name.
const LONGEST: usize = 80;

/// Asks for one series for each combination of values that was there within the last hour. `None` when the total has no
/// selector that holds `{{.group}}`.
#[must_use]
pub fn roll_call(sli: &Sli, by: &[Symbol]) -> Option<String> {
    let selector = grouped_selector(sli.total())?;
    let by: Vec<&str> = by.iter().map(Symbol::as_str).collect();
    Some(format!("count by ({}) (count_over_time({selector}[1h]))", by.join(", ")))
}

/// The SLO of one member. Labels that the member lacks must be lacking.
#[must_use]
pub fn member(slo: &Slo, values: &[(Symbol, Symbol)]) -> Slo {
    let matchers: Vec<String> = values
        .iter()
        .map(|(label, value)| {
            let (label, value) = (label.to_string(), value.to_string());
            Matcher { label, operator: Operator::Is, value }.to_string()
        })
        .collect();
    let matchers = matchers.join(",");
    let sli = match &slo.sli {
        Sli::BadOverTotal { bad, total } => {
            Sli::BadOverTotal { bad: narrowed(bad, &matchers), total: narrowed(total, &matchers) }
        }
        Sli::GoodOverTotal { good, total } => {
            Sli::GoodOverTotal { good: narrowed(good, &matchers), total: narrowed(total, &matchers) }
        }
    };
    let words: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let plain = |sign: char| if sign.is_control() { '?' } else { sign };
    let words: String = words.join(" ").chars().take(LONGEST).map(plain).collect();
    Slo { name: Symbol::from(format!("{} {words}", slo.name)), sli, ..slo.clone() }
}

fn grouped_selector(text: &str) -> Option<Selector> {
    let (before, _) = text.split_once("{{.group}}")?;
    let brace = before.rfind('{').unwrap_or(0);
    let name = before.get(..brace)?;
    let cut = name.rfind(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':')));
    let start = cut.map_or(0, |cut| cut + 1);
    let plain = narrowed(text, "");
    debug_assert!(!says(&plain, "group"), "every placeholder was filled in");
    // What stands before the first placeholder stands where it stood.
    selector_at(&plain, start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slo::Policy;
    use crate::domain::slo::tests::fixtures::slo;
    use crate::domain::slo::{Shape, query};

    fn grouped(total: &str) -> Sli {
        let total = Selector::parse(total).expect("a selector");
        Shape::Counters { first: total.clone(), first_is_good: false, total }.sli(true)
    }

    fn by(labels: &[&str]) -> Vec<Symbol> {
        labels.iter().copied().map(Symbol::from).collect()
    }

    #[test]
    fn the_roll_is_called_over_the_total() {
        let asked = roll_call(&grouped(r#"m{job="x}"}"#), &by(&["handler", "method"]));
        let wanted = r#"count by (handler, method) (count_over_time(m{job="x}"}[1h]))"#;
        assert_eq!(asked.as_deref(), Some(wanted));
        assert_eq!(roll_call(&grouped("m"), &by(&["a"])).as_deref(), Some("count by (a) (count_over_time(m[1h]))"));
        let plain = Sli::BadOverTotal { bad: "b{{{.group}}}".to_owned(), total: "t".to_owned() };
        assert_eq!(roll_call(&plain, &by(&["a"])), None);
    }

    #[test]
    fn a_member_asks_for_itself_alone() {
        let whole = Slo { sli: grouped(r#"m{job="x"}"#), ..slo("99.9", Policy::Seed) };
        let values = [(Symbol::from("handler"), Symbol::from("/a\"\\\n")), (Symbol::from("method"), Symbol::from(""))];
        let one = member(&whole, &values);
        assert_eq!(one.name.as_str(), format!("{} /a\"\\? ", whole.name));
        let total = query(one.sli.total(), std::time::Duration::from_secs(60));
        assert_eq!(total, r#"sum(rate(m{job="x",handler="/a\"\\\n",method=""}[1m]))"#);
        assert!(!says(one.sli.first(), "group"));
    }
}
