//! The price of an incident in the language of the screen. In the record it stays English: others read it too.

use super::Price;
use crate::domain::slo::{Language, money_in, number_in, percent_in};

impl Price {
    /// `66,2 sur 43,2 min`
    #[must_use]
    pub fn minutes_in(&self, language: Language) -> Option<String> {
        let text = self.minutes_text()?;
        Some(match language {
            Language::English => text,
            Language::French => text.replace('.', ",").replace(" of ", " sur "),
        })
    }

    /// `30 d`, `30 j`
    #[must_use]
    pub fn window_in(&self, language: Language) -> String {
        match language {
            Language::English => self.window_text(),
            Language::French => self.window_text().replace(" d", " j"),
        }
    }

    /// `2 300 orders, 180 k€, 153,3 % de 30 j (66,2 sur 43,2 min), reste −91,3 %`
    #[must_use]
    pub fn text_in(&self, language: Language) -> String {
        if language == Language::English {
            return self.text();
        }
        let least = if self.at_least { "≥ " } else { "" };
        let mut text = format!("{least}{} {}", number_in(self.lost(), language), self.unit);
        if let Some(money) = &self.money {
            text.push_str(&format!(", {}", money_in(money, language)));
        }
        if let (Some(spent), Some(minutes)) = (self.spent(), self.minutes_in(language)) {
            let window = self.window_in(language);
            text.push_str(&format!(", {} de {window} ({minutes})", percent_in(spent, 1, language)));
        }
        if let Some(left) = self.left() {
            text.push_str(&format!(", reste {}", percent_in(left, 1, language)));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::slo::Money;

    #[test]
    fn a_price_reads_as_each_language_writes_it() {
        let price = Price {
            slo: "orders".into(),
            unit: "orders".into(),
            since: Timestamp::EPOCH,
            until: Timestamp::EPOCH,
            lost_milli: 2_300_000,
            total_milli: None,
            money: Some(Money { micro: 180_000_000_000, currency: "EUR".into() }),
            spent_ppm: Some(1_533_300),
            left_ppm: Some(-913_300),
            window_seconds: 2_592_000,
            minutes_milli: Some(66_240),
            budget_minutes_milli: 43_200,
            zone: None,
            next_zone: None,
            gone_at: None,
            at_least: true,
        };
        let told = |language| price.text_in(language).replace('\u{a0}', " ");
        assert_eq!(told(Language::English), "≥ 2,300 orders, €180k, 153.3 % of 30 d (66.2 of 43.2 min), −91.3 % left");
        assert_eq!(
            told(Language::French),
            "≥ 2 300 orders, 180 k€, 153,3 % de 30 j (66,2 sur 43,2 min), reste −91,3 %"
        );
    }
}
