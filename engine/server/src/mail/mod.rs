//! Mail of the server's own, such as the links that activate accounts. It has nothing to do with
//! the channel plugins.

mod mailer;

pub use mailer::{Mail, MailError, Mailer};
