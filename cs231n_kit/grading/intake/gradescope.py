"""Gradescope's export: submission_123/..., and submission_metadata.yml, which says whose it is and from when."""

from dataclasses import dataclass
from datetime import UTC, datetime

import yaml

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.intake.platforms import Claim, without_copy

METADATA = "submission_metadata.yml"
LARGEST = 50 * 2**20  # bytes


class _Loader(yaml.SafeLoader):
    """Plain data alone; what Ruby tags as its own is read as the mapping it is."""


_Loader.add_multi_constructor("!ruby/", lambda loader, tag, node: loader.construct_mapping(node, deep=True))


@dataclass(frozen=True)
class Export:
    """The submissions of Gradescope's exports in one download: {folder: (people, time)}."""

    submissions: dict

    @classmethod
    def read(cls, files):
        """Read every submission_metadata.yml among the files."""
        found = {}
        for file in files:
            if file.path.name == METADATA:
                found |= _submissions(file)
        return cls(found)

    def claims(self, path):
        """Return the `Claim` of each person who handed in the file together; none if it is not Gradescope's."""
        for depth, folder in enumerate(path.parts):
            key = (path.parts[:depth], folder)
            if key in self.submissions:
                people, time = self.submissions[key]
                file, number = without_copy(path.name)
                return [
                    Claim(
                        "Gradescope",
                        key=person["sid"] or person["email"] or person["name"],
                        id=person["sid"],
                        name=person["name"],
                        email=person["email"],
                        file=file,
                        attempt=(time.timestamp() if time else 0.0, number, 0),
                        time=time,
                        clock=METADATA if time else "",
                    )
                    for person in people or [{"sid": "", "name": "", "email": ""}]  # of nobody, and said so
                ]
        return []


def _submissions(file):
    try:
        data = yaml.load(file.read(LARGEST), Loader=_Loader)  # a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"{file.path} is not what Gradescope writes: {error}") from None
    if not isinstance(data, dict):
        raise UserError(f"{file.path} is not what Gradescope writes: it holds no table of submissions.")
    parent, found = file.path.parts[:-1], {}
    for folder, entry in data.items():
        entry = entry if isinstance(entry, dict) else {}
        submitters = entry.get(":submitters")
        people = [
            {key: _text(person.get(f":{key}")) for key in ("sid", "name", "email")}
            for person in (submitters if isinstance(submitters, list) else [])
            if isinstance(person, dict)
        ]
        time = entry.get(":created_at")
        if isinstance(time, datetime):
            time = time if time.tzinfo else time.replace(tzinfo=UTC)
        else:
            time = None
        found[(parent, str(folder))] = (people, time)
    return found


def _text(value):
    return str(value) if isinstance(value, (str, int)) else ""
