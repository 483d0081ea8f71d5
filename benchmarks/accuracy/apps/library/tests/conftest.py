import app
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from werkzeug.test import Client

MODELS = (app.Author, app.Book, app.Loan)


@pytest.fixture(scope="session", autouse=True)
def tables():
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


@pytest.fixture
def client():
    from django.contrib.auth.models import User

    for model in (*reversed(MODELS), User):
        model.objects.all().delete()
    return Client(WSGIHandler())


@pytest.fixture
def clerk(client):
    from django.contrib.auth.models import User
    from rest_framework.authtoken.models import Token

    user = User.objects.create_user("clerk")
    return {"Authorization": f"Token {Token.objects.create(user=user).key}"}
