//! The text of a prompt: a template over the variables of its kind.

use super::Kind;
use push_notify_template::{Template, TemplateError, sample_data};
use serde_json::{Map, Value, json};

/// What a review can name, by the API contract.
const OF_CODEVIEW: [&str; 7] = [
    "FileName",
    "FileContent",
    "DiffContent",
    "Language",
    "RepoName",
    "Branch",
    "CommitMsg",
];

/// What a message can name, by the API contract.
const OF_MESSAGE: [&str; 11] = [
    "RepoName",
    "RepoUrl",
    "CommitId",
    "CommitMsg",
    "Author",
    "Branch",
    "ChangedFiles",
    "FileCount",
    "CodeViewResult",
    "CodeViewIssues",
    "ReviewTime",
];

impl Kind {
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Codeview => &OF_CODEVIEW,
            Self::Message => &OF_MESSAGE,
        }
    }

    /// Without one of these the model would not know what it is asked about.
    pub fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Codeview => &["FileContent", "DiffContent"],
            Self::Message => &["CommitMsg", "CodeViewResult", "CodeViewIssues"],
        }
    }

    /// A value for each of its variables.
    pub fn sample(self) -> Map<String, Value> {
        let mut sample = match sample_data() {
            Value::Object(sample) => sample,
            _ => Map::new(),
        };
        sample.retain(|name, _| self.variables().contains(&name.as_str()));
        if self == Self::Codeview {
            let code = [
                ("FileName", json!("src/login.go")),
                (
                    "FileContent",
                    json!("package main\n\nfunc main() {\n\tlogin()\n}\n"),
                ),
                (
                    "DiffContent",
                    json!("@@ -3 +3,3 @@\n-func main() {}\n+func main() {\n+\tlogin()\n+}\n"),
                ),
                ("Language", json!("Go")),
            ];
            sample.extend(code.map(|(name, value)| (name.to_owned(), value)));
        }
        sample
    }

    /// Parses a text of this kind. It may take a second: not on an async thread.
    pub fn parse(self, content: &str) -> Result<Template, TemplateError> {
        Template::parse_for("", content, &self.sample().into())
    }
}
