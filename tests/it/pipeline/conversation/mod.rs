//! Messages that follow each other: what comes about one thing changes its first message, or
//! answers it, through the real plugins of chats that can.

mod burst;
mod card;
mod kill;
mod ladder;
mod world;
