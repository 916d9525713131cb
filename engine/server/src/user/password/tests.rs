use super::{hash, is_right, is_strong, make_up};

#[tokio::test]
async fn only_the_right_password_of_a_known_user_is_right() {
    let stored = hash("test-password-not-real".to_owned()).await.unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    let check = |password: &str, stored: Option<&str>| {
        is_right(password.to_owned(), stored.map(str::to_owned))
    };
    assert!(
        check("test-password-not-real", Some(&stored))
            .await
            .unwrap()
    );
    assert!(
        !check("Test-password-not-real", Some(&stored))
            .await
            .unwrap()
    );
    assert!(!check("nobody's password", None).await.unwrap());
    assert!(!check("x", Some("not a hash")).await.unwrap());
}

#[test]
fn a_strong_password_is_long_and_mixed() {
    for strong in ["Passw0rd", "ÄÖÜäöü12", "Aa1 Aa1 Aa1"] {
        assert!(is_strong(strong), "{strong}");
    }
    for weak in ["", "Passw0r", "password1", "PASSWORD1", "Password"] {
        assert!(!is_strong(weak), "{weak}");
    }
    assert!(is_strong(&make_up()));
    assert_ne!(make_up(), make_up());
}
