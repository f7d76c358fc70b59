//! Numbers as people read them: `1,500`, `43 %`, `636×`, `12 min`, `€22.0k`. Not times of day, which need a zone.

use std::time::Duration;

use super::Language;
use crate::domain::slo::{Money, window_text};

/// Below this share, what was spent is nothing.
pub(super) const NOTHING: f64 = 0.005;

/// Rounded to whole, with a comma at the thousands: `1,500`.
#[must_use]
pub fn thousands(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.is_ascii() && number.is_finite() {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0.0 && digits != "0" { format!("−{text}") } else { text }
}

/// `636×`, `55×`, `9.6×`, `0.0×`.
#[must_use]
pub fn burn_text(burn: f64) -> String {
    // 9.95 and more would read 10.0.
    if burn < 9.95 { format!("{burn:.1}×") } else { format!("{burn:.0}×") }
}

/// With one decimal wherever it may decide: `12.7×`, `146×`.
#[must_use]
pub fn close_burn(burn: f64) -> String {
    if burn < 99.95 { format!("{burn:.1}×") } else { format!("{burn:.0}×") }
}

/// Of a share, with so many decimals: `18.7 %`, `−8.1 %`.
#[must_use]
pub fn percent_text(share: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$} %", (share * 100.0).abs());
    let is_zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if share < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// A window in a narrow column: as Prometheus writes it, but `6.4h` for 386m and `4.3d` for 6171m.
#[must_use]
pub fn window_label(window: Duration) -> String {
    let minutes = window.as_secs_f64() / 60.0;
    let exact = window_text(window);
    let unit = exact.chars().last();
    if minutes < 120.0 || unit == Some('d') || (unit == Some('h') && minutes < 100.0 * 60.0) {
        return exact;
    }
    if minutes < 2_880.0 { format!("{:.1}h", minutes / 60.0) } else { format!("{:.1}d", minutes / 1_440.0) }
}

/// At most two units, the second only where it counts: `42 s`, `3 min 10 s`, `12 min`, `5 h 38 min`, `10 d`.
#[must_use]
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let pair = |count: u64, unit: &str, rest: u64, small: &str| {
        if rest == 0 { format!("{count} {unit}") } else { format!("{count} {unit} {rest} {small}") }
    };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..600 => pair(minutes, "min", seconds % 60, "s"),
        600..3_600 => format!("{minutes} min"),
        3_600..86_400 => pair(hours, "h", minutes % 60, "min"),
        86_400..864_000 => pair(days, "d", hours % 24, "h"),
        _ => format!("{days} d"),
    }
}

/// For a forecast, which is never exact: to 10 s under two minutes, else to the minute.
pub(super) fn about(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 95.0 {
        return format!("{:.0} s", ((seconds / 10.0).round() * 10.0).max(10.0));
    }
    duration_text(Duration::from_secs((seconds / 60.0).round() as u64 * 60))
}

/// A window inside a sentence: `5 m`, `1 h`, `30 d`.
#[must_use]
pub fn window_word(window: Duration) -> String {
    let text = window_text(window);
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{} {unit}", text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()))
}

/// With a stop, unless a server's words end it already.
pub(super) fn ended(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '?', '!', '…']) {
        sentence.push('.');
    }
    sentence
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn sign(currency: &str) -> String {
    match currency {
        "EUR" | "€" => "€".to_owned(),
        "USD" | "$" => "$".to_owned(),
        "GBP" | "£" => "£".to_owned(),
        "" => String::new(),
        code => format!("{code} "),
    }
}

/// To the unit up to 99,999, then in thousands: `€21,991`, `€140k`.
#[must_use]
pub fn money_text(money: &Money) -> String {
    let amount = money.micro as f64 / 1e6;
    if amount < 99_999.5 { format!("{}{}", sign(&money.currency), thousands(amount)) } else { money_short(money) }
}

/// Three digits: `€850`, `€22.0k`, `€140k`, `€1.20M`.
#[must_use]
pub fn money_short(money: &Money) -> String {
    let amount = money.micro as f64 / 1e6;
    let sign = sign(&money.currency);
    match amount {
        _ if amount < 999.5 => format!("{sign}{amount:.0}"),
        _ if amount < 9_995.0 => format!("{sign}{:.2}k", amount / 1e3),
        _ if amount < 99_950.0 => format!("{sign}{:.1}k", amount / 1e3),
        _ if amount < 999_500.0 => format!("{sign}{:.0}k", amount / 1e3),
        _ => format!("{sign}{:.2}M", amount / 1e6),
    }
}

/// As the language writes it: `1,500`, `1 500` with a space that does not break.
#[must_use]
pub fn number_in(number: f64, language: Language) -> String {
    match language {
        Language::English => thousands(number),
        Language::French => thousands(number).replace(',', "\u{a0}"),
    }
}

/// `18.7 %`, `18,7 %`.
#[must_use]
pub fn percent_in(share: f64, decimals: usize, language: Language) -> String {
    match language {
        Language::English => percent_text(share, decimals),
        Language::French => percent_text(share, decimals).replace('.', ","),
    }
}

/// Days are `j` in French; the other units are the same.
#[must_use]
pub fn duration_in(duration: Duration, language: Language) -> String {
    match language {
        Language::English => duration_text(duration),
        Language::French => in_days(&duration_text(duration)),
    }
}

pub(super) fn in_days(text: &str) -> String {
    text.split(' ').map(|word| if word == "d" { "j" } else { word }).collect::<Vec<_>>().join(" ")
}

/// `€21,991`, `21 991 €`.
#[must_use]
pub fn money_in(money: &Money, language: Language) -> String {
    if language == Language::English {
        return money_text(money);
    }
    let amount = money.micro as f64 / 1e6;
    let sign = sign(&money.currency);
    let (amount, unit) = if amount < 99_999.5 { (amount, "") } else { (amount / 1e3, "k") };
    format!("{}\u{a0}{unit}{}", number_in(amount, language), sign.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_on_the_screens() {
        assert_eq!([thousands(1_500.0), thousands(281.4), thousands(-1_234.0)], ["1,500", "281", "−1,234"]);
        assert_eq!([burn_text(636.4), burn_text(55.4), burn_text(9.57)], ["636×", "55×", "9.6×"]);
        assert_eq!([burn_text(9.96), burn_text(0.0)], ["10×", "0.0×"]);
        assert_eq!([percent_text(0.187_3, 1), percent_text(-0.0813, 1)], ["18.7 %", "−8.1 %"]);
        assert_eq!(percent_text(-0.000_1, 0), "0 %");
        let seconds = |count| duration_text(Duration::from_secs(count));
        assert_eq!(
            [seconds(42), seconds(190), seconds(720), seconds(20_280)],
            ["42 s", "3 min 10 s", "12 min", "5 h 38 min"]
        );
        let money = |micro| Money { micro, currency: "EUR".into() };
        assert_eq!(money_text(&money(21_991_312_900)), "€21,991");
        assert_eq!(money_short(&money(21_991_312_900)), "€22.0k");
        assert_eq!(money_text(&money(139_930_000_000)), "€140k");
        assert_eq!(about(Duration::from_secs(42)), "40 s");
        assert_eq!(window_word(Duration::from_secs(300)), "5 m");
        let label = |minutes: u64| window_label(Duration::from_secs(minutes * 60));
        assert_eq!([label(5), label(64), label(360), label(1_440), label(4_320)], ["5m", "64m", "6h", "1d", "3d"]);
        assert_eq!([label(386), label(1_543), label(6_171), label(6_000)], ["6.4h", "25.7h", "4.3d", "4.2d"]);
    }
}
