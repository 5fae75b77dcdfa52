"""Settings are looked at as a whole before anything starts, and everything that is wrong is said at once."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.settings import Settings
from serving.settings_checks import misfits

#: Settings, and what is said of them.
_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"port": 5000, "dimse_port": 5000}, "HILUM_PORT and HILUM_DIMSE_PORT must differ, but both are 5000."),
    ({"metrics_port": 8000}, "HILUM_METRICS_PORT must differ from the other ports, but is 8000, too."),
    ({"samples": Path("/none")}, "HILUM_SAMPLES must be a folder, but '/none' is none."),
    ({"data": Path("/etc/hostname")}, "HILUM_DATA must be a folder, but '/etc/hostname' is none."),
    ({"weights": Path("/none")}, "/none"),
    ({"database_url": "postgresql://["}, "HILUM_DATABASE_URL must be a PostgreSQL URL"),
    ({"object_store": "ftp://x"}, "HILUM_OBJECT_STORE must be a folder"),
    ({"audit_syslog": "http://x"}, "HILUM_AUDIT_SYSLOG must be tls://"),
    ({"audit_syslog_ca": Path("/etc/hostname")}, "HILUM_AUDIT_SYSLOG must be set with HILUM_AUDIT_SYSLOG_CA."),
    ({"audit_syslog": "tls://h", "audit_syslog_ca": Path("/none")}, "HILUM_AUDIT_SYSLOG_CA must be a file"),
    ({"dimse_tls_key": Path("/none")}, "HILUM_DIMSE_TLS_CERTIFICATE must be set"),
    ({"peers": "@"}, "HILUM_PEERS must list"),
    ({"trusted_proxies": "proxy.example"}, "HILUM_TRUSTED_PROXIES must list addresses"),
    ({"trusted_proxies": "*"}, "HILUM_TRUSTED_PROXIES must list addresses"),
    ({"tls_certificate": Path("/etc/hostname")}, "HILUM_TLS_CERTIFICATE must be a file in PEM"),
    ({"sites": "north"}, "HILUM_SITES must list site=SENDER"),
    ({"sites": "{"}, "HILUM_SITES must list site=SENDER"),
    ({"priors": "ftp://x"}, "HILUM_PRIORS must begin with dicom:"),
    ({"destinations": "a=none://"}, "HILUM_DESTINATIONS lists name=URL; 'a' must have a URL"),
    ({"cors_origins": "*"}, "HILUM_CORS_ORIGINS must name origins"),
    ({"ae_title": "SEVENTEENLETTERSX"}, "HILUM_AE_TITLE must name AE titles of 1 to 16 ASCII characters"),
    ({"ae_title": ""}, "HILUM_AE_TITLE must name AE titles"),
    ({"stat_senders": "CR1,B\\B"}, "HILUM_STAT_SENDERS must name AE titles"),
    ({"urgent_findings": "Pneumotorax"}, "'Pneumotorax' is none. Did you mean Pneumothorax?"),
    ({"urgent_findings": "x"}, "'x' is none. They are Atelectasis, "),
    (
        {"dicomweb_results": "sr,gspt"},
        "HILUM_DICOMWEB_RESULTS must name results, but 'gspt' is none. Did you mean gsps?",
    ),
    ({"max_zip_bytes": 1024}, "HILUM_MAX_ZIP_BYTES must not be less than HILUM_MAX_INSTANCE_BYTES"),
]


def test_the_defaults_fit() -> None:
    assert misfits(Settings()) == []


@pytest.mark.parametrize(("changes", "said"), _WRONG)
def test_what_does_not_fit_is_said_once(changes: dict[str, Any], said: str) -> None:
    lines = misfits(Settings(**changes))
    assert sum(said in line for line in lines) == 1, lines


def test_everything_is_said_at_once_and_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "hilum.toml"
    file.write_text('prot = 1\nworkers = "many"\nsamples = "/none"\npeers = "@"\ndatabase_url = 5\n')
    monkeypatch.setenv("HILUM_URGENT_FINDINGS", "Pneumotorax")
    for command in ("check-config", "serve", "api", "worker", "receive"):
        found = CliRunner().invoke(cli, [command, "--config", str(file), "--port", "x", "--data", str(tmp_path / "d")])
        assert found.exit_code == 2, found.output
        for said in (
            f"prot in {file} is not a setting. Did you mean port (HILUM_PORT)?",
            f"workers in {file} must be a whole number from 0, not 'many'.",
            f"database_url in {file} must be text, not what it is.",
            "--port must be a whole number from 0 to 65535, not 'x'.",
            "HILUM_SAMPLES must be a folder",
            "HILUM_PEERS must list",
            "Did you mean Pneumothorax?",
        ):
            assert said in found.output
    assert not (tmp_path / "d").exists()


def test_what_follows_from_another_error_is_not_said() -> None:
    assert misfits(Settings(audit_syslog_ca=Path("/etc/hostname")), unknown={"audit_syslog"}) == []


def test_settings_that_fit_are_said_to() -> None:
    found = CliRunner().invoke(cli, ["check-config"])
    assert (found.exit_code, found.output) == (0, "The settings fit.\n")
