use super::*;

fn places(body: &str) -> Vec<usize> {
    links(body).iter().map(|link| link.place).collect()
}

#[test]
fn only_links_call_somebody() {
    for (body, calls) in [
        ("[Mei](mention:0) and [Tom](mention:12)", vec![0, 12]),
        (
            "**[Mei](mention:1)**\n\n| a |\n|---|\n| [Tom](mention:2) |",
            vec![1, 2],
        ),
        ("`[Mei](mention:0)`", vec![]),
        ("```\n[Mei](mention:0)\n```", vec![]),
        ("\\[Mei](mention:0)", vec![]),
        ("\\[Mei\\]\\(mention:0\\)", vec![]),
        ("![Mei](mention:0)", vec![]),
        ("[Mei](mention:-1) [Tom](mention:) [Ann](mention:x)", vec![]),
        ("[Mei](https://example.com/mention:0)", vec![]),
    ] {
        assert_eq!(places(body), calls, "{body}");
    }
}

#[test]
fn a_channel_that_calls_nobody_gets_the_names() {
    for (body, told) in [
        ("by [Mei](mention:0)!", "by Mei!"),
        (
            "[\\[x\\] **T**](mention:0) [Tom](mention:1)",
            "\\[x\\] **T** Tom",
        ),
        (
            "`[Mei](mention:0)` [Mei](mention:0)",
            "`[Mei](mention:0)` Mei",
        ),
        ("[](mention:0)x", "x"),
        ("none", "none"),
    ] {
        assert_eq!(unlinked(body, &links(body)), told, "{body}");
    }
}
