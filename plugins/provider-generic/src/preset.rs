//! Mappings of well-known senders, as files beside the plugin.

use push_notify_sdk::Preset;
use serde_json::{Map, Value};

struct File {
    name: &'static str,
    title_en: &'static str,
    title_zh: &'static str,
    mapping: &'static str,
    sample: &'static [u8],
}

macro_rules! file {
    ($name:literal, $en:literal, $zh:literal, $sample:literal) => {
        File {
            name: $name,
            title_en: $en,
            title_zh: $zh,
            mapping: include_str!(concat!("../presets/", $name, ".json")),
            sample: include_bytes!(concat!("../fixtures/", $name, ".", $sample, ".json")),
        }
    };
}

const FILES: [File; 5] = [
    file!("uptime-kuma", "Uptime Kuma", "Uptime Kuma", "down"),
    file!(
        "zabbix",
        "Zabbix (webhook media type)",
        "Zabbix（Webhook媒介类型）",
        "problem"
    ),
    file!(
        "argo-cd",
        "Argo CD (notifications)",
        "Argo CD（notifications）",
        "failed"
    ),
    file!(
        "drone",
        "Drone (global webhook)",
        "Drone（全局Webhook）",
        "failure"
    ),
    file!("aliyun", "Aliyun CloudMonitor", "阿里云云监控", "alert"),
];

pub(crate) fn names() -> Vec<&'static str> {
    FILES.iter().map(|file| file.name).collect()
}

/// None: there is no such preset.
pub(crate) fn mapping(name: &str) -> Option<Map<String, Value>> {
    let file = FILES.iter().find(|file| file.name == name)?;
    serde_json::from_str(file.mapping).ok()
}

pub(crate) fn all() -> Vec<Preset> {
    let preset = |file: &File| Preset {
        name: file.name.to_owned(),
        title_en: file.title_en.to_owned(),
        title_zh: file.title_zh.to_owned(),
        mapping: file.mapping.to_owned(),
        sample: file.sample.to_vec(),
    };
    FILES.iter().map(preset).collect()
}
