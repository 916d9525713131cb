use super::{hash, is_right};

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
