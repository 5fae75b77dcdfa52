import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra [train]")

from sklearn.metrics import roc_auc_score

from training import metrics

TRUTH = np.array([False, False, True, True])
SCORE = np.array([0.1, 0.4, 0.35, 0.8], dtype=np.float32)


def test_auroc() -> None:
    # Of the 2 x 2 pairs (present, absent), 0.35 < 0.4 is the one in the wrong order: 3 / 4.
    assert metrics.auroc(TRUTH, SCORE) == pytest.approx(0.75)
    # Two of the pairs are tied and count half: (1 + 1 + 0.5 + 0.5) / 4.
    assert metrics.auroc(TRUTH, np.array([0.1, 0.4, 0.4, 0.4], dtype=np.float32)) == pytest.approx(0.75)


@pytest.mark.parametrize(("threshold", "sensitivity", "specificity"), [(0.3, 1, 0.5), (0.35, 1, 0.5), (0.5, 0.5, 1)])
def test_operating_point(threshold: float, sensitivity: float, specificity: float) -> None:
    assert metrics.sensitivity(threshold)(TRUTH, SCORE) == sensitivity
    assert metrics.specificity(threshold)(TRUTH, SCORE) == specificity


def test_thresholds_are_reached_by_the_rule_that_chose_them() -> None:
    # Sensitivity 1 needs the lowest positive, 0.35; one of two is reached at 0.8.
    assert metrics.at_sensitivity(TRUTH, SCORE, 0.9) == pytest.approx(0.35)
    assert metrics.at_sensitivity(TRUTH, SCORE, 0.5) == pytest.approx(0.8)
    # sensitivity + specificity: 1.5 at 0.35 and at 0.8; the higher threshold comes first.
    assert metrics.youden(TRUTH, SCORE) == pytest.approx(0.8)


def test_auroc_is_that_of_others() -> None:
    random = np.random.default_rng(0)
    truth, score = random.random(300) < 0.2, random.integers(0, 40, 300).astype(np.float32)
    assert metrics.auroc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def test_calibration_error() -> None:
    truth = np.array([True, False, True, True])
    probability = np.array([0.55, 0.55, 0.95, 0.85], dtype=np.float32)
    # bins: 0.55 x 2, observed 1/2, off by 0.05; 0.85, observed 1, off by 0.15; 0.95, observed 1, off by 0.05
    expected = (2 * 0.05 + 0.15 + 0.05) / 4
    assert metrics.expected_calibration_error(truth, probability) == pytest.approx(expected, abs=1e-6)


def test_macro_auroc_is_the_mean_over_findings() -> None:
    patients = np.arange(4).astype(str)
    # The first finding as above, 0.75; the second in the wrong order throughout, 0.
    truth, score = np.stack([TRUTH, ~TRUTH], 1), np.stack([SCORE, np.sort(SCORE)], 1)
    assert metrics.macro_auroc(truth, score, patients).value == pytest.approx(0.375)


def test_interval_resamples_patients_not_images() -> None:
    truth, score = np.tile(TRUTH, 50), np.tile(SCORE, 50)
    alone = np.arange(200).astype(str)
    shared = np.repeat(np.arange(10), 20).astype(str)  # whole copies of the four rows: nothing varies
    assert metrics.estimate(metrics.auroc, truth, score, shared) == pytest.approx((0.75, 0.75, 0.75))
    value, low, high = metrics.estimate(metrics.auroc, truth, score, alone)
    assert low < value < high
