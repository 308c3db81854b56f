from .cam import (
    grad_cam as grad_cam,
)
from .cam import (
    heat_map as heat_map,
)
from .cam import (
    overlay as overlay,
)
from .cam import (
    scores as scores,
)
from .maps import (
    activations as activations,
)
from .maps import (
    ascend as ascend,
)
from .maps import (
    find as find,
)
from .maps import (
    to_pictures as to_pictures,
)
from .pipeline import (
    pipeline as pipeline,
)
