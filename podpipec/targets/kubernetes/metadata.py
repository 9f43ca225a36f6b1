"""The labels and metadata that all objects of one set share."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.targets.kubernetes.api import ObjectMeta
from podpipec_runtime.tuples import NamedTuple

NAME_LABEL = "app.kubernetes.io/name"
INSTANCE_LABEL = "app.kubernetes.io/instance"
MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"
REVISION_LABEL = "podpipec/revision"
#: What all sets of a flow across pods have in common.
FLOW_LABEL = "podpipec/flow"

#: Labels that the target sets itself; a user's labels must not name them.
OWN_LABELS = frozenset((NAME_LABEL, INSTANCE_LABEL, MANAGED_BY_LABEL, REVISION_LABEL, FLOW_LABEL))


class Identity(NamedTuple):
    """Whose objects these are: the set, where it lives, and the revision of what it is to do.

    The revision stands for the plan, the set's name and the quarterback's image. It is part of the names of
    the plan's ConfigMap and of the admission policy, so that pods of an old revision, which run on until
    they are deleted, keep the plan and the policy that they were started with."""

    set_name: str
    namespace: str | None
    revision: str
    user_labels: Mapping[str, str]

    def selector(self) -> dict[str, str]:
        """The labels by which the set knows its pods; they never change."""
        return {NAME_LABEL: "podpipec", INSTANCE_LABEL: self.set_name}

    def labels(self) -> dict[str, str]:
        """The labels of every object, the user's in the order of their names."""
        return {**self.selector(), MANAGED_BY_LABEL: "podpipec", **dict(sorted(self.user_labels.items()))}

    def revision_labels(self) -> dict[str, str]:
        """The labels of what belongs to one revision: its pods, its plan, its admission policy."""
        return {**self.labels(), REVISION_LABEL: self.revision}

    def metadata(self, name: str) -> ObjectMeta:
        """Metadata of an object in the namespace."""
        return ObjectMeta(name=name, namespace=self.namespace, labels=self.labels())
