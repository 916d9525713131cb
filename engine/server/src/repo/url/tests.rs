use super::is_same_project;

#[test]
fn a_project_is_the_same_under_what_may_be_left_out_only() {
    let project = "https://github.com/company/backend";
    for same in [
        "https://github.com/company/backend/",
        "https://github.com/company/backend.git",
        "https://GitHub.com:443/company/backend",
    ] {
        assert!(is_same_project(project, same), "{same}");
    }
    for other in [
        "https://github.com/company/backend2",
        "https://github.com/company/backend/more",
        "https://github.com/company",
        "https://github.com/other/backend",
        "https://github.com/Company/Backend",
        "https://github.com/company/backend%2Fmore",
        "http://github.com/company/backend",
        "https://github.com:8443/company/backend",
        "https://github.com.example.com/company/backend",
        "https://example.com/github.com/company/backend",
        "git@github.com:company/backend.git",
        "ssh://git@github.com/company/backend",
    ] {
        assert!(!is_same_project(project, other), "{other}");
    }
    for unclear in [
        "git@github.com:company/backend:x",
        "git@good.example.com:a@evil.example.com:company/backend",
        "https://user@github.com/company/backend",
        "",
    ] {
        assert!(!is_same_project(project, unclear), "{unclear}");
    }
    let by_ssh = "git@github.com:company/backend.git";
    assert!(is_same_project(by_ssh, "git@GitHub.com:company/backend"));
    assert!(!is_same_project(by_ssh, "git@github.com:company/other.git"));
    assert!(!is_same_project(
        by_ssh,
        "git@gitlab.com:company/backend.git"
    ));
}
