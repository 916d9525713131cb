//! Deliveries: authentic ones, those of somebody else, malformed and huge ones.

mod bounds;

pub use bounds::{
    a_huge_commit_is_shortened, a_list_may_be_null_or_missing_but_nothing_else,
    a_push_of_many_large_commits_keeps_the_newest_and_the_true_total,
    a_reason_stays_short_whatever_the_delivery_holds, the_longest_names_break_nothing,
};

use crate::{
    Delivery, Provider, Rejection,
    testing::{Host, is_malformed, is_unauthenticated, outcome, webhook},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// How a Git host writes its deliveries.
pub trait ProviderRow: Provider {
    /// The plugin's id.
    const ID: &'static str;
    /// The folder of the fixtures: `EVENT.CASE.json`, each with what becomes of it in
    /// `EVENT.CASE.expected.json`.
    const FIXTURES: &'static str;
    /// One of them, a push that is taken.
    const PUSH: &'static str = "push.branch";
    /// What the host calls the events that are taken.
    const EVENTS: &'static [&'static str];
    /// Whether the host sends forms, too.
    const FORMS: bool = true;
    /// Whether the proof is of the body, so that it holds for no other.
    const SIGNS_BODY: bool = true;
    /// What the clock says, in ms since 1970.
    const NOW_MS: u64 = 1_793_610_611_000;

    /// A configuration, in which [`PLACEHOLDER`] stands for the webhook secret.
    fn config() -> Value {
        json!({"url": "https://git.example.com/orchard-works/pear-ledger", "webhook_secret": PLACEHOLDER})
    }

    /// What the host calls the event of a fixture, by the start of the fixture's name.
    fn event(fixture: &str) -> String {
        fixture.to_owned()
    }

    /// The header that names an event.
    fn named(event: &str) -> (&'static str, String);

    /// The headers by which a delivery proves that its sender knows the secret.
    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)>;

    /// The same headers with nothing in them, in each way in which hosts send them where no secret
    /// is set.
    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>>;

    /// Bodies that the host never sends, besides those that no host does.
    fn strange() -> Vec<&'static str> {
        Vec::new()
    }

    /// Deliveries that hold this text where a reason may quote it, besides a push's.
    fn quoting(_text: &str) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// A push of these commits, of which the last is the newest.
    fn push_of(commits: Vec<Value>) -> Value {
        json!({
            "ref": "refs/heads/main", "commits": commits,
            "repository": {"full_name": "orchard-works/pear-ledger"},
        })
    }
}

/// A delivery to be proven.
pub struct Sent<'a> {
    pub secret: &'a str,
    pub body: &'a [u8],
    /// The JSON in the body.
    pub payload: &'a [u8],
}

/// What stands for the webhook secret, which is [`SECRET`].
pub const PLACEHOLDER: &str = "secret-placeholder";
pub const SECRET: &str = "test-secret-not-real";
const OTHER: &str = "another-secret-not-real";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const JSON: &str = "application/json";

pub type Headers = Vec<(&'static str, String)>;
pub type Received = Result<Delivery, Rejection>;

/// A delivery with these headers. As the engine does, one that is the secret holds the placeholder.
pub fn receive<R: ProviderRow>(config: Value, headers: &Headers, body: &[u8]) -> Received {
    let shown = |value: &String| match value == SECRET {
        true => PLACEHOLDER.to_owned(),
        false => value.clone(),
    };
    let headers: Vec<(&str, String)> = headers
        .iter()
        .map(|(name, value)| (*name, shown(value)))
        .collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, it)| (*name, &**it)).collect();
    let config = serde_json::from_value(config).expect("the row's configuration");
    Host::new()
        .now_ms(R::NOW_MS)
        .secret(PLACEHOLDER, SECRET)
        .run(|| R::receive(webhook(&headers, body), config))
}

/// Ways to prove nothing.
fn none<R: ProviderRow>() -> Vec<Headers> {
    let owned = |(name, value): (&'static str, &str)| (name, value.to_owned());
    let empty = R::no_proofs().into_iter();
    let empty = empty.map(|headers| headers.into_iter().map(owned).collect());
    std::iter::once(Vec::new()).chain(empty).collect()
}

fn headers<R: ProviderRow>(event: &str, kind: &str, proof: Headers) -> Headers {
    let kind = ("content-type", kind.to_owned());
    [vec![R::named(event), kind], proof].concat()
}

fn proven<R: ProviderRow>(body: &[u8], secret: &str) -> Headers {
    let payload = body;
    let sent = Sent {
        secret,
        body,
        payload,
    };
    Host::new().now_ms(R::NOW_MS).run(|| R::proof(&sent))
}

/// An authentic delivery of JSON.
pub fn deliver<R: ProviderRow>(event: &str, body: &[u8]) -> Received {
    let headers = headers::<R>(event, JSON, proven::<R>(body, SECRET));
    receive::<R>(R::config(), &headers, body)
}

fn push_event<R: ProviderRow>() -> &'static str {
    R::EVENTS[0]
}

fn push<R: ProviderRow>() -> Vec<u8> {
    fixture::<R>(&format!("{}.json", R::PUSH))
}

/// A file of the row's fixtures.
pub fn fixture<R: ProviderRow>(file: &str) -> Vec<u8> {
    let path = Path::new(R::FIXTURES).join(file);
    fs::read(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// The host's word for the event, and the name, of each fixture.
pub fn fixtures<R: ProviderRow>() -> Vec<(String, String)> {
    let folder = fs::read_dir(R::FIXTURES).expect("the folder of the fixtures");
    let names = folder.map(|file| file.expect("a file").file_name().into_string());
    let names = names.map(|name| name.expect("a name of letters"));
    let mut names: Vec<(String, String)> = names
        .filter_map(|file| Some(file.strip_suffix(".json")?.to_owned()))
        .filter(|name| !name.ends_with(".expected"))
        .map(|name| (R::event(name.split('.').next().unwrap_or(&name)), name))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "{} fixtures", names.len());
    names
}

/// With `UPDATE_FIXTURES=1` in the environment, what becomes of each is written beside it instead:
/// to be read before it is committed.
pub fn every_fixture_becomes_the_event_beside_it<R: ProviderRow>() {
    for (event, name) in fixtures::<R>() {
        let received = deliver::<R>(&event, &fixture::<R>(&format!("{name}.json")));
        let file = format!("{name}.expected.json");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            let told = serde_json::to_string_pretty(&outcome(R::ID, &received)).expect("JSON");
            fs::write(Path::new(R::FIXTURES).join(file), told + "\n").expect("a fixture");
            continue;
        }
        let expected = fixture::<R>(&file);
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        assert_eq!(outcome(R::ID, &received), expected, "{name}");
    }
}

pub fn a_form_body_is_the_same_event<R: ProviderRow>() {
    if !R::FORMS {
        return;
    }
    for (event, name) in fixtures::<R>() {
        let payload = &fixture::<R>(&format!("{name}.json"))[..];
        let body = &form(payload)[..];
        let secret = SECRET;
        let sent = Sent {
            secret,
            body,
            payload,
        };
        let proof = Host::new().now_ms(R::NOW_MS).run(|| R::proof(&sent));
        let by_form = receive::<R>(R::config(), &headers::<R>(&event, FORM, proof), body);
        let by_json = deliver::<R>(&event, payload);
        let shown = |received| outcome(R::ID, received);
        assert_eq!(shown(&by_form), shown(&by_json), "{name}");
    }
}

/// `+` for a space, everything else escaped.
fn form(payload: &[u8]) -> Vec<u8> {
    let mut form = b"payload=".to_vec();
    for byte in payload {
        match byte {
            b' ' => form.push(b'+'),
            byte if byte.is_ascii_alphanumeric() => form.push(*byte),
            byte => form.extend(format!("%{byte:02x}").into_bytes()),
        }
    }
    form
}

pub fn what_proves_nothing_is_refused_before_anything_else<R: ProviderRow>() {
    let body = b"no json at all";
    let deliver = |proof, body: &[u8]| {
        let headers = headers::<R>(push_event::<R>(), JSON, proof);
        receive::<R>(R::config(), &headers, body)
    };
    let mut proofs = none::<R>();
    proofs.extend([proven::<R>(body, OTHER), proven::<R>(body, "")]);
    for proof in proofs {
        let result = deliver(proof.clone(), body);
        assert!(is_unauthenticated(&result), "{proof:?}: {result:?}");
    }
    // Only then it is found to be no JSON.
    let result = deliver(proven::<R>(body, SECRET), body);
    assert!(is_malformed(&result), "{result:?}");
    if R::SIGNS_BODY {
        let altered = [&body[..], b" "].concat();
        let result = deliver(proven::<R>(body, SECRET), &altered);
        assert!(is_unauthenticated(&result), "{result:?}");
    }
}

pub fn a_repository_without_a_secret_receives_nothing<R: ProviderRow>() {
    let body = push::<R>();
    for secret in [Value::Null, json!("")] {
        let mut config = R::config();
        config["webhook_secret"] = secret;
        let mut proofs = none::<R>();
        proofs.extend([proven::<R>(&body, ""), proven::<R>(&body, SECRET)]);
        proofs.push(vec![("x-webhook-secret", String::new())]);
        for proof in proofs {
            let headers = headers::<R>(push_event::<R>(), JSON, proof.clone());
            let result = receive::<R>(config.clone(), &headers, &body);
            assert!(is_unauthenticated(&result), "{proof:?}: {result:?}");
        }
    }
}

fn with_plain<R: ProviderRow>(proof: Headers, plain: &str) -> Received {
    let plain = ("x-webhook-secret", plain.to_owned());
    let proof = [proof, vec![plain]].concat();
    let headers = headers::<R>(push_event::<R>(), JSON, proof);
    receive::<R>(R::config(), &headers, &push::<R>())
}

pub fn the_plain_secret_is_taken_where_there_is_no_other_proof<R: ProviderRow>() {
    for proof in none::<R>() {
        let result = with_plain::<R>(proof, SECRET);
        assert!(result.is_ok(), "{result:?}");
    }
    for wrong in ["", " ", OTHER, &SECRET[1..]] {
        let result = with_plain::<R>(Vec::new(), wrong);
        assert!(is_unauthenticated(&result), "`{wrong}`: {result:?}");
    }
}

pub fn beside_a_proof_the_plain_secret_does_not_count<R: ProviderRow>() {
    let (right, forged) = (
        proven::<R>(&push::<R>(), SECRET),
        proven::<R>(&push::<R>(), OTHER),
    );
    for (proof, plain, is_taken) in [
        (&right, SECRET, true),
        (&right, OTHER, true),
        (&forged, SECRET, false),
    ] {
        let result = with_plain::<R>(proof.clone(), plain);
        assert_eq!(result.is_ok(), is_taken, "{result:?}");
        assert_eq!(is_unauthenticated(&result), !is_taken, "{result:?}");
    }
}

pub fn what_the_host_never_sends_is_malformed<R: ProviderRow>() {
    let bodies = ["", "{", "null", "[]", "\"text\"", "{}"].map(str::as_bytes);
    let strange = R::strange();
    let strange = strange.iter().map(|body| body.as_bytes());
    let deep = "[".repeat(1_000_000);
    let rest = [&b"\xff\xfe"[..], deep.as_bytes()];
    let bodies = bodies.into_iter().chain(strange).chain(rest);
    for body in bodies {
        for event in R::EVENTS {
            let result = deliver::<R>(event, body);
            let start = String::from_utf8_lossy(&body[..body.len().min(80)]);
            assert!(is_malformed(&result), "{event} {start}: {result:?}");
        }
    }
    assert!(is_malformed(&deliver::<R>("unheard_of", b"{")));
}

pub fn what_nobody_is_told_of_is_ignored<R: ProviderRow>() {
    let result = deliver::<R>("unheard_of", b"{}");
    assert!(matches!(result, Err(Rejection::Ignored(_))), "{result:?}");
}
