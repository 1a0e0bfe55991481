"""CIFAR-10: read from the batches of either archive, downloaded where there are none."""

from cs231n_kit.data.cifar10.read import Cifar10Error, load_cifar10

__all__ = ["Cifar10Error", "load_cifar10"]
