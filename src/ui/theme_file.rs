//! Reading a theme file: roles, backgrounds, service colours; the first mistake is told with its line.

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::color::parse;
use super::role::Role;

/// What a file says, a style for each role.
#[derive(Debug, PartialEq)]
pub(super) struct Painted {
    pub styles: [Style; Role::NAMES.len()],
    pub services: Vec<Color>,
}

pub(super) fn read(text: &str) -> Result<Painted, String> {
    let line = |at: usize| text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
    let table = DeTable::parse(text)
        .map_err(|error| format!("line {}: {}", error.span().map_or(1, |span| line(span.start)), error.message()))?;
    let mut styles = [None; Role::NAMES.len()];
    let mut services = Vec::new();
    for (key, value) in table.get_ref() {
        let wrong = |what: &str| format!("line {}: {what}", line(key.span().start));
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("services", DeValue::Array(colors)) => {
                for color in colors {
                    services.push(plain(color).map_err(|why| format!("line {}: {why}", line(color.span().start)))?);
                }
            }
            (section @ ("roles" | "backgrounds"), DeValue::Table(roles)) => {
                for (name, value) in roles {
                    let at = line(name.span().start);
                    let behind = section == "backgrounds";
                    let role = Role::NAMES
                        .iter()
                        .find(|(known, role)| *known == name.get_ref().as_ref() && role.is_background() == behind);
                    let Some((_, role)) = role else {
                        return Err(format!("line {at}: no role is called `{}` in [{section}]", name.get_ref()));
                    };
                    let style = style(value, behind).map_err(|why| format!("line {at}: {why}"))?;
                    if let Some(slot) = styles.get_mut(*role as usize) {
                        *slot = Some(style);
                    }
                }
            }
            (other, _) => return Err(wrong(&format!("`{other}` is not [roles], [backgrounds] or services = [..]"))),
        }
    }
    // A role that is not told looks as text does, a background as none.
    let [text, ..] = styles;
    let filled = Role::NAMES.map(|(_, role)| {
        let own = styles.get(role as usize).copied().flatten();
        own.or(if role.is_background() { None } else { text }).unwrap_or_default()
    });
    Ok(Painted { styles: filled, services })
}

fn style(value: &Spanned<DeValue<'_>>, behind: bool) -> Result<Style, String> {
    let painted = |color: Color| if behind { Style::new().bg(color) } else { Style::new().fg(color) };
    let DeValue::Table(table) = value.get_ref() else {
        return Ok(painted(plain(value)?));
    };
    let mut style = Style::new();
    for (key, value) in table {
        let modifier = match key.get_ref().as_ref() {
            "fg" | "bg" => {
                style = style.patch(painted(plain(value)?));
                continue;
            }
            "bold" => Modifier::BOLD,
            "reverse" => Modifier::REVERSED,
            "underline" => Modifier::UNDERLINED,
            other => return Err(format!("`{other}` is not fg, bold, reverse or underline")),
        };
        match value.get_ref() {
            DeValue::Boolean(true) => style = style.add_modifier(modifier),
            DeValue::Boolean(false) => {}
            _ => return Err(format!("`{}` is true or false", key.get_ref())),
        }
    }
    Ok(style)
}

fn plain(value: &Spanned<DeValue<'_>>) -> Result<Color, String> {
    match value.get_ref() {
        DeValue::String(text) => parse(text),
        DeValue::Integer(number) => {
            let index = number.as_str().parse().map_err(|_| "a colour's number is 0 to 255".to_owned())?;
            Ok(Color::Indexed(index))
        }
        _ => Err("expected \"default\", \"#rrggbb\", 0 to 255, or a name".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_their_line() {
        let told = |text: &str| read(text).expect_err("a mistake");
        assert_eq!(
            told("[roles]\ncrit = \"#ff\"\n"),
            "line 2: `#ff` is not a colour: write \"#rrggbb\", 0 to 255, a name or \"default\""
        );
        assert_eq!(told("[roles]\nsel = 3\n"), "line 2: no role is called `sel` in [roles]");
        assert!(told("[roles\n").starts_with("line 1: "));
        assert!(told("\nservices = [300]\n").starts_with("line 2: a colour's number"));
    }

    #[test]
    fn a_role_that_is_not_told_is_text() {
        let theme = read("[roles]\ntext = 7\n").expect("a theme");
        assert_eq!(theme.styles[Role::Crit as usize].fg, Some(Color::Indexed(7)));
        assert_eq!(theme.styles[Role::Sel as usize], Style::new());
    }
}
