"""The oracle of the histories on copies elsewhere: under whom, held back from whom, and gone with their entries."""

import pytest

from tests.histories import observed as o
from tests.histories.story import ANN, ANNS, MIA, MIAS, SAM, SAMS, Story

EVERYBODY, STAFF = "the share", "the staff's share"


@pytest.fixture
def story() -> Story:
    """Begin with a practice, Sam, and a mature minor with an account of her own."""
    told = Story()
    told.link(SAM, SAMS)
    told.link(MIA, MIAS)
    return told


def filed(story: Story, mrn: o.Mrn, photo: o.Photo, entry: str) -> None:
    story.take(o.Filed(at=story.at, entry=entry, mrn=mrn, pictures=frozenset({photo})))


def lies(
    story: Story, entry: str, mrn: o.Mrn, photo: o.Photo | None = None, body: str = "", *, staff: bool = False
) -> list[str]:
    """See one copy, and nothing else, in a place; return the rules it broke."""
    pictures = frozenset({photo} if photo else ())
    copy = o.CopyLies(entry=entry, mrn=mrn, body=body, pictures=pictures)
    place = STAFF if staff else EVERYBODY
    return story.take(o.Lying(at=story.at, place=place, staff_only=staff, copies=frozenset({copy})))


def test_R15_a_copy_lies_under_whom_the_record_has_its_entry(story: Story) -> None:
    photo = story.photo(SAM)
    filed(story, SAMS, photo, "e1")
    assert lies(story, "e1", SAMS, photo) == []
    story.take(o.Placed(at=story.at, by=o.Account("@kim:practice"), photo=photo, mrn=ANNS))
    filed(story, ANNS, photo, "e1")
    assert lies(story, "e1", SAMS, photo, staff=True) == ["R15"]
    assert lies(story, "e1", ANNS, photo) == []


def test_R23_no_copy_lies_anywhere_of_what_is_destroyed(story: Story) -> None:
    photo = story.photo(SAM)
    filed(story, SAMS, photo, "e1")
    story.take(o.Unfiled(at=story.at, entry="e1"))
    assert lies(story, "e1", SAMS, photo) == ["R23"]
    assert lies(story, "e2", SAMS) == ["R23"], "nor of what was never filed"


def test_R33a_a_mature_minors_own_lies_only_where_staff_alone_read(story: Story) -> None:
    photo = story.photo(MIA)
    story.take(o.Referenced(at=story.at, photo=photo, ref="IMG-MIA1"))
    filed(story, MIAS, photo, "e1")
    assert lies(story, "e1", MIAS, photo, staff=True) == []
    assert lies(story, "e1", MIAS, photo) == ["R33a"]
    said = story.say(MIA, "WORDS", photo)
    story.take(o.Filed(at=story.at, entry="e2", mrn=MIAS, body=said))
    story.take(o.Filed(at=story.at, entry="e3", mrn=MIAS, body="a note on IMG-MIA1"))
    assert lies(story, "e2", MIAS, body=said) == ["R33a"]
    assert lies(story, "e3", MIAS, body="a note on IMG-MIA1") == ["R33a"]
    assert lies(story, "e3", MIAS, body="a note on IMG-MIA1") == [], "judged when it comes, and not called back later"


def test_R33a_a_parents_photo_of_a_child_may_lie_where_others_read(story: Story) -> None:
    story.link(ANN, MIAS, "PARENT")
    photo = story.photo(ANN)
    filed(story, MIAS, photo, "e1")
    assert lies(story, "e1", MIAS, photo) == []


def test_R30_no_copy_names_another_patient_or_who_answers_for_one_wherever_it_lies(story: Story) -> None:
    story.link(ANN, ANNS)
    photo = story.photo(SAM)
    filed(story, ANNS, photo, "e1")
    for place in (True, False):
        assert lies(story, "e1", ANNS, photo, "From: Ann Lee, Kim", staff=place) == []
        for mark in (SAM, SAMS, "Sam Patel"):
            assert lies(story, "e1", ANNS, photo, f'{{"by": "{mark}"}}', staff=place) == ["R30"]
