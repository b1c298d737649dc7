"""From checked files to paragraphs, through Hugging Face ``datasets``. Used only in the computing child."""

from pathlib import Path

from training.manifest import HeldOut, Part
from training.node.request import InputFile
from training.node.text import is_held_out


def read_paragraphs(path: Path, *, cache: Path) -> list[str]:
    """Return the lines of a UTF-8 text file that hold any text; one line is one paragraph."""
    import datasets

    datasets.disable_progress_bars()
    rows = datasets.load_dataset("text", data_files=[str(path)], split="train", cache_dir=str(cache))
    return [text for text in rows["text"] if text.strip()]


def read_parts(
    files: list[InputFile], *, rule: HeldOut, cache: Path
) -> tuple[list[str], dict[tuple[str, str], list[str]]]:
    """Return (paragraphs to train on, held-out paragraphs by (version digest, language))."""
    training: list[str] = []
    held_out: dict[tuple[str, str], list[str]] = {}
    for file in files:
        for text in read_paragraphs(file.path, cache=cache):
            if file.part is Part.TRAIN or (file.part is Part.SPLIT and not is_held_out(text, rule)):
                training.append(text)
            else:
                held_out.setdefault((file.version, file.language), []).append(text)
    return training, held_out
