from tests.catalog.policy.table import KEPT, written


def test_each_answer_of_the_policy_is_the_one_that_is_kept():
    """Where a rule was meant to change: `python -m tests.catalog.policy.table`, and a new POLICY_VERSION."""
    assert KEPT.read_text("utf-8") == written()
