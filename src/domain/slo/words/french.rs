//! The sentences of `sentence.rs` in French: the same states, the same numbers, written as the French write them.

use std::time::Duration;

use super::wording::{NOTHING, about, capital, ended, in_days};
use super::{duration_text, percent_text, thousands};
use crate::domain::slo::{Exhaustion, Judgement, Rising, RuleSeverity, State, exhaustion, window_text};
use crate::domain::{Cause, Timestamp};

pub(super) fn sentence(said: &Judgement, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
    let trouble = || capital(&trouble(said, now, clock));
    let parts = match &said.state {
        State::Page | State::Notify => vec![end(said, clock), next_page(said), spent(said)],
        State::Ticket => vec![ticket(said), spent(said)],
        State::Rising => vec![said.rising.as_ref().map(rising), spent(said)],
        State::Recovering => vec![recovering(said), spent(said)],
        State::Healthy => {
            vec![
                spent(said).or_else(|| said.spent.map(|_| "Rien n'a été dépensé.".to_owned())),
                outlook(said),
                recovery(said),
            ]
        }
        State::Partial => vec![
            Some("Rien d'anormal dans ce qui a été répondu ; le serveur dit que ce n'en est qu'une partie.".to_owned()),
            outlook(said),
        ],
        State::LowTraffic { bad, total } => vec![
            Some(format!("{} en erreur sur {} : trop peu pour réveiller quelqu'un.", number(*bad), number(*total))),
            spent(said),
        ],
        State::NoTraffic => vec![Some(format!("{} ; le budget ne bouge pas.", trouble()))],
        State::NoData if said.possible_outage => {
            vec![Some(format!("{} : à traiter comme une panne possible.", trouble()))]
        }
        State::NoData => vec![Some(format!("{} ; ce n'est pas zéro erreur.", trouble()))],
        State::Down { failure, .. } => vec![Some(ended(format!("{} ; {failure}", trouble())))],
        State::MissingBucket { wanted, .. } => vec![
            Some(format!("{}.", trouble())),
            Some(format!("Sans la borne {wanted} on ne peut rien dire ; prenez une borne qui existe.")),
        ],
        State::QueryFailed(_) | State::Loading => vec![Some(ended(trouble()))],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) fn short(said: &Judgement, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
    match &said.state {
        State::Page | State::Notify | State::Ticket => left(said).unwrap_or_default(),
        State::Rising => said
            .rising
            .as_ref()
            .map(|rising| format!("{} dans environ {}", verb(rising), near(rising.fires_in)))
            .unwrap_or_default(),
        State::Recovering => {
            let pair = said.pairs.iter().find(|pair| pair.long_above && !pair.short_above);
            pair.map(|pair| format!("{} sous {}", lasting(pair.short), times(pair.factor))).unwrap_or_default()
        }
        State::Healthy => String::new(),
        State::Partial => "une partie de la vérité".to_owned(),
        _ => trouble(said, now, clock),
    }
}

/// The phrase of a state in which the burn of now is not known.
fn trouble(said: &Judgement, now: Timestamp, clock: &dyn Fn(Timestamp) -> String) -> String {
    match &said.state {
        State::LowTraffic { bad, total } => format!("{} sur {} : trop peu", number(*bad), number(*total)),
        State::NoTraffic => match said.since {
            Some(since) => format!("aucun trafic depuis {}", clock(since)),
            None => "aucun trafic".to_owned(),
        },
        State::NoData => {
            match said.since.map(|since| now.elapsed_since(since)).filter(|age| *age >= Duration::from_secs(1)) {
                Some(age) => format!("aucune donnée depuis {}", lasting(age)),
                None => "aucune donnée".to_owned(),
            }
        }
        State::QueryFailed(why) => format!("requête refusée : {why}"),
        State::Down { failure, last_good } => {
            let word = if matches!(failure.cause, Cause::Throttled(_)) { "prié d'attendre" } else { "injoignable" };
            match last_good {
                Some(good) => format!("{word}, vu il y a {}", lasting(now.elapsed_since(*good))),
                None => format!("{word}, aucune réponse jusqu'ici"),
            }
        }
        State::MissingBucket { wanted, have } if have.is_empty() => format!("pas de borne le={wanted}"),
        State::MissingBucket { wanted, have } => {
            format!("pas de borne le={wanted} ; les plus proches : {}", have.join(", "))
        }
        State::Loading => "en attente d'une réponse".to_owned(),
        State::Page
        | State::Notify
        | State::Ticket
        | State::Rising
        | State::Recovering
        | State::Healthy
        | State::Partial => String::new(),
    }
}

fn left(said: &Judgement) -> Option<String> {
    let (budget, rate) = (said.budget?, pace(said.bad_per_minute?));
    if budget.left <= 0.0 {
        return Some(format!("{} {} de trop, {rate}", number(-budget.left), said.unit));
    }
    let left = format!("reste {} {}, {rate}", number(budget.left), said.unit);
    Some(match said.gone_at {
        Some(gone) => format!("{left} : {}", near(gone.elapsed_since(budget.at))),
        None => left,
    })
}

/// When the budget ends.
fn end(said: &Judgement, clock: &dyn Fn(Timestamp) -> String) -> Option<String> {
    let Some(budget) = said.budget else {
        return Some("On ne sait pas combien il reste de budget.".to_owned());
    };
    if budget.left <= 0.0 {
        let more = said.bad_per_minute.filter(|rate| *rate >= 0.5);
        let more = more.map(|rate| format!(", {} de plus par min", number(rate))).unwrap_or_default();
        return Some(format!("Le budget est épuisé : {} {} de trop{more}.", number(-budget.left), said.unit));
    }
    let rate = if said.rate_since_impact {
        "Au rythme constaté depuis le début de l'impact".to_owned()
    } else {
        format!("Au rythme des {} écoulées", lasting(said.shortest))
    };
    Some(match said.gone_at {
        Some(gone) => {
            format!("{rate}, le budget est épuisé dans {}, vers {}.", near(gone.elapsed_since(budget.at)), clock(gone))
        }
        None => format!("{rate}, le budget tient les {}.", days(said.window)),
    })
}

/// While a rule notifies, another may be about to page.
fn next_page(said: &Judgement) -> Option<String> {
    let next = said.rising.as_ref()?;
    (said.state == State::Notify && next.severity == RuleSeverity::Page).then(|| rising(next))
}

fn spent(said: &Judgement) -> Option<String> {
    let share = said.spent.filter(|spent| *spent >= NOTHING)?;
    let heard = said.pairs.iter().filter(|pair| pair.severity != RuleSeverity::Ticket).map(|pair| pair.long).max();
    let over = match (&said.lost, heard) {
        (Some(_), _) => " depuis le début de l'impact".to_owned(),
        (None, Some(long)) => format!(" en {}", lasting(long)),
        (None, None) => String::new(),
    };
    Some(format!("{} dépensés{over}.", percent(share, 1)))
}

/// How long the budget lasts, by the long window of the first rule.
fn outlook(said: &Judgement) -> Option<String> {
    let pair = said.pairs.first()?;
    let (burn, remaining) = (pair.long_burn?, said.budget?.remaining);
    if burn <= 0.0 {
        let calm = format!("Aucune erreur depuis {}.", lasting(pair.long));
        let left = percent(remaining, 1);
        return Some(if remaining > 0.0 {
            calm
        } else {
            format!("Le budget est épuisé : il en reste {left}. {calm}")
        });
    }
    Some(match exhaustion(remaining, burn, said.window) {
        Exhaustion::Already => format!("Le budget est épuisé : il en reste {}.", percent(remaining, 1)),
        Exhaustion::In(time) if time < said.window => {
            format!("À {} le rythme permis, le budget tient encore {}.", times(burn), lasting(time))
        }
        Exhaustion::In(_) | Exhaustion::NotWithinTheWindow | Exhaustion::Never => {
            format!("À {} le rythme permis, le budget tient les {}.", times(burn), days(said.window))
        }
    })
}

/// What a rolling window gives back as its oldest day leaves.
fn recovery(said: &Judgement) -> Option<String> {
    let back = said.recovers_a_day.filter(|back| *back >= NOTHING)?;
    Some(format!("{} reviennent d'ici 24 h.", percent(back, 1)))
}

fn ticket(said: &Judgement) -> Option<String> {
    let pair = said.pairs.iter().find(|pair| pair.firing)?;
    let burn = pair.long_burn?;
    let lasts = match said.budget.map(|budget| exhaustion(budget.remaining, burn, said.window)) {
        Some(Exhaustion::In(time)) => format!("le budget tient encore {}", lasting(time)),
        Some(Exhaustion::Already) => "le budget est épuisé".to_owned(),
        _ => format!("le budget tient les {}", days(said.window)),
    };
    Some(format!("Un ticket, pas une alerte : à {} le rythme permis sur {}, {lasts}.", times(burn), lasting(pair.long)))
}

fn recovering(said: &Judgement) -> Option<String> {
    let pair = said.pairs.iter().find(|pair| pair.long_above && !pair.short_above)?;
    Some(format!(
        "Sur {} on repasse sous {} le rythme permis ; sur {} c'est encore {}, pour {} au plus.",
        lasting(pair.short),
        times(pair.factor),
        lasting(pair.long),
        times(pair.long_burn?),
        lasting(pair.long),
    ))
}

const fn verb(rising: &Rising) -> &'static str {
    match rising.severity {
        RuleSeverity::Page => "réveille l'astreinte",
        RuleSeverity::Notify => "prévient l'équipe",
        RuleSeverity::Ticket => "demande un ticket",
    }
}

fn rising(rising: &Rising) -> String {
    format!(
        "{} dans environ {} si cela continue : plus de {} le rythme permis sur {}, {} sur {}.",
        capital(verb(rising)),
        near(rising.fires_in),
        times(rising.factor),
        lasting(rising.short),
        times(rising.long_burn),
        lasting(rising.long),
    )
}

/// `1 500`, with a space that does not break.
fn number(number: f64) -> String {
    thousands(number).replace(',', "\u{a0}")
}

fn percent(share: f64, decimals: usize) -> String {
    percent_text(share, decimals).replace('.', ",")
}

/// `14,4 fois`: one decimal wherever it may decide.
fn times(burn: f64) -> String {
    let text = if burn < 99.95 { format!("{burn:.1}") } else { format!("{burn:.0}") };
    format!("{} fois", text.replace('.', ","))
}

fn pace(per_minute: f64) -> String {
    if per_minute > 0.0 && per_minute < 0.95 {
        return format!("perte de {} par h", number(per_minute * 60.0));
    }
    format!("perte de {} par min", number(per_minute))
}

/// Days are `j`; the other units are the same.
fn lasting(duration: Duration) -> String {
    in_days(&duration_text(duration))
}

fn near(duration: Duration) -> String {
    in_days(&about(duration))
}

fn days(window: Duration) -> String {
    match window_text(window).strip_suffix('d') {
        Some(days) => format!("{days} jours"),
        None => lasting(window),
    }
}
