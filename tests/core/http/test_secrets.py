"""The client reveals no secrets."""

import logging

import pytest
import structlog

from apps.core.errors import NeedsPerson, TryLater
from apps.core.http import HttpClient
from apps.core.redaction import Redactor
from tests.core.upstream import Answer, answering

from .asking import LIMITS, SECRET, free_port, post


def everything_said(error):
    texts = []
    while error is not None:
        texts += [str(error), repr(error), repr(getattr(error, "message", ""))]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(texts)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, f"bad sign {SECRET} access_token=abcdef".encode()),
        Answer(401, f'{{"appsecret": "{SECRET}"}}'.encode()),
        Answer(500),
        Answer(body=b"no json"),
        Answer(body=b"{", length=500),
        Answer(302, headers={"Location": f"http://other.example/?token={SECRET}"}),
        Answer(302, headers={"Location": f"mailto:{SECRET}"}),
        Answer(302, headers={"Location": f"http://{SECRET}.example/"}),
        Answer(307, headers={"Location": f"/moved/s3cret%2Fwith%2Bsigns/{SECRET}"}),
        Answer(404, b"x" * 190 + SECRET.encode()),
        Answer(404, f"we got {SECRET.replace('/', chr(92) + '/')}".encode()),
        None,
    ],
)
def test_no_secret_in_any_log_line_or_error(answer, caplog, sleeps):
    caplog.set_level(logging.INFO)
    client = HttpClient(limits=LIMITS, sleep=sleeps, redactor=Redactor([SECRET]))
    with structlog.testing.capture_logs() as lines, answering(answer or Answer()) as upstream:
        url = upstream.url if answer else f"http://127.0.0.1:{free_port()}"
        with pytest.raises((TryLater, NeedsPerson)) as failed:
            client.json(
                post(
                    f"{url}/path",
                    params={"access_token": SECRET},
                    json={"s": SECRET},
                    headers={"Authorization": SECRET},
                ),
                judge=lambda body: None,
            )
    client.close()
    texts = everything_said(failed.value) + str(lines) + caplog.text
    assert [line for line in lines if line["event"] == "upstream.call"]
    assert SECRET not in texts
    assert "s3cret" not in texts
    assert "abcdef" not in texts
