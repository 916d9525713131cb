use super::{raise, share};

#[test]
fn what_the_server_needs_itself_is_kept() {
    for (open, own, most, expected) in [
        (1_000_000, 1000, 8192, (8192, true)),
        (9192, 1000, 8192, (8192, true)),
        (9191, 1000, 8192, (8191, false)),
        (4096, 1000, 8192, (3096, false)),
        (1024, 1000, 8192, (256, false)),
        (256, 1000, 8192, (64, false)),
        (3, 1000, 8192, (1, false)),
        (0, 1000, 8192, (1, false)),
        (1024, 1000, 100, (100, true)),
        (u64::MAX, 1000, u64::MAX, (u64::MAX - 1000, false)),
    ] {
        assert_eq!(share(open, own, most), expected, "{open} files");
    }
}

#[test]
fn the_limit_is_raised_and_never_lowered() {
    let (before, hard) = rlimit::Resource::NOFILE.get().expect("a limit");
    assert_eq!(raise(1).expect("it is high enough"), before);
    let wanted = (before + 1).min(hard);
    assert_eq!(raise(wanted).expect("it may be raised"), wanted);
    assert!(raise(u64::MAX).expect("as far as it goes") >= wanted);
}
