"""The page for people, read back by PDFium."""

from typing import Any

import pypdfium2
import pytest

from serving.presentations.dicom_result import Answer
from serving.presentations.report_page import report_page
from tests.fakes import STUB_FINDINGS, StubReader
from tests.serving.files import dicom
from tests.serving.presentations.answers import answer_of, sample_answer
from tests.serving.presentations.reviews import COMMENT
from tests.serving.presentations.test_dicom_results import NAME, made, read
from tests.serving.presentations.test_review import reviewed


def words(answer: Answer) -> str:
    """All that is written on the page, which is one."""
    pdf = pypdfium2.PdfDocument(report_page(answer))
    try:
        assert len(pdf) == 1
        page = pdf[0]
        assert tuple(round(side) for side in page.get_size()) == (595, 842)  # A4 in points
        text: str = page.get_textpage().get_text_range()
        return " ".join(text.split())
    finally:
        pdf.close()


@pytest.fixture
def answer() -> Answer:
    source = dicom("1.2.3.1", PatientName=NAME, PatientID="BN-Đ1", AccessionNumber="A-77", PatientBirthDate="19700401")
    return answer_of(StubReader(), source)


def test_every_finding_stands_with_its_numbers_and_what_they_mean(answer: Answer) -> None:
    text = words(answer)
    for name, (probability, threshold, _, _) in STUB_FINDINGS.items():
        assert f"{name.replace('_', ' ')}" in text
        assert f"{probability:.2f} {threshold:.2f} 90 % sensitivity, 71 % specificity" in text
    for said in ("not verified", "hilum-stub 1.2.3", "What it cannot see", "(experimental)", "1.2.3.30", "1.2.3.1"):
        assert said in text


def test_nobody_is_named(answer: Answer) -> None:
    text = words(answer)
    for secret in ("Nguy", "Ánh", "BN-", "A-77", "1970"):
        assert secret not in text
        assert secret.encode() not in report_page(answer)


def test_a_review_stands_on_it_in_vietnamese(answer: Answer) -> None:
    text = words(reviewed(answer))
    for said in (COMMENT, "xương sườn 5", "signed off by: Radiologist", "Fracture (added)", "rejected", "corrected"):
        assert said in text
    assert "not verified" not in text


def test_a_refusal_says_that_it_is_not_normal() -> None:
    text = words(sample_answer("normal_lateral"))
    assert "NOT READ" in text
    assert "it does not mean normal" in text
    assert "No finding reaches" not in text


def test_nothing_that_is_written_breaks_the_page_or_makes_it_two(answer: Answer) -> None:
    missed = [{"finding": f"<b>x & {n}", "box": None, "comment": "<para>" * 40} for n in range(30)]
    comment = "Dài quá " * 1000
    assert "<b>x & 29" in words(reviewed(answer, document={"missed": missed, "comment": comment}))


@pytest.mark.parametrize(("source", "page"), [("NO", "NO"), ("YES", "YES"), (None, "YES")])
def test_what_is_not_known_to_be_free_of_names_is_not_said_to_be(source: Any, page: str) -> None:
    """It must be YES or NO (PS3.3, C.24.2), and the radiograph on the page may have a name in its pixels."""
    result = read(made(answer_of(StubReader(), dicom("1.2.3.1", BurnedInAnnotation=source)), ["pdf"])["pdf"])
    assert result.BurnedInAnnotation == page


def test_the_document_is_the_page(answer: Answer) -> None:
    result = read(made(answer, ["pdf"])["pdf"])
    assert result.EncapsulatedDocument[: result.EncapsulatedDocumentLength] == report_page(answer)
    assert result.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert (result.VerificationFlag, str(result.PatientName)) == ("UNVERIFIED", NAME)
    assert read(made(reviewed(answer), ["pdf"])["pdf"]).VerificationFlag == "VERIFIED"
