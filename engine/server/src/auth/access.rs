//! Who may call an endpoint.

use crate::owner::Thing;
use std::fmt;

/// One column of the route table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever logged in by password: no API key, whatever its scopes.
    Login,
    /// As `Login`; with a password that has to be changed too.
    Account,
    /// Both roles, by login or with any API key; with a password that has to be changed too.
    Anyone,
    /// Administrators who logged in by password.
    AdminLogin,
    /// Both roles, by login or with an API key of this scope: for lists, which show to each what
    /// they may see, and for what is yet to be made.
    User(Noun, Verb),
    /// Whoever may see the thing that the path names (`auth.visibility`), by login or with an API
    /// key for its noun and this verb. To others it is not there.
    Viewer(Thing, Verb),
    /// Whoever may change the thing that the path names: its owner, the members of the team that
    /// owns it, and administrators; by login or with an API key that may write its noun. To whoever
    /// may not see it, it is not there.
    Owner(Thing),
    /// Administrators, by login or with an API key of this scope.
    Admin(Noun, Verb),
    /// Whoever has `metrics.token`, and administrators, by login or with an API key for
    /// `system:read`.
    Scraper,
}

impl Access {
    /// What an API key needs to be of use here.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::User(noun, verb) | Self::Admin(noun, verb) => Some(Scope(noun, verb)),
            Self::Viewer(thing, verb) => Some(Scope(thing.noun(), verb)),
            Self::Owner(thing) => Some(Scope(thing.noun(), Verb::Write)),
            Self::Scraper => Some(Scope(Noun::System, Verb::Read)),
            Self::Public | Self::Login | Self::Account | Self::Anyone | Self::AdminLogin => None,
        }
    }

    pub fn admin_only(self) -> bool {
        matches!(self, Self::Admin(..) | Self::AdminLogin | Self::Scraper)
    }

    /// The thing that the path names, where not everybody may see or change it, and what is done to
    /// it.
    pub fn thing(self) -> Option<(Thing, Verb)> {
        match self {
            // What is made of it or with it leaves it as it is.
            Self::Viewer(thing, _) => Some((thing, Verb::Read)),
            Self::Owner(thing) => Some((thing, Verb::Write)),
            _ => None,
        }
    }

    /// Whoever registered waits for an administrator before they do this.
    pub fn writes(self) -> bool {
        self.scope().is_some_and(|scope| scope.1 == Verb::Write)
    }

    /// API keys are of no use here.
    pub fn login_only(self) -> bool {
        matches!(self, Self::Login | Self::Account | Self::AdminLogin)
    }

    /// Whoever has a temporary password gets nowhere else.
    pub fn before_new_password(self) -> bool {
        matches!(self, Self::Public | Self::Account | Self::Anyone)
    }
}

/// What an API key is good for: `repos:read`. A key that may write may read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(pub Noun, pub Verb);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Read,
    Write,
}

macro_rules! nouns {
    ($($noun:ident $name:literal),* $(,)?) => {
        /// What endpoints are about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Noun {
            $($noun),*
        }

        impl Noun {
            pub const ALL: &'static [Self] = &[$(Self::$noun),*];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$noun => $name),*
                }
            }
        }

        impl Scope {
            /// Each noun to be read, and to be written.
            pub const NAMES: &'static [&'static str] =
                &[$(concat!($name, ":read"), concat!($name, ":write")),*];
        }
    };
}

nouns! {
    Repos "repos",
    Targets "targets",
    Rules "rules",
    People "people",
    Templates "templates",
    Prompts "prompts",
    Models "models",
    Events "events",
    Pushes "pushes",
    Reviews "reviews",
    Plugins "plugins",
    Teams "teams",
    Users "users",
    Logs "logs",
    System "system",
}

impl Scope {
    /// What `NAMES` calls it.
    pub fn parse(name: &str) -> Option<Self> {
        let (noun, verb) = name.split_once(':')?;
        let noun = Noun::ALL.iter().find(|known| known.name() == noun)?;
        match verb {
            "read" => Some(Self(*noun, Verb::Read)),
            "write" => Some(Self(*noun, Verb::Write)),
            _ => None,
        }
    }

    /// Whether a key of this scope may do what needs `needed`.
    pub fn covers(self, needed: Self) -> bool {
        self.0 == needed.0 && (self.1 == Verb::Write || needed.1 == Verb::Read)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.1 {
            Verb::Read => "read",
            Verb::Write => "write",
        };
        write!(f, "{}:{verb}", self.0.name())
    }
}
