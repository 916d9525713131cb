//! `make gallery`: what readers see of every scene, at every channel, in both languages, as pages
//! in `target/gallery` to be looked at. The texts are the built-in templates', and what is made of
//! them is what each plugin sends; how it looks there is approximated.

mod channels;
mod look;
mod page;
mod scenes;

use anyhow::Context as _;
use push_notify_manifest::Manifest;
use push_notify_tests::workspace;

const LANGUAGES: [&str; 2] = ["zh-CN", "en-US"];

fn main() -> anyhow::Result<()> {
    let folder = workspace().join("target/gallery");
    std::fs::create_dir_all(&folder)?;
    let scenes = scenes::all();
    let mut names = Vec::new();
    for channel in channels::all() {
        let path = format!("plugins/channel-{}/plugin.toml", channel.id);
        let manifest = std::fs::read_to_string(workspace().join(&path)).context(path)?;
        let manifest = Manifest::from_toml(&manifest)?;
        let mut rows = Vec::new();
        for scene in &scenes {
            let mut looks = Vec::new();
            for language in LANGUAGES {
                let message = scene.message(&manifest, language)?;
                let sent = (channel.send)(&channel, message);
                let sent = sent.with_context(|| format!("{} at {}", scene.name, channel.id))?;
                looks.push(look::of(channel.id, &sent));
            }
            rows.push((scene.name, looks));
        }
        let file = folder.join(format!("{}.html", channel.id));
        std::fs::write(file, page::channel(&manifest, &rows))?;
        names.push((channel.id, manifest.description));
    }
    let index = folder.join("index.html");
    std::fs::write(&index, page::index(&names, &scenes))?;
    println!("{}", index.display());
    Ok(())
}
