import re
from shutil import copytree

from django.conf import settings

from catalog.design.storage import HashedModuleStorage


def test_modules_import_each_other_by_hashed_names(tmp_path):
    copytree(settings.ROOT / "static", tmp_path, dirs_exist_ok=True)
    storage = HashedModuleStorage(location=str(tmp_path), base_url="/static/")
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*") if path.is_file()]
    list(storage.post_process({name: (storage, name) for name in names}))
    module = (tmp_path / storage.stored_name("js/lineage-graph.js")).read_text()
    imports = re.findall(r'^import .*"(\..+)";$', module, re.MULTILINE)
    assert len(imports) == 4
    for imported in imports:
        assert re.search(r"\.[0-9a-f]{12}\.js$", imported)
        assert (tmp_path / "js" / imported).resolve().is_file()
