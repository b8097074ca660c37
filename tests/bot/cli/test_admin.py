"""`doctor`, `backup`, `restore`, `export` and `import`: what they find, save and refuse."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.cli.conftest import SAMPLE, Shell


def test_doctor_says_what_is_wrong_and_what_to_do(stocked: Shell) -> None:
    report = stocked.json("doctor", expect=1)
    checks = {check["name"]: check for check in report["checks"]}
    assert not report["ok"]
    assert checks["corpus.db"]["ok"]
    assert checks["search index"]["ok"]
    assert not checks["token"]["ok"]
    assert "DISCORD_TOKEN" in checks["token"]["detail"]
    assert not checks["corpus folder"]["ok"]
    assert "→" in stocked.run("doctor", expect=1)


def damage(database: Path, table: str) -> None:
    """Overwrite the page that a table or an index begins on."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["articles", "article_index_data", "files"])
def test_doctor_finds_damage_of_the_corpus_before_anything_else(stocked: Shell, table: str) -> None:
    damage(stocked.folder / "data" / "corpus.db", table)
    checks = [check for check in stocked.json("doctor", expect=1)["checks"] if check["name"] == "corpus.db"]
    (corpus,) = checks
    assert not corpus["ok"]
    assert "delete" in corpus["advice"]
    assert "--repair" not in stocked.run("doctor", expect=1)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["subscriptions", "deliveries"])
def test_doctor_finds_damage_of_the_state_and_advises_a_backup(stocked: Shell, table: str) -> None:
    stocked.run("export")
    damage(stocked.folder / "data" / "state.db", table)
    (state,) = [check for check in stocked.json("doctor", expect=1)["checks"] if check["name"] == "state.db"]
    assert not state["ok"]
    assert "broadsheet restore" in state["advice"]


def test_a_damaged_state_is_one_sentence(stocked: Shell) -> None:
    stocked.run("export")
    damage(stocked.folder / "data" / "state.db", "subscriptions")
    said = stocked.run("export", expect=3)
    assert said.startswith("broadsheet: state.db is damaged")
    assert "broadsheet restore" in said


@pytest.mark.parametrize(
    "words", [("load", SAMPLE / "articles"), ("search", "harbour"), ("preview", "--date", "2026-03-10")]
)
def test_a_damaged_corpus_is_one_sentence_that_says_to_delete_it(stocked: Shell, words: tuple[str | Path, ...]) -> None:
    damage(stocked.folder / "data" / "corpus.db", "articles")
    said = stocked.run(*words, expect=3)
    assert said.startswith("broadsheet: corpus.db is damaged")
    assert "delete the file" in said


def test_a_file_that_is_no_database_is_one_sentence_that_says_to_delete_it(stocked: Shell) -> None:
    (stocked.folder / "data" / "corpus.db").write_bytes(b"no database " * 1000)
    assert "delete the file" in stocked.run("search", "harbour", expect=3)


def test_state_can_be_saved_restored_exported_and_imported(stocked: Shell) -> None:
    saved = stocked.json("backup", "saved.db")
    assert saved == {"file": "saved.db", "bytes": (stocked.folder / "saved.db").stat().st_size}
    assert stocked.json("restore", "saved.db")["file"] == "saved.db"
    document = stocked.run("export")
    assert json.loads(document)["subscriptions"] == []
    assert stocked.json("export") == json.loads(document)
    assert "0 new" in stocked.run("import", "-", typed=document)


@pytest.mark.slow
def test_a_backup_lands_beside_the_databases_under_any_name_but_theirs(stocked: Shell) -> None:
    before = stocked.run("export")
    stocked.run("backup", "data/state.db.bak")
    stocked.run("backup", "data/corpus.db", expect=3)
    assert stocked.run("export") == before
    assert stocked.json("search", "tidewright")["total"]


def checks_of(shell: Shell, *words: str) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in shell.json("doctor", *words, expect=1)["checks"]}


def test_doctor_in_an_empty_folder_says_that_there_is_no_file_and_makes_none(shell: Shell) -> None:
    checks = checks_of(shell)
    assert "config.toml" in checks["configuration"]["detail"]
    assert "first start" in checks["state.db"]["detail"]
    assert list(shell.folder.iterdir()) == []
    (shell.folder / "config.toml").write_text("")
    assert "config.toml" not in checks_of(shell)["configuration"]["detail"]


def test_doctor_does_not_advise_to_delete_what_only_cannot_be_written(shell: Shell) -> None:
    (shell.folder / "data").write_text("no folder")
    for name in ("corpus.db", "state.db"):
        check = checks_of(shell)[name]
        assert not check["ok"]
        assert "data_dir" in check["advice"]
        assert "delete" not in check["advice"]
        assert "restore" not in check["advice"]


def test_doctor_says_that_another_program_holds_a_database(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.store.connection.BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setattr("digests.store.connection.LOCK_PATIENCE_S", 0.1)
    stocked.run("export")
    path = stocked.folder / "data" / "state.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA user_version = 0")  # a migration is due, which has to write
        other.execute("BEGIN IMMEDIATE")
        check = checks_of(stocked)["state.db"]
    assert not check["ok"]
    assert "restore" not in (check["advice"] or "")


@pytest.mark.slow
def test_forget_erases_and_says_what(stocked: Shell) -> None:
    entry = {
        "guild_id": "7", "channel_id": "5", "channel_kind": "text", "creator_id": "9", "times": ["08:00"],
        "created_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    document = json.dumps({"kind": "broadsheet-subscriptions", "version": 1, "subscriptions": [entry]})
    stocked.run("import", "-", typed=document)
    assert "1 subscription of a server no longer says" in stocked.run("forget", "--user", "9")
    assert stocked.json("forget", "--guild", "7")["subscriptions"] == 1
    assert "Nothing was stored" in stocked.run("forget", "--guild", "7")
    assert stocked.json("export")["subscriptions"] == []


@pytest.mark.parametrize("words", [(), ("--guild", "1", "--user", "2"), ("--guild", "0"), ("--user", str(2**63))])
def test_forget_wants_one_server_or_one_member(shell: Shell, words: tuple[str, ...]) -> None:
    shell.run("forget", *words, expect=2)


@pytest.mark.parametrize("text", ["[" * 100_000, "\ud800", "{", "[]", '{"kind": "x"}'])
def test_a_hostile_document_is_one_sentence(shell: Shell, text: str) -> None:
    (shell.folder / "hostile.json").write_text(text, "utf-8", errors="surrogatepass")
    said = shell.run("import", "hostile.json", expect=2)
    assert said.startswith("broadsheet: ")
    assert said.count("\n") == 1


def test_a_hostile_backup_is_one_sentence(stocked: Shell) -> None:
    stocked.run("backup", "saved.db")
    with closing(sqlite3.connect(stocked.folder / "saved.db")) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON settings BEGIN DELETE FROM subscriptions; END")
    assert "trigger t is not ours" in stocked.run("restore", "saved.db", expect=2)


def test_doctor_names_what_others_can_read_and_how_to_close_it(stocked: Shell) -> None:
    (finding,) = [check for check in stocked.json("doctor", expect=1)["checks"] if check["name"] == "private files"]
    assert finding["ok"]
    (stocked.folder / "data" / "state.db.bak").write_text("")
    (stocked.folder / "data" / "state.db.bak").chmod(0o644)
    (finding,) = [check for check in stocked.json("doctor", expect=1)["checks"] if check["name"] == "private files"]
    assert not finding["ok"]
    assert "chmod 600 " in finding["advice"]


@pytest.mark.parametrize(
    "flipped",
    [
        "UPDATE articles SET related_list = '[[1,'",
        "UPDATE articles SET topic_list = '{'",
        "UPDATE articles SET title = CAST(x'ff4142' AS TEXT)",
        "UPDATE articles SET url = CAST(x'41ff42' AS TEXT)",
    ],
)
def test_a_corpus_with_flipped_bits_is_one_sentence(stocked: Shell, flipped: str) -> None:
    with closing(sqlite3.connect(stocked.folder / "data" / "corpus.db")) as connection:
        connection.execute(flipped)
        connection.commit()
    said = stocked.run("preview", "--date", "2026-03-10", expect=3)
    assert said.startswith("broadsheet: corpus.db is damaged")
    assert "delete the file" in said
