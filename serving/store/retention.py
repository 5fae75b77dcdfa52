"""Old data go by policy: studies after their days, then the bytes to which nothing refers."""

from serving.store.audit import Act, Action, note
from serving.store.database import execute, only
from serving.store.objects import content_name, rendition_name
from serving.store.store import Store
from serving.who import service

_STUDIES_AT_ONCE = 200


def prune_studies(store: Store, *, keep_days: int) -> int:
    """Forget some of the studies to which nothing came for ``keep_days`` days; how many."""
    with store.database.transaction() as connection:
        old = execute(connection, "old_studies", days=keep_days, limit=_STUDIES_AT_ONCE).fetchall()
        for study in old:
            uid, details = study["study_instance_uid"], {"keep_days": keep_days}
            note(connection, Act(who=service("worker"), action=Action.PRUNE, study_instance_uid=uid, details=details))
        execute(connection, "delete_studies", studies=[study["study_id"] for study in old])
        return len(old)


def prune_content(store: Store, *, display_pixels: int) -> int:
    """Delete bytes to which nothing refers, in two steps; how many files.

    First they are marked, and that is committed: from then on, whoever receives the same bytes stores them again.
    Then they are deleted while their rows are held, so that a kill in between leaves a mark, never a row without bytes.
    While a backup is made, none are.
    """
    with store.database.transaction() as connection:
        execute(connection, "doom_content")
    with store.database.transaction() as connection:
        if not only(execute(connection, "is_not_backed_up"))["free"]:
            return 0
        hashes = [row["content_hash"] for row in execute(connection, "doomed_content").fetchall()]
        for content_hash in hashes:
            store.objects.delete(content_name(content_hash))
            store.objects.delete(rendition_name(content_hash, display_pixels))
        execute(connection, "delete_content", hashes=hashes)
        return len(hashes)


def forget_ended_jobs(store: Store) -> None:
    """Keep the table of jobs small."""
    with store.database.transaction() as connection:
        execute(connection, "delete_ended_jobs")
