from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from subscribers.models import ContactImport, Subscriber
from tests.factories import default_page
from tests.subscribers.making import make_subscriber, unsubscribe_path, work_off

PATH = "/admin/subscribers/contactimport/"


def send(console: Client, data: bytes, **more: str) -> object:
    file = SimpleUploadedFile("contacts.csv", data, "text/csv")
    sent = {"file": file, "page": default_page().pk, "has_consent": "on", **more}
    return console.post(PATH, sent)


def test_a_file_is_sent_watched_and_told_of(console: Client, visitor: Client) -> None:
    left = make_subscriber("left@example.com")
    visitor.post(unsubscribe_path(left), {"List-Unsubscribe": "One-Click"})
    answer = send(console, b"email\na@example.com\n<b>nobody\nleft@example.com\n")
    run = ContactImport.objects.get()
    assert answer["Location"] == f"{PATH}{run.pk}/change/"  # type: ignore[index]
    waiting = console.get(f"{PATH}{run.pk}/change/").content.decode()
    assert "0 of 3 lines are read" in waiting
    watched = 'hx-trigger="every 1s"'
    assert watched in waiting
    work_off()
    done = console.get(f"{PATH}{run.pk}/change/").content.decode()
    assert watched not in done
    assert "1 of them had unsubscribed or bounced" in done
    assert "Line 3" in done
    assert "<b>nobody" not in done
    assert "1 of 3 contacts" in console.get(PATH).content.decode()
    assert "Alice imported" in " ".join(
        console.get(
            f"/admin/subscribers/subscriber/{Subscriber.objects.get(state='active').pk}/change/"
        )
        .content.decode()
        .split()
    )


def test_what_cannot_be_taken_is_said_at_the_field(console: Client) -> None:
    for data, said in (
        (b"", "this file is empty"),
        (b"email\nm\xfcller@example.com\n", "CSV UTF-8"),
        (b"email\n" + b"a" * 20_000_000, "at most 20 MB"),
    ):
        answer = send(console, data)
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert said in answer.content.decode()  # type: ignore[attr-defined]
    unsure = send(console, b"email\na@example.com\n", has_consent="")
    assert b"Import only those who agreed" in unsure.content  # type: ignore[attr-defined]
    assert console.post(PATH, {"page": "x"}).status_code == 422
    assert not ContactImport.objects.exists()


def test_a_viewer_does_not_import(bobs_console: Client) -> None:
    assert bobs_console.get(PATH).status_code == 403
    assert send(bobs_console, b"email\na@example.com\n").status_code == 403  # type: ignore[attr-defined]
    assert not ContactImport.objects.exists()
