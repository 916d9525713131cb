use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// A small disk: a tmpfs that can be filled up.
pub struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// None where this user may not mount anything.
    pub fn mount(at: &Path, mib: u32) -> Option<Self> {
        fs::create_dir_all(at).ok()?;
        // By default anybody may write into it, and a server keeps nothing in such a folder.
        let options = format!("size={mib}m,mode=0700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| Self {
                path: at.to_owned(),
            })
    }

    /// Leaves no room.
    pub fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).expect("room for a name");
        let block = vec![0; 64 * 1024];
        for size in [block.len(), 4096, 1] {
            while file.write_all(&block[..size]).is_ok() {}
        }
    }

    pub fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("it was filled");
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A server may still have its files open.
        Command::new("umount")
            .arg("-l")
            .arg(&self.path)
            .status()
            .ok();
    }
}
