"""Validates samples with models that datamodel-code-generator has made, in an environment of its own.

    python openapi_models.py MODELS.py < [[model, is_list, value], ...]

Prints as JSON how many were validated, and what is wrong with those that are not valid.
"""

from __future__ import annotations

import importlib.util
import json
import sys

from pydantic import TypeAdapter, ValidationError

spec = importlib.util.spec_from_file_location("models", sys.argv[1])
assert spec is not None
assert spec.loader is not None
models = importlib.util.module_from_spec(spec)
sys.modules["models"] = models
spec.loader.exec_module(models)

wrong = []
samples = json.load(sys.stdin)
for name, is_list, value in samples:
    # Page_BookOut_, as FastAPI calls Page[BookOut], becomes PageBookOut.
    model = getattr(models, name, None) or getattr(models, name.replace("_", ""))
    try:
        TypeAdapter(list[model] if is_list else model).validate_python(value)
    except ValidationError as error:
        wrong.append(f"{name}: {error}")
print(json.dumps([len(samples), wrong]))
