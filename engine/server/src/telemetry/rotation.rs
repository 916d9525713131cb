//! A log file that starts over when it is large: FILE becomes FILE.1, that one FILE.2, and so on.

use push_notify_core::files;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

pub(super) struct Rotating {
    path: PathBuf,
    max_bytes: u64,
    /// Old files besides the one that is written.
    keep: u32,
    file: File,
    written: u64,
}

impl Rotating {
    /// Goes on with a file that is there.
    pub(super) fn open(path: &Path, max_bytes: u64, keep: u32) -> io::Result<Self> {
        let file = open(path)?;
        // Those of an earlier run may have been open to others.
        for old in std::iter::once(path.to_owned()).chain((1..=keep).map(|n| numbered(path, n))) {
            files::private_file(&old).map_err(io::Error::other)?;
        }
        Ok(Self {
            path: path.to_owned(),
            max_bytes,
            keep,
            written: file.metadata()?.len(),
            file,
        })
    }

    fn rotate(&mut self) -> io::Result<()> {
        let numbered = |number| numbered(&self.path, number);
        if self.keep == 0 {
            missing_is_fine(std::fs::remove_file(&self.path))?;
        } else {
            for number in (1..self.keep).rev() {
                missing_is_fine(std::fs::rename(numbered(number), numbered(number + 1)))?;
            }
            missing_is_fine(std::fs::rename(&self.path, numbered(1)))?;
        }
        self.file = open(&self.path)?;
        self.written = 0;
        Ok(())
    }
}

impl Write for Rotating {
    /// `line` is whole: it is never split over two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let full = self.written + line.len() as u64 > self.max_bytes;
        if full && self.written > 0 {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.written += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(format!(".{number}"));
    PathBuf::from(path)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

fn missing_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests;
