use crate::{Rejection, RunState, delivery::of_no_interest};

/// How a workflow, a check or a job of GitHub's ended. What was never done is of no interest.
pub fn concluded(conclusion: &str) -> Result<RunState, Rejection> {
    match conclusion {
        "success" | "neutral" => Ok(RunState::Succeeded),
        "failure" | "timed_out" | "startup_failure" => Ok(RunState::Failed),
        "cancelled" => Ok(RunState::Canceled),
        "action_required" => Ok(RunState::Blocked),
        other => Err(of_no_interest("conclusion", other)),
    }
}
