"""What a patient may do from a browser, on real parts: hear a reply, agree, see what is held, and take a copy away (R8, R24)."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from bot.domain.image import State
from bot.domain.screening import read
from bot.imaging.survey import survey
from tests.bot_process import Member, until
from tests.browser.driver import Page
from tests.corpus.pdfs import document
from tests.page_visits import SENT, PagePractice, account_of, another_photo, button_for, in_files, say_born, send
from tests.photos import CAMERA, encoded, sample_photo


@pytest.fixture
def sam(practice: PagePractice) -> Page:
    """Sam is connected already, in a browser that keeps its files, and has closed the page."""
    return practice.regular("10421", alone=False)


@pytest.fixture
def letter(photo: Path) -> Path:
    """A PDF that no other test sends."""
    path, pdf = photo.with_name("hospital letter.pdf"), document()
    pdf.docinfo["/Title"] = sha256(photo.read_bytes()).hexdigest()
    pdf.save(path)
    return path


def test_a_reply_a_request_what_is_held_and_a_copy(
    practice: PagePractice, lee: Member, sam: Page, photo: Path, letter: Path
) -> None:
    with practice.again(sam) as page:
        page.waits("You are connected")
        send(page, photo, "itchy rash, three days")
        ref = practice.filed(photo).ref
        page.waits(f"Take back {ref[:3]}")
        lee.says(f"!reply {ref} Please come in on Friday.")
        page.waits("Please come in on Friday", "#list")
        wanted = f'!use {ref} for education "registrar teaching, 12 March" seen by "registrars of the clinic" until 2031-03-31'
        lee.says(f"{wanted} recipient {lee.app.user_id} recognisable no")
        page.waits("registrar teaching", "#asked")
        page.tap("#asked button", "Ask me later")
        page.waits("You can answer until [^,]*, [0-9:]*, above. No answer", "#list")
    with practice.again(sam) as page:
        page.waits("Waiting for your answer.*registrar teaching.*Yes.*No.*Ask me later.*Send", "main")
        assert page.sees("#list").count("registrar teaching") == 0
        until(lambda: page.run("document.activeElement.id") == "waiting-title", "the focus is on what waits")
        assert page.violations() == []
        assert page.run("list.getAttribute('aria-live')") == "off", "what was said before is not read out"
        page.run("[...asked.querySelectorAll('button')].find((each) => each.textContent === 'Yes').focus()")
        page.press("Enter")
        page.waits("Your answers.*registrar teaching", "#waiting")
        page.waits("Thank you", "#list")
        assert page.run("document.activeElement.closest('#asked li')?.textContent.includes('registrar teaching')")
        assert page.run("list.getAttribute('aria-live')") == "polite"
        send(page, letter, "letter from the hospital")
        scan = practice.filed(letter)
        assert (scan.media_type, scan.reason) == ("application/pdf", "letter from the hospital")
        page.waits(f"I have your photo {scan.ref}.*letter from the hospital.*Take back {scan.ref[:3]}", "#list")
        page.tap("#held")
        page.waits("registrar teaching", "#list")
        listed = page.run("[...list.children].find((each) => each.innerText.includes('registrar teaching')).innerText")
        assert ref in listed and scan.ref in listed
        lee.says(
            f"{wanted} recipient {lee.app.user_id} recognisable no".replace("registrar teaching", "a second evening")
        )
        page.waits("a second evening", "#asked")
        page.type("#words", "no")
        page.tap("#send")
        page.waits("a second evening.*Yes.*No", "#list")  # closed by words, its buttons wait no more
        page.tap("#copy")
        page.waits("Save copy-of", "#list")
        page.tap("#list button", "Save")
        page.waits("asked to save it: look among your downloads", "#list")
        [saved] = until(
            lambda: list(filter(zipfile.is_zipfile, practice.browser.saved.glob("*.zip"))), "it is saved, whole"
        )
        with zipfile.ZipFile(saved) as copy:
            held = [copy.read(name) for name in copy.namelist()]
        assert photo.read_bytes() in held and letter.read_bytes() in held
        page.tap("#lost")
        assert page.violations() == []


def test_a_photo_that_says_where_it_was_taken_is_sent_with_or_without(
    practice: PagePractice, sam: Page, photo: Path
) -> None:
    """R19, R14: what is filed is what the sender chose to send; with its place every byte is as it was."""
    kept = another_photo(photo, "kept.jpg")
    with practice.again(sam) as page:
        page.waits("You are connected")
        page.choose(photo)
        page.waits("says where it was taken", "#place")
        assert page.violations() == []
        page.tap("#place label", "Leave the place out")
        words = f"a rash that comes and goes, seen in {practice.engine}"
        page.type("#words", words)
        page.tap("#send")
        page.waits(SENT, "#send-status")
        sent = until(lambda: practice.running.images(reason=words), "the photo arrives")[0]
        until(lambda: practice.running.images(id=sent.id)[0].state is State.VERIFIED, "it is filed")
        assert practice.images_of(photo) == []
        assert practice.running.images(id=sent.id)[0].size == photo.stat().st_size
        assert "where it was taken" not in page.sees("#sending")
        send(page, kept, "the same rash")
        practice.filed(kept)


def test_whoever_taps_before_it_is_known_that_a_photo_tells_its_place_is_asked_first(
    practice: PagePractice, sam: Page, photo: Path, tmp_path: Path
) -> None:
    """R19: the question is seen before anything is sent, also of a file of which the browser knows no type."""
    untyped = tmp_path / "IMG_0001"
    untyped.write_bytes(photo.read_bytes())
    at_once = "file.dispatchEvent(new Event('change')); send.click()"
    with practice.again(sam) as page:
        page.waits("You are connected")
        page.choose(untyped)
        page.waits("says where it was taken", "#place")
        page.run(at_once)
        page.waits("says where it was taken", "#form-status")
        page.tap("#place label", "Leave the place out")
        page.tap("#send")
        page.waits(SENT, "#send-status")
        assert practice.images_of(photo) == []


def test_what_is_typed_while_a_photo_is_sealed_is_another_message(
    practice: PagePractice, sam: Page, photo: Path
) -> None:
    with practice.again(sam) as page:
        page.waits("You are connected")
        page.choose(photo)
        page.moment("#chosen li")
        page.type("#words", "a scratch")
        page.run("send.click(); words.value = 'and it itches'")
        page.waits(SENT, "#send-status")
        practice.filed(photo)
        assert [image.reason for image in practice.images_of(photo)] == ["a scratch"]
        assert page.run("words.value") == "and it itches"


def test_a_photo_that_is_chosen_already_stays_beside_a_correction(
    practice: PagePractice, sam: Page, photo: Path
) -> None:
    first, second = photo, another_photo(photo, "second.jpg")
    with practice.again(sam) as page:
        page.waits("You are connected")
        send(page, first, "a bite on the left")
        correct = button_for("Correct", practice.filed(first).ref)
        page.choose(second)
        page.moment("#chosen li")
        page.type("#words", "another")
        page.tap("#list button", correct)
        page.waits("The right words for IMG", "#about")
        page.type("#words", "a bite on the right")
        page.tap("#send")
        until(lambda: page.run("words.value") == "another", "the correction is kept, and what was begun is there again")
        assert page.run("file.files.length") == 1
        page.type("#words", " bite")
        page.tap("#send")
        assert practice.filed(second).reason == "another bite"
        until(lambda: practice.images_of(first)[0].reason == "a bite on the right", "the right words are taken")


def test_one_tip_at_most_is_given_before_sending_and_nothing_is_refused(
    practice: PagePractice, sam: Page, tmp_path: Path
) -> None:
    """As the practice's own look at it would tell afterwards."""
    photos = {}
    with Image.open(BytesIO(sample_photo(3, megapixels=1))) as clear:
        photos["dark"] = clear.point(lambda shade: shade // 8)
        photos["blurred"] = clear.filter(ImageFilter.GaussianBlur(14))
        photos["bright"] = clear.point(lambda shade: 240 + shade // 20)
        photos["clear"] = clear.copy()
    with practice.again(sam) as page:
        for name, words in {
            "dark": "rather dark",
            "blurred": "blurred",
            "bright": "very bright",
            "clear": "^$",
        }.items():
            file = tmp_path / f"{name}.jpg"
            file.write_bytes(encoded(photos[name], quality=95))
            hints = read(json.loads(survey(file.read_bytes()))).hints
            assert name == "clear" or hints[0].value == name, hints
            page.choose(file)
            page.waits(f"{words}" if name != "clear" else "^$", "#tip")
            until(lambda: page.run("document.querySelectorAll('#chosen canvas').length") == 1, "it is shown")
        assert page.sees("#tip") == ""


def test_a_parent_adds_a_second_child_and_chooses_whose_photo_it_is(practice: PagePractice, photo: Path) -> None:
    """R15: before anything is sent, anew each time, and by two identifiers."""
    other, third = another_photo(photo, "other.jpg"), another_photo(photo, "third.jpg")
    born = ("1", "5", "2019")
    first = practice.link("10441", "Mia Lee", parent="Ann Lee")
    with practice.browser.open(first, alone=True) as page:
        page.waits("date of birth")
        assert page.sees("#born-leave") == "", "there is nothing else to do here"
        say_born(page, *born)
        page.waits("You are connected")
        assert page.sees("#whose") == ""
    second = practice.link("10442", "Ben Lee", parent="Ann Lee")
    with practice.browser.open(second, beside=page) as page:
        page.waits("for somebody else whose photos you send")
        assert page.violations() == []
        page.tap("#another-add")
        page.waits("date of birth.*Not now")
        page.tap("#born-leave")
        page.waits("Send", "#sending")
    with practice.browser.open(practice.url, beside=page) as page:
        page.waits("for somebody else whose photos you send")
        page.tap("#another-add")
        page.waits("date of birth")
        say_born(page, "2", "5", "2019")
        page.waits("doesn't match", "#born-status")
        say_born(page, *born)
        page.waits("They were added", "#send-status")
        page.waits("Mia Lee, born 1 May 2019.*Ben Lee, born 1 May 2019", "#whose")
    for link in (first, second):  # whoever keeps the message with the link opens the page with it
        with practice.browser.open(link, beside=page) as page:
            page.waits("You are connected")
            page.waits("Ben Lee", "#whose")
            assert page.sees("#another") == ""
    with practice.again(page) as page:
        page.waits("You are connected")
        page.waits("Ben Lee", "#whose")
        send(page, photo, "a graze on the knee")
        page.waits("Please choose whose photo", "#form-status")
        page.tap("#whose label", "Ben Lee")
        assert page.violations() == []
        page.tap("#send")
        page.waits("I have your photo.*Ben Lee, born 1 May 2019", "#list")
        image = practice.filed(photo)
        assert image.reason == "a graze on the knee"
        assert page.run("document.querySelectorAll('#people input:checked').length") == 0
        page.tap("#whose label", "Mia Lee")
        send(page, other, "a cough")
        page.waits("I have your photo.*Mia Lee, born 1 May 2019", "#list")
        assert practice.filed(other).patient_id != image.patient_id
        page.run(
            "document.querySelector('#people input').value = 'Zoe Lee, born 1 May 2019'"
        )  # who is not theirs any more
        page.tap("#whose label", "Mia Lee")
        send(page, third, "a bruise")
        page.tap("#asked button", "Ben Lee")
        page.waits("Your answers", "#waiting")
        assert practice.filed(third).patient_id == image.patient_id


def test_whoever_was_let_in_as_another_says_so_by_a_button(practice: PagePractice) -> None:
    """R15, R33."""
    with practice.visitor(practice.link("10443")) as page:
        page.waits("You are Sam Patel", "#list")
        page.tap("#list button", "I am not this person")
        page.tap("#list button", "Yes, I am somebody else")
        page.waits("not connected with your practice any more")


def test_nothing_that_was_said_or_shown_is_in_the_browsers_files(
    practice: PagePractice, sam: Page, photo: Path
) -> None:
    """The last test here: the browser is closed by it. The account is found, so this search finds what is there."""
    with practice.again(sam) as page:
        page.waits("You are connected")
        account = account_of(page)
        send(page, photo, "a scar that itches")
        practice.filed(photo)
        page.waits("a scar that itches.*Please come in on Friday", "#list")
        page.choose(photo)
        page.type("#words", "never sent after all")
        page.goto(f"{practice.url}/?")  # a browser keeps what stands in forms, so that one can go back
        page.waits("You are connected")
    browser = practice.browser
    browser.stop()
    said = (
        "a scar that itches",
        "Please come in on Friday",
        "registrar teaching",
        "letter from the hospital",
        "hospital letter.pdf",
        "I have your photo",
        "Sam Patel",
        "never sent after all",
    )
    pictures = (photo.read_bytes()[1000:1040], photo.read_bytes()[-60:-20], CAMERA[0])
    assert in_files(browser.profile, account, photo.name, *said, *pictures) == [account]
    browser.start()
