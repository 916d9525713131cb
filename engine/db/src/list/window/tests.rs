use super::Window;
use crate::page::{Page, Total};

fn window(number: u32, total: i64) -> (u64, u64, bool) {
    let page = Page {
        number,
        ..Page::first("id")
    };
    let window = Window::of(&page, Total::from(total));
    (window.offset, window.limit, window.from_end)
}

#[test]
fn a_page_is_walked_to_from_the_nearer_end() {
    assert_eq!(window(1, 100), (0, 10, false));
    assert_eq!(window(5, 100), (40, 10, false));
    assert_eq!(window(6, 100), (40, 10, true));
    assert_eq!(window(10, 100), (0, 10, true));
    assert_eq!(window(10, 93), (0, 3, true), "the last page is short");
    assert_eq!(window(1, 3), (0, 3, false));
}

#[test]
fn behind_the_end_there_is_nothing() {
    assert_eq!(window(1, 0).1, 0);
    assert_eq!(window(11, 100).1, 0);
    assert_eq!(window(u32::MAX, 100).1, 0);
}

#[test]
fn the_end_of_a_list_that_was_not_counted_is_unknown() {
    let page = Page {
        number: 2000,
        ..Page::first("id")
    };
    let total = Total {
        count: 10_000,
        capped: true,
    };
    let window = Window::of(&page, total);
    assert_eq!(
        (window.offset, window.limit, window.from_end),
        (19_990, 10, false)
    );
}
