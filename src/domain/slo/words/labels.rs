//! The labels of gauges, of the price of an incident and of a budget, in the language of the screen. Whole sentences are
//! in `sentence.rs` and `french.rs`; keys, records and what scripts read stay English.

use super::Language;

macro_rules! labels {
    ($($name:ident: $english:literal, $french:literal;)*) => {
        /// A label, by what it says in English.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Label { $($name),* }

        impl Label {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What stands on the screen.
            #[must_use]
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english, (Self::$name, Language::French) => $french,)*
                }
            }
        }
    };
}

labels! {
    // The heads of the columns.
    Left: "left", "reste";
    // After a share.
    LeftOver: "left", "restants";
    Short: "short", "court";
    Long: "long", "long";
    BudgetLeft: "budget left", "budget restant";
    Of: "of", "sur";
    SlowPair: "slow", "lent";
    TicketPair: "ticket", "ticket";
    Asking: "asking…", "en attente…";
    NotFrozen: "not frozen", "non figé";
    WorstFirst: "worst first", "le pire d'abord";
    DaysRolling: "days rolling", "jours glissants";
    CountedBy: "by", "par";
    Slices: "slices", "tranches";
    Mean: "mean", "moyenne";
    Spent: "spent", "épuisé";
    Since: "since", "depuis";
    Ago: "ago", "plus tôt";
    ItSays: "It says", "Il dit";
    // The counts over the time strip.
    Paging: "page", "alerte";
    Notifying: "notify", "avis";
    Ticketing: "ticket", "ticket";
    Rising: "rising", "en hausse";
    InPart: "in part", "en partie";
    NotKnown: "not known", "inconnu";
    Worst: "worst", "le pire";
    // The legend of the bars.
    BothWindows: "both windows", "les deux fenêtres";
    ShortOnly: "short only", "courte seule";
    LongOnly: "long only", "longue seule";
    BothAbove: "both above", "les deux >";
    Logarithmic: "logarithmic", "logarithmique";
    // What the incident costs.
    WhatItCosts: "What this incident costs", "Ce que coûte cet incident";
    Lost: "lost", "en erreur";
    InMoney: "in money", "en argent";
    AMinuteNow: "a minute now", "par minute";
    Each: "each", "pièce";
    BudgetSpent: "budget spent", "budget dépensé";
    IfItLasts: "if it lasts until", "si cela dure jusqu'à";
    SinceImpact: "since impact", "dès l'impact";
    FoundAfter: "found after", "vu après";
    SinceDeclared: "since declared", "dès l'annonce";
    Budget: "budget", "budget";
    Postmortem: "postmortem", "postmortem";
    Mandatory: "mandatory", "obligatoire";
    WithinTwoDays: "within 48 h of the end", "sous 48 h après la fin";
    Frozen: "is frozen", "est gelé";
    // What the budget allows.
    WhatItAllows: "What the budget allows", "Ce que permet le budget";
    Allowed: "allowed", "permis :";
    Not: "not", "pas de";
    Owed: "owed", "dû :";
    TenMinutesMore: "10 min more", "dans 10 min";
    TenMinutesMoreOfThis: "10 min more of this", "10 min de plus ainsi";
    AtThePaceOfNow: "at the pace of now; w: at another", "au rythme actuel ; w : à un autre";
    Gone: "gone", "épuisé";
    // The budget in full.
    Over: "over", "sur";
    HowItRanDown: "How it ran down in", "Comment il a baissé en";
    LookingBack: "Looking back, measured against", "Avant, mesuré contre";
    NoTraffic: "no traffic in all that time", "aucun trafic pendant tout ce temps";
    AskingForThePast: "asking the server for its past …", "on demande son passé au serveur …";
    PastNotRead: "its past could not be read", "son passé n'a pas pu être lu";
    OlderMissing: "what is older is missing", "le reste, plus ancien, manque";
    OfThatSpent: "spent", "dépensés";
    PartKnown: "of it known", "connus";
    GoesOn: "goes on", "dure encore";
    NotDeclared: "not declared", "non déclaré";
    Counted: "Counted", "Compté";
    ServerSays: "A part of the truth: the server says", "Une partie de la vérité : le serveur dit";
    NotAllAnswered: "A part of the truth: not every window was answered.", "Une partie de la vérité : des fenêtres sont sans réponse.";
    WhoCounted: "Who counted, and what its server is asked", "Qui a compté, et ce que son serveur reçoit";
    Scroll: "scroll", "défiler";
    NextSlo: "next SLO", "SLO suivant";
    WhatIf: "what if it burns on", "et si cela dure";
    Close: "close", "fermer";
    RowsBelow: "rows below", "lignes dessous";
    // `warroom slo`.
    Fires: "fires", "se déclenche";
    TooFew: "too few events to fire", "trop peu d'événements pour se déclencher";
    FiresIn: "fires in", "se déclenche dans";
    IfItStaysSo: "if it stays so", "si cela continue";
    Limit: "limit", "limite";
    Policy: "policy", "politique";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that are the same in both languages.
    const SHARED: [&str; 4] = ["long", "ticket", "budget", "postmortem"];

    #[test]
    fn every_label_is_there_in_both_languages() {
        for label in Label::ALL {
            let (english, french) = (label.text(Language::English), label.text(Language::French));
            assert!(!english.trim().is_empty() && !french.trim().is_empty(), "{label:?}");
            assert_eq!(english == french, SHARED.contains(&english), "{label:?}: {english} / {french}");
        }
    }
}
