"""Toy: the smallest shop system there can be, to show what adding one takes."""

from .adapter import ToyAdapter as Adapter
