use crate::push::state::{alive, dead};
use push_notify_db::rows::Bulk;

/// Dead letters sent again by a replay. What was sent again meanwhile, was retried too often, or
/// would end at once is passed over.
pub static INSERT_DEAD_AGAIN: Bulk = Bulk::new(
    "id, dead_id, replay_id, now, most",
    5,
    concat!("INSERT INTO pushes (id, event_id, repo_id, target_id, retry_of, scene, commit_id, commit_msg, state, attempts, run_at, only_to,
         replay_id, form_id, choice, created_at)
     SELECT v.id, p.event_id, p.repo_id, p.target_id, COALESCE(p.retry_of, p.id), p.scene, p.commit_id, p.commit_msg, 'pending', 0,
         v.now, p.only_to, v.replay_id, p.form_id, p.choice, v.now
     FROM v JOIN pushes p ON p.id = v.dead_id
     WHERE v.id IS NOT NULL AND p.superseded_by IS NULL AND p.",
dead!(),
"
         AND EXISTS (SELECT 1 FROM targets t WHERE t.id = p.target_id AND t.deleted_at IS NULL AND t.status = 'active')
         AND EXISTS (SELECT 1 FROM repos r WHERE r.id = p.repo_id AND r.deleted_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM pushes n WHERE n.event_id = p.event_id AND n.retry_of = COALESCE(p.retry_of, p.id)
             AND n.",
alive!(),
")
         AND (SELECT COUNT(*) FROM pushes n WHERE n.event_id = p.event_id AND n.retry_of = COALESCE(p.retry_of, p.id)) < v.most"),
);

/// The dead letters that were sent again name what was made in their place.
pub static SUPERSEDE_DEAD: Bulk = Bulk::new(
    "id, dead_id",
    2,
    "UPDATE pushes SET superseded_by = v.id FROM v
     WHERE pushes.id = v.dead_id AND v.id IS NOT NULL AND EXISTS (SELECT 1 FROM pushes n WHERE n.id = v.id)",
);
