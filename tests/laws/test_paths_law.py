"""Law 8 for trees of paths: any order, any sharding, carried from one process to another in between."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import given, settings, strategies as st

from mirror.openapi import branches, made
from mirror.openapi.evidence import FATES, Fate
from mirror.openapi.paths import Echoes, Tree

Added = tuple[str, str, Echoes, Fate]

SEGMENTS = "orders users me v1 alice bob hello-world 1 22 ord_8f3k2 caf%C3%A9 %ff a%2Fb 2024-05-01".split()
segments = st.sampled_from(SEGMENTS) | st.sampled_from(["", "{id}"]) | st.from_regex(r"[a-h]{1,2}", fullmatch=True)
paths = st.lists(segments, max_size=5).map(lambda parts: "/" + "/".join(parts)) | st.text(max_size=20)
echoed = st.sampled_from(["alice", "bob", "HELLO-WORLD", "users", "1", "22", 1, 22])
named = st.sampled_from(["id", "name", "slug", "user_id"]) | st.from_regex(r"[a-h]{1,2}", fullmatch=True)
added = st.tuples(
    st.sampled_from(["GET", "PUT", "POST"]),
    paths,
    st.dictionaries(echoed, st.frozensets(named, max_size=3), max_size=3),
    st.sampled_from(FATES),
)


def tree_of(all_added: Sequence[Added]) -> Tree:
    tree = Tree()
    for each in all_added:
        tree.add(*each).count += 1
    return tree


def seen(tree: Tree) -> bytes:
    """All that a tree knows and says, in one order."""
    said = sorted(tree.templates(), key=lambda each: each[0])
    return msgspec.json.encode([tree, said], order="deterministic")


def carried(tree: Tree) -> Tree:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(tree), type=Tree)


@given(st.lists(added, max_size=30), st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_sharding_is_the_same(all_added: list[Added], data: st.DataObject) -> None:
    words, names, most = branches.MOST_WORDS, branches.MOST_NAMES, made.MOST_MADE
    try:
        branches.MOST_WORDS, branches.MOST_NAMES = data.draw(st.sampled_from([(2, 2), (5, 3), (100, 40)]))
        made.MOST_MADE = data.draw(st.sampled_from([1, 2, most]))
        whole = seen(tree_of(all_added))
        shuffled = data.draw(st.permutations(all_added))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
        shards = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
        trees = [carried(tree_of(shard)) for shard in shards]
        merged = Tree()
        for tree in data.draw(st.permutations(trees)):
            merged.merge(tree)
        assert seen(merged) == whole
    finally:
        branches.MOST_WORDS, branches.MOST_NAMES, made.MOST_MADE = words, names, most


@given(st.lists(added, max_size=20))
@settings(deadline=None)
def test_judging_changes_nothing_and_loses_no_request(all_added: list[Added]) -> None:
    tree = tree_of(all_added)
    before = seen(tree)
    counts = [operation.count for _, operation in tree.templates()]
    assert sum(counts) == len(all_added)
    assert len({key for key, _ in tree.templates()}) == len(counts)
    assert seen(tree) == before


@given(st.lists(added, max_size=20))
@settings(deadline=None)
def test_each_template_names_its_parameters_once_and_has_their_values(all_added: list[Added]) -> None:
    for key, operation in tree_of(all_added).templates():
        names = [part[1:-1] for part in key.split("/") if part.startswith("{")]
        assert len(set(names)) == len(names)
        for requests in operation.requests.values():
            assert set(requests.parameters.path) == set(names)
        if names:
            total = sum(requests.parameters.path[names[0]].present for requests in operation.requests.values())
            assert total == operation.count


def test_a_tree_is_bounded() -> None:
    tree = Tree()
    for number in range(3000):
        word = "".join("abcdefghij"[int(digit)] for digit in str(number))
        tree.add("GET", f"/x{word}/y{word}/z{word}")
    size = len(msgspec.msgpack.encode(tree))
    for number in range(3000, 9000):
        word = "".join("abcdefghij"[int(digit)] for digit in str(number))
        tree.add("GET", f"/x{word}/y{word}/z{word}")
    assert len(msgspec.msgpack.encode(tree)) <= size + 100


def test_a_path_of_ten_thousand_segments_is_no_deeper_than_others() -> None:
    tree = Tree()
    tree.add("GET", "/a" * 10_000)
    tree.add("GET", "/" * 10_000)
    other = carried(tree)
    tree.merge(other)
    assert [operation.count for _, operation in tree.templates()] == [0, 0]
