//! Rust source as words: identifiers, `::` and single signs, with comments and the insides of literals taken out. Just
//! enough to find paths; not a parser.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Name(String),
    /// `::`
    Joint,
    Sign(char),
}

#[derive(Clone, Debug)]
pub struct Token {
    pub word: Word,
    pub line: usize,
}

impl Token {
    pub fn name(&self) -> Option<&str> {
        match &self.word {
            Word::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn is(&self, sign: char) -> bool {
        self.word == Word::Sign(sign)
    }
}

pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { rest: text.chars().collect(), at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(sign) = reader.peek(0) {
        let line = reader.line;
        let word = match sign {
            '/' if reader.peek(1) == Some('/') => {
                reader.skip_while(|sign| sign != '\n');
                continue;
            }
            '/' if reader.peek(1) == Some('*') => {
                reader.block_comment();
                continue;
            }
            '"' => {
                reader.text(None);
                continue;
            }
            '\'' => {
                reader.quote();
                continue;
            }
            _ if sign.is_whitespace() => {
                reader.next();
                continue;
            }
            _ if sign.is_alphanumeric() || sign == '_' => {
                let name = reader.name();
                if reader.literal_after(&name) {
                    continue;
                }
                Word::Name(name)
            }
            ':' if reader.peek(1) == Some(':') => {
                reader.next();
                reader.next();
                Word::Joint
            }
            _ => {
                reader.next();
                Word::Sign(sign)
            }
        };
        tokens.push(Token { word, line });
    }
    tokens
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let sign = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(sign == '\n');
        Some(sign)
    }

    fn pass(&mut self, signs: usize) {
        for _ in 0..signs {
            self.next();
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.next();
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(sign) = self.peek(0).filter(|sign| sign.is_alphanumeric() || *sign == '_') {
            name.push(sign);
            self.next();
        }
        name
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(sign) = self.next() {
            match (sign, self.peek(0)) {
                ('/', Some('*')) => {
                    self.next();
                    depth += 1;
                }
                ('*', Some('/')) => {
                    self.next();
                    depth -= 1;
                }
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// `r".."`, `br#".."#`, `b".."`, `c".."`, `b'..'`, `r#name`: whether `prefix` was the start of one that was skipped.
    fn literal_after(&mut self, prefix: &str) -> bool {
        match prefix {
            "r" | "br" | "cr" => {
                let hashes = (0..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
                if self.peek(hashes) != Some('"') {
                    return hashes > 0 && prefix == "r" && {
                        self.next();
                        true
                    };
                }
                self.pass(hashes);
                self.text(Some(hashes));
                true
            }
            "b" | "c" if self.peek(0) == Some('"') => {
                self.text(None);
                true
            }
            "b" if self.peek(0) == Some('\'') => {
                self.quote();
                true
            }
            _ => false,
        }
    }

    /// Skips a string that starts here; a raw one ends with as many hashes.
    fn text(&mut self, raw: Option<usize>) {
        self.next();
        while let Some(sign) = self.next() {
            match (sign, raw) {
                ('\\', None) => self.pass(1),
                ('"', None) => return,
                ('"', Some(hashes)) if (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) => {
                    self.pass(hashes);
                    return;
                }
                _ => {}
            }
        }
    }

    /// Skips a character literal or the tick of a lifetime.
    fn quote(&mut self) {
        self.next();
        if self.peek(0) == Some('\\') {
            self.next();
            self.next();
            self.skip_while(|sign| sign != '\'');
            self.next();
        } else if self.peek(1) == Some('\'') {
            self.next();
            self.next();
        } else {
            self.name();
        }
    }
}
