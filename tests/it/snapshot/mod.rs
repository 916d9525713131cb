//! What clients and operators get to see as a whole, compared with what it was: a change of it
//! shows in a commit. The texts are in `text/`; `INSTA_UPDATE=always` with the tests of `snapshot`
//! writes them anew.

mod compare;

mod commands;
mod metrics;
mod openapi;
mod templates;
