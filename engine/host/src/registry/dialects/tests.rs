use super::*;

fn manifest(id: &str, detect: &[&str], copies: &[&str]) -> Arc<Manifest> {
    let text = format!(
        "id = \"{id}\"\nkind = \"provider\"\nversion = \"1.0.0\"\n\
         [webhook]\ndetect = {detect:?}\ncopies = {copies:?}\nrepository_url = [\"/{id}\"]\n"
    );
    Arc::new(Manifest::from_toml(&text).unwrap())
}

fn of(manifests: &[(&str, &[&str], &[&str])]) -> Dialects {
    let manifests = manifests.iter();
    Dialects::new(manifests.map(|(id, detect, copies)| (manifest(id, detect, copies), true)))
}

fn provider<'a>(dialects: &'a Dialects, carried: &[&str]) -> Option<&'a str> {
    dialects.provider(|header| carried.contains(&header))
}

#[test]
fn who_copies_another_comes_before_it_however_long_the_row() {
    let dialects = of(&[
        ("a_original", &["X-A"], &[]),
        ("b_copy", &["X-B", "X-B2"], &["x-a"]),
        ("c_copy_of_copy", &["X-C"], &["X-B2"]),
        ("z_alone", &["X-Z"], &[]),
    ]);
    let order: Vec<&str> = dialects.headers().collect();
    assert_eq!(order, ["X-C", "X-Z", "X-B", "X-B2", "X-A"]);
    assert_eq!(
        provider(&dialects, &["X-A", "X-B", "X-C"]),
        Some("c_copy_of_copy")
    );
    assert_eq!(provider(&dialects, &["X-A", "X-B2"]), Some("b_copy"));
    assert_eq!(provider(&dialects, &["X-A"]), Some("a_original"));
    assert_eq!(provider(&dialects, &["X-D"]), None);
    assert_eq!(dialects.conflicts(), []);
}

#[test]
fn of_two_that_claim_one_header_the_first_by_id_has_it_and_the_other_is_told_of() {
    let one = ("one", &["X-Git"][..], &[][..]);
    let two = ("two", &["x-git", "X-Two"][..], &[][..]);
    for manifests in [[one, two], [two, one]] {
        let dialects = of(&manifests);
        assert_eq!(provider(&dialects, &["X-Git"]), Some("one"));
        assert_eq!(provider(&dialects, &["X-Two"]), Some("two"));
        assert_eq!(dialects.conflicts(), [Conflict::new("x-git", "one", "two")]);
    }
}

#[test]
fn two_that_copy_each_other_are_asked_by_their_ids_and_told_of() {
    let one = ("one", &["X-One"][..], &["X-Two"][..]);
    let two = ("two", &["X-Two"][..], &["X-One"][..]);
    for manifests in [[one, two], [two, one]] {
        let dialects = of(&manifests);
        assert_eq!(provider(&dialects, &["X-One", "X-Two"]), Some("one"));
        assert_eq!(dialects.conflicts(), [Conflict::new("X-Two", "one", "two")]);
    }
}

#[test]
fn what_cannot_be_called_keeps_its_headers_from_all_but_who_claims_the_same() {
    let off = (manifest("a", &["X-A", "X-Both"], &["X-B"]), false);
    let on = (manifest("b", &["X-B", "X-Both"], &[]), true);
    let dialects = Dialects::new([off, on]);
    assert_eq!(provider(&dialects, &["X-A", "X-B"]), Some("a"));
    assert_eq!(provider(&dialects, &["X-Both"]), Some("b"));
    assert_eq!(dialects.conflicts(), []);
    // A file that is broken takes nothing from the one that works.
    let works = (manifest("a", &["X-New"], &[]), true);
    let broken = (manifest("a", &["X-Old"], &[]), false);
    for manifests in [[works.clone(), broken.clone()], [broken, works]] {
        assert_eq!(
            Dialects::new(manifests).headers().collect::<Vec<_>>(),
            ["X-New"]
        );
    }
}

#[test]
fn where_a_repository_is_named_is_said_by_its_provider() {
    let dialects = of(&[("one", &[], &[]), ("two", &[], &[])]);
    assert_eq!(dialects.repository_urls("two"), ["/two"]);
    assert_eq!(dialects.repository_urls("nobody"), ["/one", "/two"]);
}
