"""CIFAR-10 over the network, from a server on this machine: what is served, and everything that goes wrong."""

import hashlib
import shutil
import tarfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
import requests

from cs231n_kit.data.cifar10 import Cifar10Error
from cs231n_kit.data.cifar10 import download as cifar10_download
from tests.kit.cifar10_archives import archive_members, batch, write_tar
from tests.kit.cifar10_archives import load_small as load_cifar10

NAME = "cifar-10-binary.tar.gz"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.requests.append(self.path)
        super().do_GET()

    def copyfile(self, source, target):
        target.write(source.read())


class Breaking(Quiet):
    """Promises a whole file and hangs up half way."""

    def copyfile(self, source, target):
        target.write(source.read()[:5000])


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Serve an archive made of these members, as if it were the official one."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers = []

    def serve(members, handler=Quiet, md5=None):
        folder = tmp_path / "server"
        folder.mkdir()
        archive = write_tar(folder / NAME, members)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
        server.requests = []
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(cifar10_download, "URL", f"http://127.0.0.1:{server.server_port}/{NAME}")
        monkeypatch.setattr(cifar10_download, "MD5", md5 or hashlib.md5(archive.read_bytes()).hexdigest())
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "root"


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def assert_refused(root, *words):
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(10, 10, 10, root=root)
    assert all(word in str(error.value) for word in (*words, "load_picturebook()"))
    assert not [name for name in files(root) if name != NAME]


def test_it_is_downloaded_once(serve, root, monkeypatch):
    server = serve(archive_members())
    data = load_cifar10(20, 10, 5, root=root)
    assert np.array_equal(data.X_train[:, :, :, 1].reshape(20, -1), batch(0)[0][:20, 1024:2048])
    again = load_cifar10(20, 10, 5, root=root)
    assert np.array_equal(data.X_test, again.X_test)
    assert server.requests == [f"/{NAME}"]
    assert all(name.endswith(".bin") for name in files(root))  # no archive, no readme, no half files


def test_its_place_is_the_data_folder(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_DATA", str(tmp_path / "data"))
    serve(archive_members())
    load_cifar10(1, 1, 1)
    assert (tmp_path / "data" / "cifar10" / "cifar-10-batches-bin" / "test_batch.bin").is_file()


def test_no_network(serve, root):
    server = serve(archive_members())
    server.shutdown()
    server.server_close()
    assert_refused(root, "cannot be downloaded", "network")


def test_no_such_page(serve, root, monkeypatch):
    serve(archive_members())
    monkeypatch.setattr(cifar10_download, "URL", cifar10_download.URL + ".old")
    assert_refused(root, "cannot be downloaded", "the server answered 404")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.ProxyError("407"), "HTTPS_PROXY"),
        (requests.exceptions.ConnectTimeout("slow"), "no answer within 30 s"),
        (requests.exceptions.ConnectionError("refused"), "is there a network connection?"),
    ],
)
def test_what_stood_in_the_way_is_named(root, monkeypatch, error, words):
    def retrieve(*args, **kwargs):
        raise error

    monkeypatch.setattr(cifar10_download.pooch, "retrieve", retrieve)
    assert_refused(root, "cannot be downloaded", words)


def test_a_proxy_that_is_not_there_is_named(serve, root, monkeypatch):
    serve(archive_members())
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert_refused(root, "the proxy refused", "HTTPS_PROXY")


def test_a_wrong_hash(serve, root):
    serve(archive_members(), md5="0" * 32)
    assert_refused(root, "not the archive that was expected")
    assert files(root) == set()


def test_a_connection_that_breaks_half_way(serve, root):
    serve(archive_members(), handler=Breaking)
    assert_refused(root)
    assert files(root) == set()


def test_a_full_disk_while_unpacking(serve, root, monkeypatch):
    def full(source, target):
        target.write(source.read(1000))
        raise OSError(28, "No space left on device")

    serve(archive_members())
    monkeypatch.setattr(shutil, "copyfileobj", full)
    assert_refused(root, "No space left on device")
    assert files(root) == {NAME}  # verified, so the next try need not download it again


def test_a_root_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Cifar10Error, match=r"load_picturebook\(\)"):
        load_cifar10(root=tmp_path / "file" / "root")


def link(kind, target):
    info = tarfile.TarInfo("cifar-10-batches-bin/data_batch_1.bin")
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../outside.bin", b"x"),
        ("/tmp/outside.bin", b"x"),
        ("cifar-10-batches-bin/../../data_batch_1.bin", b"x"),
        ("..\\outside.bin", b"x"),
        ("C:\\outside.bin", b"x"),
        ("", link(tarfile.SYMTYPE, "/etc/passwd")),
        ("", link(tarfile.LNKTYPE, "elsewhere")),
        ("", link(tarfile.FIFOTYPE, "")),
    ],
)
def test_links_and_paths_outside_are_refused(serve, root, name, content):
    serve([(name, content), *archive_members()])
    assert_refused(root, "is refused")


def test_an_archive_without_all_batches(serve, root):
    serve(archive_members()[:3])
    assert_refused(root, "does not hold data_batch_4.bin")


def test_an_archive_that_is_no_archive(root, tmp_path):
    (tmp_path / "no.tar.gz").write_bytes(b"\x1f\x8b" + b"junk" * 100)
    with pytest.raises((ValueError, OSError)):
        cifar10_download.unpack(tmp_path / "no.tar.gz", tmp_path / "out", ["a"])
    assert not (tmp_path / "out").exists()
