mod builder;
mod email;
mod openai;
mod smtp;
