use super::{File, Limits, plan};
use crate::{Coverage, Reason};

/// About 10 tokens for each of `lines`.
fn file(path: &str, lines: usize, prompt: usize) -> File {
    File {
        path: path.to_owned(),
        old_path: None,
        language: None,
        patch: format!(
            "@@ -0,0 +1,{lines} @@\n{}",
            "+let answer = 41 + 1;\n".repeat(lines)
        ),
        prompt,
    }
}

const LIMITS: Limits = Limits {
    question: 1000,
    total: 100_000,
    overhead: 100,
};

#[test]
fn small_files_of_one_prompt_share_a_question() {
    let files = [
        file("a.rs", 10, 0),
        file("b.py", 10, 1),
        file("c.rs", 10, 0),
    ];
    let mut coverage = Coverage::default();
    let questions = plan(&files, &[false, false], LIMITS, &mut coverage);
    let asked: Vec<(usize, Vec<usize>)> = questions
        .iter()
        .map(|question| {
            (
                question.prompt,
                question.parts.iter().map(|part| part.file).collect(),
            )
        })
        .collect();
    assert_eq!(asked, [(0, vec![0, 2]), (1, vec![1])]);
    assert_eq!(coverage.reviewed, 3);
}

#[test]
fn a_prompt_about_whole_files_takes_one_at_a_time() {
    let files = [file("a.rs", 10, 0), file("b.rs", 10, 0)];
    let questions = plan(&files, &[true], LIMITS, &mut Coverage::default());
    assert_eq!(questions.len(), 2);
}

#[test]
fn what_is_over_the_budget_is_put_down_and_smaller_files_still_fit() {
    let limits = Limits {
        total: 1300,
        ..LIMITS
    };
    let files = [
        file("a.rs", 60, 0),
        file("big.rs", 60, 0),
        file("small.rs", 20, 0),
    ];
    let mut coverage = Coverage::default();
    let questions = plan(&files, &[false], limits, &mut coverage);
    assert_eq!(coverage.reviewed, 2);
    assert_eq!(coverage.left_out.get(&Reason::Budget), Some(&1));
    assert_eq!(coverage.files[0].path, "big.rs");
    let tokens: u32 = questions.iter().map(|question| question.tokens + 100).sum();
    assert!(tokens <= 1300, "{tokens}");
}

#[test]
fn a_long_file_is_asked_about_hunk_by_hunk() {
    let hunk = |at: usize| {
        format!(
            "@@ -{at} +{at},40 @@\n{}",
            "+let answer = 41 + 1;\n".repeat(40)
        )
    };
    let long = File {
        patch: (0..5).map(|at| hunk(at * 100 + 1)).collect(),
        ..file("long.rs", 0, 0)
    };
    let mut coverage = Coverage::default();
    let questions = plan(std::slice::from_ref(&long), &[false], LIMITS, &mut coverage);
    assert!(questions.len() > 1);
    let text: String = questions
        .iter()
        .flat_map(|question| &question.parts)
        .map(|part| &long.patch[part.range.clone()])
        .collect();
    assert_eq!(text, long.patch);
    assert!(questions.iter().all(|question| question.tokens <= 1000));
    assert_eq!(coverage.reviewed, 1);
}

#[test]
fn a_hunk_that_no_question_holds_is_too_large() {
    let mut coverage = Coverage::default();
    let questions = plan(&[file("huge.rs", 1000, 0)], &[false], LIMITS, &mut coverage);
    assert!(questions.is_empty());
    assert_eq!(coverage.left_out.get(&Reason::TooLarge), Some(&1));
}
