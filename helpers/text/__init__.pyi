from . import sampling as sampling
from . import vectors as vectors
from .hot import (
    MultiHotDense as MultiHotDense,
)
from .hot import (
    distinct_words as distinct_words,
)
from .hot import (
    multi_hot as multi_hot,
)
from .indices import (
    RESERVED as RESERVED,
)
from .indices import (
    decode as decode,
)
from .indices import (
    encode as encode,
)
from .indices import (
    encode_ranks as encode_ranks,
)
