mod builder;
mod email;
