"""CIFAR-10 from the network: the binary archive, which holds no pickle, verified and unpacked with care."""

import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath

import pooch
import requests

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
FOLDER = "cifar-10-batches-bin"
TIMEOUT = 30  # seconds without an answer


def download_cifar10(root, names):
    """Download the archive into root and unpack the named files; all or nothing.

    Parameters
    ----------
    root : Path, made if it is not there
    names : files that are wanted from the archive

    Returns
    -------
    Path of the folder with the files

    Raises
    ------
    OSError : no network, no such page, no place to write
    ValueError : not the archive that was expected
    """
    root.mkdir(parents=True, exist_ok=True)
    try:
        archive = pooch.retrieve(
            URL,
            known_hash=f"md5:{MD5}",
            fname=Path(URL).name,
            path=root,
            downloader=pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT),
        )
    except ValueError as mismatch:
        raise ValueError(f"what came from {URL} is not the archive that was expected ({mismatch})") from None
    except OSError as error:
        if error.errno is not None:  # the disk's, not the network's
            raise
        raise OSError(f"{URL} cannot be downloaded: {_cause(error)}") from None
    folder = unpack(Path(archive), root / FOLDER, names)
    Path(archive).unlink(missing_ok=True)
    return folder


def _cause(error):
    """Say what stood in the way, and what to do."""
    # A proxy or a certificate is refused by a kind of ConnectionError, so the more particular come first.
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy refused (see the environment variables HTTPS_PROXY and NO_PROXY)"
    if isinstance(error, requests.exceptions.SSLError):
        return (
            "the server's certificate was refused. Behind a proxy that reads along, set REQUESTS_CA_BUNDLE to its "
            "certificate; otherwise look at the computer's clock"
        )
    if isinstance(error, requests.exceptions.HTTPError):
        return f"the server answered {error}"
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer within {TIMEOUT} s"
    return f"{type(error).__name__}; is there a network connection?"


def unpack(archive, folder, names):
    """Unpack the named files of a tar archive into a new folder.

    Raises
    ------
    OSError : no place to write
    ValueError : damaged, a file is missing, or a member is a link, a device or outside the archive's own folder
    """
    with tempfile.TemporaryDirectory(dir=folder.parent, suffix=".part") as part:
        fresh = Path(part) / folder.name
        fresh.mkdir()
        try:
            with tarfile.open(archive) as tar:
                for member in tar:
                    _unpack_member(tar, member, fresh, names)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise ValueError(f"{archive} is damaged: {error}") from None
        if missing := [name for name in names if not (fresh / name).is_file()]:
            raise ValueError(f"{archive} does not hold {', '.join(missing)}")
        try:
            fresh.replace(folder)
        except OSError:
            if not folder.is_dir():  # else another process was quicker
                raise
    return folder


def _unpack_member(tar, member, folder, names):
    path = PurePosixPath(member.name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.name:
        raise ValueError(f"{tar.name} is refused: it would write outside its folder ({member.name})")
    if not (member.isfile() or member.isdir()):
        raise ValueError(f"{tar.name} is refused: {member.name} is neither a file nor a folder")
    if member.isfile() and path.name in names:
        with tar.extractfile(member) as source, (folder / path.name).open("wb") as target:
            shutil.copyfileobj(source, target)
