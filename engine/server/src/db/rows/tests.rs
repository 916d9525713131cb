use super::{placeholders, runs};

#[test]
fn runs_cover_all_items_in_order() {
    let items: Vec<u32> = (0..150).collect();
    let sizes: Vec<usize> = runs(&items).map(<[u32]>::len).collect();
    assert_eq!(sizes, [64, 64, 16, 4, 1, 1]);
    assert_eq!(runs(&items).flatten().copied().collect::<Vec<_>>(), items);
}

#[test]
fn placeholders_are_numbered_row_by_row() {
    assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
}
