"""The description: of every route and status, with examples that are true and names that are known."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS
from serving.endpoint import examples
from serving.endpoint.docs_page import docs_page
from serving.endpoint.openapi import description
from serving.endpoint.predictor import Predictor
from serving.endpoint.routes import ROUTES

FOR_PEOPLE = {"/", "/docs", "/docs.json", "/favicon.ico", "/healthz"}
OPERATIONS = [
    (path, method)
    for path, methods in description()["paths"].items()
    for method in methods
]


def resolved(schema):
    """A schema that stands alone."""
    return {**schema, "components": description()["components"]}


def errors(schema, value):
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_every_route_is_described_with_its_methods_and_nothing_else_is():
    described = {(path, method.upper()) for path, method in OPERATIONS}
    routes = {
        (path.replace(":path", ""), method)
        for path, methods in ROUTES.items()
        for method in methods
        if path not in FOR_PEOPLE and method != "HEAD"
    }
    assert described == routes


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_refusal_is_a_problem_and_guarded_routes_say_so(path, method):
    operation = description()["paths"][path][method]
    responses = operation["responses"]
    for status, response in responses.items():
        if status != "200":
            (media_type,) = response["content"]
            assert media_type == "application/problem+json"
            assert response["description"].endswith(".")
    guarded = "security" in operation
    assert guarded == ({"401", "403", "429"} <= set(responses))
    if "requestBody" in operation:
        assert {"400", "408", "413", "415", "500", "503"} <= set(responses)


def test_schemas_are_sound_and_refer_to_each_other():
    schemas = description()["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(description())))
    assert named <= set(schemas)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_examples_of_bodies_and_answers_are_as_described(path, method):
    operation = description()["paths"][path][method]
    bodies = operation.get("requestBody", {"content": {}})["content"].values()
    for body in bodies:
        assert body["examples"]
        for example in body["examples"].values():
            assert errors(resolved(body["schema"]), example["value"]) == []
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            if "example" in content:
                assert errors(resolved(content["schema"]), content["example"]) == []


@pytest.mark.parametrize("name", examples.PREDICT)
def test_the_examples_are_answered_as_described(scorer, name):
    body = json.dumps(examples.PREDICT[name]).encode()
    told = Predictor(scorer).predict(body).model_dump_json(exclude_unset=True)
    answer = json.loads(told)
    schema = {"$ref": "#/components/schemas/PredictResponse"}
    assert errors(resolved(schema), answer) == []
    (prediction,) = answer["predictions"]
    assert set(prediction) == set(examples.PREDICTION)


def test_known_names_are_listed_and_others_may_be_sent():
    schemas = description()["components"]["schemas"]
    for row, field, known in (
        ("Interaction", "kind", KINDS),
        ("Survey", "item", ITEMS),
    ):
        schema = schemas[row]["properties"][field]
        assert schema["anyOf"][0]["enum"] == [*known]
        assert all(f"`{name}`" in schema["description"] for name in known)
        assert errors(resolved(schema), "a name of ours") == []


def test_the_page_for_people_tells_of_all_and_loads_nothing():
    page = docs_page()
    for path, method in OPERATIONS:
        assert f"<h2>{method.upper()} {path}</h2>" in page
    for name in description()["components"]["schemas"]:
        assert f'<section id="{name}">' in page
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    targets = {f"#{name}" for name in description()["components"]["schemas"]}
    assert set(links) <= targets | {"docs.json", "favicon.ico"}
    assert "<script" not in page
    assert "None" not in page
