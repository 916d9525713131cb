//! What the tests stand on: a server of their own ([`TestApp`], or [`Node`] when it has to be
//! killed), a database of their own ([`Backend`]), and stand-ins for the world outside
//! ([`DingTalk`], [`Slack`], [`Telegram`], [`Smtp`], [`Receiver`], [`OpenAi`], [`Anthropic`],
//! [`Ollama`], Git hosts in [`forge`]), or the real ones ([`Alertmanager`], [`AioSmtpd`],
//! [`RedisServer`], [`PostgresServer`]).

mod alertmanager;
mod anthropic;
mod api;
mod app;
mod collector;
pub mod contract;
mod database;
mod dingtalk;
mod disk;
pub mod forge;
mod github;
mod load;
mod logs;
mod messages;
mod node;
mod ollama;
mod openai;
mod openapi;
mod outside;
mod payload;
mod plugins;
mod postgres;
mod proof;
mod receiver;
mod slack;
mod smtp;
mod target;
mod telegram;
mod tls;
mod wait;

pub use alertmanager::Alertmanager;
pub use anthropic::Anthropic;
pub use api::{Answer, Api};
pub use app::{Builder, Repo, TestApp};
pub use collector::{Collector, SeenSpan};
pub use database::{Backend, Database};
pub use dingtalk::DingTalk;
pub use disk::SmallDisk;
pub use github::{Delivery, push_body, signature};
pub use load::{Arrived, Load, Origin};
pub use logs::Logs;
pub use node::{Node, Site};
pub use ollama::Ollama;
pub use openai::OpenAi;
pub use openapi::{OpenApi, Operation, Parameter};
pub use outside::{AioSmtpd, RedisServer, redis_url};
pub use payload::Payload;
pub use plugins::{
    OFFICIAL, compiled_plugins, example_channel, guest, manifest_of, official, replace_manifest,
    workspace,
};
pub use postgres::PostgresServer;
pub use proof::{Proof, standard_signature};
pub use receiver::{Receiver, Request, Response};
pub use slack::{Slack, SlackMessage};
pub use smtp::{Action, Mail, Security, Smtp, Stage};
pub use target::{Email, Robot};
pub use telegram::{Telegram, TelegramMessage};
pub use tls::Authority;
pub use wait::{WAIT_TIMEOUT, until};

/// Runs each named `async fn(Backend)` as two tests: `NAME::sqlite` and `NAME::postgres`.
#[macro_export]
macro_rules! both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::Backend::Postgres).await;
            }
        }
    )*};
}
