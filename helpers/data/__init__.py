"""The course's data sets: one module each, with a registry of the real files and stand-ins.

A loader takes the profile. In ``"full"`` it returns exactly what the loader of the same name in
`keras.datasets` returns, from the same file in Keras's own cache folder, downloaded once and
checked by its hash. In ``"sample"`` it returns a small generated stand-in with the same
interface, needs neither files nor network, and prints one line saying so.

From a terminal: ``python -m helpers.data list | fetch [NAME ...] | verify``.
"""
