import app as desk
import pytest

KEY = {"X-Desk-Key": "desk-key-4711"}


@pytest.fixture
def client():
    desk.state.__init__()
    return desk.app.test_client()


@pytest.fixture
def open_ticket(client):
    def open_ticket(subject="It does not work", requester="cy@mail.example", headers=KEY, **more):
        return client.post("/tickets", json={"subject": subject, "requester": requester, **more}, headers=headers)

    return open_ticket


@pytest.fixture
def three(open_ticket):
    open_ticket()
    open_ticket("Still not", priority=1, due="2020-01-01", fields={"os": "linux", "browser": "lynx"})
    open_ticket("Thank you", "di@mail.example", status="solved", due="2099-12-31")
