"""The tables of bundle.py as Parquet files, through DuckDB (the optional extra `parquet`).

DuckDB reads the CSV that is written first, so that a book of any size passes through (P28).
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.errors import Lack, Lacking
from projections.exports import bundle
from projections.views.reading import Reading

_TYPES = {
    "integer": "BIGINT",
    "string": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "boolean": "BOOLEAN",
}


def write(reading: Reading, folder: Path) -> bundle.Written:
    """Writes one file a table. Raises `Lacking` without DuckDB."""
    try:
        import duckdb
    except ImportError:
        message = "没有安装 duckdb，不能写 Parquet"
        raise Lacking(Lack.LIBRARY_MISSING, message, way_out="pip install duckdb") from None
    head = reading.head
    about = {"book": str(reading.book), "entries": str(head.entries), "hash": head.hash.hex()}
    with (
        TemporaryDirectory(dir=folder, prefix=".csv-") as name,
        # Every thread holds rows of its own in memory.
        duckdb.connect(config={"threads": 1}) as connection,
    ):
        source = Path(name)
        written = bundle.write_exactly(reading, source)
        for table in bundle.TABLES:
            types = {column.name: _TYPES[column.type] for column in table.columns}
            # The types are ours and nothing is guessed from the data.
            connection.execute(
                f"COPY (FROM read_csv({_sql(source.joinpath(table.file))}, auto_detect = false, "
                f"header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                f"columns = {_sql(types)})) "
                f"TO {_sql(folder.joinpath(f'{table.name}.parquet'))} "
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {_sql(about)})"
            )
    return bundle.Written(written)


def _sql(value: Path | str | dict[str, str]) -> str:
    """A literal: a text, or a struct of texts."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_sql(name)}: {_sql(each)}" for name, each in value.items()) + "}"
    return "'" + str(value).replace("'", "''") + "'"
