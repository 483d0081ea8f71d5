"""What is kept of the segments at one place of a path, and up to where."""

from __future__ import annotations

from mirror.openapi.branches import MOST_NAMES, MOST_WORDS, Node


def letters(number: int) -> str:
    """A word of a path, another one for each number."""
    return "word" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


def test_words_are_kept_apart_up_to_a_number() -> None:
    node = Node()
    for number in range(MOST_WORDS):
        node.child(letters(number))
    assert len(node.words or ()) == MOST_WORDS
    assert node.child(letters(MOST_WORDS)) is node.value
    assert node.words is None


def test_merged_words_are_kept_apart_up_to_the_same_number() -> None:
    one, other = Node(), Node()
    for number in range(MOST_WORDS):
        (one if number % 2 else other).child(letters(number))
    one.merge(other)
    assert len(one.words or ()) == MOST_WORDS


def test_names_are_kept_up_to_a_number() -> None:
    node = Node()
    node.note([f"name_{number}" for number in range(MOST_NAMES)], below=False)
    assert len(node.names or ()) == MOST_NAMES
    node.note(["one"], below=False)
    assert node.names is None


def test_names_of_what_is_below_have_a_slash() -> None:
    one, other = Node(), Node()
    one.note(["id"], below=False)
    other.note(["id"], below=True)
    other.note(None, below=True)
    one.merge(other)
    assert (one.names, one.accepted, one.echoed) == ({"id": 1, "/id": 1}, 3, 2)
