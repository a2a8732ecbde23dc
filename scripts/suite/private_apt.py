"""An apt of our own: own source list, own index, own downloads; the system's apt is not touched."""

import re
from pathlib import Path

from suite import paths
from suite.console import Fault, run

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
FAILED = "Debian packages could not be downloaded: check the network, then run this again."


class PrivateApt:
    """Reads one Debian suite from the mirror that this machine already uses."""

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self.folder = paths.APT / suite

    def update(self) -> None:
        """Fetch the suite's package index. Raises Fault without network."""
        for name in ("lists/partial", "archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        uri, signed_by = machine_mirror()
        self._source.write_text(
            f"Types: deb\nURIs: {uri}\nSuites: {self.suite}\nComponents: main\n"
            f"Signed-By: {signed_by}\n",
            encoding="utf-8",
        )
        # Without this option apt counts an unreachable mirror as a success.
        strict = ["-o", "APT::Update::Error-Mode=any"]
        run(["apt-get", *self._options, *strict, "update"], otherwise=FAILED)

    def candidate(self, package: str) -> str:
        """Version apt would install, or "" when the suite has no such package."""
        policy = run(["apt-cache", *self._options, "policy", package], otherwise=FAILED)
        match = re.search(r"Candidate: (\d\S*)", policy)
        return match.group(1) if match else ""

    def download(self, packages: list[str], target: Path) -> None:
        """Put the packages' files into ``target``."""
        # A download that breaks off must not look like a file in the cache.
        fresh = self.folder / "download"
        fresh.mkdir(exist_ok=True)
        run(["apt-get", *self._options, "download", *packages], cwd=fresh, otherwise=FAILED)
        target.mkdir(parents=True, exist_ok=True)
        for package in fresh.glob("*.deb"):
            package.rename(target / package.name)

    @property
    def _source(self) -> Path:
        return self.folder / "suite.sources"

    @property
    def _options(self) -> list[str]:
        settings = (
            f"Dir::Etc::sourcelist={self._source}",
            "Dir::Etc::sourceparts=/dev/null",
            f"Dir::State::lists={self.folder / 'lists'}",
            f"Dir::Cache={self.folder}",
            f"Dir::Cache::archives={self.folder / 'archives'}",
            "APT::Update::Post-Invoke-Success::=",
            "Acquire::Languages=none",
        )
        return [word for setting in settings for word in ("-o", setting)]


def machine_mirror(settings: Path = Path("/etc/apt")) -> tuple[str, str]:
    """Address and keyring of the Debian mirror in this machine's own apt settings.

    Raises Fault when they name none.
    """
    folder = settings / "sources.list.d"
    for source in sorted(folder.glob("*.sources")):
        for stanza in source.read_text(encoding="utf-8").split("\n\n"):
            fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(\S.*)$", stanza, re.MULTILINE))
            if _is_main(fields.get("URIs", ""), fields.get("Components", "")):
                return fields["URIs"].split()[0], fields.get("Signed-By", KEYRING)
    for source in (settings / "sources.list", *sorted(folder.glob("*.list"))):
        lines = source.read_text(encoding="utf-8").splitlines() if source.is_file() else []
        for line in lines:
            match = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+\S+\s+(.*)", line)
            if match and _is_main(match[2], match[3]):
                signed_by = re.search(r"signed-by=(\S+)", match[1] or "")
                return match[2], signed_by[1] if signed_by else KEYRING
    raise Fault(
        "No Debian mirror in this machine's apt settings: give an Odoo 19.0 by ODOO_HOME "
        "(a folder) or run this on Debian."
    )


def _is_main(uri: str, components: str) -> bool:
    address = uri.split()[0].rstrip("/") if uri else ""
    return address.endswith("/debian") and "main" in components.split()
