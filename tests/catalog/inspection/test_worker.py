"""A real worker on the real queue is killed in the middle, and the file is finished once (INV-8)."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings as live
from django.db import connection

from catalog.inspection.models import Inspection
from catalog.inspection.reaping import FETCHING, reap
from tests.factories import make_draft

pytestmark = [pytest.mark.stack, pytest.mark.django_db(transaction=True)]
SECONDS = 60


@pytest.fixture
def worker(settings, tmp_path):
    """Starts workers of the queue of inspections that see this test's database and blobs."""
    started: list[subprocess.Popen] = []
    test_database = connection.settings_dict["NAME"]
    program = (
        "import sys; from django.conf import settings; import tapestry.celery as roof;"
        f" settings.DATABASES['default']['NAME'] = {test_database!r};"
        f" settings.BLOB_URL = {settings.BLOB_URL!r};"
        " import django; django.setup(); import catalog.inspection.running as running;"
        " running.HEARTBEAT = 0;"  # the first sign of life is there to be seen, however fast the machine
        " roof.app.worker_main('worker -Q inspection -c 1 -l warning -n inspection@test'.split())"
    )

    def start() -> subprocess.Popen:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tapestry.settings",
            "TMPDIR": str(tmp_path),  # who is killed tidies nothing up
        }
        process = subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=live.ROOT)
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    if process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        for member in [*family, psutil.Process(process.pid)]:
            member.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, list(Inspection.objects.values("state", "attempt", "bytes_done"))
        time.sleep(0.1)


def test_inv_8_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(worker):
    text = "".join(f"Dòng thứ {n}: mọi người đều có quyền học {n * n}.\n" for n in range(400_000)).encode()
    make_draft(texts={"vi": text})
    first = worker()
    until(lambda: Inspection.objects.filter(state="running", bytes_done__gt=0).exists())
    kill(first)
    Inspection.objects.update(touched_at=Inspection.objects.get().touched_at - FETCHING)
    assert reap() == 1
    worker()
    until(lambda: Inspection.objects.filter(state="done").exists())
    row = Inspection.objects.get()
    assert (row.attempt, row.facts["records"], row.bytes_done) == (2, 400_000, len(text))
