"""A database is made new or brought forward, and both ways end in the same tables."""

from pathlib import Path

import psycopg
import pytest

from model.errors import Misconfigured, Unavailable
from serving.store import chain, migration
from serving.store.migration import migrate, newest_version
from tests.serving.live import empty_database, new_store

_SCHEMAS = Path(__file__).with_name("schemas")
#: What each release left, and the first version of all, which noted less in other columns.
EARLIER = sorted(_SCHEMAS.glob("*.sql"))
FIRST = _SCHEMAS / "1.sql"
_SHAPE = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'hilum'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'hilum'
    UNION ALL SELECT 'function', proname, pg_get_function_identity_arguments(p.oid), prosrc, '', ''
        FROM pg_proc p WHERE pronamespace = 'hilum'::regnamespace AND prolang IN (
            SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(c.oid), '', ''
        FROM pg_constraint c WHERE connamespace = 'hilum'::regnamespace
    ORDER BY 1, 2, 3, 4"""


def shape(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(_SHAPE).fetchall()


def test_an_empty_database_gets_the_newest_schema_and_a_second_time_nothing() -> None:
    with empty_database() as url:
        assert migrate(url) == 0
        made = shape(url)
        assert migrate(url) == newest_version()
        assert shape(url) == made


@pytest.mark.parametrize("dump", EARLIER, ids=lambda path: path.stem)
def test_an_earlier_database_with_rows_comes_to_the_same_schema_and_keeps_its_rows(dump: Path) -> None:
    with empty_database() as new, empty_database() as old:
        migrate(new)
        with psycopg.connect(old, autocommit=True) as connection:
            connection.execute(dump.read_bytes())
        assert migrate(old) == int(dump.stem)
        assert shape(old) == shape(new)
        with psycopg.connect(old, options="-c search_path=hilum,public") as connection:
            rows = connection.execute(
                "SELECT st.patient_name, i.sop_instance_uid, o.state, r.reviewer "
                "FROM study st JOIN series USING (study_id) JOIN instance i USING (series_id) "
                "LEFT JOIN outcome o USING (instance_id) "
                "LEFT JOIN review r USING (outcome_id) ORDER BY i.instance_id"
            ).fetchall()
        assert rows == [
            ("Mẫu Bình Thường", "1.2.3.1", "read", "reader-7"),
            ("Mẫu Bình Thường", "1.2.3.2", "refused", None),
            ("Mẫu Bình Thường", "1.2.3.3", None, None),
        ]


def test_what_was_noted_before_is_chained_first() -> None:
    with empty_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FIRST.read_bytes())
        migrate(url)
        with new_store(database_url=url) as (_, store):
            chain.chain_all(store)
            assert chain.verify(store).fault is None
            rows = [(row["action"], row["sop_instance_uid"], row["actor"], row["object"]) for row in chain.rows(store)]
    assert rows == [("conflict", "1.2.3.1", "http", ""), ("review", "1.2.3.1", "reader-7", "1")]


def test_a_database_of_a_newer_version_is_left_alone() -> None:
    with empty_database() as url:
        migrate(url)
        with psycopg.connect(url, options="-c search_path=hilum") as connection:
            connection.execute("INSERT INTO schema_version (version) VALUES (9999)")
        with pytest.raises(Misconfigured, match="not 9999: it is of a newer Hilum"):
            migrate(url)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert sorted(migration.migrations()) == list(range(2, newest_version() + 1))


def test_a_database_that_is_not_there_may_come(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        migrate(f"postgresql:///x?host={tmp_path}")


def test_a_url_that_is_none_is_told() -> None:
    with pytest.raises(Misconfigured, match="HILUM_DATABASE_URL"):
        migrate("postgresql://[")


def test_what_columns_know_can_be_searched_at_once() -> None:
    with empty_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FIRST.read_bytes())
        migrate(url)
        with psycopg.connect(url, options="-c search_path=hilum,public") as connection:
            rows = connection.execute(
                "SELECT st.attributes->'00100010', st.name_to_match, s.attributes->'0020000E', "
                "i.attributes->'00080018'->'Value'->>0, i.described "
                "FROM study st JOIN series s USING (study_id) JOIN instance i USING (series_id) ORDER BY i.instance_id"
            ).fetchall()
        name = {"vr": "PN", "Value": [{"Alphabetic": "Mẫu^Bình^Thường"}]}
        series = {"vr": "UI", "Value": ["1.2.3.20"]}
        assert rows == [(name, "=mẫu^bình^thường=", series, f"1.2.3.{n}", False) for n in (1, 2, 3)]
