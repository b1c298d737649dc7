"""A stranger's address is a stranger's word: fetching asks public places alone, and stops in time."""

import time

import pytest

from catalog.intake.addresses import is_public, read_address
from catalog.intake.fetching import fetch
from provenance.errors import Invalid
from tests.catalog.intake.servers import CARD, serving


@pytest.fixture
def server():
    with serving() as running:
        yield running


def ask(server, path, host="127.0.0.1", **options):
    """Fetch from the server, which the operator allows under this name."""
    own = [f"{host}:{server.server_port}"]
    return fetch(f"http://{own[0]}/{path}", allowed=own, **options)


def refusal(*arguments, **options):
    with pytest.raises(Invalid) as refused:
        (ask if len(arguments) > 1 else fetch)(*arguments, **options)
    return refused.value.code


def test_a_server_in_this_house_is_refused_and_not_even_asked(server):
    assert refusal(f"http://127.0.0.1:{server.server_port}/card") == "address-forbidden"
    assert refusal("http://127.0.0.1/card") == "address-forbidden"
    assert server.asked == []


def test_the_operator_may_allow_an_own_host(server):
    found = ask(server, "card")
    assert (found.content, found.media_type) == (CARD, "text/markdown")


def test_the_operator_allows_by_the_environment(server, settings):
    settings.FETCH_ALLOWED = frozenset({f"127.0.0.1:{server.server_port}"})
    assert fetch(f"http://127.0.0.1:{server.server_port}/card").content == CARD


def test_nothing_of_the_reader_or_the_surroundings_is_sent(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    ask(server, "cookie")
    (_first, _headers), (path, headers) = server.asked
    assert path == "/card"
    assert not {"Cookie", "Authorization", "Referer", "Proxy-Connection"} & headers.keys()
    assert headers["User-Agent"].startswith("Tapestry-Catalog")


def test_a_redirect_into_this_house_is_refused(server):
    assert refusal(server, "inward") == "address-forbidden"
    assert [path for path, _ in server.asked] == ["/inward"]


def test_the_connection_goes_to_the_address_that_was_checked(server):
    """A name that is public when it is checked and private a moment later has no second moment here."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    found = ask(server, "card", "rebinding.example.org", resolve=lambda *_: next(answers))
    assert found.content == CARD
    assert next(answers) == ["10.0.0.1"]


@pytest.mark.parametrize(
    "second", ["10.0.0.1", "127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::a00:1", "fe80::1%eth0"]
)
def test_a_name_with_one_private_address_is_refused(second):
    code = refusal("https://mixed.example.org/", resolve=lambda *_: ["93.184.216.34", second])
    assert code == "address-forbidden"


def test_a_name_nobody_has_is_told_so():
    assert refusal("https://nowhere.example.org/", resolve=lambda *_: []) == "address-unknown"


def test_a_name_that_takes_for_ever_runs_into_the_deadline():
    code = refusal("https://slow.example.org/", resolve=lambda *_: time.sleep(0.5) or [], seconds=0.1)
    assert code == "fetch-timeout"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("bomb", "fetch-too-large"),
        ("endless", "fetch-too-large"),
        ("round-and-round", "fetch-too-many-redirects"),
        ("page", "fetch-wrong-type"),
        ("missing", "fetch-failed"),
        ("broken", "fetch-failed"),
    ],
)
def test_what_is_no_description_is_refused_by_name(server, path, code):
    assert refusal(server, path) == code


def test_a_server_that_drips_is_cut_off(server):
    began = time.monotonic()
    assert refusal(server, "slow", seconds=0.5) == "fetch-timeout"
    assert time.monotonic() - began < 2


def test_packed_text_is_unpacked(server):
    assert ask(server, "packed").content == CARD


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "http://somebody@example.org/",
        "http://example.org:6379/",
        "http://example.org\\@127.0.0.1/",
        "http://exa mple.org/",
        "http:///card",
        "http://[::1",
        "http://example.org:99999/",
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url):
    assert refusal(url) in {"address-malformed", "address-forbidden"}


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0"]
)
def test_other_spellings_of_this_house_are_refused(host):
    assert refusal(f"http://{host}/") in {"address-forbidden", "address-unknown"}


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nobody binds to it
        ("255.255.255.255", False),
        ("::", False),
        ("::7f00:1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("fec0::1", False),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


def test_names_in_other_scripts_are_read_as_the_dns_has_them():
    assert (
        read_address("https://bücher.example/ein titel".replace(" ", "%20")).host == "xn--bcher-kva.example"
    )
