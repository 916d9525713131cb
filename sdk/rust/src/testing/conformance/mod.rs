//! What every plugin of a kind keeps, whatever it speaks to: a plugin says in a row how its far
//! side writes things down, and each rule becomes a test of its own.
//!
//! ```ignore
//! impl conformance::AiRow for MyModels {
//!     // configuration, an answer, a stream ...
//! }
//! push_notify_sdk::conformance!(ai MyModels);
//! ```

pub mod ai;
pub mod channel;
pub mod forge;
pub mod merge_requests;
pub mod provider;

pub use ai::AiRow;
pub use channel::{ChannelRow, Far, Shown};
pub use forge::ForgeRow;
pub use merge_requests::MergeRequestRow;
pub use provider::{ProviderRow, Sent};

/// The placeholder of a channel's or a server's secret, in a row's configuration.
pub const KEY: &str = "key-placeholder";

/// Makes each rule for a kind of plugin a test: `ai`, `channel`, `provider`, `forge` for a
/// provider that calls its Git host, or `merge_requests` for one that opens some there.
#[macro_export]
macro_rules! conformance {
    (ai $row:ty) => {
        $crate::conformance!(ai $row:
            an_answer_has_its_text_model_and_usage,
            an_answer_without_text_is_asked_for_again,
            an_object_is_found_in_whatever_stands_around_it,
            half_of_a_character_is_no_reason_to_lose_an_answer,
            an_answer_that_nobody_asked_to_be_streamed_is_read,
            a_stream_that_ends_before_its_end_is_no_answer,
            half_an_answer_is_asked_for_again,
            a_web_page_needs_an_administrator,
            what_is_no_answer_is_quoted,
            an_answer_that_no_model_gives_is_rejected,
            a_long_list_takes_no_room,
            every_part_of_an_answer_may_be_anything,
            what_passes_is_tried_again,
            a_server_says_whether_and_when_to_come_back,
            what_an_administrator_has_to_mend_is_misconfigured,
            what_the_server_will_never_take_is_rejected,
            a_question_that_is_too_long_is_never_taken_whatever_the_status,
            a_request_without_an_answer_says_what_happens_next,
            the_reason_is_found_wherever_servers_put_it,
            a_reason_stays_short_whatever_a_server_says,
            no_reason_tells_the_key,
            the_key_is_in_a_header_alone,
        );
    };
    (channel $row:ty) => {
        $crate::conformance!(channel $row:
            a_message_is_delivered_once,
            a_text_arrives_as_it_was_written,
            a_title_is_one_line,
            a_long_body_is_cut_to_what_the_far_side_takes_and_says_so,
            each_failure_is_of_its_class,
            a_reason_stays_short_whatever_the_far_side_says,
            no_reason_tells_a_secret,
            a_secret_is_in_no_text,
        );
    };
    (proof $row:ty) => {
        $crate::conformance!(provider $row:
            what_proves_nothing_is_refused_before_anything_else,
            a_repository_without_a_secret_receives_nothing,
            the_plain_secret_is_taken_where_there_is_no_other_proof,
            beside_a_proof_the_plain_secret_does_not_count,
        );
    };
    (provider $row:ty) => {
        $crate::conformance!(proof $row);
        $crate::conformance!(provider $row:
            every_fixture_becomes_the_event_beside_it,
            a_form_body_is_the_same_event,
            what_the_host_never_sends_is_malformed,
            what_nobody_is_told_of_is_ignored,
            a_reason_stays_short_whatever_the_delivery_holds,
            the_longest_names_break_nothing,
            a_push_of_many_large_commits_keeps_the_newest_and_the_true_total,
            a_huge_commit_is_shortened,
            a_list_may_be_null_or_missing_but_nothing_else,
        );
    };
    (forge $row:ty) => {
        $crate::conformance!(forge $row:
            a_probe_asks_for_the_repository,
            a_probe_tells_what_is_wrong,
            a_public_repository_is_read_without_a_token,
            an_address_without_a_repository_is_not_called,
            a_file_is_read_at_the_head,
            what_is_no_text_of_a_readable_size_is_absent,
            a_path_leads_nowhere_else,
            what_passes_is_tried_again,
            what_a_payload_names_as_its_commit_gets_into_no_address,
            nobody_speaks_without_a_token,
            a_review_of_nothing_asks_nothing,
            no_reason_tells_the_token,
        );
    };
    (merge_requests $row:ty) => {
        $crate::conformance!(merge_requests $row:
            one_is_opened,
            one_of_the_same_branches_is_the_answer,
            a_refusal_is_told,
            a_branch_that_is_not_there_is_named,
            nobody_opens_one_without_a_token,
            a_text_commands_nobody,
            each_state_is_told,
            a_pipeline_is_told,
        );
    };
    ($kind:ident $row:ty: $($rule:ident),* $(,)?) => {
        $(
            #[test]
            fn $rule() {
                $crate::testing::conformance::$kind::$rule::<$row>();
            }
        )*
    };
}
