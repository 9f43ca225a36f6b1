"""Maps the repository's top-level folders onto importable package names."""

from setuptools import find_packages, setup

FOLDERS = {
    "podpipec": "podpipec",
    "podpipec_runtime": "runtime",
    "podpipec_grammar": "grammar",
    "podpipec_stdlib": "stdlib",
}

setup(
    package_dir=FOLDERS,
    packages=[
        name
        for package, folder in FOLDERS.items()
        for name in (package, *(f"{package}.{sub}" for sub in find_packages(folder)))
    ],
)
