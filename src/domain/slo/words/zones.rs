//! Zones, states and severities as the screen names them, in its language. In the record and for scripts they keep their
//! English words.

use super::Language;
use crate::domain::slo::{RuleSeverity, State, Zone};

impl Zone {
    #[must_use]
    pub const fn word_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, zone) => zone.word(),
            (Language::French, Self::Ship) => "livrer",
            (Language::French, Self::Cautious) => "prudence",
            (Language::French, Self::Freeze) => "gel",
            (Language::French, Self::Exhausted) => "épuisé",
        }
    }

    #[must_use]
    pub const fn range_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, zone) => zone.range(),
            (Language::French, Self::Ship) => "plus de 50 %",
            (Language::French, Self::Cautious) => "25 à 50 %",
            (Language::French, Self::Freeze) => "sous 25 %",
            (Language::French, Self::Exhausted) => "0 % ou moins",
        }
    }

    #[must_use]
    pub const fn may_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, zone) => zone.may(),
            (Language::French, Self::Ship) => "tout changement, même risqué",
            (Language::French, Self::Cautious) => "les fonctionnalités, avec une relecture de plus",
            (Language::French, Self::Freeze | Self::Exhausted) => "fiabilité, correctifs et retours arrière",
        }
    }

    /// `None` while nothing is forbidden.
    #[must_use]
    pub const fn must_not_in(self, language: Language) -> Option<&'static str> {
        match (language, self) {
            (Language::English, zone) => zone.must_not(),
            (Language::French, Self::Ship) => None,
            (Language::French, Self::Cautious) => Some("migrations de base, changements d'infrastructure"),
            (Language::French, Self::Freeze | Self::Exhausted) => {
                Some("fonctionnalités, migrations, changements d'infrastructure")
            }
        }
    }

    /// `None` while nothing is asked.
    #[must_use]
    pub const fn must_in(self, language: Language) -> Option<&'static str> {
        match (language, self) {
            (Language::English, zone) => zone.must(),
            (Language::French, Self::Ship | Self::Cautious) => None,
            (Language::French, Self::Freeze | Self::Exhausted) => {
                Some("un postmortem pour chaque incident, même SEV3 ; une revue d'architecture")
            }
        }
    }

    /// What is allowed and forbidden, in one line.
    #[must_use]
    pub const fn allowed_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, zone) => zone.allowed(),
            (Language::French, Self::Ship) => "changements risqués permis",
            (Language::French, Self::Cautious) => "relecture de plus ; ni migration, ni changement d'infrastructure",
            (Language::French, Self::Freeze | Self::Exhausted) => {
                "aucune fonctionnalité ne sort, tous à la fiabilité, postmortem pour chaque incident, revue d'architecture"
            }
        }
    }
}

impl State {
    #[must_use]
    pub const fn word_in(&self, language: Language) -> &'static str {
        if matches!(language, Language::English) {
            return self.word();
        }
        match self {
            Self::Page => "ALERTE",
            Self::Notify => "AVIS",
            Self::Ticket => "TICKET",
            Self::Rising => "en hausse",
            Self::Recovering => "en baisse",
            Self::Healthy => "sain",
            Self::Partial => "partiel",
            Self::LowTraffic { .. } => "peu de trafic",
            Self::NoTraffic => "aucun trafic",
            Self::NoData => "sans données",
            Self::QueryFailed(_) => "refusée",
            Self::Down { .. } => "injoignable",
            Self::MissingBucket { .. } => "sans borne",
            Self::Loading => "en attente",
        }
    }
}

impl RuleSeverity {
    #[must_use]
    pub const fn word_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, severity) => severity.word(),
            (Language::French, Self::Page) => "alerte",
            (Language::French, Self::Notify) => "avis",
            (Language::French, Self::Ticket) => "ticket",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_say_the_same_in_both_languages() {
        let both = [Language::English, Language::French];
        let mut zone = Some(Zone::Ship);
        while let Some(told) = zone {
            let [english, french] = both.map(|language| {
                let always =
                    [told.word_in(language), told.range_in(language), told.may_in(language), told.allowed_in(language)];
                (always, told.must_not_in(language), told.must_in(language))
            });
            for (english, french) in english.0.iter().zip(french.0) {
                assert!(!french.is_empty() && *english != french, "{told}: {english} / {french}");
            }
            assert_eq!((english.1.is_some(), english.2.is_some()), (french.1.is_some(), french.2.is_some()), "{told}");
            // The numbers of a zone are those of a zone in any language.
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(digits(english.0[1]), digits(french.0[1]));
            zone = told.worse();
        }
    }
}
