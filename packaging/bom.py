"""The bill of materials of a bundle, in the format of CycloneDX."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from contents import OTHERS, OWN_NAME, Part, Taken
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from notices import licence_of, source_of
from packageurl import PackageURL

SCHEMA = SchemaVersion.V1_6
_LARGEST_NUMBER_OF_FILES = 200
"""Packages of more files are named without the hash of each."""


def bill_of_materials(parts: Sequence[Part], build: Mapping[str, str], resources: Path) -> str:
    """Write down everything in the bundle; the same bundle gives the same text."""
    bom = Bom()
    own = next(part for part in parts if part.name == OWN_NAME)
    bom.metadata.component = root = _component(own, ComponentType.APPLICATION)
    bom.metadata.timestamp = datetime.fromisoformat(build["date"]).replace(tzinfo=UTC)
    others = {part.name: _component(part) for part in parts if part.name not in (OWN_NAME, OTHERS)}
    materials = [*others.values(), *_own_materials(resources)]
    for component in materials:
        bom.components.add(component)
    bom.register_dependency(root, materials)
    for part in parts:
        for name in part.brought_by & others.keys():
            bom.register_dependency(others[name], [others[part.name]])
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([part.name + part.version for part in parts]))
    return make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=1)


def _component(part: Part, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    component = Component(
        name=part.name,
        version=part.version or None,
        type=kind,
        bom_ref=part.name,
        purl=PackageURL("pypi", name=part.name.lower(), version=part.version) if part.package else None,
        copyright=part.facts.copyright or None,
    )
    if licence := licence_of(part):
        component.licenses.add(LicenseFactory().make_from_string(licence))
    for link in filter(None, [source_of(part).partition(" ")[0]]):
        component.external_references.add(ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(link)))
    component.properties.add(Property(name="inpaint-desktop:bytes", value=str(part.size)))
    component.components.update(_files(part.taken))
    return component


def _files(taken: Sequence[Taken]) -> Iterator[Component]:
    """The libraries and other files of a part; modules are in one archive."""
    files = [(one.name.replace("\\", "/"), one.place) for one in taken if one.place is not None]
    if len(files) <= _LARGEST_NUMBER_OF_FILES:
        for name, place in files:
            yield _file(name, place)


def _own_materials(resources: Path) -> Iterator[Component]:
    """The model, the index of known tunes and the sounds, which are no libraries."""
    for path in sorted(resources.glob("models/*.safetensors")):
        yield _with_card(path, ComponentType.MACHINE_LEARNING_MODEL)
    for path in sorted(resources.glob("known-tunes/*.safetensors")):
        yield _with_card(path, ComponentType.DATA)
    for path in sorted(resources.glob("soundfont/*.sf3")):
        sounds = _file(path.name, path, ComponentType.DATA)
        sounds.licenses.add(LicenseFactory().make_from_string("MIT"))
        yield sounds


def _with_card(path: Path, kind: ComponentType) -> Component:
    """A file whose description and licence stand in a card beside it."""
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    component = _file(path.name, path, kind)
    component.description = card["description"]
    component.licenses.add(LicenseFactory().make_from_string(card["licence"]))
    return component


def _file(name: str, path: Path, kind: ComponentType = ComponentType.FILE) -> Component:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Component(
        name=name, type=kind, bom_ref=f"file {name}", hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)]
    )
