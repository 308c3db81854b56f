"""The stand-ins: small generated data sets with the real ones' interface and behaviour.

Each module says what it imitates and which claims of the lectures it is made to support. They are
deterministic, take about a second, and are kept for the rest of the process.
"""
