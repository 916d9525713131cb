use super::*;
use std::sync::{Condvar, Mutex, MutexGuard};

/// A disk that takes nothing until it is let go.
#[derive(Clone, Default)]
struct Disk(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    works: bool,
    written: Vec<u8>,
}

impl Disk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap()
    }

    fn go(&self) {
        self.state().works = true;
        self.0.1.notify_all();
    }

    fn text(&self) -> String {
        String::from_utf8(self.state().written.clone()).unwrap()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self
            .0
            .1
            .wait_while(self.state(), |state| !state.works)
            .unwrap();
        state.written.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stuck_disk_stops_nobody_and_what_is_missing_is_said() {
    let disk = Disk::default();
    let (mut writer, guard) = start(disk.clone()).unwrap();
    for number in 0..6000 {
        writer
            .write_all(format!("line {number}\n").as_bytes())
            .unwrap();
    }
    disk.go();
    drop(guard);
    let text = disk.text();
    let lines = text.lines().filter(|line| line.starts_with("line")).count();
    assert!((WAITING..WAITING + 3).contains(&lines), "{lines}");
    // In more than one line, where the thread was slow to start.
    let told = text
        .lines()
        .filter_map(|line| line.strip_suffix(" log lines were dropped here"));
    let missing: usize = told.map(|count| count.parse::<usize>().unwrap()).sum();
    assert_eq!(missing, 6000 - lines);
}

#[test]
fn the_end_waits_for_the_last_line() {
    let disk = Disk::default();
    disk.go();
    let (mut writer, guard) = start(disk.clone()).unwrap();
    writer.write_all(b"the last line\n").unwrap();
    drop(guard);
    assert_eq!(disk.text(), "the last line\n");
}
