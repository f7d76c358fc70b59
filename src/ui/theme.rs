//! Which role looks how. A colour says a state or a service and nothing else; a theme that is broken costs its colours and
//! never the war room.

use ratatui::style::{Color, Modifier, Style};

use super::color::Depth;
use super::role::Role;
use super::theme_file::{Painted, read};

#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub(super) styles: [Style; Role::NAMES.len()],
    pub(super) services: Vec<Color>,
}

const EMBEDDED: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("deuteranopia", include_str!("../../themes/deuteranopia.toml")),
    ("sixteen", include_str!("../../themes/sixteen.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

impl Theme {
    /// The theme that was asked for, in the colours that the terminal has. A name that does not come with the program
    /// needs its `text`, as its file has it. What is wrong goes to `problems`, and the default takes its place.
    #[must_use]
    pub fn choose(
        name: Option<&str>,
        text: Option<&str>,
        depth: Depth,
        light: bool,
        problems: &mut Vec<String>,
    ) -> Self {
        let usual = match depth {
            Depth::Mono => "mono",
            Depth::Sixteen => "sixteen",
            _ if light => "light",
            _ => "dark",
        };
        // The colours of the others would be thrown away.
        let wanted = name.filter(|name| depth > Depth::Sixteen || matches!(*name, "mono" | "sixteen"));
        if let (Some(name), None) = (name, text)
            && wanted.is_none()
            && !Self::is_embedded(name)
        {
            problems.push(format!("theme {name}: {}", unknown()));
        }
        let theme = match (wanted, text) {
            (Some(name), Some(text)) => read(text).map(Self::from).map_err(|problem| (name, problem)),
            (Some(name), None) => Self::embedded(name).ok_or_else(|| (name, unknown())),
            (None, _) => Self::embedded(usual).ok_or((usual, String::new())),
        };
        let theme = theme.unwrap_or_else(|(name, problem)| {
            problems.push(format!("theme {name}: {problem}; the default is used"));
            Self::embedded(usual).unwrap_or_else(Self::bare)
        });
        theme.limited(depth)
    }

    /// Whether a theme of this name comes with the program.
    #[must_use]
    pub fn is_embedded(name: &str) -> bool {
        EMBEDDED.iter().any(|(known, _)| *known == name)
    }

    /// One of those that come with the program.
    #[must_use]
    pub fn embedded(name: &str) -> Option<Self> {
        let (_, text) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        read(text).ok().map(Self::from)
    }

    /// Nothing but weight: what is left when no theme can be read.
    fn bare() -> Self {
        Self { styles: [Style::new(); Role::NAMES.len()], services: Vec::new() }
    }

    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// A service keeps its colour in every pane and every night.
    #[must_use]
    pub fn service(&self, name: &str) -> Style {
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let count = u64::try_from(self.services.len()).unwrap_or(1).max(1);
        let at = usize::try_from((hash ^ (hash >> 39)) % count).unwrap_or_default();
        self.services.get(at).map_or_else(|| self.style(Role::Strong), |color| Style::new().fg(*color))
    }

    fn limited(mut self, depth: Depth) -> Self {
        let limit = |color: Option<Color>| color.and_then(|color| depth.limit(color));
        for style in &mut self.styles {
            style.fg = limit(style.fg);
            if style.bg.is_some() && limit(style.bg).is_none() {
                *style = style.add_modifier(Modifier::REVERSED);
            }
            style.bg = limit(style.bg);
        }
        self.services = self.services.into_iter().filter_map(|color| depth.limit(color)).collect();
        self
    }
}

impl From<Painted> for Theme {
    fn from(painted: Painted) -> Self {
        Self { styles: painted.styles, services: painted.services }
    }
}

fn unknown() -> String {
    let known: Vec<&str> = EMBEDDED.iter().map(|(known, _)| *known).collect();
    format!("there is none of that name; there are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_theme_is_whole() {
        for (name, _) in EMBEDDED {
            assert!(Theme::embedded(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_theme_that_cannot_be_had_costs_its_colours_alone() {
        let mut problems = Vec::new();
        let theme = Theme::choose(Some("no-such"), None, Depth::True, false, &mut problems);
        assert_eq!(theme, Theme::embedded("dark").expect("embedded"));
        let theme =
            Theme::choose(Some("mine"), Some("[roles]\ncrit = \"reddish\"\n"), Depth::True, true, &mut problems);
        assert_eq!(theme, Theme::embedded("light").expect("embedded"));
        assert!(problems[0].contains("no-such: there is none of that name; there are dark, light"), "{problems:?}");
        assert!(problems[1].contains("mine: line 2: `reddish` is not a colour"), "{problems:?}");
        let plain = Theme::choose(Some("dark"), None, Depth::Mono, false, &mut problems);
        assert_eq!((plain.style(Role::Crit).fg, problems.len()), (None, 2));
    }

    #[test]
    fn services_have_colours_of_their_own() {
        let theme = Theme::embedded("dark").expect("embedded");
        let of = |name: &str| theme.service(name).fg;
        assert_eq!(of("pricing"), of("pricing"));
        assert_ne!(of("pricing"), of("redis"));
        assert_ne!(of("pricing"), of("routing"));
    }
}
