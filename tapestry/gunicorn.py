"""How gunicorn serves the site: `gunicorn -c python:tapestry.gunicorn tapestry.wsgi:application`."""

from pathlib import Path

from tapestry.environment import read_environment

_environment = read_environment()

bind = f"{_environment.bind}:{_environment.port}"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
# The worker's sign of life is a file that it touches; on a slow disk that alone can look like a death.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
errorlog = "-"
loglevel = "warning"
