"""What convnets see: their maps and what these like, places that count, pictures on their way."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
