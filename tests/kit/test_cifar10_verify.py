"""Files that are not the published ones are refused, and what was found right is not looked through again."""

import hashlib

import numpy as np
import pytest

from cs231n_kit.data import load_cifar10
from cs231n_kit.data.cifar10 import Cifar10Error, verify
from tests.kit.cifar10_archives import BATCHES, binary, python2_pickle

EACH = 4  # pictures of a class in each small batch


def small_batch(number):
    rng = np.random.default_rng(number)
    labels = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), EACH))
    return rng.integers(0, 256, (len(labels), 3072), dtype=np.uint8), labels


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Small archives in both forms that stand for the published ones."""
    monkeypatch.setenv("CS231N_DATA", str(tmp_path / "data"))
    pickled, plain = tmp_path / "cifar-10-batches-py", tmp_path / "cifar-10-batches-bin"
    pickled.mkdir()
    plain.mkdir()
    sums = {}
    for number, name in enumerate(BATCHES):
        (plain / f"{name}.bin").write_bytes(binary(*small_batch(number)))
        (pickled / name).write_bytes(content := python2_pickle(*small_batch(number)))
        sums[name] = hashlib.md5(content).hexdigest()
    monkeypatch.setattr(verify, "PICKLED", sums)
    monkeypatch.setattr(verify, "BINARY_BYTES", 10 * EACH * 3073)
    monkeypatch.setattr(verify, "PER_CLASS", {"train": 5 * EACH, "test": EACH})
    return {"py": pickled, "bin": plain}


def load(folder, **options):
    return load_cifar10(10, 10, 10, root=folder, download=False, **options)


def refused(folder):
    with pytest.raises(Cifar10Error) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize("form", ["py", "bin"])
def test_what_was_published_loads_and_is_remembered(published, form, monkeypatch):
    first = load(published[form])
    monkeypatch.setattr(verify, "_verify_file", lambda path: pytest.fail("looked through a second time"))
    assert np.array_equal(load(published[form]).X_train, first.X_train)


def test_a_batch_that_lacks_whole_pictures(published):
    path = published["bin"] / "data_batch_2.bin"
    path.write_bytes(path.read_bytes()[:-3073])
    assert "data_batch_2.bin is incomplete or another file" in refused(published["bin"])


def test_half_a_batch_of_zeros(published):
    path = published["bin"] / "data_batch_4.bin"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    assert "unpack it again from cifar-10-binary.tar.gz" in refused(published["bin"])


def test_a_changed_bit_in_a_pickled_batch_and_one_after_it_was_found_right(published):
    load(published["py"])
    path = published["py"] / "data_batch_3"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    assert "data_batch_3 is damaged or another file" in refused(published["py"])
    assert load(published["py"], verify=False)


def test_a_damaged_memory_only_means_another_look(published):
    load(published["py"])
    (memory,) = (published["py"].parent / "data").glob("*.json")
    for content in ("", "[]", "{", '{"a": 1}'):
        memory.write_text(content)
        assert load(published["py"])


def test_the_true_numbers():
    assert verify.BINARY_BYTES == 30_730_000
    assert verify.PER_CLASS == {"train": 5000, "test": 1000}
    assert list(verify.PICKLED) == BATCHES
