//! When a burn is worth waking somebody: pairs of windows with a factor. Not the judging: that is `burn.rs`.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Objective;
use crate::domain::Symbol;

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

const fn hours(count: u64) -> Duration {
    minutes(60 * count)
}

/// What a firing rule does to people; the loudest sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleSeverity {
    Page,
    Notify,
    Ticket,
}

impl RuleSeverity {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Notify => "notify",
            Self::Ticket => "ticket",
        }
    }
}

/// Fires while the burn is above the factor over the long **and** the short window, both strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BurnRule {
    pub long: Duration,
    pub short: Duration,
    /// Thousandths: 14,400 for 14.4.
    pub factor_milli: u64,
    pub severity: RuleSeverity,
    /// So long both must be above before it fires; zero everywhere but in Pyrra's rules and those like them.
    pub hold: Duration,
}

impl BurnRule {
    /// Fires at once, without a hold.
    #[must_use]
    pub const fn new(long: Duration, short: Duration, factor_milli: u64, severity: RuleSeverity) -> Self {
        Self { long, short, factor_milli, severity, hold: Duration::ZERO }
    }

    #[must_use]
    pub const fn held_for(self, hold: Duration) -> Self {
        Self { hold, ..self }
    }

    #[must_use]
    pub fn factor(&self) -> f64 {
        self.factor_milli as f64 / 1_000.0
    }

    /// Whether a total outage is enough to fire it: 14.4 cannot be reached at 90 %.
    #[must_use]
    pub fn can_fire(&self, objective: Objective) -> bool {
        self.factor_milli.saturating_mul(objective.budget_ppb()) < 1_000_000_000_000
    }
}

/// The factor in thousandths at which this share of the budget (in parts per billion) is spent within `long`, of an SLO
/// with this window: 2 % in an hour of 30 days is 14.4. Rounded to the nearest; `None` when it is 0 or beyond reason.
#[must_use]
pub fn factor_of_spend(spend_ppb: u64, long: Duration, window: Duration) -> Option<u64> {
    let over = u128::from(long.as_secs()).checked_mul(1_000_000)?;
    let scaled = u128::from(spend_ppb).checked_mul(u128::from(window.as_secs()))?;
    let factor = scaled.checked_add(over / 2)?.checked_div(over)?;
    u64::try_from(factor).ok().filter(|factor| (1..=1_000_000_000).contains(factor))
}

static SEED: [BurnRule; 2] = [
    BurnRule::new(hours(1), minutes(5), 14_400, RuleSeverity::Page),
    BurnRule::new(hours(6), minutes(30), 3_000, RuleSeverity::Notify),
];

static WORKBOOK: [BurnRule; 4] = [
    BurnRule::new(hours(1), minutes(5), 14_400, RuleSeverity::Page),
    BurnRule::new(hours(6), minutes(30), 6_000, RuleSeverity::Page),
    BurnRule::new(hours(24), hours(2), 3_000, RuleSeverity::Ticket),
    BurnRule::new(hours(72), hours(6), 1_000, RuleSeverity::Ticket),
];

/// Which pairs an SLO is watched by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// 14.4× over 1 h pages, 3× over 6 h notifies.
    #[default]
    Seed,
    /// The SRE Workbook's: 14.4× over 1 h and 6× over 6 h page, 3× over 24 h and 1× over 3 d make a ticket.
    Workbook,
    /// Pairs of another tool, whose name it bears, or the team's own: `custom`.
    Listed { name: Symbol, rules: Vec<BurnRule> },
}

const DAY: u64 = 86_400;

impl Policy {
    /// The names that stand alone in a configuration.
    pub const NAMES: [&'static str; 5] = ["seed", "workbook", "sloth-30d", "sloth-28d", "pyrra"];

    /// A preset by its name. `window` is the SLO's: Pyrra's pairs scale with it. `None` for an unknown name, and for a
    /// preset of Sloth's with another window than its own.
    #[must_use]
    pub fn named(name: &str, window: Duration) -> Option<Self> {
        match name {
            "seed" => Some(Self::Seed),
            "workbook" => Some(Self::Workbook),
            "sloth-30d" if window == Duration::from_secs(30 * DAY) => Some(Self::sloth(name, window)),
            "sloth-28d" if window == Duration::from_secs(28 * DAY) => Some(Self::sloth(name, window)),
            "pyrra" => Some(Self::pyrra(window)),
            _ => None,
        }
    }

    /// Sloth's defaults: 2 % of the budget in 1 h and 5 % in 6 h page, 10 % in 1 d and in 3 d make a ticket.
    fn sloth(name: &str, window: Duration) -> Self {
        let pair = |percent: u64, long: Duration, short: Duration, severity: RuleSeverity| {
            let factor = factor_of_spend(percent * 10_000_000, long, window)?;
            Some(BurnRule::new(long, short, factor, severity))
        };
        let rules = [
            pair(2, hours(1), minutes(5), RuleSeverity::Page),
            pair(5, hours(6), minutes(30), RuleSeverity::Page),
            pair(10, hours(24), hours(2), RuleSeverity::Ticket),
            pair(10, hours(72), hours(6), RuleSeverity::Ticket),
        ];
        Self::Listed { name: Symbol::from(name), rules: rules.into_iter().flatten().collect() }
    }

    /// Pyrra's pairs, made for 28 days and scaled to the SLO's window, rounded to the minute, each with a hold.
    fn pyrra(window: Duration) -> Self {
        let part = |of_four_weeks: u64| {
            let scaled = window.as_secs().saturating_mul(of_four_weeks) / (28 * 24 * 60);
            minutes(((scaled + 30) / 60).max(1))
        };
        // The windows in minutes of the 28 days.
        let pair = |long: u64, short: u64, factor: u64, severity: RuleSeverity, hold: u64| {
            BurnRule::new(part(long), part(short), factor * 1_000, severity).held_for(part(hold))
        };
        let rules = vec![
            pair(60, 5, 14, RuleSeverity::Page, 2),
            pair(360, 30, 7, RuleSeverity::Page, 15),
            pair(1_440, 120, 2, RuleSeverity::Ticket, 60),
            pair(5_760, 360, 1, RuleSeverity::Ticket, 180),
        ];
        Self::Listed { name: Symbol::from("pyrra"), rules }
    }

    /// A team's own pairs; the fastest first, as all policies have them.
    #[must_use]
    pub fn custom(mut rules: Vec<BurnRule>) -> Self {
        rules.sort_by_key(|rule| (rule.long, rule.short, rule.severity));
        Self::Listed { name: Symbol::from("custom"), rules }
    }

    /// The fastest first.
    #[must_use]
    pub fn rules(&self) -> &[BurnRule] {
        match self {
            Self::Seed => &SEED,
            Self::Workbook => &WORKBOOK,
            Self::Listed { rules, .. } => rules,
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Seed => "seed",
            Self::Workbook => "workbook",
            Self::Listed { name, .. } => name,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: Duration = Duration::from_secs(30 * DAY);
    const FOUR_WEEKS: Duration = Duration::from_secs(28 * DAY);

    fn told(policy: &Policy) -> Vec<(u64, u64, u64, u64)> {
        let minutes = |time: Duration| time.as_secs() / 60;
        let tell = |rule: &BurnRule| (minutes(rule.long), minutes(rule.short), rule.factor_milli, minutes(rule.hold));
        policy.rules().iter().map(tell).collect()
    }

    #[test]
    fn fourteen_needs_an_objective_above_93_06() {
        let fast = Policy::Seed.rules()[0];
        assert!(fast.can_fire("93.06".parse().expect("an objective")));
        assert!(!fast.can_fire("93.05".parse().expect("an objective")));
        assert!(!fast.can_fire("90".parse().expect("an objective")));
    }

    #[test]
    fn policies_are_read_as_they_are_written() {
        for name in Policy::NAMES.into_iter().filter(|name| *name != "sloth-28d") {
            assert_eq!(Policy::named(name, MONTH).map(|policy| policy.to_string()).as_deref(), Some(name));
        }
        assert_eq!(Policy::named("sloth-28d", MONTH), None);
        assert_eq!(Policy::named("sloth-30d", FOUR_WEEKS), None);
        assert_eq!(Policy::named("sloth", MONTH), None);
    }

    #[test]
    fn other_tools_pairs_are_theirs() {
        let of = |name, window| told(&Policy::named(name, window).expect("a preset"));
        let workbook = told(&Policy::Workbook);
        assert_eq!(of("sloth-30d", MONTH), workbook);
        let factors: Vec<u64> = of("sloth-28d", FOUR_WEEKS).iter().map(|pair| pair.2).collect();
        assert_eq!(factors, [13_440, 5_600, 2_800, 933]);
        assert_eq!(
            of("pyrra", FOUR_WEEKS),
            [(60, 5, 14_000, 2), (360, 30, 7_000, 15), (1_440, 120, 2_000, 60), (5_760, 360, 1_000, 180)]
        );
        assert_eq!(
            of("pyrra", MONTH),
            [(64, 5, 14_000, 2), (386, 32, 7_000, 16), (1_543, 129, 2_000, 64), (6_171, 386, 1_000, 193)]
        );
    }

    /// The factors of the books, each from the share that it spends.
    #[test]
    fn a_share_of_the_budget_is_a_factor() {
        let days = |count: u64| Duration::from_secs(count * DAY);
        for (percent, hours, period, milli) in [
            (2.0, 1, 30, 14_400),
            (5.0, 6, 30, 6_000),
            (2.5, 6, 30, 3_000),
            (10.0, 24, 30, 3_000),
            (10.0, 72, 30, 1_000),
            (8.0, 1, 7, 13_440),
            (12.5, 6, 7, 3_500),
            (20.0, 24, 7, 1_400),
            (42.0, 72, 7, 980),
            (2.0, 1, 7, 3_360),
            (2.0, 1, 90, 43_200),
        ] {
            let long = Duration::from_secs(hours * 3_600);
            let ppb = (percent * 1e7) as u64;
            assert_eq!(factor_of_spend(ppb, long, days(period)), Some(milli), "{percent} % in {hours} h of {period} d");
        }
        assert_eq!(factor_of_spend(0, days(1), days(30)), None);
        assert_eq!(factor_of_spend(1, Duration::ZERO, days(30)), None);
        assert_eq!(factor_of_spend(u64::MAX, Duration::from_secs(1), days(9_000_000)), None);
    }
}
