"""A library: Django REST framework, described by drf-spectacular."""

from __future__ import annotations

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not a secret",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "rest_framework",
        "rest_framework.authtoken",
        "drf_spectacular",
    ],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "PAGE_SIZE": 5,
    },
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import models  # noqa: E402
from django.urls import include, path  # noqa: E402
from drf_spectacular.utils import OpenApiParameter, extend_schema  # noqa: E402
from rest_framework import mixins, permissions, routers, serializers, status, viewsets  # noqa: E402
from rest_framework.decorators import action  # noqa: E402
from rest_framework.response import Response  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=100)
    born = models.DateField(null=True, blank=True)
    website = models.URLField(blank=True)

    class Meta:
        app_label = "library"


class Book(models.Model):
    title = models.CharField(max_length=200)
    isbn = models.CharField(max_length=13, unique=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    genre = models.CharField(
        max_length=10, choices=[("novel", "Novel"), ("poetry", "Poetry"), ("essay", "Essay")], default="novel"
    )
    pages = models.PositiveIntegerField(null=True, blank=True)
    price = models.DecimalField(max_digits=7, decimal_places=2)
    added = models.DateTimeField(auto_now_add=True)
    is_lent = models.BooleanField(default=False)

    class Meta:
        app_label = "library"
        ordering = ["id"]


class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="loans")
    reader_email = models.EmailField()
    due = models.DateField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "library"
        ordering = ["id"]


class AuthorSerializer(serializers.ModelSerializer):
    book_count = serializers.IntegerField(source="books.count", read_only=True)

    class Meta:
        model = Author
        fields = ["id", "name", "born", "website", "book_count"]


class BookSerializer(serializers.ModelSerializer):
    author_name = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = Book
        fields = ["id", "title", "isbn", "author", "author_name", "genre", "pages", "price", "added", "is_lent"]
        read_only_fields = ["is_lent"]


class LoanSerializer(serializers.ModelSerializer):
    class Meta:
        model = Loan
        fields = ["id", "book", "reader_email", "due", "returned_at"]
        read_only_fields = ["returned_at"]


class DetailSerializer(serializers.Serializer):
    detail = serializers.CharField()


class ReadsAreFree(permissions.BasePermission):
    def has_permission(self, request, view):
        return request.method in permissions.SAFE_METHODS or request.user.is_authenticated


class AuthorViewSet(viewsets.ModelViewSet):
    """The people who write."""

    queryset = Author.objects.order_by("id")
    serializer_class = AuthorSerializer
    permission_classes = [ReadsAreFree]


@extend_schema(responses={404: DetailSerializer})
class BookViewSet(viewsets.ModelViewSet):
    """What is on the shelves."""

    queryset = Book.objects.select_related("author")
    serializer_class = BookSerializer
    permission_classes = [ReadsAreFree]

    @extend_schema(
        parameters=[
            OpenApiParameter("genre", enum=["novel", "poetry", "essay"]),
            OpenApiParameter("author", int),
            OpenApiParameter("lent", bool),
        ],
        responses=BookSerializer(many=True),
    )
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def get_queryset(self):
        found = super().get_queryset()
        query = self.request.query_params
        if "genre" in query:
            found = found.filter(genre=query["genre"])
        if "author" in query:
            found = found.filter(author=query["author"])
        if "lent" in query:
            found = found.filter(is_lent=query["lent"] == "true")
        return found

    @extend_schema(request=None, responses={200: BookSerializer, 409: DetailSerializer})
    @action(detail=True, methods=["post"])
    def give_back(self, request, pk=None):
        book = self.get_object()
        if not book.is_lent:
            return Response({"detail": "It is here."}, status=status.HTTP_409_CONFLICT)
        book.is_lent = False
        book.save()
        return Response(BookSerializer(book).data)


class LoanViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Who has what."""

    queryset = Loan.objects.all()
    serializer_class = LoanSerializer
    permission_classes = [permissions.IsAuthenticated]

    def perform_create(self, serializer):
        loan = serializer.save()
        loan.book.is_lent = True
        loan.book.save()


router = routers.DefaultRouter()
router.register("authors", AuthorViewSet)
router.register("books", BookViewSet)
router.register("loans", LoanViewSet)
urlpatterns = [path("api/", include(router.urls))]


def declared():
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)
