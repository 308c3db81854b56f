from . import descent as descent
from . import folds as folds
from . import loop as loop
from . import neurons as neurons
from . import reach as reach
from . import recurrent as recurrent
from . import series as series
from . import tensors as tensors
from .amounts import (
    bars as bars,
)
from .amounts import (
    confusion_matrix as confusion_matrix,
)
from .amounts import (
    histogram as histogram,
)
from .amounts import (
    spread as spread,
)
from .curves import (
    by_rate as by_rate,
)
from .curves import (
    cost_curves as cost_curves,
)
from .curves import (
    error_curves as error_curves,
)
from .curves import (
    gradients as gradients,
)
from .curves import (
    learning as learning,
)
from .curves import (
    lines as lines,
)
from .curves import (
    scalars as scalars,
)
from .curves import (
    training_curves as training_curves,
)
from .graphs import (
    operation_graph as operation_graph,
)
from .networks import (
    model_graph as model_graph,
)
from .pictures import (
    image_grid as image_grid,
)
from .pictures import (
    show_pictures as show_pictures,
)
from .pictures import (
    tile as tile,
)
from .plane import (
    decision_lines as decision_lines,
)
from .plane import (
    decision_regions as decision_regions,
)
from .plane import (
    dots as dots,
)
from .plane import (
    point_clouds as point_clouds,
)
from .plane import (
    vectors as vectors,
)
from .style import (
    COLOURS as COLOURS,
)
from .style import (
    STYLES as STYLES,
)
from .style import (
    best as best,
)
from .style import (
    looks as looks,
)
from .style import (
    set_style as set_style,
)
from .style import (
    show as show,
)
