mod ai;
mod builder;
mod email;
mod gitee;
mod gitlab;
mod openai;
mod smtp;
mod sweep;
