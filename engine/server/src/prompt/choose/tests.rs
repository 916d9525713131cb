use super::*;
use push_notify_core::id::{PromptId, TeamId, UserId};

/// `own go code_review zh-CN`: whose it is, its language, scene and locale; `-` leaves open.
fn candidate(id: i64, text: &str) -> Candidate {
    let mut words = text.split_whitespace();
    let is_system = words.next() == Some("system");
    let mut field = || words.next().filter(|word| *word != "-").map(str::to_owned);
    Candidate {
        id: PromptId::new(id),
        version: 1,
        content: String::new(),
        model_id: None,
        language: field(),
        scene: field(),
        locale: field(),
        is_system,
        owner: None,
        categories: Vec::new(),
        severities: Vec::new(),
    }
}

/// Which of `prompts` is taken.
fn chosen<'a>(prompts: &[&'a str], language: Option<&str>) -> Option<&'a str> {
    let candidates: Vec<_> = (0..)
        .zip(prompts)
        .map(|(id, text)| candidate(id, text))
        .collect();
    let found = choose(&candidates, None, language, Some("code_review"), "zh-CN")?;
    prompts.get(usize::try_from(found.id.get()).ok()?).copied()
}

#[test]
fn what_fits_better_is_taken_wherever_it_stands() {
    for (better, worse) in [
        // The language.
        ("own go - -", "own - - -"),
        ("own go - -", "own - code_review zh-CN"),
        ("system go code_review zh-CN", "own - code_review zh-CN"),
        ("system go code_review en-US", "system - code_review zh-CN"),
        // The scene.
        ("own go code_review -", "own go - -"),
        ("own go code_review -", "own go security -"),
        ("own - - -", "own go security zh-CN"),
        ("system - code_review en-US", "own go security zh-CN"),
        ("system - - -", "own go security zh-CN"),
        ("own go security -", "own - security -"),
        // The locale.
        ("own go - zh-CN", "own go - -"),
        ("own go - -", "own go - en-US"),
        ("own go - en-US", "own - - zh-CN"),
        ("system go - zh-CN", "system go - -"),
        ("system go - -", "system go - en-US"),
        ("system go code_review zh-CN", "own go code_review en-US"),
        // Whose it is.
        ("own go code_review zh-CN", "system go code_review zh-CN"),
        ("own go - -", "system go code_review zh-CN"),
        ("own go code_review -", "system go code_review zh-CN"),
        ("own - - -", "system - code_review zh-CN"),
        ("own go - en-US", "system go code_review en-US"),
    ] {
        assert_eq!(
            chosen(&[better, worse], Some("go")),
            Some(better),
            "{worse}"
        );
        assert_eq!(
            chosen(&[worse, better], Some("go")),
            Some(better),
            "{worse}"
        );
    }
}

#[test]
fn a_prompt_for_another_language_is_never_taken() {
    let others = ["own rust - -", "system rust code_review zh-CN"];
    assert_eq!(chosen(&others, Some("go")), None);
    assert_eq!(chosen(&others, None), None);
    assert_eq!(chosen(&[], Some("go")), None);
    let any = ["own rust - -", "system - code_review en-US"];
    assert_eq!(chosen(&any, Some("go")), Some(any[1]));
    assert_eq!(chosen(&any, None), Some(any[1]));
}

#[test]
fn a_language_has_several_names() {
    for (own, asked) in [
        ("Go", "go"),
        ("golang", "go"),
        ("C++", "cpp"),
        ("cpp", "c++"),
        ("JS", "javascript"),
        ("c#", "csharp"),
        ("Brainfuck", "brainfuck"),
    ] {
        let own = format!("own {own} - -");
        assert_eq!(chosen(&[&own], Some(asked)), Some(own.as_str()), "{asked}");
    }
    assert_eq!(chosen(&["own c - -"], Some("cpp")), None);
    assert_eq!(chosen(&["own java - -"], Some("javascript")), None);
}

#[test]
fn of_those_that_fit_alike_the_newest_is_taken() {
    let alike = [
        candidate(7, "own go - -"),
        candidate(9, "own go - -"),
        candidate(8, "own go - -"),
    ];
    let found = choose(&alike, None, Some("go"), Some("code_review"), "zh-CN");
    assert_eq!(found.map(|prompt| prompt.id.get()), Some(9));
}

#[test]
fn without_a_scene_ones_own_goes_before_the_built_in() {
    let prompts = [
        candidate(1, "system go code_review zh-CN"),
        candidate(2, "own go code_style -"),
    ];
    let found = |prompts: &[Candidate], scene| {
        choose(prompts, None, Some("go"), scene, "zh-CN").map(|prompt| prompt.id.get())
    };
    assert_eq!(found(&prompts, None), Some(2));
    assert_eq!(found(&prompts, Some("code_review")), Some(1));
    let with_usual = [
        &prompts[..],
        &[
            candidate(3, "own go code_review -"),
            candidate(4, "own go security -"),
        ],
    ]
    .concat();
    assert_eq!(found(&with_usual, None), Some(3));
}

#[test]
fn nobody_elses_prompt_is_taken() {
    let of = |id: i64, owner: Owner| Candidate {
        owner: Some(owner),
        ..candidate(id, "own go code_review zh-CN")
    };
    let prompts = [
        candidate(1, "system go code_review zh-CN"),
        of(2, Owner::User(UserId::new(7))),
        of(3, Owner::User(UserId::new(8))),
        of(4, Owner::Team(TeamId::new(7))),
    ];
    for (repo, taken) in [
        (None, 1),
        (Some(Owner::User(UserId::new(7))), 2),
        (Some(Owner::User(UserId::new(8))), 3),
        (Some(Owner::User(UserId::new(9))), 1),
        (Some(Owner::Team(TeamId::new(7))), 4),
        (Some(Owner::Team(TeamId::new(8))), 1),
    ] {
        let found = choose(&prompts, repo, Some("go"), None, "zh-CN");
        assert_eq!(found.map(|prompt| prompt.id.get()), Some(taken), "{repo:?}");
    }
}
