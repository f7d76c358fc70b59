//! A judgement in words: one plain sentence, and the short text of the narrow pane, here in English. Not colours, glyphs
//! or bars; the French words are in `french.rs`.

use std::time::Duration;

use super::wording::{NOTHING, about, capital, close_burn, duration_text, ended, percent_text, thousands, window_word};
use super::{Language, burn_text, french};
use crate::domain::slo::{Exhaustion, Judgement, Rising, RuleSeverity, State, exhaustion};
use crate::domain::{Cause, Timestamp};

/// The state of an answer that is not whole.
const IN_PART: &str = "Nothing is above its limit in what was answered; the server says that this is a part only.";

impl Judgement {
    /// What it means, in whole sentences. `clock` writes a time of day as people read it (`18:48`).
    #[must_use]
    pub fn sentence(&self, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
        if self.language == Language::French {
            return french::sentence(self, now, clock);
        }
        let parts = match &self.state {
            State::Page | State::Notify => vec![self.end(clock), self.next_page(), self.spent_text()],
            State::Ticket => vec![self.ticket_text(), self.spent_text()],
            State::Partial => vec![Some(IN_PART.to_owned()), self.outlook()],
            State::Rising => vec![self.rising.as_ref().map(rising_text), self.spent_text()],
            State::Recovering => vec![self.recovering_text(), self.spent_text()],
            State::Healthy => {
                vec![self.spent_text().or_else(|| self.nothing_spent()), self.outlook(), self.recovery_text()]
            }
            State::LowTraffic { bad, total } => vec![
                Some(format!("{} of {} bad: too few to page for.", thousands(*bad), thousands(*total))),
                self.spent_text(),
            ],
            State::NoTraffic => {
                vec![Some(format!("{}; the budget does not move.", capital(&self.trouble_text(now, clock))))]
            }
            State::NoData if self.possible_outage => {
                vec![Some(format!("{}: take it for a possible outage.", capital(&self.trouble_text(now, clock))))]
            }
            State::NoData => {
                vec![Some(format!("{}; that is not zero errors.", capital(&self.trouble_text(now, clock))))]
            }
            State::Down { failure, .. } => {
                vec![Some(ended(format!("{}; {failure}", capital(&self.trouble_text(now, clock)))))]
            }
            State::MissingBucket { wanted, .. } => vec![
                Some(format!("{}.", capital(&self.trouble_text(now, clock)))),
                Some(format!("Without the bound {wanted} nothing can be said; take a bound that exists.")),
            ],
            State::QueryFailed(_) | State::Loading => {
                vec![Some(ended(capital(&self.trouble_text(now, clock))))]
            }
        };
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The phrase that stands in the place of the bar, or under it: `649 orders left, losing 54 a min: 12 min`. Empty
    /// when the bar says it all.
    #[must_use]
    pub fn short(&self, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
        if self.language == Language::French {
            return french::short(self, now, clock);
        }
        match &self.state {
            State::Page | State::Notify | State::Ticket => self.left_text().unwrap_or_default(),
            State::Rising => self
                .rising
                .as_ref()
                .map(|rising| format!("{} in about {}", verb(rising), about(rising.fires_in)))
                .unwrap_or_default(),
            State::Recovering => {
                self.below().map(|(short, factor)| format!("{short} back under {factor}")).unwrap_or_default()
            }
            State::Healthy => String::new(),
            State::Partial => "a part of the truth".to_owned(),
            _ => self.trouble_text(now, clock),
        }
    }

    /// The phrase of a state in which the burn of now is not known.
    fn trouble_text(&self, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
        match &self.state {
            State::LowTraffic { bad, total } => format!("{} of {} bad: too few", thousands(*bad), thousands(*total)),
            State::NoTraffic => match self.since {
                Some(since) => format!("no traffic since {}", clock(since)),
                None => "no traffic".to_owned(),
            },
            State::NoData => {
                match self.since.map(|since| now.elapsed_since(since)).filter(|age| *age >= Duration::from_secs(1)) {
                    Some(age) => format!("no data for {}", duration_text(age)),
                    None => "no data".to_owned(),
                }
            }
            State::QueryFailed(why) => format!("query failed: {why}"),
            State::Down { failure, last_good } => {
                // A server that asks for patience is not down.
                let word = if matches!(failure.cause, Cause::Throttled(_)) { "throttled" } else { "down" };
                match last_good {
                    Some(good) => format!("{word}, last good {} ago", duration_text(now.elapsed_since(*good))),
                    None => format!("{word}, no answer so far"),
                }
            }
            State::MissingBucket { wanted, have } if have.is_empty() => format!("no bucket le={wanted}"),
            State::MissingBucket { wanted, have } => format!("no bucket le={wanted}; nearest {}", have.join(", ")),
            State::Loading => "asking".to_owned(),
            State::Page
            | State::Notify
            | State::Ticket
            | State::Rising
            | State::Recovering
            | State::Healthy
            | State::Partial => String::new(),
        }
    }

    fn left_text(&self) -> Option<String> {
        let (budget, per_minute) = (self.budget?, self.bad_per_minute?);
        let losing = format!("losing {}", pace(per_minute));
        if budget.left <= 0.0 {
            return Some(format!("{} {} over the budget, {losing}", thousands(-budget.left), self.unit));
        }
        let left = format!("{} {} left, {losing}", thousands(budget.left), self.unit);
        Some(match self.gone_at {
            Some(gone) => format!("{left}: {}", about(gone.elapsed_since(budget.at))),
            None => left,
        })
    }

    /// When the budget ends.
    fn end(&self, clock: &dyn Fn(Timestamp) -> String) -> Option<String> {
        let rate = if self.rate_since_impact {
            "since the impact began".to_owned()
        } else {
            format!("of the last {}", duration_text(self.shortest))
        };
        let Some(budget) = self.budget else {
            return Some("How much budget is left is not known.".to_owned());
        };
        if budget.left <= 0.0 {
            let over = format!("The budget is gone: {} {} over it", thousands(-budget.left), self.unit);
            let losing =
                self.bad_per_minute.filter(|rate| *rate >= 0.5).map(|rate| format!(", {} more a min", thousands(rate)));
            return Some(format!("{over}{}.", losing.unwrap_or_default()));
        }
        Some(match self.gone_at {
            Some(gone) => {
                format!(
                    "At the rate {rate} the budget is gone in {}, ≈{}.",
                    about(gone.elapsed_since(budget.at)),
                    clock(gone)
                )
            }
            None => format!("At the rate {rate} the budget outlasts the {}.", days(self.window)),
        })
    }

    /// While a rule notifies, another may be about to page.
    fn next_page(&self) -> Option<String> {
        let rising = self.rising.as_ref()?;
        (self.state == State::Notify && rising.severity == RuleSeverity::Page).then(|| rising_text(rising))
    }

    fn spent_text(&self) -> Option<String> {
        self.spent.filter(|spent| *spent >= NOTHING).map(|spent| format!("{} spent tonight.", percent_text(spent, 1)))
    }

    fn nothing_spent(&self) -> Option<String> {
        self.spent.map(|_| "Nothing spent tonight.".to_owned())
    }

    /// What a rolling window gives back as its oldest day leaves.
    fn recovery_text(&self) -> Option<String> {
        let back = self.recovers_a_day.filter(|back| *back >= NOTHING)?;
        Some(format!("{} comes back within 24 h.", percent_text(back, 1)))
    }

    /// How long the budget lasts, by the long window of the first rule.
    fn outlook(&self) -> Option<String> {
        let burn = self.pairs.first()?.long_burn?;
        let remaining = self.budget?.remaining;
        if burn <= 0.0 && remaining <= 0.0 {
            let long = duration_text(self.pairs.first()?.long);
            let left = percent_text(remaining, 1);
            return Some(format!("The budget is gone: {left} left. No error in the last {long}."));
        }
        if burn <= 0.0 {
            return Some("No error in the last hour.".replace("hour", &duration_text(self.pairs.first()?.long)));
        }
        Some(match exhaustion(remaining, burn, self.window) {
            Exhaustion::Already => format!("The budget is gone: {} left.", percent_text(remaining, 1)),
            Exhaustion::In(time) if time < self.window => {
                format!(
                    "At {} the allowed pace the budget lasts {}, by the share of the {}.",
                    burn_text(burn),
                    duration_text(time),
                    days(self.window)
                )
            }
            Exhaustion::In(_) | Exhaustion::NotWithinTheWindow | Exhaustion::Never => {
                format!("At {} the allowed pace the budget outlasts the {}.", burn_text(burn), days(self.window))
            }
        })
    }

    /// What fires is slow: nobody is woken, and it does not last either.
    fn ticket_text(&self) -> Option<String> {
        let pair = self.pairs.iter().find(|pair| pair.firing)?;
        let burn = pair.long_burn?;
        let lasts = self.budget.map(|budget| exhaustion(budget.remaining, burn, self.window));
        let lasts = match lasts {
            Some(Exhaustion::In(time)) => format!("the budget lasts {}", duration_text(time)),
            Some(Exhaustion::Already) => "the budget is gone".to_owned(),
            _ => format!("the budget outlasts the {}", days(self.window)),
        };
        Some(format!(
            "A ticket, not a page: at {} the allowed pace over {}, {lasts}.",
            burn_text(burn),
            duration_text(pair.long)
        ))
    }

    /// The short window and the factor of the first pair that recovers.
    fn below(&self) -> Option<(String, String)> {
        let pair = self.pairs.iter().find(|pair| pair.long_above && !pair.short_above)?;
        Some((window_word(pair.short), close_burn(pair.factor)))
    }

    fn recovering_text(&self) -> Option<String> {
        let pair = self.pairs.iter().find(|pair| pair.long_above && !pair.short_above)?;
        Some(format!(
            "{} is back under {} the allowed pace; {} is still at {} and clears in {} at the latest.",
            duration_text(pair.short),
            close_burn(pair.factor),
            duration_text(pair.long),
            close_burn(pair.long_burn?),
            duration_text(pair.long),
        ))
    }
}

const fn verb(rising: &Rising) -> &'static str {
    match rising.severity {
        RuleSeverity::Page => "pages",
        RuleSeverity::Notify => "notifies",
        RuleSeverity::Ticket => "asks for a ticket",
    }
}

fn rising_text(rising: &Rising) -> String {
    format!(
        "{} in about {} if it stays so: {} past {} the allowed pace, {} at {}.",
        capital(verb(rising)),
        about(rising.fires_in),
        duration_text(rising.short),
        close_burn(rising.factor),
        duration_text(rising.long),
        close_burn(rising.long_burn),
    )
}

/// Slow losses are told by the hour: `54 a min`, `12 an hour`.
fn pace(per_minute: f64) -> String {
    if per_minute > 0.0 && per_minute < 0.95 {
        return format!("{} an hour", thousands(per_minute * 60.0));
    }
    format!("{} a min", thousands(per_minute))
}

fn days(window: Duration) -> String {
    let days = window.as_secs() / 86_400;
    if days > 0 && window.as_secs().is_multiple_of(86_400) { format!("{days} days") } else { duration_text(window) }
}
