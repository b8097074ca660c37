"""Pulling corpus folders from git: what a repository may bring, and what it can not make the bot do."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from digests.errors import CorpusUnavailable
from digests.service.corpus import CorpusService, checkout
from digests.service.corpus.git import without_secrets
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import NOW, counts, git, publish, text_of, write


async def test_a_repository_is_pulled_before_a_load(store: ArticleStore, folder: Path, upstream: Path) -> None:
    corpus = CorpusService(store, [folder], git=True)
    assert (await corpus.load(now=NOW)).new == 1
    publish(upstream, "b.md", text_of("Two"))
    report = await corpus.load(now=NOW)
    assert (report.new, report.unchanged) == (1, 1)
    assert not await checkout.pull(folder)


async def test_hooks_of_the_repository_are_not_run(folder: Path, upstream: Path, tmp_path: Path) -> None:
    for name in ("post-merge", "post-checkout", "reference-transaction"):
        hook = folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(folder)
    assert not (tmp_path / "ran").exists()


async def test_a_local_change_in_the_way_is_reported_and_stays(folder: Path, upstream: Path) -> None:
    write(folder / "a.md", "mine")
    publish(upstream, "a.md", text_of("Theirs"))
    publish(upstream, "b.md", text_of("Two"))
    with pytest.raises(CorpusUnavailable, match="git merge failed"):
        await checkout.pull(folder)
    assert (folder / "a.md").read_text() == "mine"
    assert not (folder / "b.md").exists()


async def test_histories_that_went_apart_are_reported(folder: Path, upstream: Path) -> None:
    publish(folder, "mine.md", text_of("Mine"))
    publish(upstream, "theirs.md", text_of("Theirs"))
    with pytest.raises(CorpusUnavailable, match="git merge failed"):
        await checkout.pull(folder)
    assert not (folder / "theirs.md").exists()


async def test_an_upstream_out_of_reach_is_reported(folder: Path, upstream: Path) -> None:
    shutil.rmtree(upstream)
    with pytest.raises(CorpusUnavailable, match="git fetch failed"):
        await checkout.pull(folder)


@pytest.mark.slow
async def test_a_folder_that_is_no_repository_is_read_as_it_is(
    store: ArticleStore, folder: Path, upstream: Path, tmp_path: Path
) -> None:
    write(tmp_path / "plain" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [tmp_path / "plain", folder], git=True)
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    publish(upstream, "c.md", text_of("Three"))
    report = await corpus.load(now=NOW)
    assert (counts(report), report.problems) == ((1, 0, 2, 0, 0), ())


async def test_a_repository_that_is_broken_is_reported(folder: Path, upstream: Path) -> None:
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: /nowhere")
    with pytest.raises(CorpusUnavailable, match="git rev-parse failed"):
        await checkout.pull(folder)


async def test_files_are_read_where_the_upstream_is_out_of_reach(
    store: ArticleStore, folder: Path, upstream: Path
) -> None:
    corpus = CorpusService(store, [folder], git=True)
    await corpus.load(now=NOW)
    upstream.rename(upstream.with_name("moved"))
    write(folder / "mine.md", text_of("Mine"))
    report = await corpus.load(now=NOW)
    assert counts(report) == (1, 0, 1, 0, 0)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.rejected) == (str(folder), None, False)
    assert "git fetch failed" in problem.reason
    assert await corpus.problems() == report.problems
    upstream.with_name("moved").rename(upstream)
    assert (await corpus.load(now=NOW)).problems == ()


async def test_a_fetch_that_hangs_is_stopped(folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "GIT_TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        git(folder, "remote", "set-url", "origin", f"git://127.0.0.1:{silent.getsockname()[1]}/x.git")
        with pytest.raises(CorpusUnavailable, match="took longer"):
            await checkout.pull(folder)


def test_secrets_in_messages_of_git_are_taken_out() -> None:
    message = "fatal: unable to access 'https://me:token@example.org/x.git/'"
    assert without_secrets(message) == "fatal: unable to access 'https://example.org/x.git/'"


# ---------------------------------------------------------------------- what somebody who may push tries


@pytest.mark.slow
async def test_a_bare_repository_among_the_files_is_never_taken_for_the_repository(
    store: ArticleStore, folder: Path, upstream: Path, tmp_path: Path
) -> None:
    posts = upstream / "_posts"
    git(upstream, "init", "-q", "--bare", "_posts")
    ran = tmp_path / "ran"
    (posts / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = touch {ran}\n"
        f'[remote "origin"]\n\turl = {upstream}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n'
        f"\tuploadpack = touch {ran}; git-upload-pack\n"
        '[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n'
        f"[core]\n\tsshCommand = touch {ran}\n\tgitProxy = touch {ran}\n\taskPass = touch {ran}\n"
        f"[credential]\n\thelper = !touch {ran}\n"
    )
    (posts / "HEAD").write_text("ref: refs/heads/main\n")
    for kept in ("refs/heads/.keep", "objects/info/.keep", "refs/keep"):
        (posts / kept).parent.mkdir(parents=True, exist_ok=True)
        (posts / kept).touch()
    shutil.rmtree(posts / "hooks")
    publish(upstream, "_posts/first.md", text_of("First"))
    git(folder, "pull", "-q")
    corpus = CorpusService(store, [folder / "_posts"], git=True)
    for number in range(3):
        publish(upstream, f"_posts/{number}.md", text_of(f"Story {number}"))
        report = await corpus.load(now=NOW)
        assert (report.new, [problem for problem in report.problems if not problem.rejected]) == (1 + (not number), [])
    assert not ran.exists()


async def test_filters_that_the_operator_has_are_not_run_on_what_a_repository_asks_for(
    folder: Path, upstream: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    for command in ("smudge", "clean"):
        git(folder, "config", f"filter.lfs.{command}", f"touch {ran}; cat")
    git(folder, "config", "filter.other.process", f"touch {ran}")
    git(folder, "config", "filter.other.required", "true")
    publish(upstream, ".gitattributes", "*.md filter=lfs\n*.txt filter=other\n")
    publish(upstream, "b.md", text_of("Two"))
    publish(upstream, "c.txt", "Three")
    assert await checkout.pull(folder)
    assert (folder / "b.md").read_text() == text_of("Two")
    assert (folder / "c.txt").read_text() == "Three"
    assert not ran.exists()


async def test_a_configuration_that_the_repository_decides_is_refused(folder: Path, upstream: Path) -> None:
    publish(upstream, "shared.gitconfig", "[core]\n\tsshCommand = true\n")
    git(folder, "pull", "-q")
    git(folder, "config", "include.path", "../shared.gitconfig")
    with pytest.raises(CorpusUnavailable, match=r"include\.path"):
        await checkout.pull(folder)


@pytest.mark.parametrize("url", ["ext::sh -c touch% {ran}", "./inner", "fd::0", "nosuchthing::x"])
async def test_a_remote_that_is_a_command_or_lies_among_the_files_is_refused(
    folder: Path, upstream: Path, tmp_path: Path, url: str
) -> None:
    git(folder, "clone", "-q", "--bare", str(upstream), "inner")
    ran = tmp_path / "ran"
    git(folder, "remote", "set-url", "origin", url.format(ran=ran))
    git(folder, "config", "protocol.ext.allow", "always")
    with pytest.raises(CorpusUnavailable, match="not allowed"):
        await checkout.pull(folder)
    assert not ran.exists()


async def test_a_remote_without_an_address_is_not_a_folder_of_that_name(folder: Path, upstream: Path) -> None:
    git(folder, "clone", "-q", "--bare", str(upstream), "origin")
    git(folder, "config", "--remove-section", "remote.origin")
    with pytest.raises(CorpusUnavailable, match="git fetch failed"):
        await checkout.pull(folder)


async def test_submodules_are_not_fetched(folder: Path, upstream: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    git(tmp_path, "init", "-q", "-b", "main", "inner")
    publish(inner, "x.md", text_of("Inner"))
    git(upstream, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    git(upstream, "commit", "-q", "-m", "sub")
    git(folder, "config", "submodule.recurse", "true")
    git(folder, "config", "fetch.recurseSubmodules", "true")
    assert await checkout.pull(folder)
    assert list((folder / "sub").iterdir()) == []


async def test_git_sees_the_operators_ssh_command_and_not_the_token(
    folder: Path, upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("BROADSHEET_OPS__HTTP_LISTEN", "secret-too")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/agent")
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    seen = tmp_path / "seen"
    git(folder, "config", "core.sshCommand", f"env > {seen}; false")
    git(folder, "remote", "set-url", "origin", "ssh://git@example.org/x.git")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    with pytest.raises(CorpusUnavailable, match="git fetch failed"):
        await checkout.pull(folder)
    environment = seen.read_text()
    assert "SSH_AUTH_SOCK=/agent" in environment
    assert "secret" not in environment


@pytest.mark.slow
async def test_a_few_kilobytes_that_stand_for_millions_of_files_are_refused(
    folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "MAX_TREE_FILES", 20_000)
    blob = git_says(upstream, "rev-parse", "HEAD:a.md")
    tree = git_says(upstream, "mktree", input_=f"100644 blob {blob}\ta.md\n")
    for _level in range(8):
        tree = git_says(upstream, "mktree", input_="".join(f"040000 tree {tree}\td{number}\n" for number in range(10)))
    commit = git_says(upstream, "commit-tree", tree, "-p", "HEAD", "-m", "bomb")
    git(upstream, "update-ref", "refs/heads/main", commit)
    with pytest.raises(CorpusUnavailable, match="more than"):
        await checkout.pull(folder)
    assert sorted(path.name for path in folder.iterdir()) == [".git", "a.md"]


async def test_a_file_beyond_all_measure_is_not_fetched(
    folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "MAX_PACK_BYTES", 256 * 1024)
    publish(upstream, "b.md", random.Random(1).randbytes(400_000).hex())
    with pytest.raises(CorpusUnavailable, match="was stopped"):
        await checkout.pull(folder)
    assert not (folder / "b.md").exists()


async def test_a_repository_that_appears_later_or_in_another_place_changes_nothing(
    folder: Path, upstream: Path, tmp_path: Path
) -> None:
    (folder / "_posts").mkdir()
    checkouts = checkout.Checkouts()
    assert not await checkouts.pull(folder / "_posts")
    ran = tmp_path / "ran"
    git(folder / "_posts", "init", "-q")
    git(folder / "_posts", "remote", "add", "origin", "ssh://example.org/x")
    git(folder / "_posts", "config", "core.sshCommand", f"touch {ran}")
    publish(upstream, "b.md", text_of("Two"))
    assert await checkouts.pull(folder / "_posts")
    assert not ran.exists()


async def test_a_broken_repository_does_not_make_way_for_one_among_the_files(folder: Path, upstream: Path) -> None:
    git(folder.parent, "clone", "-q", "--bare", str(upstream), "bare")
    for entry in (folder.parent / "bare").iterdir():
        shutil.move(entry, folder)
    (folder / ".git" / "HEAD").unlink()
    with pytest.raises(CorpusUnavailable, match="git rev-parse failed"):
        await checkout.pull(folder)


async def test_a_worktree_is_pulled_as_a_clone_is(folder: Path, upstream: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    git(folder, "worktree", "add", "-q", "--track", "-b", "other", str(tree), "origin/main")
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(tree)
    assert (tree / "b.md").exists()
    assert not (folder / "b.md").exists()


def git_says(folder: Path, *arguments: str, input_: str = "") -> str:
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    command = ["git", "-C", str(folder), *settings, *arguments]
    return subprocess.run(command, input=input_, capture_output=True, check=True, text=True).stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("end", ["../private", ".git"])
async def test_a_folder_that_becomes_a_link_out_of_the_repository_is_not_read(
    store: ArticleStore, folder: Path, upstream: Path, tmp_path: Path, end: str
) -> None:
    write(tmp_path / "private" / "secret.md", text_of("Secret"))
    write(folder / ".git" / "secret.md", text_of("Secret"))
    publish(upstream, "_posts/a.md", text_of("Post"))
    await checkout.pull(folder)
    posts = folder / "_posts"
    corpus = CorpusService(store, [posts], git=True)
    await corpus.load(now=NOW)
    shutil.rmtree(upstream / "_posts")
    (upstream / "_posts").symlink_to(end)
    publish(upstream, "b.md", text_of("Two"))
    for service in (corpus, corpus, CorpusService(store, [posts], git=True), CorpusService(store, [posts])):
        with pytest.raises(CorpusUnavailable, match="came with the repository"):
            await service.load(now=NOW)
    assert "Secret" not in [title for title, _key in await store.recent_headlines(10)]
    assert await store.count() == 1


async def test_a_link_of_the_operators_own_is_followed_from_a_repository(
    store: ArticleStore, folder: Path, upstream: Path, tmp_path: Path
) -> None:
    write(tmp_path / "news of mine" / "a.md", text_of("Mine"))
    (folder / "articles").symlink_to(tmp_path / "news of mine")
    assert (await CorpusService(store, [folder / "articles"]).load(now=NOW)).new == 1


async def test_only_the_branch_that_is_followed_is_fetched(folder: Path, upstream: Path) -> None:
    git(upstream, "checkout", "-q", "-b", "other")
    publish(upstream, "other.md", text_of("Other"))
    git(upstream, "checkout", "-q", "main")
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(folder)
    assert (folder / "b.md").exists()
    git(folder, "rev-parse", "--verify", "refs/remotes/origin/main")
    with pytest.raises(subprocess.CalledProcessError):
        git(folder, "rev-parse", "--verify", "refs/remotes/origin/other")


async def test_a_branch_that_is_gone_is_reported(folder: Path, upstream: Path) -> None:
    git(upstream, "branch", "-m", "main", "trunk")
    with pytest.raises(CorpusUnavailable, match="remote ref refs/heads/main"):
        await checkout.pull(folder)
