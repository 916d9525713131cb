use super::*;

#[test]
fn a_histogram_counts_what_is_at_most_a_bound() {
    let histogram = Histogram::new(&[0.1, 1.0]);
    histogram.took(Duration::from_millis(100));
    histogram.took(Duration::from_millis(101));
    histogram.took(Duration::from_secs(5));
    let expected = vec![(0.1, 1), (1.0, 2), (f64::INFINITY, 3)];
    assert_eq!(histogram.cumulated(), expected);
    assert!((histogram.sum() - 5.201).abs() < 1e-9);
}

#[test]
fn one_combination_of_labels_is_one_member() {
    let family = Family::new(["channel", "outcome"], Counter::default);
    family.of(["email", "retry"]).inc();
    family.of(["dingtalk", "delivered"]).inc();
    family.of(["email", "delivered"]).add(2);
    family.of(["email", "retry"]).inc();
    let members: Vec<_> = family
        .members()
        .into_iter()
        .map(|([channel, outcome], counter)| format!("{channel} {outcome} {}", counter.get()))
        .collect();
    let expected = ["dingtalk delivered 1", "email delivered 2", "email retry 2"];
    assert_eq!(members, expected);
}
