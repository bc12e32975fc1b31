"""The Spark session of this process."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING

from features.errors import PinchError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


SHUFFLE_PARTS = "spark.sql.shuffle.partitions"
"""Spark's setting of how many parts a shuffle has."""


ADAPTIVE = "spark.sql.adaptive.enabled"
"""Whether Spark plans each stage of a query when those before it are done, as a job of its own."""


def start_session() -> SparkSession:
    """The Spark session of this process, as Spark's own settings have it.

    Raises:
        PinchError: there is no pyspark, or no Java for it.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        expected, mend = "pinch with its extra spark", 'pip install "pinch[spark]"'
        raise PinchError(found="no pyspark", expected=expected, mend=mend) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # What it warns of is a part of pyspark that is not used here.
    warnings.filterwarnings(
        "ignore", "PySpark does not yet fully support pandas", FutureWarning
    )
    try:
        return SparkSession.builder.appName("pinch").getOrCreate()
    except PySparkRuntimeError:
        mend = "install Java 17 or 21 and set JAVA_HOME, or correct Spark's settings"
        raise PinchError(
            found="a Spark that does not start",
            expected="Java and Spark's settings",
            mend=mend,
        ) from None


def fit_to_one_machine(session: SparkSession) -> None:
    """On one machine, unless Spark's settings say otherwise, a shuffle has a few parts, and a query is planned once."""
    context = session.sparkContext
    if (context.master or "").startswith("local"):
        for setting, value in {
            SHUFFLE_PARTS: 2 * context.defaultParallelism,
            ADAPTIVE: False,
        }.items():
            if not context.getConf().contains(setting):
                session.conf.set(setting, value)
