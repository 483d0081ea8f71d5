"""A help desk (flask-smorest): tickets, messages, agents; paging in a header, a key in the query or a header."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import marshmallow as ma
from flask import Flask, request
from flask.views import MethodView
from flask_smorest import Api, Blueprint, abort

STATUSES = ("open", "pending", "solved")


class AgentSchema(ma.Schema):
    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.Email(required=True)
    on_call = ma.fields.Boolean(required=True)


class MessageSchema(ma.Schema):
    id = ma.fields.UUID(dump_only=True, required=True)
    author = ma.fields.String(required=True)
    text = ma.fields.String(required=True, validate=ma.validate.Length(min=1))
    sent_at = ma.fields.DateTime(dump_only=True, required=True)
    internal = ma.fields.Boolean(load_default=False, required=False)


class TicketSchema(ma.Schema):
    id = ma.fields.Integer(dump_only=True, required=True)
    subject = ma.fields.String(required=True)
    requester = ma.fields.Email(required=True)
    status = ma.fields.String(validate=ma.validate.OneOf(STATUSES), load_default="open")
    priority = ma.fields.Integer(load_default=3, validate=ma.validate.Range(1, 5))
    assignee = ma.fields.Nested(AgentSchema, dump_only=True, allow_none=True)
    due = ma.fields.Date(allow_none=True, load_default=None)
    fields = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), load_default=dict)
    created_at = ma.fields.DateTime(dump_only=True, required=True)


class TicketPatchSchema(ma.Schema):
    subject = ma.fields.String()
    status = ma.fields.String(validate=ma.validate.OneOf(STATUSES))
    priority = ma.fields.Integer(validate=ma.validate.Range(1, 5))
    assignee_id = ma.fields.Integer(allow_none=True)


class TicketQuerySchema(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    status = ma.fields.String(validate=ma.validate.OneOf(STATUSES))
    requester = ma.fields.Email()
    assignee = ma.fields.Integer()
    overdue = ma.fields.Boolean()


class StatisticsSchema(ma.Schema):
    total = ma.fields.Integer(required=True)
    by_status = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    mean_priority = ma.fields.Float(required=True, allow_none=True)


class State:
    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.agents = {
            1: {"id": 1, "name": "Ann", "email": "ann@desk.example", "on_call": True},
            2: {"id": 2, "name": "Bo", "email": "bo@desk.example", "on_call": False},
        }


state = State()
tickets = Blueprint("tickets", __name__, url_prefix="/tickets", description="What people ask for")
agents = Blueprint("agents", __name__, url_prefix="/agents")


@tickets.before_request
def authenticate() -> None:
    if request.headers.get("X-Desk-Key") != "desk-key-4711":
        abort(401, message="A key is needed")


def find(ticket_id: int) -> dict[str, Any]:
    if ticket_id not in state.tickets:
        abort(404, message="No such ticket")
    return state.tickets[ticket_id]


@tickets.route("")
class Tickets(MethodView):
    @tickets.arguments(TicketQuerySchema, location="query")
    @tickets.response(200, TicketSchema(many=True))
    @tickets.alt_response(401, description="No key")
    @tickets.doc(security=[{"key": []}])
    @tickets.paginate(page_size=5)
    def get(self, query, pagination_parameters):
        """List tickets."""
        found = list(state.tickets.values())
        for name in ("status", "requester"):
            found = [one for one in found if name not in query or one[name] == query[name]]
        if "assignee" in query:
            found = [one for one in found if one["assignee"] and one["assignee"]["id"] == query["assignee"]]
        if query.get("overdue"):
            found = [one for one in found if one["due"] and one["due"] < datetime.now(UTC).date()]
        pagination_parameters.item_count = len(found)
        return found[pagination_parameters.first_item : pagination_parameters.last_item + 1]

    @tickets.arguments(TicketSchema)
    @tickets.response(201, TicketSchema)
    @tickets.doc(security=[{"key": []}])
    def post(self, ticket):
        """Open a ticket."""
        made = {"id": len(state.tickets) + 1, "assignee": None, "created_at": datetime.now(UTC), **ticket}
        state.tickets[made["id"]] = made
        state.messages[made["id"]] = []
        return made


@tickets.route("/<int:ticket_id>")
class Ticket(MethodView):
    @tickets.response(200, TicketSchema)
    @tickets.alt_response(404, description="No such ticket")
    @tickets.doc(security=[{"key": []}])
    def get(self, ticket_id):
        """One ticket."""
        return find(ticket_id)

    @tickets.arguments(TicketPatchSchema)
    @tickets.response(200, TicketSchema)
    @tickets.doc(security=[{"key": []}])
    def patch(self, change, ticket_id):
        ticket = find(ticket_id)
        if "assignee_id" in change:
            assignee = change.pop("assignee_id")
            if assignee is not None and assignee not in state.agents:
                abort(409, message="No such agent")
            ticket["assignee"] = state.agents.get(assignee)
        ticket.update(change)
        return ticket

    @tickets.response(204)
    @tickets.doc(security=[{"key": []}])
    def delete(self, ticket_id):
        find(ticket_id)
        del state.tickets[ticket_id]


@tickets.route("/<int:ticket_id>/messages")
class Messages(MethodView):
    @tickets.response(200, MessageSchema(many=True))
    @tickets.doc(security=[{"key": []}])
    def get(self, ticket_id):
        find(ticket_id)
        return state.messages[ticket_id]

    @tickets.arguments(MessageSchema)
    @tickets.response(201, MessageSchema)
    @tickets.doc(security=[{"key": []}])
    def post(self, message, ticket_id):
        find(ticket_id)
        made = {"id": uuid4(), "sent_at": datetime.now(UTC), **message}
        state.messages[ticket_id].append(made)
        return made


@agents.route("")
class Agents(MethodView):
    @agents.response(200, AgentSchema(many=True))
    def get(self):
        return list(state.agents.values())


@agents.route("/<int:agent_id>")
class Agent(MethodView):
    @agents.response(200, AgentSchema)
    def get(self, agent_id):
        if agent_id not in state.agents:
            abort(404)
        return state.agents[agent_id]


@agents.route("/statistics")
class Statistics(MethodView):
    @agents.response(200, StatisticsSchema)
    def get(self):
        """What the desk has to do."""
        priorities = [ticket["priority"] for ticket in state.tickets.values()]
        by_status: dict[str, int] = {}
        for ticket in state.tickets.values():
            by_status[ticket["status"]] = by_status.get(ticket["status"], 0) + 1
        mean = sum(priorities) / len(priorities) if priorities else None
        return {"total": len(priorities), "by_status": by_status, "mean_priority": mean}


app = Flask(__name__)
app.config.update(API_TITLE="Help desk", API_VERSION="1", OPENAPI_VERSION="3.0.3")
api = Api(app)
api.spec.components.security_scheme("key", {"type": "apiKey", "in": "header", "name": "X-Desk-Key"})
api.register_blueprint(tickets)
api.register_blueprint(agents)
