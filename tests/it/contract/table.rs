//! The data itself.

use push_notify_tests::contract;
use std::collections::HashSet;

#[test]
fn the_contract_has_72_endpoints_each_once() {
    let endpoints = contract::endpoints();
    let pairs: HashSet<_> = endpoints
        .iter()
        .map(|endpoint| (&endpoint.method, &endpoint.path))
        .collect();
    assert_eq!((endpoints.len(), pairs.len()), (72, 72));
    for endpoint in &endpoints {
        assert!(!endpoint.call.is_empty(), "nothing calls {endpoint}");
    }
}

#[test]
fn the_contract_has_23_business_codes_each_once() {
    let codes = contract::codes();
    let different: HashSet<u32> = codes.business.iter().map(|code| code.code).collect();
    assert_eq!((codes.business.len(), different.len()), (23, 23));
    assert_eq!(codes.general.len(), 11);
}
