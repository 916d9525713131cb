use super::*;
use std::time::Duration;

#[test]
fn a_page_is_what_prometheus_reads() {
    let mut text = Text::default();
    text.gauge("up", "Whether.", 1);
    let family = Family::new(["why"], Counter::default);
    family.of(["a \"b\" \\ c\nd"]).inc();
    text.counters("refused_total", "Refused.", &family);
    let histogram = Histogram::new(&[0.5]);
    histogram.took(Duration::from_millis(250));
    text.histogram("took_seconds", "Took.", &histogram);
    let expected = r#"# HELP up Whether.
# TYPE up gauge
up 1
# HELP refused_total Refused.
# TYPE refused_total counter
refused_total{why="a \"b\" \\ c\nd"} 1
# HELP took_seconds Took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.5"} 1
took_seconds_bucket{le="+Inf"} 1
took_seconds_sum 0.25
took_seconds_count 1
"#;
    assert_eq!(text.end(), expected);
}
