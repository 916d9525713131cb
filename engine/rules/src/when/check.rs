//! Whether the parts of an expression fit together, and what is said where they do not.

use super::{
    WhenError,
    eval::{Flag, Number, Order, Text, Texts},
    lex::Token,
    names::Kind,
    scope::Fact,
};
use crate::facts::Severity;
use push_notify_core::i18n;

pub(super) type Parsed<T> = Result<T, WhenError>;

/// Something of a known type, and the column where it begins.
pub(super) struct Typed {
    pub(super) value: Value,
    pub(super) column: usize,
}

pub(super) enum Value {
    Flag(Flag),
    Number(Number),
    Text(Text),
    Rank(super::scope::Rank),
    Texts(Texts),
}

impl Value {
    fn kind(&self) -> Kind {
        match self {
            Self::Flag(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::Text(text) if text.is_person() => Kind::Person,
            Self::Text(_) => Kind::Text,
            Self::Rank(_) => Kind::Severity,
            Self::Texts(_) => Kind::List,
        }
    }
}

pub(super) fn value_of(fact: Fact) -> Value {
    match fact {
        Fact::Word(word) => Value::Text(Text::Fact(word)),
        Fact::Int(int) => Value::Number(Number::Fact(int)),
        Fact::Flag(bit) => Value::Flag(Flag::Bit(bit)),
        Fact::Rank(rank) => Value::Rank(rank),
        Fact::Person(person) => Value::Text(Text::Person(person)),
        Fact::List(list) => Value::Texts(Texts::Fact(list)),
    }
}

pub(super) fn compare(order: Order, column: usize, left: Typed, right: Typed) -> Parsed<Flag> {
    let is_equality = matches!(order, Order::Equal | Order::Unequal);
    let kinds = (left.value.kind(), right.value.kind());
    match (left.value, right.value) {
        (Value::Number(left), Value::Number(right)) => Ok(Flag::Numbers(order, left, right)),
        (Value::Text(left), Value::Text(right))
            if is_equality || !left.is_person() && !right.is_person() =>
        {
            Ok(Flag::Texts(order, left, right))
        }
        (Value::Flag(left), Value::Flag(right)) if is_equality => {
            let same = Flag::Same(Box::new(left), Box::new(right));
            Ok(match order {
                Order::Equal => same,
                _ => Flag::Not(Box::new(same)),
            })
        }
        (Value::Rank(rank), Value::Text(Text::Is(word))) => {
            Ok(Flag::Rank(rank, order, severity(&word, right.column)?))
        }
        (Value::Text(Text::Is(word)), Value::Rank(rank)) => {
            let order = match order {
                Order::Less => Order::More,
                Order::LessOrEqual => Order::MoreOrEqual,
                Order::More => Order::Less,
                Order::MoreOrEqual => Order::LessOrEqual,
                equality => equality,
            };
            Ok(Flag::Rank(rank, order, severity(&word, left.column)?))
        }
        _ => Err(WhenError {
            column,
            problem: i18n::Text::made(
                format!("不能这样比较{}与{}", kinds.0.name(), kinds.1.name()),
                format!(
                    "cannot compare {} with {} in this way",
                    kinds.0.name(),
                    kinds.1.name()
                ),
            ),
        }),
    }
}

/// `left in right`
pub(super) fn within(column: usize, left: Typed, right: Typed) -> Parsed<Flag> {
    match (left.value, right.value) {
        (Value::Text(text), Value::Texts(list)) => Ok(Flag::In(text, list)),
        (Value::Rank(rank), Value::Texts(Texts::Are(words))) => {
            let mut any = Flag::Is(false);
            for word in words {
                let Text::Is(word) = word else {
                    return Err(error(
                        right.column,
                        "只能包含引号中的文本",
                        "must hold texts in quotes only",
                    ));
                };
                let is = Flag::Rank(rank, Order::Equal, severity(&word, right.column)?);
                any = Flag::Or(Box::new(any), Box::new(is));
            }
            Ok(any)
        }
        _ => Err(error(
            column,
            "in的左边必须是文本，右边必须是列表",
            "in needs a text before it and a list after it",
        )),
    }
}

pub(super) fn severity(word: &str, column: usize) -> Parsed<Severity> {
    Severity::of_name(word).ok_or_else(|| WhenError {
        column,
        problem: i18n::Text::made(
            format!("必须是以下之一：{}", Severity::NAMES.join(", ")),
            format!("must be one of: {}", Severity::NAMES.join(", ")),
        ),
    })
}

pub(super) fn size(of: Typed) -> Parsed<Value> {
    match of.value {
        Value::Texts(list) => Ok(Value::Number(Number::Size(Box::new(list)))),
        Value::Text(text) => Ok(Value::Number(Number::Length(Box::new(text)))),
        _ => Err(error(
            of.column,
            "size只能用于文本或列表",
            "size is that of a text or a list",
        )),
    }
}

pub(super) fn flag(of: Typed) -> Parsed<Flag> {
    match of.value {
        Value::Flag(flag) => Ok(flag),
        value => Err(mistyped(&value, Kind::Boolean, of.column)),
    }
}

pub(super) fn number(of: Typed) -> Parsed<Number> {
    match of.value {
        Value::Number(number) => Ok(number),
        value => Err(mistyped(&value, Kind::Number, of.column)),
    }
}

pub(super) fn text(of: Typed) -> Parsed<Text> {
    match of.value {
        Value::Text(text) => Ok(text),
        value => Err(mistyped(&value, Kind::Text, of.column)),
    }
}

pub(super) fn texts(of: Typed) -> Parsed<Texts> {
    match of.value {
        Value::Texts(texts) => Ok(texts),
        value => Err(mistyped(&value, Kind::List, of.column)),
    }
}

pub(super) fn mistyped(value: &Value, wanted: Kind, column: usize) -> WhenError {
    let (is, wanted) = (value.kind().name(), wanted.name());
    WhenError {
        column,
        problem: i18n::Text::made(
            format!("此处应为{wanted}，却是{is}"),
            format!("a {wanted} is expected here, and this is a {is}"),
        ),
    }
}

pub(super) fn unknown<'n>(
    name: &str,
    column: usize,
    known: impl Iterator<Item = &'n str> + Clone,
) -> WhenError {
    let distance = |known: &&str| strsim::damerau_levenshtein(known, name);
    let nearest = known.clone().min_by_key(distance);
    let nearest = nearest.filter(|known| distance(known) <= 1 + name.len() / 3);
    let (zh, en) = match nearest {
        Some(near) => (
            format!("，是否为{near}？"),
            format!("; did you mean {near}?"),
        ),
        None => {
            let all = known.collect::<Vec<_>>().join(", ");
            (format!("，可用：{all}"), format!("; known are: {all}"))
        }
    };
    WhenError {
        column,
        problem: i18n::Text::made(format!("没有{name}{zh}"), format!("there is no {name}{en}")),
    }
}

pub(super) fn unexpected(token: &Token, column: usize) -> WhenError {
    let (zh, en) = match token {
        Token::End => ("表达式不完整".to_owned(), "it ends too early".to_owned()),
        Token::Name(name) => (
            format!("此处不应有{name}"),
            format!("{name} is not expected here"),
        ),
        Token::Text(_) => (
            "此处不应有文本".to_owned(),
            "a text is not expected here".to_owned(),
        ),
        Token::Number(number) => (
            format!("此处不应有{number}"),
            format!("{number} is not expected here"),
        ),
        Token::Sign(sign) => (
            format!("此处不应有{sign}"),
            format!("{sign} is not expected here"),
        ),
    };
    WhenError {
        column,
        problem: i18n::Text::made(zh, en),
    }
}

pub(super) fn error(column: usize, zh: &'static str, en: &'static str) -> WhenError {
    WhenError {
        column,
        problem: i18n::Text::new(zh, en),
    }
}
