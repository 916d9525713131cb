mod builder;
mod email;
mod gitlab;
mod openai;
mod smtp;
