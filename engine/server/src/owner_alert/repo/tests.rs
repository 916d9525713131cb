use super::Resting;
use push_notify_core::{i18n::Locale, id::RepoId};

#[test]
fn it_says_which_repository_since_when_and_why() {
    let resting = Resting {
        repo_id: RepoId::new(7),
        name: "backend".to_owned(),
        since: 1_768_804_200_000_000,
        reason: "5 traps within 60 s, the last one: memory over its cap of 64 MiB".to_owned(),
    };
    for locale in [Locale::Chinese, Locale::English] {
        let message = resting.message(locale);
        assert!(message.title.contains("backend"), "{}", message.title);
        let text = message.plain();
        for part in ["7", "2026-01-19T06:30:00", "memory over its cap"] {
            assert!(text.contains(part), "`{part}` is not in {text}");
        }
    }
}
