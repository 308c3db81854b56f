"""The course's figures: one message each, drawn in one hand, with alternative text.

``plots.bars(…)`` and the like serve every chapter, ``plots.series.forecasts(…)`` and the like one
subject. A file is loaded when it is first asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
