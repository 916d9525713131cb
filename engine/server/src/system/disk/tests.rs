use super::*;

const MIB: u64 = 1 << 20;

#[test]
fn a_large_disk_is_full_below_what_is_configured() {
    assert_eq!(too_little(64 * MIB, 100_000 * MIB, 64), None);
    let full = Problem::DiskFull {
        free_mib: 63,
        least_mib: 64,
    };
    assert_eq!(too_little(64 * MIB - 1, 100_000 * MIB, 64), Some(full));
}

#[test]
fn a_small_disk_is_not_always_full() {
    assert_eq!(too_little(30 * MIB, 32 * MIB, 64), None);
    let full = Problem::DiskFull {
        free_mib: 1,
        least_mib: 2,
    };
    assert_eq!(too_little(MIB, 32 * MIB, 64), Some(full));
}

#[tokio::test]
async fn a_disk_that_cannot_be_asked_is_not_complained_of() {
    let nowhere = PathBuf::from("/nowhere/at/all");
    assert_eq!(full(vec![nowhere], u64::MAX).await, None);
}
