"""The settings of the endpoint, from the environment: ``PINCH_PORT`` and so on, the same by whatever it is started."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from limits import parse
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    IPvAnyAddress,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from features.errors import ModelError, SettingError
from serving.endpoint.limits import MOST_BYTES

PREFIX = "PINCH_"
PACKED = "champion"
"""The folder of the models in a Bento."""


def _rate(text: str) -> str:
    parse(text)
    return text


def _blank_is_none(given: object) -> object:
    return None if isinstance(given, str) and not given.strip() else given


Place = Annotated[Path | None, BeforeValidator(_blank_is_none)]


class Settings(BaseSettings):
    """What operators may set.

    Attributes:
        host: the address to listen on.
        port: to listen on.
        workers: processes that answer.
        threads: that compute, in each worker.
        waiting: requests that may wait for a thread, in each worker; one more is answered 503.
        seconds: for which a request may be worked on.
        body_seconds: for which a body may take to arrive.
        idle_seconds: for which a connection may wait for the head of a request.
        most_bytes: of a body.
        rate: how many requests a key may make, of each worker, such as ``600/minute``.
        keys: the file of the keys; without one only this machine is answered.
        models: the folder of the models.
        night: the folder that ``pinch night`` publishes in, or that ``pinch score`` wrote.
        erased_from: the folder of a book: who was erased from it is not told of, wherever a night was made.
        watched: the models are checked by who fetches them, as ``pinch serve`` does.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True
    )

    host: IPvAnyAddress = Field(default=ip_address("127.0.0.1"))
    port: int = Field(default=3000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=256)
    threads: int = Field(default=4, ge=1, le=256)
    waiting: int = Field(default=64, ge=0)
    seconds: float = Field(default=30.0, gt=0)
    body_seconds: float = Field(default=10.0, gt=0)
    idle_seconds: float = Field(default=5.0, gt=0)
    most_bytes: int = Field(default=MOST_BYTES, ge=1)
    rate: Annotated[str, AfterValidator(_rate)] = "600/minute"
    keys: Place = None
    models: Place = None
    night: Place = None
    erased_from: Place = None
    watched: bool = False


def read_settings(**given: object) -> Settings:
    """The settings that are given, and of the others those that the environment holds.

    Raises:
        SettingError: one of them cannot be taken.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"{PREFIX}{first['loc'][0]}".upper()
        raise SettingError(
            where=f"the setting {name}",
            found="a value that cannot be taken",
            expected=first["msg"],
            mend="correct it; pinch serve --help tells of all settings",
        ) from None


def models_folder(settings: Settings) -> Path:
    """The folder of the models: that of the settings, or the one that lies in a Bento beside the code.

    Raises:
        ModelError: there is neither.
    """
    packed = Path(__file__).parents[2] / PACKED
    if settings.models is not None or packed.is_dir():
        return settings.models or packed
    raise ModelError(
        where="the setting PINCH_MODELS",
        found="nothing",
        expected="the folder of the models to serve",
        mend="start the endpoint by pinch serve, or set PINCH_MODELS",
    )
