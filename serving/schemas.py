"""The JSON that the interface answers with, for the OpenAPI document. Tests hold the real answers against these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.errors import RefusalCode
from serving.problems import KINDS, URN


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Code(_Schema):
    scheme: str = Field(description="Coding Scheme Designator", examples=["SCT"])
    value: str = Field(description="Code Value", examples=["60046008"])
    meaning: str = Field(description="Code Meaning", examples=["Pleural effusion"])


class OperatingPoint(_Schema):
    """How the reader did with this threshold on held-out patients."""

    rule: str = Field(examples=["sensitivity 0.90"])
    sensitivity: float = Field(ge=0, le=1, examples=[0.9])
    sensitivity_interval: tuple[float, float] = Field(description="95 % interval", examples=[(0.86, 0.93)])
    specificity: float = Field(ge=0, le=1, examples=[0.71])
    specificity_interval: tuple[float, float] = Field(description="95 % interval", examples=[(0.68, 0.74)])
    data: str = Field(description="The held-out patients", examples=["held-out patients of data set X"])
    sentence: str = Field(
        description="The same, to show to a person",
        examples=["90 % sensitivity, 71 % specificity on held-out patients of data set X"],
    )


class RuleOut(_Schema):
    """A second, lower threshold, below which few who have the finding were left."""

    threshold: float = Field(ge=0, le=1, examples=[0.11])
    ruled_out: bool = Field(description="probability < threshold")
    operating_point: OperatingPoint


class Box(_Schema):
    """A region in pixels of the stored image; (0, 0) is the outer corner of the first pixel."""

    x: float = Field(ge=0, examples=[512.0])
    y: float = Field(ge=0, examples=[730.5])
    width: float = Field(gt=0, examples=[240.0])
    height: float = Field(gt=0, examples=[180.0])


class Finding(_Schema):
    name: str = Field(examples=["Effusion"])
    probability: float = Field(ge=0, le=1, description="Calibrated on held-out patients", examples=[0.62])
    threshold: float = Field(ge=0, le=1, examples=[0.31])
    present: bool = Field(description="probability >= threshold")
    experimental: bool = Field(description="The held-out data could not show that this finding is seen reliably")
    side: Literal["right", "left", "both"] | None = Field(
        default=None, description="The patient's, by the heatmap in the lung fields; null: not determined"
    )
    zone: Literal["upper", "middle", "lower"] | None = Field(
        default=None, description="Third of the lung field's height; null: not determined"
    )
    location_certain: bool = Field(
        default=False,
        description="Held-out data showed that its heatmap points better than a guess; else its place is uncertain",
    )
    regions: list[Box] = Field(
        default=[],
        description="Around the places where its heatmap reaches 0.5, the largest first; empty unless present",
    )
    code: Code
    operating_point: OperatingPoint
    rule_out: RuleOut | None = Field(default=None, description="null where the reader has no such threshold")
    heatmap: str = Field(description="Path of the heatmap", examples=["/api/instances/1.2.3/heatmaps/Effusion"])


Point = tuple[float, float]


class CardiothoracicRatio(_Schema):
    """The heart's greatest width by the chest's greatest inner width."""

    value: float = Field(examples=[0.47])
    error: tuple[float, float] = Field(
        description="95 % of the differences from outlines drawn by people lie between these", examples=[(-0.04, 0.03)]
    )
    lines: dict[Literal["heart", "chest"], tuple[Point, Point]] = Field(
        description="What was measured: two ends, column and row in pixels of the stored image"
    )


class Gate(_Schema):
    """What was checked before the reading was let out: probabilities after any correction, and a distance."""

    upright: float
    inverted: float
    mirrored: float
    child: float
    distance: float = Field(description="Distance from what the reader was trained on")
    distance_limit: float = Field(description="The gate refuses above this distance")
    lateral: float | None = Field(default=None, description="null: the reader did not learn to tell")
    corrections: list[str] = Field(examples=[["turned by 90 degrees"]])


class Refusal(_Schema):
    code: RefusalCode = Field(examples=["not-frontal"])
    reason: str = Field(examples=["A frontal view is needed; this is a lateral one."])


class RadiographPicture(_Schema):
    rows: int
    columns: int
    picture: str = Field(description="Path of the display copy (JPEG, 8 bit)")


class Reading(_Schema):
    """What came of one instance: `state` says whether findings, a refusal or a failure of ours is filled."""

    reading_id: int = Field(description="Of this reader's word on this instance; reviews go by it", examples=[17])
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    content_hash: str = Field(description="sha256:<hex> of transfer syntax and data set, or of a file that is no DICOM")
    state: Literal["read", "refused", "failed"]
    reader: str = Field(description="Name and version", examples=["hilum-lite2 0.1.0"])
    notice: str = Field(description="To show beside every reading")
    view: Literal["PA", "AP", "lateral", "unknown"]
    findings: list[Finding]
    cardiothoracic_ratio: CardiothoracicRatio | None = Field(default=None, description="On PA radiographs only")
    no_cardiothoracic_ratio: str | None = Field(default=None, description="Why there is none, where there could be")
    outlines: dict[Literal["right_lung", "left_lung", "heart"], list[Point]] | None = Field(
        default=None,
        description="Polygons in pixels of the stored image; null where there are none or not those of a chest",
    )
    gate: Gate | None
    refusal: Refusal | None
    failure: str | None
    steps: list[str] = Field(description="What was done to the pixels, in order")
    timings_ms: dict[str, float] = Field(description="Stage to milliseconds")
    radiograph: RadiographPicture | None = Field(description="null when the pixels could not be decoded")


class Pending(_Schema):
    sop_instance_uid: str
    state: Literal["pending"]


class Problem(BaseModel):
    """RFC 9457 problem document; some kinds have members of their own."""

    type: str = Field(examples=[f"{URN}not-found"], json_schema_extra={"enum": [f"{URN}{slug}" for slug in KINDS]})
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What must be, what came, what to do")


class Sent(_Schema):
    """One file of an upload."""

    part: int = Field(description="Number of the file in the request, from 0")
    entry: int | None = Field(description="Number of the entry in its ZIP, from 0")
    receipt: Literal["received", "duplicate", "conflict", "own-result", "rejected"]
    sop_instance_uid: str | None
    location: str | None = Field(description="Where the reading is or will be")
    reading: Reading | None = Field(description="With ?wait=, once it is there")
    problem: Problem | None


class Upload(_Schema):
    instances: list[Sent]


class Patient(_Schema):
    name: str
    patient_id: str
    birth_date: str = Field(description="DICOM DA")
    sex: str


class Strongest(_Schema):
    name: str
    probability: float
    present: bool


class StudyInstance(_Schema):
    sop_instance_uid: str
    series_instance_uid: str
    modality: str
    view: str
    received_at: str = Field(description="ISO 8601, UTC")
    state: Literal["pending", "read", "refused", "failed"]
    strongest: Strongest | None
    reading: str = Field(description="Path of the reading")
    reading_id: int | None
    refusal: RefusalCode | None = Field(description="Code of the refusal", examples=["not-frontal"])
    signed_off: bool = Field(description="The newest review is signed off")
    conflicts: int = Field(description="Other contents that came under this SOP Instance UID and are kept aside")


class Study(_Schema):
    study_instance_uid: str
    patient: Patient
    accession_number: str
    study_date: str = Field(description="DICOM DA")
    study_description: str
    received_at: str = Field(description="When its first image came: ISO 8601, UTC")
    last_received_at: str = Field(description="When its newest image came: the worklist's order")
    state: Literal["pending", "read", "refused", "failed"]
    urgency: int = Field(
        ge=0, le=4, description="4 STAT, 3 an urgent finding, 2 failed or refused, 1 another finding, 0 none"
    )
    findings: list[str] = Field(description="Present ones that are not experimental", examples=[["Effusion"]])
    modalities: list[str] = Field(examples=[["DX"]])
    reviewed: bool = Field(description="Every reading is signed off")
    complete: bool = Field(description="Nothing came for the quiet time, and nothing waits to be read")
    flags: list[Literal["shared-study-uid", "conflicting-content"]] = Field(
        description="To look into: two patients under this Study Instance UID; other content under an instance's UID"
    )
    instances: list[StudyInstance]


class Studies(_Schema):
    studies: list[Study]
    next: str | None = Field(description="`cursor` of the next page; null on the last one")


class DeliveryState(_Schema):
    destination: str
    state: Literal["queued", "delivered", "dead", "skipped"] = Field(description="skipped: its rules want none of it")
    attempts: int
    reason: str | None = Field(description="Why the last attempt failed")
    reading_ids: list[int] = Field(description="What it is sent of the completion")
    left_out: str | None = Field(description="Why its rules leave others out", examples=["Its modality must be DX."])


class Completion(_Schema):
    """What was sent of a study. The first is its result; addenda hold what is new, reviews what a radiologist says."""

    number: int = Field(ge=1)
    kind: Literal["result", "addendum", "review"]
    completed_at: str
    reading_ids: list[int]
    deliveries: list[DeliveryState]


class Prior(_Schema):
    """An earlier study of the same person that is kept here."""

    study_instance_uid: str
    study_date: str = Field(description="DICOM DA")
    findings: list[str] = Field(description="Present ones that are not experimental")


class PriorsSearch(_Schema):
    """How the archive was asked for priors."""

    state: Literal["queued", "done", "failed"]
    attempts: int
    found: int | None = Field(description="Earlier studies with chest radiographs")
    reason: str | None = Field(description="Why the last attempt failed")


class StudyWithCompletions(Study):
    patients: int = Field(description="Patients under this Study Instance UID; more than 1 is a mix-up somewhere")
    completions: list[Completion]
    priors: list[Prior] = Field(
        description="The newest first; of the same person beyond doubt of ID, birth date and name"
    )
    priors_search: PriorsSearch | None = Field(description="null: no archive is named, or nothing was read yet")


class Verdict(_Schema):
    """What the radiologist says of a finding of the reading."""

    finding: str = Field(max_length=64, examples=["Effusion"])
    verdict: Literal["accepted", "rejected", "corrected"]
    box: Box | None = Field(default=None, description="Where it really is, when corrected")
    comment: str = Field(default="", max_length=2000)


class Missed(_Schema):
    """What the radiologist sees and the reading does not say."""

    finding: str = Field(max_length=64, examples=["Pneumothorax"])
    box: Box | None = None
    comment: str = Field(default="", max_length=2000)


class Review(_Schema):
    reviewer: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="Who is signed in, and nobody else; in demo mode, anybody",
        examples=["reader-7"],
    )
    verdicts: list[Verdict] = Field(default=[], max_length=100)
    missed: list[Missed] = Field(default=[], max_length=100)
    comment: str = Field(default="", max_length=8000)
    signed_off: bool = Field(default=False, description="The radiologist answers for it")


class ReviewAnswer(Review):
    reviewer: str = Field(description="The account's name")
    reading_id: int
    reader: str = Field(description="Name and version whose reading it is about", examples=["hilum-lite2 0.1.0"])
    number: int = Field(ge=1, description="1, 2, ...: the greatest counts")
    reviewed_at: str


class Reviews(_Schema):
    reviews: list[ReviewAnswer]


class DeadLetter(_Schema):
    """A job that is not tried again until a person says so."""

    dead_letter_id: int
    task: Literal["read", "render", "deliver", "priors", "commitment"]
    kind: Literal["poison", "failed"] = Field(description="poison: it ended its worker three times")
    reason: str
    died_at: str
    study_instance_uid: str | None
    sop_instance_uid: str | None
    destination: str | None


class DeadLetters(_Schema):
    dead_letters: list[DeadLetter]
    next: int | None = Field(description="`cursor` of the next page; null on the last one")


class Replayed(_Schema):
    dead_letter_id: int
    state: Literal["queued"]


_Patterns = Annotated[list[str], Field(default=[], max_length=100, examples=[["XR*", "ROOM?"]])]


class Rules(_Schema):
    """Which readings a destination is sent. Of each list of patterns (`*`, `?`, any case) one must match the header."""

    senders: _Patterns
    modalities: _Patterns
    body_parts: _Patterns
    stations: _Patterns
    institutions: _Patterns
    findings: list[str] = Field(default=[], description="One of these must be present", examples=[["Pneumothorax"]])
    minimum_probability: float = Field(default=0.0, ge=0, le=1, description="Of a present finding")
    positive_only: bool = Field(default=False, description="Some finding must be present")
    urgent_only: bool = Field(default=False, description="The study is STAT or has an urgent finding")
    refusals: bool = Field(default=True, description="Refusals and failures too")
    reviews: Literal["before", "after", "both"] = Field(
        default="both", description="What was only read, what a radiologist reviewed, or both"
    )


class NewDestination(Rules):
    url: str = Field(max_length=2000, examples=["stow+https://pacs.example/dicom-web"])
    presentations: list[str] = Field(default=[], description="What its kind is usually sent, unless told")
    secret: str | None = Field(
        default=None, max_length=1000, description="Never shown again. Left out, the one before stays; null removes it"
    )


class DestinationAnswer(Rules):
    name: str
    url: str = Field(description="Without the password in it")
    presentations: list[str]
    has_secret: bool
    origin: Literal["settings", "api"] = Field(description="Where it is changed")
    queued: int = Field(description="Deliveries that wait")
    dead: int = Field(description="Deliveries that were given up")


class Destinations(_Schema):
    destinations: list[DestinationAnswer]


class DestinationTest(_Schema):
    reachable: bool
    words: str = Field(examples=["It answered C-ECHO and takes what it is sent."])


class AuditEntry(_Schema):
    position: int = Field(description="1, 2, 3, ... without a gap")
    previous: str = Field(description="Hash of the entry before; of the first, 64 zeros")
    hash: str = Field(description="SHA-256 over all else in the entry, as docs/operations.md says")
    entry_id: int
    at: str
    actor_kind: Literal["account", "key", "ae", "service", "unknown"]
    actor: str = Field(description="Name of the account or key, AE title, or a process of the service")
    address: str = Field(description="Where they were")
    action: str = Field(examples=["saw"])
    success: bool
    study_instance_uid: str
    sop_instance_uid: str
    object: str = Field(description="What else it was done to: an id, a destination, an account")
    details: dict[str, Any]


class AuditEntries(_Schema):
    entries: list[AuditEntry]
    next: int | None = Field(description="Cursor of the next page; null on the last one")


class Health(_Schema):
    status: Literal["alive"]


class Readiness(_Schema):
    """`status` alone for who is not signed in."""

    status: Literal["ready", "not-ready"]
    reader: str | None = None
    database: bool | None = None
    object_store: bool | None = None
    workers: int | None = Field(default=None, description="Processes that read, going by their signs of life")
    room: bool | None = Field(
        default=None, description="More can be received: there is room on the disk and in the queue"
    )


class ReaderInformation(_Schema):
    reader: str = Field(description="Name and version", examples=["hilum-lite2 0.1.0"])
    service: str = Field(description="Version of the service", examples=["0.1.0"])
    notice: str
    storage: str = Field(description="How long readings are kept, in words")
    model_card: str | None = Field(description="Path of the model card; null when the weights have none")
    urgent_findings: list[str] = Field(description="Those that put a study on top of the worklist")
    known_findings: list[str] = Field(description="The closed list that a review may name beside its own words")


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for answers that are problem documents."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Problem document (RFC 9457)", "content": content} for status in statuses}
