use super::*;

#[test]
fn path_parts_and_operation_ids_come_from_the_path() {
    let path = "/api/v1/targets/{id}/repos/{repo_id}";
    assert_eq!(path_names(path).collect::<Vec<_>>(), ["id", "repo_id"]);
    assert_eq!(tag(path), "targets");
    assert_eq!(tag("/webhook/{webhook_id}"), "webhook");
}
