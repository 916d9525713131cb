use super::message::Server;
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The forms in which a login goes over the wire, besides the values themselves: servers quote
/// commands that they do not like.
pub(super) struct Echoes(Vec<String>);

const HIDDEN: &str = "[login]";
/// Shorter forms are too likely to occur by chance.
const SHORTEST: usize = 8;

impl Echoes {
    pub(super) fn new(server: &Server) -> Self {
        let (Some(username), Some(password)) = (&server.username, &server.password) else {
            return Self(Vec::new());
        };
        // RFC 4616, and the AUTH LOGIN of old.
        let plain = STANDARD.encode(format!("\0{username}\0{password}"));
        let login = STANDARD.encode(password);
        let bare = |form: &str| form.trim_end_matches('=').to_owned();
        // Some leave the padding out when they quote.
        let forms = [bare(&plain), bare(&login)];
        let forms = [plain, login].into_iter().chain(forms);
        Self(forms.filter(|form| form.len() >= SHORTEST).collect())
    }

    /// Before anything is cut, or half of a form would stay.
    pub(super) fn hide(&self, mut text: String) -> String {
        for form in &self.0 {
            if text.contains(form) {
                text = text.replace(form, HIDDEN);
            }
        }
        text
    }
}
