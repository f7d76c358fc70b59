//! Markdown into a page. The one file that knows the Markdown reader and the TOML reader.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::header::{Fields, Form, fill, read_yaml, split};
use super::page::plain;
use super::{Block, Inline, Page, Section, Style};
use crate::domain::Symbol;

/// What lies behind is cut, with a warning.
pub const MAX_BYTES: usize = 1024 * 1024;
const MAX_BLOCKS: usize = 20_000;
/// Deeper items are drawn at this depth.
const MAX_INDENT: u8 = 8;

/// Never fails: what cannot be read is text, or a warning of the page.
#[must_use]
pub fn parse(file_name: &str, markdown: &str) -> Page {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.strip_suffix(".md").or_else(|| name.strip_suffix(".markdown")).unwrap_or(name);
    let mut page = Page { id: Symbol::from(stem), source: file_name.to_owned(), ..Page::default() };
    let text = bounded(markdown);
    if text.len() < markdown.len() {
        page.warnings.push(format!("longer than {} KiB: the rest was cut", MAX_BYTES / 1024));
    }
    let (head, body) = split(text);
    if let Some((form, head)) = head {
        let fields = match form {
            Form::Yaml => read_yaml(head, &mut page.warnings),
            Form::Toml => read_toml(head, &mut page.warnings),
        };
        fill(&mut page, fields);
    }
    let mut walk = Walk::default();
    for event in
        Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH)
    {
        walk.take(event);
        if walk.blocks.len() >= MAX_BLOCKS {
            page.warnings.push(format!("more than {MAX_BLOCKS} blocks: the rest was cut"));
            break;
        }
    }
    walk.flush();
    page.blocks = walk.blocks;
    if page.title.is_empty() {
        let first = page.blocks.iter().find_map(|block| match block {
            Block::Heading { text, .. } if !text.is_empty() => Some(text.clone()),
            _ => None,
        });
        page.title = first.unwrap_or_else(|| page.id.to_string());
    }
    page
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

fn read_toml(head: &str, warnings: &mut Vec<String>) -> Fields {
    let table = match head.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            warnings.push(format!("head: {}", error.message()));
            return Vec::new();
        }
    };
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let values = |value: &toml::Value| match value {
        toml::Value::Array(items) => items.iter().map(text).collect(),
        other => vec![text(other)],
    };
    table.iter().map(|(key, value)| (key.clone(), values(value))).collect()
}

/// What the inlines that come next belong to.
#[derive(Default)]
enum Open {
    #[default]
    Paragraph,
    Heading(u8),
    Item {
        ordered: Option<u64>,
        task: bool,
    },
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    styles: Vec<Style>,
    open: Open,
    /// For each open list the number of its next item.
    lists: Vec<Option<u64>>,
    /// For each open item the step that it is, if any.
    items: Vec<Option<u16>>,
    quotes: u32,
    code: Option<(String, Vec<String>, String)>,
    table: Option<Vec<Vec<String>>>,
    section: Section,
    section_level: u8,
    steps: u16,
}

impl Walk {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, None),
            Event::Code(text) => self.text(&text, Some(Style::Code)),
            Event::InlineHtml(text) | Event::Html(text) => self.text(&text, None),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text, None)
            }
            Event::SoftBreak => self.text(" ", None),
            Event::HardBreak => self.text("\n", None),
            Event::Rule => {
                self.flush();
                self.blocks.push(Block::Rule);
            }
            Event::TaskListMarker(_) => {
                if let Open::Item { task, .. } = &mut self.open {
                    *task = true;
                }
            }
        }
    }

    fn text(&mut self, text: &str, style: Option<Style>) {
        if let Some((_, _, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        if self.table.is_some() {
            if let Some(cell) = self.table.as_mut().and_then(|rows| rows.last_mut()).and_then(|row| row.last_mut()) {
                cell.push_str(text);
            }
            return;
        }
        let style = style.or_else(|| self.styles.last().cloned()).unwrap_or_default();
        match self.inlines.last_mut() {
            Some(last) if last.style == style => last.text.push_str(text),
            _ => self.inlines.push(Inline { text: text.to_owned(), style }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.open = Open::Heading(level_number(level));
            }
            // The first paragraph of an item is the item's own text.
            Tag::Paragraph | Tag::HtmlBlock if matches!(self.open, Open::Item { .. }) => {}
            Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_add(1);
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let mut words = info.split(|letter: char| letter.is_whitespace() || matches!(letter, '{' | '}' | ','));
                let language = words.next().unwrap_or("").to_ascii_lowercase();
                let attributes = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
                self.code = Some((language, attributes, String::new()));
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                let ordered = self.lists.last().copied().flatten();
                if let Some(Some(next)) = self.lists.last_mut() {
                    *next = next.saturating_add(1);
                }
                self.items.push(None);
                self.open = Open::Item { ordered, task: false };
            }
            Tag::Emphasis => self.styles.push(Style::Emphasis),
            Tag::Strong => self.styles.push(Style::Strong),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.styles.push(Style::Link(dest_url.to_string()))
            }
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => self.styles.push(Style::Plain),
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::TableCell => {
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.close_code(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.flush();
                self.items.pop();
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Superscript | TagEnd::Subscript => {
                self.styles.pop();
            }
            TagEnd::Table => {
                if let Some(rows) = self.table.take() {
                    self.blocks.push(Block::Table(rows));
                }
            }
            _ => {}
        }
    }

    fn close_code(&mut self) {
        let Some((language, attributes, text)) = self.code.take() else { return };
        let at = self.blocks.len();
        let runnable = matches!(
            language.as_str(),
            "" | "sh" | "bash" | "shell" | "zsh" | "console" | "promql" | "logql" | "traceql"
        );
        // Inside an item it belongs to that item; right behind one that lies flush with it, to the one before.
        let inside = self.items.iter().rev().find_map(|step| *step);
        let behind = match self.blocks.last() {
            Some(Block::Step { number, .. }) if self.items.is_empty() => Some(*number),
            _ => None,
        };
        let step = inside.or(behind).filter(|_| runnable);
        if let Some(step) = step {
            let own = self.blocks.iter_mut().rev().find_map(|block| match block {
                Block::Step { number, command, .. } if *number == step => Some(command),
                _ => None,
            });
            if let Some(command @ None) = own {
                *command = Some(at);
            }
        }
        let text = text.trim_end_matches('\n').to_owned();
        self.blocks.push(Block::Code { language, text, step, attributes });
    }

    /// Closes the block whose inlines were gathered.
    fn flush(&mut self) {
        let inlines = std::mem::take(&mut self.inlines);
        match std::mem::take(&mut self.open) {
            Open::Heading(level) => self.heading(level, &plain(&inlines)),
            Open::Item { ordered, task } => self.item(ordered, task, inlines),
            Open::Paragraph if inlines.is_empty() => {}
            Open::Paragraph if self.quotes > 0 => self.blocks.push(Block::Quote(inlines)),
            Open::Paragraph => self.blocks.push(Block::Paragraph(inlines)),
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        match section(text) {
            Section::Other if level > self.section_level => {}
            entered => (self.section, self.section_level) = (entered, level),
        }
        let anchor = anchor(text);
        self.blocks.push(Block::Heading { level, text: text.trim().to_owned(), anchor, section: self.section });
    }

    fn item(&mut self, ordered: Option<u64>, task: bool, inlines: Vec<Inline>) {
        let indent = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(MAX_INDENT).min(MAX_INDENT);
        let to_do = matches!(self.section, Section::Diagnosis | Section::Resolution | Section::TemporaryFix);
        if to_do && (task || indent == 0) && self.quotes == 0 && self.steps < u16::MAX {
            self.steps += 1;
            if let Some(item) = self.items.last_mut() {
                *item = Some(self.steps);
            }
            self.blocks.push(Block::Step { number: self.steps, indent, inlines, command: None });
        } else {
            self.blocks.push(Block::Item { indent, ordered, inlines });
        }
    }
}

const fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// By the first word that tells, in English and French.
fn section(heading: &str) -> Section {
    let heading = heading.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    match () {
        () if has(&["symptom", "symptôm", "meaning", "impact"]) => Section::Symptoms,
        () if has(&["diagnos"]) => Section::Diagnosis,
        () if has(&["temporary", "temporaire"]) => Section::TemporaryFix,
        () if has(&["permanent"]) => Section::PermanentFix,
        () if has(&["prevent", "prévent"]) => Section::Prevention,
        () if has(&["resolution", "résolution", "mitigation"]) => Section::Resolution,
        () => Section::Other,
    }
}

/// As hosts of Markdown make it: lower case, words joined by `-`, punctuation left out.
fn anchor(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    lower
        .chars()
        .filter_map(|letter| match letter {
            letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => Some(letter),
            letter if letter.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}
