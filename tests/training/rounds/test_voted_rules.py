"""What members can vote for is what the merge can do, in the same order: a value is a place in both."""

from catalog.governance.settings import SETTINGS
from training.merge import RULES, SERVERS, VOTED

PREVIEW = "instant preview"


def test_each_choice_of_a_rule_is_the_rule_of_that_place_and_its_note_says_whether_it_is_linear():
    setting = SETTINGS["merge.rule"]
    words = [str(choice).lower().replace(" ", "-") for choice in setting.choices]
    assert words == list(VOTED)
    assert [PREVIEW in str(note) for note in setting.notes] == [RULES[name].linear for name in VOTED]


def test_each_choice_of_an_outer_optimizer_is_the_one_of_that_place():
    setting = SETTINGS["merge.server"]
    first = [str(choice).lower().split()[0] for choice in setting.choices]
    assert ["plain", *first[1:]] == list(SERVERS)
    linear = [server.linear for server in SERVERS.values()]
    assert [PREVIEW in str(note) for note in setting.notes] == linear
