"""The official JSON schema of FHIR R4 (4.0.1), whole; `fhir-r4/VENDOR.toml` says from where."""

import gzip
import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path

from jsonschema import Draft6Validator

HERE = Path(__file__).parent / "fhir-r4"


@cache
def _checker():
    text = gzip.decompress((HERE / "fhir.schema.json.gz").read_bytes())
    told = tomllib.loads((HERE / "VENDOR.toml").read_text())["sha256"]
    assert hashlib.sha256(text).hexdigest() == told["fhir.schema.json"]
    return Draft6Validator(json.loads(text))


def faults(document):
    """What the schema refuses in a Bundle, each with its way there: [] for a valid one.

    Each resource is held against the definition of its own kind: the schema asks that it fits
    exactly one of 146, which takes minutes and says only that none fits.
    """
    bare = [{"fullUrl": one["fullUrl"]} for one in document["entry"]]
    frame = document | {"entry": bare}
    parts = [frame, *(one["resource"] for one in document["entry"])]
    return [
        f"{part['resourceType']}/{part['id']} {fault.json_path}: {fault.message[:200]}"
        for part in parts
        for fault in _checker().evolve(schema=_of(part["resourceType"])).iter_errors(part)
    ]


def _of(kind):
    definitions = _checker().schema["definitions"]
    return {"$ref": f"#/definitions/{kind}", "definitions": definitions}
