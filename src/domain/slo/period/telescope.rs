//! Counts over stretches that lie end to end, without loss at the seams: `rate(m[1h])` of each hour never sees a jump
//! between the last sample of one hour and the first of the next; `m - (m offset 1h)` does. Not what is done with the
//! counts: that is `hours.rs`.

use std::time::Duration;

use super::super::{Sli, query};

/// The SLI with texts that count exactly over adjacent windows. A text that cannot be written so (a range of something
/// else than a plain counter, a native histogram) stays as it is: its hours may lose what falls between them.
#[must_use]
pub fn telescoping(sli: &Sli) -> Sli {
    let rewritten = |text: &str| rewrite(text).unwrap_or_else(|| text.to_owned());
    match sli {
        Sli::BadOverTotal { bad, total } => Sli::BadOverTotal { bad: rewritten(bad), total: rewritten(total) },
        Sli::GoodOverTotal { good, total } => Sli::GoodOverTotal { good: rewritten(good), total: rewritten(total) },
    }
}

/// Every `rate(m[{{.window}}])` or `increase(m[{{.window}}])` becomes the difference of the two ends, or the increase
/// where that says nothing: after a reset, and for a series that was not there at both ends. Per series, before any sum.
/// What was a rate is a count then. `None` when a window stands anywhere else.
pub(super) fn rewrite(text: &str) -> Option<String> {
    // Buckets of native histograms cannot be compared with 0.
    if text.contains("histogram_") {
        return None;
    }
    let window = "{{.window}}";
    rewrite_calls(text, |selector| {
        Some(format!("(({selector} - ({selector} offset {window})) >= 0 or increase({selector}[{window}]))"))
    })
}

/// Puts something else in the place of each call, made of its selector. `None` when a window stands anywhere else.
pub(super) fn rewrite_calls(text: &str, with: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut rewritten = String::with_capacity(text.len() * 3);
    let mut rest = text;
    let mut found = false;
    let says_window = |piece: &str| query(piece, Duration::from_secs(1)) != piece;
    while let Some(call) = next_call(rest) {
        let before = rest.get(..call.start)?;
        // A window that is left over is one that was not understood.
        if says_window(before) {
            return None;
        }
        rewritten.push_str(before);
        rewritten.push_str(&with(call.selector)?);
        rest = rest.get(call.end..)?;
        found = true;
    }
    rewritten.push_str(rest);
    (found && !says_window(rest)).then_some(rewritten)
}

struct Call<'a> {
    /// Of `rate` or `increase`.
    start: usize,
    /// After the closing bracket of the call.
    end: usize,
    selector: &'a str,
}

/// The first call of `rate` or `increase` over the window's placeholder, outside of quotes. `None` too where a call over
/// something else comes first: what is left then still holds its window, and the text stays as it is.
fn next_call(text: &str) -> Option<Call<'_>> {
    let mut quotes = Quotes::default();
    for (at, sign) in text.char_indices() {
        if quotes.holds(sign) {
            continue;
        }
        let (before, here) = text.split_at_checked(at)?;
        let begins = !before.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '_' | ':'));
        let Some(after) = ["rate", "increase"].iter().find_map(|name| here.strip_prefix(name)).filter(|_| begins)
        else {
            continue;
        };
        let Some(inside) = after.trim_start().strip_prefix('(') else { continue };
        let open = text.len() - inside.len();
        let close = open + end_of_call(inside)?;
        let Some(selector) = plain(text.get(open..close)?) else { continue };
        return Some(Call { start: at, end: close + 1, selector });
    }
    None
}

/// Where the bracket closes that was opened before this text.
fn end_of_call(text: &str) -> Option<usize> {
    let mut quotes = Quotes::default();
    let mut depth = 0_usize;
    for (at, sign) in text.char_indices() {
        if quotes.holds(sign) {
            continue;
        }
        match sign {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Of `m{..}[{{.window}}]` the selector; it has no offset.
fn plain(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let (selector, window) = argument.strip_suffix(']')?.rsplit_once('[')?;
    let (selector, window) = (selector.trim(), window.trim());
    let is_window = window.starts_with("{{") && query(window, Duration::from_secs(1)) == "1s";
    let mut quotes = Quotes::default();
    let mut braces = 0_usize;
    for sign in selector.chars() {
        if quotes.holds(sign) {
            continue;
        }
        match sign {
            '{' => braces += 1,
            '}' => braces = braces.checked_sub(1)?,
            _ if braces > 0 => {}
            sign if sign.is_alphanumeric() || matches!(sign, '_' | ':' | '.') => {}
            _ => return None,
        }
    }
    (is_window && braces == 0 && !selector.is_empty()).then_some(selector)
}

/// `30d`, `4w2d`: a window as Prometheus writes it.
pub(super) fn window_of(text: &str) -> Option<Duration> {
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit())?;
        let count: u64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.get(digits..digits + 1)? {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        rest = rest.get(digits + 1..)?;
    }
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// Whether a sign belongs to a text in quotes.
#[derive(Default)]
struct Quotes {
    open: Option<char>,
    escaped: bool,
}

impl Quotes {
    fn holds(&mut self, sign: char) -> bool {
        match self.open {
            Some(_) if self.escaped => self.escaped = false,
            Some(open) if sign == '\\' && open != '`' => self.escaped = true,
            Some(open) if sign == open => self.open = None,
            Some(_) => {}
            None if matches!(sign, '"' | '\'' | '`') => self.open = Some(sign),
            None => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_ends_are_subtracted_per_series() {
        let text = r#"sum(rate(m{code=~"5..", a="x)[5m]"}[{{.window}}]))"#;
        let m = r#"m{code=~"5..", a="x)[5m]"}"#;
        let wanted = format!("sum((({m} - ({m} offset {{{{.window}}}})) >= 0 or increase({m}[{{{{.window}}}}])))");
        assert_eq!(rewrite(text).as_deref(), Some(wanted.as_str()));
        let both = "sum(increase(a:b[{{window}}])) or 0 * sum( rate ( c [ {{ .window }} ] ) )";
        let written = rewrite(both).expect("two calls");
        assert!(written.contains("a:b offset {{.window}}") && written.contains("c offset {{.window}}"), "{written}");
    }

    #[test]
    fn what_is_no_plain_counter_stays_as_it_is() {
        for text in [
            "sum_over_time(m[{{.window}}])",
            "rate(m[{{.window}}] offset 5m)",
            "rate((m)[{{.window}}])",
            "rate(m[{{.window}}]) + delta(g[{{.window}}])",
            "delta(g[{{.window}}]) + rate(m[{{.window}}])",
            "histogram_fraction(0, 0.8, sum(rate(h[{{.window}}])))",
            "irate(m[{{.window}}])",
            "rate(m[5m])",
            "rate(m[{{.window}}]",
            "\"rate(m[{{.window}}])\"",
            "",
        ] {
            assert_eq!(rewrite(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[a-z(){}\\[\\]\"'`.\\\\ é]{0,60}") {
            drop(rewrite(&text));
            drop(rewrite(&format!("rate({text}[{{{{.window}}}}])")));
        }
    }
}
