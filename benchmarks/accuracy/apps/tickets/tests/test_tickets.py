import pytest

from .conftest import KEY


def test_open(open_ticket):
    response = open_ticket()
    assert response.status_code == 201
    assert response.json["status"] == "open"
    assert response.json["assignee"] is None
    assert response.json["due"] is None


def test_open_with_all(open_ticket):
    ticket = open_ticket(priority=5, status="pending", due="2027-03-01", fields={"os": "windows"}).json
    assert ticket["fields"] == {"os": "windows"}


@pytest.mark.parametrize("wrong", [{"requester": "cy"}, {"priority": 9}, {"status": "lost"}, {"due": "soon"}, {"x": 1}])
def test_open_nonsense(open_ticket, wrong):
    response = open_ticket(**wrong)
    assert response.status_code == 422
    assert list(response.json["errors"]["json"]) == list(wrong)


def test_open_nothing(client):
    assert client.post("/tickets", json={}, headers=KEY).status_code == 422


def test_open_without_key(open_ticket):
    assert open_ticket(headers={}).status_code == 401


def test_list(client, three):
    response = client.get("/tickets", headers=KEY)
    assert len(response.json) == 3
    assert "X-Pagination" in response.headers


def test_list_pages(client, three):
    assert len(client.get("/tickets?page=2&page_size=2", headers=KEY).json) == 1


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("status=open", 2),
        ("status=pending", 0),
        ("requester=di@mail.example", 1),
        ("overdue=true", 1),
        ("assignee=2", 0),
    ],
)
def test_list_some(client, three, query, number):
    assert len(client.get(f"/tickets?{query}", headers=KEY).json) == number


def test_list_without_key(client):
    assert client.get("/tickets").status_code == 401


def test_list_nonsense(client):
    assert client.get("/tickets?status=lost", headers=KEY).status_code == 422


def test_get(client, three):
    assert client.get("/tickets/2", headers=KEY).json["fields"]["browser"] == "lynx"
    assert client.get("/tickets/9", headers=KEY).status_code == 404


def test_solve(client, three):
    assert client.patch("/tickets/1", json={"status": "solved"}, headers=KEY).json["status"] == "solved"
    assert client.patch("/tickets/1", json={"subject": "Solved", "priority": 2}, headers=KEY).json["priority"] == 2


def test_assign(client, three):
    assert client.patch("/tickets/1", json={"assignee_id": 2}, headers=KEY).json["assignee"]["name"] == "Bo"
    assert client.get("/tickets?assignee=2", headers=KEY).json[0]["assignee"]["on_call"] is False
    assert client.patch("/tickets/1", json={"assignee_id": None}, headers=KEY).json["assignee"] is None
    assert client.patch("/tickets/1", json={"assignee_id": 7}, headers=KEY).status_code == 409


def test_delete(client, three):
    assert client.delete("/tickets/3", headers=KEY).status_code == 204
    assert client.delete("/tickets/3", headers=KEY).status_code == 404


def test_messages(client, three):
    assert client.get("/tickets/1/messages", headers=KEY).json == []
    first = client.post("/tickets/1/messages", json={"author": "Ann", "text": "Try again"}, headers=KEY)
    assert first.status_code == 201
    client.post("/tickets/1/messages", json={"author": "Ann", "text": "Oh dear", "internal": True}, headers=KEY)
    assert [one["internal"] for one in client.get("/tickets/1/messages", headers=KEY).json] == [False, True]


def test_empty_message(client, three):
    assert client.post("/tickets/1/messages", json={"author": "Ann", "text": ""}, headers=KEY).status_code == 422


def test_messages_of_nothing(client):
    assert client.get("/tickets/1/messages", headers=KEY).status_code == 404


def test_agents(client):
    assert len(client.get("/agents").json) == 2
    assert client.get("/agents/1").json["name"] == "Ann"
    assert client.get("/agents/5").status_code == 404


def test_statistics(client, three):
    statistics = client.get("/agents/statistics").json
    assert statistics["by_status"] == {"open": 2, "solved": 1}
    assert statistics["total"] == 3


def test_statistics_of_nothing(client):
    assert client.get("/agents/statistics").json["mean_priority"] is None
