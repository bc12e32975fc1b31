"""Every notebook runs from top to bottom on a fresh book and store; PINCH_GALLERY keeps them as run, for the site."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from company import Knobs, write_sample

GALLERY = os.environ.get("PINCH_GALLERY")
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture
def book_folder(request, notebook):
    """A sample company without contracts; a smaller one for the notebook that trains at a dozen dates."""
    if notebook.stem != "backtest":
        return request.getfixturevalue("sample_folder")
    folder = request.getfixturevalue("tmp_path") / "book"
    write_sample(folder, 150, 12, seed=3, knobs=Knobs(contracts=0))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_notebook_runs(notebook, book_folder, store_folder, tmp_path, monkeypatch):
    shutil.copytree(store_folder, tmp_path / "store")
    monkeypatch.setenv("PINCH_BOOK", str(book_folder))
    monkeypatch.setenv("PINCH_STORE", str(tmp_path / "store"))
    read = nbformat.read(notebook, as_version=4)
    assert all(not cell.get("outputs") for cell in read.cells), (
        "commit notebooks without their outputs"
    )
    NotebookClient(
        read, timeout=120, resources={"metadata": {"path": str(notebook.parent)}}
    ).execute()
    assert all(
        cell["execution_count"] for cell in read.cells if cell["cell_type"] == "code"
    )
    if GALLERY:
        Path(GALLERY).mkdir(exist_ok=True)
        nbformat.write(read, Path(GALLERY, notebook.name))
