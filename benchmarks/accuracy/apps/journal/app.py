"""A journal: posts, comments, sessions. APIFlask."""

from __future__ import annotations

from datetime import datetime

from apiflask import APIBlueprint, APIFlask, HTTPTokenAuth, Schema, abort
from apiflask.fields import URL, UUID, Boolean, Date, DateTime, Dict, Email, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

app = APIFlask(__name__, title="Journal", version="1.4")
app.config["TESTING"] = True
auth = HTTPTokenAuth()
posts_bp = APIBlueprint("posts", __name__, url_prefix="/posts", tag="Posts")
people = {
    "t-ann": {"id": 1, "name": "Ann", "email": "ann@example.com"},
    "t-bob": {"id": 2, "name": "Bob", "email": "bob@example.com"},
}
posts: dict[int, dict] = {}


@auth.verify_token
def verify(token):
    return people.get(token)


class AuthorOut(Schema):
    id = Integer()
    name = String()
    email = Email()


class CommentIn(Schema):
    text = String(required=True, validate=Length(1, 500))
    rating = Integer(validate=Range(1, 5))


class CommentOut(Schema):
    id = Integer()
    text = String()
    rating = Integer(allow_none=True)
    author = Nested(AuthorOut)
    posted = DateTime()


class PostIn(Schema):
    title = String(required=True, validate=Length(1, 100))
    body = String(required=True)
    state = String(load_default="draft", validate=OneOf(["draft", "published", "archived"]))
    tags = List(String(), load_default=list)
    source = URL(allow_none=True)
    publish_on = Date()


class PostOut(Schema):
    id = Integer()
    title = String()
    body = String()
    state = String(validate=OneOf(["draft", "published", "archived"]))
    tags = List(String())
    source = URL(allow_none=True)
    publish_on = Date(allow_none=True)
    author = Nested(AuthorOut)
    comments = List(Nested(CommentOut))
    score = Float(allow_none=True)
    created = DateTime()


class PostsQuery(Schema):
    page = Integer(load_default=1)
    per_page = Integer(load_default=10, validate=Range(max=30))
    state = String(validate=OneOf(["draft", "published", "archived"]))
    author_id = Integer()
    order = String(load_default="new", validate=OneOf(["new", "old"]))


class PostsOut(Schema):
    posts = List(Nested(PostOut))
    total = Integer()
    pages = Integer()


class HeaderIn(Schema):
    x_request_id = UUID(data_key="X-Request-Id")


@posts_bp.get("/")
@app.input(PostsQuery, location="query", arg_name="query")
@app.output(PostsOut)
def list_posts(query):
    """All posts, the newest first"""
    found = [
        post
        for post in posts.values()
        if query.get("state") in (None, post["state"]) and query.get("author_id") in (None, post["author"]["id"])
    ]
    found.sort(key=lambda post: post["id"], reverse=query["order"] == "new")
    size = query["per_page"]
    start = (query["page"] - 1) * size
    return {"posts": found[start : start + size], "total": len(found), "pages": -(-len(found) // size)}


@posts_bp.post("/")
@app.auth_required(auth)
@app.input(PostIn, arg_name="data")
@app.input(HeaderIn, location="headers", arg_name="headers")
@app.output(PostOut, status_code=201)
def create_post(data, headers):
    number = len(posts) + 1
    posts[number] = {
        "source": None,
        "publish_on": None,
        **data,
        "id": number,
        "author": auth.current_user,
        "comments": [],
        "score": None,
        "created": datetime(2026, 4, 5, 6, 7, 8),
    }
    return posts[number]


def found(post_id):
    return posts.get(post_id) or abort(404, message="No such post")


@posts_bp.get("/<int:post_id>")
@app.output(PostOut)
@app.doc(responses=[404])
def show_post(post_id):
    return found(post_id)


@posts_bp.put("/<int:post_id>")
@app.auth_required(auth)
@app.input(PostIn, arg_name="data")
@app.output(PostOut)
@app.doc(responses=[403, 404])
def replace_post(post_id, data):
    post = found(post_id)
    if post["author"] != auth.current_user:
        abort(403)
    post.update(data)
    return post


@posts_bp.delete("/<int:post_id>")
@app.auth_required(auth)
@app.output({}, status_code=204)
@app.doc(responses=[403, 404])
def delete_post(post_id):
    if found(post_id)["author"] != auth.current_user:
        abort(403)
    del posts[post_id]
    return ""


@posts_bp.post("/<int:post_id>/comments")
@app.auth_required(auth)
@app.input(CommentIn, arg_name="data")
@app.output(CommentOut, status_code=201)
@app.doc(responses=[404])
def comment(post_id, data):
    post = found(post_id)
    made = {
        "rating": None,
        **data,
        "id": len(post["comments"]) + 1,
        "author": auth.current_user,
        "posted": datetime(2026, 4, 5),
    }
    post["comments"].append(made)
    rated = [each["rating"] for each in post["comments"] if each["rating"]]
    post["score"] = sum(rated) / len(rated) if rated else None
    return made


class Counts(Schema):
    posts = Integer()
    by_state = Dict(keys=String(), values=Integer())
    busy = Boolean()


@app.get("/counts")
@app.output(Counts)
def counts():
    by_state: dict[str, int] = {}
    for post in posts.values():
        by_state[post["state"]] = by_state.get(post["state"], 0) + 1
    return {"posts": len(posts), "by_state": by_state, "busy": len(posts) > 3}


app.register_blueprint(posts_bp)
