mod address;
mod events;
mod failure;
mod prompt;
mod text;
mod words;
