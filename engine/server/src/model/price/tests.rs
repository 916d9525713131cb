use super::*;

fn price(amount: f64) -> Option<Price> {
    Some(Price::of(amount))
}

#[test]
fn a_price_keeps_six_decimals() {
    for amount in [0.0, 0.000001, 0.15, 2.5, 15.0, Price::HIGHEST] {
        assert_eq!(Price::of(amount).amount(), amount);
        let stored = Price::of(amount).stored();
        assert_eq!(Price::from_stored(stored), Price::of(amount));
    }
}

#[test]
fn a_million_tokens_cost_the_price() {
    assert_eq!(cost(price(3.0), price(15.0), 1_000_000, 0), Some(3.0));
    assert_eq!(cost(price(3.0), price(15.0), 0, 1_000_000), Some(15.0));
    assert_eq!(cost(price(0.15), price(0.6), 1000, 500), Some(0.00045));
    assert_eq!(cost(price(0.0), price(0.0), 1000, 500), Some(0.0));
}

#[test]
fn the_smallest_costs_are_rounded() {
    assert_eq!(cost(price(0.4), price(0.0), 1, 0), Some(0.0));
    assert_eq!(cost(price(0.5), price(0.0), 1, 0), Some(0.000001));
}

#[test]
fn without_both_prices_there_is_no_cost() {
    assert_eq!(cost(price(3.0), None, 1, 1), None);
    assert_eq!(cost(None, price(3.0), 1, 1), None);
}

#[test]
fn any_number_of_tokens_has_a_cost() {
    let most = cost(
        price(Price::HIGHEST),
        price(Price::HIGHEST),
        i64::MAX,
        i64::MAX,
    );
    assert!(most.is_some_and(f64::is_finite));
}
