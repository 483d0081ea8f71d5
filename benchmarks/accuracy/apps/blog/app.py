"""A blog: posts by slug, threads of comments, drafts behind a session cookie, a feed."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, Form, HTTPException, Path, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import APIKeyCookie
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Author(Wire):
    handle: str
    display_name: str
    bio: str | None = None
    website: str | None = None
    joined_on: date


class Comment(Wire):
    id: int
    author: str
    text: str
    written_at: datetime
    replies: list[Comment] = []


class CommentIn(Wire):
    text: str = Field(min_length=1, max_length=500)
    author: str = "anonymous"
    reply_to: int | None = None


class Summary(Wire):
    slug: str
    title: str
    author: Author
    published_at: datetime | None
    reading_minutes: int
    tags: list[str]


class Post(Summary):
    body: str
    comment_count: int
    likes: int = 0
    previous: str | None = None
    cover: Cover | None = None


class Cover(Wire):
    url: str
    alt: str = ""
    credit: str | None = None


class PostIn(Wire):
    title: str = Field(min_length=3)
    body: str
    tags: list[str] = []
    cover: Cover | None = None
    publish: bool = True


class PostPatch(Wire):
    title: str | None = None
    body: str | None = None
    tags: list[str] | None = None


class Archive(Wire):
    year: int
    months: dict[str, int]


class Preferences(Wire):
    theme: str
    language: str


Post.model_rebuild()
app = FastAPI(title="Blog")
session_cookie = APIKeyCookie(name="session", auto_error=False)


class State:
    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.comments: dict[str, list[Comment]] = {}
        self.sessions: dict[str, str] = {}
        self.last_comment = 0
        self.authors = {
            "ada": Author(handle="ada", display_name="Ada L.", bio="Numbers", joined_on=date(2019, 3, 1)),
            "grace": Author(
                handle="grace", display_name="Grace H.", website="https://grace.example", joined_on=date(2021, 11, 9)
            ),
        }


state = State()


def writer(session: Annotated[str | None, Depends(session_cookie)]) -> Author:
    if session not in state.sessions:
        raise HTTPException(401, "Log in first")
    return state.authors[state.sessions[session]]


Writer = Annotated[Author, Depends(writer)]
Slug = Annotated[str, Path(pattern="^[a-z0-9-]+$")]


def find(slug: str) -> Post:
    if slug not in state.posts:
        raise HTTPException(404, f"No post {slug}")
    return state.posts[slug]


@app.post("/session", status_code=204, tags=["session"])
def log_in(handle: Annotated[str, Form()], password: Annotated[str, Form()], response: Response) -> None:
    if handle not in state.authors or password != "open sesame":
        raise HTTPException(403, "Wrong handle or password")
    token = secrets.token_hex(16)
    state.sessions[token] = handle
    response.set_cookie("session", token, httponly=True)


@app.delete("/session", status_code=204, tags=["session"])
def log_out(response: Response, author: Writer) -> None:
    response.delete_cookie("session")


@app.get("/session", tags=["session"])
def who_am_i(author: Writer) -> Author:
    return author


@app.get("/posts")
def posts(
    tag: str | None = None,
    author: str | None = None,
    since: date | None = None,
    limit: Annotated[int, Query(le=100)] = 10,
    offset: int = 0,
) -> list[Summary]:
    """Published posts, the newest first."""
    found = [post for post in state.posts.values() if post.published_at is not None]
    found = [post for post in found if tag is None or tag in post.tags]
    found = [post for post in found if author is None or post.author.handle == author]
    found = [post for post in found if since is None or post.published_at.date() >= since]
    return found[::-1][offset : offset + limit]


@app.get("/posts/drafts")
def drafts(author: Writer) -> list[Summary]:
    mine = [post for post in state.posts.values() if post.author.handle == author.handle]
    return [post for post in mine if post.published_at is None]


@app.post("/posts", status_code=201)
def write(post: PostIn, author: Writer) -> Post:
    slug = re.sub("[^a-z0-9]+", "-", post.title.lower()).strip("-")
    if slug in state.posts:
        raise HTTPException(409, "There is a post of this title")
    published = [one for one in state.posts.values() if one.published_at]
    made = Post(
        slug=slug, title=post.title, author=author, body=post.body, tags=post.tags, cover=post.cover, comment_count=0,
        reading_minutes=1 + len(post.body.split()) // 200, published_at=datetime.now(UTC) if post.publish else None,
        previous=published[-1].slug if published else None,
    )  # fmt: skip
    state.posts[slug] = made
    state.comments[slug] = []
    return made


@app.get("/posts/{slug}")
def read(slug: Slug) -> Post:
    return find(slug)


@app.patch("/posts/{slug}")
def edit(slug: Slug, change: PostPatch, author: Writer) -> Post:
    post = find(slug)
    if post.author.handle != author.handle:
        raise HTTPException(403, "This is not your post")
    for name, value in change.model_dump(exclude_unset=True).items():
        setattr(post, name, value)
    return post


@app.delete("/posts/{slug}", status_code=204)
def remove(slug: Slug, author: Writer) -> None:
    del state.posts[find(slug).slug]


@app.put("/posts/{slug}/like")
def like(slug: Slug) -> dict[str, int]:
    post = find(slug)
    post.likes += 1
    return {"likes": post.likes}


@app.get("/posts/{slug}/comments")
def comments(slug: Slug) -> list[Comment]:
    find(slug)
    return state.comments[slug]


@app.post("/posts/{slug}/comments", status_code=201)
def comment(slug: Slug, said: CommentIn) -> Comment:
    post = find(slug)
    state.last_comment += 1
    made = Comment(id=state.last_comment, author=said.author, text=said.text, written_at=datetime.now(UTC))
    thread = state.comments[slug]
    if said.reply_to is not None:
        every, found = list(thread), None
        while every:
            one = every.pop()
            found = one if one.id == said.reply_to else found
            every += one.replies
        if found is None:
            raise HTTPException(404, "No comment to reply to")
        thread = found.replies
    thread.append(made)
    post.comment_count += 1
    return made


@app.get("/authors/{handle}")
def author(handle: str) -> Author:
    if handle not in state.authors:
        raise HTTPException(404, "No such author")
    return state.authors[handle]


@app.get("/tags")
def tags() -> dict[str, int]:
    """How many posts have each tag."""
    found: dict[str, int] = {}
    for post in state.posts.values():
        for tag in post.tags:
            found[tag] = found.get(tag, 0) + 1
    return found


@app.get("/archive/{year}")
def archive(year: int) -> Archive:
    months: dict[str, int] = {}
    for post in state.posts.values():
        if post.published_at and post.published_at.year == year:
            month = f"{post.published_at.month:02}"
            months[month] = months.get(month, 0) + 1
    return Archive(year=year, months=months)


class Feed(Response):
    media_type = "application/rss+xml"


@app.get("/feed.xml", response_class=Feed)
def feed() -> Feed:
    items = "".join(f"<item><title>{post.title}</title></item>" for post in state.posts.values())
    return Feed(f"<rss version='2.0'><channel>{items}</channel></rss>")


@app.get("/", response_class=HTMLResponse)
def home(theme: Annotated[str, Cookie()] = "light") -> str:
    return f"<html class={theme}><h1>Blog</h1></html>"


@app.get("/latest", status_code=307, response_class=RedirectResponse)
def latest() -> str:
    if not state.posts:
        raise HTTPException(404, "Nothing yet")
    return f"/posts/{list(state.posts)[-1]}"


@app.get("/preferences")
def preferences(theme: Annotated[str, Cookie()] = "light", language: Annotated[str, Cookie()] = "en") -> Preferences:
    return Preferences(theme=theme, language=language)
