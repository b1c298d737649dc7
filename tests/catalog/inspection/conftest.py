"""Files with something to find in them, and the work done at once instead of by a worker."""

import pytest

from catalog.facts import inspect_file
from catalog.inspection.concluding import conclude
from catalog.inspection.models import Inspection
from catalog.inspection.running import run_inspection
from tests.factories import make_dataset

VIETNAMESE = (
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.\n"
    "Mọi con người đều được tạo hóa ban cho lý trí và lương tâm và cần phải đối xử tốt với nhau.\n"
    "Ai cũng được hưởng những quyền tự do ghi trong bản tuyên ngôn này không phân biệt đối xử.\n"
    "Ai cũng có quyền sống, tự do và an toàn thân thể, và không ai bị bắt làm nô lệ hay bị cưỡng bức.\n"
).encode()


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> None:
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()


@pytest.fixture
def in_process(monkeypatch) -> None:
    """The same code looks at files without a process around it, which costs a second for each file.

    The process has its own tests: tests/catalog/facts/test_child.py, test_running.py, test_worker.py.
    """
    monkeypatch.setattr("catalog.inspection.running.inspect_in_child", inspect_file)
    monkeypatch.setattr("catalog.inspection.previewing.inspect_in_child", inspect_file)


def inspect_all() -> int:
    """Do what a worker would; return how many files were looked at."""
    ids = list(Inspection.objects.filter(state="queued").values_list("pk", flat=True))
    return sum(run_inspection(pk) for pk in ids)


def concluded(tier: str = "open", **changes):
    """A published entry's version with its facts."""
    version = make_dataset(tier, **{"texts": {"vi": VIETNAMESE}, **changes}).newest
    inspect_all()
    return version, conclude(version.pk)
