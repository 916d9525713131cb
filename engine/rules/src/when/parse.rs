//! From tokens to a checked expression. It goes down one function for each rank of operators, and
//! no deeper than [`DEEPEST`] brackets.

use super::{
    WhenError,
    check::{
        Parsed, Typed, Value, compare, error, flag, number, size, text, texts, unexpected, unknown,
        value_of, within,
    },
    eval::{Flag, Number, Order, Test, Text, Texts},
    lex::{Placed, Token},
    names::NAMES,
    scope::Fact,
};
use push_notify_core::i18n;
use regex_lite::RegexBuilder;

/// Brackets and negations within one another.
const DEEPEST: usize = 32;
/// Of a compiled regular expression, in bytes.
const LARGEST_REGEX: usize = 64 * 1024;

struct Parser {
    tokens: std::vec::IntoIter<Placed>,
    next: Placed,
    depth: usize,
    /// The name for each entry of the list that is walked over.
    each: Option<String>,
    reads_review: bool,
}

/// The expression, and whether it asks for what a review came to.
pub(super) fn parse(tokens: Vec<Placed>) -> Parsed<(Flag, bool)> {
    let mut tokens = tokens.into_iter();
    let next = tokens.next().unwrap_or((Token::End, 1));
    let mut parser = Parser {
        tokens,
        next,
        depth: 0,
        each: None,
        reads_review: false,
    };
    if parser.next.0 == Token::End {
        return Err(error(1, "不能为空", "must not be empty"));
    }
    let whole = parser.either()?;
    match &parser.next {
        (Token::End, _) => {}
        (Token::Name(word), column) if matches!(&**word, "and" | "or") => {
            return Err(error(*column, "请使用&&或||", "write && or ||"));
        }
        (Token::Sign("="), column) => {
            return Err(error(*column, "比较请使用==", "write == to compare"));
        }
        (token, column) => return Err(unexpected(token, *column)),
    }
    Ok((flag(whole)?, parser.reads_review))
}

impl Parser {
    fn advance(&mut self) -> Placed {
        let end = (Token::End, self.next.1);
        let next = self.tokens.next().unwrap_or(end);
        std::mem::replace(&mut self.next, next)
    }

    /// Takes the sign if it comes next.
    fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(&self.next.0, Token::Sign(next) if *next == sign);
        if is_next {
            self.advance();
        }
        is_next
    }

    fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        let column = self.next.1;
        match self.takes(sign) {
            true => Ok(()),
            false => Err(WhenError {
                column,
                problem: i18n::Text::made(
                    format!("此处应为{sign}"),
                    format!("{sign} is expected here"),
                ),
            }),
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST {
            return Err(error(
                self.next.1,
                "嵌套过深",
                "brackets and negations go too deep",
            ));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn either(&mut self) -> Parsed<Typed> {
        let mut left = self.both()?;
        while self.takes("||") {
            let right = flag(self.both()?)?;
            let column = left.column;
            let value = Flag::Or(Box::new(flag(left)?), Box::new(right));
            left = Typed {
                value: Value::Flag(value),
                column,
            };
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed<Typed> {
        let mut left = self.compared()?;
        while self.takes("&&") {
            let right = flag(self.compared()?)?;
            let column = left.column;
            let value = Flag::And(Box::new(flag(left)?), Box::new(right));
            left = Typed {
                value: Value::Flag(value),
                column,
            };
        }
        Ok(left)
    }

    fn compared(&mut self) -> Parsed<Typed> {
        let left = self.sum()?;
        let column = self.next.1;
        let order = match &self.next.0 {
            Token::Sign("==") => Some(Order::Equal),
            Token::Sign("!=") => Some(Order::Unequal),
            Token::Sign("<") => Some(Order::Less),
            Token::Sign("<=") => Some(Order::LessOrEqual),
            Token::Sign(">") => Some(Order::More),
            Token::Sign(">=") => Some(Order::MoreOrEqual),
            Token::Name(word) if word == "in" => None,
            _ => return Ok(left),
        };
        self.advance();
        let right = self.sum()?;
        let start = left.column;
        let value = match order {
            Some(order) => compare(order, column, left, right)?,
            None => within(column, left, right)?,
        };
        Ok(Typed {
            value: Value::Flag(value),
            column: start,
        })
    }

    fn sum(&mut self) -> Parsed<Typed> {
        let mut left = self.negated()?;
        loop {
            let is_plus = match &self.next.0 {
                Token::Sign("+") => true,
                Token::Sign("-") => false,
                _ => return Ok(left),
            };
            self.advance();
            let right = Box::new(number(self.negated()?)?);
            let column = left.column;
            let first = Box::new(number(left)?);
            let value = match is_plus {
                true => Number::Plus(first, right),
                false => Number::Minus(first, right),
            };
            left = Typed {
                value: Value::Number(value),
                column,
            };
        }
    }

    fn negated(&mut self) -> Parsed<Typed> {
        let column = self.next.1;
        if self.takes("!") {
            let inner = self.deeper(Self::negated)?;
            let value = Value::Flag(Flag::Not(Box::new(flag(inner)?)));
            return Ok(Typed { value, column });
        }
        if self.takes("-") {
            let inner = number(self.deeper(Self::negated)?)?;
            let value = Number::Minus(Box::new(Number::Is(0)), Box::new(inner));
            return Ok(Typed {
                value: Value::Number(value),
                column,
            });
        }
        let mut value = self.primary()?;
        while self.takes(".") {
            value = self.method(value)?;
        }
        Ok(value)
    }

    fn primary(&mut self) -> Parsed<Typed> {
        let (token, column) = self.advance();
        let value = match token {
            Token::Number(number) => Value::Number(Number::Is(number)),
            Token::Text(text) => Value::Text(Text::Is(text)),
            Token::Sign("(") => {
                let inner = self.deeper(Self::either)?;
                self.expect(")")?;
                inner.value
            }
            Token::Sign("[") => Value::Texts(self.deeper(Self::list)?),
            Token::Name(name) => self.named(name, column)?,
            token => return Err(unexpected(&token, column)),
        };
        Ok(Typed { value, column })
    }

    fn list(&mut self) -> Parsed<Texts> {
        let mut texts = Vec::new();
        while !self.takes("]") {
            if !texts.is_empty() {
                self.expect(",")?;
            }
            let entry = self.sum()?;
            texts.push(text(entry)?);
        }
        Ok(Texts::Are(texts))
    }

    fn named(&mut self, name: String, column: usize) -> Parsed<Value> {
        match name.as_str() {
            "true" => return Ok(Value::Flag(Flag::Is(true))),
            "false" => return Ok(Value::Flag(Flag::Is(false))),
            "not" => return Err(error(column, "请使用!", "write ! for not")),
            "and" | "or" => return Err(error(column, "请使用&&或||", "write && or ||")),
            _ => {}
        }
        if self.each.as_ref() == Some(&name) {
            return Ok(Value::Text(Text::Each));
        }
        if self.takes("(") {
            return self.deeper(|parser| parser.function(&name, column));
        }
        self.fact(name, column).map(value_of)
    }

    /// A name, with its part after the point where it has one.
    fn fact(&mut self, mut name: String, column: usize) -> Parsed<Fact> {
        if name == "review" {
            self.expect(".")?;
            let (token, at) = self.advance();
            let Token::Name(part) = token else {
                return Err(unexpected(&token, at));
            };
            name = format!("review.{part}");
        }
        let Some(known) = NAMES.iter().find(|known| known.name == name) else {
            return Err(unknown(&name, column, NAMES.iter().map(|known| known.name)));
        };
        self.reads_review |= known.fact.is_of_review();
        Ok(known.fact)
    }

    /// `name(`, up to its bracket.
    fn function(&mut self, name: &str, column: usize) -> Parsed<Value> {
        let value = match name {
            "has" => {
                let (token, at) = self.advance();
                let Token::Name(name) = token else {
                    return Err(error(at, "此处应为名称", "a name is expected here"));
                };
                Value::Flag(Flag::Has(self.fact(name, at)?))
            }
            "size" => {
                let of = self.sum()?;
                size(of)?
            }
            "label" => Value::Text(Text::Label(self.literal()?)),
            _ => {
                return Err(unknown(name, column, ["has", "size", "label"].into_iter()));
            }
        };
        self.expect(")")?;
        Ok(value)
    }

    fn literal(&mut self) -> Parsed<String> {
        match self.advance() {
            (Token::Text(text), _) => Ok(text),
            (_, column) => Err(error(
                column,
                "此处应为引号中的文本",
                "a text in quotes is expected here",
            )),
        }
    }

    /// `of.name(...)`
    fn method(&mut self, of: Typed) -> Parsed<Typed> {
        const METHODS: [&str; 8] = [
            "startsWith",
            "endsWith",
            "contains",
            "matches",
            "size",
            "lowerAscii",
            "exists",
            "all",
        ];
        let start = of.column;
        let (token, column) = self.advance();
        let Token::Name(name) = token else {
            return Err(unexpected(&token, column));
        };
        if !METHODS.contains(&name.as_str()) {
            return Err(unknown(&name, column, METHODS.into_iter()));
        }
        self.expect("(")?;
        let value = self.deeper(|parser| parser.call(&name, column, of))?;
        self.expect(")")?;
        Ok(Typed {
            value,
            column: start,
        })
    }

    fn call(&mut self, name: &str, column: usize, of: Typed) -> Parsed<Value> {
        let test = match name {
            "startsWith" => Test::StartsWith,
            "endsWith" => Test::EndsWith,
            "contains" => Test::Contains,
            "size" => return size(of),
            "lowerAscii" => return Ok(Value::Text(Text::Lower(Box::new(text(of)?)))),
            "matches" => {
                let of = text(of)?;
                let at = self.next.1;
                let regex = RegexBuilder::new(&self.literal()?)
                    .size_limit(LARGEST_REGEX)
                    .build();
                let regex = regex.map_err(|cause| WhenError {
                    column: at,
                    problem: i18n::Text::made(
                        format!("正则表达式无效：{cause}"),
                        format!("is no regular expression: {cause}"),
                    ),
                })?;
                return Ok(Value::Flag(Flag::Matches(of, Box::new(regex))));
            }
            _ => return self.walk(name, column, of),
        };
        let part = self.sum()?;
        Ok(Value::Flag(Flag::Test(test, text(of)?, text(part)?)))
    }

    /// `list.exists(x, ...)` and `list.all(x, ...)`
    fn walk(&mut self, name: &str, column: usize, of: Typed) -> Parsed<Value> {
        let list = texts(of)?;
        if self.each.is_some() {
            return Err(error(
                column,
                "不能嵌套遍历列表",
                "a list cannot be walked over within another",
            ));
        }
        let (token, at) = self.advance();
        let Token::Name(each) = token else {
            return Err(error(
                at,
                "此处应为每一项的名称，例如labels.exists(l, l == 'x')",
                "a name for each entry is expected here, as in labels.exists(l, l == 'x')",
            ));
        };
        self.expect(",")?;
        self.each = Some(each);
        let condition = self.either().and_then(flag);
        self.each = None;
        let condition = Box::new(condition?);
        Ok(Value::Flag(match name {
            "all" => Flag::AllOf(list, condition),
            _ => Flag::AnyOf(list, condition),
        }))
    }
}
