from . import weights as weights
from .load import (
    ELEPHANTS as ELEPHANTS,
)
from .load import (
    Network as Network,
)
from .load import (
    load_network as load_network,
)
from .load import (
    load_photograph as load_photograph,
)
from .transfer import (
    Base as Base,
)
from .transfer import (
    Copies as Copies,
)
from .transfer import (
    activations as activations,
)
from .transfer import (
    copies as copies,
)
from .transfer import (
    cut as cut,
)
from .transfer import (
    load_base as load_base,
)
from .transfer import (
    unfreeze as unfreeze,
)
