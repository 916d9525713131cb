use crate::{
    calm::Watch,
    stat::Rounds,
    table::{Goal, Row, Table},
};
use push_notify_rules::{Facts, Matchers, Occasion, Outline, Routing, Rule, RuleSet};
use serde_json::{Value, json};
use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 9;
const CALLS: u32 = 200;
/// Of a large installation.
const MANY: usize = 1_000;
const EXPRESSIONS: usize = 100;

/// What the rules in force cost an event, by what they ask: those of another kind are passed over
/// by an index, those of other repositories, branches and people by their first clause; and
/// expressions are evaluated to their end.
pub(crate) async fn rules(watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let calm = watch.is_calm().await?;
    for (what, matchers) in [
        ("of another kind", json!({"events": ["alert", "pipeline"]})),
        ("of another repository", json!({"repos": ["billing/*"]})),
        ("of another branch", json!({"branches": ["release/*"]})),
        ("of other files", json!({"paths": ["docs/**", "*.md"]})),
        (
            "of other people",
            json!({"authors": ["*@elsewhere.example.com"]}),
        ),
    ] {
        let rounds = timed(&compiled(MANY, &matchers, None)?, MANY)?;
        let row = Row::new(
            format!("a rule {what}, of {MANY}"),
            format!("{:.0} ns", rounds.median() * 1000.0),
        );
        table.push(row.goal(Goal::AtMost(1.0, " us"), &rounds, calm));
    }
    let when = "branch.startsWith('feature/') && !bot && commits < 10 \
                && !(title.contains('hotfix') || author == 'release-bot') \
                && paths.exists(path, path.matches('^services/pay/.*[.]rs$'))";
    let rounds = timed(&compiled(EXPRESSIONS, &json!({}), Some(when))?, 1)?;
    let row = Row::new(
        format!("an event with {EXPRESSIONS} rules with expressions"),
        format!("{:.1} us", rounds.median()),
    );
    table.push(row.goal(Goal::AtMost(50.0, " us"), &rounds, calm));
    Ok(())
}

fn compiled(count: usize, matchers: &Value, when: Option<&str>) -> anyhow::Result<RuleSet> {
    let matchers: Matchers = serde_json::from_value(matchers.clone())?;
    let rule = |id: usize| {
        let outline = Outline {
            id: i64::try_from(id)?,
            name: format!("rule {id}"),
            target_ids: vec![1],
            ..Outline::default()
        };
        Rule::compile(outline, &matchers, when)
            .map_err(|error| anyhow::anyhow!("a rule of the bench is not one: {error:?}"))
    };
    Ok(RuleSet::new(
        (1..=count).map(rule).collect::<Result<_, _>>()?,
    ))
}

/// In µs, parted by `among`.
fn timed(rules: &RuleSet, among: usize) -> anyhow::Result<Rounds> {
    let facts = Facts {
        repo: "backend",
        repository: "orchard/backend",
        source: "github",
        kind: "push",
        branch: Some("feature/totals"),
        title: Some("Count what was left out".into()),
        author: vec!["Li Si", "lisi", "lisi@example.com"],
        bot: Some(false),
        labels: Some(Vec::new()),
        paths: Some(vec!["src/totals.rs", "src/lib.rs", "tests/totals.rs"]),
        commits: Some(5),
        ..Facts::default()
    };
    let occasion = Occasion {
        facts: &facts,
        owner: None,
        linked: &[7],
        is_bookkeeping: false,
        audience: None,
        now: 1,
    };
    let round = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(rules.route(black_box(&occasion)));
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS) / among as f64
    };
    let Routing { sends, .. } = rules.route(&occasion);
    anyhow::ensure!(sends.len() == 1, "a rule of the bench was met");
    round();
    Ok(Rounds::new((0..ROUNDS).map(|_| round())))
}
