use super::{AT_ONCE, Hasher, PasswordError, is_strong, make_up};
use crate::http::ApiError;
use std::time::Duration;

#[tokio::test]
async fn only_the_right_password_of_a_known_user_is_right() {
    let hasher = Hasher::default();
    let stored = hasher
        .hash("test-password-not-real".to_owned())
        .await
        .unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    let check = async |password: &str, stored: Option<&str>| {
        let permit = hasher.permit().await?;
        let stored = stored.map(str::to_owned);
        permit.is_right(password.to_owned(), stored).await
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

#[tokio::test]
async fn a_request_that_gets_no_permit_is_told_to_come_back() {
    let hasher = Hasher::default();
    let all = hasher.0.acquire_many(AT_ONCE as u32).await.unwrap();
    let late = hasher.permit_within(Duration::from_millis(10)).await;
    let Err(error @ PasswordError::Busy) = late else {
        panic!("there is no permit left");
    };
    drop(all);
    let error = ApiError::from(error);
    assert_eq!(error.status, 503);
    assert!(error.retry_after_seconds.is_some());
    hasher.permit().await.unwrap();
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
