import pytest

from alerts.words import alert_severity_tag, alert_status_tag
from atender.console.signs import tag
from incidents.words import severity_tag, state_tag, status_tag
from monitors.words import verdict_tag


@pytest.mark.parametrize(
    ("shown", "html"),
    [
        (tag("a <b>"), '<span class="tag">a &lt;b&gt;</span>'),
        (tag("late", "major"), '<span class="tag major">late</span>'),
        (severity_tag(None), '<span class="tag">No severity</span>'),
        (severity_tag("minor"), '<span class="tag degraded">Minor</span>'),
        (status_tag("investigating"), '<span class="tag">Investigating</span>'),
        (status_tag("resolved"), '<span class="tag ok">Resolved</span>'),
        (alert_severity_tag("info"), '<span class="tag">Info</span>'),
    ],
)
def test_words_stand_in_their_colour(shown: str, html: str) -> None:
    assert shown == html


@pytest.mark.parametrize(
    ("shown", "tone", "shape", "words"),
    [
        (state_tag("major_outage"), "major", "✕", "Major outage"),
        (verdict_tag("degraded"), "degraded", "◐", "Degraded"),
        (alert_status_tag("resolved"), "ok", "●", "Resolved"),
    ],
)
def test_a_state_has_a_shape_that_only_eyes_read(
    shown: str, tone: str, shape: str, words: str
) -> None:
    assert shown == (
        f'<span class="tag {tone}"><span aria-hidden="true">{shape}</span> {words}</span>'
    )
