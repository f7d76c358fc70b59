//! Hides what may be a secret in a line that is shown because of a mistake in it. Signs are replaced one for one, so that
//! a caret below still fits.

const SECRET_WORDS: &[&str] = &["token", "password", "passwd", "secret", "credential", "api_key", "apikey"];
/// These name where a secret is, and hold none.
const REFERENCES: &[&str] = &["token_file", "token_command"];

/// The name of an environment variable as a message may show it. People write the token itself there by mistake, so only
/// what looks like a variable (capitals, as custom has it) is shown whole.
pub(super) fn variable(name: &str) -> String {
    if looks_like_variable(name) { name.to_owned() } else { name.chars().map(hide).collect() }
}

fn looks_like_variable(name: &str) -> bool {
    name.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
}

pub(super) fn masked(line: &str) -> String {
    without_user(&without_value(line))
}

/// Everything from the value of a key that sounds like a secret to the end of the line.
fn without_value(line: &str) -> String {
    let mut key = String::new();
    for (at, sign) in line.char_indices() {
        if sign.is_alphanumeric() || matches!(sign, '_' | '-') {
            key.push(sign.to_ascii_lowercase());
        } else if sign == '=' || sign == ':' {
            let tells = SECRET_WORDS.iter().any(|word| key.contains(word)) && !REFERENCES.contains(&key.as_str());
            let (shown, hidden) = line.split_at(at + 1);
            let named = key == "token_env" && quoted(hidden).is_some_and(looks_like_variable);
            if tells && !named {
                return shown.chars().chain(hidden.chars().map(hide)).collect();
            }
            key.clear();
        } else if !matches!(sign, ' ' | '\t' | '"' | '\'') {
            key.clear();
        }
    }
    line.to_owned()
}

/// The text in double quotes that comes next.
fn quoted(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('"')?.split_once('"').map(|(text, _)| text)
}

/// `user:password@` of every URL.
fn without_user(line: &str) -> String {
    let mut parts = line.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        let end = part.find(['/', '"', '\'', ' ', '?', '#']).unwrap_or(part.len());
        let (authority, rest) = part.split_at(end);
        match authority.rsplit_once('@') {
            Some((user, host)) => {
                shown.extend(user.chars().map(hide));
                shown.push('@');
                shown.push_str(host);
            }
            None => shown.push_str(authority),
        }
        shown.push_str(rest);
    }
    shown
}

fn hide(sign: char) -> char {
    if sign == ' ' { ' ' } else { '*' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_their_places_are_not() {
        for (line, shown) in [
            ("token = \"glsa_x\"", "token = ********"),
            ("{ name = \"a\", api-token=\"x y\" }", "{ name = \"a\", api-token=** ** *"),
            ("\"Password\" = 'p'", "\"Password\" = ***"),
            ("token_env = \"PROM_TOKEN\"", "token_env = \"PROM_TOKEN\""),
            ("token_env = \"glsa_a1\"", "token_env = *********"),
            ("url = \"http://ana:pw@host/x@y\"", "url = \"http://******@host/x@y\""),
            ("total = \"sum(x{a=1})\"", "total = \"sum(x{a=1})\""),
        ] {
            assert_eq!(masked(line), shown);
        }
    }
}
