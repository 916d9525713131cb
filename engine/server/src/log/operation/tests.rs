use super::*;
use push_notify_core::{i18n::Locale, id::RepoId};

#[test]
fn an_action_reads_as_a_sentence_in_both_languages() {
    let text = words("repo.create", "backend");
    assert_eq!(text.as_str(Locale::Chinese), "创建仓库：backend");
    assert_eq!(text.as_str(Locale::English), "Created repository: backend");
    assert_eq!(
        AuditEntry::new("repo.create", RepoId::new(1), "x").object_type(),
        "repo"
    );
}
