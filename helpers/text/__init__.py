"""Texts as numbers: indices, vectors of zeros and ones, word vectors."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
