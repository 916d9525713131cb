use super::*;
use jiff::civil::date;

fn days(first: Date, count: i64) -> Vec<Day> {
    let day = |after: i64| Day {
        date: first.saturating_add(after.days()),
        first: after * 96,
        end: (after + 1) * 96,
    };
    (0..count).map(day).collect()
}

fn dates(period: Period, first: Date, count: i64) -> Vec<(String, i64)> {
    let days = days(first, count);
    let pushes = vec![
        Stats {
            total: 1,
            success: 1,
            failed: 0
        };
        days.len()
    ];
    let calls = vec![Calls::default(); days.len()];
    let sums = period.sums(&days, &pushes, &calls, &vec![0; days.len()]);
    sums.into_iter()
        .map(|sum| (sum.date, sum.pushes.counts.total))
        .collect()
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    // A Thursday.
    let first = date(2026, 1, 29);
    assert_eq!(
        dates(Period::Week, first, 6),
        [("2026-01-26".to_owned(), 4), ("2026-02-02".to_owned(), 2)]
    );
    assert_eq!(
        dates(Period::Month, first, 6),
        [("2026-01-01".to_owned(), 3), ("2026-02-01".to_owned(), 3)]
    );
    assert_eq!(dates(Period::Day, first, 3).len(), 3);
}

#[test]
fn the_usual_range_ends_with_the_period_of_today() {
    let today = date(2026, 3, 31);
    assert_eq!(Period::Day.usual_start(today), date(2026, 3, 2));
    assert_eq!(Period::Week.usual_start(today), date(2026, 1, 12));
    assert_eq!(Period::Month.usual_start(today), date(2025, 4, 1));
}
