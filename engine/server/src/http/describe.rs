//! What an endpoint takes and answers, read off its handler's signature: the OpenAPI document
//! cannot say anything else than the code does.

use crate::http::{ApiError, Reply, extract};
use axum::{
    Extension,
    extract::{Path, State},
};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// What is known of one operation. Schemas are JSON Schema 2020-12.
pub struct About<'g> {
    pub generator: &'g mut SchemaGenerator,
    pub query: Vec<Parameter>,
    /// The ids in the path are numbers.
    pub numbered: bool,
    pub body: Option<Content>,
    pub answer: Option<Answered>,
}

pub struct Parameter {
    pub name: String,
    pub schema: Value,
    pub required: bool,
}

pub struct Content {
    pub media_type: &'static str,
    pub schema: Value,
    pub example: Option<Value>,
    pub required: bool,
}

pub enum Answered {
    /// An envelope around such data.
    Data(Value),
    /// Something else than JSON of ours.
    Raw(&'static str, Value),
    /// A file of one of these media types.
    File(&'static [&'static str]),
}

impl<'g> About<'g> {
    pub fn new(generator: &'g mut SchemaGenerator) -> Self {
        Self {
            generator,
            query: Vec::new(),
            numbered: false,
            body: None,
            answer: None,
        }
    }
}

/// A handler's argument.
pub trait Input {
    fn describe(_: &mut About<'_>) {}
}

/// What a handler returns.
pub trait Output {
    fn describe(about: &mut About<'_>);
}

impl<T> Input for State<T> {}
impl<T> Input for Extension<T> {}
impl<T> Input for Path<T> {}
impl Input for super::client::Client {}
impl Input for super::AcceptLanguage {}
impl Input for super::request_id::RequestId {}

impl<I> Input for extract::Id<I> {
    fn describe(about: &mut About<'_>) {
        about.numbered = true;
    }
}

impl<I, J> Input for extract::IdPair<I, J> {
    fn describe(about: &mut About<'_>) {
        about.numbered = true;
    }
}

impl<T: JsonSchema> Output for Reply<T> {
    fn describe(about: &mut About<'_>) {
        let schema = about.generator.subschema_for::<T>();
        about.answer = Some(Answered::Data(schema.to_value()));
    }
}

impl<T: Output> Output for Result<T, ApiError> {
    fn describe(about: &mut About<'_>) {
        T::describe(about);
    }
}

/// A handler. `T` is what axum calls its arguments, with a marker in front.
pub trait Signature<T> {
    fn describe(about: &mut About<'_>);
}

macro_rules! signature {
    ($($argument:ident),*) => {
        impl<F, R, M, $($argument: Input),*> Signature<(M, $($argument,)*)> for F
        where
            F: AsyncFn($($argument),*) -> R,
            R: Output,
        {
            fn describe(about: &mut About<'_>) {
                $($argument::describe(about);)*
                R::describe(about);
            }
        }
    };
}

signature!();
signature!(A);
signature!(A, B);
signature!(A, B, C);
signature!(A, B, C, D);
signature!(A, B, C, D, E);
signature!(A, B, C, D, E, G);
signature!(A, B, C, D, E, G, H);
