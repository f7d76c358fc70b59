//! What one file says: the modules it declares, what it imports, the paths it writes out, what it defines. Not what
//! those names mean: that is `paths.rs`.

use super::tokens::{Token, Word, tokens};

/// A path as it is written, in the module where it is written.
#[derive(Clone, Debug)]
pub struct Path {
    /// Inline modules around it, outermost first.
    pub inside: Vec<String>,
    pub segments: Vec<String>,
    pub line: usize,
    /// Under `#[cfg(test)]`.
    pub test: bool,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Written out in code.
    Inline,
    /// Imported under this name.
    Bound(String),
    /// `use path::*`.
    Glob,
}

#[derive(Clone, Debug, Default)]
pub struct File {
    pub paths: Vec<Path>,
    /// Inline modules: the path of each, and whether it is test code.
    pub inline_modules: Vec<Vec<String>>,
    /// Every `mod x;`.
    pub children: Vec<String>,
    /// `mod x;` under `#[cfg(test)]`.
    pub test_children: Vec<String>,
    /// Module, name and line of each item at the level of a module.
    pub defines: Vec<(Vec<String>, String, usize)>,
}

const ITEMS: &[&str] = &["struct", "enum", "union", "fn", "trait", "type", "const", "static", "impl", "macro_rules"];

struct Scanner<'a> {
    tokens: &'a [Token],
    at: usize,
    file: File,
    /// Open braces: the name of the inline module, or `None` for any other block; and whether it opens test code.
    open: Vec<(Option<String>, bool)>,
}

pub fn scan(text: &str) -> File {
    let tokens = tokens(text);
    let mut scanner = Scanner { tokens: &tokens, at: 0, file: File::default(), open: Vec::new() };
    scanner.run();
    scanner.file
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn inside(&self) -> Vec<String> {
        self.open.iter().filter_map(|(name, _)| name.clone()).collect()
    }

    fn in_test(&self) -> bool {
        self.open.iter().any(|(_, test)| *test)
    }

    fn run(&mut self) {
        // `test` is said by an attribute and holds for the item that follows it.
        let mut test = false;
        while let Some(token) = self.peek(0).cloned() {
            let at_module_level = self.open.iter().all(|(name, _)| name.is_some());
            match token.word {
                Word::Sign('#') => {
                    test |= self.attribute();
                    continue;
                }
                Word::Sign('{') => {
                    self.open.push((None, test));
                    test = false;
                }
                Word::Sign('}') => drop(self.open.pop()),
                Word::Sign(';') => test = false,
                Word::Name(ref name) if name == "use" => {
                    self.at += 1;
                    self.import(Vec::new(), test);
                    continue;
                }
                Word::Name(ref name) if name == "mod" && self.module(test) => {
                    test = false;
                    continue;
                }
                Word::Name(ref name) if at_module_level && ITEMS.contains(&name.as_str()) => {
                    let ahead = if name == "macro_rules" { 2 } else { 1 };
                    let defined = self.peek(ahead).and_then(Token::name).unwrap_or(name).to_owned();
                    self.file.defines.push((self.inside(), defined, token.line));
                }
                Word::Name(_) => {
                    self.inline(test);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Passes over `#[..]` and `#![..]`, noting the paths in it. Whether it says that test code follows.
    fn attribute(&mut self) -> bool {
        self.at += 1;
        if self.peek(0).is_some_and(|token| token.is('!')) {
            self.at += 1;
        }
        let mut depth = 0_usize;
        let mut names = Vec::new();
        while let Some(token) = self.peek(0).cloned() {
            match token.word {
                Word::Sign('[') => depth += 1,
                Word::Sign(']') => depth = depth.saturating_sub(1),
                Word::Name(name) => {
                    names.push(name);
                    self.inline(false);
                    if depth > 0 {
                        continue;
                    }
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let says = |word: &str| names.iter().any(|name| name == word);
        (names.first().is_some_and(|name| name == "cfg") && says("test") && !says("not"))
            || (names.len() <= 2 && names.last().is_some_and(|name| name == "test"))
    }

    /// `mod x;` or `mod x {`; false when it is neither.
    fn module(&mut self, test: bool) -> bool {
        let Some(name) = self.peek(1).and_then(Token::name).map(str::to_owned) else { return false };
        match self.peek(2).map(|token| token.word.clone()) {
            Some(Word::Sign(';')) => {
                if test || self.in_test() {
                    self.file.test_children.push(name.clone());
                }
                self.file.children.push(name);
            }
            Some(Word::Sign('{')) => {
                self.open.push((Some(name), test));
                let path = self.inside();
                self.file.inline_modules.push(path);
            }
            _ => return false,
        }
        self.at += 3;
        true
    }

    /// The tree of a `use`, from after `prefix` to its comma, brace or semicolon.
    fn import(&mut self, prefix: Vec<String>, test: bool) {
        let mut segments = prefix;
        let mut line = self.peek(0).map_or(0, |token| token.line);
        let mut bound = None;
        while let Some(token) = self.peek(0).cloned() {
            match token.word {
                Word::Name(name) if name == "as" => {
                    bound = self.peek(1).and_then(Token::name).map(str::to_owned);
                    self.at += 1;
                }
                Word::Name(name) => {
                    line = token.line;
                    segments.push(name);
                }
                Word::Joint => {}
                Word::Sign('*') => {
                    self.at += 1;
                    return self.note(segments, line, test, Role::Glob);
                }
                Word::Sign('{') => {
                    self.at += 1;
                    while let Some(next) = self.peek(0) {
                        if next.is('}') {
                            self.at += 1;
                            return;
                        }
                        if next.is(',') {
                            self.at += 1;
                        } else {
                            self.import(segments.clone(), test);
                        }
                    }
                    return;
                }
                Word::Sign(_) => break,
            }
            self.at += 1;
        }
        if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
            segments.pop();
        }
        if let Some(name) = bound.or_else(|| segments.last().cloned()) {
            self.note(segments, line, test, Role::Bound(name));
        }
    }

    /// A name in code, with what is joined to it.
    fn inline(&mut self, test: bool) {
        let back = |steps| self.at.checked_sub(steps).and_then(|at| self.tokens.get(at));
        let before = back(1);
        // `::name` goes on after a name or a `>`; elsewhere it names an external crate.
        let joins = back(2).is_some_and(|token| token.is('>') || token.name().is_some());
        let continues = before.is_some_and(|token| token.is('.') || (token.word == Word::Joint && joins));
        let visibility = before.and_then(Token::name) == Some("in");
        let line = self.peek(0).map_or(0, |token| token.line);
        let mut segments: Vec<String> = self.peek(0).and_then(Token::name).map(str::to_owned).into_iter().collect();
        self.at += 1;
        while self.peek(0).is_some_and(|token| token.word == Word::Joint) {
            let Some(name) = self.peek(1).and_then(Token::name) else { break };
            segments.push(name.to_owned());
            self.at += 2;
        }
        let joined = segments.len() > 1 || self.peek(0).is_some_and(|token| token.word == Word::Joint);
        if joined && !continues && !(visibility && segments.first().is_some_and(|first| first == "crate")) {
            self.note(segments, line, test, Role::Inline);
        }
    }

    fn note(&mut self, segments: Vec<String>, line: usize, test: bool, role: Role) {
        let (inside, test) = (self.inside(), test || self.in_test());
        self.file.paths.push(Path { inside, segments, line, test, role });
    }
}
