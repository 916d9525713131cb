//! The text format of Prometheus, version 0.0.4:
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>.

use super::{Counter, Family, Histogram};
use std::fmt::{Display, Write as _};

#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn counter(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, "counter", help);
        self.sample(name, &[], value);
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, "gauge", help);
        self.sample(name, &[], value);
    }

    pub(super) fn counters<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        family: &Family<Counter, N>,
    ) {
        self.head(name, "counter", help);
        for (values, counter) in family.members() {
            let labels = labels(&family.labels, &values);
            self.sample(name, &labels, counter.get());
        }
    }

    pub(super) fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.head(name, "histogram", help);
        self.buckets(name, &[], histogram);
    }

    pub(super) fn histograms<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        family: &Family<Histogram, N>,
    ) {
        self.head(name, "histogram", help);
        for (values, histogram) in family.members() {
            let labels = labels(&family.labels, &values);
            self.buckets(name, &labels, &histogram);
        }
    }

    /// What stands above the samples of a metric.
    pub(super) fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        match labels.is_empty() {
            true => self.line(format_args!("{name} {value}")),
            false => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    pub(super) fn end(self) -> String {
        self.0
    }

    fn buckets(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let mut count = 0;
        for (bound, so_far) in histogram.cumulated() {
            let bound = match bound.is_finite() {
                true => bound.to_string(),
                false => "+Inf".to_owned(),
            };
            let labels = [labels, &[("le", &bound)]].concat();
            self.sample(&format!("{name}_bucket"), &labels, so_far);
            count = so_far;
        }
        self.sample(&format!("{name}_sum"), labels, histogram.sum());
        self.sample(&format!("{name}_count"), labels, count);
    }

    fn line(&mut self, line: impl Display) {
        // Writing to a string does not fail.
        writeln!(self.0, "{line}").ok();
    }
}

fn labels<'a, const N: usize>(
    names: &[&'static str; N],
    values: &'a [Box<str>; N],
) -> Vec<(&'static str, &'a str)> {
    let values = values.iter().map(|value| &**value);
    names.iter().copied().zip(values).collect()
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

#[cfg(test)]
mod tests;
