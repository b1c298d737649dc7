"""Beside each hard question: why it is asked, how to decide it, and an example from a member's life."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Explanation:
    """What helps somebody to answer, and how somebody else did."""

    text: str | Promise
    example: str | Promise


# By the name of the field in its form.
EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "tier": Explanation(
        _(
            "The tier is the one promise that every machine keeps. Choose the strictest that you need "
            "today: a stricter one can be chosen later, a freer one does not call back what stayed hidden "
            "for a reason."
        ),
        _("A radio archive lets its own node train on recordings and hands no recording out: local-only."),
    ),
    "languages": Explanation(
        _(
            "People search by these, and a base is judged by them. Name every language that a reader "
            "would notice, not only the main one; regional forms have tags of their own."
        ),
        _("Court records in Portuguese as it is written in Brazil, with quotations in Guarani: pt-BR, gn."),
    ),
    "shares": Explanation(
        _(
            "Shares tell whether a language was heard or only mentioned. An estimate is welcome; they "
            "need not add up to the whole, and the catalog says so when they do not."
        ),
        _("Somebody read a hundred pages and found sixty in Vietnamese: vi 60, km 40."),
    ),
    "represents": Explanation(
        _(
            "Who would recognise themselves in the data? It is shown to everybody who may see the entry, "
            "so it names a group, never a person."
        ),
        _("Tellers of the Cusco valley; or: administrative law of Viet Nam."),
    ),
    "licence": Explanation(
        _(
            "The licence says what the law allows; the tier says what your member allows. Where nobody "
            "gave a licence, say unknown: it is honest, and it permits nothing by itself."
        ),
        _(
            "A ministry publishes its gazette under CC-BY-4.0. Letters that their writers gave by a "
            "signed form: LicenseRef-Community-Consent."
        ),
    ),
    "rights_model_training": Explanation(
        _(
            "This is asked apart from the licence because many licences are silent on it. Not known "
            "counts as no until you find out."
        ),
        _("A newspaper lets its articles be quoted and says nothing of training: not known."),
    ),
    "permitted_stages": Explanation(
        _(
            "A node asks for each stage by itself. Permit those that you would defend before the people "
            "whose data they are; evaluation alone is a fair answer."
        ),
        _("Exam papers that must not be learnt by heart: evaluation, and no stage of training."),
    ),
    "residency_boundary": Explanation(
        _(
            "The place that the data do not leave, as your law or your promise names it. The policy "
            "compares it with the place of each node before a job is sent."
        ),
        _(
            "Health letters under the law of one country: VN. Tapes that a village lent: “the archive in "
            "Cusco”."
        ),
    ),
    "residency_updates_may_leave": Explanation(
        _(
            "Training leaves traces of data in the weights. Yes lets the shared base learn from the data; "
            "no keeps them for your own models."
        ),
        _("A library agrees to updates and to nothing else: raw no, derived no, updates yes."),
    ),
    "origin": Explanation(
        _(
            "Name the place, the time and the hands that the data went through before they were yours. "
            "Who reviews it looks here first."
        ),
        _("Court decisions of 2010 to 2024, taken from the supreme court’s own site in May 2025."),
    ),
    "collection_methods": Explanation(
        _(
            "Choose all that were used. Data that a crawler took need a look at the terms of the sites; "
            "data that people gave need a look at their consent."
        ),
        _("Tales recorded in villages, and a printed collection that was scanned: two methods."),
    ),
    "sources": Explanation(
        _(
            "Pin the exact version that you used. What is made of restricted data is at least as "
            "restricted, and a withdrawal of a source leads to what was made of it."
        ),
        _("A cleaned edition of version 3 of laws-of-vietnam: laws-of-vietnam | 3"),
    ),
    "personal_data": Explanation(
        _(
            "Data about people are more than names: a voice, a place of work with a date, a rare illness. "
            "What was removed well is no longer in it; say below how."
        ),
        _("Interviews without names, in which the speakers tell of their own illnesses: special categories."),
    ),
    "consent_basis": Explanation(
        _(
            "On what ground may the data of these people be used? If nobody asked them, choose the ground "
            "in law that your member stands on, not the one that sounds best."
        ),
        _(
            "Speakers who signed for a recording project: consent of the people concerned. A register "
            "that the law opens: public task."
        ),
    ),
    "consent": Explanation(
        _(
            "In your own words: who was asked, by whom, for what, and how they can step back. It names no "
            "person."
        ),
        _("Each speaker signed for research in 2023; who steps back is left out of the next version."),
    ),
    "community_consent_what": Explanation(
        _(
            "Some data belong to a group and not to single people: songs, names of places, knowledge of "
            "plants. Say what the group agreed to give, in the words it would use."
        ),
        _("The assembly of 4 May gave tales that are told in public, and none that belong to a rite."),
    ),
    "known": Explanation(
        _(
            "Sometimes the mere fact says too much: that letters of one court survived, that a village was "
            "recorded. Then nobody but your member learns of the entry, in lists, counts or searches."
        ),
        _("A hospital has ward notes and does not want it known which ward: no."),
    ),
    "copied": Explanation(
        _(
            "A copy that left can not be called back by a setting. Where it may not leave, the model comes "
            "to the data: your own node trains, and only weights go out."
        ),
        _("A village lent tapes to one archive, for that house alone: no."),
    ),
    "downloaded": Explanation(
        _(
            "Yes makes the data a part of the public web. No still allows training: nodes then get the data "
            "for one approved job and for a short time."
        ),
        _("A publisher allows training and sells its books: no."),
    ),
    "learnt": Explanation(
        _(
            "This is about the tier, which can refuse shared training only by keeping everything with you. "
            "If it is training alone that you refuse, answer yes here and refuse it under “Rights”."
        ),
        _("Exam papers that everybody may read and no model may learn: yes here, no under “Rights”."),
    ),
}
