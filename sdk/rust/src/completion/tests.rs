mod address;
mod failure;
mod prompt;
mod text;
