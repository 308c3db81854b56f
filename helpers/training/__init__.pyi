from . import keep as keep
from . import quiet as quiet
from .seeds import (
    best_epoch as best_epoch,
)
from .seeds import (
    over_seeds as over_seeds,
)
