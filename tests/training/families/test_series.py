"""A series holds families that read the same tokens."""

import pytest

from provenance.errors import Conflict, NotPermitted
from tests.factories import make_actor
from tests.training.api.signing_node import make_family, make_maintainer
from training.families.models import ModelFamily
from training.families.series import found_series, join_series

pytestmark = pytest.mark.django_db


def test_families_of_one_tokenizer_join_and_stay():
    small, large = make_family(1), make_family(2)
    series = found_series(make_maintainer(), "tiny", "Tiny", small)
    join_series(make_maintainer(), large, series)
    assert set(series.families.all()) == {small, large}
    with pytest.raises(Conflict) as refused:
        join_series(make_maintainer(), large, series)
    assert refused.value.code == "family-in-a-series"


def test_another_tokenizer_does_not_join_and_only_maintainers_decide():
    family = make_family(1)
    series = found_series(make_maintainer(), "tiny", "Tiny", family)
    base = {name: getattr(family, name) for name in ("architecture", "seed")}
    other = ModelFamily.objects.create(
        slug="other", tokenizer="tokenizer.json", tokenizer_sha256="a" * 64, **base
    )
    with pytest.raises(Conflict) as refused:
        join_series(make_maintainer(), other, series)
    assert refused.value.code == "tokenizer-differs"
    with pytest.raises(NotPermitted):
        found_series(make_actor("somebody"), "theirs", "Theirs", other)
