"""The exports of other systems, read through a mapping into rows of the import file."""
