"""What is wrong with the options: each thing told in the words of the option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from podpipec.targets.kubernetes import names
from podpipec.targets.kubernetes.images import is_reference
from podpipec.targets.kubernetes.metadata import OWN_LABELS
from podpipec.targets.kubernetes.options import KubernetesOptions
from podpipec.targets.manifest import Reason

_LABEL_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_HIGHEST_USER = 2**31 - 1


def option_reasons(options: KubernetesOptions) -> Iterator[Reason]:
    """Every reason to refuse the options, in the order of the options."""
    yield from _names(options)
    yield from _labels("labels", options.labels)
    for key in sorted(OWN_LABELS.intersection(options.labels)):
        yield _reason("labels", f"the label `{key}` is set by podpipec", "choose another key")
    yield from _images(options)
    yield from _labels("node_selector", options.node_selector)
    yield from _amounts(options)


def _names(options: KubernetesOptions) -> Iterator[Reason]:
    if options.name is not None and not names.is_set_name(options.name):
        yield _reason(
            "name",
            f"`{options.name}` cannot name a set of pods",
            f"write at most {names.LONGEST_SET_NAME} of a-z, 0-9 and -, a letter first",
        )
    if options.namespace is not None and not names.is_dns_label(options.namespace):
        yield _reason("namespace", f"`{options.namespace}` cannot name a namespace", "write a-z, 0-9 and -")
    for option, name in (
        ("node_storage_class", options.node_storage_class),
        ("volume_storage_class", options.volume_storage_class),
        *(("image_pull_secrets", secret) for secret in options.image_pull_secrets),
    ):
        if name is not None and not names.is_dns_subdomain(name):
            yield _reason(option, f"`{name}` cannot be a name in Kubernetes", "write a-z, 0-9, - and .")


def _images(options: KubernetesOptions) -> Iterator[Reason]:
    if not is_reference(options.quarterback_image):
        yield _reason(
            "quarterback_image",
            f"`{options.quarterback_image}` is not an image reference",
            "write name:tag or name@sha256:digest",
        )


def _labels(option: str, labels: Mapping[str, str]) -> Iterator[Reason]:
    for key, value in sorted(labels.items()):
        prefix, slash, name = key.rpartition("/")
        if not _LABEL_NAME.fullmatch(name) or (slash and not names.is_dns_subdomain(prefix)):
            yield _reason(option, f"`{key}` cannot be a label's key", "write name or domain/name")
        if value and not _LABEL_NAME.fullmatch(value):
            yield _reason(
                option, f"`{value}` cannot be a label's value", "write at most 63 letters, digits, -, _ and ."
            )


def _amounts(options: KubernetesOptions) -> Iterator[Reason]:
    if not 0 < options.run_as_user <= _HIGHEST_USER:
        yield _reason("run_as_user", f"user {options.run_as_user} is refused", "choose one above 0: never root")
    for option, amount in (
        ("quarterback_cpu", options.quarterback_cpu),
        ("quarterback_memory", options.quarterback_memory),
        ("tmp", options.tmp),
    ):
        if amount <= 0:
            yield _reason(option, f"{option} is {amount}", "it must be more than nothing")


def _reason(option: str, message: str, hint: str) -> Reason:
    return Reason(about="option", name=option, message=f"option {option}: {message}", hint=hint)
