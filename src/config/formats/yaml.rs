//! YAML as a tree in which every value knows its place, within bounds: a file of SLOs is small and flat. Not what a
//! value means.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, Span, options};

use crate::config::problem::Problem;

/// Collections in collections; the deepest of the formats has nine.
const DEEPEST: usize = 40;
/// Values of one file. An alias is one, whatever it stands for: it is shared and never copied.
const MOST_NODES: usize = 200_000;

#[derive(Debug)]
pub(super) struct Node {
    /// Bytes of the file's text.
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// As text, whatever YAML would make of it: a decimal stays exact.
    Scalar(String),
    List(Vec<Rc<Node>>),
    /// In the order of the file, each key once.
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) value: Rc<Node>,
}

impl Kind {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar(_) => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a table of keys",
        }
    }
}

/// A collection that is not closed yet.
enum Open {
    List(Vec<Rc<Node>>),
    Map { entries: Vec<Entry>, key: Option<(String, Range<usize>)> },
}

/// The documents of a file, empty ones left out; and the mistake that ended the reading, if any.
pub(super) fn documents(text: &str) -> (Vec<Rc<Node>>, Option<Problem>) {
    let limits = options! { flow_nesting_limit: DEEPEST, block_nesting_limit: DEEPEST };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, limits) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or_default();
                let hint = "nothing after this can be read until it is mended";
                return (builder.documents, Some(Problem::at(at..at + 1, plainly(&error.info())).hint(hint)));
            }
        };
        if let Err(problem) = builder.take(event) {
            return (builder.documents, Some(problem));
        }
    }
    (builder.documents, None)
}

/// The first line of the parser's words.
fn plainly(words: &str) -> String {
    words.lines().next().filter(|line| !line.is_empty()).unwrap_or("this is not YAML").to_owned()
}

#[derive(Default)]
struct Builder {
    documents: Vec<Rc<Node>>,
    open: Vec<(Open, Range<usize>, usize)>,
    anchors: HashMap<usize, Rc<Node>>,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, (event, span): (Event<'_>, Span)) -> Result<(), Problem> {
        let span = span.byte_range().unwrap_or_default();
        let custom = match &event {
            Event::Scalar(_, _, _, tag) | Event::SequenceStart(_, _, tag) | Event::MappingStart(_, _, tag) => {
                tag.as_ref().is_some_and(|tag| !tag.is_yaml_core_schema())
            }
            _ => false,
        };
        if custom {
            return Err(Problem::at(span, "a YAML tag").hint("no format of SLOs has any: leave it out"));
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let null = style == ScalarStyle::Plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let kind = if null { Kind::Null } else { Kind::Scalar(text.into_owned()) };
                self.put(Node { span, kind }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push((Open::List(Vec::new()), span, anchor));
                Ok(())
            }
            Event::MappingStart(_, anchor, _) => {
                self.open.push((Open::Map { entries: Vec::new(), key: None }, span, anchor));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((open, began, anchor)) = self.open.pop() else { return Ok(()) };
                let kind = match open {
                    Open::List(items) => Kind::List(items),
                    Open::Map { entries, .. } => Kind::Map(entries),
                };
                self.put(Node { span: began, kind }, anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => self.place(node, span),
                None => Err(Problem::at(span, "an alias inside what it stands for").hint("write the value out")),
            },
            Event::DocumentStart(..) => {
                // An anchor ends with its document.
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        let span = node.span.clone();
        self.place(node, span)
    }

    fn place(&mut self, node: Rc<Node>, span: Range<usize>) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Problem::at(span, format!("more than {MOST_NODES} values")).hint("split the file"));
        }
        match self.open.last_mut() {
            None if matches!(node.kind, Kind::Null) => {}
            None => self.documents.push(node),
            Some((Open::List(items), ..)) => items.push(node),
            Some((Open::Map { entries, key }, ..)) => match key.take() {
                Some((key, span)) => entries.push(Entry { key, span, value: node }),
                None => {
                    let Kind::Scalar(text) = &node.kind else {
                        return Err(Problem::at(span, "a key must be a word").hint("write key: value"));
                    };
                    if text == "<<" {
                        return Err(Problem::at(span, "a merge key").hint("write the keys out"));
                    }
                    if entries.iter().any(|entry| entry.key == *text) {
                        return Err(Problem::at(span, "a second key of this name").hint("keep one of them"));
                    }
                    *key = Some((text.clone(), span));
                }
            },
        }
        Ok(())
    }
}
