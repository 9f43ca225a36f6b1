"""The shape of a SARIF 2.1.0 log, written down from the standard and held strictly: what is not here is refused.

Only the properties that a log of ours may have are here; those that the standard requires have no default. Bounds are
the standard's: lines and columns begin at 1, arrays that must not be empty are not.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Position = Annotated[int, Meta(ge=1)]
Index = Annotated[int, Meta(ge=0)]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """An object of the log."""


class Message(Shape, frozen=True, kw_only=True):
    """`message`, and `multiformatMessageString`."""

    text: Annotated[str, Meta(min_length=1)]
    markdown: str | UnsetType = UNSET


class Artifact(Shape, frozen=True, kw_only=True):
    """`artifactLocation`; in `originalUriBaseIds` it may have a description alone."""

    uri: str | UnsetType = UNSET
    uri_base_id: str | UnsetType = UNSET
    description: Message | UnsetType = UNSET


class Region(Shape, frozen=True, kw_only=True):
    """`region`, by lines and columns; the end column is that behind the last character."""

    start_line: Position
    start_column: Position
    end_line: Position
    end_column: Position


class Physical(Shape, frozen=True, kw_only=True):
    """`physicalLocation`."""

    artifact_location: Artifact
    region: Region | UnsetType = UNSET


class Location(Shape, frozen=True, kw_only=True):
    """`location`."""

    physical_location: Physical
    id: Index | UnsetType = UNSET
    message: Message | UnsetType = UNSET


class Content(Shape, frozen=True, kw_only=True):
    """`artifactContent`."""

    text: str


class Replacement(Shape, frozen=True, kw_only=True):
    """`replacement`."""

    deleted_region: Region
    inserted_content: Content | UnsetType = UNSET


class Change(Shape, frozen=True, kw_only=True):
    """`artifactChange`."""

    artifact_location: Artifact
    replacements: Annotated[list[Replacement], Meta(min_length=1)]


class Fix(Shape, frozen=True, kw_only=True):
    """`fix`."""

    artifact_changes: Annotated[list[Change], Meta(min_length=1)]
    description: Message | UnsetType = UNSET


class Result(Shape, frozen=True, kw_only=True):
    """`result`."""

    rule_id: str
    rule_index: Index
    level: Literal["none", "note", "warning", "error"]
    message: Message
    locations: Annotated[list[Location], Meta(min_length=1, max_length=1)]
    related_locations: Annotated[list[Location], Meta(min_length=1)] | UnsetType = UNSET
    fixes: Annotated[list[Fix], Meta(min_length=1)] | UnsetType = UNSET


class Rule(Shape, frozen=True, kw_only=True):
    """`reportingDescriptor`."""

    id: str
    short_description: Message
    full_description: Message
    help: Message


class Driver(Shape, frozen=True, kw_only=True):
    """`toolComponent`."""

    name: str
    version: str
    rules: list[Rule]


class Tool(Shape, frozen=True, kw_only=True):
    """`tool`."""

    driver: Driver


class Run(Shape, frozen=True, kw_only=True):
    """`run`."""

    tool: Tool
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    original_uri_base_ids: dict[str, Artifact]
    results: list[Result]


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sarifLog`."""

    schema: str = msgspec.field(name="$schema")
    version: Literal["2.1.0"]
    runs: Annotated[list[Run], Meta(min_length=1)]


def decode(text: str) -> Log:
    """The log in a text. Raises `msgspec.ValidationError` where the shape is another."""
    return msgspec.json.decode(text, type=Log)
