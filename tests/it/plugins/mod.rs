mod builder;
mod email;
mod smtp;
