//! A delivery as the engine keeps it. What is too large for that is shortened, and it is said what
//! is missing: of a large push people hear less, not nothing.

use super::{
    bounds::{ANSWER, ENTRY, reason},
    line::one_line,
    v0_1::push_notify::plugin::{provider_types as provider, types},
};
use crate::{
    ports::{
        Commit, Delivery, Effect, Event, MergeRequest, MergeRequestAction, Person, Repository,
        Shortened,
    },
    verdict::CallError,
};

const KINDS: [&str; 3] = ["push", "tag_push", "merge_request"];
const STATES: [&str; 3] = ["open", "closed", "merged"];

/// Of a name, a title, a reference, a path or an id, in bytes.
const LINE: usize = 4 << 10;
/// Of an address. Half of one leads nowhere: a longer one is left out.
const ADDRESS: usize = 8 << 10;
/// Of a commit's message.
const MESSAGE: usize = 64 << 10;
/// Of what tells effects apart. Half of one would tell other events to be the same: a longer one is
/// left out.
const EFFECT: usize = 1 << 20;
/// What an event without commits has at most: some twenty lines and addresses.
const FRAME: usize = 256 << 10;

type Bounded<T> = Result<T, CallError>;

pub(super) fn delivery(delivery: provider::Delivery, plugin: &str) -> Bounded<Delivery> {
    let mut scissors = Scissors::default();
    let event = event(&mut scissors, delivery.event, plugin)?;
    Ok(Delivery {
        id: scissors.maybe(delivery.id),
        effect: delivery.effect.and_then(|effect| scissors.effect(effect)),
        event,
        shortened: scissors.done(),
    })
}

fn event(scissors: &mut Scissors, event: types::EventResult, plugin: &str) -> Bounded<Event> {
    let merge_request = event
        .merge_request
        .map(|request| merge_request(scissors, request))
        .transpose()?;
    if !KINDS.contains(&event.kind.as_str()) {
        return Err(CallError::Output(format!(
            "event kind `{}`",
            reason(event.kind.escape_debug().take(40).collect())
        )));
    }
    if (event.kind == "merge_request") != merge_request.is_some() {
        let problem = "a merge_request event has a merge request, and no other has";
        return Err(CallError::Output(problem.to_owned()));
    }
    let listed = u32::try_from(event.commits.len()).unwrap_or(u32::MAX);
    let commits = scissors.commits(event.commits);
    let total_commits = match scissors.cut.commits {
        0 => event.total_commits,
        _ => event.total_commits.max(Some(listed)),
    };
    Ok(Event {
        provider: plugin.to_owned(),
        kind: event.kind,
        git_ref: scissors.maybe(event.ref_),
        branch: scissors.maybe(event.branch),
        tag: scissors.maybe(event.tag),
        before: scissors.maybe(event.before),
        after: scissors.maybe(event.after),
        created: event.created,
        deleted: event.deleted,
        forced: event.forced,
        commits,
        total_commits,
        actor: scissors.person(event.actor),
        repository: Repository {
            full_name: scissors.line(event.repository.full_name),
            url: scissors.address(event.repository.url),
            clone_url: scissors.address(event.repository.clone_url),
            default_branch: scissors.maybe(event.repository.default_branch),
            private: event.repository.private,
        },
        merge_request,
    })
}

fn merge_request(
    scissors: &mut Scissors,
    request: types::MergeRequestResult,
) -> Bounded<MergeRequest> {
    if !STATES.contains(&request.state.as_str()) {
        return Err(CallError::Output(format!(
            "merge request state `{}`",
            reason(request.state.escape_debug().take(40).collect())
        )));
    }
    Ok(MergeRequest {
        number: request.number,
        title: scissors.line(request.title),
        action: match request.action {
            types::MergeRequestAction::Opened => MergeRequestAction::Opened,
            types::MergeRequestAction::Updated => MergeRequestAction::Updated,
            types::MergeRequestAction::Reopened => MergeRequestAction::Reopened,
            types::MergeRequestAction::Merged => MergeRequestAction::Merged,
            types::MergeRequestAction::Closed => MergeRequestAction::Closed,
        },
        state: request.state,
        source_branch: scissors.line(request.source_branch),
        target_branch: scissors.line(request.target_branch),
        head_sha: scissors.maybe(request.head_sha),
        base_sha: scissors.maybe(request.base_sha),
        url: scissors.address(request.url),
        author: scissors.person(request.author),
        draft: request.draft,
        merged: request.merged,
    })
}

/// Cuts, and counts what it cut.
#[derive(Default)]
struct Scissors {
    cut: Shortened,
}

impl Scissors {
    fn done(self) -> Option<Shortened> {
        (self.cut != Shortened::default()).then_some(self.cut)
    }

    fn line(&mut self, text: String) -> String {
        self.text(one_line(text), LINE)
    }

    fn maybe(&mut self, text: Option<String>) -> Option<String> {
        text.map(|text| self.line(text))
    }

    fn text(&mut self, mut text: String, most: usize) -> String {
        if text.len() > most {
            text.truncate(text.floor_char_boundary(most));
            // What is kept must not hold on to what is not.
            text.shrink_to_fit();
            text.push('…');
            self.cut.texts += 1;
        }
        text
    }

    fn address(&mut self, address: Option<String>) -> Option<String> {
        self.short(one_line(address?), ADDRESS)
    }

    /// None: it is too long.
    fn short(&mut self, text: String, most: usize) -> Option<String> {
        if text.len() > most {
            self.cut.texts += 1;
            return None;
        }
        Some(text)
    }

    fn effect(&mut self, effect: provider::Effect) -> Option<Effect> {
        Some(Effect {
            key: self.short(effect.key, EFFECT)?,
            source: self.line(effect.source),
        })
    }

    fn person(&mut self, person: Option<types::PersonResult>) -> Option<Person> {
        let person = person?;
        Some(Person {
            name: self.maybe(person.name),
            login: self.maybe(person.login),
            email: self.maybe(person.email),
            avatar_url: self.address(person.avatar_url),
        })
    }

    /// The newest, which come last, as far as there is room; then the files of the newest, as far
    /// as there is room for them.
    fn commits(&mut self, listed: Vec<types::CommitResult>) -> Vec<Commit> {
        let mut left = ANSWER - FRAME;
        let all = listed.len();
        let mut kept = Vec::new();
        for commit in listed.into_iter().rev() {
            let before = self.cut.texts;
            let (commit, files) = self.commit(commit);
            let Some(rest) = left.checked_sub(size(&commit)) else {
                self.cut.texts = before;
                break;
            };
            left = rest;
            kept.push((commit, files));
        }
        self.cut.commits += all - kept.len();
        for (commit, files) in &mut kept {
            let lists = [&mut commit.added, &mut commit.modified, &mut commit.removed];
            for (list, paths) in lists.into_iter().zip(std::mem::take(files)) {
                *list = self.paths(paths, &mut left);
            }
        }
        kept.into_iter().rev().map(|(commit, _)| commit).collect()
    }

    /// And its files: added, modified, removed.
    fn commit(&mut self, commit: types::CommitResult) -> (Commit, [Vec<String>; 3]) {
        let files = [commit.added, commit.modified, commit.removed];
        let commit = Commit {
            id: self.line(commit.id),
            message: self.text(commit.message, MESSAGE),
            url: self.address(commit.url),
            timestamp: self.maybe(commit.timestamp),
            author: self.person(commit.author),
            ..Commit::default()
        };
        (commit, files)
    }

    fn paths(&mut self, paths: Vec<String>, left: &mut usize) -> Vec<String> {
        let all = paths.len();
        let mut kept = Vec::new();
        for path in paths {
            let path = match left.checked_sub(path.len().min(LINE) + ENTRY) {
                Some(rest) => {
                    *left = rest;
                    self.line(path)
                }
                None => break,
            };
            kept.push(path);
        }
        self.cut.files += all - kept.len();
        kept
    }
}

/// Without its files.
fn size(commit: &Commit) -> usize {
    let author = commit.author.as_ref();
    let of_author = author.map_or(0, |author| {
        let parts = [
            &author.name,
            &author.login,
            &author.email,
            &author.avatar_url,
        ];
        parts.into_iter().flatten().map(String::len).sum()
    });
    let parts = [&commit.url, &commit.timestamp];
    let own: usize = parts.into_iter().flatten().map(String::len).sum();
    ENTRY + commit.id.len() + commit.message.len() + own + of_author
}

#[cfg(test)]
mod tests;
