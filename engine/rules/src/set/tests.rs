use super::*;
use crate::{ClauseError, Matchers, Part, Review, Who};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A situation of `situations.json`: rules, what is linked, an event, and who hears.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Situation {
    name: String,
    #[serde(default)]
    rules: Vec<Written>,
    #[serde(default)]
    linked: Vec<i64>,
    event: Happened,
    /// Targets, each with the rules that send it there.
    hears: BTreeMap<String, Vec<i64>>,
    #[serde(default)]
    muted_by: Option<i64>,
    /// People's own targets, and who hears directly.
    #[serde(default)]
    own: HashMap<i64, Vec<i64>>,
    #[serde(default)]
    direct: HashSet<i64>,
    /// Of rules whose outcome is of interest.
    #[serde(default)]
    outcomes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    mode: Mode,
    #[serde(default, rename = "match")]
    matchers: Matchers,
    #[serde(default)]
    when: Option<String>,
    #[serde(default)]
    once: Once,
    #[serde(default)]
    to: Vec<i64>,
    #[serde(default)]
    tell: Vec<Who>,
    #[serde(default)]
    mentions: Vec<Who>,
    #[serde(default)]
    except_actor: bool,
    #[serde(default)]
    instead: bool,
    #[serde(default)]
    of_user: Option<i64>,
    #[serde(default)]
    until: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Happened {
    repo: String,
    kind: String,
    action: Option<String>,
    branch: Option<String>,
    target_branch: Option<String>,
    title: Option<String>,
    state: Option<String>,
    severity: Option<String>,
    author: Vec<String>,
    people: HashMap<Part, Vec<i64>>,
    bot: Option<bool>,
    draft: Option<bool>,
    labels: Option<Vec<String>>,
    paths: Option<Vec<String>>,
    commits: Option<i64>,
    /// `awaited`, or what it decided, and its score.
    review: Option<(String, i64)>,
    bookkeeping: bool,
    owner: Option<i64>,
}

/// The time of every situation.
const NOW: i64 = 1_000;

#[test]
fn situations() {
    let situations: Vec<Situation> = serde_json::from_str(include_str!("situations.json")).unwrap();
    assert!(situations.len() >= 40, "{}", situations.len());
    for situation in &situations {
        check(situation);
    }
}

fn check(situation: &Situation) {
    let name = &situation.name;
    let compile = |(place, written): (usize, &Written)| {
        let outline = Outline {
            id: place as i64 + 1,
            mode: written.mode,
            of: written.of_user.map(|user| vec![Owner::User(user)]),
            until: written.until,
            once: written.once,
            target_ids: written.to.clone(),
            tell: written.tell.clone(),
            mentions: written.mentions.clone(),
            except_actor: written.except_actor,
            instead: written.instead,
            ..Outline::default()
        };
        Rule::compile(outline, &written.matchers, written.when.as_deref())
            .unwrap_or_else(|error| panic!("{name}: {error:?}"))
    };
    let set = RuleSet::new(situation.rules.iter().enumerate().map(compile).collect());
    let event = &situation.event;
    let facts = Facts {
        repo: &event.repo,
        repository: &event.repo,
        kind: &event.kind,
        action: event.action.as_deref(),
        branch: event.branch.as_deref(),
        target_branch: event.target_branch.as_deref(),
        title: event.title.as_deref().map(Into::into),
        state: event.state.as_deref(),
        severity: event.severity.as_deref().and_then(crate::Severity::of_name),
        author: event.author.iter().map(String::as_str).collect(),
        bot: event.bot,
        draft: event.draft,
        labels: event
            .labels
            .as_ref()
            .map(|labels| labels.iter().map(|label| label.as_str().into()).collect()),
        paths: event
            .paths
            .as_ref()
            .map(|paths| paths.iter().map(String::as_str).collect()),
        commits: event.commits,
        review: match &event.review {
            None => Review::None,
            Some((word, _)) if word == "awaited" => Review::Awaited,
            Some((decision, score)) => Review::Done(crate::Reviewed {
                decision: Some(decision),
                score: Some(*score),
                ..crate::Reviewed::default()
            }),
        },
        ..Facts::default()
    };
    let hearing = Hearing {
        target_ids: situation.own.clone(),
        direct: situation.direct.clone(),
    };
    let audience = Audience {
        parts: event.people.clone(),
        hearing: &hearing,
    };
    let occasion = Occasion {
        facts: &facts,
        owner: event.owner.map(Owner::User),
        linked: &situation.linked,
        is_bookkeeping: event.bookkeeping,
        audience: set.asks_for_people().then_some(&audience),
        now: NOW,
    };
    let routing = set.route(&occasion);
    let hears: BTreeMap<String, Vec<i64>> = routing
        .sends
        .iter()
        .map(|send| (send.target_id.to_string(), send.rule_ids.clone()))
        .collect();
    assert_eq!(hears, situation.hears, "{name}");
    assert_eq!(routing.muted_by, situation.muted_by, "{name}");
    // The explanation comes to the same, whatever the index passes over.
    let (explained, rules) = set.explain(&occasion);
    assert_eq!(explained.sends, routing.sends, "{name}");
    assert_eq!(explained.muted_by, routing.muted_by, "{name}");
    assert_eq!(rules.len(), situation.rules.len(), "{name}");
    for (id, outcome) in &situation.outcomes {
        let rule = rules.iter().find(|rule| rule.rule.id.to_string() == *id);
        assert_eq!(rule.unwrap().effect.name(), outcome, "{name}: rule {id}");
    }
}

#[test]
fn rules_that_can_never_be_met_are_refused() {
    for text in [
        r#"{"labels": {"all": ["a"], "none": ["a"]}}"#,
        r#"{"labels": {"any": ["a", "b"], "none": ["b", "a"]}}"#,
        r#"{"severity": "terrible"}"#,
        r#"{"review": {"severity": "HIGH"}}"#,
        r#"{"branches": ["[a"]}"#,
        r#"{"paths": ["!a"]}"#,
        r#"{"repos": ["{a"]}"#,
    ] {
        let matchers: Matchers = serde_json::from_str(text).unwrap();
        let rule = Rule::compile(Outline::default(), &matchers, None);
        assert!(rule.is_err(), "{text}");
    }
    let rule = Rule::compile(Outline::default(), &Matchers::default(), Some("bot ="));
    assert!(matches!(rule, Err(ClauseError::When(_))));
}

/// Ten thousand rules about other kinds of events cost an event nothing.
#[test]
fn rules_about_other_kinds_are_not_asked() {
    let matchers = Matchers {
        events: vec!["alert.firing".to_owned()],
        ..Matchers::default()
    };
    let rule = |id| {
        let outline = Outline {
            id,
            target_ids: vec![id],
            ..Outline::default()
        };
        Rule::compile(outline, &matchers, None).unwrap()
    };
    let set = RuleSet::new((0..10_000).map(rule).collect());
    assert_eq!(set.of_kind["alert"].len(), 10_000);
    assert!(set.of_others.is_empty());
}
